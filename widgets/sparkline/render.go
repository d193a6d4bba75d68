package sparkline

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	k := w.lookAt(&f)
	head := draw.Head{Title: w.title, Focused: f.Focused}
	head.Note, head.NoteRole = draw.Note(k.entries, f.Now, f.Stamps)
	if k.filter.Active() || k.win.Lines < k.win.Total {
		head.Extra = k.win.Extra(k.all, k.filter)
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case k.all == 0:
		p.Absent(w.spec.Data, nil, f.Now)
	case k.all == 1 && !k.entries[0].Known():
		p.Absent(w.spec.Data, k.entries[0], f.Now)
	case len(k.rows) == 0:
		p.Say("", theme.Label, "nothing matches "+k.filter.String())
	}
	if p.Full() || k.all == 1 && !k.entries[0].Known() {
		return p.String()
	}
	g := w.measureGrid(&k, &f, p.Width())
	for i := k.win.First; i < k.win.End(); i++ {
		if f.Focused && i == k.win.Cursor {
			p.On(theme.Selected)
		}
		w.drawLine(p, &k.rows[i], &g, &f)
	}
	return p.String()
}

// grid is the widths of the columns; 0 is left out.
type grid struct{ label, spark, value, change int }

// The least widths at which columns earn their cells.
const (
	minSpark    = 6
	changeWidth = 10 // "+1234.56 %"
)

func (w *Widget) measureGrid(k *look, f *widgets.Context, width int) (g grid) {
	for i := k.win.First; i < k.win.End(); i++ {
		r := &k.rows[i]
		g.label = max(g.label, draw.Width(r.label))
		if r.ok {
			g.value = max(g.value, draw.Width(w.formatValue(r, f)))
		}
	}
	g.label = min(g.label, max(width/3, 6), width)
	left := width - g.label - 2 // the mark and its blank
	if g.value > 0 && left < g.value+1 {
		g.value = 0
	} else {
		left -= g.value + 1
	}
	if left >= changeWidth+1+minSpark+1 {
		g.change = changeWidth
		left -= changeWidth + 1
	}
	if left-1 >= minSpark {
		g.spark = left - 1
	}
	return g
}

// drawLine draws one row, or says why there isn't one.
func (w *Widget) drawLine(p *draw.Panel, r *row, g *grid, f *widgets.Context) {
	p.Cell(draw.Faded(r.entry, theme.Label), r.label, g.label)
	if !r.ok {
		p.Skip(1).Mark(r.entry).Skip(1).Lit(theme.Dim, missingReason(r.entry))
		p.EndLine()
		return
	}
	dir := draw.Sign(datasource.NumberFromFloat(r.delta))
	if g.spark > 0 {
		p.Skip(1).Spark(draw.Faded(r.entry, draw.GraphRole(f.Theme, dir)), r.pts, r.from, r.to, r.gap, g.spark)
	}
	if g.value > 0 {
		p.Skip(1).Right(draw.Faded(r.entry, theme.Strong), w.formatValue(r, f), g.value)
	}
	if g.change > 0 {
		n := datasource.NumberFromFloat(r.delta)
		p.Skip(1).Number(draw.Faded(r.entry, theme.Direction(dir, false)), n, draw.NumberFormat{Decimals: 2, Sign: true, Unit: draw.UnitPercent}, g.change)
	}
	p.Skip(1).Mark(r.entry)
	p.EndLine()
}

// missingReason says in a few words why a row has no line.
func missingReason(e *datasource.Entry) string {
	switch {
	case !e.Known():
		return draw.Short(e)
	case e.Value.Type != datasource.TypeSeries:
		return "no series, but " + draw.TypeWord(e.Value.Type)
	default:
		return "no points yet"
	}
}

// formatValue formats the last value of a row.
func (w *Widget) formatValue(r *row, f *widgets.Context) string {
	if f.Private && w.format.Class.Private() {
		return draw.Hidden(f.Theme)
	}
	n := datasource.NumberFromFloat(r.last.V)
	form := w.format.For(n)
	if w.format.Decimals == draw.Auto {
		form.Decimals = max(form.Decimals, draw.Digits(r.pts))
	}
	return draw.FormatNumber(n, form)
}
