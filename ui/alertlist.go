package ui

import (
	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// alertList is the list of alerts: the active ones, which can be acknowledged
// and snoozed, and below them those that have ended.
type alertList struct{ cursor, offset int }

func (m *Model) doAlerts() tea.Cmd {
	m.open(&alertList{})
	return nil
}

func (l *alertList) key(m *Model, key, _ string) tea.Cmd {
	switch key {
	case "esc", "q", "!":
		m.closeOverlay()
	case "up", "k":
		l.move(m, -1)
	case "down", "j":
		l.move(m, 1)
	case "home", "g":
		l.cursor = 0
	case "end", "G":
		l.move(m, len(m.alerts.active))
	case "enter", "space", "a":
		l.each(m, false, func(a *datasource.Alert) { m.alerts.ack(a) })
	case "A":
		l.each(m, true, func(a *datasource.Alert) { m.alerts.ack(a) })
	case "s":
		l.each(m, false, func(a *datasource.Alert) { m.alerts.snooze(a, m.now) })
	}
	return nil
}

// each does something to the alert under the cursor, or to all.
func (l *alertList) each(m *Model, all bool, do func(*datasource.Alert)) {
	for i := range m.alerts.active {
		if all || i == l.cursor {
			do(&m.alerts.active[i])
		}
	}
	m.changed()
}

func (l *alertList) move(m *Model, by int) {
	l.cursor = min(max(l.cursor+by, 0), max(len(m.alerts.active)-1, 0))
}

func (l *alertList) paste(*Model, string)   {}
func (l *alertList) wheel(m *Model, dy int) { l.move(m, dy) }
func (l *alertList) place(m *Model, w, h int) layout.Rect {
	return middle(w, h, min(100, w-2), min(h-4, max(len(m.alerts.active)+len(m.alerts.history)+4, 8)))
}

func (l *alertList) box(m *Model, r layout.Rect) (*chrome.Box, *input) {
	b := &chrome.Box{Title: datasource.Clean("Alerts", 16), Cursor: -1,
		Note: "enter acknowledge · A all · s snooze 10 min · q close"}
	l.move(m, 0)
	for i := range m.alerts.active {
		a := &m.alerts.active[i]
		b.Rows = append(b.Rows, alertRow(a, m.hidesBalances(), m.snap, m.alerts.state(a, m.now), draw.Age(m.now.Sub(a.Since))))
		b.Cursor = l.cursor
	}
	if len(b.Rows) == 0 {
		b.Rows = append(b.Rows, chrome.Row{{Role: theme.Good, Text: "no alert is on"}})
	}
	if len(m.alerts.history) > 0 {
		b.Rows = append(b.Rows, chrome.Row{}, heading("Ended"))
	}
	for i := range m.alerts.history {
		a := &m.alerts.history[i]
		b.Rows = append(b.Rows, alertRow(a, m.hidesBalances(), m.snap, "lasted "+chrome.Clock(a.Ended.Sub(a.Since)), a.Ended.Format("15:04:05")))
	}
	l.offset = follow(l.offset, b.Cursor, b.Lines(r.H), len(b.Rows))
	b.Offset = l.offset
	return b, nil
}

func alertRow(a *datasource.Alert, private bool, snap *datasource.Snapshot, state, when string) chrome.Row {
	role := theme.Text
	switch a.Level {
	case datasource.LevelWarning:
		role = theme.Warn
	case datasource.LevelCritical:
		role = theme.Bad
	}
	return chrome.Row{
		{Role: role, Text: a.Level.String(), W: 10}, {Role: theme.Label, Text: when, W: 10},
		{Role: theme.Label, Text: state, W: 15}, {Text: " "}, {Role: theme.Text, Text: alertText(a, private, snap).String(), W: -1},
	}
}
