package table

import (
	"strconv"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// view is everything that a frame makes of the data: what is drawn, moved in
// and pointed at is reckoned here alone.
type view struct {
	rows    []row // filtered and in order
	all     int
	entries []*datasource.Entry
	filter  list.Filter
	grid    grid
	win     list.Window
	totals  int // lines
}

// The lines that are not rows.
const (
	headLines  = 1
	totalLines = 2 // a rule and the totals
)

// readFrame reads a frame.
func (w *Widget) readFrame(f widgets.Context) view {
	rows, entries := collectRows(f.Data, w.spec.Data)
	width, lines := list.Inside(f)
	v := view{all: len(rows), entries: entries, filter: list.NewFilter(f.View.Filter)}
	v.grid = measureGrid(w.chooseColumns(rows), rows, width, f)
	v.rows = filterRows(rows, v.grid.cols, v.filter, f)
	w.sortRows(v.rows, v.grid.cols, f.View)
	if w.hasTotals(v.grid.cols) && len(v.rows) > 1 && lines >= headLines+totalLines+2 {
		v.totals = 1 // the rule goes before a row does
		if len(v.rows) <= lines-headLines-totalLines {
			v.totals = totalLines
		}
		lines -= v.totals
	}
	v.win = list.Fit(f.View, len(v.rows), lines-headLines)
	return v
}

// filterRows filters rows by the text of all their columns.
func filterRows(rows []row, cols []column, filter list.Filter, f widgets.Context) []row {
	if !filter.Active() {
		return rows
	}
	kept := rows[:0]
	var text []byte
	for i := range rows {
		text = text[:0]
		for k := range cols {
			if f.Private && cols[k].form.Class.Private() {
				continue
			}
			text = append(cols[k].form.Append(text, cols[k].valueOf(&rows[i]), f.Now), ' ')
		}
		if filter.Keep(text) {
			kept = append(kept, rows[i])
		}
	}
	return kept
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	v := w.readFrame(f)
	head := draw.Head{Title: w.Title(), Focused: f.Focused}
	if list.AnyKnown(v.entries) { // else the panel itself says why
		head.Extra = v.win.Extra(v.all, v.filter, v.grid.Mark())
		head.Note, head.NoteRole = draw.Note(v.entries, f.Now, f.Stamps)
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	if len(v.rows) == 0 {
		w.drawEmpty(p, f, &v)
		return p.String()
	}
	w.drawHeads(p, f, &v)
	for i := range v.win.Lines {
		n := v.win.First + i
		if f.Focused && n == v.win.Cursor {
			p.On(theme.Selected)
		}
		v.drawRow(p, f, &v.rows[n])
		p.EndLine()
	}
	if v.totals > 0 {
		w.drawTotals(p, f, &v)
	}
	return p.String()
}

// drawEmpty says why there are no rows.
func (w *Widget) drawEmpty(p *draw.Panel, f widgets.Context, v *view) {
	switch {
	case v.all > 0:
		p.Lit(theme.Label, "nothing matches "+v.filter.String()).EndLine()
	case list.AnyKnown(v.entries):
		text := "no rows"
		if w.spec.Empty != "" {
			text = datasource.Clean(w.spec.Empty, datasource.MaxCell).String()
		}
		p.Lit(theme.Label, text).EndLine()
	default:
		p.Absent(w.spec.Data, list.Worst(v.entries), f.Now)
	}
}

// drawHeads draws the line of column heads; the sorted one is marked.
func (w *Widget) drawHeads(p *draw.Panel, f widgets.Context, v *view) {
	key, desc := w.sortOf(f.View)
	for k, i := range v.grid.Shown {
		c := &v.grid.cols[i]
		if k > 0 {
			p.Skip(v.grid.gap)
		}
		head, role := c.head, theme.Label
		if c.Key == key {
			mark := list.SortMark(f.Theme, desc)
			head, role = draw.Truncate(head, c.Width-1)+mark, theme.Title
		}
		drawAligned(p, c, role, head)
	}
	p.EndLine()
}

// drawAligned aligns text in its column.
func drawAligned(p *draw.Panel, c *column, r theme.Role, s string) {
	if c.left {
		p.Cell(r, s, c.Width)
	} else {
		p.Right(r, s, c.Width)
	}
}

func (v *view) drawRow(p *draw.Panel, f widgets.Context, r *row) {
	for k, i := range v.grid.Shown {
		c := &v.grid.cols[i]
		if k > 0 {
			p.Skip(v.grid.gap)
		}
		drawCell(p, f, c, r, k == 0)
	}
	if len(v.entries) > 1 && p.Left() > 1 {
		p.To(p.Width() - 1).Mark(r.entry)
	}
}

// drawCell draws one cell; the first of a row is its name.
func drawCell(p *draw.Panel, f widgets.Context, c *column, r *row, first bool) {
	v := c.valueOf(r)
	n, isNumber := v.Number()
	switch {
	case v == nil || v.Type == datasource.TypeNull:
		drawAligned(p, c, theme.Dim, field.Absent)
	case f.Private && c.form.Class.Private():
		drawAligned(p, c, theme.Dim, draw.Hidden(f.Theme))
	case isNumber && c.form.Class != field.Time:
		role := draw.MoveRole(v.Move, f.Now, theme.Text)
		if c.form.Class.Directed() { // the colour is the sign's
			role = theme.Direction(draw.Sign(n), draw.Fresh(v.Move, f.Now))
		}
		role = draw.Faded(r.entry, role)
		if c.left {
			drawAligned(p, c, role, draw.FormatNumber(n, c.format(r, n)))
			return
		}
		p.Number(role, n, c.format(r, n), c.Width)
	default:
		var scratch [64]byte
		text := string(c.form.Append(scratch[:0], v, f.Now))
		drawAligned(p, c, draw.Faded(r.entry, textRole(c, text, first)), text)
	}
}

// textRole is the role of what is no number.
func textRole(c *column, text string, first bool) theme.Role {
	switch {
	case first:
		return theme.Strong
	case c.form.Class == field.Side || c.Key == "type" || c.Key == "action":
		return sideRole(text)
	case c.form.Class == field.Time:
		return theme.Label
	default:
		return theme.Text
	}
}

// sideRole tells buying from selling; the word stands there too.
func sideRole(text string) theme.Role {
	switch {
	case hasPrefix(text, "buy") || hasPrefix(text, "long") || hasPrefix(text, "bid"):
		return theme.Up
	case hasPrefix(text, "sell") || hasPrefix(text, "short") || hasPrefix(text, "ask"):
		return theme.Down
	default:
		return theme.Text
	}
}

// hasPrefix reports whether text begins with a small-letter word in any case.
func hasPrefix(text, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for i := range len(word) {
		if text[i]|0x20 != word[i] {
			return false
		}
	}
	return true
}

// drawTotals draws a rule and the sums below their columns; how many rows
// are on the left.
func (w *Widget) drawTotals(p *draw.Panel, f widgets.Context, v *view) {
	if v.totals == totalLines {
		p.Rule()
	}
	label := draw.Truncate(strconv.Itoa(len(v.rows))+" "+w.noun(), p.Width()/2)
	p.Lit(theme.Label, label)
	at := 0
	for _, i := range v.grid.Shown {
		c := &v.grid.cols[i]
		if c.total && at > draw.Width(label) {
			p.To(at)
			v.drawTotal(p, f, c)
		}
		at += c.Width + v.grid.gap
	}
	p.EndLine()
}

func (v *view) drawTotal(p *draw.Panel, f widgets.Context, c *column) {
	n, ok := c.sumRows(v.rows).number()
	switch {
	case !ok:
		drawAligned(p, c, theme.Dim, field.Absent)
	case f.Private && c.form.Class.Private():
		drawAligned(p, c, theme.Dim, draw.Hidden(f.Theme))
	default:
		role := theme.Strong
		if c.form.Class.Directed() {
			role = theme.Direction(draw.Sign(n), false)
		}
		for i := range v.rows { // a sum is as old as its oldest part
			role = draw.Faded(v.rows[i].entry, role)
		}
		p.Number(role, n, c.totalFormat(n), c.Width)
	}
}

func (w *Widget) noun() string {
	if w.spec.Noun == "" {
		return "rows"
	}
	return datasource.Clean(w.spec.Noun, 40).String()
}

func (w *Widget) hasTotals(cols []column) bool {
	if w.spec.Totals == "off" {
		return false
	}
	for i := range cols {
		if cols[i].total {
			return true
		}
	}
	return false
}
