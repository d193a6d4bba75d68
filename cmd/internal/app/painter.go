package app

import (
	"fmt"
	"image/color"
	"io"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/ui/broadcast"
)

// painter draws a model on the local terminal in place of Bubble Tea's
// renderer: at once instead of at the next tick of a clock, with nothing to do
// while nothing changes, with no sequence that a plain terminal does not know
// (no scrolling regions, no tab stops), and with only text and SGR let through,
// whatever is in a picture.
//
// It writes in its own goroutine and always the newest picture: a terminal
// that is held (ctrl+s) or slow delays nothing else.
type painter struct {
	out    io.Writer
	styles *broadcast.Styles
	failed func(any) // told of a panic, on the goroutine where it happened

	mu     sync.Mutex
	next   *frame // newest wins; nil when drawn
	whole  bool   // what is on the screen is unknown
	paused bool   // the terminal belongs to the shell
	oob    []byte // to be written before the next frame
	wake   chan struct{}
	done   chan struct{}
	over   chan struct{}

	turn     chan struct{} // held by the writer; it guards what follows
	shown    frame         // read with mu, too
	screen   *broadcast.Screen
	bgColour bool
}

// frame is what a terminal is to show.
type frame struct {
	content string
	w, h    int
	title   string
	mouse   tea.MouseMode
	bg      color.Color
	cursor  *tea.Cursor
}

// enter and leave frame a session: the alternate screen, no cursor, pastes
// marked as such, and no next line for a character that a terminal draws wider
// than we think; then everything back, whatever was on.
const (
	enter = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[?2004h"
	leave = "\x1b[?2026l\x1b[m\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1049l\x1b[?7h\x1b[?25h"
)

// patience is how long the terminal is waited for when it is given away: what
// holds it (ctrl+s, a dead line) may hold it for ever.
const patience = 500 * time.Millisecond

// newPainter starts a painter. failed is called when drawing panics, which
// nothing is drawn after.
func newPainter(out io.Writer, failed func(any)) *painter {
	p := &painter{out: out, styles: broadcast.NewStyles(), failed: failed, whole: true, turn: make(chan struct{}, 1),
		wake: make(chan struct{}, 1), done: make(chan struct{}), over: make(chan struct{})}
	go p.run()
	return p
}

// showView has a view drawn soon. It never waits for the terminal.
func (p *painter) showView(v tea.View, w, h int) {
	p.mu.Lock()
	p.next = &frame{content: v.Content, w: w, h: h, title: v.WindowTitle, mouse: v.MouseMode, bg: v.BackgroundColor, cursor: v.Cursor}
	p.mu.Unlock()
	p.signal()
}

// Write has a sequence written between two frames: a copy to the clipboard, a
// question to the terminal. It never waits, and never fails.
func (p *painter) Write(b []byte) (int, error) {
	p.mu.Lock()
	if len(p.oob)+len(b) <= maxPending {
		p.oob = append(p.oob, b...)
	}
	p.mu.Unlock()
	p.signal()
	return len(b), nil
}

// maxPending bounds what Write keeps for a terminal that is held.
const maxPending = 256 << 10

// redrawAll has the whole screen written again.
func (p *painter) redrawAll() {
	p.mu.Lock()
	p.whole = true
	if p.next == nil {
		again := p.shown
		p.next = &again
	}
	p.mu.Unlock()
	p.signal()
}

func (p *painter) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// close gives the terminal back.
func (p *painter) close() {
	close(p.done)
	select {
	case <-p.over:
	case <-time.After(patience):
	}
}

func (p *painter) run() {
	defer close(p.over)
	for {
		select {
		case <-p.wake:
			p.flush()
		case <-p.done:
			p.turn <- struct{}{}
			p.mu.Lock()
			b := append(p.oob, p.restoreSequence()...)
			p.mu.Unlock()
			_, _ = p.out.Write(b)
			return
		}
	}
}

// flush writes what waits.
func (p *painter) flush() {
	p.turn <- struct{}{}
	defer func() { <-p.turn }()
	defer func() {
		if r := recover(); r != nil {
			p.mu.Lock()
			p.paused = true
			p.mu.Unlock()
			p.failed(r)
		}
	}()
	p.mu.Lock()
	if p.paused {
		p.mu.Unlock()
		return
	}
	f, whole, b := p.next, p.whole, p.oob
	p.next, p.oob = nil, nil
	if f != nil {
		p.whole = false
	}
	p.mu.Unlock()
	if f != nil {
		b = p.draw(b, f, whole)
	}
	if len(b) > 0 {
		_, _ = p.out.Write(b)
	}
}

// draw appends what differs between a frame and the terminal.
func (p *painter) draw(b []byte, f *frame, whole bool) []byte {
	if whole {
		b = append(b, enter...)
		p.shown, p.screen, p.bgColour = frame{}, nil, false
	}
	b = p.appendModes(b, f)
	if whole || f.content != p.shown.content || f.w != p.shown.w || f.h != p.shown.h {
		screen := broadcast.Parse(p.screen, f.content, f.w, f.h, p.styles)
		b = append(b, screen.Diff(p.screen, p.styles)...)
		p.screen = screen
	}
	b = appendCursor(b, p.shown.cursor, f.cursor)
	p.mu.Lock()
	p.shown = *f
	p.mu.Unlock()
	return b
}

// appendModes appends what the frame asks of the terminal beside its picture.
func (p *painter) appendModes(b []byte, f *frame) []byte {
	if f.title != p.shown.title {
		b = append(b, ansi.SetWindowTitle(datasource.Clean(f.title, 256).String())...)
	}
	if f.mouse != p.shown.mouse {
		b = append(b, "\x1b[?1002l\x1b[?1003l\x1b[?1006l"...)
		switch f.mouse {
		case tea.MouseModeCellMotion:
			b = append(b, "\x1b[?1002h\x1b[?1006h"...)
		case tea.MouseModeAllMotion:
			b = append(b, "\x1b[?1003h\x1b[?1006h"...)
		}
	}
	switch {
	case f.bg == nil && p.bgColour:
		b, p.bgColour = append(b, ansi.ResetBackgroundColor...), false
	case f.bg != nil && f.bg != p.shown.bg:
		r, g, bl, _ := f.bg.RGBA()
		b, p.bgColour = append(b, ansi.SetBackgroundColor(fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, bl>>8))...), true
	}
	return b
}

// appendCursor appends where the text cursor stands: after each frame that has one,
// for drawing has moved it.
func appendCursor(b []byte, was, is *tea.Cursor) []byte {
	switch {
	case is != nil && (len(b) > 0 || was == nil || was.Position != is.Position):
		b = append(b, ansi.CursorPosition(is.X+1, is.Y+1)...)
		return append(b, "\x1b[?25h"...)
	case is == nil && was != nil:
		return append(b, "\x1b[?25l"...)
	}
	return b
}

// restoreSequence returns what gives the terminal back.
func (p *painter) restoreSequence() string {
	if p.screen == nil {
		return ""
	}
	if p.bgColour {
		return ansi.ResetBackgroundColor + leave
	}
	return leave
}

// pause gives the terminal to the shell, resume takes it back. A frame that is
// being written is waited for: the shell's screen is not to be drawn over.
func (p *painter) pause() {
	p.mu.Lock()
	p.paused = true
	p.mu.Unlock()
	select {
	case p.turn <- struct{}{}:
	case <-time.After(patience):
		return // held: nothing can be written
	}
	defer func() { <-p.turn }()
	_, _ = io.WriteString(p.out, p.restoreSequence())
}

func (p *painter) resume() {
	p.mu.Lock()
	p.paused = false
	p.mu.Unlock()
	p.redrawAll()
}
