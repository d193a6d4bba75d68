package figures

import (
	"math"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// The cells of a figure: the least that it needs, and what keeps it apart from
// the next.
const (
	minCells = 16
	minFlat  = 12 // on two lines
	apart    = 2
	minSpark = 6
	maxSpark = 14
	wideNote = 22 // cells from which a note is not shortened
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Bare: true})
	widths := w.widths(&f, p.Width()-1, p.Lines())
	n := len(widths)
	for line := range min(p.Lines(), 3) {
		p.Skip(1)
		from := 1
		for i := range n {
			g := &w.figures[i]
			p.To(from)
			width := widths[i]
			from += width + apart
			if i == n-1 {
				width = p.Left()
			}
			switch line {
			case 0:
				g.titleLine(p, &f, width)
			case 1:
				g.valueLine(p, &f, width, p.Lines() == 2)
			default:
				g.noteLine(p, &f, width)
			}
		}
		p.EndLine()
	}
	return p.String()
}

// widths are the cells of the figures that are shown. On two lines a change
// stands beside its figure, which then has as much space as both need.
func (w *Widget) widths(f *widgets.Context, width, lines int) []int {
	wide := make([]int, len(w.figures))
	for i := range w.figures {
		g := &w.figures[i]
		if wide[i] = minCells; lines != 2 {
			continue
		}
		wide[i] = max(minFlat, draw.Width(g.title))
		if g.Limit != "" {
			wide[i] = draw.Width(g.title) + len("  100%")
		}
		if delta, _ := g.deltaText(f); delta != "" {
			v, e := valueAt(g.Value, f.Data)
			text, _ := g.figureText(f, v, e)
			wide[i] = max(minCells, draw.Width(text)+draw.Width(delta)+2)
		}
	}
	n, used := 0, -apart
	for n < len(wide) && (n == 0 || used+apart+wide[n] <= width) {
		used += apart + wide[n]
		n++
	}
	wide = wide[:n]
	for i, more := 0, width-used; i < n && more > 0; i++ {
		part := more / (n - i)
		wide[i], more = wide[i]+part, more-part
	}
	return wide
}

// isPrivate reports whether an entry's figures are private in this frame.
func isPrivate(f *widgets.Context, e *datasource.Entry) bool {
	return f.Private && e != nil && !e.Ref.Shape.Market
}

// titleLine is the name, the use of a limit in per cent, and what is not plain.
func (g *figure) titleLine(p *draw.Panel, f *widgets.Context, width int) {
	end := p.Left() - width
	_, e := valueAt(g.Value, f.Data)
	p.Lit(theme.Label, draw.Truncate(g.title, width))
	note, role := draw.Note([]*datasource.Entry{e}, f.Now, f.Stamps)
	space := p.Left() - end - 1
	switch used, limit, ok := g.usedOfLimit(f); {
	case !note.Empty() && space >= 3:
		text := note.String()
		for draw.Width(text) > space && strings.Contains(text, " · ") {
			text = text[:strings.LastIndex(text, " · ")]
		}
		p.Skip(1).Lit(role, draw.Truncate(text, space))
	case ok && !isPrivate(f, e):
		text := format.Number(datasource.NumberFromFloat(math.Round(100*used/limit)), format.Fixed(0)) + "%"
		if full := text + " of " + format.Number(datasource.NumberFromFloat(limit), format.Fixed(0)); limit != 100 && draw.Width(full) < space {
			text = full
		}
		if draw.Width(text)+1 < space {
			p.Skip(2).Lit(theme.Label, text)
		}
	}
}

// usedOfLimit returns what is used of a limit.
func (g *figure) usedOfLimit(f *widgets.Context) (used, limit float64, ok bool) {
	if g.Limit == "" {
		return 0, 0, false
	}
	v, _, okV := numberAt(g.Value, f.Data)
	l, _, okL := numberAt(g.Limit, f.Data)
	used, limit = v.Float(), l.Float()
	if g.Loss {
		used = max(0, -used)
	}
	return used, limit, okV && okL && limit > 0
}

// valueLine is the figure, its spark, or the bar against its limit.
func (g *figure) valueLine(p *draw.Panel, f *widgets.Context, width int, last bool) {
	v, e := valueAt(g.Value, f.Data)
	if used, limit, ok := g.usedOfLimit(f); ok && !isPrivate(f, e) {
		g.drawBar(p, f, e, used/limit, width)
		return
	}
	text, role := g.figureText(f, v, e)
	p.Lit(role, draw.Truncate(text, width))
	left := width - draw.Width(text)
	if last { // no line below: the change stands beside
		if delta, role := g.deltaText(f); delta != "" && draw.Width(delta)+2 <= left {
			p.Skip(2).Lit(role, delta)
		}
		return
	}
	if g.Spark == "" || left < minSpark+2 || isPrivate(f, e) {
		return
	}
	s, _ := valueAt(g.Spark, f.Data)
	if s == nil || s.Type != datasource.TypeSeries || len(s.Points) < 2 {
		return
	}
	first, newest := s.Points[0], s.Points[len(s.Points)-1]
	dir := sign(newest.V - first.V)
	p.Skip(2).Spark(draw.Faded(e, draw.GraphRole(f.Theme, dir)), s.Points, first.MS, newest.MS, draw.NoGap, min(maxSpark, left-2))
}

// figureText is the figure and how it looks.
func (g *figure) figureText(f *widgets.Context, v *datasource.Value, e *datasource.Entry) (string, theme.Role) {
	switch {
	case v == nil && !e.Known():
		return field.Absent, theme.Dim
	case v == nil:
		return field.Absent, theme.Label
	case isPrivate(f, e):
		return draw.Hidden(f.Theme), theme.Strong
	}
	role := theme.Strong
	if n, ok := v.Number(); ok && g.format.Class.Directed() {
		role = theme.Direction(sign(n.Float()), false)
	}
	return string(g.format.Append(nil, v, f.Now)), draw.Faded(e, role)
}

// drawBar draws how much of the limit is used, the limit at its end.
func (g *figure) drawBar(p *draw.Panel, f *widgets.Context, e *datasource.Entry, part float64, width int) {
	cells := min(width-1, 24)
	if cells < 4 {
		return
	}
	role := theme.Good
	switch {
	case draw.StateOf(e) == datasource.StateStale:
		role = theme.Dim
	case part >= 0.9:
		role = theme.Bad
	case part >= 0.7:
		role = theme.Warn
	}
	filled := max(0, min(cells, int(math.Ceil(part*float64(cells)-1e-9))))
	heavy, light, end := "━", "─", "│"
	if f.Theme.Symbols == theme.ASCII {
		heavy, light, end = "=", "-", "|"
	}
	p.Lit(role, strings.Repeat(heavy, filled)).Lit(theme.Axis, strings.Repeat(light, cells-filled)).Lit(theme.Bad, end)
}

// noteLine is the change, or the note, or what is left to the limit.
func (g *figure) noteLine(p *draw.Panel, f *widgets.Context, width int) {
	if text, role := g.deltaText(f); text != "" {
		if suffix := datasource.Clean(g.Suffix, 20).String(); suffix != "" && draw.Width(text)+1+draw.Width(suffix) <= width {
			text += " " + suffix
		}
		p.Lit(role, draw.Truncate(text, width))
		return
	}
	text := g.noteText(f)
	if text == "" {
		used, limit, ok := g.usedOfLimit(f)
		_, e := valueAt(g.Value, f.Data)
		if !ok || isPrivate(f, e) {
			return
		}
		form := format.Style{Decimals: format.Decimals(numbersOf(f, g.Value, g.Limit)), Thousands: true}
		text = format.Number(datasource.NumberFromFloat(limit-used), form) + " left to the limit"
		if used > limit {
			text = format.Number(datasource.NumberFromFloat(used-limit), form) + " over the limit"
		}
	}
	if draw.Width(text) > width { // whole parts go from the end
		if i := strings.LastIndex(text, " to the limit"); i > 0 {
			text = text[:i]
		}
		for draw.Width(text) > width && strings.Contains(text, " · ") {
			text = text[:strings.LastIndex(text, " · ")]
		}
	}
	p.Lit(theme.Label, draw.Truncate(text, width))
}

func numbersOf(f *widgets.Context, paths ...string) (out []datasource.Number) {
	for _, path := range paths {
		if n, _, ok := numberAt(path, f.Data); ok {
			out = append(out, n)
		}
	}
	return out
}

// deltaText is the change with its sign, and in per cent of the base.
func (g *figure) deltaText(f *widgets.Context) (string, theme.Role) {
	if g.Delta == "" {
		return "", theme.Text
	}
	n, e, ok := numberAt(g.Delta, f.Data)
	switch {
	case !ok:
		return "", theme.Text
	case isPrivate(f, e):
		return draw.Hidden(f.Theme), theme.Label
	}
	text := format.Number(n, format.Style{Decimals: format.NumberDecimals(n), Thousands: true, Sign: true})
	if base, _, ok := numberAt(g.Base, f.Data); ok && base.Float() != 0 {
		text += "  " + format.Number(datasource.NumberFromFloat(100*n.Float()/base.Float()), format.Style{Decimals: 2, Sign: true}) + "%"
	}
	return text, draw.Faded(e, theme.Direction(sign(n.Float()), false))
}

// noteText fills in the paths of the note.
func (g *figure) noteText(f *widgets.Context) string {
	if _, e := valueAt(g.Value, f.Data); !e.Known() {
		return ""
	}
	text := inBrackets.ReplaceAllStringFunc(g.Note, func(m string) string {
		path := m[1 : len(m)-1]
		v, e := valueAt(path, f.Data)
		switch {
		case v == nil:
			return field.Absent
		case isPrivate(f, e):
			return draw.Hidden(f.Theme)
		}
		return string(field.Guessed(path[strings.LastIndexByte(path, '.')+1:]).Append(nil, v, f.Now))
	})
	return datasource.Clean(text, 120).String()
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
