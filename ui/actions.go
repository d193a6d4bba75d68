package ui

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// doQuit: nothing is open here, so q quits. What is open takes q for itself.
func (m *Model) doQuit(string) tea.Cmd {
	if m.zoomed {
		return m.doZoom()
	}
	return tea.Quit
}

// doBack goes back by one step: out of the zoom, out of the filter.
func (m *Model) doBack() tea.Cmd {
	if m.zoomed {
		return m.doZoom()
	}
	if slot := m.focused(); slot != nil {
		if v := m.views[slot.Widget]; v.Filter != "" {
			v.Filter, v.Offset, v.Cursor = "", 0, 0
			m.setView(slot.Widget, v)
			return nil
		}
	}
	m.toast = toast{}
	m.changed()
	return nil
}

// doPage goes to the page whose number is the key's place among the action's
// keys, so that remapped keys count too.
func (m *Model) doPage(key string) tea.Cmd {
	b, _ := m.opt.Keys.Lookup(key)
	m.goPage(slices.Index(b.Keys, key))
	return nil
}

func (m *Model) goPage(i int) {
	if m.dash == nil || i < 0 || i >= len(m.dash.Pages) {
		m.say(theme.Label, "there is no page "+strconv.Itoa(i+1))
		return
	}
	m.page, m.zoomed = i, false
	m.changed()
}

func (m *Model) doNextPage() tea.Cmd     { return m.turn(1) }
func (m *Model) doPreviousPage() tea.Cmd { return m.turn(-1) }

func (m *Model) turn(by int) tea.Cmd {
	if n := len(m.dash.Pages); n > 0 {
		m.goPage((m.page + by + n) % n)
	}
	return nil
}

func (m *Model) doSortColumn(key string) tea.Cmd {
	return m.act(widgets.ActSortColumn, []rune(key)[0])
}

func (m *Model) doZoom() tea.Cmd {
	m.zoomed = !m.zoomed
	m.changed()
	return nil
}

func (m *Model) doStamps() tea.Cmd {
	m.stamps = !m.stamps
	m.say(theme.Label, pick(m.stamps, "times of day", "ages"))
	return nil
}

func (m *Model) doPrivate() tea.Cmd {
	if m.dash != nil && m.dash.Private {
		m.say(theme.Warn, "balances are hidden by policy")
		return nil
	}
	m.private = !m.private
	if m.whole != nil {
		m.take(m.whole)
	}
	if m.opt.Hide != nil {
		m.opt.Hide(m.private)
	}
	m.say(theme.Label, pick(m.private, "balances hidden", "balances shown"))
	return nil
}

func (m *Model) doMouse() tea.Cmd {
	m.mouse = !m.mouse
	m.say(theme.Label, pick(m.mouse, "mouse on", "mouse off: the terminal selects text"))
	return nil
}

func (m *Model) doRedraw() tea.Cmd {
	m.memo = memo{}
	m.changed()
	return tea.ClearScreen
}

func (m *Model) doSuspend() tea.Cmd {
	if !m.opt.Local {
		m.say(theme.Label, "nothing to suspend to over SSH")
		return nil
	}
	return tea.Suspend
}

// doRefresh asks for the focused panel's data now.
func (m *Model) doRefresh() tea.Cmd {
	slot := m.focused()
	if slot == nil || m.feed == nil {
		return nil
	}
	var names []string
	for _, name := range slot.Widget.Data() {
		m.snap.Each(name, func(n string, _ *entry) { names = append(names, n) })
	}
	if len(names) == 0 {
		return m.doRefreshAll() // a panel of everything there is
	}
	m.feed.Refresh(names...)
	m.say(theme.Label, "reading "+slot.Widget.Title().String()+" again")
	return nil
}

func (m *Model) doRefreshAll() tea.Cmd {
	if m.feed != nil {
		m.feed.Refresh()
		m.say(theme.Label, "reading everything again")
	}
	return nil
}

func pick(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}
