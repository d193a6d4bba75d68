package decode

import (
	"math"
	"strconv"

	"ticktop/datasource"
)

// The wrappers of Encode. An object whose only field is one of these names is
// itself wrapped in tagObject, so the two cannot be confused.
const (
	tagNone     = "$none"     // true: nothing known
	tagNumber   = "$number"   // [digits, direction, epoch_ms of the move]
	tagObject   = "$object"   // an object that would read as a wrapper
	tagSeries   = "$series"   // [[epoch_ms, number or null or "inf"], …]
	tagMessages = "$messages" // [[epoch_ns or null, id, value], …]
)

// Encode appends a value as JSON that FromJSON turns into an Equal value with
// the same moves. Plain values look as in AppendJSON; what JSON cannot say is
// wrapped in an object with one field that begins with '$'.
func Encode(b []byte, v *datasource.Value) []byte {
	switch v.Type {
	case datasource.TypeNull:
		return append(b, "null"...)
	case datasource.TypeBool:
		return strconv.AppendBool(b, v.Bool)
	case datasource.TypeNumber:
		return encodeNumber(b, v)
	case datasource.TypeText:
		return appendString(b, v.Text.String())
	case datasource.TypeObject:
		if len(v.Fields) == 1 && len(v.Fields[0].Name.String()) > 0 && v.Fields[0].Name.String()[0] == '$' {
			return append(encodeFields(open(b, tagObject), v.Fields), '}')
		}
		return encodeFields(b, v.Fields)
	case datasource.TypeArray:
		b = append(b, '[')
		for i := range v.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = Encode(b, &v.Items[i])
		}
		return append(b, ']')
	case datasource.TypeSeries:
		return append(encodePoints(open(b, tagSeries), v.Points), '}')
	case datasource.TypeMessages:
		return append(encodeMessages(open(b, tagMessages), v.Messages), '}')
	}
	return append(open(b, tagNone), "true}"...)
}

// open begins a wrapper: {"$tag":
func open(b []byte, tag string) []byte {
	return append(append(append(b, `{"`...), tag...), `":`...)
}

func encodeNumber(b []byte, v *datasource.Value) []byte {
	digits := v.Num.String()
	if v.Move == (datasource.Move{}) && digits != "" && v.Num.Finite() {
		return append(b, digits...)
	}
	b = appendString(append(open(b, tagNumber), '['), digits)
	b = strconv.AppendInt(append(b, ','), int64(v.Move.Dir), 10)
	b = strconv.AppendInt(append(b, ','), v.Move.MS, 10)
	return append(b, "]}"...)
}

func encodeFields(b []byte, fields []datasource.Field) []byte {
	b = append(b, '{')
	for i := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, fields[i].Name.String()), ':')
		b = Encode(b, &fields[i].Value)
	}
	return append(b, '}')
}

func encodePoints(b []byte, points []datasource.Point) []byte {
	b = append(b, '[')
	for i, p := range points {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendInt(append(b, '['), p.MS, 10), ',')
		switch {
		case math.IsNaN(p.V):
			b = append(b, "null"...)
		case math.IsInf(p.V, 0):
			b = appendString(b, strconv.FormatFloat(p.V, 'f', -1, 64))
		default:
			b = strconv.AppendFloat(b, p.V, 'g', -1, 64)
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

func encodeMessages(b []byte, messages []datasource.Message) []byte {
	b = append(b, '[')
	for i := range messages {
		m := &messages[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		if m.At.IsZero() {
			b = append(b, "null"...)
		} else {
			b = strconv.AppendInt(b, m.At.UnixNano(), 10)
		}
		b = append(appendString(append(b, ','), m.ID.String()), ',')
		b = append(Encode(b, &m.Value), ']')
	}
	return append(b, ']')
}
