package redisdb

import (
	"errors"
	"io"
)

// maxReply bounds the bytes kept of one reply. What is longer is read to its
// end, so that the connection stays usable, and thrown away.
const maxReply = 2 << 20

// buffer is the buffer that the replies of one pipeline are streamed into, one
// after the other.
type buffer struct{ bytes []byte }

// slot receives one reply: go-redis writes its raw bytes. In a cluster the
// replies of different nodes arrive at the same time, so that each slot has an
// separate buffer there.
type slot struct {
	buf        *buffer
	start, end int
	discarded  int64 // bytes thrown away
	limit      int
	begun      bool
}

func (s *slot) reset(a *buffer) { *s = slot{buf: a, limit: or(s.limit, maxReply)} }

// Write implements io.Writer for protocol lines.
func (s *slot) Write(p []byte) (int, error) {
	if a := s.buf; s.begun && len(p) <= cap(a.bytes)-len(a.bytes) && s.end-s.start+len(p) <= s.limit {
		a.bytes = append(a.bytes, p...)
		s.end += len(p)
		return len(p), nil
	}
	s.reserve(len(p))
	n := min(len(p), s.capacity())
	s.buf.bytes = append(s.buf.bytes, p[:n]...)
	s.end = len(s.buf.bytes)
	s.discarded += int64(len(p) - n)
	return len(p), nil
}

// ReadFrom implements io.ReaderFrom, which io.CopyN uses for payloads: they go
// straight from go-redis' buffer into ours.
func (s *slot) ReadFrom(r io.Reader) (n int64, err error) {
	s.reserve(0)
	if l, ok := r.(*io.LimitedReader); ok && l.N <= int64(s.capacity()) {
		n = s.readBuffered(l)
		if l.N == 0 {
			return n, nil
		}
	}
	for keep := s.capacity(); keep > 0; keep = s.capacity() {
		if want := remaining(r); want >= 0 {
			keep = min(keep, int(min(want, maxReply)))
		}
		if keep == 0 {
			return n, nil
		}
		s.buf.grow(min(keep, 64<<10))
		b := s.buf.bytes
		m, err := r.Read(b[len(b):min(cap(b), len(b)+keep)])
		s.buf.bytes = b[:len(b)+m]
		s.end = len(s.buf.bytes)
		n += int64(m)
		if err != nil {
			return n, noEOF(err)
		}
	}
	m, err := io.Copy(discard{}, r)
	s.discarded += m
	return n + m, err
}

// readBuffered reads a payload that go-redis' buffer holds whole, as it does nearly
// always, in one go; an error comes again with the next read.
func (s *slot) readBuffered(l *io.LimitedReader) int64 {
	b := s.buf.bytes
	if l.N > int64(cap(b)-len(b)) {
		return 0
	}
	n, _ := l.R.Read(b[len(b) : len(b)+int(l.N)])
	s.buf.bytes = b[:len(b)+n]
	s.end = len(s.buf.bytes)
	l.N -= int64(n)
	return int64(n)
}

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// remaining returns how many bytes io.CopyN has still to read, -1 if unknown.
func remaining(r io.Reader) int64 {
	if l, ok := r.(*io.LimitedReader); ok {
		return l.N
	}
	return -1
}

// discard throws away; unlike io.Discard it takes its buffer from the stack of
// one function instead of a pool that would keep it.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func (a *buffer) grow(n int) {
	if cap(a.bytes)-len(a.bytes) >= n {
		return
	}
	b := make([]byte, len(a.bytes), max(2*cap(a.bytes), len(a.bytes)+n))
	copy(b, a.bytes)
	a.bytes = b
}

func (s *slot) reserve(n int) {
	if !s.begun {
		s.begun, s.start, s.end = true, len(s.buf.bytes), len(s.buf.bytes)
	}
	s.buf.grow(n)
}

// capacity is how many bytes of this reply may still be kept.
func (s *slot) capacity() int {
	return max(0, s.limit-(s.end-s.start))
}

// bytes returns the reply; it is valid until the buffer is used again.
func (s *slot) bytes() []byte {
	if !s.begun {
		return nil
	}
	return s.buf.bytes[s.start:s.end]
}
