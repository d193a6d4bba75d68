package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// faultMsg says how a change in the fault menu went, and how the menu stands;
// an empty title means that nothing was changed.
type faultMsg struct {
	title string
	on    bool
	err   error
	list  []Fault
}

// doFaults opens the demo's fault menu as it was last known, and asks how it
// stands: the demo may be busy breaking something, and a key never waits.
func (m *Model) doFaults() tea.Cmd {
	faults := m.opt.Faults
	if faults == nil {
		m.say(theme.Label, "only in the demo: ticktop demo")
		return nil
	}
	m.open(&picker{title: "Break something", stay: true, list: (*Model).faultChoices, note: "enter breaks or mends · esc", detail: 2})
	return func() tea.Msg { return faultMsg{list: faults.List()} }
}

func (m *Model) faultChoices() []choice {
	out := make([]choice, 0, len(m.faults))
	for _, f := range m.faults {
		title := datasource.Clean(f.Title, 64).String()
		out = append(out, choice{name: title, note: datasource.Clean(f.Text, 256).String(), mark: pick(f.On, "✕", "·"),
			do: func(m *Model) tea.Cmd { return m.setFault(f.ID, title, !f.On) }})
	}
	return out
}

func (m *Model) setFault(id, title string, on bool) tea.Cmd {
	faults := m.opt.Faults
	m.say(theme.Label, pick(on, "breaking: ", "mending: ")+title)
	return func() tea.Msg {
		err := faults.Set(id, on)
		return faultMsg{title, on, err, faults.List()}
	}
}

func (m *Model) onFault(msg faultMsg) tea.Cmd {
	m.faults = msg.list
	m.changed()
	switch {
	case msg.title == "":
	case msg.err != nil:
		m.say(theme.Bad, msg.title+": "+msg.err.Error())
	case msg.on:
		m.say(theme.Warn, "broken: "+msg.title)
	default:
		m.say(theme.Good, "mended: "+msg.title)
	}
	return nil
}
