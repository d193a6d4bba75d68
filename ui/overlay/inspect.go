package overlay

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Inspected is what the inspector shows of one datum.
type Inspected struct {
	Target  widgets.Target
	Hint    datasource.Safe                     // key and source, shown before the datum was read
	Hides   func(e *datasource.Entry) bool      // whether its value must not be shown
	History func(name string) []datasource.Past // its last values
}

// NewInspector returns the details of the selected value.
func NewInspector(h Host, in Inspected) *Pager {
	return &Pager{
		Title: datasource.Clean(in.Target.Name, 128),
		Rows:  func(w int) []chrome.Row { return in.rows(h, w) },
		Keys: func(key string) (tea.Cmd, bool) { // copy and refresh work as they do outside
			b, _ := h.Keys().Lookup(key, h.Replaying())
			switch b.Action {
			case keymap.Copy, keymap.CopyRow, keymap.Refresh, keymap.RefreshAll, keymap.Private:
				return h.Do(b.Action, key), true
			}
			return nil, false
		},
		Toggle: keymap.Inspect,
		Side:   true,
		Search: true,
		Note:   "y copy · Y row · r read again · q close",
	}
}

func (in *Inspected) rows(h Host, w int) []chrome.Row {
	t := in.Target
	e := h.Snapshot().Get(t.Name)
	if e == nil {
		return append([]chrome.Row{{{Role: theme.Label, Text: "not read yet"}}}, textRows(theme.Text, in.Hint.String(), w, 6)...)
	}
	rows := factRows(h, t, e, w)
	if in.Hides(e) {
		return append(rows, chrome.Row{}, chrome.Row{{Role: theme.Warn, Text: "balances are hidden: " + h.Keys().Key(keymap.Private) + " shows them"}})
	}
	if t.Row >= 0 || t.Field != "" {
		rows = append(rows, chrome.Row{}, headingRow("Under the cursor"))
		v := RowOf(&e.Value, t)
		if t.Row < 0 {
			v = FieldOf(v, t.Field)
		}
		rows = append(rows, jsonRows(v, w)...)
	}
	rows = append(rows, pastRows(in.History(t.Name), h.Now())...)
	rows = append(rows, chrome.Row{}, headingRow("Value"))
	rows = append(rows, jsonRows(&e.Value, w)...)
	return append(rows, rawRows(e, w)...)
}

// factRows says where the datum lives, where it came from and how old it is.
func factRows(h Host, t widgets.Target, e *datasource.Entry, w int) []chrome.Row {
	clean := func(s string) string { return datasource.Clean(s, datasource.MaxCell).String() }
	glyph, role := draw.Mark(h.Palette(), e.State)
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
	fact("why", theme.Text, faultReason(e, h.Now()))
	if e.Known() {
		fact("source", theme.Text, e.Origin.String())
	}
	fact("age", theme.Text, agesText(e, h.Now()))
	if left, ok := e.TTL(h.Now()); ok {
		fact("ttl", theme.Text, format.Left(left)+" left")
	} else if e.Known() {
		fact("ttl", theme.Label, "does not expire")
	}
	fact("key", theme.Strong, clean(e.Ref.Key))
	fact("keys", theme.Strong, clean(pairsText(e.Ref.Join)))
	fact("kind", theme.Text, e.Ref.Kind.String())
	fact("type", theme.Text, typeName(e.Value.Type))
	for _, f := range shapeFacts(&e.Ref.Shape) {
		fact(f[0], theme.Text, clean(f[1]))
	}
	fact("channel", theme.Text, clean(e.Ref.Live))
	fact("push path", theme.Text, clean(e.Ref.Push.Pick))
	fact("push where", theme.Text, clean(pairsText(e.Ref.Push.Where)))
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

// agesText tells since when the value has been vouched for and unchanged.
func agesText(e *datasource.Entry, now time.Time) string {
	if !e.Known() {
		return ""
	}
	s := draw.Age(e.Age(now)) + ", read " + timeOfDay(e.At, now)
	if !e.Changed.IsZero() {
		s += "; changed " + timeOfDay(e.Changed, now)
	}
	if !e.Stamp.IsZero() {
		s += "; producer time " + timeOfDay(e.Stamp, now)
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
		more = "… the last 60 of " + format.Count(int64(n)) + " points"
	}
	text := string(AppendJSON(nil, &short, 0))
	rows := textRows(theme.Text, text, w, 400)
	if more != "" {
		rows = append(rows, chrome.Row{{Role: theme.Label, Text: more}})
	}
	return rows
}

// textRows wraps text that has been sanitized, line by line.
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
func pastRows(past []datasource.Past, now time.Time) []chrome.Row {
	if len(past) == 0 {
		return nil
	}
	rows := []chrome.Row{{}, headingRow("Last changes")}
	for i := range past[:min(len(past), 12)] {
		p := &past[i]
		text := ""
		if i+1 < len(past) {
			text = changedFields(&p.Value, &past[i+1].Value)
		}
		if text == "" {
			text = datasource.Clean(string(AppendJSON(nil, newestElement(&p.Value), -1)), 256).String()
		}
		rows = append(rows, chrome.Row{
			{Role: theme.Label, Text: timeOfDay(p.At, now), W: 10}, {Role: theme.Label, Text: p.Origin.String(), W: 7},
			{Role: theme.Text, Text: text, W: -1},
		})
	}
	return rows
}

// changedFields names the fields of an object that are not as they were before:
// "bid 1.27189  ask 1.27203". It is "" for anything else.
func changedFields(v, before *datasource.Value) string {
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
		parts = append(parts, f.Name.String()+" "+datasource.Clean(PlainText(&f.Value, false), 64).String())
	}
	return strings.Join(parts, "  ")
}

// newestElement is a series' or a list's newest element: a line has no space for all.
func newestElement(v *datasource.Value) *datasource.Value {
	switch {
	case v.Type == datasource.TypeSeries && len(v.Points) > 1:
		return &datasource.Value{Type: datasource.TypeSeries, Points: v.Points[len(v.Points)-1:]}
	case v.Type == datasource.TypeMessages && len(v.Messages) > 1:
		return &datasource.Value{Type: datasource.TypeMessages, Messages: v.Messages[:1]}
	}
	return v
}

// rawRows is the payload sanitized.
func rawRows(e *datasource.Entry, w int) []chrome.Row {
	if len(e.Raw) == 0 {
		return nil
	}
	rows := []chrome.Row{{}, headingRow("Raw value (" + format.Count(int64(len(e.Raw))) + " bytes)")}
	return append(rows, textRows(theme.Label, datasource.CleanBytes(e.Raw, 8<<10).String(), w, 200)...)
}

// timeOfDay formats a time, with its date when that is not today.
func timeOfDay(t, now time.Time) string {
	if sameDay(t, now) {
		return t.Format("15:04:05")
	}
	return t.Format("2 Jan 15:04:05")
}
