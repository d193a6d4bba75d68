package area

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	k := w.lookAt(&f)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.titleLine(&k, &f))
	switch {
	case len(k.pts) > 0:
		w.drawBody(p, &k, &f)
	case k.entry.Known() && k.entry.Value.Type != datasource.TypeSeries:
		p.Wrong("a series", k.entry, f.Now)
	case k.entry.Known():
		p.Say("…", theme.Dim, "no samples yet", "key "+datasource.Clean(k.entry.Ref.Key, datasource.MaxCell).String())
	default:
		p.Absent(w.spec.Data, k.entry, f.Now)
	}
	return p.String()
}

// isPrivate reports whether the figures are private in this frame.
func (k *look) isPrivate(f *widgets.Context) bool { return f.Private && !k.entry.Ref.Shape.Market }

// formatMoney formats a value, hidden where it is private.
func (w *Widget) formatMoney(k *look, f *widgets.Context, v float64) string {
	if k.isPrivate(f) {
		return draw.Hidden(f.Theme)
	}
	form := w.format.For(datasource.NumberFromFloat(v))
	if w.format.Decimals == draw.Auto {
		form.Decimals = max(form.Decimals, draw.Digits(k.pts))
	}
	return draw.FormatNumber(datasource.NumberFromFloat(v), form)
}

// formatShort is money for the margin: whole units when they tell the values apart.
func (w *Widget) formatShort(k *look, f *widgets.Context, v float64) string {
	if k.isPrivate(f) {
		return draw.Hidden(f.Theme)
	}
	decimals := 0
	for span := k.hi - k.lo; span < 10 && decimals < 6; span *= 10 {
		decimals++
	}
	return draw.FormatNumber(datasource.NumberFromFloat(v), draw.Fixed(decimals))
}

func (w *Widget) formatPercent(k *look, f *widgets.Context, part float64) string {
	if k.isPrivate(f) {
		return draw.Hidden(f.Theme)
	}
	return draw.FormatNumber(datasource.NumberFromFloat(part*100), draw.Fixed(2)) + "%"
}

// titleLine is the title, where it began and is now, and the deepest drawdown.
func (w *Widget) titleLine(k *look, f *widgets.Context) draw.Head {
	h := draw.Head{Title: w.title, Focused: f.Focused, AsideRole: theme.Label}
	h.Note, h.NoteRole = draw.Note([]*datasource.Entry{k.entry}, f.Now, f.Stamps)
	if len(k.pts) == 0 {
		return h
	}
	if w.spec.Range == 0 {
		h.Extra = " · today"
	}
	if h.Note.Empty() && k.deepest < 0 && !w.spec.NoLoss {
		at := time.UnixMilli(k.deepestAt).In(f.Now.Location()).Format("15:04")
		text := "deepest drawdown " + w.formatPercent(k, f, k.deepest) + " at " + at
		if draw.Width(text)+6 > f.W {
			text = "deepest " + w.formatPercent(k, f, k.deepest)
		}
		h.Note, h.NoteRole = datasource.Clean(text, 60), theme.Label
	}
	room := f.W - 6 - 4 - draw.Width(h.Title.String()+h.Extra)
	for _, s := range []string{w.formatMoney(k, f, k.last), "start " + w.formatMoney(k, f, k.start) + "  now " + w.formatMoney(k, f, k.last)} {
		if draw.Width(s) <= room {
			h.Aside = s
		}
	}
	return h
}

// marginWidth is what the widest label needs.
func (w *Widget) marginWidth(k *look, f *widgets.Context) int {
	widest := 0
	for _, v := range []float64{k.hi, k.lo, k.last} {
		widest = max(widest, draw.Width(w.formatShort(k, f, v)))
	}
	if k.loss {
		widest = max(widest, draw.Width(w.formatPercent(k, f, k.deepest)))
	}
	return widest + 2
}

// drawBody draws the area, its labels and what stands below.
func (w *Widget) drawBody(p *draw.Panel, k *look, f *widgets.Context) {
	plot := draw.NewPlot(f.Theme, k.cells+k.margin, p.Lines())
	w.drawArea(plot, k, f)
	w.drawLabels(plot, k, f)
	y := k.rows
	if k.times {
		k.drawTimes(plot, f, y)
		y++
	}
	if k.loss {
		w.drawLoss(plot, k, f, y)
		y++
	}
	if k.hours {
		w.drawHours(plot, k, f, y)
	}
	_, rows := plot.Size()
	for y := range rows {
		p.Plot(plot, y)
		p.EndLine()
	}
}

// drawArea fills above and below the start, the edge brighter than the body.
func (w *Widget) drawArea(plot *draw.Plot, k *look, f *widgets.Context) {
	faded := draw.StateOf(k.entry) == datasource.StateStale
	for _, side := range []struct {
		above      bool
		body, edge theme.Role
	}{{true, theme.UpDim, theme.Up}, {false, theme.DownDim, theme.Down}} {
		spans := make([]draw.Span, len(k.spans))
		for i, s := range k.spans {
			if s.Set && (s.Out >= k.start) == side.above {
				spans[i] = s
			}
		}
		body, edge := side.body, side.edge
		switch {
		case faded:
			body, edge = theme.Dim, theme.Dim
		case f.Theme.Colourless():
			body, edge = theme.Dim, theme.Text
		}
		plot.Area(0, 0, k.cells, k.rows, spans, k.start, k.lo, k.hi, body)
		plot.Line(0, 0, k.cells, k.rows, spans, k.lo, k.hi, edge)
	}
	if !math.IsNaN(k.low) && k.low >= k.lo && k.low <= k.hi {
		for x := range k.cells {
			plot.Put(x, k.rowOf(k.low), symbolFor(f.Theme, '╌', '-'), theme.Bad)
		}
		if k.cells >= minCells {
			plot.Text(0, k.rowOf(k.low), "limit ", theme.Bad)
		}
	}
}

// drawLabels writes the ends of the scale and the last value's tag.
func (w *Widget) drawLabels(plot *draw.Plot, k *look, f *widgets.Context) {
	if k.margin == 0 {
		return
	}
	put := func(y int, v float64, role theme.Role) {
		text := w.formatShort(k, f, v)
		plot.Text(k.cells, y, blanks(k.margin), theme.Text)
		x := k.cells + k.margin - draw.Width(text)
		if role == theme.TagUp || role == theme.TagDown {
			plot.Text(x-1, y, " ", role)
		}
		plot.Text(x, y, text, role)
	}
	put(0, k.hi, theme.Axis)
	put(k.rows-1, k.lo, theme.Axis)
	role := theme.Strong
	switch {
	case draw.StateOf(k.entry) == datasource.StateStale:
		role = theme.Dim
	case k.last < k.start:
		role = theme.TagDown
	case k.last > k.start:
		role = theme.TagUp
	}
	put(k.rowOf(k.last), k.last, role)
}

func blanks(n int) string {
	const b = "                                        "
	return b[:max(0, min(n, len(b)))]
}

// columnAt is the cell that shows a time.
func (k *look) columnAt(ms int64) int {
	return max(0, min(k.cells-1, int(float64(ms-k.from)/float64(k.to-k.from)*float64(k.cells))))
}

// drawTimes draws the time axis, where it ends named first.
func (k *look) drawTimes(plot *draw.Plot, f *widgets.Context, y int) {
	from, to := time.UnixMilli(k.from).In(f.Now.Location()), time.UnixMilli(k.to).In(f.Now.Location())
	ticks := draw.NewTimeTicks(from, to, max(k.cells/12, 1))
	end := to.Format(ticks.Layout)
	plot.Text(k.cells-len(end), y, end, theme.Label)
	next := 0
	for at := ticks.First; !at.After(to); at = at.Add(ticks.Step) {
		text := at.Format(ticks.Layout)
		x := max(k.columnAt(at.UnixMilli())-len(text)/2, 0)
		if x < next || x+len(text) > k.cells-len(end)-2 {
			continue
		}
		plot.Text(x, y, text, theme.Label)
		next = x + len(text) + 2
	}
}

var eighths = [...]rune{'▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}

// drawLoss draws how deep each moment lay below the highest before it.
func (w *Widget) drawLoss(plot *draw.Plot, k *look, f *widgets.Context, y int) {
	const name = "drawdown "
	x0 := 0
	if k.cells >= minCells+len(name) {
		plot.Text(0, y, name, theme.Label)
		x0 = len(name)
	}
	deep := make([]float64, k.cells)
	for i, p := range k.pts {
		deep[k.columnAt(p.MS)] = min(deep[k.columnAt(p.MS)], k.drops[i])
	}
	role := theme.DownDim
	if f.Theme.Colourless() || draw.StateOf(k.entry) == datasource.StateStale {
		role = theme.Dim
	}
	for x := x0; x < k.cells; x++ {
		if k.deepest >= 0 || deep[x] >= 0 {
			continue
		}
		n := max(1, int(math.Round(deep[x]/k.deepest*8)))
		g := eighths[n-1]
		if f.Theme.Symbols == theme.ASCII {
			g = rune("_.-=oO##"[n-1])
		}
		plot.Put(x, y, g, role)
	}
	if k.margin > 0 {
		text := w.formatPercent(k, f, k.drops[len(k.drops)-1])
		plot.Text(k.cells+k.margin-draw.Width(text), y, text, theme.Label)
	}
}

// drawHours writes what each of the last hours made, the newest last.
func (w *Widget) drawHours(plot *draw.Plot, k *look, f *widgets.Context, y int) {
	width, _ := plot.Size()
	const name = "by hour "
	type cell struct {
		at, made string
		dir      int
	}
	var cells []cell
	used := len(name)
	all := k.hoursOf(f.Now.Location())
	for i := len(all) - 1; i >= 0; i-- {
		made := draw.Hidden(f.Theme)
		if !k.isPrivate(f) {
			made = draw.FormatNumber(datasource.NumberFromFloat(all[i].made), draw.NumberFormat{Sign: true, Thousands: true})
		}
		c := cell{at: all[i].at.Format("15"), made: made, dir: sign(all[i].made)}
		if used += len(c.at) + 1 + draw.Width(made) + 3; used-3 > width {
			break
		}
		cells = append(cells, c)
	}
	x := len(name)
	plot.Text(0, y, name, theme.Label)
	for i := len(cells) - 1; i >= 0; i-- {
		c := cells[i]
		plot.Text(x, y, c.at, theme.Label)
		role := theme.Direction(c.dir, false)
		if k.isPrivate(f) {
			role = theme.Label
		}
		plot.Text(x+len(c.at)+1, y, c.made, role)
		x += len(c.at) + 1 + draw.Width(c.made) + 3
	}
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// symbolFor picks the character that the terminal's symbols have.
func symbolFor(pal *theme.Palette, r, ascii rune) rune {
	if pal.Symbols == theme.ASCII {
		return ascii
	}
	return r
}
