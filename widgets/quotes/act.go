package quotes

import (
	"math"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/list"
)

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions(list.SortActions()...) }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, arg rune) widgets.View {
	_, lines := list.Inside(f)
	if v := list.Move(f.View, a, len(w.readFrame(f).rows), lines-headLines); v != f.View {
		return v
	}
	return list.Sort(f.View, a, arg, w.listColumns(nil))
}

// Target implements widgets.Pointer: the quote under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	v := w.readFrame(f)
	if v.cursor < 0 {
		return widgets.Target{}, false
	}
	r := &v.rows[v.cursor]
	return widgets.Target{Name: r.name, Field: r.field, Row: r.item}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	v := w.readFrame(f)
	n, ok := v.win.At(y - list.Top(f) - headLines)
	if !ok || v.lines[n].row < 0 {
		return 0, false
	}
	return v.lines[n].row, true
}

// Follows implements widgets.Linked: the selected symbol's row is marked.
func (w *Widget) Follows() bool { return true }

// Selects implements widgets.Linked.
func (w *Widget) Selects(f widgets.Context) (datasource.Safe, bool) {
	v := w.readFrame(f)
	if v.cursor < 0 {
		return datasource.Safe{}, false
	}
	return datasource.Clean(v.rows[v.cursor].symbol, datasource.MaxCell), true
}

// sortOf is the column that the rows are sorted by, and in which direction.
func (w *Widget) sortOf(v widgets.View) (key string, desc bool) {
	if v.Sort != "" {
		return v.Sort, v.Desc
	}
	return w.sort, w.desc
}

// sortKey is what a column sorts a row by.
func (c *column) sortKey(r *row) list.Key {
	number := func(f float64, ok bool) list.Key {
		if !ok {
			return list.Key{}
		}
		return list.NumberKey(f)
	}
	switch c.what {
	case whatSymbol:
		return list.TextKey(r.symbol)
	case whatSpread:
		return number(r.spread())
	case whatChange:
		return number(r.change())
	case whatMine:
		return number(math.Abs(r.mine), r.owned)
	case whatRange:
		open, low, high, now, ok := r.dayRange()
		return number((now-open)/max(open-low, high-open), ok && high > low)
	case whatAge: // the youngest first
		return number(-float64(r.changedAt()), r.entry != nil)
	case whatSpark:
		if r.series == nil {
			return list.Key{}
		}
		first, last := endValues(r.series.Points)
		return number(last/first, first > 0)
	}
	return list.ValueKey(r.figureOf(c))
}
