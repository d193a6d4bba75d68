package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/overlay"
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
// stands: the demo may be busy with a fault, and a key never waits.
func doFaults(m *Model) tea.Cmd {
	faults := m.opt.Faults
	if faults == nil {
		m.showMessage(theme.Label, "only in the demo: ticktop demo")
		return nil
	}
	m.open(&overlay.Picker{Title: "Faults", Stay: true, List: func() []overlay.Choice { return faultChoices(m) }, Note: "enter toggle · esc", Detail: 2})
	return func() tea.Msg { return faultMsg{list: faults.List()} }
}

func faultChoices(m *Model) []overlay.Choice {
	out := make([]overlay.Choice, 0, len(m.faults))
	for _, f := range m.faults {
		title := datasource.Clean(f.Title, 64).String()
		out = append(out, overlay.Choice{Name: title, Note: datasource.Clean(f.Text, 256).String(), Mark: textWhen(f.On, "✕", "·"),
			Do: func() tea.Cmd { return setFault(m, f.ID, title, !f.On) }})
	}
	return out
}

func setFault(m *Model, id, title string, on bool) tea.Cmd {
	faults := m.opt.Faults
	m.showMessage(theme.Label, textWhen(on, "enabling: ", "disabling: ")+title)
	return func() tea.Msg {
		err := faults.Set(id, on)
		return faultMsg{title, on, err, faults.List()}
	}
}

func onFault(m *Model, msg faultMsg) tea.Cmd {
	m.faults = msg.list
	m.markChanged()
	switch {
	case msg.title == "":
	case msg.err != nil:
		m.showMessage(theme.Bad, msg.title+": "+msg.err.Error())
	case msg.on:
		m.showMessage(theme.Warn, "enabled: "+msg.title)
	default:
		m.showMessage(theme.Good, "disabled: "+msg.title)
	}
	return nil
}
