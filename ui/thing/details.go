package thing

import (
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// Details lists every field of a position or an order.
type Details struct{ Thing Thing }

// Kind implements widgets.Widget.
func (Details) Kind() string { return "thing" }

// Data implements widgets.Widget.
func (d Details) Data() []string { return []string{d.Thing.Datum} }

// Title implements widgets.Widget.
func (d Details) Title() datasource.Safe { return d.Thing.Crumb() }

// Render implements widgets.Widget.
func (d Details) Render(f widgets.Context) string {
	head := draw.Head{Title: d.Title(), Focused: f.Focused}
	r, ok := findRow(f.Data, d.Thing)
	if ok {
		head.Note, head.NoteRole = sourceNote(&f, []*datasource.Entry{r.entry})
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	if !ok {
		p.Lit(theme.Warn, "closed: it is gone from "+datasource.Clean(d.Thing.Datum, 64).String()).EndLine()
		return p.String()
	}
	for i := range r.value.Fields {
		v := &r.value.Fields[i]
		s := valueText(&v.Value)
		role := theme.Text
		if strings.Contains(strings.ToLower(v.Name.String()), "pnl") || strings.EqualFold(v.Name.String(), "profit") {
			role, s = signRole(s), withSign(s)
		}
		p.Cell(theme.Label, field.Label(v.Name.String()), 18).Lit(role, s).EndLine()
	}
	return p.String()
}
