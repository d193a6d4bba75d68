package redisdb

import (
	"bytes"
	"fmt"
)

// frames follows where replies begin and end, without keeping any of them. It
// sees every byte before go-redis does, which believes the sizes that a server
// announces: it allocates an array of a billion, and a push on a
// connection that never subscribed is read by recursion, however deep.
type frames struct {
	skip  int64           // bytes of a payload, with its CRLF, that are still to come
	head  [maxHead]byte   // the beginning of a line that is not whole yet
	n     int             // bytes of that line so far
	open  [maxDepth]int64 // elements still to come, of every array that is open
	depth int
}

// maxHead bounds a line that announces a size.
const maxHead = 24

// follow takes in what was read. limit is how large what a reply announces may
// be, -1 for any size; pushes says whether there may be some.
func (f *frames) follow(p []byte, limit int, pushes bool) error {
	for len(p) > 0 {
		if f.skip > 0 {
			n := min(f.skip, int64(len(p)))
			p = p[n:]
			if f.skip -= n; f.skip == 0 {
				f.done()
			}
			continue
		}
		if n := short(p); n > 0 && f.n == 0 {
			p = p[n:]
			f.done()
			continue
		}
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			f.keep(p)
			return f.known()
		}
		line := p[:end+1]
		if f.n > 0 {
			f.keep(line)
			line = f.head[:min(f.n, maxHead)]
		}
		if err := f.line(line, limit, pushes); err != nil {
			return err
		}
		p, f.n = p[end+1:], 0
	}
	return nil
}

// short returns the length of a text of up to 99 bytes that is all there, which
// nearly all of a poll is; 0 leaves it to the general case.
func short(p []byte) int {
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

// keep adds to a line that is not whole; of a long one only its beginning counts.
func (f *frames) keep(p []byte) {
	if f.n < maxHead {
		copy(f.head[f.n:], p)
	}
	f.n = min(f.n+len(p), 2*maxHead)
}

// known refuses what cannot become a reply, before it is whole.
func (f *frames) known() error {
	if bytes.IndexByte([]byte("+-:,(#_$!=*~>%|"), f.head[0]) < 0 {
		return errBadReply
	}
	return nil
}

// line takes in the first line of an element.
func (f *frames) line(line []byte, limit int, pushes bool) error {
	switch kind := line[0]; kind {
	case '+', '-', ':', ',', '(', '#', '_':
		f.done()
		return nil
	case '$', '!', '=', '*', '~', '>', '%', '|':
		if len(line) < 4 || line[len(line)-2] != '\r' || line[len(line)-1] != '\n' {
			return errBadReply
		}
		n, err := integer(line[1 : len(line)-2])
		switch {
		case err != nil:
			return err
		case limit >= 0 && n > int64(limit):
			return fmt.Errorf("%w: too long", errBadReply)
		case kind == '$' || kind == '!' || kind == '=':
			f.payload(n)
			return nil
		case kind == '>' && !pushes, kind == '|':
			return fmt.Errorf("%w: not asked for", errBadReply)
		case kind == '%':
			n *= 2
		}
		return f.array(n)
	}
	return errBadReply
}

func (f *frames) payload(n int64) {
	if n < 0 { // null
		f.done()
		return
	}
	f.skip = n + 2
}

func (f *frames) array(n int64) error {
	switch {
	case n <= 0:
		f.done()
	case f.depth == maxDepth:
		return errDepth
	default:
		f.open[f.depth] = n
		f.depth++
	}
	return nil
}

// done counts an element, and every array that it was the last of.
func (f *frames) done() {
	for f.depth > 0 {
		if f.open[f.depth-1]--; f.open[f.depth-1] > 0 {
			return
		}
		f.depth--
	}
}
