package field

import (
	"strconv"

	"ticktop/datasource"
)

// Bounds of AppendCompact; what is over them is marked with "…".
const (
	compactDepth = 4
	compactBytes = 4 << 10
)

// AppendCompact appends a value on one line, much as JSON but with the quotes
// left out: EURUSD, 1.08342, {bid: 1.1, ask: 1.2}, [a, b, …]. Numbers have
// their producer's digits. It is for reading, not for parsing, and safe to
// show.
func AppendCompact(dst []byte, v *datasource.Value) []byte {
	return appendCompact(dst, v, compactDepth, len(dst)+compactBytes)
}

func appendCompact(dst []byte, v *datasource.Value, depth, limit int) []byte {
	switch v.Type {
	case datasource.TypeBool:
		return strconv.AppendBool(dst, v.Bool)
	case datasource.TypeNumber:
		return append(dst, v.Num.String()...)
	case datasource.TypeText:
		return append(dst, v.Text.String()...)
	case datasource.TypeObject:
		return appendAll(dst, '{', '}', len(v.Fields), depth, limit, func(dst []byte, i int) []byte {
			dst = append(append(dst, v.Fields[i].Name.String()...), ": "...)
			return appendCompact(dst, &v.Fields[i].Value, depth-1, limit)
		})
	case datasource.TypeArray:
		return appendAll(dst, '[', ']', len(v.Items), depth, limit, func(dst []byte, i int) []byte {
			return appendCompact(dst, &v.Items[i], depth-1, limit)
		})
	case datasource.TypeSeries:
		return appendCount(dst, len(v.Points), "point")
	case datasource.TypeMessages:
		return appendCount(dst, len(v.Messages), "message")
	default:
		return append(dst, "null"...)
	}
}

func appendAll(dst []byte, open, end byte, n, depth, limit int, each func([]byte, int) []byte) []byte {
	dst = append(dst, open)
	for i := range n {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if depth <= 0 || len(dst) > limit {
			dst = append(dst, "…"...)
			break
		}
		dst = each(dst, i)
	}
	return append(dst, end)
}
