package quotes

import (
	"slices"
	"strconv"

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
	lines  []line
	all    int
	filter list.Filter
	grid   grid
	win    list.Window // over lines
	cursor int         // the selected row, -1 for none
	sparks sparks

	note     datasource.Safe
	noteRole theme.Role
}

// headLines is the line of the column heads.
const headLines = 1

// readFrame reads a frame.
func (w *Widget) readFrame(f widgets.Context) view {
	rows := w.readRows(f.Data)
	inner, room := list.Inside(f)
	v := view{all: len(rows), filter: list.NewFilter(f.View.Filter), sparks: sparksOf(rows, w.spec.Span, f.Now.UnixMilli())}
	v.note, v.noteRole = stateNote(rows, f)
	v.grid = w.measureGrid(rows, inner, f)
	if v.filter.Active() {
		rows = slices.DeleteFunc(rows, func(r row) bool { return !v.filter.KeepString(r.symbol) })
	}
	flat := w.sortRows(rows, f.View)
	v.rows, v.cursor = rows, max(-1, min(f.View.Cursor, len(rows)-1))
	v.lines = w.groups.layLines(rows, room-headLines, flat)
	at := f.View
	at.Cursor = v.lineOf(v.cursor)
	v.win = list.Fit(at, len(v.lines), room-headLines)
	if up := at.Cursor - 1; up >= 0 && up == v.win.First-1 && v.lines[up].row < 0 && v.win.Lines > 1 {
		v.win.First = up // the heading of the first row drawn
	}
	return v
}

// lineOf returns the line of a row.
func (v *view) lineOf(row int) int {
	if row < 0 {
		return -1
	}
	return slices.IndexFunc(v.lines, func(l line) bool { return l.row == row })
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	v := w.readFrame(f)
	key, desc := f.View.Sort, f.View.Desc
	aside := ""
	if key != "" {
		aside = "by " + key + " " + list.SortMark(f.Theme, desc)
	}
	rowsShown := v.win
	rowsShown.Total = len(v.rows)
	if rowsShown.Lines == len(v.lines) {
		rowsShown.Lines = len(v.rows)
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{
		Title: w.title, Extra: rowsShown.Extra(v.all, v.filter, v.grid.Mark()), Aside: datasource.Clean(aside, 64).String(), AsideRole: theme.Label,
		Focused: f.Focused, Note: v.note, NoteRole: v.noteRole,
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
	k := painter{w: w, f: &f, g: &v.grid, s: v.sparks}
	for i := range v.win.Lines {
		l := v.lines[v.win.First+i]
		if l.row < 0 {
			p.Lit(theme.Dim, l.heading).Skip(1)
			p.Rule()
			continue
		}
		r := &v.rows[l.row]
		if f.Focused && l.row == v.cursor || !f.Focused && !f.Selected.Empty() && r.symbol == f.Selected.String() {
			p.On(theme.Selected)
		}
		k.drawRow(p, r)
		p.EndLine()
	}
	return p.String()
}

// stateNote sums up the states of all rows, "12 live · 1 old"; when all have the same
// trouble it tells the cause.
func stateNote(rows []row, f widgets.Context) (datasource.Safe, theme.Role) {
	entries := make([]*datasource.Entry, 0, len(rows))
	states, old, live := [datasource.StateError + 1]int{}, 0, 0
	for i := range rows {
		e := rows[i].entry
		if n := len(entries); n == 0 || entries[n-1] != e {
			entries = append(entries, e)
		}
		age, _ := rows[i].age(f.Now)
		switch s := draw.StateOf(e); {
		case rows[i].isOld(f.Now) && (s == datasource.StateLive || age >= longAge):
			old++
		case s == datasource.StateLive && draw.Unremarked(e):
			live++
		default:
			states[s]++
		}
	}
	if live == len(rows) {
		return datasource.Clean(strconv.Itoa(live)+" live", 64), theme.Dim
	}
	if old == 0 {
		return draw.Note(entries, f.Now, f.Stamps)
	}
	text, role := "", theme.Warn
	add := func(n int, word string) {
		if n > 0 && text != "" {
			text += " · "
		}
		if n > 0 {
			text += strconv.Itoa(n) + " " + word
		}
	}
	add(live, "live")
	add(states[datasource.StateError], "failed")
	add(states[datasource.StateMissing], "missing")
	add(states[datasource.StateFallback], "from the API")
	add(states[datasource.StateStale], "last known")
	add(states[datasource.StateLive], "quiet")
	add(states[datasource.StateLoading], "loading")
	add(old, "old")
	if states[datasource.StateError]+states[datasource.StateMissing] > 0 {
		role = theme.Bad
	}
	return datasource.Clean(text, 256), role
}

// drawHeads draws the line of column heads; the sorted one is marked.
func (w *Widget) drawHeads(p *draw.Panel, f widgets.Context, v *view) {
	key, desc := w.sortOf(f.View)
	at := 0
	for _, i := range v.grid.Shown {
		c := &w.cols[i]
		p.To(at) // the mark of the first column may be in the gap
		head, role := c.head, theme.Label
		switch c.what {
		case whatSpark:
			head = v.sparks.headText(v.grid.widths[i])
		case whatRange:
			head = rangeHead(v.grid.widths[i])
		case whatLast:
			head = lastHead(v.rows)
		}
		if c.Key == key {
			head, role = head+list.SortMark(f.Theme, desc), theme.Title
		}
		c.drawHead(p, role, head, v.grid.widths[i])
		at += v.grid.widths[i] + v.grid.gap
	}
	p.EndLine()
}

// lastHead says what the price of the rows is.
func lastHead(rows []row) string {
	last, mid := 0, 0
	for i := range rows {
		switch r := &rows[i]; {
		case r.figures[slotLast] != nil:
			last++
		case r.lastPrice() != nil:
			mid++
		}
	}
	switch {
	case mid == 0:
		return "LAST"
	case last == 0:
		return "MID"
	}
	return "PRICE"
}

func rangeHead(width int) string {
	const long = "TODAY low · high"
	if width >= len(long)-1 {
		return long
	}
	return "LOW · HIGH"
}

// drawHead puts a head over its column, aligned as the figures are.
func (c *column) drawHead(p *draw.Panel, r theme.Role, head string, width int) {
	switch {
	case c.what == whatSymbol:
		p.Lit(r, draw.Truncate(head, width+1))
	case c.what == whatSpark || c.what == whatRange:
		p.Cell(r, head, width)
	case c.marked:
		p.Right(r, head, width-mark).Skip(mark)
	default:
		p.Right(r, head, width)
	}
}
