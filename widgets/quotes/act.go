package quotes

import (
	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/list"
)

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions(list.SortActions()...) }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Frame, a widgets.Action, arg rune) widgets.View {
	_, lines := list.Inside(f)
	if v := list.Move(f.View, a, len(w.look(f).rows), lines-headLines); v != f.View {
		return v
	}
	return list.Sort(f.View, a, arg, w.listColumns(nil))
}

// Target implements widgets.Pointer: the quote under the cursor.
func (w *Widget) Target(f widgets.Frame) (widgets.Target, bool) {
	v := w.look(f)
	if v.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	return widgets.Target{Name: v.rows[v.win.Cursor].name, Row: -1}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Frame, y int) (int, bool) {
	return w.look(f).win.At(y - list.Top(f) - headLines)
}

// sortOf is the column that the rows are sorted by, and in which direction.
func (w *Widget) sortOf(v widgets.View) (key string, desc bool) {
	if v.Sort != "" {
		return v.Sort, v.Desc
	}
	return w.sort, w.desc
}

// sortable is what a column sorts a row by.
func (c *column) sortable(r *row) datasource.Value {
	number := func(f float64, ok bool) datasource.Value {
		if !ok {
			return datasource.Value{}
		}
		return datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(f)}
	}
	switch c.what {
	case whatSymbol:
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(r.symbol, 0)}
	case whatSpread:
		return number(r.spread())
	case whatChange:
		return number(r.change())
	case whatAge:
		return number(-float64(r.changed()), r.entry != nil)
	case whatSpark:
		if r.series == nil {
			return datasource.Value{}
		}
		first, last := ends(r.series.Points)
		return number(last/first, first > 0)
	}
	if v := r.figure(c); v != nil {
		return *v
	}
	return datasource.Value{}
}
