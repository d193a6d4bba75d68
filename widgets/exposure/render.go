package exposure

import (
	"math"
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
	t := w.add(&f)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.head(&t, &f))
	known := list.AnyKnown(t.entries)
	switch {
	case known && t.private:
		p.Say("", theme.Label, "hidden")
	case known && !t.usable:
		p.Wrong("positions", list.Worst(t.entries), f.Now)
	case known && t.currency == "":
		p.Say("…", theme.Dim, "the currency of the account is not known yet", w.spec.Currency)
	case len(t.groups)+len(t.currencies) > 0:
		w.body(p, &t, &f)
	case known && len(t.problems()) > 0:
		p.Say("…", theme.Warn, append([]string{"nothing can be added up"}, t.problems()...)...)
	case known:
		p.Say("…", theme.Dim, "no open positions")
	default:
		var e *datasource.Entry
		if len(t.entries) > 0 {
			e = list.Worst(t.entries)
		}
		p.Absent(w.spec.Data, e, f.Now)
	}
	return p.String()
}

// problems says what is not in the sums, and what to do about it.
func (t *whole) problems() (out []string) {
	if len(t.unsized) > 0 {
		out = append(out, "contract size not known: "+strings.Join(t.unsized, ", "), "add contracts to the config")
	}
	if len(t.unrated) > 0 {
		out = append(out, "no rate to "+t.currency+": "+strings.Join(t.unrated, ", "))
	}
	if t.side > 0 {
		out = append(out, strconv.Itoa(t.side)+" without a side")
	}
	if t.price > 0 {
		out = append(out, strconv.Itoa(t.price)+" without a price")
	}
	return out
}

func (w *Widget) head(t *whole, f *widgets.Context) draw.Head {
	h := draw.Head{Title: w.title, Focused: f.Focused, AsideRole: theme.Label}
	h.Note, h.NoteRole = draw.Note(t.entries, f.Now, f.Stamps)
	if t.private || len(t.groups)+len(t.currencies) == 0 {
		return h
	}
	if h.Note.Empty() {
		switch problems := t.problems(); {
		case len(problems) > 0:
			h.Note, h.NoteRole = datasource.Clean("left out · "+problems[0], datasource.MaxCell), theme.Warn
		case t.old:
			h.Note, h.NoteRole = datasource.Clean("○ by old quotes", datasource.MaxCell), theme.Warn
		}
	}
	room := f.W - 10 - draw.Width(h.Title.String())
	for _, text := range []string{"gross " + money(t.gross), "gross " + money(t.gross) + " " + t.currency,
		"net " + signed(t.net) + " · gross " + money(t.gross) + " " + t.currency, "net " + signed(t.net) + " · gross " + money(t.gross) + " " + t.currency + t.leverage()} {
		if draw.Width(text) <= room {
			h.Aside = text
		}
	}
	return h
}

// leverage is how many times the equity the whole is.
func (t *whole) leverage() string {
	if math.IsNaN(t.equity) {
		return ""
	}
	return " · " + field.Decimal(t.gross/t.equity, 2) + "×"
}

// money is an amount without cents; large ones are short.
func money(v float64) string {
	form := format.Fixed(0)
	if math.Abs(v) >= 100_000 {
		form = draw.NumberFormat{Decimals: 1, Unit: draw.UnitCompact}
	}
	return format.Number(datasource.NumberFromFloat(v), form)
}

func signed(v float64) string {
	if v > 0 {
		return "+" + money(v)
	}
	return money(v)
}

// minStacked is the height from which the groups stand above the currencies.
const minStacked = 8

// twoBlocks is the width from which currencies and groups stand side by side.
const twoBlocks = 76

func (w *Widget) body(p *draw.Panel, t *whole, f *widgets.Context) {
	currencies := block{head: "CURRENCY", unit: "IN " + t.currency, legs: t.currencies}
	groups := block{head: "GROUP", unit: "NET " + t.currency, legs: t.groups, group: true}
	for _, l := range t.currencies {
		if l.rated {
			currencies.most = max(currencies.most, math.Abs(l.net))
		}
	}
	for _, l := range t.groups {
		groups.most = max(groups.most, l.long, l.short)
	}
	width, lines := p.Width(), p.Lines()
	if width >= twoBlocks {
		half := (width - 3) / 2
		currencies.cells, groups.cells = half, width-3-half
		for row := range lines {
			currencies.row(p, f, row, lines)
			p.To(half + 3)
			groups.row(p, f, row, lines)
			p.EndLine()
		}
		return
	}
	currencies.cells, groups.cells = width, width
	first := min(len(t.groups)+1, max(lines/2, 2))
	if len(t.currencies)+1 < lines-first {
		first = lines - len(t.currencies) - 1
		first = min(first, len(t.groups)+1)
	}
	if lines < minStacked {
		first = 0
	}
	for row := range first {
		groups.row(p, f, row, first)
		p.EndLine()
	}
	for row := range lines - first {
		currencies.row(p, f, row, lines-first)
		p.EndLine()
	}
}

// block is a table of legs.
type block struct {
	head, unit string
	legs       []leg
	group      bool
	most       float64
	cells      int
}

const (
	nameCells  = 11
	valueCells = 10
	unitsCells = 10
	minBar     = 9
	unitsBar   = 13 // that is left beside the units
)

// row draws line n of so many: the heading, then the legs, and how many have no
// space.
func (b *block) row(p *draw.Panel, f *widgets.Context, n, lines int) {
	bar := b.cells - nameCells - valueCells - 2
	units := bar >= unitsBar+unitsCells && !b.group
	if units {
		bar -= unitsCells
	}
	switch rest := len(b.legs) - (lines - 2); {
	case n == 0:
		p.Cell(theme.Label, b.head, min(nameCells, b.cells))
		if units {
			p.Right(theme.Label, "UNITS", unitsCells)
		}
		if bar >= minBar {
			p.Skip(1).Cell(theme.Label, b.axis(bar), bar).Skip(1)
		}
		p.Right(theme.Label, b.unit, b.valueWidth(bar))
	case n == lines-1 && rest > 1:
		p.Lit(theme.Dim, "+"+strconv.Itoa(rest)+" more")
	case n <= len(b.legs):
		b.leg(p, f, &b.legs[n-1], bar, units)
	}
}

// valueWidth is what is left for the amount.
func (b *block) valueWidth(bar int) int {
	if bar >= minBar {
		return valueCells
	}
	return max(b.cells-nameCells, 0)
}

// axis heads the bars.
func (b *block) axis(bar int) string {
	half := (bar - 1) / 2
	if half < len("short") {
		return ""
	}
	return strings.Repeat(" ", half-len("short")) + "short │ long"
}

func (b *block) leg(p *draw.Panel, f *widgets.Context, l *leg, bar int, units bool) {
	p.Cell(theme.Strong, datasource.Clean(l.name, 24).String(), min(nameCells, b.cells))
	if units {
		p.Right(theme.Label, signed(l.long-l.short), unitsCells)
	}
	if bar >= minBar {
		p.Skip(1)
		b.bar(p, f, l, bar)
		p.Skip(1)
	}
	width := b.valueWidth(bar)
	switch {
	case !b.group && !l.rated:
		p.Right(theme.Warn, "no rate", width)
	default:
		mark := ""
		if l.old {
			mark = "○ "
		}
		role := theme.Direction(sign(l.net), false)
		p.Right(role, mark+signed(l.net), width)
	}
}

// bar draws what is short to the left and what is long to the right of the
// middle: of a currency its net, of a group both sides.
func (b *block) bar(p *draw.Panel, f *widgets.Context, l *leg, cells int) {
	half := (cells - 1) / 2
	long, short := max(l.net, 0), max(-l.net, 0)
	if b.group {
		long, short = l.long, l.short
	} else if !l.rated {
		long, short = 0, 0
	}
	up, down := theme.UpDim, theme.DownDim
	if f.Theme.Colourless() {
		up, down = theme.Label, theme.Label
	}
	most := max(b.most, 1e-300)
	axis := "│"
	if f.Theme.Symbols == theme.ASCII {
		axis = "|"
	}
	p.Bar(down, short/most, half, true).Lit(theme.Axis, axis).Bar(up, long/most, cells-half-1, false)
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
