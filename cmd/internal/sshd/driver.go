package sshd

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/broadcast"
)

// Screen is the program of one session. Its methods are called from one
// goroutine.
type Screen interface {
	tea.Model
	// SharedView returns what the session shows when others can show the same;
	// ok is false while it has something of its own on the screen.
	SharedView() (p broadcast.View, ok bool)
	// Title is the window's title, Mouse whether the mouse is asked for; both
	// without drawing anything.
	Title() string
	Mouse() tea.MouseMode
	// Notice puts a line on the screen until a key is pressed.
	Notice(text datasource.Safe)
	// Close ends what the screen holds.
	Close()
}

// driver puts a Screen on a member: what it shows is either shared or its own.
type driver struct {
	screen Screen
	member *broadcast.Member
	w, h   int
	title  string
	mouse  tea.MouseMode
	failed *crash

	due     time.Time // when the next frame may be presented
	redraw  bool      // the next frame is to be sent whole
	waiting bool      // a presentMsg is under way
}

// presentPace is the least time between two changes of what a session shows. Each
// may be a whole frame to be drawn, and a client can send thousands of keys a
// second: the first is shown at once, of a flood the newest at that pace. A large
// screen costs more, in time and in garbage: one of 500×200 changes seven times a
// second at most, one of 120×40 twenty-two times.
func presentPace(w, h int) time.Duration {
	return 40*time.Millisecond + time.Duration(w*h)*time.Microsecond
}

// presentMsg presents what has changed since the last frame.
type presentMsg struct{}

type noticeMsg string

// Init starts the screen's own commands.
func (d *driver) Init() (cmd tea.Cmd) {
	defer d.guard(&cmd)
	return guardCommand(d.screen.Init())
}

// Update passes the message on and shows what came of it. A panic ends this
// session only.
func (d *driver) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	m = d
	defer d.guard(&cmd)
	switch msg := msg.(type) {
	case *crash:
		panic(msg)
	case noticeMsg:
		d.screen.Notice(datasource.Clean(string(msg), 256))
	case tea.WindowSizeMsg:
		d.w, d.h = msg.Width, msg.Height
		cmd = d.update(msg)
	case presentMsg:
	default:
		cmd = d.update(msg)
	}
	if msg == tea.ClearScreen() {
		d.redraw = true
	}
	return d, tea.Batch(guardCommand(cmd), d.presentPaced(msg))
}

// update passes a message to the screen when it is its owner's turn: eight
// sessions that send keys all the time take one processor, not all.
func (d *driver) update(msg tea.Msg) (cmd tea.Cmd) {
	d.member.Work(func() { _, cmd = d.screen.Update(msg) })
	return cmd
}

// presentPaced presents at once when nothing was presented lately, else when
// the pace allows it.
func (d *driver) presentPaced(msg tea.Msg) tea.Cmd {
	if _, due := msg.(presentMsg); due {
		d.waiting = false
	}
	if d.waiting {
		return nil
	}
	if wait := time.Until(d.due); wait > 0 {
		d.waiting = true
		return tea.Tick(wait, func(time.Time) tea.Msg { return presentMsg{} })
	}
	if d.redraw {
		d.redraw = false
		d.member.Redraw()
	}
	d.present()
	d.due = time.Now().Add(presentPace(d.w, d.h))
	return nil
}

// guard is deferred: it ends the program after a panic, of which the first
// counts.
func (d *driver) guard(cmd *tea.Cmd) {
	if r := recover(); r != nil {
		c := asCrash(r)
		if d.failed == nil {
			d.failed = c
		}
		*cmd = tea.Quit
	}
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
	var p broadcast.View
	var ok bool
	d.member.Work(func() { p, ok = d.screen.SharedView() })
	if ok && d.member.Join(p) == nil {
		return
	}
	d.member.Show(d.w, d.h, func() string { return d.screen.View().Content })
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
