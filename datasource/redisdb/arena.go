package redisdb

import (
	"errors"
	"fmt"
	"io"

	"ticktop/datasource"
)

// maxReply bounds the bytes kept of one reply. What is longer is read to its
// end, so that the connection stays usable, and thrown away.
const maxReply = 2 << 20

// maxArrays bounds the arrays in one reply, and with them how deep it can be
// nested: go-redis reads them by recursion. The most that is asked for is a
// stream of MaxMembers entries, two arrays each.
const maxArrays = 4 * datasource.MaxMembers

// maxDepth bounds nested arrays where replies are read here.
const maxDepth = 16

var errDepth = fmt.Errorf("%w: too many arrays", errBadReply)

// arena is the buffer that the replies of one pipeline are streamed into, one
// after the other.
type arena struct{ b []byte }

// slot receives one reply: go-redis writes its raw bytes. In a cluster the
// replies of different nodes arrive at the same time, so that each slot has an
// arena of its own there.
type slot struct {
	arena      *arena
	start, end int
	over       int64 // bytes thrown away
	limit      int
	arrays     int // heads of arrays so far
	begun      bool
}

func (s *slot) reset(a *arena) { *s = slot{arena: a, limit: or(s.limit, maxReply)} }

// Write implements io.Writer for protocol lines.
func (s *slot) Write(p []byte) (int, error) {
	if len(p) > 0 && isAggregate(p) {
		if s.arrays++; s.arrays > maxArrays {
			return 0, errDepth
		}
	}
	if a := s.arena; s.begun && len(p) <= cap(a.b)-len(a.b) && s.end-s.start+len(p) <= s.limit {
		a.b = append(a.b, p...)
		s.end += len(p)
		return len(p), nil
	}
	s.room(len(p))
	n := min(len(p), s.left())
	s.arena.b = append(s.arena.b, p[:n]...)
	s.end = len(s.arena.b)
	s.over += int64(len(p) - n)
	return len(p), nil
}

// isAggregate reports whether a line is the head of an array, or an attribute,
// behind which another value follows.
func isAggregate(line []byte) bool {
	switch line[0] {
	case '*', '%', '~', '>', '|':
		return true
	}
	return false
}

// ReadFrom implements io.ReaderFrom, which io.CopyN uses for payloads: they go
// straight from go-redis' buffer into the arena.
func (s *slot) ReadFrom(r io.Reader) (n int64, err error) {
	s.room(0)
	if l, ok := r.(*io.LimitedReader); ok && l.N <= int64(s.left()) {
		n = s.buffered(l)
		if l.N == 0 {
			return n, nil
		}
	}
	for keep := s.left(); keep > 0; keep = s.left() {
		if want := expected(r); want >= 0 {
			keep = min(keep, int(min(want, maxReply)))
		}
		if keep == 0 {
			return n, nil
		}
		s.arena.grow(min(keep, 64<<10))
		b := s.arena.b
		m, err := r.Read(b[len(b):min(cap(b), len(b)+keep)])
		s.arena.b = b[:len(b)+m]
		s.end = len(s.arena.b)
		n += int64(m)
		if err != nil {
			return n, noEOF(err)
		}
	}
	m, err := io.Copy(discard{}, r)
	s.over += m
	return n + m, err
}

// buffered reads a payload that go-redis' buffer holds whole, as it does nearly
// always, in one go; an error comes again with the next read.
func (s *slot) buffered(l *io.LimitedReader) int64 {
	b := s.arena.b
	if l.N > int64(cap(b)-len(b)) {
		return 0
	}
	n, _ := l.R.Read(b[len(b) : len(b)+int(l.N)])
	s.arena.b = b[:len(b)+n]
	s.end = len(s.arena.b)
	l.N -= int64(n)
	return int64(n)
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// expected returns how many bytes io.CopyN has still to read, -1 if unknown.
func expected(r io.Reader) int64 {
	if l, ok := r.(*io.LimitedReader); ok {
		return l.N
	}
	return -1
}

// discard throws away; unlike io.Discard it takes its buffer from the stack of
// one function instead of a pool that would keep it.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func (a *arena) grow(n int) {
	if cap(a.b)-len(a.b) >= n {
		return
	}
	b := make([]byte, len(a.b), max(2*cap(a.b), len(a.b)+n))
	copy(b, a.b)
	a.b = b
}

func (s *slot) room(n int) {
	if !s.begun {
		s.begun, s.start, s.end = true, len(s.arena.b), len(s.arena.b)
	}
	s.arena.grow(n)
}

// left is how many bytes of this reply may still be kept.
func (s *slot) left() int {
	return max(0, s.limit-(s.end-s.start))
}

// bytes returns the reply; it is valid until the arena is used again.
func (s *slot) bytes() []byte {
	if !s.begun {
		return nil
	}
	return s.arena.b[s.start:s.end]
}
