package bars

import (
	"math"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/measure"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	k := w.lookAt(&f)
	head := draw.Head{Title: w.Title(), Focused: f.Focused}
	head.Note, head.NoteRole = draw.Note(k.entries, f.Now, f.Stamps)
	if k.filter.Active() || k.win.Lines < k.win.Total {
		head.Extra = k.win.Extra(k.all, k.filter)
	}
	if f.View.Sort != "" {
		head.Extra += " · by " + k.order
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case len(k.entries) == 0:
		p.Absent(w.spec.Data, nil, f.Now)
	case len(k.entries) == 1 && !k.entries[0].Known():
		p.Absent(w.spec.Data, k.entries[0], f.Now)
	case k.filter.Active() && len(k.items) == 0:
		p.Say("", theme.Label, "nothing matches "+k.filter.String())
	case k.all == 0:
		p.Say("", theme.Label, "nothing to show: the list is empty")
	default:
		g := w.measureGrid(&k, &f, p.Width())
		for i := k.win.First; i < k.win.End(); i++ {
			if f.Focused && i == k.win.Cursor {
				p.On(theme.Selected)
			}
			w.drawBar(p, &k.items[i], &g, &f)
		}
	}
	return p.String()
}

// grid is the widths of the columns; 0 is left out.
type grid struct {
	label, value int
	left, right  int     // cells of the bars on both sides of zero
	most         float64 // the number that fills the longer side
	marks        bool
}

const (
	gap    = 2
	minBar = 6
)

func (w *Widget) measureGrid(k *look, f *widgets.Context, width int) (g grid) {
	for i := k.win.First; i < k.win.End(); i++ {
		it := &k.items[i]
		g.label = max(g.label, draw.Width(it.Label))
		if it.OK {
			g.value = max(g.value, len(w.formatValue(it, f)))
		}
		g.marks = g.marks || len(k.entries) > 1 && draw.StateOf(it.Entry) != datasource.StateLive
	}
	if f.Private && w.format.Class.Private() {
		g.value = draw.Width(draw.Hidden(f.Theme))
	}
	g.label = min(g.label, max(width/3, 4), width)
	g.value = min(g.value, max(width-g.label-1, 0))
	bar := width - g.label - g.value - 2*gap
	if g.marks {
		bar -= 2
	}
	if g.most = k.hi - k.lo; bar < minBar || g.most <= 0 || math.IsInf(g.most, 0) {
		return g
	}
	g.left = int(math.Round(float64(bar) * -k.lo / g.most))
	if k.lo < 0 {
		g.left = max(g.left, 2)
	}
	g.right = bar - g.left
	if k.hi > 0 && g.right < 2 {
		g.left, g.right = bar-2, 2
	}
	return g
}

// drawBar draws one bar.
func (w *Widget) drawBar(p *draw.Panel, it *measure.Item, g *grid, f *widgets.Context) {
	p.Cell(draw.Faded(it.Entry, theme.Text), it.Label, g.label)
	if !it.OK {
		p.Skip(gap).Mark(it.Entry).Skip(1).Lit(theme.Dim, missingReason(it))
		p.EndLine()
		return
	}
	x := it.Num.Float()
	role := draw.Faded(it.Entry, theme.Direction(draw.Sign(it.Num), false))
	bar := draw.Faded(it.Entry, draw.GraphRole(f.Theme, draw.Sign(it.Num)))
	if g.left+g.right > 0 {
		p.Skip(gap)
		p.Bar(bar, shareOfCells(-x, g.most, g.left, g), g.left, true)
		p.Bar(bar, shareOfCells(x, g.most, g.right, g), g.right, false)
	}
	end := p.Width()
	if g.marks {
		end -= 2
	}
	p.To(end - g.value)
	if f.Private && w.format.Class.Private() {
		p.Right(draw.Faded(it.Entry, theme.Dim), draw.Hidden(f.Theme), g.value)
	} else {
		p.Number(role, it.Num, w.format.For(it.Num), g.value)
	}
	if g.marks {
		p.Skip(1).Mark(it.Entry)
	}
	p.EndLine()
}

// shareOfCells is how much of a side's cells a number fills.
func shareOfCells(x, most float64, cells int, g *grid) float64 {
	if x <= 0 || cells == 0 {
		return 0
	}
	return x / most * float64(g.left+g.right) / float64(cells)
}

func (w *Widget) formatValue(it *measure.Item, f *widgets.Context) string {
	if f.Private && w.format.Class.Private() {
		return ""
	}
	return draw.FormatNumber(it.Num, w.format.For(it.Num))
}

// missingReason says in a few words why an item has no bar.
func missingReason(it *measure.Item) string {
	if it.Entry.Known() {
		return "no number"
	}
	return draw.Short(it.Entry)
}
