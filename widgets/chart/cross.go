package chart

import (
	"time"

	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// maxDays bounds the lines where days begin.
const maxDays = 10

// guides draws what lies below the lines: where days begin, zero of a
// comparison, and the crosshair.
func (k *look) guides(plot *draw.Plot, w *Widget, f *widgets.Context) {
	from, to := k.windowTimes(f)
	if to.Sub(from) < maxDays*day {
		y, m, d := from.Date()
		for n := 1; n <= maxDays; n++ {
			if at := time.Date(y, m, d+n, 0, 0, 0, 0, from.Location()); at.Before(to) {
				for r := range k.rows {
					plot.Put(k.axis+k.columnAt(at.UnixMilli()), r, symbolFor(f.Theme, '┆', ':'), theme.Axis)
				}
			}
		}
	}
	if w.spec.Percent && k.lo < 0 && k.hi > 0 {
		for x := range k.cells {
			plot.Put(k.axis+x, k.rowOf(0), symbolFor(f.Theme, '┈', '.'), theme.Axis)
		}
	}
	if k.crossed {
		for y := range k.rows {
			plot.Put(k.axis+k.columnAt(k.cross.MS), y, symbolFor(f.Theme, '┊', ':'), theme.Key)
		}
	}
}

// formatReading writes the time and, of a single line, the value under the crosshair
// into the plot, where the line is not.
func (w *Widget) formatReading(plot *draw.Plot, k *look, f *widgets.Context) {
	if !k.crossed || k.rows < 4 {
		return
	}
	text := " " + draw.Clock(k.cross.Time(), f.Now) + " "
	if len(k.lines) == 1 {
		text += " " + w.formatValue(&k.lines[0], k.cross.V, f) + " "
	}
	n := draw.Width(text)
	if n > k.cells {
		return
	}
	x := clamp(k.columnAt(k.cross.MS)-n/2, 0, k.cells-n)
	y := 0
	if v := k.crossValue(w); k.rowOf(v) < k.rows/2 {
		y = k.rows - 1
	}
	plot.Text(k.axis+x, y, text, theme.Selected)
}

// crossValue is the value under the crosshair as it is drawn.
func (k *look) crossValue(w *Widget) float64 {
	if w.spec.Percent {
		return k.lines[0].percentChange(k.cross.V)
	}
	return k.cross.V
}

// CrossAt implements widgets.Crosser: the crosshair goes to the sample of the
// first line that is nearest to that column; beside the lines it goes away.
func (w *Widget) CrossAt(f widgets.Context, x, y int) (widgets.View, bool) {
	width, height := list.Inside(f)
	k := w.lookAt(&f, width, height)
	v := f.View
	x, y = x-list.Left(f)-k.axis, y-list.Top(f)-k.legend
	if !k.drawn || x < -k.axis || y < 0 || y >= k.rows || x >= k.cells+max(k.margin, 1) {
		return v, false
	}
	if x < 0 || x >= k.cells {
		v.Cross = 0
		return v, true
	}
	first, last, ok := timeExtent(k.lines)
	if !ok {
		return v, false
	}
	at := k.win.from + int64((float64(x)+0.5)/float64(k.cells)*float64(k.win.to-k.win.from))
	pts := k.samplesIn(windowOf(first, last, f.Now, w.rangeOf(v), 0, 0, columnsOf(k.cells)))
	best := -1
	for i := range pts {
		if best < 0 || abs(pts[i].MS-at) < abs(pts[best].MS-at) {
			best = i
		}
	}
	if best < 0 {
		return v, false
	}
	v.Cross = len(pts) - best
	return v, true
}
