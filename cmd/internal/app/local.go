package app

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
)

// canvas is a tea.Model around another whose views go to a painter.
type canvas struct {
	inner   tea.Model
	painter *painter
	w, h    int
}

// Init implements tea.Model. The first picture is drawn before anything else
// is done.
func (c *canvas) Init() tea.Cmd {
	c.painter.showView(c.inner.View(), c.w, c.h)
	return c.inner.Init()
}

// Update implements tea.Model.
func (c *canvas) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		c.w, c.h = size.Width, size.Height
	}
	_, cmd := c.inner.Update(msg)
	c.painter.showView(c.inner.View(), c.w, c.h)
	return c, cmd
}

// View is never drawn: the painter draws.
func (c *canvas) View() tea.View { return tea.View{} }

// tty is this process's terminal, raw while a program runs.
type tty struct {
	mu   sync.Mutex
	old  *term.State
	lent bool // to the shell
}

func (t *tty) makeRaw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lent = false
	if t.old != nil {
		return nil
	}
	old, err := term.MakeRaw(os.Stdin.Fd())
	if err == nil {
		t.old = old
	}
	return err
}

func (t *tty) restoreModes() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.old != nil {
		_ = term.Restore(os.Stdin.Fd(), t.old)
		t.old = nil
	}
}

// lendToShell is cooked, until raw.
func (t *tty) lendToShell() {
	t.restoreModes()
	t.mu.Lock()
	t.lent = true
	t.mu.Unlock()
}

// retakeRaw makes the terminal raw again after a stop that nobody could prepare
// for: the shell has used it meanwhile. It reports whether there was such one.
func (t *tty) retakeRaw() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lent || t.old == nil {
		return false
	}
	_, err := term.MakeRaw(os.Stdin.Fd())
	return err == nil
}

// lastResort gives the terminal back without its program.
var lastResort atomic.Pointer[func()]

// GiveBack gives the terminal back, as far as it can be, for who ends the
// process without waiting any longer.
func GiveBack() {
	if f := lastResort.Load(); f != nil {
		(*f)()
	}
}

func (t *tty) giveBack() {
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(os.Stdout, leave)
	}()
	select {
	case <-written:
	case <-time.After(patience):
	}
	t.restoreModes()
}

// input is the terminal's. In raw mode it has no end, so an end means that the
// terminal is gone; the library behind would go on without it for ever.
type input struct {
	*os.File
	gone func()
}

func (i *input) Read(b []byte) (int, error) {
	n, err := i.File.Read(b)
	if n == 0 && err != nil {
		i.gone()
	}
	return n, err
}

var errGone = errors.New("it is gone")

// runLocal runs a model in this terminal until it quits or ctx ends, and gives
// the terminal back whatever happens.
func runLocal(ctx context.Context, g *Guard, w, h int, opts ...tea.ProgramOption) error {
	var t tty
	if err := t.makeRaw(); err != nil {
		return err
	}
	defer t.restoreModes()
	back := t.giveBack
	lastResort.Store(&back)
	defer lastResort.Store(nil)
	var p *tea.Program
	paint := newPainter(os.Stdout, func(v any) {
		logPanic(g.log, "painter", v)
		go p.Send(panicked{v})
	})
	defer paint.close()
	signals := newJobSignals()
	redraw := tea.ClearScreen() // Bubble Tea keeps the type to itself
	filter := func(_ tea.Model, msg tea.Msg) tea.Msg {
		if msg == redraw {
			paint.redrawAll()
		}
		switch msg.(type) {
		case tea.SuspendMsg: // the program stops while this message is handled
			paint.pause()
			t.lendToShell()
			signals.stopping()
		case tea.ResumeMsg:
			signals.resumed()
			_ = t.makeRaw()
			paint.resume()
		}
		return msg
	}
	gone := make(chan struct{})
	in := &input{os.Stdin, sync.OnceFunc(func() { close(gone); go p.Quit() })}
	opts = append(opts, tea.WithoutRenderer(), tea.WithoutSignalHandler(), tea.WithInput(in), tea.WithOutput(paint),
		tea.WithWindowSize(w, h), tea.WithFilter(filter))
	p = tea.NewProgram(&canvas{inner: g, painter: paint, w: w, h: h}, opts...)
	defer quitWith(ctx, p)()
	defer signals.watch(p.Send, func() {
		if t.retakeRaw() {
			paint.redrawAll()
		}
	})()
	_, err := p.Run()
	select {
	case <-gone:
		if err == nil && ctx.Err() == nil {
			err = errGone
		}
	default:
	}
	return err
}
