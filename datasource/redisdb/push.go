package redisdb

import (
	"bytes"
	"errors"
	"net"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// pushKind is what a subscription's connection delivered.
type pushKind uint8

const (
	pushNone         pushKind = iota // nothing for us: an unknown push, +OK
	pushMessage                      // channel, payload; pattern when one matched
	pushSubscribed                   // channel: SUBSCRIBE and its kin confirmed
	pushUnsubscribed                 // channel: UNSUBSCRIBE and its kin confirmed
	pushPong
	pushError // payload is the server's line
)

// push is one event. Its slices are valid until the next read.
type push struct {
	kind    pushKind
	command string // pushSubscribed, pushUnsubscribed: subscribe, punsubscribe, …
	channel []byte
	pattern []byte
	payload []byte
}

// Limits of the stream reader.
const (
	pushBuffer   = 256 << 10                    // read at once in a burst
	maxPayload   = datasource.MaxValueBytes + 1 // delivered of a payload; one byte over tells that it was too big
	maxPushParts = 8                            // elements of a push
)

// pushReader cuts what a connection delivers into events, without copying. A
// payload over the limit is delivered up to it, and the rest is read over.
type pushReader struct {
	conn net.Conn
	buf  []byte
	r, w int
	skip int // bytes of a payload still to be read over
}

func newPushReader(conn net.Conn) *pushReader {
	return &pushReader{conn: conn, buf: make([]byte, pushBuffer)}
}

// next returns the next event that is already there; resp.ErrShort when there is
// none, and more has to be read.
func (s *pushReader) next() (push, error) {
	if s.skip > 0 {
		n := min(s.skip, s.w-s.r)
		s.r += n
		if s.skip -= n; s.skip > 0 {
			return push{}, resp.ErrShort
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
func (s *pushReader) fill() (n int, err error) {
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
	r := resp.NewCuttingReader(b, maxPayload)
	e, err := r.Next()
	if err != nil {
		var refused resp.Error
		if !errors.As(err, &refused) {
			return p, 0, 0, err
		}
		return push{kind: pushError, payload: []byte(refused)}, r.Pos(), 0, nil
	}
	switch e.Kind {
	case resp.KindArray:
		p, err = readParts(r, e.N)
	case resp.KindText:
		if b[0] == '+' && bytes.EqualFold(e.Data, []byte("pong")) {
			p.kind = pushPong
		}
	case resp.KindNull, resp.KindInt:
	}
	if err != nil {
		return push{}, 0, 0, err
	}
	return p, r.Pos(), r.Overhang(), nil
}

// readParts reads the elements of a push.
func readParts(r *resp.Reader, count int64) (p push, err error) {
	if count < 1 || count > maxPushParts {
		return p, resp.ErrBad
	}
	var parts [maxPushParts][]byte
	for i := range int(count) {
		if parts[i], _, err = r.Bytes(); err != nil {
			var refused resp.Error
			if errors.As(err, &refused) {
				err = resp.ErrBad
			}
			return p, err
		}
	}
	return classifyPush(parts[:count])
}

// classifyPush tells what the elements of a push mean.
func classifyPush(parts [][]byte) (p push, err error) {
	switch name := string(parts[0]); name {
	case "message", "smessage":
		if len(parts) != 3 {
			return p, resp.ErrBad
		}
		return push{kind: pushMessage, channel: parts[1], payload: parts[2]}, nil
	case "pmessage":
		if len(parts) != 4 {
			return p, resp.ErrBad
		}
		return push{kind: pushMessage, pattern: parts[1], channel: parts[2], payload: parts[3]}, nil
	case "subscribe", "psubscribe", "ssubscribe":
		if len(parts) != 3 {
			return p, resp.ErrBad
		}
		return push{kind: pushSubscribed, command: name, channel: parts[1]}, nil
	case "unsubscribe", "punsubscribe", "sunsubscribe":
		if len(parts) != 3 {
			return p, resp.ErrBad
		}
		return push{kind: pushUnsubscribed, command: name, channel: parts[1]}, nil
	case "pong":
		return push{kind: pushPong}, nil
	}
	return p, nil // an unknown push of a newer server
}
