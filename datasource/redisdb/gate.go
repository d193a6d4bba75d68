package redisdb

import (
	"bytes"
	"fmt"
	"net"
	"syscall"
)

// maxTyped bounds what one write of go-redis' own commands may be answered
// with. go-redis reads nested replies by recursion: a server that opens arrays
// without end overflows the stack, which no recover can stop. An array takes at
// least four bytes, so this bounds the depth. Of what is asked that way, COMMAND
// (in a cluster) and PUBSUB CHANNELS have the longest honest answers, some 200
// and 300 KB.
const (
	maxTyped = 512 << 10
	maxHello = 16 << 10
)

var hello = []byte("hello")

// gate is the connection as go-redis sees it. Polls are exempt: their replies
// are streamed into slots, which count arrays themselves.
type gate struct {
	net.Conn
	left int // bytes that may still be read; -1 is no limit
	run  int // bytes in a row that look like nothing but attributes
}

// maxRun bounds attributes in a row. Before each reply of a poll go-redis skips
// them by recursion, too; Redis itself sends none.
const maxRun = 1 << 20

// attributes reports whether what was read is made of attributes, by a sample.
func attributes(b []byte) bool { return bytes.Count(b[:min(len(b), 64)], []byte("|")) >= 4 }

// polled are the commands of a poll, as they begin a write.
var polled = [][]byte{
	[]byte("getrange"), []byte("get\r"), []byte("strlen"), []byte("hscan"), []byte("hgetall"), []byte("hlen"),
	[]byte("zrange"), []byte("zcard"), []byte("lrange"), []byte("llen"), []byte("xrevrange"), []byte("xlen"), []byte("pttl"),
}

// Write looks at the name of the first command. What does not begin with one
// goes on with a pipeline that did.
func (g *gate) Write(p []byte) (int, error) {
	if _, rest, ok := bytes.Cut(p[:min(len(p), 64)], []byte("\r\n")); ok && p[0] == '*' {
		if _, name, ok := bytes.Cut(rest, []byte("\r\n")); ok && rest[0] == '$' {
			g.left = maxTyped
			if bytes.HasPrefix(name, hello) {
				g.left = maxHello
			}
			for _, n := range polled {
				if bytes.HasPrefix(name, n) {
					g.left = -1
				}
			}
		}
	}
	return g.Conn.Write(p)
}

// Read fails once an answer is longer than an honest one can be.
func (g *gate) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if g.left < 0 {
		if !attributes(p[:n]) {
			g.run = 0
		} else if g.run += n; g.run > maxRun {
			return 0, fmt.Errorf("%w: nothing but attributes", errBadReply)
		}
		return n, err
	}
	if g.left -= n; g.left < 0 {
		g.left = 0
		return 0, fmt.Errorf("%w: too long", errBadReply)
	}
	return n, err
}

// SyscallConn lets go-redis see whether an idle connection has been closed.
func (g *gate) SyscallConn() (syscall.RawConn, error) {
	if c, ok := g.Conn.(syscall.Conn); ok {
		return c.SyscallConn()
	}
	return nil, syscall.EINVAL
}
