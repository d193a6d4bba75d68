package table

import (
	"slices"

	"ticktop/widgets"
	"ticktop/widgets/list"
)

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions(list.SortActions()...) }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, arg rune) widgets.View {
	v := w.readFrame(f)
	if moved := list.Move(f.View, a, len(v.rows), v.win.Lines); moved != f.View {
		return moved
	}
	return list.Sort(f.View, a, arg, listColumns(v.grid.cols))
}

// Target implements widgets.Pointer: the row under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	v := w.readFrame(f)
	if v.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	r := &v.rows[v.win.Cursor]
	return widgets.Target{Name: r.datum, Field: r.field, Row: r.index}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	v := w.readFrame(f)
	return v.win.At(y - list.Top(f) - headLines)
}

// sortOf is the column that the rows are sorted by, and in which direction.
func (w *Widget) sortOf(v widgets.View) (key string, desc bool) {
	if v.Sort != "" {
		return v.Sort, v.Desc
	}
	return w.sort, w.desc
}

// sortRows sorts the rows; the producer's order decides between equals.
func (w *Widget) sortRows(rows []row, cols []column, v widgets.View) {
	key, desc := w.sortOf(v)
	i := slices.IndexFunc(cols, func(c column) bool { return c.Key == key })
	if i < 0 {
		return
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return list.Compare(list.ValueKey(cols[i].valueOf(&a)), list.ValueKey(cols[i].valueOf(&b)), desc)
	})
}
