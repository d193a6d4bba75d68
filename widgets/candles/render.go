package candles

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	k := w.lookAt(&f)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.titleLine(&k, &f))
	switch {
	case len(k.bars) > 0:
		w.drawBody(p, &k, &f)
	case k.entry.Known() && !k.usable:
		p.Wrong("prices, bars or ticks", k.entry, f.Now)
	case k.entry.Known():
		p.Say("…", theme.Dim, "no prices yet", "key "+datasource.Clean(k.entry.Ref.Key, datasource.MaxCell).String())
	default:
		p.Absent(k.name, k.entry, f.Now)
	}
	return p.String()
}

// titleLine is the title with the interval, and the last candle's prices.
func (w *Widget) titleLine(k *look, f *widgets.Context) draw.Head {
	step := k.step // what the data allow
	if step == 0 {
		step = w.intervalOf(f.View)
	}
	h := draw.Head{Title: w.title, Extra: " · " + intervalWords(step), Focused: f.Focused, AsideRole: theme.Label}
	if h.Title.Empty() {
		h.Title = datasource.Clean(k.symbol, 40)
		if k.symbol == "" {
			h.Title = w.Title()
		}
	}
	entries := []*datasource.Entry{k.entry}
	if k.quote != nil {
		entries = append(entries, k.quote)
	}
	h.Note, h.NoteRole = draw.Note(entries, f.Now, f.Stamps)
	if k.scale.IsLog() {
		h.Extra += " · log"
	}
	if len(k.bars) == 0 {
		return h
	}
	room := f.W - 6 - 4 - draw.Width(h.Title.String()+h.Extra)
	try := func(s string) {
		if draw.Width(s) <= room {
			h.Aside = s
		}
	}
	b := k.bars[len(k.bars)-1]
	try(w.formatPrice(k, b.Close))
	try("C " + w.formatPrice(k, b.Close))
	try("O " + w.formatPrice(k, b.Open) + " C " + w.formatPrice(k, b.Close))
	try("O " + w.formatPrice(k, b.Open) + " H " + w.formatPrice(k, b.High) + " L " + w.formatPrice(k, b.Low) + " C " + w.formatPrice(k, b.Close))
	return h
}

// intervalWords names an interval: "1m", "4h".
func intervalWords(d time.Duration) string {
	n := func(n time.Duration, unit string) string {
		return draw.FormatNumber(datasource.NumberFromInt(int64(n)), draw.NumberFormat{Suffix: unit})
	}
	switch {
	case d%(24*time.Hour) == 0:
		return n(d/(24*time.Hour), "d")
	case d%time.Hour == 0:
		return n(d/time.Hour, "h")
	case d%time.Minute == 0:
		return n(d/time.Minute, "m")
	default:
		return n(d/time.Second, "s")
	}
}

func (w *Widget) formatPrice(k *look, v float64) string {
	n := datasource.NumberFromFloat(v)
	form := w.format.For(n)
	if w.format.Decimals == draw.Auto {
		form.Decimals = k.digits
	}
	return draw.FormatNumber(n, form)
}

// drawBody draws all parts, what matters most last: candles lie over the lines, and
// the lines over the grid.
func (w *Widget) drawBody(p *draw.Panel, k *look, f *widgets.Context) {
	plot := draw.NewPlot(f.Theme, k.cells+k.margin, p.Lines())
	w.drawGrid(k, plot, f.Theme)
	k.drawSeparators(plot, f)
	w.drawMarks(plot, k, f)
	k.drawCurves(plot)
	k.drawCross(plot, f.Theme)
	k.drawPrices(plot, f)
	w.drawNames(plot, k, f.Theme)
	k.nameSeparators(plot)
	w.drawMargin(plot, k, f)
	w.drawLegend(plot, k, f)
	line := k.top + k.rows
	line += w.volumeLines(plot, k, f, line)
	line += w.oscillatorLines(plot, k, f, line)
	if k.times {
		w.timeLine(plot, k, f, line)
		line++
	}
	if k.day {
		w.dayLine(plot, k, f, line)
	}
	_, rows := plot.Size()
	for y := range rows {
		p.Plot(plot, y)
		p.EndLine()
	}
}

// drawPrices draws the candles, or the closes as an area.
func (k *look) drawPrices(plot *draw.Plot, f *widgets.Context) {
	faded := draw.StateOf(k.entry) == datasource.StateStale
	if k.style.area {
		k.drawArea(plot, f, faded)
		return
	}
	for i, b := range k.bars {
		role, told := k.roleOf(i, b, faded, f.Theme)
		if plot.Candle(k.columnOf(i), k.top, k.rows, k.every, 1-k.scale.Part(b.High), 1-k.scale.Part(max(b.Open, b.Close)),
			1-k.scale.Part(min(b.Open, b.Close)), 1-k.scale.Part(b.Low), role) {
			continue
		}
		k.drawCandle(plot, k.columnOf(i), b, role, told, f.Theme)
	}
}

// drawArea draws the closes as a line over an area in the colour of where they
// went since the left edge.
func (k *look) drawArea(plot *draw.Plot, f *widgets.Context, faded bool) {
	closes := make([]float64, len(k.all))
	for i, b := range k.all {
		closes[i] = b.Close
	}
	line, body := theme.Up, theme.UpDim
	if k.last < k.bars[0].Open {
		line, body = theme.Down, theme.DownDim
	}
	if f.Theme.Colourless() {
		line, body = theme.Text, theme.Label
	}
	if faded {
		line, body = theme.Dim, theme.Dim
	}
	spans := k.curveSpans(closes, k.scale.Lo, k.scale.Hi)
	lo, hi := k.scale.Even(spans)
	plot.Area(0, k.top, k.cells, k.rows, spans, lo, lo, hi, body)
	plot.Line(0, k.top, k.cells, k.rows, spans, lo, hi, line)
	if k.cross >= 0 {
		plot.Put(k.columnOf(k.cross), k.top+k.halfRow(k.bars[k.cross].Close)/2, symbolFor(f.Theme, '●', 'O'), theme.Key)
	}
}

// roleOf is how a candle is coloured, and whether that tells its direction.
func (k *look) roleOf(i int, b Bar, faded bool, pal *theme.Palette) (role theme.Role, told bool) {
	switch {
	case i == k.cross:
		return theme.Key, false
	case pal.Colourless():
		return theme.Text, false
	case faded:
		return theme.Dim, false
	case isRising(b):
		return theme.Up, true
	}
	return theme.Down, true
}

// drawCurves draws the indicators that lie over the prices.
func (k *look) drawCurves(plot *draw.Plot) {
	for i := range k.curves {
		c := &k.curves[i]
		if !c.in.Over() {
			continue
		}
		for _, line := range c.lines {
			spans := k.curveSpans(line, k.scale.Lo, k.scale.Hi)
			lo, hi := k.scale.Even(spans)
			plot.Line(0, k.top, k.cells, k.rows, spans, lo, hi, c.role)
		}
	}
}

// curveSpans lays a curve over the columns of dots, straight from candle to candle.
// What lies outside of the bounds is left out.
func (k *look) curveSpans(line []float64, lo, hi float64) []draw.Span {
	spans := make([]draw.Span, k.cells*draw.DotsX)
	before, beforeX := math.NaN(), 0
	for i := range k.bars {
		v, x := k.curveAt(line, i), k.columnOf(i)*draw.DotsX
		if !math.IsNaN(v) && !math.IsNaN(before) {
			for c := max(beforeX+1, 0); c <= x && c < len(spans); c++ {
				y := before + (v-before)*float64(c-beforeX)/float64(x-beforeX)
				spans[c] = draw.Span{Lo: y, Hi: y, In: y, Out: y, Set: true}
			}
		}
		before, beforeX = v, x
	}
	return clipSpans(spans, lo, hi)
}

// clipSpans leaves out what lies outside the scale: a band that is far away must not
// run along the edge.
func clipSpans(spans []draw.Span, lo, hi float64) []draw.Span {
	for i := range spans {
		if s := &spans[i]; s.Set && (s.Out < lo || s.Out > hi) {
			*s = draw.Span{}
		}
	}
	return spans
}

// drawCross draws the crosshair: a line down through its candle, and one across
// at its close.
func (k *look) drawCross(plot *draw.Plot, pal *theme.Palette) {
	if k.cross < 0 {
		return
	}
	x, row := k.columnOf(k.cross), k.top+k.halfRow(k.bars[k.cross].Close)/2
	for c := range k.cells {
		if isFaint(plot.At(c, row)) {
			plot.Put(c, row, symbolFor(pal, '┄', '-'), theme.Label)
		}
	}
	for y := range k.rows + k.volume + k.osc {
		if isFaint(plot.At(x, k.top+y)) || y+k.top == row {
			plot.Put(x, k.top+y, symbolFor(pal, '┊', ':'), theme.Key)
		}
	}
}

// symbolFor picks the character that the terminal's symbols have.
func symbolFor(pal *theme.Palette, r, ascii rune) rune {
	if pal.Symbols == theme.ASCII {
		return ascii
	}
	return r
}
