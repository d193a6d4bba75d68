package quotes

import (
	"slices"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// view is everything that a frame makes of the data: what is drawn, moved in
// and pointed at is reckoned here alone.
type view struct {
	rows   []row // filtered and in order
	all    int
	filter list.Filter
	grid   grid
	win    list.Window
	sparks sparks

	note     datasource.Safe
	noteRole theme.Role
}

// headLines is the line of the column heads.
const headLines = 1

// look reads a frame.
func (w *Widget) look(f widgets.Frame) view {
	rows := w.rows(f.Data)
	inner, lines := list.Inside(f)
	v := view{all: len(rows), filter: list.NewFilter(f.View.Filter), sparks: sparksOf(rows, w.spec.Span, f.Now.UnixMilli())}
	v.note, v.noteRole = note(rows, f)
	v.grid = w.lay(rows, inner-markWidth, f.View, f.Stamps)
	if v.filter.Active() {
		rows = slices.DeleteFunc(rows, func(r row) bool { return !v.filter.KeepString(r.symbol) })
	}
	w.order(rows, f.View)
	v.rows = rows
	v.win = list.Fit(f.View, len(rows), lines-headLines)
	return v
}

// note sums up the states of all rows.
func note(rows []row, f widgets.Frame) (datasource.Safe, theme.Role) {
	entries := make([]*datasource.Entry, len(rows))
	for i := range rows {
		entries[i] = rows[i].entry
	}
	return draw.Note(entries, f.Now, f.Stamps)
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Frame) string {
	v := w.look(f)
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{
		Title: w.title, Extra: v.win.Extra(v.all, v.filter, v.grid.Mark()), Focused: f.Focused, Note: v.note, NoteRole: v.noteRole,
	})
	switch {
	case v.all == 0:
		p.Absent(w.spec.Data, nil, f.Now)
		return p.String()
	case len(v.rows) == 0:
		p.Lit(theme.Label, "nothing matches "+v.filter.String()).EndLine()
		return p.String()
	}
	w.drawHeads(p, f, &v)
	k := ink{w: w, f: &f, g: &v.grid, s: v.sparks}
	for i := range v.win.Lines {
		n := v.win.First + i
		if f.Focused && n == v.win.Cursor {
			p.On(theme.Selected)
		}
		k.row(p, &v.rows[n])
		p.EndLine()
	}
	return p.String()
}

// drawHeads draws the line of column heads; the sorted one is marked.
func (w *Widget) drawHeads(p *draw.Panel, f widgets.Frame, v *view) {
	key, desc := w.sortOf(f.View)
	at := 0
	for _, i := range v.grid.Shown {
		c := &w.cols[i]
		p.To(at) // the mark of the first column may stand in the gap
		head, role := c.head, theme.Label
		if c.what == whatSpark {
			head = v.sparks.head(v.grid.widths[i])
		}
		if c.Key == key {
			head, role = head+list.SortMark(f.Theme, desc), theme.Title
		}
		c.place(p, role, head, v.grid.widths[i])
		at += v.grid.widths[i] + v.grid.gap
	}
	p.EndLine()
}

// place puts a head over its column, aligned as the figures are.
func (c *column) place(p *draw.Panel, r theme.Role, head string, width int) {
	switch c.what {
	case whatSymbol:
		p.Lit(r, draw.Truncate(head, width+1))
	case whatSpark:
		p.Cell(r, head, width)
	case whatBid:
		p.Right(r, head, width-arrow).Skip(arrow)
	default:
		p.Right(r, head, width)
	}
}
