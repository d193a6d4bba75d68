package candles

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/indicators"
	"ticktop/widgets/theme"
)

// phrase is a piece of the legend: a name and its value.
type phrase struct {
	name, value string
	nameRole    theme.Role
	valueRole   theme.Role
	apart       int // blanks before it
}

func (p *phrase) width() int {
	n := draw.Width(p.name) + draw.Width(p.value)
	if p.name != "" && p.value != "" {
		n++
	}
	return n
}

// drawLegend names the indicators with their values now; under the crosshair it
// is the reading of that candle. Pieces that have no space are left out, from the
// end.
func (w *Widget) drawLegend(plot *draw.Plot, k *look, f *widgets.Context) {
	if !k.legend && k.cross < 0 {
		return
	}
	x := 0
	width, _ := plot.Size()
	if !k.legend { // over the prices: what stands there must not be mixed up with it
		width = k.cells
		for c := range width {
			plot.Put(c, 0, ' ', theme.Text)
		}
	}
	for _, p := range w.legendPhrases(k, f) {
		if x > 0 {
			x += p.apart
		}
		if x+p.width() > width {
			return
		}
		if p.name != "" {
			plot.Text(x, 0, p.name, p.nameRole)
			x += draw.Width(p.name)
			if p.value != "" {
				x++
			}
		}
		plot.Text(x, 0, p.value, p.valueRole)
		x += draw.Width(p.value)
	}
}

func (w *Widget) legendPhrases(k *look, f *widgets.Context) []phrase {
	at := len(k.bars) - 1
	var out []phrase
	if k.cross >= 0 {
		at = k.cross
		out = w.crosshairReading(k, f)
	}
	for i := range k.curves {
		c := &k.curves[i]
		value := "-"
		if v := k.curveAt(c.lines[0], at); !math.IsNaN(v) {
			value = w.curveValue(k, c.in, v)
		}
		p := phrase{name: c.in.Label(), value: value, nameRole: c.role, valueRole: theme.Text, apart: 3}
		if k.cross >= 0 {
			p.apart = 2
		}
		out = append(out, p)
	}
	return out
}

// crosshairReading is the candle under the crosshair: its time, its prices, how far it
// went, its volume.
func (w *Widget) crosshairReading(k *look, f *widgets.Context) []phrase {
	b := k.bars[k.cross]
	at := time.UnixMilli(b.MS).In(f.Now.Location())
	clock := at.Format("15:04")
	if k.step < time.Minute {
		clock = at.Format("15:04:05")
	}
	if y, m, d := at.Date(); k.step >= 12*time.Hour || d != f.Now.Day() || m != f.Now.Month() || y != f.Now.Year() {
		clock = at.Format("2 Jan ") + clock
	}
	out := []phrase{{value: " " + clock + " ", valueRole: theme.Selected}}
	for _, p := range [...]struct {
		name string
		v    float64
	}{{"O", b.Open}, {"H", b.High}, {"L", b.Low}, {"C", b.Close}} {
		out = append(out, phrase{name: p.name, value: w.formatPrice(k, p.v), nameRole: theme.Label, valueRole: theme.Text, apart: 2})
	}
	move := field.Unit{}.Text(b.Close-b.Open, k.digits, k.symbol, b.Close)
	if b.Close >= b.Open {
		move = "+" + move
	}
	out = append(out, phrase{value: move, valueRole: theme.Direction(sign(b.Close-b.Open), false), apart: 2})
	if b.Volume > 0 {
		out = append(out, phrase{name: "vol", value: volumeWords(b.Volume), nameRole: theme.Label, valueRole: theme.Text, apart: 2})
	}
	return out
}

// curveValue formats a value of an indicator: a price, or a plain figure.
func (w *Widget) curveValue(k *look, in indicators.Indicator, v float64) string {
	switch in.Kind {
	case indicators.RSI:
		return draw.FormatNumber(datasource.NumberFromFloat(v), draw.Fixed(0))
	case indicators.MACD, indicators.ATR:
		return draw.FormatNumber(datasource.NumberFromFloat(v), draw.Fixed(k.digits+1))
	}
	return w.formatPrice(k, v)
}
