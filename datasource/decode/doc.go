// Package decode turns the bytes of a source into datasource values. It is
// pure: no I/O, no clock, no memory between two calls, and nothing it returns
// is written to afterwards.
//
// What producers really write is accepted (CONTRACT, "values as producers
// really write them"):
//
//   - a plain number, also with white space around it: TypeNumber, with the
//     producer's digits ("1.10" stays 1.10, 9007199254740993 is exact, 1e400
//     keeps its digits though its float is infinite)
//   - a JSON document; numbers in strings become numbers, as DRF renders a
//     DecimalField; NaN, Infinity and -Infinity as Python's json.dumps writes
//     them; a byte order mark is skipped
//   - true and false: TypeBool; null and nothing at all: TypeNull
//   - anything else: TypeText. 1,234.5 and 0x10 and full-width digits are text,
//     and so are NAN and INF in capitals, which are symbols, not numbers
//
// A string value that begins like a JSON object or array and is not one is a
// Fault of ClassDecode, for half a document must not look like a value. Where
// text is at home (a field of a hash, an item of a list or a stream, a
// message), the same bytes are text.
//
// Every text and every name passes datasource.Clean on the way in.
package decode
