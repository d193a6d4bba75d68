package app

import (
	"context"
	"os"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/alert"
	"ticktop/ui"
	"ticktop/ui/keymap"
)

// flushRate is how often a second Bubble Tea writes what is not a picture: a
// copy to the clipboard, a question to the terminal.
const flushRate = 4

// Screen is what is particular to one session in this terminal.
type Screen struct {
	Faults   ui.Faults
	Captions <-chan datasource.Safe
	Page     string
	Private  bool
	Hide     func(bool) // told when balances are hidden or shown; may be nil
	Title    string
	Notice   datasource.Safe                         // a banner: what was discovered
	Card     []datasource.Safe                       // shown over the dashboard of an empty Redis; nil for none
	Found    bool                                    // the configuration was discovered: W writes it
	Wrote    func(path string, before, after []byte) // told of a file that W has changed; may be nil
	Pins     *Pins                                   // what was pinned in an earlier session; nil: nothing
	State    ui.State                                // what was remembered of an earlier session
	Remember func(ui.State)                          // keeps what there is to remember; may be nil
}

// Run shows the dashboard in this terminal until the user quits or ctx ends.
func (a *App) Run(ctx context.Context, c *config.Config, s Screen) error {
	o, err := a.SessionOptions(c, os.Environ(), true)
	if err != nil {
		return err
	}
	o.Local = true
	o.Hide = s.Hide
	o.State, o.Remember = s.State, s.Remember
	o.Alerts = a.ownAlerts()
	desk := a.Desk(Principal{})
	desk.pins = s.Pins
	if desk.pins == nil {
		desk.pins = NewPins(a.load, "", nil, a.log)
	}
	o.Desk, o.Browser = desk, a.keyBrowser(Principal{}, desk.pins)
	if a.backend != nil && a.demo == nil {
		o.Write = a.writer(s.Found, desk.pins, s.Wrote)
	}
	o.Faults, o.Captions, o.Page, o.Private, o.Title = s.Faults, s.Captions, s.Page, s.Private || c.Look.Private, s.Title
	if w, h, err := term.GetSize(os.Stdout.Fd()); err == nil {
		o.Width, o.Height = w, h
	}
	if o.Pixels {
		o.Cell[0], o.Cell[1] = cellSize()
	}
	m := ui.New(o)
	defer m.Close()
	if err := m.Err(); err != nil {
		return &UsageError{err}
	}
	if !s.Notice.Empty() {
		m.Found(s.Notice)
	}
	if s.Card != nil {
		m.Welcome(datasource.Clean("This Redis is empty", 0), s.Card)
	}
	g := NewGuard(m, a.log)
	err = runLocal(ctx, g, o.Width, o.Height, tea.WithFPS(flushRate), tea.WithColorProfile(TeaProfile(o.Profile)))
	return programError(g, err)
}

// ownAlerts returns the alerts of a new session.
func (a *App) ownAlerts() *ownAlerts {
	return &ownAlerts{configured: func() []*alert.Rule { return a.Config().Alerts }}
}

// SessionOptions returns what the configuration says of any session, for a
// terminal with this environment.
func (a *App) SessionOptions(c *config.Config, environ []string, tty bool) (ui.Options, error) {
	keys, err := a.keys.tableFor(c)
	if err != nil {
		return ui.Options{}, &UsageError{err}
	}
	return ui.Options{
		Theme: c.Look.Theme, Profile: Profile(environ, tty, c.Look.Color), Symbols: SymbolsFor(environ, c.Look.Symbols),
		Pixels: tty && c.Look.Symbols == "pixels",
		Keys:   keys, Cache: a.Cache, NoMouse: !c.Look.Mouse, Notify: c.Look.Notify, Log: a.log,
	}, nil
}

// keyTables keeps the key table of the configuration in force: sessions whose
// keys are the same share it, and with it the pictures that name keys.
type keyTables struct {
	mu     sync.Mutex
	config *config.Config
	keys   *keymap.Map
}

func (t *keyTables) tableFor(c *config.Config) (*keymap.Map, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.config == c {
		return t.keys, nil
	}
	keys, err := keymap.New(c.Look.Keys)
	if err != nil {
		return nil, err
	}
	t.config, t.keys = c, keys
	return keys, nil
}

// killAfter is how long a program may take to quit before it is killed.
const killAfter = 2 * time.Second

// quitWith ends p when ctx ends; the function it returns ends the wait.
func quitWith(ctx context.Context, p *tea.Program) func() {
	done := make(chan struct{})
	go func() {
		select {
		case <-done:
			return
		case <-ctx.Done():
		}
		go p.Quit() // may block when the program hangs
		select {
		case <-done:
		case <-time.After(killAfter):
			p.Kill()
		}
	}()
	return func() { close(done) }
}
