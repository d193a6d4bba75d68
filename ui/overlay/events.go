package overlay

import (
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/ui/scene"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// NewEvents returns the list of problems now, and every change of state before.
func NewEvents(h Host) *Pager {
	return &Pager{
		Title:  datasource.Clean("Problems and state changes", 32),
		Rows:   func(int) []chrome.Row { return eventRows(h.Snapshot(), h.Palette(), h.Now()) },
		Search: true,
		Toggle: keymap.Events,
		Note:   "/ search · q close",
	}
}

func eventRows(snap *datasource.Snapshot, pal *theme.Palette, now time.Time) []chrome.Row {
	rows := append(sourceRows(snap, now), causeRows(snap, pal, now)...)
	rows = append(rows, chrome.Row{}, headingRow("Changes, newest first"))
	if len(snap.Events) == 0 {
		return append(rows, chrome.Row{{Role: theme.Label, Text: "  none yet"}})
	}
	for i := len(snap.Events) - 1; i >= 0; i-- {
		e := &snap.Events[i]
		if i == len(snap.Events)-1 || !sameDay(e.At, snap.Events[i+1].At) {
			if i < len(snap.Events)-1 || !sameDay(e.At, now) {
				rows = append(rows, chrome.Row{{Role: theme.Label, Text: "  " + e.At.Format("Mon 2 Jan 2006")}})
			}
		}
		rows = append(rows, eventRow(e))
	}
	return rows
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

func eventRow(e *datasource.Event) chrome.Row {
	role := theme.Text
	switch e.Level {
	case datasource.LevelWarning:
		role = theme.Warn
	case datasource.LevelCritical:
		role = theme.Bad
	case datasource.LevelInfo:
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
func sourceRows(snap *datasource.Snapshot, now time.Time) []chrome.Row {
	rows := []chrome.Row{headingRow("Sources")}
	for id := range snap.Sources {
		s := &snap.Sources[id]
		text := ""
		if !s.Since.IsZero() {
			text = s.Light.String() + " for " + draw.Age(now.Sub(s.Since))
		}
		if s.Fault != nil && (s.Light == datasource.LightDegraded || s.Light == datasource.LightDown) {
			text = s.Fault.Error() + retryIn(s.Fault, now) + faultHint(s.Fault)
		} else if datasource.SourceID(id) == datasource.SourcePubSub && s.Light == datasource.LightUp {
			text += ", " + format.Count(int64(s.Channels)) + " " + scene.Plural("channel", s.Channels) + ", " +
				format.Count(int64(s.Conflated)) + " conflated, " + format.Count(int64(s.Dropped)) + " dropped"
		}
		rows = append(rows, chrome.Row{
			{Text: "  "}, {Role: theme.Strong, Text: datasource.SourceID(id).String(), W: 10},
			{Role: statusRole(s.Light), Text: s.Light.String(), W: 12}, {Role: theme.Text, Text: text, W: -1},
		})
	}
	return rows
}

// causeRows lists every datum that is not live, or live on a silent channel, and
// why.
func causeRows(snap *datasource.Snapshot, pal *theme.Palette, now time.Time) []chrome.Row {
	rows := []chrome.Row{{}, headingRow("Degraded")}
	n := len(rows)
	for i := range snap.Len() {
		name, e := snap.Nth(i)
		if e == nil || e.State == datasource.StateLive && !e.Quiet {
			continue
		}
		_, role := draw.Mark(pal, e.State)
		if scene.Silent(e) {
			role = theme.Warn
		}
		rows = append(rows, chrome.Row{
			{Text: "  "}, {Role: theme.Strong, Text: datasource.Clean(name, 128).String(), W: 24}, {Text: " "},
			{Role: role, Text: e.State.String(), W: 10}, {Role: theme.Label, Text: ageOf(e, now), W: 8},
			{Role: theme.Text, Text: faultReason(e, now), W: -1},
		})
	}
	if len(rows) == n {
		rows = append(rows, chrome.Row{{Role: theme.Good, Text: "  everything is live"}})
	}
	return rows
}

func ageOf(e *datasource.Entry, now time.Time) string {
	if !e.Known() {
		return ""
	}
	return draw.Age(e.Age(now))
}

// faultReason says why a datum is not live, as fully as is known.
func faultReason(e *datasource.Entry, now time.Time) string {
	text := e.Why.String()
	join := func(more string) {
		if text != "" && more != "" {
			text += "; "
		}
		text += more
	}
	if f := e.Fault; f != nil {
		more := retryIn(f, now) + faultHint(f)
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
	return " · retry in " + format.Left(f.RetryAt.Sub(now))
}

func faultHint(f *datasource.Fault) string {
	if f.Hint.Empty() {
		return ""
	}
	return " (" + f.Hint.String() + ")"
}

func statusRole(l datasource.Light) theme.Role {
	switch l {
	case datasource.LightUp:
		return theme.Good
	case datasource.LightDegraded:
		return theme.Warn
	case datasource.LightDown:
		return theme.Bad
	case datasource.LightIdle, datasource.LightConnecting, datasource.LightOff:
	}
	return theme.Label
}
