package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"

	"ticktop/datasource"
	"ticktop/ui/keymap"
	"ticktop/ui/overlay"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// doneMsg brings the result of a command back to the session.
type doneMsg struct{ then func(m *Model) tea.Cmd }

// Update routes a message to its handler. It never waits.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case dataMsg:
		return m, onData(m, msg)
	case secondMsg:
		return m, onSecond(m, msg)
	case tea.KeyPressMsg:
		return m, onKey(m, msg)
	case tea.MouseClickMsg:
		return m, onClick(m, msg)
	case tea.MouseMotionMsg:
		return m, onDrag(m, msg)
	case tea.MouseWheelMsg:
		return m, onWheel(m, msg)
	case tea.PasteMsg:
		return m, onPaste(m, msg)
	case tea.WindowSizeMsg:
		m.setSize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		return m, onBackground(m, msg)
	case tea.ColorProfileMsg:
		return m, onProfile(m, msg)
	case tea.EnvMsg:
		m.term = newTerminal(m.opt.Term, msg)
	case tea.ResumeMsg:
		m.markChanged()
	case openedMsg:
		return m, onOpened(m, msg)
	case deskMsg:
		return m, onDesk(m)
	case captionMsg:
		return m, onCaption(m, msg)
	case faultMsg:
		return m, onFault(m, msg)
	case NoticeMsg:
		m.Notice(msg.Text)
	case doneMsg:
		return m, msg.then(m)
	case uv.KittyGraphicsEvent, uv.CellSizeEvent, uv.PrimaryDeviceAttributesEvent:
		onPixels(m, msg)
	}
	return m, nil
}

// onKey gives a key to what is open: a filter being typed, an overlay, or else
// the key table. ctrl+c quits from anywhere.
func onKey(m *Model, msg tea.KeyPressMsg) tea.Cmd {
	key := msg.String()
	m.touched = true
	if !m.notice.Empty() && (!m.found || key == "esc") {
		m.Notice(datasource.Safe{})
	}
	if m.opt.Grouped {
		catchUp(m)
	}
	switch {
	case key == "ctrl+c":
		return tea.Quit
	case m.cardInstead() != "":
		return onCardKey(m, key)
	case alwaysKey(m, key):
	case m.filter != nil:
		return onFilterKey(m, msg)
	case m.overlay != nil:
		m.dirty = true
		return m.overlay.Key(host{m}, msg)
	}
	if b, ok := m.lookupKey(key); ok {
		return doAction(m, b.Action, key)
	}
	return nil
}

// alwaysKey reports whether a key does what it does also while something is
// open: to redraw a broken screen and to suspend, unless it could be text or
// edit it.
func alwaysKey(m *Model, key string) bool {
	b, _ := m.lookupKey(key)
	return (b.Action == keymap.Redraw || b.Action == keymap.Suspend) && (key == "ctrl+l" || key == "ctrl+z" || len(key) == 2 && key[0] == 'f')
}

// onCardKey: on a card there is nothing to do but quit, suspend or switch.
func onCardKey(m *Model, key string) tea.Cmd {
	b, _ := m.lookupKey(key)
	switch b.Action {
	case keymap.Quit:
		return tea.Quit
	case keymap.Suspend:
		return doSuspend(m)
	}
	return nil
}

// onPaste puts a paste into the line that is open, as one line of bounded
// length; with no line open it does nothing, so no paste ever works as keys.
func onPaste(m *Model, msg tea.PasteMsg) tea.Cmd {
	text := msg.Content
	if len(text) > overlay.MaxInput {
		text = text[:overlay.MaxInput]
	}
	text = datasource.Clean(text, overlay.MaxInput).String()
	switch {
	case m.filter != nil:
		m.filter.line.Insert(text)
		applyFilter(m)
	case m.overlay != nil:
		m.dirty = true
		m.overlay.Paste(host{m}, text)
	}
	return nil
}

// onBackground follows the terminal's background unless a theme was chosen.
func onBackground(m *Model, msg tea.BackgroundColorMsg) tea.Cmd {
	if dark := msg.IsDark(); dark != m.darkScreen {
		m.darkScreen = dark
		m.setPalette()
	}
	return nil
}

// onProfile lowers the colours to what the terminal turned out to have. It
// never raises them: what --color and NO_COLOR say goes before.
func onProfile(m *Model, msg tea.ColorProfileMsg) tea.Cmd {
	have := theme.ProfileTrue
	switch msg.Profile {
	case colorprofile.NoTTY, colorprofile.ASCII:
		have = theme.ProfileMono
	case colorprofile.ANSI:
		have = theme.Profile16
	case colorprofile.ANSI256:
		have = theme.Profile256
	}
	if have < m.opt.Profile {
		m.opt.Profile = have
		m.setPalette()
	}
	return nil
}

// onClick goes to the tab, opens the events from the source status, or focuses the
// panel and puts the cursor on the row under the mouse. Outside of an open box
// it closes that.
func onClick(m *Model, msg tea.MouseClickMsg) tea.Cmd {
	if m.cardInstead() != "" || msg.Button != tea.MouseLeft {
		return nil
	}
	if m.overlay != nil {
		overlay.Click(m.overlay, host{m}, msg.X, msg.Y, m.w, m.h)
		m.markChanged()
		return nil
	}
	if msg.Y == 0 {
		m.View() // the tabs of what is on the screen now
		for _, t := range m.memo.Tabs() {
			if msg.X >= t.From && msg.X < t.To {
				goPage(m, t.Page)
				return nil
			}
		}
		if msg.X >= m.w/2 { // a source: what its problem is
			m.open(overlay.NewEvents(host{m}))
			return nil
		}
		return nil
	}
	sc := m.currentScene()
	if i := sc.Plan.At(msg.X, msg.Y); i >= 0 {
		m.setFocus(sc.Plan.Slots[i].Index)
		if !moveCrosshair(m, msg.X, msg.Y) {
			pickRow(m, msg.Y)
		}
	}
	return nil
}

// onDrag moves the crosshair of the focused chart while the button is held.
func onDrag(m *Model, msg tea.MouseMotionMsg) tea.Cmd {
	if m.cardInstead() == "" && m.overlay == nil && msg.Button == tea.MouseLeft {
		moveCrosshair(m, msg.X, msg.Y)
	}
	return nil
}

// onWheel moves in the panel under the mouse, without giving it the focus.
func onWheel(m *Model, msg tea.MouseWheelMsg) tea.Cmd {
	dy := 0
	switch msg.Button {
	case tea.MouseWheelUp:
		dy = -1
	case tea.MouseWheelDown:
		dy = 1
	default:
		return nil
	}
	if m.cardInstead() != "" {
		return nil
	}
	if m.overlay != nil {
		m.dirty = true
		m.overlay.Wheel(host{m}, 3*dy)
		return nil
	}
	sc := m.currentScene()
	if i := sc.Plan.At(msg.X, msg.Y); i >= 0 {
		wheelIn(m, i, dy)
	}
	return nil
}

// wheelIn moves three rows in a panel; a chart is zoomed.
func wheelIn(m *Model, slot, dy int) {
	w := m.currentScene().Plan.Slots[slot].Widget
	if !scene.Knows(w, widgets.ActDown) && scene.Knows(w, widgets.ActZoomIn) {
		m.actIn(slot, map[bool]widgets.Action{true: widgets.ActZoomIn, false: widgets.ActZoomOut}[dy < 0], 0)
		return
	}
	a := widgets.ActDown
	if dy < 0 {
		a = widgets.ActUp
	}
	for range 3 {
		m.actIn(slot, a, 0)
	}
}

// lookupKey returns what a key does here.
func (m *Model) lookupKey(key string) (keymap.Binding, bool) {
	return m.opt.Keys.Lookup(key, m.recordingPlayer() != nil)
}
