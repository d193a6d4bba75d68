package chart

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// valueLabel formats the i-th label of the value axis.
func (w *Widget) valueLabel(k *look, i int, f *widgets.Context) (string, float64) {
	text, v := k.scale.Label(i)
	switch {
	case f.Private && w.money:
		return draw.Hidden(f.Theme), v
	case w.spec.Percent || w.format.Unit == draw.UnitPercent:
		return text + "%", v
	case w.format.Unit == draw.UnitFraction:
		return draw.FormatNumber(datasource.NumberFromFloat(v), draw.NumberFormat{Decimals: max(0, k.scale.Format.Decimals-2), Unit: draw.UnitFraction}), v
	}
	return text, v
}

// axisWidth is what the widest label needs, a blank and the rule included. One
// cell to spare keeps the plot in its place while the values move.
func (w *Widget) axisWidth(k *look, f *widgets.Context) int {
	widest := 0
	for i := range k.scale.Count {
		text, _ := w.valueLabel(k, i, f)
		widest = max(widest, draw.Width(text))
	}
	return widest + 3
}

// valueAxis draws the labels and the rule at the left.
func (w *Widget) valueAxis(plot *draw.Plot, k *look, f *widgets.Context) {
	if k.axis == 0 {
		return
	}
	for y := range k.rows {
		plot.Put(k.axis-1, y, symbolFor(f.Theme, '│', '|'), theme.Axis)
	}
	before := math.MaxInt
	for i := range k.scale.Count {
		text, v := w.valueLabel(k, i, f)
		y := k.rowOf(v)
		if y >= before { // two labels on one line
			continue
		}
		before = y
		plot.Text(k.axis-2-draw.Width(text), y, text, theme.Label)
		plot.Put(k.axis-1, y, symbolFor(f.Theme, '┤', '+'), theme.Axis)
	}
}

// endCells is the width from which the time axis names its end.
const endCells = 40

// timeAxis draws the rule and the labels below.
func (k *look) timeAxis(plot *draw.Plot, f *widgets.Context) {
	_, h := plot.Size()
	if h <= k.rows {
		return
	}
	y := k.rows
	for x := range k.cells {
		plot.Put(k.axis+x, y, symbolFor(f.Theme, '─', '-'), theme.Axis)
	}
	if k.axis > 0 {
		plot.Put(k.axis-1, y, symbolFor(f.Theme, '└', '+'), theme.Axis)
	}
	from, to := k.windowTimes(f)
	ticks := draw.NewTimeTicks(from, to, max(k.cells/12, 1))
	next, end := 0, k.cells
	if k.cells >= endCells { // where the line ends is what one looks at
		text := to.Format(ticks.Layout)
		end -= len(text)
		plot.Text(k.axis+end, y, text, theme.Label)
		end -= 2
	}
	for at := ticks.First; !at.After(to); at = at.Add(ticks.Step) {
		text := at.Format(ticks.Layout)
		x := max(k.columnAt(at.UnixMilli())-len(text)/2, 0)
		if x < next || x+len(text) > end {
			continue
		}
		plot.Text(k.axis+x, y, text, theme.Label)
		next = x + len(text) + 1
	}
}

// windowTimes are the edges of the window in the viewer's zone.
func (k *look) windowTimes(f *widgets.Context) (from, to time.Time) {
	loc := f.Now.Location()
	return time.UnixMilli(k.win.from).In(loc), time.UnixMilli(k.win.to).In(loc)
}
