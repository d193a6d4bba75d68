package ui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// maxPaste bounds what one paste may bring into a line.
const maxPaste = 4 << 10

// Update routes a message to its handler. It never waits.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case dataMsg:
		return m, m.onData(msg)
	case secondMsg:
		return m, m.onSecond(msg)
	case tea.KeyPressMsg:
		return m, m.onKey(msg)
	case tea.MouseClickMsg:
		return m, m.onClick(msg)
	case tea.MouseWheelMsg:
		return m, m.onWheel(msg)
	case tea.PasteMsg:
		return m, m.onPaste(msg)
	case tea.WindowSizeMsg:
		m.setSize(msg.Width, msg.Height)
	case tea.BackgroundColorMsg:
		return m, m.onBackground(msg)
	case tea.ColorProfileMsg:
		return m, m.onProfile(msg)
	case tea.EnvMsg:
		m.term = newTerminal(m.opt.Term, msg)
	case tea.ResumeMsg:
		m.changed()
	case openedMsg:
		return m, m.onOpened(msg)
	case deskMsg:
		return m, m.onDesk()
	case captionMsg:
		return m, m.onCaption(msg)
	case faultMsg:
		return m, m.onFault(msg)
	case NoticeMsg:
		m.Notice(msg.Text)
	}
	return m, nil
}

// onKey gives a key to what is open: a filter being typed, an overlay, or else
// the key table. ctrl+c quits from anywhere.
func (m *Model) onKey(msg tea.KeyPressMsg) tea.Cmd {
	key := msg.String()
	if !m.notice.Empty() {
		m.Notice(datasource.Safe{})
	}
	if m.opt.Grouped {
		m.catchUp()
	}
	switch {
	case key == "ctrl+c":
		return tea.Quit
	case m.card() != "":
		return m.onCardKey(key)
	case m.alwaysKey(key):
	case m.filter != nil:
		return m.onFilterKey(key, msg.Text)
	case m.overlay != nil:
		m.dirty = true
		return m.overlay.key(m, key, msg.Text)
	}
	if b, ok := m.opt.Keys.Lookup(key); ok {
		return b.do(m, key)
	}
	return nil
}

// alwaysKey reports whether a key does what it does also while something is
// open: to redraw a broken screen and to suspend, unless it could be text or
// edit it.
func (m *Model) alwaysKey(key string) bool {
	b, _ := m.opt.Keys.Lookup(key)
	return (b.Action == "redraw" || b.Action == "suspend") && (key == "ctrl+l" || key == "ctrl+z" || len(key) == 2 && key[0] == 'f')
}

// onCardKey: on a card there is nothing to do but quit, suspend or switch.
func (m *Model) onCardKey(key string) tea.Cmd {
	b, _ := m.opt.Keys.Lookup(key)
	switch b.Action {
	case "quit":
		return tea.Quit
	case "suspend":
		return m.doSuspend()
	}
	return nil
}

// onPaste puts a paste into the line that is open, as one line of bounded
// length; with no line open it does nothing, so no paste ever works as keys.
func (m *Model) onPaste(msg tea.PasteMsg) tea.Cmd {
	text := msg.Content
	if len(text) > maxPaste {
		text = text[:maxPaste]
	}
	text = datasource.Clean(text, maxPaste).String()
	switch {
	case m.filter != nil:
		m.filter.line.insert(text)
		m.applyFilter()
	case m.overlay != nil:
		m.dirty = true
		m.overlay.paste(m, text)
	}
	return nil
}

// onBackground follows the terminal's background unless a theme was chosen.
func (m *Model) onBackground(msg tea.BackgroundColorMsg) tea.Cmd {
	if dark := msg.IsDark(); dark != m.darkScreen {
		m.darkScreen = dark
		m.setPalette()
	}
	return nil
}

// onProfile lowers the colours to what the terminal turned out to have. It
// never raises them: what --color and NO_COLOR say goes before.
func (m *Model) onProfile(msg tea.ColorProfileMsg) tea.Cmd {
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

// onClick goes to the tab, opens the events from the lights, or focuses the
// panel and puts the cursor on the row under the mouse. Outside of an open box
// it closes that.
func (m *Model) onClick(msg tea.MouseClickMsg) tea.Cmd {
	if m.card() != "" || msg.Button != tea.MouseLeft {
		return nil
	}
	if m.overlay != nil {
		m.clickOverlay(msg.X, msg.Y)
		return nil
	}
	if msg.Y == 0 {
		m.View() // the tabs of what is on the screen now
		for _, t := range m.memo.tabs {
			if msg.X >= t.From && msg.X < t.To {
				m.goPage(t.Page)
				return nil
			}
		}
		if msg.X >= m.w/2 { // a light: what is the matter
			return m.doEvents()
		}
		return nil
	}
	sc := m.current()
	if i := sc.plan.At(msg.X, msg.Y); i >= 0 {
		m.setFocus(sc.plan.Slots[i].Index)
		m.pickRow(msg.Y)
	}
	return nil
}

// onWheel moves in the panel under the mouse, without giving it the focus.
func (m *Model) onWheel(msg tea.MouseWheelMsg) tea.Cmd {
	dy := 0
	switch msg.Button {
	case tea.MouseWheelUp:
		dy = -1
	case tea.MouseWheelDown:
		dy = 1
	default:
		return nil
	}
	if m.card() != "" {
		return nil
	}
	if m.overlay != nil {
		m.dirty = true
		m.overlay.wheel(m, 3*dy)
		return nil
	}
	sc := m.current()
	if i := sc.plan.At(msg.X, msg.Y); i >= 0 {
		m.wheelIn(i, dy)
	}
	return nil
}
