package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// doInspect opens everything that is known of the datum under the cursor.
func (m *Model) doInspect() tea.Cmd {
	t, ok := m.target()
	if !ok {
		m.say(theme.Label, "nothing here to inspect")
		return nil
	}
	m.open(&pager{
		title:  func(*Model) datasource.Safe { return datasource.Clean(t.Name, 128) },
		rows:   func(m *Model, w int) []chrome.Row { return m.inspectRows(t, w) },
		keys:   (*Model).inspectKey,
		toggle: "inspect",
		side:   true,
		search: true,
		note:   "y copy · Y row · r read again · q close",
	})
	return nil
}

// inspectKey lets copy and refresh work as they do outside.
func (m *Model) inspectKey(key string) (tea.Cmd, bool) {
	b, _ := m.opt.Keys.Lookup(key)
	switch b.Action {
	case "copy", "copy-row", "refresh", "refresh-all", "private":
		return b.do(m, key), true
	}
	return nil, false
}

func (m *Model) inspectRows(t widgets.Target, w int) []chrome.Row {
	e := m.snap.Get(t.Name)
	if e == nil {
		return append([]chrome.Row{{{Role: theme.Label, Text: "not read yet"}}}, textRows(theme.Text, m.dash.Hints[t.Name].String(), w, 6)...)
	}
	rows := m.factRows(t, e, w)
	if m.hides(e) {
		return append(rows, chrome.Row{}, chrome.Row{{Role: theme.Warn, Text: "balances are hidden: " + m.opt.Keys.Key("private") + " shows them"}})
	}
	if t.Row >= 0 || t.Field != "" {
		rows = append(rows, chrome.Row{}, heading("Under the cursor"))
		v := rowOf(&e.Value, t)
		if t.Row < 0 {
			v = fieldOf(v, t.Field)
		}
		rows = append(rows, jsonRows(v, w)...)
	}
	rows = append(rows, m.pastRows(t.Name, w)...)
	rows = append(rows, chrome.Row{}, heading("Value"))
	rows = append(rows, jsonRows(&e.Value, w)...)
	return append(rows, rawRows(e, w)...)
}

// factRows says where the datum lives, where it came from and how old it is.
func (m *Model) factRows(t widgets.Target, e *entry, w int) []chrome.Row {
	clean := func(s string) string { return datasource.Clean(s, datasource.MaxCell).String() }
	glyph, role := draw.Mark(m.pal, e.State)
	state := e.State.String()
	if glyph != "" {
		state = glyph + " " + state
	}
	var rows []chrome.Row
	fact := func(name string, role theme.Role, value string) {
		if value == "" {
			return
		}
		for i, line := range draw.Wrap(value, max(w-12, 8), 6) {
			if i > 0 {
				name = ""
			}
			rows = append(rows, chrome.Row{{Role: theme.Label, Text: name, W: 12}, {Role: role, Text: line}})
		}
	}
	fact("state", pickRole(e.State == datasource.StateLive, theme.Good, role), state)
	fact("why", theme.Text, reason(e, m.now))
	if e.Known() {
		fact("source", theme.Text, e.Origin.String())
	}
	fact("age", theme.Text, ages(e, m.now))
	if left, ok := e.TTL(m.now); ok {
		fact("ttl", theme.Text, chrome.Countdown(left)+" left")
	} else if e.Known() {
		fact("ttl", theme.Label, "does not expire")
	}
	fact("key", theme.Strong, clean(e.Ref.Key))
	fact("kind", theme.Text, e.Ref.Kind.String())
	fact("type", theme.Text, typeName(e.Value.Type))
	fact("channel", theme.Text, clean(e.Ref.Live))
	fact("fallback", theme.Text, clean(e.Ref.Fallback.Path))
	fact("field", theme.Text, clean(t.Field))
	return rows
}

func pickRole(on bool, a, b theme.Role) theme.Role {
	if on {
		return a
	}
	return b
}

// ages tells since when the value has been vouched for and unchanged.
func ages(e *entry, now time.Time) string {
	if !e.Known() {
		return ""
	}
	s := draw.Age(e.Age(now)) + ", read " + e.At.Format("15:04:05")
	if !e.Changed.IsZero() {
		s += "; changed " + e.Changed.Format("15:04:05")
	}
	if !e.Stamp.IsZero() {
		s += "; stamped " + e.Stamp.Format("15:04:05")
	}
	return s
}

var typeNames = [...]string{"nothing", "null", "bool", "number", "text", "object", "array", "series", "messages"}

func typeName(t datasource.Type) string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "unknown"
}

// jsonRows is a value as indented JSON, bounded.
func jsonRows(v *datasource.Value, w int) []chrome.Row {
	if v.Type == datasource.TypeNone {
		return []chrome.Row{{{Role: theme.Label, Text: "none"}}}
	}
	short := *v
	more := ""
	if n := len(v.Points); n > 60 {
		short.Points = v.Points[n-60:]
		more = "… the last 60 of " + chrome.Count(int64(n)) + " points"
	}
	text := string(valueJSON(nil, &short, 0))
	rows := textRows(theme.Text, text, w, 400)
	if more != "" {
		rows = append(rows, chrome.Row{{Role: theme.Label, Text: more}})
	}
	return rows
}

// textRows wraps text that has passed the gate, line by line.
func textRows(role theme.Role, text string, w, most int) []chrome.Row {
	var rows []chrome.Row
	for _, line := range strings.Split(text, "\n") {
		for len(rows) < most {
			end := draw.CutOne(line, w)
			if end == len(line) {
				break
			}
			rows = append(rows, chrome.Row{{Role: role, Text: line[:end]}})
			line = line[end:]
		}
		if len(rows) >= most {
			return append(rows, chrome.Row{{Role: theme.Label, Text: "…"}})
		}
		rows = append(rows, chrome.Row{{Role: role, Text: line}})
	}
	return rows
}

// pastRows lists the last values of a datum.
func (m *Model) pastRows(name string, w int) []chrome.Row {
	past := m.feed.History(name)
	if len(past) == 0 {
		return nil
	}
	rows := []chrome.Row{{}, heading("Last changes")}
	for i := range past[:min(len(past), 12)] {
		p := &past[i]
		text := ""
		if i+1 < len(past) {
			text = difference(&p.Value, &past[i+1].Value)
		}
		if text == "" {
			text = datasource.Clean(string(valueJSON(nil, summary(&p.Value), -1)), 256).String()
		}
		rows = append(rows, chrome.Row{
			{Role: theme.Label, Text: p.At.Format("15:04:05"), W: 10}, {Role: theme.Label, Text: p.Origin.String(), W: 7},
			{Role: theme.Text, Text: text, W: -1},
		})
	}
	return rows
}

// difference names the fields of an object that are not as they were before:
// "bid 1.27189  ask 1.27203". It is "" for anything else.
func difference(v, before *datasource.Value) string {
	if v.Type != datasource.TypeObject || before.Type != datasource.TypeObject {
		return ""
	}
	var parts []string
	for i := range v.Fields {
		f := &v.Fields[i]
		old, ok := before.Field(f.Name.String())
		if ok && f.Value.Equal(old) {
			continue
		}
		if len(parts) == 8 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, f.Name.String()+" "+datasource.Clean(plainText(&f.Value, false), 64).String())
	}
	return strings.Join(parts, "  ")
}

// summary is a series' or a list's newest element: a line has no room for all.
func summary(v *datasource.Value) *datasource.Value {
	switch {
	case v.Type == datasource.TypeSeries && len(v.Points) > 1:
		return &datasource.Value{Type: datasource.TypeSeries, Points: v.Points[len(v.Points)-1:]}
	case v.Type == datasource.TypeMessages && len(v.Messages) > 1:
		return &datasource.Value{Type: datasource.TypeMessages, Messages: v.Messages[:1]}
	}
	return v
}

// rawRows is the payload as it came, made safe.
func rawRows(e *entry, w int) []chrome.Row {
	if len(e.Raw) == 0 {
		return nil
	}
	rows := []chrome.Row{{}, heading("As it came, " + chrome.Count(int64(len(e.Raw))) + " bytes")}
	return append(rows, textRows(theme.Label, datasource.CleanBytes(e.Raw, 8<<10).String(), w, 200)...)
}
