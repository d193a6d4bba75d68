package sshd

import (
	"encoding/binary"
	"regexp"
	"strings"

	gossh "golang.org/x/crypto/ssh"
)

// What a session may ask for.
const (
	maxCols, maxRows = 500, 200
	maxEnv           = 16
	maxEnvBytes      = 256
	maxCommand       = 1024
)

var (
	termName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$`)
	envValue = regexp.MustCompile(`^[A-Za-z0-9@._:/+-]*$`)
)

// filtered is a session channel whose requests pass one gate: sizes are
// clamped, the environment is an allow-list, and everything but a terminal, a
// shell, a command and resizes is refused. The library behind it never sees
// what was refused.
type filtered struct {
	gossh.NewChannel
	sizes        chan size // capacity 1, the newest wins
	recoverPanic func()    // deferred on the gate's goroutine: recovers
}

// size is a terminal's, in cells.
type size struct{ cols, rows int }

// Accept accepts the channel and starts the gate.
func (f *filtered) Accept() (gossh.Channel, <-chan *gossh.Request, error) {
	ch, in, err := f.NewChannel.Accept()
	if err != nil {
		return nil, nil, err
	}
	out := make(chan *gossh.Request)
	g := requestFilter{out: out, sizes: f.sizes}
	go func() {
		defer f.recoverPanic()
		g.run(in)
	}()
	return ch, out, nil
}

// requestFilter forwards requests but for resizes: the library hands these on without a
// bound, so a session that does not look at them, a command or one that is
// ending, would keep its goroutines for ever. They go into a mailbox where the
// newest replaces the one before.
type requestFilter struct {
	out   chan *gossh.Request
	sizes chan size
	envs  int
	pty   bool
}

func (g *requestFilter) run(in <-chan *gossh.Request) {
	defer close(g.out)
	for req := range in {
		ok := g.allow(req)
		if ok && req.Type != "window-change" {
			g.out <- req
			continue
		}
		if ok {
			g.resize(req.Payload)
		}
		if req.WantReply {
			_ = req.Reply(ok, nil)
		}
	}
}

// resize puts a clamped window-change into the mailbox, of which the gate is
// the only writer.
func (g *requestFilter) resize(payload []byte) {
	select {
	case <-g.sizes:
	default:
	}
	g.sizes <- size{int(binary.BigEndian.Uint32(payload)), int(binary.BigEndian.Uint32(payload[4:]))}
}

// allow decides about one request and makes its payload harmless.
func (g *requestFilter) allow(req *gossh.Request) bool {
	switch req.Type {
	case "pty-req":
		if g.pty {
			return false
		}
		g.pty = clampPTY(req)
		return g.pty
	case "window-change":
		return g.pty && clampWindow(req.Payload)
	case "env":
		g.envs++
		return g.envs <= maxEnv && allowEnv(req.Payload)
	case "shell":
		return true
	case "exec":
		return len(req.Payload) <= maxCommand
	default: // subsystem, x11-req, auth-agent-req, signal, break, …
		return false
	}
}

// clampPTY rewrites a pty-req: TERM must look like one, the size is clamped,
// terminal modes are dropped.
func clampPTY(req *gossh.Request) bool {
	var pty struct {
		Term                    string
		Cols, Rows, Width, High uint32
		Modes                   string
	}
	if gossh.Unmarshal(req.Payload, &pty) != nil || !termName.MatchString(pty.Term) {
		return false
	}
	pty.Cols, pty.Rows = clampSize(pty.Cols, pty.Rows)
	pty.Width, pty.High, pty.Modes = 0, 0, ""
	req.Payload = gossh.Marshal(&pty)
	return true
}

// clampWindow rewrites a window-change in place.
func clampWindow(payload []byte) bool {
	if len(payload) < 8 {
		return false
	}
	cols, rows := clampSize(binary.BigEndian.Uint32(payload), binary.BigEndian.Uint32(payload[4:]))
	binary.BigEndian.PutUint32(payload, cols)
	binary.BigEndian.PutUint32(payload[4:], rows)
	return true
}

// clampSize keeps a terminal drawable: a client may ask for 0×0 or 2³²−1. No
// size at all stands for the classic terminal.
func clampSize(cols, rows uint32) (uint32, uint32) {
	if cols == 0 {
		cols = 80
	}
	if rows == 0 {
		rows = 24
	}
	return min(cols, maxCols), min(rows, maxRows)
}

// allowEnv keeps what says how to draw, with harmless values.
func allowEnv(payload []byte) bool {
	var kv struct{ Name, Value string }
	if len(payload) > maxEnvBytes || gossh.Unmarshal(payload, &kv) != nil || !envValue.MatchString(kv.Value) {
		return false
	}
	switch kv.Name {
	case "TERM", "COLORTERM", "LANG", "NO_COLOR":
		return true
	}
	return strings.HasPrefix(kv.Name, "LC_") && len(kv.Name) < 24
}
