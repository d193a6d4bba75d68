package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// faultMsg says how a change in the fault menu went.
type faultMsg struct {
	title string
	on    bool
	err   error
}

// doFaults opens the demo's fault menu.
func (m *Model) doFaults() tea.Cmd {
	if m.opt.Faults == nil {
		m.say(theme.Label, "only in the demo: ticktop demo")
		return nil
	}
	m.open(&picker{title: "Break something", stay: true, list: (*Model).faultChoices, note: "enter breaks or mends · esc"})
	return nil
}

func (m *Model) faultChoices() []choice {
	var out []choice
	for _, f := range m.opt.Faults.List() {
		title := datasource.Clean(f.Title, 64).String()
		out = append(out, choice{name: title, note: datasource.Clean(f.Text, 256).String(), mark: pick(f.On, "✕", "·"),
			do: func(m *Model) tea.Cmd { return m.setFault(f.ID, title, !f.On) }})
	}
	return out
}

func (m *Model) setFault(id, title string, on bool) tea.Cmd {
	faults := m.opt.Faults
	return func() tea.Msg { return faultMsg{title, on, faults.Set(id, on)} }
}

func (m *Model) onFault(msg faultMsg) tea.Cmd {
	switch {
	case msg.err != nil:
		m.say(theme.Bad, msg.title+": "+msg.err.Error())
	case msg.on:
		m.say(theme.Warn, "broken: "+msg.title)
	default:
		m.say(theme.Good, "mended: "+msg.title)
	}
	return nil
}
