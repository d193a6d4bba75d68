package resp

import (
	"bytes"
	"fmt"
)

// MaxDepth bounds nested arrays.
const MaxDepth = 16

// Scanner follows where replies begin and end, without keeping any of them. It
// sees every byte before go-redis does, which believes the sizes that a server
// announces: it allocates an array of a billion, and a push on a connection that
// never subscribed is read by recursion, however deep.
type Scanner struct {
	skip  int64           // bytes of a payload, with its CRLF, that are still to come
	head  [maxHead]byte   // the beginning of a line that is not whole yet
	n     int             // bytes of that line so far
	open  [MaxDepth]int64 // elements still to come, of every array that is open
	depth int
}

// maxHead bounds a line that announces a size.
const maxHead = 24

// Scan takes in what was read. limit is how large what a reply announces may
// be, -1 for any size; pushes says whether there may be some.
func (s *Scanner) Scan(p []byte, limit int, pushes bool) error {
	for len(p) > 0 {
		if s.skip > 0 {
			n := min(s.skip, int64(len(p)))
			p = p[n:]
			if s.skip -= n; s.skip == 0 {
				s.endElement()
			}
			continue
		}
		if n := shortText(p); n > 0 && s.n == 0 {
			p = p[n:]
			s.endElement()
			continue
		}
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			s.keepLine(p)
			return s.checkType()
		}
		line := p[:end+1]
		if s.n > 0 {
			s.keepLine(line)
			line = s.head[:min(s.n, maxHead)]
		}
		if err := s.header(line, limit, pushes); err != nil {
			return err
		}
		p, s.n = p[end+1:], 0
	}
	return nil
}

// shortText returns the length of a text of up to 99 bytes that is all there, which
// nearly all of a poll is; 0 leaves it to the general case.
func shortText(p []byte) int {
	if len(p) < 6 || p[0] != '$' {
		return 0
	}
	n, i := int(p[1]-'0'), 2
	if d := p[2] - '0'; d <= 9 {
		n, i = n*10+int(d), 3
	}
	if p[1]-'0' > 9 || p[i] != '\r' || p[i+1] != '\n' || i+n+4 > len(p) {
		return 0
	}
	return i + n + 4
}

// keepLine adds to a line that is not whole; of a long one only its beginning counts.
func (s *Scanner) keepLine(p []byte) {
	if s.n < maxHead {
		copy(s.head[s.n:], p)
	}
	s.n = min(s.n+len(p), 2*maxHead)
}

// checkType refuses what cannot become a reply, before it is whole.
func (s *Scanner) checkType() error {
	if bytes.IndexByte([]byte("+-:,(#_$!=*~>%|"), s.head[0]) < 0 {
		return ErrBad
	}
	return nil
}

// header takes in the first line of an element.
func (s *Scanner) header(line []byte, limit int, pushes bool) error {
	switch kind := line[0]; kind {
	case '+', '-', ':', ',', '(', '#', '_':
		s.endElement()
		return nil
	case '$', '!', '=', '*', '~', '>', '%', '|':
		if len(line) < 4 || line[len(line)-2] != '\r' || line[len(line)-1] != '\n' {
			return ErrBad
		}
		n, err := integer(line[1 : len(line)-2])
		switch {
		case err != nil:
			return err
		case limit >= 0 && n > int64(limit):
			return fmt.Errorf("%w: too long", ErrBad)
		case kind == '$' || kind == '!' || kind == '=':
			s.payload(n)
			return nil
		case kind == '>' && !pushes, kind == '|':
			return fmt.Errorf("%w: not asked for", ErrBad)
		case kind == '%':
			n *= 2
		}
		return s.array(n)
	}
	return ErrBad
}

func (s *Scanner) payload(n int64) {
	if n < 0 { // null
		s.endElement()
		return
	}
	s.skip = n + 2
}

func (s *Scanner) array(n int64) error {
	switch {
	case n <= 0:
		s.endElement()
	case s.depth == MaxDepth:
		return fmt.Errorf("%w: too many arrays", ErrBad)
	default:
		s.open[s.depth] = n
		s.depth++
	}
	return nil
}

// endElement counts an element, and every array that it was the last os.
func (s *Scanner) endElement() {
	for s.depth > 0 {
		if s.open[s.depth-1]--; s.open[s.depth-1] > 0 {
			return
		}
		s.depth--
	}
}
