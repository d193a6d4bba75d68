package decode

import (
	"strconv"

	"ticktop/datasource"
)

// JSON returns AppendJSON's bytes for v.
func JSON(v datasource.Value) []byte { return AppendJSON(nil, &v) }

// AppendJSON appends a value as the contract's snapshots show it:
//
//   - numbers with the producer's digits; NaN and ±inf, which JSON does not
//     have, as null
//   - a series as [[epoch_ms, number], …], oldest first, a gap as null
//   - messages as an array, newest first: an item of a list as it is, a message
//     of a channel as {"at": epoch_ms, "value": …}, an entry of a stream with
//     its "id" in front
//   - nothing known as null
//
// It is made for reading; Encode keeps what this loses.
func AppendJSON(b []byte, v *datasource.Value) []byte {
	switch v.Type {
	case datasource.TypeBool:
		return strconv.AppendBool(b, v.Bool)
	case datasource.TypeNumber:
		return appendNumber(b, v.Num)
	case datasource.TypeText:
		return appendString(b, v.Text.String())
	case datasource.TypeObject:
		b = append(b, '{')
		for i := range v.Fields {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, v.Fields[i].Name.String()), ':')
			b = AppendJSON(b, &v.Fields[i].Value)
		}
		return append(b, '}')
	case datasource.TypeArray:
		b = append(b, '[')
		for i := range v.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendJSON(b, &v.Items[i])
		}
		return append(b, ']')
	case datasource.TypeSeries:
		return appendPoints(b, v.Points)
	case datasource.TypeMessages:
		b = append(b, '[')
		for i := range v.Messages {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendMessage(b, &v.Messages[i])
		}
		return append(b, ']')
	}
	return append(b, "null"...)
}

func appendMessage(b []byte, m *datasource.Message) []byte {
	if m.ID.Empty() && m.At.IsZero() {
		return AppendJSON(b, &m.Value)
	}
	b = append(b, '{')
	if !m.ID.Empty() {
		b = append(appendString(append(b, `"id":`...), m.ID.String()), ',')
	}
	if !m.At.IsZero() {
		b = append(strconv.AppendInt(append(b, `"at":`...), m.At.UnixMilli(), 10), ',')
	}
	b = AppendJSON(append(b, `"value":`...), &m.Value)
	return append(b, '}')
}

func appendNumber(b []byte, n datasource.Number) []byte {
	if s := n.String(); s != "" && (s[0] == '-' && len(s) > 1 && s[1] <= '9' || s[0] >= '0' && s[0] <= '9') {
		return append(b, s...)
	}
	return append(b, "null"...)
}

func appendPoints(b []byte, points []datasource.Point) []byte {
	b = append(b, '[')
	for i, p := range points {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendInt(append(b, '['), p.MS, 10), ',')
		b = append(appendNumber(b, datasource.NumberFromFloat(p.V)), ']')
	}
	return append(b, ']')
}

// appendString quotes text that passed the gate, so that it holds no control
// character and is valid UTF-8.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		if c := s[i]; c == '"' || c == '\\' {
			b = append(append(b, s[start:i]...), '\\')
			start = i
		}
	}
	return append(append(b, s[start:]...), '"')
}
