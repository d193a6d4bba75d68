package candles

import (
	"math"
	"time"

	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// look is a frame worked out.
type look struct {
	entry  *datasource.Entry
	usable bool  // the value is of a shape that has prices
	bars   []Bar // those shown, oldest first
	axis   int   // cells of the value axis
	cells  int
	rows   int
	every  int // cells from one candle to the next
	scale  draw.Scale
	lo, hi float64
	cross  int // index in bars, -1 for none
	digits int // decimals of the prices
}

const (
	minAxisWidth  = 24
	minAxisHeight = 5
)

// lookAt works a frame out.
func (w *Widget) lookAt(f *widgets.Frame) look {
	width, height := list.Inside(*f)
	k := look{entry: f.Data.Get(w.spec.Data), cells: width, rows: height, cross: -1, every: spacing(f.View.Zoom)}
	if !k.entry.Known() {
		return k
	}
	pts, ok := pointsOf(&k.entry.Value, w.spec.Field)
	k.usable = ok
	_, offset := f.Now.Zone()
	bars := Aggregate(pts, w.interval(f.View), int64(offset)*1000)
	if len(bars) == 0 {
		return k
	}
	k.digits = draw.Digits(pts)
	if height >= minAxisHeight {
		k.rows-- // the time axis
	}
	k.fit(bars)
	// The labels' width depends on the candles that have room beside them: it
	// only grows, so that this ends, and no label is ever cut.
	for need := w.axisWidth(&k); width >= minAxisWidth && need > k.axis; need = w.axisWidth(&k) {
		k.axis = need
		k.cells = max(width-k.axis, 1)
		k.fit(bars)
	}
	if f.View.Cross > 0 {
		k.cross = max(0, len(k.bars)-f.View.Cross)
	}
	return k
}

// spacing is the cells from one candle to the next: two, one when zoomed out,
// more when zoomed in.
func spacing(zoom int) int { return 2 + max(minZoom, min(maxZoom, zoom)) }

// fit keeps the newest candles that have room and scales to them.
func (k *look) fit(bars []Bar) {
	n := max((k.cells+k.every-1)/k.every, 1)
	k.bars = bars[max(0, len(bars)-n):]
	k.lo, k.hi = math.Inf(1), math.Inf(-1)
	for _, b := range k.bars {
		k.lo, k.hi = min(k.lo, b.Low), max(k.hi, b.High)
	}
	k.scale = draw.EvenScale(k.lo, k.hi, k.rows, 2)
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Frame) string {
	k := w.lookAt(&f)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.head(&k, &f))
	switch {
	case len(k.bars) > 0:
		w.body(p, &k, &f)
	case k.entry.Known() && !k.usable:
		p.Wrong("a series or ticks", k.entry, f.Now)
	case k.entry.Known():
		p.Say("…", theme.Dim, "no prices yet", "key "+datasource.Clean(k.entry.Ref.Key, datasource.MaxCell).String())
	default:
		p.Absent(w.spec.Data, k.entry, f.Now)
	}
	return p.String()
}

// head is the title with the interval, and the last candle's close or the
// candle under the crosshair.
func (w *Widget) head(k *look, f *widgets.Frame) draw.Head {
	h := draw.Head{Title: w.title, Extra: " · " + intervalWords(w.interval(f.View)) + " candles", Focused: f.Focused, AsideRole: theme.Label}
	h.Note, h.NoteRole = draw.Note([]*datasource.Entry{k.entry}, f.Now, f.Stamps)
	if len(k.bars) == 0 {
		return h
	}
	room := f.W - 6 - 4 - draw.Width(h.Title.String()+h.Extra)
	try := func(s string) {
		if draw.Width(s) <= room {
			h.Aside = s
		}
	}
	if k.cross < 0 {
		try(w.price(k, k.bars[len(k.bars)-1].Close))
		return h
	}
	b := k.bars[k.cross]
	h.AsideRole = theme.Strong
	at := draw.Clock(time.UnixMilli(b.MS), f.Now)
	try(at)
	try(at + " C " + w.price(k, b.Close))
	try(at + " O " + w.price(k, b.Open) + " H " + w.price(k, b.High) + " L " + w.price(k, b.Low) + " C " + w.price(k, b.Close))
	return h
}

// intervalWords names an interval: "1 m", "4 h".
func intervalWords(d time.Duration) string {
	n := func(n time.Duration, unit string) string {
		return draw.FormatNumber(datasource.NumberFromInt(int64(n)), draw.NumberFormat{Suffix: unit})
	}
	switch {
	case d%(24*time.Hour) == 0:
		return n(d/(24*time.Hour), " d")
	case d%time.Hour == 0:
		return n(d/time.Hour, " h")
	case d%time.Minute == 0:
		return n(d/time.Minute, " m")
	default:
		return n(d/time.Second, " s")
	}
}

func (w *Widget) price(k *look, v float64) string {
	n := datasource.NumberFromFloat(v)
	form := w.format.For(n)
	if w.format.Decimals == draw.Auto {
		form.Decimals = k.digits
	}
	return draw.FormatNumber(n, form)
}

func (w *Widget) axisWidth(k *look) int {
	widest := 0
	for i := range k.scale.Count {
		text, _ := k.scale.Label(i)
		widest = max(widest, draw.Width(text))
	}
	return widest + 2
}

// body draws the axes and the candles.
func (w *Widget) body(p *draw.Panel, k *look, f *widgets.Frame) {
	plot := draw.NewPlot(f.Theme, k.axis+k.cells, p.Lines())
	k.labels(plot)
	k.times(plot, f, w.interval(f.View))
	faded := draw.StateOf(k.entry) == datasource.StateStale
	for i, b := range k.bars {
		x := k.axis + k.cells - 1 - (len(k.bars)-1-i)*k.every
		role, told := theme.Direction(b2i(b.Up())*2-1, false), false
		switch {
		case i == k.cross:
			role = theme.Key
		case f.Theme.Colourless():
			role = theme.Text
		case faded:
			role = theme.Dim
		default:
			told = true
		}
		k.candle(plot, x, b, role, told, f.Theme)
	}
	_, rows := plot.Size()
	for y := range rows {
		p.Plot(plot, y)
		p.EndLine()
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// half is a row of half a cell, from the top.
func (k *look) half(v float64) int {
	n := k.rows*2 - 1
	return max(0, min(n, int(math.Round((k.scale.Hi-v)/(k.scale.Hi-k.scale.Lo)*float64(n)))))
}

// candle draws one candle in a column of cells. Where its colour has told the
// direction all bodies are blocks; where it has not a falling one is filled, as
// wide as a cell, and a rising one is slender.
func (k *look) candle(plot *draw.Plot, x int, b Bar, role theme.Role, told bool, pal *theme.Palette) {
	c := shape{high: k.half(b.High), low: k.half(b.Low), top: k.half(max(b.Open, b.Close)), bottom: k.half(min(b.Open, b.Close))}
	blocks := pal.Symbols != theme.ASCII && (told || !b.Up())
	if blocks {
		c = c.joined()
	}
	for y := c.high / 2; y <= c.low/2; y++ {
		r := c.cell(2 * y)
		switch {
		case pal.Symbols == theme.ASCII:
			r = asciiBody(r, b.Up())
		case blocks:
			r = filled(r)
		}
		plot.Put(x, y, r, role)
	}
}

// shape is a candle in rows of half a cell, from the top.
type shape struct{ high, top, bottom, low int }

// joined is c with a body of blocks that reaches the wicks beyond its cells: no
// character has half a block and a wick, and a wick must not hang in the air.
func (c shape) joined() shape {
	if c.high/2 < c.top/2 {
		c.top &^= 1
	}
	if c.low/2 > c.bottom/2 {
		c.bottom |= 1
	}
	return c
}

// cell returns the character of the cell whose upper half is row h: light
// where only the wick is, heavy where the body is. The characters are those of
// ntcharts' candlesticks.
func (c shape) cell(h int) rune {
	body := func(row int) bool { return row >= c.top && row <= c.bottom }
	wick := func(row int) bool { return row >= c.high && row <= c.low }
	return runes.CandlestickFromCandlestickSegments(runes.CandlestickSegments{
		Up: wick(h), Down: wick(h + 1), UpHeavy: body(h), DownHeavy: body(h + 1),
	})
}

// filled turns the body in a cell into blocks.
func filled(r rune) rune {
	switch r {
	case runes.LineVerticalHeavy:
		return runes.FullBlock
	case runes.LineUpHeavy, runes.LineUpHeavyDown:
		return '▀'
	case runes.LineDownHeavy, runes.LineUpDownHeavy:
		return runes.LowerBlockFour
	default:
		return r
	}
}

// asciiBody returns the 7 bit character of a cell: '|' for a wick, '#' for a
// falling body, 'O' for a rising one.
func asciiBody(r rune, up bool) rune {
	switch r {
	case runes.LineVertical, runes.LineUp, runes.LineDown:
		return '|'
	}
	if up {
		return 'O'
	}
	return '#'
}
