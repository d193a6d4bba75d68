package thing

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Messages lists the newest messages about a symbol.
type Messages struct{ panel }

// Title implements widgets.Widget.
func (Messages) Title() datasource.Safe { return cleanTitle("Notifications") }

// heard is one message about a symbol.
type heard struct {
	at    time.Time
	value *datasource.Value
}

// heardOf returns the messages about a symbol that are meant to be read: those
// of channels and streams that are no symbol's own, and of lists of texts. The
// newest come first.
func heardOf(f *widgets.Context) (out []heard, entries []*datasource.Entry) {
	symbol := f.Selected.String()
	for i := range f.Data.Len() {
		name, e := f.Data.Nth(i)
		if !e.Known() || e.Value.Type != datasource.TypeMessages || datasource.Item(name) != "" {
			continue
		}
		n := len(out)
		for m := range e.Value.Messages {
			msg := &e.Value.Messages[m]
			if saysText(&msg.Value) && mentionsSymbol(&msg.Value, symbol) {
				out = append(out, heard{messageAt(msg), &msg.Value})
			}
		}
		if len(out) > n {
			entries = append(entries, e)
		}
	}
	slices.SortStableFunc(out, func(a, b heard) int { return b.at.Compare(a.at) })
	return out, entries
}

// saysText reports whether a message has words, and is not a row of figures.
func saysText(v *datasource.Value) bool {
	return v.Type == datasource.TypeText || fieldText(v, textNames) != ""
}

var textNames = []string{"text", "message", "msg", "title"}

// Render implements widgets.Widget.
func (w Messages) Render(f widgets.Context) string {
	all, entries := heardOf(&f)
	head := draw.Head{Title: of("Notifications", &f), Focused: f.Focused}
	if len(all) > 0 {
		head.Aside, head.AsideRole = strconv.Itoa(len(all)), theme.Label
	}
	head.Note, head.NoteRole = sourceNote(&f, entries)
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	for i := range all {
		if p.Full() {
			break
		}
		h := &all[i]
		p.Cell(theme.Label, clock(h.at, f.Now), 9).Skip(1)
		p.Cell(theme.Strong, strings.ToUpper(fieldText(h.value, []string{"type", "level", "event", "kind"})), 7)
		text := messageText(h.value)
		if rest, ok := strings.CutPrefix(text, f.Selected.String()+" "); ok { // the title says it
			text = rest
		}
		p.Cell(theme.Text, text, max(p.Left(), 0)).EndLine()
	}
	if len(all) == 0 {
		p.Lit(theme.Label, "none about "+f.Selected.String()).EndLine()
	}
	return p.String()
}

// messageAt is when a message was sent, or received where it does not say.
func messageAt(m *datasource.Message) time.Time {
	if v, ok := fieldNamed(&m.Value, timeNames); ok {
		if t, ok := timeOf(v); ok {
			return t
		}
	}
	return m.At
}

// clock is a time of day, "" for none.
func clock(at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return draw.Clock(at.In(now.Location()), now)
}

func messageText(v *datasource.Value) string {
	if s := fieldText(v, textNames); s != "" {
		return s
	}
	if v.Type == datasource.TypeText {
		return v.Text.String()
	}
	var parts []string
	for i := range v.Fields {
		if s := valueText(&v.Fields[i].Value); s != "" {
			parts = append(parts, v.Fields[i].Name.String()+" "+s)
		}
	}
	return strings.Join(parts, " · ")
}
