package candles

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/indicators"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// look is a frame worked out. From the top of the panel down there are: the
// legend, the prices, the volume, the oscillators, the times, and the range of
// the day; each but the prices only where there is space for it.
type look struct {
	symbol string
	name   string // of the datum
	entry  *datasource.Entry
	quote  *datasource.Entry
	usable bool // the value is of a shape that has prices

	all    []Bar // every candle there is, for the indicators
	bars   []Bar // those shown, the last of all
	last   float64
	live   bool // last is the quote's, newer than the last candle
	curves []curve
	marks  []priceMark

	cells, rows int // of the prices
	top         int // line of the plot where the prices begin
	margin      int // cells right of the prices
	every       int // cells from one candle to the next
	volume      int // lines
	osc         int // lines of all oscillators
	oscs        int // how many of them are shown
	times, day  bool
	legend      bool
	named       bool // the margin says what its prices are
	step        time.Duration
	breaks      []separator
	style       style

	scale  draw.Scale
	lo, hi float64
	cross  int // index in bars, -1 for none
	digits int // decimals of the prices
}

// curve is one indicator, computed over all candles.
type curve struct {
	in    indicators.Indicator
	lines [][]float64
	role  theme.Role
}

// curveAt returns the curve's value at candle i of those shown.
func (k *look) curveAt(line []float64, i int) float64 { return line[len(line)-len(k.bars)+i] }

// The least sizes, inside the border, at which parts earn their lines.
const (
	minMargin    = 24 // cells for a margin at the right
	minTimes     = 5
	minLegend    = 9
	minVolume    = 11
	minDay       = 13
	minOsc       = 22
	tallVolume   = 20
	minNames     = 50 // cells for names beside the lines of prices
	namedMargin  = 84 // cells for names beside the prices in the margin
	dayCells     = 40
	oscLines     = 5
	maxOscs      = 3
	volumeOfTall = 3
)

// lookAt works a frame out.
func (w *Widget) lookAt(f *widgets.Context) look {
	width, height := list.Inside(*f)
	k := look{cells: width, rows: height, cross: -1, every: 2 + max(minZoom, min(maxZoom, f.View.Zoom)), style: w.styleOf(f.View)}
	k.symbol, k.name = w.shownSymbol(f)
	k.entry = f.Data.Get(k.name)
	if !k.entry.Known() {
		return k
	}
	h := historyOf(&k.entry.Value, w.spec.Field)
	k.usable = h.usable
	_, offset := f.Now.Zone()
	interval := max(w.intervalOf(f.View), h.finestStep())
	k.step = interval
	k.all = h.groupInto(interval, int64(offset)*1000)
	k.digits = digitsOf(&h)
	w.followQuote(&k, f, interval, int64(offset)*1000)
	if len(k.all) == 0 {
		return k
	}
	k.last = k.all[len(k.all)-1].Close
	w.computeCurves(&k, f)
	w.collectMarks(&k, f)
	k.divideHeight(w, width, height)
	k.named = width >= namedMargin
	k.fitAll(w, f, width)
	w.findSeparators(&k, f)
	if f.View.Cross > 0 {
		k.cross = max(0, len(k.bars)-f.View.Cross)
	}
	return k
}

// followQuote lets the last candle go on with the quote, so that the chart and the
// watchlist never show two prices.
func (w *Widget) followQuote(k *look, f *widgets.Context, interval time.Duration, offset int64) {
	if w.spec.Quote == "" {
		return
	}
	k.quote = f.Data.Get(w.spec.Quote)
	if k.symbol != "" {
		if e := f.Data.Get(w.spec.Quote + "." + k.symbol); e != nil {
			k.quote = e
		}
	}
	if !k.quote.Known() || draw.StateOf(k.quote) == datasource.StateStale {
		return
	}
	p, ok := priceOf(&k.quote.Value, "")
	if !ok {
		return
	}
	k.live = true
	k.digits = max(k.digits, priceDigits(&k.quote.Value))
	step := interval.Milliseconds()
	now := floorTo(f.Now.UnixMilli()+offset, step) - offset
	n := len(k.all)
	switch {
	case n > 0 && k.all[n-1].MS >= now:
		b := &k.all[n-1]
		b.Close = p
		b.High, b.Low = max(b.High, p), min(b.Low, p)
	case n > 0 && k.all[n-1].MS+step == now: // the minute that is not finished yet
		open := k.all[n-1].Close
		k.all = append(k.all, Bar{MS: now, Open: open, High: max(open, p), Low: min(open, p), Close: p})
	}
}

// priceDigits is how many decimals a quote's prices are written with.
func priceDigits(v *datasource.Value) int {
	most := 0
	for _, side := range []names.Standard{names.Bid, names.Ask} {
		if n, ok := names.Number(v, side); ok {
			most = max(most, format.NumberDecimals(n))
		}
	}
	return most
}

// digitsOf is how many decimals the newest prices have.
func digitsOf(h *history) int {
	var c format.Column
	for _, p := range h.points[max(0, len(h.points)-16):] {
		c.AddFloat(p.V)
	}
	for _, b := range h.bars[max(0, len(h.bars)-8):] {
		for _, v := range [...]float64{b.Open, b.High, b.Low, b.Close} {
			c.AddFloat(v)
		}
	}
	return c.Decimals()
}

// computeCurves computes the indicators over all candles.
func (w *Widget) computeCurves(k *look, f *widgets.Context) {
	over, below := 0, 0
	for _, in := range w.shownIndicators(f.View) {
		c := curve{in: in, lines: in.Lines(k.all, f.Now.Location()), role: theme.Series3}
		if in.Over() {
			c.role = [...]theme.Role{theme.Good, theme.Text, theme.Series4, theme.Series3}[over%4]
			over++
		} else {
			c.role = [...]theme.Role{theme.Series3, theme.Series4, theme.Text}[below%3]
			below++
		}
		k.curves = append(k.curves, c)
	}
}

// divideHeight gives each part its lines.
func (k *look) divideHeight(w *Widget, width, height int) {
	k.rows = height
	take := func(lines, least int) bool {
		if height < least || k.rows-lines < 4 {
			return false
		}
		k.rows -= lines
		return true
	}
	k.times = take(1, minTimes)
	k.legend = len(k.curves) > 0 && take(1, minLegend)
	if k.legend {
		k.top = 1
	}
	if k.style.volume && k.hasVolume() {
		lines := 2
		if height >= tallVolume {
			lines = volumeOfTall
		}
		if take(lines, minVolume) {
			k.volume = lines
		}
	}
	_, _, _, ranged := k.dayRange()
	k.day = ranged && width >= dayCells && take(1, minDay)
	for range min(k.countOscillators(), maxOscs) {
		if take(oscLines, minOsc+k.osc+k.oscs) {
			k.osc += oscLines
			k.oscs++
		}
	}
}

func (k *look) hasVolume() bool {
	for _, b := range k.all {
		if b.Volume > 0 {
			return true
		}
	}
	return false
}

// fitAll finds the margin's width and what has space beside it. The width only
// grows, so that this ends, and no label is ever cut.
func (k *look) fitAll(w *Widget, f *widgets.Context, width int) {
	k.fitScale()
	if width < minMargin {
		return
	}
	for need := k.marginWidth(w, f); need > k.margin; need = k.marginWidth(w, f) {
		k.margin = need
		k.cells = max(width-need, 1)
		k.fitScale()
	}
}

// fitScale keeps the newest candles that have space and scales to them, to the last
// price, and to the lines of prices that are near.
func (k *look) fitScale() {
	n := max((k.cells+k.every-1)/k.every, 1)
	k.bars = k.all[max(0, len(k.all)-n):]
	k.lo, k.hi = math.Inf(1), math.Inf(-1)
	for _, b := range k.bars {
		k.lo, k.hi = min(k.lo, b.Low), max(k.hi, b.High)
	}
	// A line of a price widens the scale by a part of what there is, so that a
	// stop far away does not flatten the candles.
	span := max(k.hi-k.lo, math.Abs(k.hi)*1e-4)
	lo, hi := k.lo-widen*span, k.hi+widen*span
	for _, m := range k.marks {
		if m.price >= lo && m.price <= hi {
			k.lo, k.hi = min(k.lo, m.price), max(k.hi, m.price)
		}
	}
	if k.style.log {
		if scale, ok := draw.Log(k.lo, k.hi, k.rows); ok {
			k.scale = scale
			return
		}
	}
	k.scale = draw.EvenScale(k.lo, k.hi, k.rows, 2)
}

// halfRow is a row of half a cell, from the top of the prices.
func (k *look) halfRow(v float64) int {
	n := k.rows*2 - 1
	return max(0, min(n, int(math.Round((1-k.scale.Part(v))*float64(n)))))
}

// widen is how far, in heights of the candles, a line of a price may lie away
// from them to be on the scale.
const widen = 0.8

// columnOf is the cell of candle i.
func (k *look) columnOf(i int) int { return k.cells - 1 - (len(k.bars)-1-i)*k.every }

// dayRange returns the day's extremes and its opening, of the quote.
func (k *look) dayRange() (low, open, high float64, ok bool) {
	if !k.quote.Known() {
		return 0, 0, 0, false
	}
	v := &k.quote.Value
	low, okLow := barNumber(v, names.Low)
	high, okHigh := barNumber(v, names.High)
	open, okOpen := barNumber(v, names.Open)
	if !okOpen {
		open = math.NaN()
	}
	return low, open, high, okLow && okHigh && high > low
}
