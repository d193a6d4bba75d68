package gauge

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
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
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case !k.entry.Known():
		p.Absent(w.spec.Data, k.entry, f.Now)
	case k.filter.Active() && len(k.gauges) == 0:
		p.Say("", theme.Label, "nothing matches "+k.filter.String())
	case k.all == 0:
		p.Say("", theme.Label, "no field is in per cent: name them in rows")
	default:
		g := w.measureGrid(&k, &f, p.Width())
		for i := k.win.First; i < k.win.End(); i++ {
			if f.Focused && i == k.win.Cursor {
				p.On(theme.Selected)
			}
			k.drawGauge(p, &k.gauges[i], &g, &f)
		}
	}
	return p.String()
}

// grid is the widths of the columns; 0 is left out.
type grid struct{ label, figure, bar, percent int }

const minBar = 4

func (w *Widget) measureGrid(k *look, f *widgets.Context, width int) (g grid) {
	for i := k.win.First; i < k.win.End(); i++ {
		x := &k.gauges[i]
		g.label = max(g.label, draw.Width(x.rule.label))
		g.figure = max(g.figure, draw.Width(x.figureText(f)))
	}
	g.percent = len("100%")
	for i := k.win.First; i < k.win.End(); i++ {
		g.percent = max(g.percent, len(formatPercent(k.gauges[i].share)))
	}
	g.label = min(g.label, max(width-g.percent-2-minBar-2, width/2))
	left := width - g.label - 2 - 1 - g.percent - 3 // gaps, the level's mark
	if left-g.figure-2 < 2*minBar {
		g.figure = 0
	} else {
		left -= g.figure + 2
	}
	if left >= minBar {
		g.bar = left
	}
	return g
}

// figureText is the number and its limit: "580.00 of 1,000". A share of a hundred
// says nothing that its per cent does not.
func (x *gauge) figureText(f *widgets.Context) string {
	switch {
	case !x.ok || !x.bound || x.rule.isNum && x.rule.Limit == "":
		return ""
	case f.Private && x.rule.format.Class.Private():
		return draw.Hidden(f.Theme)
	}
	limit := x.rule.format.For(x.limit)
	limit.Sign = false
	return draw.FormatNumber(x.num, x.rule.format.For(x.num)) + " of " + draw.FormatNumber(x.limit, limit)
}

// drawGauge draws one gauge: label, bar, figure, per cent, and a mark when it is
// near its limit.
func (k *look) drawGauge(p *draw.Panel, x *gauge, g *grid, f *widgets.Context) {
	p.Cell(draw.Faded(k.entry, theme.Label), x.rule.label, g.label)
	if !x.ok || !x.bound {
		p.Skip(2).Lit(theme.Dim, x.missingReason())
		p.EndLine()
		return
	}
	role := draw.Faded(k.entry, [...]theme.Role{theme.Good, theme.Warn, theme.Bad}[x.level])
	if g.bar > 0 {
		bar := role
		if f.Theme.Colourless() {
			bar = theme.Text
		}
		p.Skip(2).Meter(bar, x.share, g.bar)
	}
	if g.figure > 0 {
		p.Skip(2).Right(draw.Faded(k.entry, theme.Text), x.figureText(f), g.figure)
	}
	p.Skip(1).Right(role, formatPercent(x.share), g.percent)
	if x.level > calm {
		p.Skip(1).Lit(role, [...]string{"", "!", "!!"}[x.level])
	}
	p.EndLine()
}

// missingReason says why there is no bar.
func (x *gauge) missingReason() string {
	switch name := datasource.Clean(x.rule.Field, 80).String(); {
	case x.ok:
	case x.found == nil:
		return "no " + name
	case x.found.Type == datasource.TypeNumber:
		return name + " is " + x.found.Num.String()
	default:
		return name + " is " + draw.TypeWord(x.found.Type)
	}
	if x.rule.isNum {
		return "no limit"
	}
	return "no limit: no " + datasource.Clean(x.rule.Limit, 80).String()
}
