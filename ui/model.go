package ui

import (
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/ui/alertbook"
	"ticktop/ui/chrome"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// Model is one session. It is a tea.Model and belongs to its program's
// goroutine; only what is documented otherwise may be called from another.
//
// It owns what one viewer has and another has not: the feed it watches and the
// snapshot it shows (watch), where it is on the dashboard (place), what it has
// done to panels (views), what it has chosen of looks (theme, stamps, privacy,
// mouse), what is open (overlay, filter), and its alerts (alerts). It draws
// nothing itself: a frame is a scene.Scene, what opens over it is an
// overlay.Overlay, and what a key does is looked up in keymap and done by the
// functions of handlers.go.
//
// Nothing in it waits: data comes in as messages, and whatever can take time
// leaves as a command.
type Model struct {
	opt  Options
	id   uint64
	done chan struct{}

	closing sync.Once
	dash    *Dashboard
	watch   watch
	snap    *datasource.Snapshot // what is shown; never nil
	whole   *datasource.Snapshot // snap before anything private was hidden in it
	hiding  mask.View
	suspend datasource.Sleep    // the last system suspend that was reported
	err     error               // why there is no dashboard
	vars    map[string][]string // as chosen in this session; nil: as configured
	opening uint64              // dashboards asked for: an answer to an older question is dropped

	now        time.Time // whole seconds
	w, h       int
	themeName  string // as chosen; "" follows the terminal's background
	darkScreen bool
	pal        *theme.Palette
	graphics   theme.Graphics // what the terminal shows beside characters
	pixelPal   *theme.Palette // pal, with it
	term       terminal

	place  place
	fitted fitted

	arrangements map[string]Arrangement // of pages, by name
	views        map[widgets.Widget]widgets.View
	selected     datasource.Safe // the element that linked panels show
	stamps       bool
	private      bool
	mouse        bool
	lists        watchlists
	undo         []func() tea.Cmd
	touched      bool     // since State was last handed out
	recent       []string // chosen in the palette, newest first

	pause     pause
	toast     scene.Toast
	toastTo   time.Time
	caption   datasource.Safe
	notice    datasource.Safe // of the program, until a key is pressed
	found     bool            // notice says what was discovered, until it is written or put away
	faults    []Fault         // as last known
	filter    *filterLine
	overlay   overlay.Overlay
	alerts    alertbook.Book
	ownFiring bool // a rule made on screen fires: the frame is this session's own
	bellAt    time.Time
	rate      string

	scene    *scene.Scene
	shared   func(*datasource.Snapshot, time.Time) string // draws sharedOf for a group
	sharedOf *scene.Scene
	rebuild  bool // the scene is out of date
	dirty    bool // the frame is out of date
	memo     scene.Memo
	view     tea.View
}

var sessions atomic.Uint64

// New makes a session and opens its dashboard, so that the first View is
// already the dashboard at its real size with panels that wait for data. When
// the Desk refuses, Err says why and the View is a card with the reason.
func New(o Options) *Model {
	o.fillDefaults()
	m := &Model{
		vars: o.Vars,
		opt:  o, id: sessions.Add(1), done: make(chan struct{}), snap: emptySnapshot(),
		now: scene.WholeSecond(o.Clock()), themeName: o.Theme, darkScreen: true, term: newTerminal(o.Term, nil),
		views: map[widgets.Widget]widgets.View{}, stamps: o.Stamps, private: o.Private, mouse: !o.NoMouse,
		rebuild: true, dirty: true,
	}
	if m.themeName == "auto" {
		m.themeName = ""
	}
	if o.Faults != nil {
		m.faults = o.Faults.List()
	}
	m.setSize(o.Width, o.Height)
	restoreBeforeOpening(m)
	m.setPalette()
	dash, feed, err := o.Desk.Open(m.vars)
	if err != nil && m.vars != nil && o.Vars == nil { // what is remembered is not allowed any more
		m.vars = nil
		dash, feed, err = o.Desk.Open(nil)
	}
	if err != nil {
		m.err = err
		return m
	}
	m.adoptDashboard(dash, feed)
	m.place.page = pageNamed(dash, o.Page)
	restoreAfterOpening(m)
	return m
}

// Err returns why the dashboard could not be opened, or nil.
func (m *Model) Err() error { return m.err }

// Close ends the session's watch of the data. It is called after the
// program has ended; again, it does nothing.
func (m *Model) Close() {
	m.closing.Do(func() {
		rememberState(m)
		close(m.done)
		m.watch.close()
	})
}

// Init returns the commands that keep a session alive: the clock, the wait for
// data, for a new configuration and for the tour's next caption.
func (m *Model) Init() tea.Cmd {
	cmds := []tea.Cmd{waitSecond(m), waitData(m, true), waitDesk(m), waitCaption(m), tea.RequestBackgroundColor}
	if m.opt.Pixels {
		cmds = append(cmds, askPixels)
	}
	return tea.Batch(cmds...)
}

// View returns the frame: exactly as many lines and cells as the screen has,
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
	switch card := m.cardInstead(); {
	case card != "":
		v.Content = card
		if m.pal.Symbols == theme.ASCII {
			v.Content = chrome.ASCII(card)
		}
	default:
		v.Content = m.currentScene().Draw(&m.memo, m.opt.Cache, m.opt.Log, m.snap, m.now)
		v.Cursor = m.filterCursor()
		if m.overlay != nil {
			v.Content, v.Cursor = overlay.Draw(m.overlay, host{m}, v.Content, m.w, m.h)
		}
	}
	m.view = v
}

// markChanged marks that the scene has to be built anew.
func (m *Model) markChanged() { m.rebuild, m.dirty = true, true }

// currentScene returns the scene, built anew if anything in it has changed.
func (m *Model) currentScene() *scene.Scene {
	if m.rebuild || m.scene == nil {
		m.rebuild = false
		if sc := buildScene(m); m.scene == nil || sc.Key != m.scene.Key {
			m.scene = sc
		}
	}
	return m.scene
}

func (m *Model) setSize(w, h int) {
	m.w, m.h = min(max(w, 1), maxWidth), min(max(h, 1), maxHeight)
	m.markChanged()
}

func (m *Model) setPalette() {
	t := theme.For(m.darkScreen)
	if m.themeName != "" {
		if named, err := theme.Lookup(m.themeName); err == nil {
			t = named
		}
	}
	m.pal = theme.Compile(t, m.opt.Profile, m.opt.Symbols)
	m.pixelPal = m.pal
	if m.graphics.Protocol != theme.NoPixels && m.opt.Symbols == theme.Braille {
		m.pixelPal = m.pal.With(m.graphics)
	}
	m.markChanged()
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

// Mouse returns the mouse mode that the session asks for.
func (m *Model) Mouse() tea.MouseMode {
	if m.mouse {
		return tea.MouseModeCellMotion
	}
	return tea.MouseModeNone
}

// Vars returns the variables of the dashboard shown, to open a feed of the same
// data for a group of sessions. The map is shared.
func (m *Model) Vars() map[string][]string {
	if m.dash == nil {
		return nil
	}
	return m.dash.Vars
}

// Notice shows a message of the program as a banner until a key is pressed: the
// server is about to restart, the session to end for lack of input. An empty
// one takes it away.
func (m *Model) Notice(text datasource.Safe) {
	m.notice, m.found = text, false
	m.markChanged()
}

// Found shows what was discovered as a banner, until it is written or esc is
// pressed.
func (m *Model) Found(text datasource.Safe) {
	m.notice, m.found = text, !text.Empty()
	m.markChanged()
}

// Welcome shows a card with next steps over the dashboard.
func (m *Model) Welcome(title datasource.Safe, lines []datasource.Safe) {
	m.open(overlay.NewCard(title, lines))
}

// showMessage puts a message into the footer for a few seconds.
func (m *Model) showMessage(role theme.Role, text string) {
	m.toast = scene.Toast{Text: datasource.Clean(text, datasource.MaxCell), Role: role}
	m.toastTo = m.opt.Clock().Add(4 * time.Second)
	m.markChanged()
}

func (m *Model) hidesBalances() bool { return m.private || m.dash != nil && m.dash.Private }

func emptySnapshot() *datasource.Snapshot {
	return datasource.NewSnapshot(time.Time{}, 0, nil, nil, nil)
}
