package statistics

import (
	"math"
	"slices"
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	s := w.add(&f)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.head(&s, &f))
	hidden := f.Private && s.entry != nil && !s.entry.Ref.Shape.Market
	switch {
	case hidden && s.entry.Known():
		p.Say("", theme.Label, "hidden")
	case s.n > 0:
		w.body(p, &s, &f)
	case s.entry.Known() && !s.usable:
		p.Wrong("closed trades", s.entry, f.Now)
	case s.entry.Known() && s.left > 0:
		p.Say("…", theme.Dim, "no trade closed today", strconv.Itoa(s.left)+" on other days")
	case s.entry.Known() && s.unread > 0:
		p.Say("…", theme.Warn, "no trade has a result", "a field such as profit or pnl is looked for")
	case s.entry.Known():
		p.Say("…", theme.Dim, "no closed trades yet", "key "+datasource.Clean(s.entry.Ref.Key, datasource.MaxCell).String())
	default:
		p.Absent(w.spec.Data, s.entry, f.Now)
	}
	return p.String()
}

func (w *Widget) head(s *sums, f *widgets.Context) draw.Head {
	h := draw.Head{Title: w.title, Focused: f.Focused, AsideRole: theme.Label}
	h.Note, h.NoteRole = draw.Note([]*datasource.Entry{s.entry}, f.Now, f.Stamps)
	if s.n == 0 || f.Private {
		return h
	}
	switch {
	case w.spec.All:
		h.Extra = " · all"
	case s.undated < s.n:
		h.Extra = " · today"
	}
	if few := h.Extra + " · " + strconv.Itoa(s.n); draw.Width(h.Title.String()+few)+12 > f.W {
		h.Extra = few
	} else if h.Extra = few + " trades"; s.n == 1 {
		h.Extra = few + " trade"
	}
	aside := "net " + s.money(s.net())
	if currency := field.Currency(f.Data, w.spec.Currency); currency != "" {
		aside += " " + currency
	}
	if draw.Width(h.Title.String()+h.Extra)+draw.Width(aside)+10 <= f.W {
		h.Aside, h.AsideRole = aside, theme.Direction(sign(s.net()), false)
	}
	if s.unread > 0 && h.Note.Empty() {
		h.Note, h.NoteRole = datasource.Clean(strconv.Itoa(s.unread)+" without a result", 64), theme.Warn
	}
	return h
}

// money is a result with its sign.
func (s *sums) money(v float64) string {
	text := field.Decimal(v, s.decimals)
	if v > 0 {
		return "+" + text
	}
	return text
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

// fact is one figure with its name.
type fact struct {
	name, value string
	role        theme.Role
}

// facts are the figures, the most telling first.
func (s *sums) facts() []fact {
	share := func(part, whole float64) string {
		return format.Number(datasource.NumberFromFloat(part/whole*100), format.Fixed(0)) + "%"
	}
	out := []fact{{"win rate", share(float64(s.won), float64(s.n)) + " · " + strconv.Itoa(s.won) + " of " + strconv.Itoa(s.n), theme.Strong}}
	factor := fact{"profit factor", "no loss yet", theme.Text}
	if s.given > 0 {
		factor.value, factor.role = field.Decimal(s.gained/s.given, 2), theme.Direction(sign(s.gained/s.given-1), false)
	}
	expectancy := s.net() / float64(s.n)
	out = append(out, factor, fact{"expectancy", s.money(expectancy) + " a trade", theme.Direction(sign(expectancy), false)})
	if s.won > 0 {
		out = append(out, fact{"average gain", s.money(s.gained / float64(s.won)), theme.Up})
	}
	if s.lost > 0 {
		out = append(out, fact{"average loss", s.money(-s.given / float64(s.lost)), theme.Down})
	}
	out = append(out, fact{"best", s.money(s.best), theme.Direction(sign(s.best), false)}, fact{"worst", s.money(s.worst), theme.Direction(sign(s.worst), false)})
	if s.streak > 1 && s.undated == 0 {
		out = append(out, fact{"losses in a row", strconv.Itoa(s.streak), theme.Text})
	}
	if s.timed > 0 {
		out = append(out, fact{"held on average", draw.Age(s.held / time.Duration(s.timed)), theme.Text})
	}
	if s.commission != 0 {
		out = append(out, fact{"commission apart", s.money(s.commission), theme.Label})
	}
	if s.swap != 0 {
		out = append(out, fact{"swap apart", s.money(s.swap), theme.Label})
	}
	return out
}

// The widths, inside the border, of one, two and three columns.
const (
	factCells  = 30
	twoBlocks  = 62
	threeBlock = 96
)

// body draws the figures, and beside or below them the sums by symbol and by
// hour, as far as there is space.
func (w *Widget) body(p *draw.Panel, s *sums, f *widgets.Context) {
	width, lines := p.Width(), p.Lines()
	facts := block{cells: width, lines: factLines(s.facts())}
	symbols := block{cells: width, lines: s.groupLines("BY SYMBOL", s.symbols)}
	hours := block{cells: width, lines: s.groupLines("BY HOUR", s.hours)}
	if len(s.hours) == 0 {
		hours.lines = nil
	}
	if len(s.symbols) == 0 {
		symbols.lines = nil
	}
	switch {
	case width >= threeBlock:
		rest := (width - factCells - 6) / 2
		facts.cells, symbols.cells, hours.cells = factCells, rest, width-factCells-6-rest
		drawBeside(p, f, s, lines, facts, symbols, hours)
	case width >= twoBlocks:
		facts.cells = factCells
		other := block{cells: width - factCells - 3, lines: stack(lines, symbols.lines, hours.lines)}
		drawBeside(p, f, s, lines, facts, other)
	default:
		drawBeside(p, f, s, lines, block{cells: width, lines: stack(lines, facts.lines, symbols.lines, hours.lines)})
	}
}

// block is a column of lines.
type block struct {
	cells int
	lines []line
}

// line is a figure, the sum of a group, or a heading.
type line struct {
	head  string
	fact  *fact
	group *group
	most  float64 // the longest bar of the groups
}

func factLines(facts []fact) []line {
	out := make([]line, len(facts))
	for i := range facts {
		out[i].fact = &facts[i]
	}
	return out
}

func (s *sums) groupLines(head string, groups []group) []line {
	out := []line{{head: head}}
	most := 0.0
	for i := range groups {
		most = max(most, math.Abs(groups[i].sum))
	}
	for i := range groups {
		out = append(out, line{group: &groups[i], most: most})
	}
	return out
}

// stack puts blocks below each other, each with its share of the lines. A
// heading never stands alone, and of groups that have no space the middle ones
// go: the best and the worst say most.
func stack(room int, blocks ...[]line) (out []line) {
	for i, b := range blocks {
		kept := 0 // for those below
		for _, later := range blocks[i+1:] {
			if share := min(len(later), room/(len(blocks)+1)); share >= minGroupLines {
				kept += share
			}
		}
		out = append(out, shorten(b, room-len(out)-kept)...)
	}
	return out
}

func shorten(b []line, room int) []line {
	switch {
	case len(b) <= room:
		return b
	case len(b) == 0 || b[0].head == "":
		return b[:max(room, 0)]
	case room < minGroupLines:
		return nil
	}
	keep := room - 1
	first := (keep + 1) / 2
	out := slices.Concat(b[:1+first], b[len(b)-(keep-first):])
	out[0].head += " · " + strconv.Itoa(keep) + " of " + strconv.Itoa(len(b)-1)
	return out
}

// minGroupLines is what a heading is worth: itself, and the best and the worst.
const minGroupLines = 3

// drawBeside draws blocks next to each other.
func drawBeside(p *draw.Panel, f *widgets.Context, s *sums, lines int, blocks ...block) {
	for i := range blocks {
		blocks[i].lines = shorten(blocks[i].lines, lines)
	}
	for row := range lines {
		x := 0
		for _, b := range blocks {
			p.To(x)
			if row < len(b.lines) {
				drawLine(p, f, s, &b.lines[row], b.cells)
			}
			x += b.cells + 3
		}
		p.EndLine()
	}
}

func drawLine(p *draw.Panel, f *widgets.Context, s *sums, l *line, cells int) {
	switch {
	case l.head != "":
		p.Lit(theme.Label, draw.Truncate(l.head, cells)).Skip(1)
		p.Dashes(theme.Axis, cells-draw.Width(l.head)-1)
	case l.fact != nil:
		room := cells - draw.Width(l.fact.value) - 1
		p.Cell(theme.Label, l.fact.name, max(room, 0)).Skip(min(1, max(room, 0)))
		p.Lit(draw.Faded(s.entry, l.fact.role), draw.Truncate(l.fact.value, cells))
	case l.group != nil:
		drawGroup(p, f, s, l, cells)
	}
}

// drawGroup draws the sum of a group as a bar from the middle, losses to the
// left, with how many trades it is of.
func drawGroup(p *draw.Panel, f *widgets.Context, s *sums, l *line, cells int) {
	g := l.group
	const name, count = 8, 5
	value := s.money(g.sum)
	widest := draw.Width(s.money(-l.most))
	bar := cells - name - count - widest - 2
	p.Cell(theme.Strong, g.name, min(name, cells))
	if bar >= 7 {
		half := bar / 2
		role := theme.UpDim
		if g.sum < 0 {
			role = theme.DownDim
		}
		if f.Theme.Colourless() {
			role = theme.Label
		}
		share := math.Abs(g.sum) / max(l.most, 1e-300)
		p.Skip(1)
		if g.sum < 0 {
			p.Bar(role, share, half, true).Lit(theme.Axis, middle(f.Theme)).Skip(bar - half - 1)
		} else {
			p.Skip(half).Lit(theme.Axis, middle(f.Theme)).Bar(role, share, bar-half-1, false)
		}
		p.Skip(1)
	}
	left := cells - name - count
	if bar >= 7 {
		left = widest
	}
	p.Right(draw.Faded(s.entry, theme.Direction(sign(g.sum), false)), value, max(left, 0))
	p.Right(theme.Label, strconv.Itoa(g.n)+"×", count)
}

func middle(pal *theme.Palette) string {
	if pal.Symbols == theme.ASCII {
		return "|"
	}
	return "│"
}
