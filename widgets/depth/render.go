package depth

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	b, symbol, name, entries := w.readBook(&f)
	e := entries[0]
	head := draw.Head{Title: w.title, Focused: f.Focused, AsideRole: theme.Label}
	if w.spec.Title == "" && symbol != "" {
		head.Title = datasource.Clean("Book · "+symbol, 80)
	}
	head.Note, head.NoteRole = draw.Source(entries, f.Now, f.Stamps)
	if b.unread > 0 {
		head.Extra = " · " + strconv.Itoa(b.unread) + " unreadable"
	}
	g := w.measureGrid(&b, &f)
	head.Aside = w.headlineText(&b, &g, symbol, f.W-draw.Width(head.Title.String())-8)
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case b.known:
		w.drawLadder(p, &b, e, &f, &g, symbol)
	case e.Known() && e.Value.Type != datasource.TypeObject && b.unread == 0:
		p.Wrong("an order book", e, f.Now)
	case e.Known() && b.unread > 0:
		p.Say("…", theme.Dim, "no level can be read", "key "+datasource.Clean(e.Ref.Key, datasource.MaxCell).String())
	case e.Known():
		p.Say("…", theme.Dim, "no bids and no asks", "key "+datasource.Clean(e.Ref.Key, datasource.MaxCell).String())
	default:
		p.Absent(name, e, f.Now)
	}
	return p.String()
}

// grid is the widths of the columns; 0 is left out.
type grid struct {
	price, size, sum, bar int
	most                  float64 // the size of the longest bar
	form                  draw.NumberFormat
	sizes                 draw.NumberFormat
	heads                 bool
	asks, bids            int // levels drawn
}

const (
	gap    = 2
	minBar = 4
)

// headlineText is the sum of both sides, or the spread where there is no space.
func (w *Widget) headlineText(b *book, g *grid, symbol string, room int) string {
	if !b.known || len(b.bids) == 0 || len(b.asks) == 0 {
		return ""
	}
	sums := g.sumText(totalSize(b.bids)) + " bid · " + g.sumText(totalSize(b.asks)) + " ask"
	if g.heads && totalSize(b.bids)+totalSize(b.asks) > 0 && draw.Width(sums) <= room {
		return sums
	}
	return w.formatSpread(b, g, symbol)
}

// formatSpread is the distance of the best prices in the unit of the symbol.
func (w *Widget) formatSpread(b *book, g *grid, symbol string) string {
	mid, spread, ok := b.midAndSpread()
	if !ok {
		return ""
	}
	return w.unit.Text(spread, max(g.form.Decimals, 0), symbol, mid)
}

func (g *grid) sumText(f float64) string {
	style := g.sizes
	if style.Unit == format.UnitCompact {
		style.Decimals = 1
	}
	return format.Number(datasource.NumberFromFloat(f), style)
}

func (w *Widget) measureGrid(b *book, f *widgets.Context) (g grid) {
	width, lines := list.Inside(*f)
	g.heads = b.hasHeads(f)
	if g.heads {
		lines--
	}
	g.asks, g.bids = w.levelsPerSide(b, lines)
	sides := [...][]level{b.asks[:g.asks], b.bids[:g.bids]}
	g.form, g.sizes = w.price.NumberFormat, w.size.NumberFormat
	if g.form.Decimals == draw.Auto {
		g.form.Decimals = priceDecimals(b.asks, b.bids)
	}
	g.setSizes(w.spec.Size == "", sides[:]...)
	sum := 0
	for _, side := range sides {
		running := 0.0
		for _, l := range side {
			g.price = max(g.price, draw.Width(draw.FormatNumber(l.price, g.form)))
			if l.sized {
				running += math.Abs(l.size.Float())
				g.size = max(g.size, draw.Width(draw.FormatNumber(l.size, g.sizes)))
				g.most = max(g.most, math.Abs(l.size.Float()))
				sum = max(sum, len(g.sumText(running)))
			}
		}
	}
	g.price = min(g.price, max(width, 1))
	left := width - g.price
	if g.heads && g.size > 0 {
		g.size, g.sum = max(g.size, len("SIZE")), max(sum, len("TOTAL"))
	}
	if left < g.size+gap {
		g.size = 0
	} else if g.size > 0 {
		left -= g.size + gap
	}
	if g.sum > 0 && left >= g.sum+gap+minBar+gap {
		left -= g.sum + gap
	} else {
		g.sum = 0
	}
	if left-gap >= minBar && g.most > 0 && !math.IsInf(g.most, 0) {
		g.bar = left - gap
	}
	return g
}

// setSizes gives all sizes the decimals of the one with most; big ones are
// compact.
func (g *grid) setSizes(auto bool, sides ...[]level) {
	if g.sizes.Decimals != draw.Auto {
		return
	}
	var c format.Column
	largest := 0.0
	for _, side := range sides {
		for _, l := range side {
			if l.sized {
				c.Add(l.size)
				largest = max(largest, math.Abs(l.size.Float()))
			}
		}
	}
	if g.sizes.Decimals = c.Decimals(); auto && largest >= 10_000 {
		g.sizes.Unit, g.sizes.Decimals = format.UnitCompact, 1
	}
}

// drawLadder draws the levels: the worst ask first, so that the best prices meet
// at the middle.
func (w *Widget) drawLadder(p *draw.Panel, b *book, e *datasource.Entry, f *widgets.Context, g *grid, symbol string) {
	if g.heads {
		g.drawHeads(p)
	}
	sums := g.cumulativeSizes(b.asks[:g.asks])
	for i := g.asks - 1; i >= 0; i-- {
		g.drawLevel(p, &b.asks[i], sums[i], theme.Down, e, f)
	}
	w.drawMiddle(p, b, g, e, symbol)
	sums = g.cumulativeSizes(b.bids[:g.bids])
	for i := range g.bids {
		g.drawLevel(p, &b.bids[i], sums[i], theme.Up, e, f)
	}
}

func (g *grid) drawHeads(p *draw.Panel) {
	p.Right(theme.Label, "PRICE", g.price)
	if g.size > 0 {
		p.Skip(gap).Right(theme.Label, "SIZE", g.size)
	}
	if g.sum > 0 {
		p.Skip(gap).Right(theme.Label, "TOTAL", g.sum)
	}
	if g.bar > 0 {
		p.Skip(gap).Lit(theme.Label, "DEPTH")
	}
	p.EndLine()
}

// cumulativeSizes are the sizes gathered from the best price on.
func (g *grid) cumulativeSizes(side []level) []float64 {
	out, running := make([]float64, len(side)), 0.0
	for i, l := range side {
		if l.sized {
			running += math.Abs(l.size.Float())
		}
		out[i] = running
	}
	return out
}

// drawMiddle draws the line between the sides: the middle price, a rule, and as
// much of the spread and the bids' share as has space.
func (w *Widget) drawMiddle(p *draw.Panel, b *book, g *grid, e *datasource.Entry, symbol string) {
	mid, spread, ok := b.midAndSpread()
	if !ok {
		side := "no bids"
		if len(b.asks) == 0 {
			side = "no asks"
		}
		p.Lit(theme.Label, side).Skip(1)
		p.Rule()
		return
	}
	form := g.form
	if scale := math.Pow10(form.Decimals); form.Decimals >= 0 && math.Abs(spread)*scale < 1.5 && spread != 0 {
		form.Decimals++ // rounded it would be one of the sides
	}
	n, ok := datasource.ParseNumber(strconv.FormatFloat(mid, 'f', max(form.Decimals, 0), 64))
	if ok && n.Float() == 0 && mid != 0 {
		n = format.Rounded(mid, form.Decimals)
	}
	if ok {
		p.Number(draw.Faded(e, theme.Strong), n, form, max(g.price, draw.Width(draw.FormatNumber(n, form))))
	}
	p.Skip(1).Lit(theme.Label, "mid").Skip(1)
	texts := []string{w.formatSpread(b, g, symbol)}
	if spread < 0 {
		texts = append(texts, "crossed")
	}
	if pct, ok := bidShare(b.bids[:g.bids], b.asks[:g.asks]); ok {
		texts = append(texts, strconv.Itoa(pct)+"% bids")
	}
	line := ""
	for _, t := range texts {
		if next := joinParts(line, t); draw.Width(next)+2 <= p.Left() {
			line = next
		}
	}
	if n := p.Left() - draw.Width(line) - 1; line != "" && n > 0 {
		p.Lit(theme.Border, strings.Repeat("─", n)).Skip(1).Lit(theme.Label, line)
		p.EndLine()
		return
	}
	p.Rule()
}

// joinParts puts " · " between texts that are there.
func joinParts(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// drawLevel draws one level. Without heads the size stands at the right edge.
func (g *grid) drawLevel(p *draw.Panel, l *level, sum float64, side theme.Role, e *datasource.Entry, f *widgets.Context) {
	bar := theme.UpDim
	if side == theme.Down {
		bar = theme.DownDim
	}
	if f.Theme.Colourless() {
		bar = theme.Text
	}
	p.Number(draw.Faded(e, side), l.price, g.form, g.price)
	size := func() {
		if g.size == 0 {
			return
		}
		p.Skip(gap)
		if l.sized {
			p.Number(draw.Faded(e, theme.Text), l.size, g.sizes, g.size)
		} else {
			p.Right(theme.Dim, field.Absent, g.size)
		}
	}
	if g.heads {
		size()
	}
	if g.sum > 0 {
		p.Skip(gap).Right(draw.Faded(e, theme.Label), g.sumText(sum), g.sum)
	}
	if g.bar > 0 {
		length := 0.0
		if l.sized {
			length = math.Abs(l.size.Float()) / g.most
		}
		p.Skip(gap).Bar(draw.Faded(e, bar), length, g.bar, false)
	}
	if !g.heads {
		size()
	}
	p.EndLine()
}
