package chart

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// line is one series of the chart.
type line struct {
	name  string // of the datum
	label string // in the legend
	entry *datasource.Entry
	pts   []datasource.Point
	role  theme.Role
	weave int  // how the line is drawn: 0 solid, 1 dashes, 2 dots
	front bool // the selected symbol
	spans []draw.Span
	base  float64 // with Percent: the value at the left edge
}

// look is a frame worked out: what is drawn, pointed at and moved in is
// reckoned here alone.
type look struct {
	lines   []line
	entries []*datasource.Entry
	cells   int // of the plot, across
	rows    int // of the plot, down
	axis    int // cells of the value axis, its rule included
	legend  int // lines above the plot
	margin  int // cells at the right that name the lines
	more    int // series left out
	off     int // series that are switched off
	win     window
	lo, hi  float64 // of what is in the window, before any padding
	scale   draw.Scale
	cross   datasource.Point // the sample under the crosshair
	crossed bool
	drawn   bool // there is a line
}

// The least sizes at which parts of a chart earn their cells.
const (
	minAxisWidth  = 26
	minAxisHeight = 4
	minLegend     = 6
	minMargin     = 58 // cells for names beside the ends of the lines
	manyLines     = 5  // from so many the names stand there, if there is space
)

// lookAt works a frame out for a content area of that size.
func (w *Widget) lookAt(f *widgets.Context, width, height int) look {
	k := look{cells: width, rows: height}
	w.collectSeries(&k, f)
	first, last, ok := timeExtent(k.lines)
	if !ok {
		return k
	}
	if height >= minAxisHeight {
		k.rows-- // the time axis
	}
	w.placeLegend(&k, f, height)
	width -= k.margin
	k.cells = width
	// The labels' width depends on the values in the window, whose columns
	// depend on the labels' width: a first look without an axis tells the range.
	k.placeWindow(w, f, first, last)
	// The width only grows, so that this ends, and no label is ever cut.
	for k.drawn && width >= minAxisWidth {
		need := w.axisWidth(&k, f)
		if need <= k.axis {
			break
		}
		k.axis, k.cells = need, max(width-need, 1)
		k.placeWindow(w, f, first, last)
	}
	return k
}

// collectSeries finds the series.
func (w *Widget) collectSeries(k *look, f *widgets.Context) {
	for _, name := range w.data {
		f.Data.Each(name, func(name string, e *datasource.Entry) {
			k.entries = append(k.entries, e)
			switch {
			case !w.isShown(f.View, name):
				k.off++
				k.entries = k.entries[:len(k.entries)-1]
				return
			case !e.Known() || e.Value.Type != datasource.TypeSeries:
				return
			case len(k.lines) == maxLines:
				k.more++
				return
			}
			label := datasource.Item(name)
			if label == "" {
				label = name
			}
			k.lines = append(k.lines, line{name: name, label: datasource.Clean(label, 40).String(), entry: e, pts: e.Value.Points,
				role: draw.Faded(e, theme.Series(len(k.lines))), weave: len(k.lines) / 4,
				front: w.spec.Percent && f.Selected.String() != "" && datasource.Item(name) == f.Selected.String()})
		})
	}
}

// placeWindow puts the window and the value range over the data.
func (k *look) placeWindow(w *Widget, f *widgets.Context, first, last int64) {
	cols := columnsOf(k.cells)
	length := w.rangeOf(f.View)
	unzoomed := windowOf(first, last, f.Now, length, 0, 0, cols)
	k.cross, k.crossed = k.sampleAtCrosshair(f.View.Cross, unzoomed)
	k.win = windowOf(first, last, f.Now, length, f.View.Zoom, k.cross.MS, cols)
	k.lo, k.hi, k.drawn = math.Inf(1), math.Inf(-1), false
	for i := range k.lines {
		l := &k.lines[i]
		l.spans = make([]draw.Span, cols)
		gap := draw.NoGap
		if w.spec.Gap > 0 {
			gap = draw.GapOf(l.pts, w.spec.Gap)
		}
		draw.Resample(l.spans, l.pts, k.win.from, k.win.to, gap)
		if w.spec.Percent {
			l.toPercentChange()
		}
		if lo, hi, ok := draw.Extent(l.spans); ok {
			k.lo, k.hi, k.drawn = min(k.lo, lo), max(k.hi, hi), true
		}
	}
	if !k.drawn {
		return
	}
	if w.isLog(f.View) {
		if scale, ok := draw.Log(k.lo, k.hi, k.rows); ok {
			k.scale = scale
			return
		}
	}
	k.scale = draw.EvenScale(k.lo, k.hi, k.rows, draw.DotsY)
}

// toPercentChange turns values into their change in per cent since the left edge.
func (l *line) toPercentChange() {
	for i := range l.spans {
		if l.spans[i].Set {
			l.base = l.spans[i].In
			break
		}
	}
	for i := range l.spans {
		s := &l.spans[i]
		s.Lo, s.Hi, s.In, s.Out = l.percentChange(s.Lo), l.percentChange(s.Hi), l.percentChange(s.In), l.percentChange(s.Out)
		if s.Hi < s.Lo {
			s.Lo, s.Hi = s.Hi, s.Lo
		}
	}
}

func (l *line) percentChange(v float64) float64 {
	if l.base == 0 {
		return 0
	}
	return (v/l.base - 1) * 100
}

// sampleAtCrosshair returns the n-th sample from the newest, counted from 1, of the
// first series in a window.
func (k *look) sampleAtCrosshair(n int, win window) (datasource.Point, bool) {
	pts := k.samplesIn(win)
	if n <= 0 || len(pts) == 0 {
		return datasource.Point{}, false
	}
	p := pts[max(0, len(pts)-n)]
	return p, !math.IsNaN(p.V)
}

// samplesIn are those of the first series in a window.
func (k *look) samplesIn(win window) []datasource.Point {
	if len(k.lines) == 0 {
		return nil
	}
	return draw.Window(k.lines[0].pts, win.from, win.to)
}

// columnAt returns the cell of the plot that shows a time.
func (k *look) columnAt(ms int64) int {
	span := float64(k.win.to - k.win.from)
	return clamp(int((float64(ms)-float64(k.win.from))/span*float64(k.cells)), 0, k.cells-1)
}

// rowOf returns the cell of the plot, from the top, that shows a value.
func (k *look) rowOf(v float64) int {
	dots := float64(k.rows*draw.DotsY - 1)
	return clamp(int((1-k.scale.Part(v))*dots+0.5), 0, k.rows*draw.DotsY-1) / draw.DotsY
}

// sampledSpan is the time from the first to the last sample.
func (k *look) sampledSpan() time.Duration {
	first, last, ok := timeExtent(k.lines)
	if !ok {
		return 0
	}
	return millis(last - first)
}
