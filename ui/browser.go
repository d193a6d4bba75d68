package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/ui/browse"
	"ticktop/widgets/theme"
)

// Browser reads the keys of the Redis that is shown, never writing. It is given
// only to sessions that no rights limit.
type Browser = browse.Source

// openBrowser shows the keys of Redis as a tree, read page by page.
func openBrowser(m *Model) tea.Cmd {
	switch {
	case m.opt.Browser == nil:
		m.showMessage(theme.Label, "browsing is for sessions that no rights limit")
		return nil
	case m.dash != nil && m.dash.Private:
		m.showMessage(theme.Label, "browsing is for sessions that no rights limit: this one is private")
		return nil
	}
	var b *browse.Browser
	b = browse.New(m.opt.Browser, func(work func() func() tea.Cmd) tea.Cmd {
		return func() tea.Msg {
			apply := work()
			return doneMsg{func(m *Model) tea.Cmd {
				if m.overlay != b {
					return nil
				}
				m.dirty = true
				return apply()
			}}
		}
	}, func() tea.Cmd { return reopenWith(m, m.vars, "pin") })
	m.open(b)
	return browseStep(m, b)
}

// browseStep does the browser's next step, and the ones after it as long as it
// is open.
func browseStep(m *Model, b *browse.Browser) tea.Cmd {
	work := b.Step()
	return func() tea.Msg {
		apply := work()
		return doneMsg{func(m *Model) tea.Cmd {
			if m.overlay != b {
				return nil
			}
			if apply() {
				m.dirty = true
			}
			return browseStep(m, b)
		}}
	}
}
