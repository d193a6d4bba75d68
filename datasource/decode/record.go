package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

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

// FromJSON is the inverse of Encode. It accepts any JSON within the limits of
// this package, and names what it cannot read; text passes the gate again.
// Times come back in UTC.
func FromJSON(b []byte) (datasource.Value, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	r := reader{d: d}
	v, err := r.value(0)
	if err != nil {
		return datasource.Value{}, err
	}
	if d.More() {
		return datasource.Value{}, fmt.Errorf("something follows the value at byte %d", d.InputOffset())
	}
	return v, nil
}

// reader builds an exact Value from tokens.
type reader struct {
	d     *json.Decoder
	nodes int
}

// Recorded values went through the limits of this package once; wrappers add a
// few levels.
const maxRecordDepth = 4 * maxDepth

func (r *reader) value(depth int) (datasource.Value, error) {
	if r.nodes++; r.nodes > 4*maxNodes || depth > maxRecordDepth {
		return datasource.Value{}, errors.New("value too big or nested too deep")
	}
	t, err := r.d.Token()
	if err != nil {
		return datasource.Value{}, err
	}
	switch t := t.(type) {
	case nil:
		return datasource.Value{Type: datasource.TypeNull}, nil
	case bool:
		return datasource.Value{Type: datasource.TypeBool, Bool: t}, nil
	case string:
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(t, datasource.MaxDetail)}, nil
	case json.Number:
		return exactNumber(t.String(), 0, 0)
	}
	if t == json.Delim('[') {
		return r.array(depth)
	}
	return r.object(depth)
}

func exactNumber(digits string, dir int8, ms int64) (datasource.Value, error) {
	n, ok := datasource.ParseNumber(digits)
	if !ok && digits != "" {
		return datasource.Value{}, fmt.Errorf("%.40q is not a number", digits)
	}
	return datasource.Value{Type: datasource.TypeNumber, Num: n, Move: datasource.Move{Dir: dir, MS: ms}}, nil
}

func (r *reader) array(depth int) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeArray}
	for r.d.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
	}
	_, err := r.d.Token()
	return v, err
}

func (r *reader) object(depth int) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeObject}
	for r.d.More() {
		t, err := r.d.Token()
		if err != nil {
			return v, err
		}
		name, _ := t.(string)
		if len(v.Fields) == 0 && len(name) > 0 && name[0] == '$' {
			return r.wrapped(name, depth)
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(name, datasource.MaxDetail), Value: item})
	}
	_, err := r.d.Token()
	return v, err
}

// wrapped reads what a wrapper holds. An object of several fields whose first
// begins with '$' is an object.
func (r *reader) wrapped(tag string, depth int) (datasource.Value, error) {
	inner, err := r.plain(tag, depth)
	if err != nil {
		return datasource.Value{}, err
	}
	if !r.d.More() {
		if _, err := r.d.Token(); err != nil {
			return datasource.Value{}, err
		}
		return unwrap(tag, &inner)
	}
	v := datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: datasource.Clean(tag, datasource.MaxDetail), Value: inner}}}
	for r.d.More() {
		t, err := r.d.Token()
		if err != nil {
			return v, err
		}
		name, _ := t.(string)
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(name, datasource.MaxDetail), Value: item})
	}
	_, err = r.d.Token()
	return v, err
}

// plain reads the inside of a wrapper. An object inside tagObject is read
// without looking for wrappers at its first field.
func (r *reader) plain(tag string, depth int) (datasource.Value, error) {
	if tag != tagObject {
		return r.value(depth + 1)
	}
	if t, err := r.d.Token(); err != nil || t != json.Delim('{') {
		return datasource.Value{}, errors.Join(err, errors.New("no object in "+tagObject))
	}
	v := datasource.Value{Type: datasource.TypeObject}
	for r.d.More() {
		t, err := r.d.Token()
		if err != nil {
			return v, err
		}
		name, _ := t.(string)
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(name, datasource.MaxDetail), Value: item})
	}
	_, err := r.d.Token()
	return v, err
}

func unwrap(tag string, v *datasource.Value) (datasource.Value, error) {
	switch {
	case tag == tagNone:
		return datasource.Value{}, nil
	case tag == tagObject && v.Type == datasource.TypeObject:
		return *v, nil
	case tag == tagNumber && v.Type == datasource.TypeArray && len(v.Items) == 3:
		return exactNumber(v.Items[0].Text.String(), int8(integer(&v.Items[1])), integer(&v.Items[2]))
	case tag == tagSeries && v.Type == datasource.TypeArray:
		return unwrapPoints(v.Items)
	case tag == tagMessages && v.Type == datasource.TypeArray:
		return unwrapMessages(v.Items)
	}
	return datasource.Value{}, fmt.Errorf("unknown wrapper %.40q", tag)
}

func integer(v *datasource.Value) int64 {
	n, _ := strconv.ParseInt(v.Num.String(), 10, 64)
	return n
}

func unwrapPoints(items []datasource.Value) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeSeries, Points: make([]datasource.Point, len(items))}
	for i := range items {
		if len(items[i].Items) != 2 {
			return datasource.Value{}, errors.New("a point is not [time, value]")
		}
		t, f := &items[i].Items[0], &items[i].Items[1]
		p := datasource.Point{MS: integer(t), V: math.NaN()}
		switch f.Type {
		case datasource.TypeNumber:
			p.V = f.Num.Float()
		case datasource.TypeText:
			n, _ := datasource.ParseNumber(f.Text.String())
			p.V = n.Float()
		}
		v.Points[i] = p
	}
	return v, nil
}

func unwrapMessages(items []datasource.Value) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeMessages, Messages: make([]datasource.Message, len(items))}
	for i := range items {
		if len(items[i].Items) != 3 {
			return datasource.Value{}, errors.New("a message is not [time, id, value]")
		}
		at, id, value := &items[i].Items[0], &items[i].Items[1], items[i].Items[2]
		m := datasource.Message{ID: id.Text, Value: value}
		if at.Type == datasource.TypeNumber {
			m.At = time.Unix(0, integer(at)).UTC()
		}
		v.Messages[i] = m
	}
	return v, nil
}
