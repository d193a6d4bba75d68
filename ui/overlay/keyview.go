package overlay

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// KeyView is what is shown of a key that need not be part of the dashboard.
type KeyView struct {
	Facts   [][2]string // names and values, sanitized; empty ones are left out
	Expires time.Time   // zero: it does not
	Gone    bool
	Waiting bool // nothing has been read yet
	Problem datasource.Safe
	Value   *datasource.Value
	Raw     []byte // unsafe
}

// NewKeyPager shows a key as view has it now. keys handles more keys than
// scrolling and searching.
func NewKeyPager(h Host, title datasource.Safe, view func() KeyView, keys func(key string) (tea.Cmd, bool)) *Pager {
	return &Pager{Title: title, Search: true, Keys: keys, Rows: func(w int) []chrome.Row {
		v := view()
		return v.rows(h, w)
	}}
}

func (v *KeyView) rows(h Host, w int) []chrome.Row {
	if v.Waiting {
		return []chrome.Row{{{Role: theme.Label, Text: "reading …"}}}
	}
	var rows []chrome.Row
	for _, f := range v.Facts {
		rows = append(rows, factLines(f[0], f[1], theme.Text, w)...)
	}
	switch {
	case v.Gone:
		rows = append(rows, factLines("ttl", "gone: expired or deleted", theme.Warn, w)...)
	case v.Expires.IsZero():
		rows = append(rows, factLines("ttl", "does not expire", theme.Label, w)...)
	default:
		rows = append(rows, factLines("ttl", format.Left(max(v.Expires.Sub(h.Now()), 0))+" left", theme.Text, w)...)
	}
	if !v.Problem.Empty() {
		rows = append(rows, chrome.Row{})
		rows = append(rows, textRows(theme.Warn, v.Problem.String(), w, 8)...)
	}
	if h.HidesBalances() {
		return append(rows, chrome.Row{}, chrome.Row{{Role: theme.Warn, Text: "balances are hidden: " + h.Keys().Key(keymap.Private) + " shows them"}})
	}
	if v.Value != nil && v.Value.Type != datasource.TypeNone {
		rows = append(rows, chrome.Row{}, headingRow("Value: "+typeName(v.Value.Type)))
		rows = append(rows, jsonRows(v.Value, w)...)
	}
	if len(v.Raw) > 0 {
		rows = append(rows, chrome.Row{}, headingRow("Raw value ("+format.Count(int64(len(v.Raw)))+" bytes)"))
		rows = append(rows, textRows(theme.Label, datasource.CleanBytes(v.Raw, 16<<10).String(), w, 400)...)
	}
	return rows
}

// factLines is one fact, wrapped.
func factLines(name, value string, role theme.Role, w int) []chrome.Row {
	if value == "" {
		return nil
	}
	var rows []chrome.Row
	for i, line := range draw.Wrap(value, max(w-12, 8), 12) {
		if i > 0 {
			name = ""
		}
		rows = append(rows, chrome.Row{{Role: theme.Label, Text: name, W: 12}, {Role: role, Text: line}})
	}
	return rows
}

// Stayer is an Overlay that may stay open when the dashboard below changes.
type Stayer interface{ StaysOpen() bool }
