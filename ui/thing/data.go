package thing

import (
	"strconv"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Data lists what is known of a symbol: each datum with its key, its source,
// its age and its TTL.
type Data struct{ panel }

// Title implements widgets.Widget.
func (Data) Title() datasource.Safe { return cleanTitle("Data") }

// Render implements widgets.Widget.
func (w Data) Render(f widgets.Context) string {
	var names []string
	live := 0
	for i := range f.Data.Len() {
		name, e := f.Data.Nth(i)
		if datasource.Item(name) == f.Selected.String() {
			names = append(names, name)
			if e != nil && e.State == datasource.StateLive {
				live++
			}
		}
	}
	for i := range f.Data.Len() { // and what the account has in it
		if name, e := f.Data.Nth(i); KindOf(name) != Symbol && datasource.Item(name) == "" && !f.Selected.Empty() {
			names = append(names, name)
			if e != nil && e.State == datasource.StateLive {
				live++
			}
		}
	}
	head := draw.Head{Title: of("Data", &f), Aside: "all live", AsideRole: theme.Good, Focused: f.Focused}
	if live < len(names) {
		head.Aside, head.AsideRole = strconv.Itoa(live)+" of "+strconv.Itoa(len(names))+" live", theme.Warn
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	whatW := 4
	for _, name := range names {
		whatW = min(max(whatW, draw.Width(datasource.Group(name))), 12)
	}
	keyW := max(p.Width()-whatW-1-7-6-6, 8)
	p.Cell(theme.Label, "WHAT", whatW).Skip(1).Cell(theme.Label, "KEY", keyW-1).Skip(1).Cell(theme.Label, "FROM", 7).Right(theme.Label, "AGE", 6).Right(theme.Label, "TTL", 6).EndLine()
	for _, name := range names {
		e := f.Data.Get(name)
		p.Cell(theme.Text, datasource.Group(name), whatW).Skip(1)
		if e == nil {
			p.Cell(theme.Label, "not read yet", p.Left()).EndLine()
			continue
		}
		ttl := "none"
		if left, ok := e.TTL(f.Now); ok {
			ttl = draw.Left(left)
		}
		age := ""
		role := theme.Label
		if e.Known() {
			age = draw.Age(e.Age(f.Now))
		}
		if e.State == datasource.StateLive {
			role = theme.Good
		}
		p.Cell(theme.Text, datasource.Clean(e.Ref.Key, 128).String(), keyW-1).Skip(1).Cell(theme.Label, e.Origin.String(), 7)
		p.Right(role, age, 6).Right(theme.Label, ttl, 6).EndLine()
	}
	return p.String()
}
