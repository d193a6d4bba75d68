package ui

import (
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// Model is one session: what it looks at, where its focus is, what it has
// open. It is a tea.Model and belongs to its program's goroutine; only what is
// documented otherwise may be called from another.
//
// Nothing in it waits: data come in as messages, and whatever can take time
// leaves as a command.
type Model struct {
	opt  Options
	id   uint64
	done chan struct{}

	closing  sync.Once
	dash     *Dashboard
	feed     datasource.Feed
	feedDone chan struct{}        // closed when feed is another's turn
	gen      uint64               // of the feed: messages of an earlier one are ignored
	paced    time.Time            // when the feed's messages, at the frame rate, would be through
	snap     *datasource.Snapshot // what is shown; never nil
	whole    *datasource.Snapshot // snap before anything private was hidden in it
	hiding   mask.View
	slept    datasource.Sleep    // of the machine, the last that was heard of
	err      error               // why there is no dashboard
	vars     map[string][]string // as chosen in this session; nil: as configured

	asked uint64 // dashboards asked for: an answer to an older question is dropped

	now        time.Time // whole seconds
	w, h       int
	themeName  string // as chosen; "" follows the terminal's background
	darkScreen bool
	pal        *theme.Palette
	term       terminal

	page    int
	focus   []int // by page: index of the panel
	zoomed  bool
	views   map[widgets.Widget]widgets.View
	stamps  bool
	private bool
	mouse   bool

	pause   pause
	toast   toast
	toastTo time.Time
	caption datasource.Safe
	notice  datasource.Safe // of the program, until a key is pressed
	faults  []Fault         // as last known
	filter  *filterLine
	overlay overlay
	alerts  alertBook
	bellAt  time.Time
	rate    string

	scene      *Scene
	shared     func(*datasource.Snapshot, time.Time) string // draws sharedOf for a group
	sharedOf   *Scene
	sceneDirty bool
	dirty      bool
	memo       memo
	view       tea.View
}

var sessions atomic.Uint64

// New makes a session and opens its dashboard, so that the first View is
// already the dashboard at its real size with panels that wait for data. When
// the Desk refuses, Err says why and the View is a card with the reason.
func New(o Options) *Model {
	o.fill()
	m := &Model{
		vars: o.Vars,
		opt:  o, id: sessions.Add(1), done: make(chan struct{}), snap: emptySnapshot(),
		now: wholeSecond(o.Clock()), themeName: o.Theme, darkScreen: true, term: newTerminal(o.Term, nil),
		views: map[widgets.Widget]widgets.View{}, stamps: o.Stamps, private: o.Private, mouse: !o.NoMouse,
		sceneDirty: true, dirty: true,
	}
	if m.themeName == "auto" {
		m.themeName = ""
	}
	if o.Faults != nil {
		m.faults = o.Faults.List()
	}
	m.setSize(o.Width, o.Height)
	m.setPalette()
	dash, feed, err := o.Desk.Open(o.Vars)
	if err != nil {
		m.err = err
		return m
	}
	m.adopt(dash, feed)
	m.page = pageNamed(dash, o.Page)
	return m
}

// Err returns why the dashboard could not be opened, or nil.
func (m *Model) Err() error { return m.err }

// Close ends the session's watch of the data. It is called after the
// program has ended; again, it does nothing.
func (m *Model) Close() {
	m.closing.Do(func() {
		close(m.done)
		if m.feed != nil {
			close(m.feedDone)
			m.feed.Close()
		}
	})
}

// Init returns the commands that keep a session alive: the clock, the wait for
// data, for a new configuration and for the tour's next caption.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.waitSecond(), m.waitData(true), m.waitDesk(), m.waitCaption(), tea.RequestBackgroundColor)
}

// View returns the picture: exactly as many lines and cells as the screen has,
// never empty. It costs nothing while nothing has changed.
func (m *Model) View() tea.View {
	if m.dirty {
		m.dirty = false
		m.render()
	}
	return m.view
}

func (m *Model) render() {
	v := tea.View{AltScreen: true, WindowTitle: m.Title(), MouseMode: m.Mouse()}
	if bg, ok := m.Background(); ok {
		v.BackgroundColor = bg
	}
	switch card := m.card(); {
	case card != "":
		v.Content = card
		if m.pal.Symbols == theme.ASCII {
			v.Content = chrome.ASCII(card)
		}
	default:
		v.Content = m.current().draw(&m.memo, m.opt.Cache, m.opt.Log, m.snap, m.now)
		v.Cursor = m.filterCursor()
		if m.overlay != nil {
			v.Content, v.Cursor = m.drawOverlay(v.Content)
		}
	}
	m.view = v
}

// changed marks what a key changed: the scene is made anew.
func (m *Model) changed() { m.sceneDirty, m.dirty = true, true }

// current returns the scene, made anew if anything in it has changed.
func (m *Model) current() *Scene {
	if m.sceneDirty || m.scene == nil {
		m.sceneDirty = false
		if sc := m.buildScene(); m.scene == nil || sc.key != m.scene.key {
			m.scene = sc
		}
	}
	return m.scene
}

func (m *Model) setSize(w, h int) {
	m.w, m.h = min(max(w, 1), maxWidth), min(max(h, 1), maxHeight)
	m.changed()
}

func (m *Model) setPalette() {
	t := theme.For(m.darkScreen)
	if m.themeName != "" {
		if named, err := theme.Lookup(m.themeName); err == nil {
			t = named
		}
	}
	m.pal = theme.Compile(t, m.opt.Profile, m.opt.Symbols)
	m.changed()
}

// Background is what the terminal's own is replaced by: only when a theme was
// chosen that could not be read on it.
func (m *Model) Background() (theme.RGB, bool) {
	bg, ok := m.pal.Background()
	if !ok || m.themeName == "" {
		return 0, false
	}
	r, g, b, _ := bg.RGBA()
	dark := 299*r+587*g+114*b < 1000*0x8000
	return bg, dark != m.darkScreen
}

// pageOf returns the page shown; nil when the dashboard has none.
func (m *Model) pageOf() *layout.Page {
	if m.dash == nil || len(m.dash.Pages) == 0 {
		return nil
	}
	return &m.dash.Pages[m.page]
}

// focused returns the slot that has the focus, or nil.
func (m *Model) focused() *layout.Slot {
	sc := m.current()
	if sc.focus < 0 {
		return nil
	}
	return &sc.plan.Slots[sc.focus]
}

// frame returns what the focused panel is drawn with.
func (m *Model) frame() widgets.Frame { return m.scene.frameOf(m.scene.focus, m.snap, m.now) }

func (m *Model) hidesBalances() bool { return m.private || m.dash != nil && m.dash.Private }

func emptySnapshot() *datasource.Snapshot {
	return datasource.NewSnapshot(time.Time{}, 0, nil, nil, nil)
}

// wholeSecond cuts t to the second and keeps its monotonic reading, so that
// ages do not jump with the wall clock.
func wholeSecond(t time.Time) time.Time { return t.Add(-time.Duration(t.Nanosecond())) }
