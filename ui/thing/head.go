package thing

import (
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/positions"
	"ticktop/widgets/quotes"
	"ticktop/widgets/theme"
)

// Head is the first three lines of a symbol's page: its price, its day and what
// the account has in it, without a border.
type Head struct {
	panel
	Quotes *quotes.Widget    // nil: none
	Own    *positions.Widget // nil: none
}

// Title implements widgets.Widget.
func (Head) Title() datasource.Safe { return cleanTitle("Symbol") }

// figure is one column of Head.
type figure struct {
	width  int // cells that it needs
	label  string
	value  func(p *draw.Panel, width int)
	below  string
	role   theme.Role // of below
	titled bool
}

// Render implements widgets.Widget.
func (w Head) Render(f widgets.Context) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Bare: true, Focused: f.Focused})
	figures := w.figures(&f)
	const apart = 2
	n, used := 0, 1-apart
	for n < len(figures) && (n == 0 || used+apart+figures[n].width <= p.Width()) {
		used += apart + figures[n].width
		n++
	}
	figures = figures[:n]
	for i, more := 0, p.Width()-used; i < n && more > 0; i++ {
		part := more / (n - i)
		figures[i].width, more = figures[i].width+part, more-part
	}
	for line := range min(p.Lines(), 3) {
		at := 1
		for i := range figures {
			g := &figures[i]
			p.To(at)
			at += g.width + apart
			width := min(g.width, p.Left())
			switch {
			case line == 0 && g.titled:
				p.Cell(theme.Title, g.label, width)
			case line == 0:
				p.Cell(theme.Label, g.label, width)
			case line == 1:
				g.value(p, width)
			default:
				p.Cell(g.role, g.below, width)
			}
		}
		p.EndLine()
	}
	return p.String()
}

func plain(role theme.Role, text string) func(*draw.Panel, int) {
	return func(p *draw.Panel, width int) { p.Cell(role, text, width) }
}

func (w Head) figures(f *widgets.Context) []figure {
	out := w.price(f)
	if own, ok := w.position(f); ok {
		out = append(out, own)
	}
	return out
}

// price is the symbol with its price, its sides and its day.
func (w Head) price(f *widgets.Context) []figure {
	symbol := f.Selected.String()
	none := []figure{{width: 16, label: symbol, value: plain(theme.Label, "no price"), titled: true}}
	if w.Quotes == nil {
		return none
	}
	q, ok := w.Quotes.Item(f, symbol)
	if !ok || !q.Entry().Known() {
		return none
	}
	price, word, mark, markRole := q.Price()
	change, changeRole := q.Change()
	below, belowRole := change, changeRole
	role := draw.Faded(q.Entry(), theme.Strong)
	if note, noteRole := draw.Note([]*datasource.Entry{q.Entry()}, f.Now, f.Stamps); !note.Empty() {
		below, belowRole = note.String(), noteRole
	} else if q.Old() {
		below, belowRole, role = "old: "+format.Age(q.Entry().SinceChange(f.Now)), theme.Warn, theme.Dim
	} else if below != "" {
		below += " today"
	}
	out := []figure{{width: max(24, draw.Width(below)), label: symbol, titled: true, below: below, role: belowRole, value: func(p *draw.Panel, _ int) {
		p.Lit(role, price).Skip(1).Lit(markRole, mark).Skip(1).Lit(theme.Label, word)
	}}}
	if bid, ask := q.Bid(), q.Ask(); bid != "" && ask != "" {
		wide := max(len(bid), 3) + 3
		out = append(out, figure{width: max(2*wide, 18), label: "BID" + strings.Repeat(" ", wide-3) + "ASK", below: "spread " + q.Spread(), role: theme.Label,
			value: func(p *draw.Panel, width int) {
				p.Cell(role, bid, min(wide, width)).Cell(role, ask, max(width-wide, 0))
			}})
	}
	if q.HasRange() {
		low, high := q.Low(), q.High()
		out = append(out, figure{width: len(low) + len(high) + 15, label: "DAY RANGE · open " + q.Open(), role: theme.Label,
			value: func(p *draw.Panel, width int) {
				bar := min(max(width-len(low)-len(high)-4, 5), 31) - 1 | 1
				p.Lit(theme.Text, low).Skip(1)
				q.DrawRange(p, bar)
				p.Skip(1).Lit(theme.Text, high)
			}})
	}
	return out
}

// position is what the account has in the symbol.
func (w Head) position(f *widgets.Context) (figure, bool) {
	g := figure{width: 18, label: "MY POSITION", value: plain(theme.Label, "none"), role: theme.Label}
	if w.Own == nil {
		return g, false
	}
	held, orders, entries := w.Own.Items(f, f.Selected.String())
	if isHidden(entries) {
		g.value = plain(theme.Label, "hidden")
		return g, true
	}
	if n := len(orders); n > 0 {
		g.below = format.Counted(int64(n), "order")
	}
	if len(held) == 0 {
		return g, true
	}
	profit, profitRole := held[0].Profit()
	multiple, multipleRole := held[0].Multiple()
	g.value = func(p *draw.Panel, _ int) { p.Lit(profitRole, profit).Skip(2).Lit(multipleRole, multiple) }
	g.below = held[0].Side() + " " + held[0].Volume() + " @ " + held[0].Entry()
	if at := held[0].Opened(); !at.IsZero() {
		g.below += " · " + format.Age(max(0, f.Now.Sub(at)))
	}
	if n := len(held); n > 1 {
		g.below += " · " + strconv.Itoa(n-1) + " more"
	}
	g.width = max(g.width, draw.Width(g.below), draw.Width(profit)+2+draw.Width(multiple))
	return g, true
}
