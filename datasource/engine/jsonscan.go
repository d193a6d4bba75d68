package engine

import (
	"bytes"
	"strconv"
)

// The functions of this file find their way through JSON without decoding it:
// a message is routed before it is conflated, and most messages are never
// decoded at all. They accept anything; what is not JSON is simply not found.

// valueAt returns the value at a path, as JSON. JSON text inside a JSON string
// is opened on the way and at the end.
func valueAt(b []byte, path []string) ([]byte, bool) {
	b = openText(trimSpace(b))
	for _, step := range path {
		var ok bool
		switch {
		case len(b) == 0:
			return nil, false
		case b[0] == '{':
			b, ok = fieldOf(b, step)
		case b[0] == '[':
			n, err := strconv.Atoi(step)
			if err != nil {
				return nil, false
			}
			b, ok = itemOf(b, n)
		}
		if !ok {
			return nil, false
		}
		b = openText(b)
	}
	return b, true
}

// openText returns the JSON object or array that a JSON string holds, else b.
func openText(b []byte) []byte {
	if len(b) < 4 || b[0] != '"' || b[1] != '{' && b[1] != '[' {
		return b
	}
	s, ok := unquoteJSON(b)
	if !ok {
		return b
	}
	return trimSpace(s)
}

// unquoteJSON returns the text of a JSON string.
func unquoteJSON(b []byte) ([]byte, bool) {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return nil, false
	}
	if in := b[1 : len(b)-1]; bytes.IndexByte(in, '\\') < 0 {
		return in, true
	}
	s, err := strconv.Unquote(string(bytes.ReplaceAll(b, []byte(`\/`), []byte(`/`))))
	if err != nil {
		return nil, false
	}
	return []byte(s), true
}

// jsonString returns s as a JSON string.
func jsonString(s []byte) []byte {
	out := make([]byte, 0, len(s)+2)
	out = append(out, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c < ' ':
			out = append(out, `\u00`...)
			out = append(out, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}

// eachField calls f for every field of an object until it returns false. ok is
// false where the object is not whole.
func eachField(b []byte, f func(name, value []byte) bool) (ok bool) {
	if len(b) == 0 || b[0] != '{' {
		return false
	}
	i := skipSpace(b, 1)
	if i < len(b) && b[i] == '}' {
		return true
	}
	for i < len(b) && b[i] == '"' {
		end := stringEnd(b, i)
		if end < 0 {
			return false
		}
		name := b[i+1 : end-1]
		if i = skipSpace(b, end); i >= len(b) || b[i] != ':' {
			return false
		}
		start := skipSpace(b, i+1)
		if end = valueEnd(b, start); end < 0 {
			return false
		}
		if !f(name, b[start:end]) {
			return true
		}
		if i = skipSpace(b, end); i >= len(b) || b[i] != ',' {
			return i < len(b) && b[i] == '}'
		}
		i = skipSpace(b, i+1)
	}
	return false
}

func fieldOf(b []byte, name string) (value []byte, ok bool) {
	eachField(b, func(n, v []byte) bool {
		if string(n) == name {
			value, ok = v, true
		}
		return !ok
	})
	return value, ok
}

// eachItem calls f for every element of an array until it returns false.
func eachItem(b []byte, f func(value []byte) bool) {
	if len(b) == 0 || b[0] != '[' {
		return
	}
	for i := skipSpace(b, 1); i < len(b) && b[i] != ']'; i = skipSpace(b, i+1) {
		end := valueEnd(b, i)
		if end < 0 || !f(b[i:end]) {
			return
		}
		if i = skipSpace(b, end); i >= len(b) || b[i] != ',' {
			return
		}
	}
}

func itemOf(b []byte, n int) (value []byte, ok bool) {
	eachItem(b, func(v []byte) bool {
		if n == 0 {
			value, ok = v, true
		}
		n--
		return !ok
	})
	return value, ok
}

// valueEnd returns the place after the value that begins at i, -1 if it has no
// end.
func valueEnd(b []byte, i int) int {
	if i >= len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return stringEnd(b, i)
	case '{', '[':
		return containerEnd(b, i)
	}
	for j := i; j < len(b); j++ {
		switch b[j] {
		case ',', '}', ']', ' ', '\n', '\t', '\r':
			if j == i {
				return -1
			}
			return j
		}
	}
	return len(b)
}

func containerEnd(b []byte, i int) int {
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '"':
			end := stringEnd(b, i)
			if end < 0 {
				return -1
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// scalarText returns what a scalar says: the text of a string, the digits of a
// number, true or false. ok is false for null, objects and arrays.
func scalarText(v []byte) (text []byte, ok bool) {
	if len(v) == 0 {
		return nil, false
	}
	switch v[0] {
	case '{', '[', 'n':
		return nil, false
	case '"':
		return unquoteJSON(v)
	}
	return v, true
}

func trimSpace(b []byte) []byte {
	return bytes.TrimRight(bytes.TrimPrefix(b, bom)[skipSpace(bytes.TrimPrefix(b, bom), 0):], " \n\t\r")
}
