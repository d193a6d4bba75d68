package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// doEvents opens what is not plain now, and every change of state before.
func (m *Model) doEvents() tea.Cmd {
	m.open(&pager{
		title:  func(*Model) datasource.Safe { return datasource.Clean("Events", 16) },
		rows:   (*Model).eventRows,
		search: true,
		toggle: "events",
		note:   "/ search · q close",
	})
	return nil
}

func (m *Model) eventRows(w int) []chrome.Row {
	rows := append(m.sourceRows(), m.causeRows()...)
	rows = append(rows, chrome.Row{}, heading("Changes, newest first"))
	if len(m.snap.Events) == 0 {
		return append(rows, chrome.Row{{Role: theme.Label, Text: "  none yet"}})
	}
	for i := len(m.snap.Events) - 1; i >= 0; i-- {
		rows = append(rows, eventRow(&m.snap.Events[i]))
	}
	return rows
}

func eventRow(e *datasource.Event) chrome.Row {
	role := theme.Text
	switch e.Level {
	case datasource.LevelWarning:
		role = theme.Warn
	case datasource.LevelCritical:
		role = theme.Bad
	}
	return chrome.Row{
		{Role: theme.Label, Text: "  " + e.At.Format("15:04:05"), W: 12},
		{Role: theme.Strong, Text: e.Subject.String(), W: 20},
		{Role: theme.Label, Text: e.From.String(), W: 10},
		{Text: " "},
		{Role: role, Text: e.To.String(), W: 10},
		{Text: " "},
		{Role: theme.Text, Text: e.Text.String(), W: -1},
	}
}

// sourceRows tells how each source is, with the cause in full.
func (m *Model) sourceRows() []chrome.Row {
	rows := []chrome.Row{heading("Sources")}
	for id := range m.snap.Sources {
		s := &m.snap.Sources[id]
		text := ""
		if !s.Since.IsZero() {
			text = "for " + draw.Age(m.now.Sub(s.Since))
		}
		if s.Fault != nil && (s.Light == datasource.LightDegraded || s.Light == datasource.LightDown) {
			text = s.Fault.Error() + retryIn(s.Fault, m.now) + hint(s.Fault)
		} else if datasource.SourceID(id) == datasource.SourcePubSub && s.Light == datasource.LightUp {
			text += ", " + chrome.Count(int64(s.Channels)) + " " + plural("channel", s.Channels) + ", " +
				chrome.Count(int64(s.Conflated)) + " conflated, " + chrome.Count(int64(s.Dropped)) + " dropped"
		}
		rows = append(rows, chrome.Row{
			{Text: "  "}, {Role: theme.Strong, Text: datasource.SourceID(id).String(), W: 10},
			{Role: lightRole(s.Light), Text: s.Light.String(), W: 12}, {Role: theme.Text, Text: text, W: -1},
		})
	}
	return rows
}

// causeRows lists every datum that is not live, or live on a silent channel, and
// why.
func (m *Model) causeRows() []chrome.Row {
	rows := []chrome.Row{{}, heading("Not live now")}
	n := len(rows)
	for i := range m.snap.Len() {
		name, e := m.snap.Nth(i)
		if e == nil || e.State == datasource.StateLive && !e.Quiet {
			continue
		}
		_, role := draw.Mark(m.pal, e.State)
		if silent(e) {
			role = theme.Warn
		}
		rows = append(rows, chrome.Row{
			{Text: "  "}, {Role: theme.Strong, Text: datasource.Clean(name, 128).String(), W: 24}, {Text: " "},
			{Role: role, Text: e.State.String(), W: 10}, {Role: theme.Label, Text: ageOf(e, m.now), W: 8},
			{Role: theme.Text, Text: reason(e, m.now), W: -1},
		})
	}
	if len(rows) == n {
		rows = append(rows, chrome.Row{{Role: theme.Good, Text: "  everything is live"}})
	}
	return rows
}

func ageOf(e *entry, now time.Time) string {
	if !e.Known() {
		return ""
	}
	return draw.Age(e.Age(now))
}

// reason says why a datum is not live, as fully as is known.
func reason(e *entry, now time.Time) string {
	text := e.Why.String()
	join := func(more string) {
		if text != "" && more != "" {
			text += "; "
		}
		text += more
	}
	if f := e.Fault; f != nil {
		more := retryIn(f, now) + hint(f)
		if strings.HasSuffix(text, f.Error()) { // said already
			text += more
		} else {
			join(f.Error() + more)
		}
	}
	if e.APIFault != nil {
		join("api: " + e.APIFault.Error() + retryIn(e.APIFault, now))
	}
	if e.Quiet {
		join("its channel is silent")
	}
	return text
}

func retryIn(f *datasource.Fault, now time.Time) string {
	if !f.RetryAt.After(now) {
		return ""
	}
	return " · again in " + chrome.Countdown(f.RetryAt.Sub(now))
}

func hint(f *datasource.Fault) string {
	if f.Hint.Empty() {
		return ""
	}
	return " (" + f.Hint.String() + ")"
}

func lightRole(l datasource.Light) theme.Role {
	switch l {
	case datasource.LightUp:
		return theme.Good
	case datasource.LightDegraded:
		return theme.Warn
	case datasource.LightDown:
		return theme.Bad
	}
	return theme.Label
}
