package candles

import (
	"math"
	"time"

	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// onScale reports whether a price lies on the scale.
func (k *look) onScale(v float64) bool { return v >= k.scale.Lo && v <= k.scale.Hi }

// drawGrid draws a quiet line at each label of the value axis.
func (w *Widget) drawGrid(k *look, plot *draw.Plot, pal *theme.Palette) {
	before := -2
	for i := k.scale.Count - 1; i >= 0; i-- {
		_, v := k.scale.Label(i)
		if y := k.halfRow(v) / 2; y != before && y < k.rows {
			before = y
			k.drawRule(plot, y, symbolFor(pal, '┈', '.'), theme.Axis)
		}
	}
}

// drawRule fills a line of the prices with a rule.
func (k *look) drawRule(plot *draw.Plot, y int, r rune, role theme.Role) {
	for x := range k.cells {
		plot.Put(x, k.top+y, r, role)
	}
}

// drawMarks draws the lines of own prices and alerts.
func (w *Widget) drawMarks(plot *draw.Plot, k *look, f *widgets.Context) {
	for _, m := range k.marks {
		if k.onScale(m.price) {
			k.drawRule(plot, k.halfRow(m.price)/2, symbolFor(f.Theme, '╌', '-'), m.role)
		}
	}
	last := k.halfRow(k.last) / 2
	if n := k.cells - 1; n > 0 && plot.At(n, k.top+last) == 0 {
		plot.Put(n, k.top+last, symbolFor(f.Theme, '╌', '-'), theme.Label)
	}
}

// drawNames writes what the lines are over the candles.
func (w *Widget) drawNames(plot *draw.Plot, k *look, pal *theme.Palette) {
	if k.cells < minNames {
		return
	}
	for _, m := range k.marks {
		if k.named { // the margin says it
			break
		}
		if y := k.halfRow(m.price) / 2; k.onScale(m.price) && !isText(plot.At(0, k.top+y)) {
			plot.Text(0, k.top+y, m.name+" ", m.role)
		}
	}
	for _, m := range k.marks {
		if !k.onScale(m.price) {
			w.drawBeyond(plot, k, m, pal)
		}
	}
}

// drawBeyond names a price that lies off the scale at the edge that it lies
// behind; of several the first is named.
func (w *Widget) drawBeyond(plot *draw.Plot, k *look, m priceMark, pal *theme.Palette) {
	y, inward, arrow := 0, 1, symbolFor(pal, '▲', '^')
	if m.price < k.scale.Lo {
		y, inward, arrow = k.rows-1, -1, symbolFor(pal, '▼', 'v')
	}
	if isText(plot.At(0, k.top+y)) {
		y += inward
	}
	text := m.name + " " + w.formatPrice(k, m.price) + " " + string(arrow)
	if k.cells < minNames || k.rows < 6 || isText(plot.At(0, k.top+y)) {
		return
	}
	plot.Text(0, k.top+y, text+" ", m.role)
}

// isText reports whether a cell holds a letter: a name that is there already.
func isText(r rune) bool { return r >= 'a' && r <= 'z' }

// lastDirection is where the last candle went.
func (k *look) lastDirection() int {
	b := k.all[len(k.all)-1]
	switch {
	case k.last > b.Open:
		return 1
	case k.last < b.Open:
		return -1
	}
	return 0
}

// spaces is so many blanks.
func spaces(n int) string {
	const blanks = "                                                                "
	return blanks[:max(0, min(n, len(blanks)))]
}

// timeLine draws the time axis: the time of day below its candle, with the date
// where the day changes.
func (w *Widget) timeLine(plot *draw.Plot, k *look, f *widgets.Context, y int) {
	interval := k.step
	next, day := 0, 0
	for i, b := range k.bars {
		at := time.UnixMilli(b.MS).In(f.Now.Location())
		text := at.Format("15:04")
		if changed := day != 0 && at.YearDay() != day; changed || interval >= 12*time.Hour {
			text = at.Format("2 Jan")
			if changed && interval < 12*time.Hour && k.columnOf(i) >= next && k.columnOf(i)+len(text) <= k.cells {
				plot.Text(k.columnOf(i), y, text, theme.Strong)
				next, day = k.columnOf(i)+len(text)+2, at.YearDay()
				continue
			}
		}
		day = at.YearDay()
		x := k.columnOf(i) - len(text)/2
		if x < next || x+len(text) > k.cells || !isLabelTime(b.MS, interval, len(text)/k.every+2, f.Now) {
			continue
		}
		plot.Text(x, y, text, theme.Label)
		next = x + len(text) + 2
	}
	k.crossTime(plot, f, y)
}

// crossTime marks the time of the candle under the crosshair on the axis.
func (k *look) crossTime(plot *draw.Plot, f *widgets.Context, y int) {
	if k.cross < 0 {
		return
	}
	text := " " + time.UnixMilli(k.bars[k.cross].MS).In(f.Now.Location()).Format("15:04") + " "
	if k.step >= 12*time.Hour {
		text = " " + time.UnixMilli(k.bars[k.cross].MS).In(f.Now.Location()).Format("2 Jan") + " "
	}
	x := max(0, min(k.cells-len(text), k.columnOf(k.cross)-len(text)/2))
	if n := x - 1; n >= 0 && plot.At(n, y) != 0 { // half a label would be read as another time
		for ; n >= 0 && plot.At(n, y) != 0 && plot.At(n, y) != ' '; n-- {
			plot.Put(n, y, ' ', theme.Text)
		}
	}
	for n := x + len(text); plot.At(n, y) != 0 && plot.At(n, y) != ' '; n++ {
		plot.Put(n, y, ' ', theme.Text)
	}
	plot.Text(x, y, text, theme.Selected)
}

// isLabelTime reports whether a candle begins at a time that is worth a label when
// labels are so many candles apart.
func isLabelTime(ms int64, interval time.Duration, apart int, now time.Time) bool {
	ticks := draw.NewTimeTicks(time.UnixMilli(ms).In(now.Location()), time.UnixMilli(ms).Add(interval*time.Duration(apart)), 1)
	return ticks.First.UnixMilli() == ms
}

// dayLine draws where the last price stands between the day's extremes, with
// the opening marked.
func (w *Widget) dayLine(plot *draw.Plot, k *look, f *widgets.Context, y int) {
	low, open, high, _ := k.dayRange()
	left, right := "day "+w.formatPrice(k, low)+" ", " "+w.formatPrice(k, high)
	width, _ := plot.Size()
	cells := width - len(left) - len(right)
	if cells < 8 {
		return
	}
	plot.Text(0, y, left, theme.Label)
	plot.Text(width-len(right), y, right, theme.Label)
	at := func(v float64) int {
		return len(left) + max(0, min(cells-1, int(math.Round((v-low)/(high-low)*float64(cells-1)))))
	}
	for x := range cells {
		plot.Put(len(left)+x, y, symbolFor(f.Theme, '─', '-'), theme.Axis)
	}
	plot.Put(len(left), y, symbolFor(f.Theme, '├', '|'), theme.Axis)
	plot.Put(len(left)+cells-1, y, symbolFor(f.Theme, '┤', '|'), theme.Axis)
	role := theme.Text
	if !math.IsNaN(open) {
		if role = theme.Direction(sign(k.last-open), false); f.Theme.Colourless() {
			role = theme.Text
		}
		from, to := at(open), at(k.last)
		for x := min(from, to); x <= max(from, to); x++ {
			plot.Put(x, y, symbolFor(f.Theme, '━', '='), role)
		}
		plot.Put(from, y, symbolFor(f.Theme, '┼', '+'), theme.Strong)
	}
	plot.Put(at(k.last), y, symbolFor(f.Theme, '●', 'o'), role)
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
