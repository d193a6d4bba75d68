package app

import (
	"context"
	"os"
	"sync"

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
	c.painter.show(c.inner.View(), c.w, c.h)
	return c.inner.Init()
}

// Update implements tea.Model.
func (c *canvas) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		c.w, c.h = size.Width, size.Height
	}
	_, cmd := c.inner.Update(msg)
	c.painter.show(c.inner.View(), c.w, c.h)
	return c, cmd
}

// View is never drawn: the painter draws.
func (c *canvas) View() tea.View { return tea.View{} }

// tty is this process's terminal, raw while a program runs.
type tty struct {
	mu  sync.Mutex
	old *term.State
}

func (t *tty) raw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.old != nil {
		return nil
	}
	old, err := term.MakeRaw(os.Stdin.Fd())
	if err == nil {
		t.old = old
	}
	return err
}

func (t *tty) cooked() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.old != nil {
		_ = term.Restore(os.Stdin.Fd(), t.old)
		t.old = nil
	}
}

// runLocal runs a model in this terminal until it quits or ctx ends, and gives
// the terminal back whatever happens.
func runLocal(ctx context.Context, g *Guard, w, h int, opts ...tea.ProgramOption) error {
	var t tty
	if err := t.raw(); err != nil {
		return err
	}
	defer t.cooked()
	paint := newPainter(os.Stdout)
	defer paint.close()
	redraw := tea.ClearScreen() // Bubble Tea keeps the type to itself
	filter := func(_ tea.Model, msg tea.Msg) tea.Msg {
		if msg == redraw {
			paint.redraw()
		}
		switch msg.(type) {
		case tea.SuspendMsg: // the program stops while this message is handled
			paint.pause()
			t.cooked()
		case tea.ResumeMsg:
			_ = t.raw()
			paint.resume()
		}
		return msg
	}
	opts = append(opts, tea.WithoutRenderer(), tea.WithoutSignalHandler(), tea.WithInput(os.Stdin), tea.WithOutput(os.Stdout),
		tea.WithWindowSize(w, h), tea.WithFilter(filter))
	p := tea.NewProgram(&canvas{inner: g, painter: paint, w: w, h: h}, opts...)
	defer quitWith(ctx, p)()
	defer watchSize(p)()
	_, err := p.Run()
	return err
}
