package sshd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	"github.com/charmbracelet/colorprofile"

	"ticktop/datasource"
	"ticktop/ui/broadcast"
)

// Terminal is what a session knows of the trader's terminal.
type Terminal struct {
	Term       string
	Env        []string // the allow-listed environment, TERM included
	Profile    colorprofile.Profile
	Cols, Rows int
	Rate       func() float64 // bytes a second sent to it, over the last few seconds
}

// Screen is the program of one session. Its methods are called from one
// goroutine.
type Screen interface {
	tea.Model
	// Picture returns what the session shows when others can show the same;
	// ok is false while it has something of its own on the screen.
	Picture() (p broadcast.Picture, ok bool)
	// Title is the window's title, Mouse whether the mouse is asked for; both
	// without drawing anything.
	Title() string
	Mouse() tea.MouseMode
	// Notice puts a line on the screen until a key is pressed.
	Notice(text datasource.Safe)
	// Close ends what the screen holds.
	Close()
}

// middleware runs a session: a dashboard on a terminal, a command without.
func (s *Server) middleware(ssh.Handler) ssh.Handler {
	return func(sess ssh.Session) {
		v, _ := sess.Context().Value(visitKey{}).(*visit)
		s.wg.Add(1)
		defer s.wg.Done()
		v.mu.Lock()
		p := *v.principal
		v.started = true
		v.mu.Unlock()
		log := s.log.With("user", safeLog(p.Name), "key", p.Fingerprint, "addr", v.addr.String())
		defer func() {
			if r := recover(); r != nil {
				id := panicID()
				s.panics.Add(1)
				log.Error("session panicked", "id", id, "panic", safeLog(fmt.Sprint(r)), "stack", string(debug.Stack()))
				_, _ = io.WriteString(sess, leave+"ticktop: internal error "+id+", please reconnect\r\n")
				_ = sess.Exit(1)
			}
		}()
		if cmd := sess.Command(); len(cmd) > 0 {
			_ = sess.Exit(s.command(sess, v, p, cmd, log))
			return
		}
		pty := v.terminal(sess)
		if pty == nil {
			_, _ = io.WriteString(sess.Stderr(), "ticktop: no terminal (ask for one with ssh -t, or run: ssh HOST snapshot)\r\n")
			_ = sess.Exit(2)
			return
		}
		s.sessions.Add(1)
		s.total.Add(1)
		start := time.Now()
		log.Info("session opened", "term", pty.Term, "cols", pty.Window.Width, "rows", pty.Window.Height)
		r := s.run(sess, v, p, pty)
		s.sessions.Add(-1)
		v.mu.Lock()
		reason, dismissed := v.reason, v.dismissed
		v.mu.Unlock()
		if dismissed { // the terminal is given back: there is room to say why
			_, _ = io.WriteString(sess.Stderr(), "ticktop: "+reason+"\r\n")
			_ = sess.Exit(1)
		}
		if reason == "" {
			reason = r.reason
		}
		s.mu.Lock()
		s.ended[reasonLabel(reason)]++
		s.mu.Unlock()
		log.Info("session closed", "reason", safeLog(reason), "lasted", time.Since(start).Round(time.Second).String(), "frames", r.frames, "bytes", r.bytes)
	}
}

// command runs what was asked for without a terminal, when its turn comes.
func (s *Server) command(sess ssh.Session, v *visit, p Principal, cmd []string, log *slog.Logger) int {
	log.Info("command", "command", safeLog(cmd[0]))
	cut := time.AfterFunc(commandQueue+commandLimit, func() { v.end("command took too long") })
	defer cut.Stop()
	who := p.Fingerprint
	if who == "" {
		who = v.addr.String()
	}
	queue, cancel := context.WithTimeout(sess.Context(), commandQueue)
	defer cancel()
	done, ok := s.turns.take(queue, who)
	if !ok {
		_, _ = io.WriteString(sess.Stderr(), "ticktop: too many commands at once, try again\r\n")
		return 1
	}
	defer done()
	ctx, cancel := context.WithTimeout(sess.Context(), commandLimit)
	defer cancel()
	return s.o.Command(ctx, p, cmd, sess, sess.Stderr())
}

// result is what there is to say of a session that ended.
type result struct {
	reason        string
	frames, bytes uint64
}

// enter and leave frame a session: the alternate screen, no cursor, and paste
// marked as such; then everything back, whatever mode a key left on.
const (
	enter = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[2J"
	leave = "\x1b[?2026l\x1b[m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[?1049l"
)

// run shows a dashboard until the trader quits, the connection ends, or a
// limit cuts it.
func (s *Server) run(sess ssh.Session, v *visit, p Principal, pty *ssh.Pty) result {
	ctx, cancel := context.WithCancel(sess.Context())
	defer cancel()
	member := s.o.Hub.Member(sess, func(err error) { v.end(err.Error()) })
	defer member.Close()
	term := terminalOf(sess, pty, newMeter(member.Bytes).read)
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
		tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(member), tea.WithoutRenderer(),
		tea.WithFPS(4), // without a renderer it only says how often the clipboard and queries are flushed
		tea.WithEnvironment(term.Env), tea.WithColorProfile(term.Profile), tea.WithWindowSize(term.Cols, term.Rows),
		tea.WithoutSignalHandler())
	v.mu.Lock()
	v.say = func(text string) { prog.Send(noticeMsg(text)) }
	v.quit = prog.Quit
	v.mu.Unlock()
	s.wg.Go(func() { resizes(ctx, v.sizes, prog) })
	s.wg.Go(func() { s.idle(ctx, in, prog, v) })
	_, err = prog.Run()
	cut := time.AfterFunc(5*time.Second, func() { v.end("terminal stopped reading") })
	member.Finish(leave)
	cut.Stop()
	r := result{reason: "quit", frames: member.Frames(), bytes: member.Bytes()}
	if err != nil {
		r.reason = "connection lost"
	}
	if d.failed == nil && errors.Is(err, tea.ErrProgramPanic) {
		d.failed = err // in a command: the library has caught it
	}
	if d.failed != nil {
		panic(d.failed) // on this goroutine, where the session's recover is
	}
	return r
}

// driver puts a Screen on a member: what it shows is either shared or its own.
type driver struct {
	screen Screen
	member *broadcast.Member
	w, h   int
	title  string
	mouse  tea.MouseMode
	failed any
}

type noticeMsg string

// Init starts the screen's own commands.
func (d *driver) Init() tea.Cmd { return d.screen.Init() }

// Update passes the message on and shows what came of it. A panic ends this
// session only.
func (d *driver) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	defer func() {
		if r := recover(); r != nil {
			d.failed, m, cmd = r, d, tea.Quit
		}
	}()
	switch msg := msg.(type) {
	case noticeMsg:
		d.screen.Notice(datasource.Clean(string(msg), 256))
	case tea.WindowSizeMsg:
		d.w, d.h = msg.Width, msg.Height
		_, cmd = d.screen.Update(msg)
	default:
		_, cmd = d.screen.Update(msg)
	}
	if msg == tea.ClearScreen() {
		d.member.Redraw()
	}
	d.present()
	return d, cmd
}

// View is never drawn: the member draws.
func (d *driver) View() tea.View { return tea.View{} }

func (d *driver) present() {
	if title := d.screen.Title(); title != d.title {
		d.title = title
		d.member.Send("\x1b]2;" + datasource.Clean(title, 256).String() + "\x07")
	}
	if mouse := d.screen.Mouse(); mouse != d.mouse {
		d.mouse = mouse
		d.member.Send(mouseSequence(mouse))
	}
	if p, ok := d.screen.Picture(); ok && d.member.Join(p) == nil {
		return
	}
	d.member.Show(d.screen.View().Content, d.w, d.h)
}

func mouseSequence(m tea.MouseMode) string {
	switch m {
	case tea.MouseModeCellMotion:
		return "\x1b[?1002h\x1b[?1006h"
	case tea.MouseModeAllMotion:
		return "\x1b[?1003h\x1b[?1006h"
	default:
		return "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l"
	}
}

// resizes hands on window changes, which the gate has clamped.
func resizes(ctx context.Context, sizes <-chan size, prog *tea.Program) {
	for {
		select {
		case <-ctx.Done():
			return
		case w := <-sizes:
			prog.Send(tea.WindowSizeMsg{Width: w.cols, Height: w.rows})
		}
	}
}

// idle ends a session in which nobody has typed for the limit, with a warning
// before. What is written to the terminal does not count: a live screen is
// never quiet.
func (s *Server) idle(ctx context.Context, in *keyboard, prog *tea.Program, v *visit) {
	warning := min(2*time.Minute, s.o.Limits.Idle/2)
	t := time.NewTicker(min(5*time.Second, max(warning/4, 10*time.Millisecond)))
	defer t.Stop()
	warned := int64(0)
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			last := in.last.Load()
			quiet := now.Sub(time.Unix(0, last))
			switch {
			case quiet >= s.o.Limits.Idle:
				v.mu.Lock()
				v.reason = "idle"
				v.mu.Unlock()
				prog.Quit()
				return
			case quiet >= s.o.Limits.Idle-warning && warned != last:
				warned = last
				left := (s.o.Limits.Idle - quiet).Round(time.Second)
				prog.Send(noticeMsg("no key for " + quiet.Round(time.Second).String() + ": this session closes in " + left.String() + " (press any key to stay)"))
			}
		}
	}
}

// terminal returns the session's terminal, nil when it asked for none.
func (v *visit) terminal(sess ssh.Session) *ssh.Pty {
	p, _ := sess.Context().Value(ptyKey{}).(ssh.Pty)
	if p.Term == "" {
		return nil
	}
	return &p
}

type ptyKey struct{}

// keepPTY remembers the terminal that a session asked for; the filter has made
// it harmless.
func keepPTY(ctx ssh.Context, p ssh.Pty) bool {
	ctx.SetValue(ptyKey{}, p)
	return true
}

func terminalOf(sess ssh.Session, pty *ssh.Pty, rate func() float64) Terminal {
	env := make([]string, 0, len(sess.Environ())+1)
	for _, kv := range sess.Environ() {
		if !strings.HasPrefix(kv, "TERM=") {
			env = append(env, kv)
		}
	}
	env = append(env, "TERM="+pty.Term)
	return Terminal{
		Term: pty.Term, Env: env, Profile: profileOf(env),
		Cols: pty.Window.Width, Rows: pty.Window.Height, Rate: rate,
	}
}

// profileOf reads the colours from the trader's own environment. NO_COLOR is
// any value that is not empty, which the library takes for a boolean.
func profileOf(env []string) colorprofile.Profile {
	p := colorprofile.Env(env)
	for _, kv := range env {
		if v, ok := strings.CutPrefix(kv, "NO_COLOR="); ok && v != "" {
			return min(p, colorprofile.ASCII)
		}
	}
	return p
}

var panics atomic.Uint64

// panicID names a panic on the trader's screen and in the log.
func panicID() string {
	return strconv.FormatInt(time.Now().Unix(), 36) + "-" + strconv.FormatUint(panics.Add(1), 36)
}

// reasonLabel folds the reasons for which sessions end into a few for metrics.
func reasonLabel(reason string) string {
	for _, known := range []string{"quit", "idle", "key removed", "rights changed", "connection lost", "no answer", "closed by the client", "server stopped", "terminal stopped reading", "refused"} {
		if strings.HasPrefix(reason, known) {
			return strings.ReplaceAll(known, " ", "_")
		}
	}
	return "other"
}
