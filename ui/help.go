package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

func (m *Model) doHelp() tea.Cmd {
	m.open(&pager{
		title:  func(*Model) datasource.Safe { return datasource.Clean("Help", 16) },
		rows:   (*Model).helpRows,
		search: true,
		note:   "/ search · q close",
		toggle: "help",
	})
	return nil
}

// helpRows lists the keys: first those of the focused panel, then all others,
// then what the marks mean.
func (m *Model) helpRows(w int) []chrome.Row {
	var rows []chrome.Row
	table := m.opt.Keys.Bindings()
	keyW := 0
	for i := range table {
		keyW = max(keyW, draw.Width(table[i].ShowKeys()))
	}
	add := func(b *Binding) { rows = append(rows, helpRow(b, keyW)) }
	if slot := m.focused(); slot != nil {
		rows = append(rows, heading("This panel: "+slot.Widget.Title().String()))
		for i := range table {
			if table[i].Group == groupPanel && m.useful(&table[i], slot.Widget) {
				add(&table[i])
			}
		}
	}
	group := ""
	for i := range table {
		b := &table[i]
		if b.Group == groupPanel || b.Action == "faults" && m.opt.Faults == nil || b.Group == groupReplay && m.player() == nil {
			continue
		}
		if b.Group != group {
			group = b.Group
			rows = append(rows, chrome.Row{}, heading(group))
		}
		add(b)
	}
	return append(rows, m.markRows(keyW)...)
}

// useful reports whether a key of the panel group does anything there.
func (m *Model) useful(b *Binding, w widgets.Widget) bool {
	return b.act == widgets.ActNone && knows(w, widgets.ActDown) || knows(w, b.act)
}

func heading(text string) chrome.Row {
	return chrome.Row{{Role: theme.Title, Text: text}}
}

func helpRow(b *Binding, keyW int) chrome.Row {
	row := chrome.Row{{Text: "  "}, {Role: theme.Key, Text: b.ShowKeys(), W: keyW}, {Text: "   "}, {Role: theme.Text, Text: b.Help}}
	if b.Note != "" {
		row = append(row, chrome.Seg{Role: theme.Label, Text: "  (" + b.Note + ")"})
	}
	return row
}

// markRows explains the marks beside values.
func (m *Model) markRows(keyW int) []chrome.Row {
	rows := []chrome.Row{{}, heading("Marks beside a value")}
	for _, s := range [...]struct {
		state datasource.State
		text  string
	}{
		{datasource.StateLive, "live: from Redis or its channel; no mark"},
		{datasource.StateFallback, "from the Django API, since Redis has it no longer"},
		{datasource.StateStale, "the last known value; its age is shown and counts"},
		{datasource.StateError, "missing or failed; the panel says why"},
	} {
		glyph, role := draw.Mark(m.pal, s.state)
		rows = append(rows, chrome.Row{{Text: "  "}, {Role: role, Text: glyph, W: keyW}, {Text: "   "}, {Role: theme.Text, Text: s.text}})
	}
	return append(rows, chrome.Row{}, chrome.Row{{Role: theme.Label, Text: "ticktop only reads: it never writes to your Redis"}})
}
