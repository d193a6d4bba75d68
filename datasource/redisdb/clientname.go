package redisdb

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// clientName is what CLIENT LIST shows of our connections.
const clientName = "ticktop"

// nameHook names a connection within its HELLO. A separate CLIENT SETNAME
// would cost every connection a round trip, and a user without that right an
// entry in ACL LOG; HELLO needs no right. A server without HELLO shows no name.
type nameHook struct{}

// DialHook implements redis.Hook.
func (nameHook) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook implements redis.Hook.
func (nameHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook implements redis.Hook.
func (nameHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		hello, ok := cmd.(*redis.MapStringInterfaceCmd)
		if !ok || cmd.Name() != "hello" || isNamed(cmd.Args()) {
			return next(ctx, cmd)
		}
		named := redis.NewMapStringInterfaceCmd(ctx, append(cmd.Args()[:len(cmd.Args()):len(cmd.Args())], "setname", clientName)...)
		err := next(ctx, named)
		if f := turnedAway(err); f != nil {
			err = f
		}
		hello.SetVal(named.Val())
		hello.SetErr(err)
		return err
	}
}

// turnedAway returns the fault of a server that has answered the greeting and
// closed the connection, nil for any other answer. To go-redis a refused HELLO is
// an old server's; it would go on, and only see that the connection is lost.
func turnedAway(err error) *datasource.Fault {
	var reply redis.Error
	var last *refusedError
	line := ""
	switch {
	case errors.As(err, &last):
		line = last.line
	case errors.As(err, &reply):
		line = reply.Error()
	}
	for _, prefix := range []string{"ERR max number of clients", "DENIED"} {
		if strings.HasPrefix(line, prefix) {
			return classifyReply(line, err, datasource.SourceRedis, "hello", "", "")
		}
	}
	return nil
}

// refusedError is what a server said before it closed a connection that could then
// not be written to.
type refusedError struct {
	line string
	err  error // of the write
}

func (e *refusedError) Error() string { return e.err.Error() }

// Unwrap returns the error of the write.
func (e *refusedError) Unwrap() error { return e.err }

// lastWords returns an error of the greeting with why the server takes nothing, if
// it has said so. go-redis may have read that already, looking for notifications.
func (g *boundedConn) lastWords(err error) error {
	if g.said == "" {
		_ = g.SetReadDeadline(time.Now().Add(lastWordsLimit))
		b := make([]byte, maxFaultText)
		n, _ := g.Conn.Read(b)
		g.said = string(b[:n])
	}
	line, _, _ := strings.Cut(g.said, "\r\n")
	if said, ok := strings.CutPrefix(line, "-"); ok {
		return &refusedError{line: said, err: err}
	}
	return err
}

// lastWordsLimit bounds the wait for what has come already, if anything has.
const lastWordsLimit = 20 * time.Millisecond

// isNamed reports whether the URL has its own client_name.
func isNamed(args []any) bool {
	for _, a := range args {
		if a == "setname" {
			return true
		}
	}
	return false
}
