package redisdb

import (
	"bytes"
	"fmt"
	"net"
	"syscall"

	"ticktop/datasource/redisdb/resp"
)

// maxTyped bounds what one write of go-redis' own commands may be answered
// with, and each size that the answer announces. Of what is asked that way,
// COMMAND (in a cluster) and PUBSUB CHANNELS have the longest honest answers,
// some 200 and 300 KB.
const (
	maxTyped = 512 << 10
	maxHello = 16 << 10
)

var hello = []byte("hello")

// boundedConn is the connection as go-redis sees it. go-redis reads nested replies by
// recursion, and allocates as much as a server announces: a stack that
// overflows, or memory that there is not, ends the process, and no recover can
// stop that. The replies of polls may be long, because they are streamed into
// slots; but nothing that they did not ask for may stand between them.
type boundedConn struct {
	net.Conn
	budget  int // bytes that may still be read; -1 is no limit
	replies resp.Scanner
	said    string // the last error that came
}

// pollCommands are the commands of a poll, as they begin a write.
var pollCommands = [][]byte{
	[]byte("getrange"), []byte("get\r"), []byte("strlen"), []byte("hscan"), []byte("hgetall"), []byte("hlen"),
	[]byte("zrange"), []byte("zcard"), []byte("lrange"), []byte("llen"), []byte("xrevrange"), []byte("xlen"), []byte("pttl"),
	[]byte("sscan"), []byte("smembers"), []byte("scard"), []byte("hmget"), []byte("json."), []byte("ts."), []byte("asking"), []byte("scan\r"),
}

// Write looks at the name of the first command. What does not begin with one
// goes on with a pipeline that did.
func (g *boundedConn) Write(p []byte) (int, error) {
	if _, rest, ok := bytes.Cut(p[:min(len(p), 64)], []byte("\r\n")); ok && p[0] == '*' {
		if _, name, ok := bytes.Cut(rest, []byte("\r\n")); ok && rest[0] == '$' {
			g.budget = maxTyped
			if bytes.HasPrefix(name, hello) {
				g.budget = maxHello
			}
			for _, n := range pollCommands {
				if bytes.HasPrefix(name, n) {
					g.budget = -1
				}
			}
		}
	}
	n, err := g.Conn.Write(p)
	if err != nil && g.budget >= 0 {
		err = g.lastWords(err)
	}
	return n, err
}

// Read fails once an answer is longer than an honest one can be.
func (g *boundedConn) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if g.budget >= 0 && n > 0 && p[0] == '-' {
		g.said = string(p[:min(n, maxFaultText)])
	}
	if bad := g.replies.Scan(p[:n], g.budget, g.budget >= 0); bad != nil {
		return 0, bad
	}
	if g.budget < 0 {
		return n, err
	}
	if g.budget -= n; g.budget < 0 {
		g.budget = 0
		return 0, fmt.Errorf("%w: too long", resp.ErrBad)
	}
	return n, err
}

// SyscallConn lets go-redis see whether an idle connection has been closed.
func (g *boundedConn) SyscallConn() (syscall.RawConn, error) {
	if c, ok := g.Conn.(syscall.Conn); ok {
		return c.SyscallConn()
	}
	return nil, syscall.EINVAL
}
