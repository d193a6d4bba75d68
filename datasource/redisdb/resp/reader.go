// Package resp reads replies of the Redis protocol, RESP2 and RESP3, within
// bounds. Reader reads values out of bytes; Scanner watches a connection and
// refuses what no honest server announces, before anything is allocated for it.
package resp

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
)

var (
	// ErrBad is an answer that is not the Redis protocol, or exceeds a bound.
	ErrBad = errors.New("bad reply")
	// ErrShort is ErrBad for a value whose end has not arrived.
	ErrShort = fmt.Errorf("%w: cut short", ErrBad)
)

// Error is an error that the server answered with, as it wrote it.
type Error string

func (e Error) Error() string { return string(e) }

// RedisError makes go-redis' own helpers see a server's error.
func (Error) RedisError() {}

// maxLine bounds a protocol line: an error's text is the longest.
const maxLine = 64 << 10

// Reader reads values from bytes. It copies nothing: what it returns points
// into them. ErrShort says that the bytes end inside a value.
type Reader struct {
	b        []byte
	i        int
	cut      int // strings longer than this are cut to it; 0: never
	overhang int
}

// NewReader reads from b.
func NewReader(b []byte) *Reader { return &Reader{b: b} }

// NewCuttingReader reads from b, which may hold the beginning of a string only:
// of a string longer than limit the first limit bytes are enough, and Overhang
// says how many follow.
func NewCuttingReader(b []byte, limit int) *Reader { return &Reader{b: b, cut: limit} }

// Element is the head of one value.
type Element struct {
	Kind Kind
	Data []byte // KindText
	N    int64  // KindInt: the integer; KindArray: the number of elements (twice the pairs of a map)
}

// Kind is what a value is, whichever of the protocol's types wrote it.
type Kind uint8

// The kinds.
const (
	KindNull Kind = iota
	KindText
	KindInt
	KindArray
)

// Pos returns how many bytes have been read.
func (r *Reader) Pos() int { return r.i }

// Overhang returns how many bytes of a string that was cut are still to come,
// its end included.
func (r *Reader) Overhang() int { return r.overhang }

// AtArray reports whether the next value is an array.
func (r *Reader) AtArray() bool { return r.i < len(r.b) && r.b[r.i] == '*' }

// Next reads one head, or a whole scalar. A server's error is returned as an
// Error.
func (r *Reader) Next() (e Element, err error) {
	if r.overhang > 0 { // only the last string of a value may be cut
		return e, ErrBad
	}
	line, err := r.line()
	if err != nil {
		return e, err
	}
	kind, rest := line[0], line[1:]
	switch kind {
	case '+', ',', '(', '#':
		return Element{Kind: KindText, Data: rest}, nil
	case '-':
		return e, Error(rest)
	case ':':
		n, err := integer(rest)
		return Element{Kind: KindInt, N: n}, err
	case '_':
		return Element{}, nil
	case '$', '!', '=':
		return r.bulk(kind, rest)
	case '*', '~', '>', '%':
		return r.aggregate(kind, rest)
	}
	return e, ErrBad
}

func (r *Reader) bulk(kind byte, size []byte) (e Element, err error) {
	n, err := integer(size)
	switch {
	case err != nil:
		return e, err
	case n < 0:
		return Element{}, nil
	case r.cut > 0 && n > int64(r.cut):
		if n > math.MaxInt32 || len(r.b)-r.i < r.cut {
			return e, shortUnless(n > math.MaxInt32)
		}
		data := r.b[r.i : r.i+r.cut]
		r.i += r.cut
		r.overhang = int(n) - r.cut + len("\r\n")
		return Element{Kind: KindText, Data: data}, nil
	case n > int64(len(r.b)-r.i-2):
		return e, ErrShort
	}
	end := r.i + int(n)
	data := r.b[r.i:end]
	if r.b[end] != '\r' || r.b[end+1] != '\n' {
		return e, ErrBad
	}
	r.i = end + 2
	switch {
	case kind == '!':
		return e, Error(data)
	case kind == '=' && len(data) >= 4:
		data = data[4:]
	}
	return Element{Kind: KindText, Data: data}, nil
}

// shortUnless returns ErrShort, or ErrBad if more bytes cannot help.
func shortUnless(bad bool) error {
	if bad {
		return ErrBad
	}
	return ErrShort
}

func (r *Reader) aggregate(kind byte, size []byte) (e Element, err error) {
	n, err := integer(size)
	switch {
	case err != nil:
		return e, err
	case n < 0:
		return Element{}, nil
	case n > int64(len(r.b)) && r.cut == 0: // every element takes at least a byte
		return e, ErrShort
	case kind == '%':
		n *= 2
	}
	return Element{Kind: KindArray, N: n}, nil
}

// line returns the next line without its CRLF; it has at least the type byte.
func (r *Reader) line() ([]byte, error) {
	rest := r.b[r.i:]
	end := bytes.IndexByte(rest[:min(len(rest), maxLine)], '\n')
	switch {
	case end < 0:
		return nil, shortUnless(len(rest) >= maxLine)
	case end < 2 || rest[end-1] != '\r':
		return nil, ErrBad
	}
	r.i += end + 1
	return rest[:end-1], nil
}

// Bytes reads a scalar; ok is false for null.
func (r *Reader) Bytes() (b []byte, ok bool, err error) {
	if b, ok := r.shortText(); ok {
		return b, true, nil
	}
	e, err := r.Next()
	switch {
	case err != nil:
		return nil, false, err
	case e.Kind == KindText:
		return e.Data, true, nil
	case e.Kind == KindInt:
		return strconv.AppendInt(nil, e.N, 10), true, nil
	case e.Kind == KindNull:
		return nil, false, nil
	}
	return nil, false, ErrBad
}

// shortText reads a string of up to 999 bytes, as nearly all are, in one go; it
// leaves everything else, errors too, to Next.
func (r *Reader) shortText() ([]byte, bool) {
	b := r.b
	i := r.i
	if len(b)-i < 6 || b[i] != '$' || r.overhang > 0 {
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
	end := i + n
	if end+2 > len(b) || b[end] != '\r' || b[i-1] != '\n' {
		return nil, false
	}
	r.i = end + 2
	return b[i:end], true
}

// Array reads the head of an aggregate and returns the number of its elements; a
// null is an empty one.
func (r *Reader) Array() (n int, err error) {
	e, err := r.Next()
	switch {
	case err != nil:
		return 0, err
	case e.Kind == KindArray && e.N <= math.MaxInt32:
		return int(e.N), nil
	case e.Kind == KindNull:
		return 0, nil
	}
	return 0, ErrBad
}

// Int reads an integer.
func (r *Reader) Int() (int64, error) {
	e, err := r.Next()
	if err != nil {
		return 0, err
	}
	if e.Kind != KindInt {
		return 0, ErrBad
	}
	return e.N, nil
}

// Float reads a score: a double of RESP3 or a string of RESP2.
func (r *Reader) Float() (float64, error) {
	b, ok, err := r.Bytes()
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, ErrBad
	}
	return parseFloat(b)
}
