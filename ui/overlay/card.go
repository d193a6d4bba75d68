package overlay

import (
	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// NewCard shows a few lines over the dashboard, wrapped, until it is closed. An
// empty line is a gap.
func NewCard(title datasource.Safe, lines []datasource.Safe) *Pager {
	return &Pager{Title: title, Note: "esc close · q close", Rows: func(w int) []chrome.Row {
		rows := []chrome.Row{{}}
		for _, line := range lines {
			if line.Empty() {
				rows = append(rows, chrome.Row{})
				continue
			}
			for _, part := range draw.Wrap(line.String(), max(w, 8), 8) {
				rows = append(rows, chrome.Row{{Role: theme.Text, Text: part}})
			}
		}
		return append(rows, chrome.Row{})
	}}
}
