package engine

import "bytes"

// shapeKind says what merging a payload does to the value it meets.
type shapeKind uint8

const (
	shapeNothing  shapeKind = iota // null or empty: merging it changes nothing
	shapeReplaces                  // a number, text or array: what came before no longer matters
	shapeObject                    // laid over field by field; see shape.print
	shapeUnclear                   // begins like an object but is not one: left to the decoder
)

// shape is what conflation must know of a payload. Two objects of the same
// print name the same fields, nested ones included, so the newer one hides the
// older one completely. The reverse does not hold: equal sets in another order
// have other prints, and are merged one by one.
type shape struct {
	kind  shapeKind
	print uint64
}

var bom = []byte("\xef\xbb\xbf")

const (
	fnvBasis = 14695981039346656037
	fnvPrime = 1099511628211
)

// shapeOf looks at the names and braces of a payload, outside of arrays, which
// are replaced as a whole. It does not check that the payload is JSON: a broken
// one may hide a good one of the same names. The decoder then finds it broken,
// the datum says so and its key is read again.
func shapeOf(b []byte) shape {
	var m message
	return m.scan(b, false)
}

// scan is shapeOf that also notes the elements that the message names.
func (m *message) scan(b []byte, named bool) shape {
	b = bytes.TrimPrefix(b, bom)
	i := skipSpace(b, 0)
	switch {
	case len(b) == 0 || string(bytes.TrimRight(b[i:], " \n\t\r")) == "null":
		return shape{kind: shapeNothing}
	case i == len(b) || b[i] != '{': // blanks are text
		return shape{kind: shapeReplaces}
	}
	h, depth, arrays := uint64(fnvBasis), 0, 0
	for ; i < len(b); i++ {
		switch c := b[i]; c {
		case '"':
			end := stringEnd(b, i)
			if end < 0 {
				return shape{kind: shapeUnclear}
			}
			if arrays == 0 && nameFollowed(b, end) {
				h = hashName(h, b[i:end])
				if named && depth == 1 && isRoutingName(b[i+1:end-1]) {
					m.noteElement(b, end)
				}
			}
			i = end - 1
		case '[':
			arrays++
		case ']':
			arrays--
		case '{', '}':
			if c == '{' {
				depth++
			} else {
				depth--
			}
			if arrays == 0 {
				h = (h ^ uint64(c)) * fnvPrime
			}
			if depth == 0 {
				return objectShape(b, i, arrays, h)
			}
		}
	}
	return shape{kind: shapeUnclear}
}

// noteElement notes the element in the field whose name ends at i.
func (m *message) noteElement(b []byte, i int) {
	start := skipSpace(b, skipSpace(b, i)+1)
	end := valueEnd(b, start)
	if end < 0 || m.count == maxNamed {
		return
	}
	if text, ok := scalarText(b[start:end]); ok {
		m.names[m.count] = text
		m.count++
	}
}

// objectShape checks that the object that ends at i is the whole payload.
func objectShape(b []byte, i, arrays int, h uint64) shape {
	if arrays != 0 || skipSpace(b, i+1) != len(b) {
		return shape{kind: shapeUnclear}
	}
	return shape{kind: shapeObject, print: h}
}

// stringEnd returns the place after the string that begins at i, -1 if it has
// no end.
func stringEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}

// nameFollowed reports whether the string that ends at i is a name.
func nameFollowed(b []byte, i int) bool {
	i = skipSpace(b, i)
	return i < len(b) && b[i] == ':'
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// hashName includes the closing quote, which keeps "ab","c" from "a","bc".
func hashName(h uint64, name []byte) uint64 {
	for _, c := range name {
		h = (h ^ uint64(c)) * fnvPrime
	}
	return h
}
