package sshd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"

	"ticktop/datasource"
	"ticktop/ui/broadcast"
)

// middleware runs a session: a dashboard on a terminal, a command without.
func (s *Server) middleware(ssh.Handler) ssh.Handler {
	return func(sess ssh.Session) {
		v, _ := sess.Context().Value(clientKey{}).(*client)
		s.wg.Add(1)
		defer s.wg.Done()
		// Its one session is over: a client that does not hang up keeps no place.
		defer func() { time.AfterFunc(closeDelay, func() { v.end("closed by the client") }) }()
		v.mu.Lock()
		p := *v.principal
		v.phase = phaseRunning
		v.mu.Unlock()
		log := s.log.With("user", safeLog(p.Name), "key", p.Fingerprint, "addr", v.addr.String())
		defer func() {
			if r := recover(); r != nil {
				s.crashed(sess, v, log, asCrash(r))
			}
		}()
		pty, cmd := v.terminal(sess), sess.Command()
		if len(cmd) == 0 && pty != nil && pty.Term == "dumb" { // text, as on a terminal of this machine
			cmd = []string{"snapshot"}
		}
		if len(cmd) > 0 {
			out := sess
			if pty != nil {
				out = crlfSession{sess}
			}
			_ = sess.Exit(s.command(out, v, p, cmd, log))
			return
		}
		if pty == nil {
			_, _ = io.WriteString(sess.Stderr(), "ticktop: no terminal (ask for one with ssh -t, or run: ssh HOST snapshot)\r\n")
			_ = sess.Exit(2)
			return
		}
		s.dashboard(sess, v, p, pty, log)
	}
}

// crashed says on the screen and in the log that a session ended by a panic.
func (s *Server) crashed(sess ssh.Session, v *client, log *slog.Logger, c *crash) {
	id := broadcast.NewPanic(log, "session panicked", c.value, c.stack).ID
	s.panics.Add(1)
	cut := time.AfterFunc(lastWriteLimit, func() { v.end("terminal stopped reading") })
	defer cut.Stop()
	_, _ = io.WriteString(sess, leave+"ticktop: internal error "+id+", please reconnect\r\n")
	_ = sess.Exit(1)
}

// dashboard runs a session on a terminal, and counts and logs it.
func (s *Server) dashboard(sess ssh.Session, v *client, p Principal, pty *ssh.Pty, log *slog.Logger) {
	s.sessions.Add(1)
	s.total.Add(1)
	start := time.Now()
	r := result{reason: "internal error"} // unless run returns
	defer func() {
		s.sessions.Add(-1)
		reason, _ := v.closeReason()
		if reason == "" {
			reason = r.reason
		}
		s.mu.Lock()
		s.ended[reasonLabel(reason)]++
		s.mu.Unlock()
		log.Info("session closed", "reason", safeLog(reason), "lasted", time.Since(start).Round(time.Second).String(), "frames", r.frames, "bytes", r.bytes)
	}()
	log.Info("session opened", "term", pty.Term, "cols", pty.Window.Width, "rows", pty.Window.Height)
	r = s.run(sess, v, p, pty)
	if reason, dismissed := v.closeReason(); dismissed { // the terminal is given back: there is room to say why
		// Not on standard error, which a client may print before what came first.
		_, _ = io.WriteString(sess, "ticktop: "+reason+"\r\n")
		_ = sess.Exit(1)
	}
}

// result is what there is to say of a session that ended.
type result struct {
	reason        string
	frames, bytes uint64
}

// enter and leave frame a session: the alternate screen, no cursor, paste
// marked as such, and no next line for a character that a terminal draws wider
// than we think; then everything back, whatever mode a key left on.
const (
	enter = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[?2004h\x1b[2J"
	leave = "\x1b[?2026l\x1b[m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[?1049l\x1b[?7h"
)

// run shows a dashboard until the trader quits, the connection ends, or a
// limit cuts it.
func (s *Server) run(sess ssh.Session, v *client, p Principal, pty *ssh.Pty) result {
	ctx, cancel := context.WithCancel(sess.Context())
	defer cancel()
	member := s.o.Hub.Member(v.owner(), sess, v.lost)
	defer member.Close()
	term := terminalOf(sess, pty, newRateMeter(member.Bytes).read)
	screen, err := s.o.Open(p, term)
	if err != nil {
		_, _ = fmt.Fprintf(sess.Stderr(), "ticktop: %s\r\n", datasource.Clean(err.Error(), datasource.MaxCell))
		_ = sess.Exit(2)
		return result{reason: "refused: " + err.Error()}
	}
	defer screen.Close()
	member.Send(enter)
	d := &driver{screen: screen, member: member, w: term.Cols, h: term.Rows}
	in := newKeyboard(ctx, sess)
	prog := tea.NewProgram(d,
		tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(member), tea.WithoutRenderer(),
		tea.WithFPS(4), // without a renderer it only says how often the clipboard and queries are flushed
		tea.WithEnvironment(term.Env), tea.WithColorProfile(term.Profile), tea.WithWindowSize(term.Cols, term.Rows),
		tea.WithoutSignalHandler())
	v.attach(prog)
	s.wg.Go(func() { readKeys(ctx, in, term.Term, prog.Send) })
	s.wg.Go(func() { forwardResizes(ctx, v.sizes, prog.Send) })
	s.wg.Go(func() { s.watchIdle(ctx, in, prog.Send, v) })
	_, err = prog.Run()
	cut := time.AfterFunc(lastWriteLimit, func() { v.end("terminal stopped reading") })
	member.Finish(leave)
	cut.Stop()
	r := result{reason: "quit", frames: member.Frames(), bytes: member.Bytes()}
	if err != nil {
		r.reason = "connection lost"
	}
	if d.failed == nil && errors.Is(err, tea.ErrProgramPanic) {
		d.failed = asCrash(err) // outside of what the driver guards: the library has printed it
	}
	if d.failed != nil {
		panic(d.failed) // on this goroutine, where the session's recover is
	}
	return r
}

// closeDelay is how long a connection may live after its session.
const closeDelay = 5 * time.Second

// lastWriteLimit is how long the last words to a terminal may take.
const lastWriteLimit = 5 * time.Second

// resizePace is the least time between two changes of a terminal's size: each
// is a whole picture to be drawn, and a client can send thousands a second.
const resizePace = 40 * time.Millisecond

// forwardResizes hands on window changes, which the gate has clamped: the first at
// once, of a storm the newest at that pace.
func forwardResizes(ctx context.Context, sizes <-chan size, send func(tea.Msg)) {
	for {
		select {
		case <-ctx.Done():
			return
		case w := <-sizes:
			send(tea.WindowSizeMsg{Width: w.cols, Height: w.rows})
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(resizePace):
		}
	}
}

// watchIdle ends a session in which nobody has typed for the limit, with a warning
// before. What is written to the terminal does not count: a live screen is
// never quiet.
func (s *Server) watchIdle(ctx context.Context, in *keyboard, send func(tea.Msg), v *client) {
	limit := s.o.Limits.Idle
	warning := min(2*time.Minute, limit/2)
	t := time.NewTicker(min(5*time.Second, max(warning/4, 10*time.Millisecond)))
	defer t.Stop()
	warned := false
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			idleFor := in.idleFor(now)
			switch {
			case idleFor >= limit:
				v.dismiss("idle: no key for " + limit.String())
				return
			case idleFor < limit-warning:
				warned = false
			case !warned:
				warned = true
				left := (limit - idleFor).Round(time.Second)
				send(noticeMsg("no key for " + idleFor.Round(time.Second).String() + ": this session closes in " + left.String() + " (press any key to stay)"))
			}
		}
	}
}

// reasonLabel folds the reasons for which sessions end into a few for metrics.
func reasonLabel(reason string) string {
	for _, known := range []string{"quit", "idle", "too old", "key removed", "rights changed", "connection lost", "no answer", "closed by the client", "server stopped", "terminal stopped reading", "internal error", "refused"} {
		if strings.HasPrefix(reason, known) {
			return strings.ReplaceAll(known, " ", "_")
		}
	}
	return "other"
}
