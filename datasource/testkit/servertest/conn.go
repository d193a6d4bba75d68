package servertest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// Conn is a raw administrator's connection to a Redis server: any command, no
// pool, no retries. It is not safe for concurrent use.
type Conn struct {
	nc net.Conn
	br *bufio.Reader
}

// ReplyError is an error that the server answered with.
type ReplyError string

// Error returns the server's line.
func (e ReplyError) Error() string { return string(e) }

func newConn(nc net.Conn) *Conn { return &Conn{nc: nc, br: bufio.NewReader(nc)} }

// Do sends one command and returns its reply: string, int64, nil, []any, or a
// ReplyError as error.
func (c *Conn) Do(args ...any) (any, error) {
	if err := c.Send(args...); err != nil {
		return nil, err
	}
	return c.Receive()
}

// Send writes one command without waiting for the reply.
func (c *Conn) Send(args ...any) error {
	b := fmt.Appendf(nil, "*%d\r\n", len(args))
	for _, a := range args {
		s := fmt.Sprint(a)
		if raw, ok := a.([]byte); ok {
			s = string(raw)
		}
		b = fmt.Appendf(b, "$%d\r\n%s\r\n", len(s), s)
	}
	_ = c.nc.SetDeadline(time.Now().Add(startTimeout))
	_, err := c.nc.Write(b)
	return err
}

// Receive reads one reply.
func (c *Conn) Receive() (any, error) {
	line, err := c.br.ReadString('\n')
	if err != nil {
		return nil, err
	}
	if len(line) < 3 {
		return nil, fmt.Errorf("bad reply %q", line)
	}
	kind, rest := line[0], line[1:len(line)-2]
	switch kind {
	case '+':
		return rest, nil
	case '-':
		return nil, ReplyError(rest)
	case ':':
		return strconv.ParseInt(rest, 10, 64)
	case '$':
		return c.readBulk(rest)
	case '*':
		return c.readArray(rest)
	}
	return nil, fmt.Errorf("bad reply %q", line)
}

func (c *Conn) readBulk(size string) (any, error) {
	n, err := strconv.Atoi(size)
	if err != nil || n < 0 {
		return nil, err
	}
	b := make([]byte, n+2)
	if _, err := io.ReadFull(c.br, b); err != nil {
		return nil, err
	}
	return string(b[:n]), nil
}

func (c *Conn) readArray(size string) (any, error) {
	n, err := strconv.Atoi(size)
	if err != nil || n < 0 {
		return nil, err
	}
	items := make([]any, n)
	for i := range items {
		if items[i], err = c.Receive(); err != nil {
			var refused ReplyError
			if !errors.As(err, &refused) {
				return nil, err
			}
			items[i] = err
		}
	}
	return items, nil
}

// Close closes the connection.
func (c *Conn) Close() { _ = c.nc.Close() }
