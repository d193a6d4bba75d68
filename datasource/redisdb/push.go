package redisdb

import (
	"bytes"
	"net"

	"ticktop/datasource"
)

// pushKind is what a subscription's connection delivered.
type pushKind uint8

const (
	pushNone    pushKind = iota // nothing for us: an unknown push, +OK
	pushMessage                 // channel, payload; pattern when one matched
	pushJoined                  // channel: SUBSCRIBE and its kin confirmed
	pushLeft                    // channel: UNSUBSCRIBE and its kin confirmed
	pushPong
	pushError // payload is the server's line
)

// push is one event. Its slices are valid until the next read.
type push struct {
	kind    pushKind
	command string // pushJoined, pushLeft: subscribe, punsubscribe, …
	channel []byte
	pattern []byte
	payload []byte
}

// Limits of the stream reader.
const (
	streamBuffer = 256 << 10                    // read at once in a burst
	maxPayload   = datasource.MaxValueBytes + 1 // delivered of a payload; one byte over tells that it was too big
	maxPushName  = 1 << 20                      // a channel's name
	maxPushParts = 8                            // elements of a push
)

// stream cuts what a connection delivers into events, without copying. A
// payload over the limit is delivered up to it, and the rest is read over.
type stream struct {
	conn net.Conn
	buf  []byte
	r, w int
	skip int // bytes of a payload still to be read over
}

func newStream(conn net.Conn) *stream {
	return &stream{conn: conn, buf: make([]byte, streamBuffer)}
}

// next returns the next event that is already there; errShort when there is
// none, and more has to be read.
func (s *stream) next() (push, error) {
	if s.skip > 0 {
		n := min(s.skip, s.w-s.r)
		s.r += n
		if s.skip -= n; s.skip > 0 {
			return push{}, errShort
		}
	}
	p, n, skip, err := parsePush(s.buf[s.r:s.w])
	if err != nil {
		return p, err
	}
	s.r += n
	s.skip = skip
	return p, nil
}

// fill reads once from the connection.
func (s *stream) fill() (n int, err error) {
	switch {
	case s.r == s.w:
		s.r, s.w = 0, 0
	case s.w == len(s.buf) && s.r > 0:
		s.w = copy(s.buf, s.buf[s.r:s.w])
		s.r = 0
	case s.w == len(s.buf):
		bigger := make([]byte, 2*len(s.buf))
		copy(bigger, s.buf)
		s.buf = bigger
	}
	n, err = s.conn.Read(s.buf[s.w:])
	s.w += n
	return n, err
}

// parsePush reads one event from the beginning of b. n is how long it is,
// skip how much of its end is not in b and has to be read over.
func parsePush(b []byte) (p push, n, skip int, err error) {
	line, n, err := lineAt(b, 0)
	if err != nil {
		return p, 0, 0, err
	}
	switch line[0] {
	case '-', '!':
		return push{kind: pushError, payload: line[1:]}, n, 0, nil
	case '+':
		if bytes.EqualFold(line[1:], []byte("pong")) {
			p.kind = pushPong
		}
		return p, n, 0, nil
	case ':', '_', '#', ',':
		return p, n, 0, nil
	case '$':
		_, n, skip, err = bulkAt(b, 0)
		return p, n, skip, err
	case '>', '*':
		return parseParts(b, line, n)
	}
	return p, 0, 0, errBadReply
}

// parseParts reads the elements of a push.
func parseParts(b, head []byte, i int) (p push, n, skip int, err error) {
	count, err := integer(head[1:])
	if err != nil || count < 1 || count > maxPushParts {
		return p, 0, 0, errBadReply
	}
	var parts [maxPushParts][]byte
	for k := range int(count) {
		if skip > 0 { // only the last element may be cut
			return p, 0, 0, errBadReply
		}
		if parts[k], i, skip, err = bulkAt(b, i); err != nil {
			return p, 0, 0, err
		}
	}
	p, err = named(parts[:count])
	return p, i, skip, err
}

// named tells what the elements of a push mean.
func named(parts [][]byte) (p push, err error) {
	switch name := string(parts[0]); name {
	case "message", "smessage":
		if len(parts) != 3 {
			return p, errBadReply
		}
		return push{kind: pushMessage, channel: parts[1], payload: parts[2]}, nil
	case "pmessage":
		if len(parts) != 4 {
			return p, errBadReply
		}
		return push{kind: pushMessage, pattern: parts[1], channel: parts[2], payload: parts[3]}, nil
	case "subscribe", "psubscribe", "ssubscribe":
		if len(parts) != 3 {
			return p, errBadReply
		}
		return push{kind: pushJoined, command: name, channel: parts[1]}, nil
	case "unsubscribe", "punsubscribe", "sunsubscribe":
		if len(parts) != 3 {
			return p, errBadReply
		}
		return push{kind: pushLeft, command: name, channel: parts[1]}, nil
	case "pong":
		return push{kind: pushPong}, nil
	}
	return p, nil // an unknown push of a newer server
}

// bulkAt reads one element at i: a string, a number, null.
func bulkAt(b []byte, i int) (data []byte, next, skip int, err error) {
	line, i, err := lineAt(b, i)
	if err != nil {
		return nil, 0, 0, err
	}
	switch line[0] {
	case ':', '+', '_', '#', ',':
		return line[1:], i, 0, nil
	case '$', '=':
	default:
		return nil, 0, 0, errBadReply
	}
	size, err := integer(line[1:])
	switch {
	case err != nil || size < -1 || size > 1<<30:
		return nil, 0, 0, errBadReply
	case size == -1:
		return nil, i, 0, nil
	case size > maxPayload:
		if len(b)-i < maxPayload {
			return nil, 0, 0, errShort
		}
		return b[i : i+maxPayload], i + maxPayload, int(size) - maxPayload + 2, nil
	case len(b)-i < int(size)+2:
		return nil, 0, 0, errShort
	}
	end := i + int(size)
	if b[end] != '\r' || b[end+1] != '\n' {
		return nil, 0, 0, errBadReply
	}
	return b[i:end], end + 2, 0, nil
}

// lineAt reads the line at i, without its CRLF; it has at least a type byte.
func lineAt(b []byte, i int) (line []byte, next int, err error) {
	end := bytes.IndexByte(b[i:min(len(b), i+maxLine)], '\n')
	switch {
	case end < 0 && len(b)-i >= maxLine:
		return nil, 0, errBadReply
	case end < 0:
		return nil, 0, errShort
	case end < 2 || b[i+end-1] != '\r':
		return nil, 0, errBadReply
	}
	return b[i : i+end-1], i + end + 1, nil
}

// maxLine bounds a protocol line: an error's text is the longest.
const maxLine = 64 << 10
