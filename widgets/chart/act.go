package chart

import (
	"ticktop/widgets"
	"ticktop/widgets/list"
)

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action {
	return []widgets.Action{widgets.ActLeft, widgets.ActRight, widgets.ActTop, widgets.ActBottom,
		widgets.ActShorter, widgets.ActLonger, widgets.ActZoomIn, widgets.ActZoomOut}
}

// Act implements widgets.Actor. Left and right move the crosshair by a column
// of the plot, or a sample where those are wider apart; right from the newest
// sample takes it away.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	width, height := list.Inside(f)
	k := w.lookAt(&f, width, height)
	v := f.View
	v.Zoom = clamp(v.Zoom, 0, maxZoom)
	switch a {
	case widgets.ActShorter:
		v = w.stepRange(v, -1, k.sampledSpan())
		v.Cross = 0
	case widgets.ActLonger:
		v = w.stepRange(v, +1, k.sampledSpan())
		v.Cross = 0
	case widgets.ActZoomIn:
		v.Zoom = min(v.Zoom+1, maxZoom)
	case widgets.ActZoomOut:
		v.Zoom = max(v.Zoom-1, 0)
	case widgets.ActLeft, widgets.ActRight, widgets.ActTop, widgets.ActBottom:
		v.Cross = k.moveCross(w, &f, a)
	}
	return v
}

// moveCross returns the crosshair's place after a motion, 0 when it is off.
func (k *look) moveCross(w *Widget, f *widgets.Context, a widgets.Action) int {
	first, last, ok := timeExtent(k.lines)
	if !ok {
		return 0
	}
	total := len(k.samplesIn(windowOf(first, last, f.Now, w.rangeOf(f.View), 0, 0, columnsOf(k.cells))))
	step := max(1, len(k.samplesIn(k.win))/max(k.cells, 1))
	at := clamp(f.View.Cross, 0, total)
	switch a {
	case widgets.ActLeft:
		if at == 0 {
			at = 1
		} else {
			at += step
		}
	case widgets.ActRight:
		at -= step
		if at <= 0 && f.View.Cross > 1 {
			at = 1
		}
	case widgets.ActTop:
		at = total
	case widgets.ActBottom:
		at = 0
	}
	return clamp(at, 0, total)
}

// Target implements widgets.Pointer: the first series.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	width, height := list.Inside(f)
	k := w.lookAt(&f, width, height)
	if len(k.lines) == 0 {
		return widgets.Target{Name: w.data[0], Row: -1}, f.Data.Get(w.data[0]) != nil
	}
	return widgets.Target{Name: k.lines[0].name, Row: -1}, true
}

// RowAt implements widgets.Pointer: a chart has no rows.
func (w *Widget) RowAt(widgets.Context, int) (int, bool) { return 0, false }
