// Package list is what panels made of rows share: which rows fit, how the
// cursor moves, which rows a filter keeps, in what order they stand, and which
// columns there is space for. It draws nothing.
package list

import (
	"strconv"

	"ticktop/widgets"
)

// Window is the part of a list that a panel shows.
type Window struct {
	First  int // the first row drawn
	Lines  int // how many rows are drawn
	Total  int // how many rows there are, filtered ones left out
	Cursor int // the selected row; -1 when there isn't one
}

// Fit places a window of at most lines rows over total rows, so that the
// cursor is in it whatever the view says.
func Fit(v widgets.View, total, lines int) Window {
	w := Window{Lines: min(max(lines, 0), max(total, 0)), Total: max(total, 0), Cursor: min(v.Cursor, total-1)}
	if w.Cursor < 0 {
		w.Cursor = -1
	}
	w.First = v.Offset
	if w.Cursor >= 0 && w.Lines > 0 {
		w.First = max(min(w.First, w.Cursor), w.Cursor-w.Lines+1)
	}
	w.First = max(0, min(w.First, w.Total-w.Lines))
	return w
}

// End returns the row after the last one drawn.
func (w Window) End() int { return w.First + w.Lines }

// At returns the row on the n-th line of the window.
func (w Window) At(n int) (row int, ok bool) {
	if n < 0 || n >= w.Lines {
		return 0, false
	}
	return w.First + n, true
}

// Extra is what a panel's title says of its rows: " · 24" when all are shown,
// " · 3–14 of 24" when not, and with a filter what it keeps of all.
// marks are added: "+2 cols".
func (w Window) Extra(all int, filter Filter, marks ...string) string {
	s := w.hiddenRows(all, filter)
	for _, m := range marks {
		if m != "" {
			s += " · " + m
		}
	}
	return s
}

func (w Window) hiddenRows(all int, filter Filter) string {
	s := strconv.Itoa(w.Total)
	if w.Lines < w.Total {
		s = strconv.Itoa(w.First+1) + "–" + strconv.Itoa(w.End()) + " of " + strconv.Itoa(w.Total)
	}
	if !filter.Active() {
		return " · " + s
	}
	if w.Lines >= w.Total {
		s += " of " + strconv.Itoa(all)
	}
	return " · " + filter.String() + " · " + s
}

// motions are the actions that Move understands.
var motions = [...]widgets.Action{
	widgets.ActUp, widgets.ActDown, widgets.ActTop, widgets.ActBottom, widgets.ActPageUp, widgets.ActPageDown,
}

// Motions lists the actions that Move understands, followed by more.
func Motions(more ...widgets.Action) []widgets.Action {
	return append(append(make([]widgets.Action, 0, len(motions)+len(more)), motions[:]...), more...)
}

// Move returns v after a motion in a list of total rows of which lines are
// shown; the offset follows the cursor. Other actions leave v as it is.
func Move(v widgets.View, a widgets.Action, total, lines int) widgets.View {
	w := Fit(v, total, lines)
	cur := max(w.Cursor, 0)
	page := max(w.Lines/2, 1) // half a page, as ctrl+d and ctrl+u do elsewhere
	switch a {
	case widgets.ActUp:
		cur--
	case widgets.ActDown:
		cur++
	case widgets.ActTop:
		cur = 0
	case widgets.ActBottom:
		cur = total - 1
	case widgets.ActPageUp:
		cur -= page
	case widgets.ActPageDown:
		cur += page
	default:
		return v
	}
	v.Offset, v.Cursor = w.First, max(0, min(cur, total-1))
	v.Offset = Fit(v, total, lines).First
	return v
}

// Inside is the space that draw.NewPanel leaves for content on a frame.
func Inside(f widgets.Context) (w, h int) {
	if Bare(f) {
		return max(f.W, 1), max(f.H, 1)
	}
	return f.W - 4, f.H - 2
}

// Bare reports whether a frame is too small for a border.
func Bare(f widgets.Context) bool { return f.W < 5 || f.H < 3 }

// Top is the line of the panel on which its content begins.
func Top(f widgets.Context) int {
	if Bare(f) {
		return 0
	}
	return 1
}

// Left is the column of the panel in which its content begins.
func Left(f widgets.Context) int {
	if Bare(f) {
		return 0
	}
	return 2
}
