package candles

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// tag is one price in the margin.
type tag struct {
	price  float64
	text   string
	name   string // what it is, where the margin has space for names
	role   theme.Role
	ground bool // on its own ground
}

// priceTags are the prices of the margin, the most important first: the last one,
// the crosshair's, then those of the lines.
func (w *Widget) priceTags(k *look, f *widgets.Context) []tag {
	out := []tag{{price: k.last, text: w.formatPrice(k, k.last), name: w.lastName(k, f), role: k.lastRole(), ground: true}}
	if k.cross >= 0 {
		c := k.bars[k.cross].Close
		out = append(out, tag{price: c, text: w.formatPrice(k, c), name: "cursor", role: theme.Selected, ground: true})
	}
	for _, m := range k.marks {
		if k.onScale(m.price) {
			out = append(out, tag{price: m.price, text: w.formatPrice(k, m.price), name: m.words(), role: m.role})
		}
	}
	return out
}

// lastName is what stands beside the last price: where it went.
func (w *Widget) lastName(k *look, f *widgets.Context) string {
	name := "close"
	if k.live {
		name = "last"
	}
	if dir := k.lastDirection(); dir != 0 {
		name += " " + draw.Arrow(f.Theme, int8(dir))
	}
	return name
}

// lastRole is the ground of the last price: the direction of its candle, none
// where it is only the last one known.
func (k *look) lastRole() theme.Role {
	switch dir := k.lastDirection(); {
	case draw.StateOf(k.entry) == datasource.StateStale && !k.live:
		return theme.Dim
	case dir > 0:
		return theme.TagUp
	case dir < 0:
		return theme.TagDown
	}
	return theme.Strong
}

// marginWidth is what the widest label at the right needs.
func (k *look) marginWidth(w *Widget, f *widgets.Context) int {
	prices, names := draw.Width(w.formatPrice(k, k.last)), 0
	for _, t := range w.priceTags(k, f) {
		prices, names = max(prices, draw.Width(t.text)), max(names, draw.Width(t.name))
	}
	for i := range k.scale.Count {
		text, _ := w.scaleLabel(k, i)
		prices = max(prices, draw.Width(text))
	}
	if k.named {
		if k.oscs > 0 {
			names = max(names, len("overbought"))
		}
		return prices + 3 + max(names, len("at cursor"))
	}
	if k.volume > 0 {
		prices = max(prices, len("volume"))
	}
	return prices + 2
}

// priceEnd is the cell behind the prices of the margin.
func (k *look) priceEnd(w *Widget) int {
	if !k.named {
		return k.cells + k.margin
	}
	widest := draw.Width(w.formatPrice(k, k.last))
	for i := range k.scale.Count {
		text, _ := w.scaleLabel(k, i)
		widest = max(widest, draw.Width(text))
	}
	for _, m := range k.marks {
		if k.onScale(m.price) {
			widest = max(widest, draw.Width(w.formatPrice(k, m.price)))
		}
	}
	return min(k.cells+2+widest, k.cells+k.margin)
}

// drawMargin writes the prices beside the chart. None covers another: what has
// none of its rows moves up or down, in its order, but the last price never
// does; labels of the scale yield.
func (w *Widget) drawMargin(plot *draw.Plot, k *look, f *widgets.Context) {
	if k.margin == 0 {
		return
	}
	end := k.priceEnd(w)
	tags := w.priceTags(k, f)
	want := make([]float64, len(tags))
	for i := range tags {
		// The row that a line is drawn at, and its order within the row.
		part := k.scale.Part(tags[i].price)
		want[i] = float64(k.halfRow(tags[i].price)/2) + 0.5 - max(-1, min(1, part-0.5))/1000
	}
	taken := map[int]bool{}
	for i, row := range draw.Spread(want, k.rows, 0) {
		if row < 0 {
			continue
		}
		taken[row] = true
		t := &tags[i]
		x := end - draw.Width(t.text)
		if t.ground && t.role != theme.Strong && t.role != theme.Dim {
			plot.Text(x-1, k.top+row, " "+t.text+" ", t.role)
		} else {
			plot.Text(x, k.top+row, t.text, t.role)
		}
		if k.named {
			role := t.role
			switch role {
			case theme.TagUp:
				role = theme.Up
			case theme.TagDown:
				role = theme.Down
			case theme.Selected:
				role = theme.Label
			default:
			}
			plot.Text(end+1, k.top+row, t.name, role)
		}
	}
	for i := range k.scale.Count {
		text, v := w.scaleLabel(k, i)
		if y := k.halfRow(v) / 2; y < k.rows && !taken[y] {
			taken[y] = true
			plot.Text(end-draw.Width(text), k.top+y, text, theme.Axis)
		}
	}
}

// scaleLabel is label i of the value axis, with the decimals of the prices, so
// that all figures in the margin align.
func (w *Widget) scaleLabel(k *look, i int) (string, float64) {
	text, v := k.scale.Label(i)
	if k.scale.Format.Unit != draw.UnitCompact && k.digits >= k.scale.Format.Decimals {
		text = w.formatPrice(k, v)
	}
	return text, v
}

// marginText writes into the margin beside a panel below the prices.
func (k *look) marginText(w *Widget, plot *draw.Plot, y int, text, name string, role theme.Role) {
	if k.margin == 0 {
		return
	}
	plot.Text(k.cells, y, spaces(k.margin), theme.Text)
	if k.named {
		end := k.priceEnd(w)
		plot.Text(end-draw.Width(text), y, text, role)
		plot.Text(end+1, y, name, theme.Label)
		return
	}
	if n := draw.Width(text); n < k.margin {
		plot.Text(k.cells+k.margin-n, y, text, role)
	}
}
