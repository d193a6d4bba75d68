package overlay

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"ticktop/datasource"
)

// AppendJSON appends v as JSON: numbers with their producer's digits, series as
// [epoch ms, number]. indent is the depth for the inspector's layout, where NaN
// and the infinities are what they are; -1 is one line for other programs,
// where they are null.
func AppendJSON(dst []byte, v *datasource.Value, indent int) []byte {
	switch v.Type {
	case datasource.TypeBool:
		return strconv.AppendBool(dst, v.Bool)
	case datasource.TypeNumber:
		return appendNumber(dst, v.Num, indent >= 0)
	case datasource.TypeText:
		return appendText(dst, v.Text.String())
	case datasource.TypeObject:
		return appendList(dst, '{', '}', len(v.Fields), indent, func(dst []byte, i, in int) []byte {
			dst = append(appendText(dst, v.Fields[i].Name.String()), ':')
			if in >= 0 {
				dst = append(dst, ' ')
			}
			return AppendJSON(dst, &v.Fields[i].Value, in)
		})
	case datasource.TypeArray:
		return appendList(dst, '[', ']', len(v.Items), indent, func(dst []byte, i, in int) []byte {
			return AppendJSON(dst, &v.Items[i], in)
		})
	case datasource.TypeSeries:
		return appendList(dst, '[', ']', len(v.Points), indent, func(dst []byte, i, in int) []byte { return appendPoint(dst, v.Points[i], in >= 0) })
	case datasource.TypeMessages:
		return appendList(dst, '[', ']', len(v.Messages), indent, func(dst []byte, i, in int) []byte {
			return AppendJSON(dst, &v.Messages[i].Value, in)
		})
	}
	return append(dst, "null"...)
}

func appendNumber(dst []byte, n datasource.Number, shown bool) []byte {
	if text := n.String(); shown || json.Valid([]byte(text)) {
		return append(dst, text...)
	}
	return append(dst, "null"...)
}

func appendPoint(dst []byte, p datasource.Point, shown bool) []byte {
	dst = strconv.AppendInt(append(dst, '['), p.MS, 10)
	dst = append(dst, ',')
	if !shown && (math.IsNaN(p.V) || math.IsInf(p.V, 0)) {
		return append(dst, "null]"...)
	}
	return append(strconv.AppendFloat(dst, p.V, 'f', -1, 64), ']')
}

// appendText quotes s as JSON does, without escapes for HTML: "<" stays "<".
func appendText(dst []byte, s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil { // a string always can be
		return append(dst, `""`...)
	}
	return append(dst, bytes.TrimRight(b.Bytes(), "\n")...)
}

// appendList writes an object or an array, one element a line when indented.
func appendList(dst []byte, open, end byte, n, indent int, put func(dst []byte, i, indent int) []byte) []byte {
	dst = append(dst, open)
	in := indent
	if indent >= 0 {
		in++
	}
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = newline(dst, in)
		dst = put(dst, i, in)
	}
	if n > 0 {
		dst = newline(dst, indent)
	}
	return append(dst, end)
}

func newline(dst []byte, indent int) []byte {
	if indent < 0 {
		return dst
	}
	dst = append(dst, '\n')
	for range indent {
		dst = append(dst, ' ', ' ')
	}
	return dst
}
