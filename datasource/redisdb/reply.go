package redisdb

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// reply reads RESP2 and RESP3 from bytes that are all there. It copies
// nothing: what it returns points into b.
type reply struct {
	b []byte
	i int
}

// element is the head of one RESP value.
type element struct {
	kind byte   // the protocol's type byte, after folding: '$' data, ':' integer, '*' aggregate, '_' null
	data []byte // '$'
	n    int64  // ':' the integer; '*' the number of elements (twice the pairs of a map)
}

var errShort = fmt.Errorf("%w: cut short", errBadReply)

// next reads one head, or a whole scalar. A server's error is returned as a
// replyError.
func (r *reply) next() (e element, err error) {
	line, err := r.line()
	if err != nil {
		return e, err
	}
	kind, rest := line[0], line[1:]
	switch kind {
	case '+', ',', '(', '#':
		return element{kind: '$', data: rest}, nil
	case '-':
		return e, replyError(rest)
	case ':':
		n, err := integer(rest)
		return element{kind: ':', n: n}, err
	case '_':
		return element{kind: '_'}, nil
	case '$', '!', '=':
		return r.bulk(kind, rest)
	case '*', '~', '>', '%', '|':
		return r.aggregate(kind, rest)
	}
	return e, errBadReply
}

func (r *reply) bulk(kind byte, size []byte) (e element, err error) {
	n, err := integer(size)
	switch {
	case err != nil:
		return e, err
	case n < 0:
		return element{kind: '_'}, nil
	case n > int64(len(r.b)-r.i-2):
		return e, errShort
	}
	data := r.b[r.i : r.i+int(n)]
	r.i += int(n) + 2
	switch {
	case kind == '!':
		return e, replyError(data)
	case kind == '=' && len(data) >= 4:
		data = data[4:]
	}
	return element{kind: '$', data: data}, nil
}

func (r *reply) aggregate(kind byte, size []byte) (e element, err error) {
	n, err := integer(size)
	switch {
	case err != nil:
		return e, err
	case n < 0:
		return element{kind: '_'}, nil
	case n > int64(len(r.b)): // every element takes at least a byte
		return e, errShort
	case kind == '%' || kind == '|':
		n *= 2
	}
	if kind != '|' {
		return element{kind: '*', n: n}, nil
	}
	for range n { // an attribute is read over; what follows is the value
		if err := r.skip(0); err != nil {
			return e, err
		}
	}
	return r.next()
}

// skip reads over one value.
func (r *reply) skip(depth int) error {
	if depth > maxDepth {
		return errBadReply
	}
	e, err := r.next()
	if err != nil {
		return err
	}
	if e.kind == '*' {
		for range e.n {
			if err := r.skip(depth + 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// line returns the next line without its CRLF; it has at least the type byte.
func (r *reply) line() ([]byte, error) {
	end := bytes.IndexByte(r.b[r.i:], '\n')
	if end < 2 || r.b[r.i+end-1] != '\r' {
		return nil, errShort
	}
	line := r.b[r.i : r.i+end-1]
	r.i += end + 1
	return line, nil
}

// data reads a scalar as bytes; ok is false for null.
func (r *reply) data() (b []byte, ok bool, err error) {
	if b, ok := r.short(); ok {
		return b, true, nil
	}
	e, err := r.next()
	switch {
	case err != nil:
		return nil, false, err
	case e.kind == '$':
		return e.data, true, nil
	case e.kind == ':':
		return strconv.AppendInt(nil, e.n, 10), true, nil
	case e.kind == '_':
		return nil, false, nil
	}
	return nil, false, errBadReply
}

// short reads a string of up to 999 bytes, which nearly all are, in one go; it
// leaves everything else, errors too, to the general case.
func (r *reply) short() ([]byte, bool) {
	b := r.b
	i := r.i
	if len(b)-i < 6 || b[i] != '$' {
		return nil, false
	}
	n := 0
	for i++; i < len(b) && b[i] != '\r'; i++ {
		d := b[i] - '0'
		if d > 9 || n > 99 {
			return nil, false
		}
		n = n*10 + int(d)
	}
	i += 2
	if i+n+2 > len(b) {
		return nil, false
	}
	r.i = i + n + 2
	return b[i : i+n], true
}

// array reads the head of an aggregate; a null is an empty one.
func (r *reply) array() (n int, err error) {
	e, err := r.next()
	switch {
	case err != nil:
		return 0, err
	case e.kind == '*':
		return int(e.n), nil
	case e.kind == '_':
		return 0, nil
	}
	return 0, errBadReply
}

// int reads an integer.
func (r *reply) int() (int64, error) {
	e, err := r.next()
	if err != nil {
		return 0, err
	}
	if e.kind != ':' {
		return 0, errBadReply
	}
	return e.n, nil
}

// float reads a score: a double of RESP3 or a string of RESP2.
func (r *reply) float() (float64, error) {
	b, ok, err := r.data()
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, errBadReply
	}
	return parseFloat(b)
}

// parseFloat reads a score. Most are whole numbers, epoch times, for which the
// library's parser is not needed.
func parseFloat(b []byte) (float64, error) {
	if n := len(b); n > 0 && n <= 15 {
		var v int64
		for i, c := range b {
			if c < '0' || c > '9' {
				break
			}
			v = v*10 + int64(c-'0')
			if i == n-1 {
				return float64(v), nil
			}
		}
	}
	switch string(b) {
	case "inf", "+inf":
		return math.Inf(1), nil
	case "-inf":
		return math.Inf(-1), nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, errBadReply
	}
	return f, nil
}

func integer(b []byte) (int64, error) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 18 {
		return 0, errBadReply
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, errBadReply
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, nil
}
