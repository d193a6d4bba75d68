package thing

import (
	"math"
	"strconv"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/alertbook"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/quotes"
	"ticktop/widgets/theme"
)

// Alerts lists what fires on a symbol, and the prices at which something would.
type Alerts struct {
	panel
	Quotes *quotes.Widget // nil: none
}

// Title implements widgets.Widget.
func (Alerts) Title() datasource.Safe { return cleanTitle("Alerts") }

// ShowsLevels implements widgets.Leveled.
func (Alerts) ShowsLevels() bool { return true }

// Render implements widgets.Widget.
func (w Alerts) Render(f widgets.Context) string {
	var armed []widgets.Level
	for _, l := range widgets.ParseLevels(f.Levels) {
		if l.Element == f.Selected.String() {
			armed = append(armed, l)
		}
	}
	head := draw.Head{Title: w.Title(), Aside: "+ new   ! all", AsideRole: theme.Label, Focused: f.Focused}
	if len(armed) > 0 {
		head.Extra = " · " + strconv.Itoa(len(armed)) + " armed"
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	firing := 0
	for i := range f.Data.Alerts {
		a := &f.Data.Alerts[i]
		if datasource.Item(a.Name.String()) != f.Selected.String() {
			continue
		}
		firing++
		role := theme.Warn
		if a.Level == datasource.LevelCritical {
			role = theme.Bad
		}
		age := draw.Age(f.Now.Sub(a.Since))
		p.Lit(role, "● ").Cell(theme.Text, alertbook.Text(a, false, f.Data).String(), max(p.Left()-len(age)-1, 0)).Skip(1)
		p.Right(theme.Label, age, max(p.Left(), 0)).EndLine()
	}
	for _, l := range armed {
		text := l.Words + " " + format.Number(datasource.NumberFromFloat(l.Price), format.Plain)
		far := w.away(&f, l.Price)
		p.Lit(theme.Warn, "○ ").Cell(theme.Text, text, max(p.Left()-draw.Width(far)-1, 0)).Skip(1)
		p.Right(theme.Label, far, max(p.Left(), 0)).EndLine()
	}
	if firing+len(armed) == 0 {
		p.Lit(theme.Label, "none on "+f.Selected.String()+": + makes one").EndLine()
	}
	return p.String()
}

// away is how far a price is from the last one.
func (w Alerts) away(f *widgets.Context, price float64) string {
	if w.Quotes == nil {
		return ""
	}
	q, ok := w.Quotes.Item(f, f.Selected.String())
	if !ok {
		return ""
	}
	if text := q.Distance(price); text != "" && !math.IsNaN(price) {
		return text + " away"
	}
	return ""
}
