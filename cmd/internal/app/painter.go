package app

import (
	"fmt"
	"image/color"
	"io"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"ticktop/ui/broadcast"
)

// painter draws a model on the local terminal in place of Bubble Tea's
// renderer: at once instead of at the next tick of a clock, with nothing to do
// while nothing changes, with no sequence that a plain terminal does not know
// (no scrolling regions, no tab stops), and with only text and SGR let through,
// whatever is in a picture.
//
// It writes in a goroutine of its own and always the newest picture: a terminal
// that is held (ctrl+s) or slow delays nothing else.
type painter struct {
	out    io.Writer
	styles *broadcast.Styles

	mu     sync.Mutex
	next   *frame // newest wins; nil when drawn
	whole  bool   // what is on the screen is unknown
	paused bool   // the terminal belongs to the shell
	wake   chan struct{}
	done   chan struct{}
	over   chan struct{}

	shown    frame // belongs to the goroutine, as does what follows
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
// marked as such; then everything back, whatever was on.
const (
	enter = "\x1b[?1049h\x1b[?25l\x1b[?2004h"
	leave = "\x1b[?2026l\x1b[m\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1049l\x1b[?25h"
)

func newPainter(out io.Writer) *painter {
	p := &painter{out: out, styles: broadcast.NewStyles(), whole: true,
		wake: make(chan struct{}, 1), done: make(chan struct{}), over: make(chan struct{})}
	go p.run()
	return p
}

// show has a view drawn soon. It never waits for the terminal.
func (p *painter) show(v tea.View, w, h int) {
	p.mu.Lock()
	p.next = &frame{content: v.Content, w: w, h: h, title: v.WindowTitle, mouse: v.MouseMode, bg: v.BackgroundColor, cursor: v.Cursor}
	p.mu.Unlock()
	p.poke()
}

// redraw has the whole screen written again.
func (p *painter) redraw() {
	p.mu.Lock()
	p.whole = true
	if p.next == nil {
		again := p.shown
		p.next = &again
	}
	p.mu.Unlock()
	p.poke()
}

func (p *painter) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// close writes the newest picture, then gives the terminal back.
func (p *painter) close() {
	close(p.done)
	<-p.over
}

func (p *painter) run() {
	defer close(p.over)
	for {
		select {
		case <-p.wake:
			p.flush()
		case <-p.done:
			_, _ = io.WriteString(p.out, p.restore())
			return
		}
	}
}

// flush writes what differs between the newest frame and the terminal.
func (p *painter) flush() {
	p.mu.Lock()
	f, whole := p.next, p.whole
	if f == nil || p.paused {
		p.mu.Unlock()
		return
	}
	p.next, p.whole = nil, false
	p.mu.Unlock()
	var b []byte
	if whole {
		b = append(b, enter...)
		p.shown, p.screen, p.bgColour = frame{}, nil, false
	}
	b = p.modes(b, f)
	if whole || f.content != p.shown.content || f.w != p.shown.w || f.h != p.shown.h {
		screen := broadcast.Parse(p.screen, f.content, f.w, f.h, p.styles)
		b = append(b, screen.Diff(p.screen, p.styles)...)
		p.screen = screen
	}
	b = cursor(b, p.shown.cursor, f.cursor)
	p.mu.Lock()
	p.shown = *f
	p.mu.Unlock()
	if len(b) > 0 {
		_, _ = p.out.Write(b)
	}
}

// modes appends what the frame asks of the terminal beside its picture.
func (p *painter) modes(b []byte, f *frame) []byte {
	if f.title != p.shown.title {
		b = append(b, ansi.SetWindowTitle(f.title)...)
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

// cursor appends where the text cursor stands: after each frame that has one,
// for drawing has moved it.
func cursor(b []byte, was, is *tea.Cursor) []byte {
	switch {
	case is != nil && (len(b) > 0 || was == nil || was.Position != is.Position):
		b = append(b, ansi.CursorPosition(is.X+1, is.Y+1)...)
		return append(b, "\x1b[?25h"...)
	case is == nil && was != nil:
		return append(b, "\x1b[?25l"...)
	}
	return b
}

// restore returns what gives the terminal back.
func (p *painter) restore() string {
	if p.screen == nil {
		return ""
	}
	if p.bgColour {
		return ansi.ResetBackgroundColor + leave
	}
	return leave
}

// pause gives the terminal to the shell, resume takes it back.
func (p *painter) pause() {
	p.mu.Lock()
	p.paused = true
	text := p.restore()
	p.mu.Unlock()
	_, _ = io.WriteString(p.out, text)
}

func (p *painter) resume() {
	p.mu.Lock()
	p.paused = false
	p.mu.Unlock()
	p.redraw()
}
