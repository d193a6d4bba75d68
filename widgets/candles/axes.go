package candles

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/indicators"
	"ticktop/widgets/theme"
)

// marginWidth is what the widest label at the right needs.
func (k *look) marginWidth(w *Widget) int {
	widest := draw.Width(w.price(k, k.last))
	for i := range k.scale.Count {
		text, _ := w.scaleLabel(k, i)
		widest = max(widest, draw.Width(text))
	}
	for _, m := range k.marks {
		if k.shows(m.price) {
			widest = max(widest, draw.Width(w.price(k, m.price)))
		}
	}
	if k.volume > 0 {
		widest = max(widest, len("volume"))
	}
	return widest + 2
}

// scaleLabel is label i of the value axis, with the decimals of the prices, so
// that all figures in the margin align.
func (w *Widget) scaleLabel(k *look, i int) (string, float64) {
	text, v := k.scale.Label(i)
	if k.scale.Format.Unit != draw.UnitCompact && k.digits >= k.scale.Format.Decimals {
		text = w.price(k, v)
	}
	return text, v
}

// shows reports whether a price lies on the scale.
func (k *look) shows(v float64) bool { return v >= k.scale.Lo && v <= k.scale.Hi }

// grid draws a quiet line at each label of the value axis, and the label at the
// right of it.
func (w *Widget) grid(k *look, plot *draw.Plot, pal *theme.Palette) {
	before := -2
	for i := k.scale.Count - 1; i >= 0; i-- {
		text, v := w.scaleLabel(k, i)
		y := k.half(v) / 2
		if y == before || y >= k.rows {
			continue
		}
		before = y
		k.across(plot, y, glyph(pal, '┈', '.'), theme.Axis)
		if k.margin > 0 {
			plot.Text(k.cells+k.margin-draw.Width(text), k.top+y, text, theme.Axis)
		}
	}
}

// across fills a line of the prices with a rule.
func (k *look) across(plot *draw.Plot, y int, r rune, role theme.Role) {
	for x := range k.cells {
		plot.Put(x, k.top+y, r, role)
	}
}

// drawMarks draws the lines of own prices, and the last price with its tag. A
// label that would cover another one yields; the last price never does.
func (w *Widget) drawMarks(plot *draw.Plot, k *look, f *widgets.Frame) {
	last := k.half(k.last) / 2
	taken := map[int]bool{last: true}
	for _, m := range k.marks {
		if !k.shows(m.price) {
			continue
		}
		y := k.half(m.price) / 2
		k.across(plot, y, glyph(f.Theme, '╌', '-'), m.role)
		if k.margin > 0 && !taken[y] {
			taken[y] = true
			k.label(plot, y, w.price(k, m.price), m.role)
		}
	}
	if k.margin == 0 {
		return
	}
	role := theme.Strong
	switch dir := k.lastDirection(); {
	case draw.StateOf(k.entry) == datasource.StateStale && !k.live:
		role = theme.Dim
	case dir > 0:
		role = theme.TagUp
	case dir < 0:
		role = theme.TagDown
	}
	k.label(plot, last, w.price(k, k.last), role)
	if n := k.cells - 1; n > 0 && plot.At(n, k.top+last) == 0 {
		plot.Put(n, k.top+last, glyph(f.Theme, '╌', '-'), theme.Label)
	}
}

// drawNames writes what the lines are over the candles.
func (w *Widget) drawNames(plot *draw.Plot, k *look, pal *theme.Palette) {
	if k.cells < minNames {
		return
	}
	for _, m := range k.marks {
		if y := k.half(m.price) / 2; k.shows(m.price) && !isText(plot.At(0, k.top+y)) {
			plot.Text(0, k.top+y, m.name+" ", m.role)
		}
	}
	for _, m := range k.marks {
		if !k.shows(m.price) {
			w.drawBeyond(plot, k, m, pal)
		}
	}
}

// drawBeyond names a price that lies off the scale at the edge that it lies
// behind; of several the first is named.
func (w *Widget) drawBeyond(plot *draw.Plot, k *look, m priceMark, pal *theme.Palette) {
	y, inward, arrow := 0, 1, glyph(pal, '▲', '^')
	if m.price < k.scale.Lo {
		y, inward, arrow = k.rows-1, -1, glyph(pal, '▼', 'v')
	}
	if isText(plot.At(0, k.top+y)) {
		y += inward
	}
	text := m.name + " " + w.price(k, m.price) + " " + string(arrow)
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

// label writes into the margin, over what stands there.
func (k *look) label(plot *draw.Plot, y int, text string, role theme.Role) {
	plot.Text(k.cells, k.top+y, spaces(k.margin), theme.Text)
	x := k.cells + k.margin - draw.Width(text)
	if role == theme.TagUp || role == theme.TagDown {
		plot.Text(x-1, k.top+y, " "+text, role)
		return
	}
	plot.Text(x, k.top+y, text, role)
}

func spaces(n int) string {
	const blanks = "                                                                "
	return blanks[:max(0, min(n, len(blanks)))]
}

// legendLine names the indicators with their values at the crosshair, or now.
func (w *Widget) legendLine(plot *draw.Plot, k *look, f *widgets.Frame) {
	if !k.legend {
		return
	}
	at := len(k.bars) - 1
	if k.cross >= 0 {
		at = k.cross
	}
	x := 0
	width, _ := plot.Size()
	for i := range k.curves {
		c := &k.curves[i]
		value := "-"
		if v := k.at(c.lines[0], at); !math.IsNaN(v) {
			value = w.curveValue(k, c.in, v)
		}
		if x+draw.Width(c.in.Label())+1+draw.Width(value) > width {
			return
		}
		plot.Text(x, 0, c.in.Label(), c.role)
		x += draw.Width(c.in.Label()) + 1
		plot.Text(x, 0, value, theme.Text)
		x += draw.Width(value) + 3
	}
	if k.cross >= 0 {
		if v := k.bars[k.cross].Volume; v > 0 && x+12 < width {
			plot.Text(x, 0, "vol "+volumeWords(v), theme.Label)
		}
	}
}

// curveValue formats a value of an indicator: a price, or a plain figure.
func (w *Widget) curveValue(k *look, in indicators.Indicator, v float64) string {
	switch in.Kind {
	case indicators.RSI:
		return draw.FormatNumber(datasource.NumberFromFloat(v), draw.Fixed(0))
	case indicators.MACD, indicators.ATR:
		return draw.FormatNumber(datasource.NumberFromFloat(v), draw.Fixed(k.digits+1))
	}
	return w.price(k, v)
}

func volumeWords(v float64) string {
	form := draw.Fixed(0)
	if v >= 10_000 {
		form = draw.NumberFormat{Decimals: 1, Unit: draw.UnitCompact}
	}
	return draw.FormatNumber(datasource.NumberFromFloat(v), form)
}

// eighths fill a cell from below.
var eighths = [...]rune{'▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}

// volumeLines draws the volume below its candles and returns how many lines it
// took.
func (w *Widget) volumeLines(plot *draw.Plot, k *look, f *widgets.Frame, y int) int {
	if k.volume == 0 {
		return 0
	}
	most := 0.0
	for _, b := range k.bars {
		most = max(most, b.Volume)
	}
	for i, b := range k.bars {
		role := theme.UpDim
		if !up(b) {
			role = theme.DownDim
		}
		if f.Theme.Colourless() {
			role = theme.Label
		}
		column(plot, k.column(i), y, k.volume, b.Volume/max(most, 1e-300), role, f.Theme)
	}
	if k.margin > len("volume") {
		plot.Text(k.cells+k.margin-len("volume"), y+k.volume-1, "volume", theme.Axis)
		if text := volumeWords(most); k.volume > 1 && len(text) < k.margin {
			plot.Text(k.cells+k.margin-len(text), y, text, theme.Axis)
		}
	}
	return k.volume
}

// column fills part of a column of cells from below.
func column(plot *draw.Plot, x, y, rows int, part float64, role theme.Role, pal *theme.Palette) {
	units := int(math.Round(part * float64(rows*8)))
	for r := rows - 1; r >= 0 && units > 0; r-- {
		n := min(units, 8)
		g := eighths[n-1]
		if pal.Symbols == theme.ASCII {
			g = '#'
		}
		plot.Put(x, y+r, g, role)
		units -= n
	}
}

// oscLines draws the oscillator and returns how many lines it took.
func (k *look) oscLines(plot *draw.Plot, f *widgets.Frame, y int) int {
	c := k.oscillator()
	if k.osc == 0 || c == nil {
		return 0
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	if c.in.Kind == indicators.RSI {
		lo, hi = 0, 100
	} else {
		for _, line := range c.lines {
			for i := range k.bars {
				if v := k.at(line, i); !math.IsNaN(v) {
					lo, hi = min(lo, v), max(hi, v)
				}
			}
		}
	}
	if !(hi > lo) {
		return k.osc
	}
	row := func(v float64) int { return int(math.Round((hi - v) / (hi - lo) * float64(k.osc-1))) }
	guides := []float64{0}
	if c.in.Kind == indicators.RSI {
		guides = []float64{70, 30}
	}
	for _, g := range guides {
		if g < lo || g > hi {
			continue
		}
		for x := range k.cells {
			plot.Put(x, y+row(g), glyph(f.Theme, '┈', '.'), theme.Axis)
		}
		text := draw.FormatNumber(datasource.NumberFromFloat(g), draw.Fixed(0))
		plot.Text(k.cells+k.margin-len(text), y+row(g), text, theme.Axis)
	}
	saved := k.scale
	k.scale.Lo, k.scale.Hi = lo, hi
	for i, line := range c.lines {
		role := c.role
		if i > 0 {
			role = theme.Label
		}
		plot.Line(0, y, k.cells, k.osc, k.spans(line), lo, hi, role)
	}
	k.scale = saved
	return k.osc
}

// timeLine draws the time axis: the time of day below its candle, with the date
// where the day changes.
func (w *Widget) timeLine(plot *draw.Plot, k *look, f *widgets.Frame, y int) {
	interval := w.interval(f.View)
	next, day := 0, 0
	for i, b := range k.bars {
		at := time.UnixMilli(b.MS).In(f.Now.Location())
		text := at.Format("15:04")
		if changed := day != 0 && at.YearDay() != day; changed || interval >= 12*time.Hour {
			text = at.Format("2 Jan")
			if changed && interval < 12*time.Hour && k.column(i) >= next && k.column(i)+len(text) <= k.cells {
				plot.Text(k.column(i), y, text, theme.Strong)
				next, day = k.column(i)+len(text)+2, at.YearDay()
				continue
			}
		}
		day = at.YearDay()
		x := k.column(i) - len(text)/2
		if x < next || x+len(text) > k.cells || !round(b.MS, interval, len(text)/k.every+2, f.Now) {
			continue
		}
		plot.Text(x, y, text, theme.Label)
		next = x + len(text) + 2
	}
}

// round reports whether a candle begins at a time that is worth a label when
// labels are so many candles apart.
func round(ms int64, interval time.Duration, apart int, now time.Time) bool {
	ticks := draw.NewTimeTicks(time.UnixMilli(ms).In(now.Location()), time.UnixMilli(ms).Add(interval*time.Duration(apart)), 1)
	return ticks.First.UnixMilli() == ms
}

// dayLine draws where the last price stands between the day's extremes, with
// the opening marked.
func (w *Widget) dayLine(plot *draw.Plot, k *look, f *widgets.Frame, y int) {
	low, open, high, _ := k.dayRange()
	left, right := "day "+w.price(k, low)+" ", " "+w.price(k, high)
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
		plot.Put(len(left)+x, y, glyph(f.Theme, '─', '-'), theme.Axis)
	}
	plot.Put(len(left), y, glyph(f.Theme, '├', '|'), theme.Axis)
	plot.Put(len(left)+cells-1, y, glyph(f.Theme, '┤', '|'), theme.Axis)
	role := theme.Text
	if !math.IsNaN(open) {
		if role = theme.Direction(sign(k.last-open), false); f.Theme.Colourless() {
			role = theme.Text
		}
		from, to := at(open), at(k.last)
		for x := min(from, to); x <= max(from, to); x++ {
			plot.Put(x, y, glyph(f.Theme, '━', '='), role)
		}
		plot.Put(from, y, glyph(f.Theme, '┼', '+'), theme.Strong)
	}
	plot.Put(at(k.last), y, glyph(f.Theme, '●', 'o'), role)
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
