package heatmap

import (
	"slices"

	"ticktop/widgets"
	"ticktop/widgets/list"
)

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action {
	return list.Motions(widgets.ActLeft, widgets.ActRight, widgets.ActSort, widgets.ActSortFlip)
}

// Act implements widgets.Actor. The cursor moves from tile to tile in all four
// directions.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	k := w.lookAt(&f)
	v, n := f.View, len(k.tiles)
	at := max(k.selectedTile(v), 0)
	page := k.grid.cols * max(k.grid.rows-1, 1)
	switch a {
	case widgets.ActSort:
		v.Sort, v.Desc = sorts[(slices.Index(sorts, k.order)+1)%len(sorts)], false
		return v
	case widgets.ActSortFlip:
		v.Desc = !v.Desc
		return v
	case widgets.ActLeft:
		at--
	case widgets.ActRight:
		at++
	case widgets.ActUp:
		if at >= k.grid.cols {
			at -= k.grid.cols
		}
	case widgets.ActDown:
		if at+k.grid.cols < n {
			at += k.grid.cols
		}
	case widgets.ActPageUp:
		at -= page
	case widgets.ActPageDown:
		at += page
	case widgets.ActTop:
		at = 0
	case widgets.ActBottom:
		at = n - 1
	default:
		return v
	}
	v.Cursor = max(0, min(at, n-1))
	v.Offset = k.win.First * k.grid.cols
	return v
}

// Target implements widgets.Pointer: the tile under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	k := w.lookAt(&f)
	i := k.selectedTile(f.View)
	if i < 0 {
		return widgets.Target{}, false
	}
	it := k.tiles[i]
	return widgets.Target{Name: it.Name, Field: it.Field, Row: it.Row}, true
}

// RowAt implements widgets.Pointer: the first tile of the row at that line.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	k := w.lookAt(&f)
	row, ok := k.win.At((y - list.Top(f)) / k.grid.lines)
	return row * k.grid.cols, ok && y >= list.Top(f)
}
