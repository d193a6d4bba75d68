package accounts

import (
	"math"
	"strconv"

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
	k := w.lookAt(&f)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.head(&k, &f))
	known := list.AnyKnown(k.entries)
	switch {
	case known && k.private:
		p.Say("", theme.Label, "hidden")
	case known && !k.usable && len(k.rows) == 0:
		p.Wrong("accounts", list.Worst(k.entries), f.Now)
	case known:
		w.body(p, &k, &f)
	default:
		var e *datasource.Entry
		if len(k.entries) > 0 {
			e = list.Worst(k.entries)
		}
		p.Absent(w.spec.Data, e, f.Now)
	}
	return p.String()
}

func (w *Widget) head(k *look, f *widgets.Context) draw.Head {
	h := draw.Head{Title: w.title, Focused: f.Focused, AsideRole: theme.Label}
	h.Note, h.NoteRole = draw.Note(k.entries, f.Now, f.Stamps)
	if k.private || !list.AnyKnown(k.entries) {
		return h
	}
	h.Extra = k.window.Extra(len(k.rows), list.Filter{})
	if left := k.unconverted(); left > 0 && h.Note.Empty() {
		h.Note, h.NoteRole = datasource.Clean(strconv.Itoa(left)+" not in the sum: no rate to "+k.sum.currency, 80), theme.Warn
	}
	return h
}

// unconverted is how many accounts are known and not in the sum.
func (k *look) unconverted() (n int) {
	for i := range k.rows {
		if k.rows[i].entry.Known() && !k.rows[i].rated {
			n++
		}
	}
	return n
}

// column is one figure of all accounts.
type column struct {
	head   string
	width  int
	weight int
	draw   func(p *draw.Panel, f *widgets.Context, r *row, c *column)
}

// columns are the figures, and the bars against the limits.
func (w *Widget) columns(k *look) []column {
	figure := func(get func(*row) float64, decimals int, signed bool) func(*draw.Panel, *widgets.Context, *row, *column) {
		return func(p *draw.Panel, _ *widgets.Context, r *row, c *column) {
			v := get(r)
			if math.IsNaN(v) {
				p.Right(theme.Label, field.Absent, c.width)
				return
			}
			text, role := field.Decimal(v, decimals), theme.Text
			if signed {
				if v > 0 {
					text = "+" + text
				}
				role = theme.Direction(sign(v), false)
			}
			if draw.Width(text) > c.width { // a figure that is cut would be another
				text = format.Number(datasource.NumberFromFloat(v), draw.NumberFormat{Decimals: 1, Unit: draw.UnitCompact, Sign: signed})
			}
			p.Right(draw.Faded(r.entry, role), text, c.width)
		}
	}
	bar := func(share, amount func(*row) float64, unit string) func(*draw.Panel, *widgets.Context, *row, *column) {
		return func(p *draw.Panel, _ *widgets.Context, r *row, c *column) {
			drawLimit(p, r, share(r), amount(r), unit, c.width)
		}
	}
	all := []column{
		{"ACCOUNT", max(w.labelWidth(k), len("all in USD ≈")), 0, nil},
		{"EQUITY", 13, 9, figure(func(r *row) float64 { return r.equity }, 2, false)},
		{"TODAY", 11, 8, figure(func(r *row) float64 { return r.day }, 2, true)},
		{"OPEN PnL", 11, 5, figure(func(r *row) float64 { return r.open }, 2, true)},
		{"DAY LOSS", 22, 7, bar((*row).loss, func(r *row) float64 { return r.limit }, "")},
		{"DRAWDOWN", 22, 6, bar((*row).depth, func(r *row) float64 { return r.deepest }, "%")},
		{"MARGIN", 8, 4, percent(func(r *row) float64 { return r.margin })},
		{"EXPOSURE", 12, 3, figure(func(r *row) float64 { return r.exposure }, 0, false)},
	}
	return all
}

func (w *Widget) labelWidth(k *look) int {
	widest := 0
	for i := range k.rows {
		widest = max(widest, draw.Width(k.rows[i].label.String())+1+len(k.rows[i].currency))
	}
	return min(widest, 24)
}

func percent(get func(*row) float64) func(*draw.Panel, *widgets.Context, *row, *column) {
	return func(p *draw.Panel, _ *widgets.Context, r *row, c *column) {
		if r.entry == nil {
			p.Skip(c.width)
			return
		}
		text := field.Absent
		if v := get(r); !math.IsNaN(v) {
			text = field.Decimal(v, 1) + "%"
		}
		p.Right(draw.Faded(r.entry, theme.Text), text, c.width)
	}
}

// drawLimit draws how much of a limit is used: the bar, its end marked, and the
// per cent of it. Without a limit it is not drawn: there is nothing to be near.
func drawLimit(p *draw.Panel, r *row, share, limit float64, unit string, width int) {
	if r.entry == nil { // the sum: each account has its own limit
		p.Skip(width)
		return
	}
	if math.IsNaN(share) {
		text := field.Absent
		if unit == "%" && !math.IsNaN(r.drawdown) {
			text = field.Decimal(r.drawdown, 2) + "%"
		}
		p.Right(draw.Faded(r.entry, theme.Label), text, width)
		return
	}
	role := theme.Good
	switch {
	case share >= 1:
		role = theme.Bad
	case share >= 0.75:
		role = theme.Warn
	}
	words := strconv.Itoa(int(math.Round(min(share, 99)*100))) + "% of " + limitWords(limit) + unit
	if draw.Width(words) > width-5 {
		words = strconv.Itoa(int(math.Round(min(share, 99)*100))) + "%"
	}
	const wordCells = len("78% of 10,000") // the same in each row, so that the limits are below each other
	bar := width - max(draw.Width(words), min(wordCells, width-7)) - 2
	p.Meter(draw.Faded(r.entry, role), share, bar).Lit(draw.Faded(r.entry, theme.Bad), "│").Skip(1)
	p.Cell(draw.Faded(r.entry, map[bool]theme.Role{true: role, false: theme.Text}[share >= 0.75]), words, width-bar-2)
}

func limitWords(v float64) string {
	form := format.Fixed(0)
	if v != math.Trunc(v) {
		form = format.Fixed(1)
	}
	if v >= 100_000 {
		form = draw.NumberFormat{Decimals: 1, Unit: draw.UnitCompact}
	}
	return format.Number(datasource.NumberFromFloat(v), form)
}

func (w *Widget) body(p *draw.Panel, k *look, f *widgets.Context) {
	cols := w.columns(k)
	sizes := make([]list.Column, len(cols))
	for i, c := range cols {
		sizes[i] = list.Column{Key: c.head, Width: c.width, Weight: c.weight}
	}
	choice := list.Choose(sizes, p.Width(), "", nil)
	// What is left goes to the bars.
	spare := p.Width() - choice.Used
	for _, i := range choice.Shown {
		if cols[i].width == 22 && spare > 0 {
			add := min(spare, 14)
			cols[i].width += add
			spare -= add
		}
	}
	for n, i := range choice.Shown {
		if n == 0 {
			p.Cell(theme.Label, cols[i].head, cols[i].width)
			continue
		}
		p.Skip(list.Gap)
		if cols[i].weight == 7 || cols[i].weight == 6 {
			p.Cell(theme.Label, cols[i].head, cols[i].width)
		} else {
			p.Right(theme.Label, cols[i].head, cols[i].width)
		}
	}
	p.EndLine()
	for i := k.window.First; i < k.window.End(); i++ {
		if i == k.window.Cursor && f.Focused {
			p.On(theme.Selected)
		}
		w.row(p, f, &k.rows[i], cols, choice.Shown)
	}
	if k.summed > 1 && len(k.rows) > 1 {
		w.total(p, k, f, cols, choice.Shown)
	}
}

func (w *Widget) row(p *draw.Panel, f *widgets.Context, r *row, cols []column, shown []int) {
	mark, role := draw.Mark(f.Theme, draw.StateOf(r.entry))
	label := r.label.String() + " "
	p.Lit(theme.Strong, draw.Truncate(label, cols[0].width)).Lit(theme.Label, r.currency)
	if mark != "" {
		p.Skip(1).Lit(role, mark)
	}
	p.To(cols[0].width)
	if !r.entry.Known() {
		p.Skip(list.Gap).Lit(theme.Warn, draw.Short(r.entry))
		p.EndLine()
		return
	}
	for _, i := range shown[1:] {
		p.Skip(list.Gap)
		cols[i].draw(p, f, r, &cols[i])
	}
	p.EndLine()
}

// total is the line of the sum. ≈ says that it is converted.
func (w *Widget) total(p *draw.Panel, k *look, f *widgets.Context, cols []column, shown []int) {
	label := "all in " + k.sum.currency
	converted := false
	for i := range k.rows {
		converted = converted || k.rows[i].rated && k.rows[i].currency != k.sum.currency
	}
	if converted {
		label += " ≈"
	}
	if left := k.unconverted(); left > 0 {
		label = strconv.Itoa(k.summed) + " of " + strconv.Itoa(k.summed+left) + " in " + k.sum.currency
	}
	role := theme.Title
	if k.sum.rate.Old {
		role = theme.Dim
	}
	p.Cell(role, label, cols[0].width)
	for _, i := range shown[1:] {
		p.Skip(list.Gap)
		cols[i].draw(p, f, &k.sum, &cols[i])
	}
	p.EndLine()
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
