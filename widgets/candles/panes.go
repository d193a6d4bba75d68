package candles

import (
	"math"
	"strconv"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/indicators"
	"ticktop/widgets/theme"
)

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
func (w *Widget) volumeLines(plot *draw.Plot, k *look, f *widgets.Context, y int) int {
	if k.volume == 0 {
		return 0
	}
	most := 0.0
	for _, b := range k.bars {
		most = max(most, b.Volume)
	}
	for i, b := range k.bars {
		role := theme.UpDim
		if !isRising(b) {
			role = theme.DownDim
		}
		if f.Theme.Colourless() {
			role = theme.Label
		}
		fillColumn(plot, k.columnOf(i), y, k.volume, b.Volume/max(most, 1e-300), role, f.Theme)
	}
	switch at := len(k.bars) - 1; {
	case k.named:
		name := "last " + intervalWords(k.step)
		if k.cross >= 0 {
			at, name = k.cross, "at cursor"
		} else if at > 0 && k.bars[at].Volume == 0 { // the quote's candle: its volume is not known yet
			at--
		}
		plot.Text(k.cells+2, y, "volume", theme.Label)
		if k.volume > 1 {
			k.marginText(w, plot, y+1, volumeWords(k.bars[at].Volume), name, theme.Text)
		}
	case k.margin > len("volume"):
		plot.Text(k.cells+k.margin-len("volume"), y+k.volume-1, "volume", theme.Axis)
		if k.volume > 1 {
			k.marginText(w, plot, y, volumeWords(most), "", theme.Axis)
		}
	}
	return k.volume
}

// fillColumn fills part of a column of cells from below.
func fillColumn(plot *draw.Plot, x, y, rows int, part float64, role theme.Role, pal *theme.Palette) {
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

// oscillatorLines draws the indicators that have a panel of their own, below
// each other, and returns how many lines they took.
func (w *Widget) oscillatorLines(plot *draw.Plot, k *look, f *widgets.Context, y int) int {
	n := 0
	for i := range k.curves {
		if c := &k.curves[i]; !c.in.Over() && n < k.oscs {
			w.drawOscillator(plot, k, f, c, y+n*oscLines)
			n++
		}
	}
	return k.osc
}

// drawOscillator draws one of them.
func (w *Widget) drawOscillator(plot *draw.Plot, k *look, f *widgets.Context, c *curve, y int) {
	lo, hi, ok := k.oscillatorRange(c)
	if !ok {
		return
	}
	row := func(v float64) int { return int(math.Round((hi - v) / (hi - lo) * float64(oscLines-1))) }
	guides := []float64{0}
	if c.in.Kind == indicators.RSI {
		guides = []float64{70, 30}
	}
	for _, g := range guides {
		if g < lo || g > hi {
			continue
		}
		for x := range k.cells {
			if isFaint(plot.At(x, y+row(g))) {
				plot.Put(x, y+row(g), symbolFor(f.Theme, '┈', '.'), theme.Axis)
			}
		}
		name := map[float64]string{70: "overbought", 30: "oversold"}[g]
		k.marginText(w, plot, y+row(g), strconv.Itoa(int(g)), name, theme.Axis)
	}
	if c.in.Kind == indicators.MACD && len(c.lines) > 1 {
		k.drawHistogram(plot, c, y, lo, hi, f)
	}
	for i, line := range c.lines {
		role := c.role
		if i > 0 {
			role = theme.Label
		}
		plot.Line(0, y, k.cells, oscLines, k.curveSpans(line, lo, hi), lo, hi, role)
	}
	at := len(k.bars) - 1
	if k.cross >= 0 {
		at = k.cross
	}
	if v := k.curveAt(c.lines[0], at); !math.IsNaN(v) {
		k.marginText(w, plot, y+row(v), w.curveValue(k, c.in, v), c.in.Label(), theme.Strong)
	}
}

// oscillatorRange is the scale of an oscillator: fixed for what has bounds.
func (k *look) oscillatorRange(c *curve) (lo, hi float64, ok bool) {
	if c.in.Kind == indicators.RSI {
		return 0, 100, true
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, line := range c.lines {
		for i := range k.bars {
			if v := k.curveAt(line, i); !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return lo, hi, hi > lo
}

// drawHistogram draws how far the line of a MACD is from its signal, from zero on.
func (k *look) drawHistogram(plot *draw.Plot, c *curve, y int, lo, hi float64, f *widgets.Context) {
	row := func(v float64) int {
		return max(0, min(oscLines-1, int(math.Round((hi-v)/(hi-lo)*float64(oscLines-1)))))
	}
	zero := row(0)
	for i := range k.bars {
		d := k.curveAt(c.lines[0], i) - k.curveAt(c.lines[1], i)
		if math.IsNaN(d) {
			continue
		}
		role := theme.UpDim
		if d < 0 {
			role = theme.DownDim
		}
		if f.Theme.Colourless() {
			role = theme.Label
		}
		for r := min(zero, row(d)); r <= max(zero, row(d)); r++ {
			plot.Put(k.columnOf(i), y+r, symbolFor(f.Theme, '▪', '#'), role)
		}
	}
}

// countOscillators is how many indicators have a panel of their own.
func (k *look) countOscillators() (n int) {
	for i := range k.curves {
		if !k.curves[i].in.Over() {
			n++
		}
	}
	return n
}
