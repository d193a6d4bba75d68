package overlay

import (
	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// NewHelp returns the help: the keys of the focused panel first, then all
// others, then what the marks mean. panel is the focused panel's title, useful
// reports whether a key of the panel group does anything there, offered whether
// an action can be done in this session.
func NewHelp(h Host, panel string, useful, offered func(*keymap.Binding) bool) *Pager {
	return &Pager{
		Title:  datasource.Clean("Help", 16),
		Rows:   func(int) []chrome.Row { return helpRows(h, panel, useful, offered) },
		Search: true,
		Note:   "/ search · q close",
		Toggle: keymap.Help,
	}
}

func helpRows(h Host, panel string, useful, offered func(*keymap.Binding) bool) []chrome.Row {
	var rows []chrome.Row
	table := h.Keys().Bindings()
	keyW := 0
	for i := range table {
		keyW = max(keyW, draw.Width(table[i].ShowKeys()))
	}
	if panel != "" {
		rows = append(rows, headingRow("This panel: "+panel))
		for i := range table {
			if table[i].Group == keymap.GroupPanel && useful(&table[i]) {
				rows = append(rows, helpRow(&table[i], keyW))
			}
		}
	}
	group := ""
	for i := range table {
		b := &table[i]
		if b.Group == keymap.GroupPanel || !offered(b) {
			continue
		}
		if b.Group != group {
			group = b.Group
			rows = append(rows, chrome.Row{}, headingRow(group))
		}
		rows = append(rows, helpRow(b, keyW))
	}
	rows = append(rows, markRows(h.Palette(), keyW)...)
	return append(rows, chrome.Row{}, headingRow("Words"),
		wordRow("conflated", keyW, "of many ticks between two frames only the newest is shown (throttled, coalesced)"),
		wordRow("pip", keyW, "0.0001 of a currency pair, 0.01 where the second currency is the yen"),
		wordRow("R", keyW, "profit as a multiple of the distance from entry to stop"),
		chrome.Row{}, chrome.Row{{Role: theme.Label, Text: "ticktop only reads: it never writes to your Redis"}})
}

func wordRow(word string, keyW int, text string) chrome.Row {
	return chrome.Row{{Text: "  "}, {Role: theme.Key, Text: word, W: keyW}, {Text: "   "}, {Role: theme.Text, Text: text}}
}

func headingRow(text string) chrome.Row {
	return chrome.Row{{Role: theme.Title, Text: text}}
}

func helpRow(b *keymap.Binding, keyW int) chrome.Row {
	row := chrome.Row{{Text: "  "}, {Role: theme.Key, Text: b.ShowKeys(), W: keyW}, {Text: "   "}, {Role: theme.Text, Text: b.Help}}
	if b.Note != "" {
		row = append(row, chrome.Seg{Role: theme.Label, Text: "  (" + b.Note + ")"})
	}
	return row
}

// markRows explains the marks beside values.
func markRows(pal *theme.Palette, keyW int) []chrome.Row {
	rows := []chrome.Row{{}, headingRow("Marks beside a value")}
	for _, s := range [...]struct {
		state datasource.State
		text  string
	}{
		{datasource.StateLive, "live: from Redis or its channel; no mark"},
		{datasource.StateFallback, "from the Django API: the key is missing or expired in Redis"},
		{datasource.StateStale, "the last known value; its age is shown and counts"},
		{datasource.StateError, "missing or failed; the panel says why"},
	} {
		glyph, role := draw.Mark(pal, s.state)
		rows = append(rows, chrome.Row{{Text: "  "}, {Role: role, Text: glyph, W: keyW}, {Text: "   "}, {Role: theme.Text, Text: s.text}})
	}
	return rows
}
