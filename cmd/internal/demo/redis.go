package demo

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
)

// expireEvery is how often the embedded Redis is given the time. Its keys do not
// expire by themselves.
const expireEvery = 100 * time.Millisecond

// memory is the embedded Redis: miniredis without its own listener. The
// market writes to it directly, clients come in through a front.
type memory struct {
	m    *miniredis.Miniredis
	srv  *server.Server
	peer *server.Peer
	errs errorCatcher
	args []string

	admit func(key string) bool // whether a command on that key may pass; set before use
}

func newMemory() (*memory, error) {
	m := miniredis.NewMiniRedis()
	conn, err := m.Dial() // starts it, without a listener
	if err != nil {
		return nil, fmt.Errorf("embedded redis: %w", err)
	}
	_ = conn.Close()
	r := &memory{m: m, srv: m.Server(), admit: func(string) bool { return true }}
	r.peer = server.NewPeer(bufio.NewWriter(&r.errs))
	return r, nil
}

// expireKeys makes keys age with the clock until ctx ends.
func (r *memory) expireKeys(ctx context.Context) {
	ticker := time.NewTicker(expireEvery)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			now := time.Now()
			r.m.FastForward(now.Sub(last))
			last = now
		}
	}
}

// Pipeline implements Writer: the commands run one by one as a client's would,
// each atomic, but for the socket between. It is for one goroutine.
func (r *memory) Pipeline(_ context.Context, cmds [][]any) error {
	r.errs.first = ""
	for _, cmd := range cmds {
		r.args = r.args[:0]
		for _, a := range cmd {
			switch a := a.(type) {
			case string:
				r.args = append(r.args, a)
			case []byte:
				r.args = append(r.args, string(a))
			default:
				return fmt.Errorf("embedded redis: argument %v of %s is neither text nor bytes", a, r.args[0])
			}
		}
		if !r.admit(r.args[1]) {
			continue
		}
		r.srv.Dispatch(r.peer, r.args)
		r.peer.Flush()
	}
	if r.errs.first != "" {
		return fmt.Errorf("embedded redis: %s", r.errs.first)
	}
	return nil
}

func (r *memory) close() { r.m.Close() }

// errorCatcher reads the replies to the market's own commands and keeps the
// first error. Each reply comes in one Write.
type errorCatcher struct{ first string }

func (e *errorCatcher) Write(p []byte) (int, error) {
	if len(p) > 0 && p[0] == '-' && e.first == "" {
		e.first = strings.TrimSpace(string(p[1:]))
	}
	return len(p), nil
}
