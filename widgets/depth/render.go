package depth

import (
	"math"
	"strconv"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Frame) string {
	e := f.Data.Get(w.spec.Data)
	head := draw.Head{Title: w.title, Focused: f.Focused}
	head.Note, head.NoteRole = draw.Note([]*datasource.Entry{e}, f.Now, f.Stamps)
	var b book
	if e.Known() {
		b = w.read(&e.Value)
	}
	if b.unread > 0 {
		head.Extra = " · " + strconv.Itoa(b.unread) + " unreadable"
	}
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	switch {
	case b.known:
		w.ladder(p, &b, e, &f)
	case e.Known() && e.Value.Type != datasource.TypeObject:
		p.Wrong("an object with bids and asks", e, f.Now)
	case e.Known() && b.unread > 0:
		p.Say("…", theme.Dim, "no level can be read", "key "+datasource.Clean(e.Ref.Key, datasource.MaxCell).String())
	case e.Known():
		p.Say("…", theme.Dim, "no bids and no asks", "key "+datasource.Clean(e.Ref.Key, datasource.MaxCell).String())
	default:
		p.Absent(w.spec.Data, e, f.Now)
	}
	return p.String()
}

// grid is the widths of the columns; 0 is left out.
type grid struct {
	price, size, bar int
	most             float64 // the size of the longest bar
	form             draw.NumberFormat
	sizes            draw.NumberFormat
}

const (
	sideWidth = 3 // "ask", "bid"
	gap       = 2
	minBar    = 4
)

// ladder draws the levels: the worst ask first, so that the best prices meet
// at the spread.
func (w *Widget) ladder(p *draw.Panel, b *book, e *datasource.Entry, f *widgets.Frame) {
	asks, bids := w.room(b, f)
	g := w.grid(b.asks[:asks], b.bids[:bids], p.Width())
	for i := asks - 1; i >= 0; i-- {
		g.line(p, "ask", &b.asks[i], theme.Down, e, f)
	}
	middle(p, append(b.spread(max(g.form.Decimals, 0)), imbalance(b.bids[:bids], b.asks[:asks]))...)
	for i := range bids {
		g.line(p, "bid", &b.bids[i], theme.Up, e, f)
	}
}

// middle draws the line between the sides: as many of the texts as have room.
func middle(p *draw.Panel, texts ...string) {
	line := ""
	for _, t := range texts {
		if next := join(line, t); line == "" || draw.Width(next) <= p.Left() {
			line = next
		}
	}
	p.Lit(theme.Label, line)
	if line != "" {
		p.Skip(1)
	}
	p.Rule()
}

func (w *Widget) grid(asks, bids []level, width int) (g grid) {
	g.form, g.sizes = w.price.NumberFormat, w.size.NumberFormat
	if g.form.Decimals == draw.Auto {
		g.form.Decimals = digits(asks, bids)
	}
	if g.sizes.Decimals == draw.Auto {
		for _, side := range [...][]level{asks, bids} {
			for _, l := range side {
				if d := l.size.Decimals(); l.sized && d <= 8 {
					g.sizes.Decimals = max(g.sizes.Decimals, d)
				}
			}
		}
	}
	for _, side := range [...][]level{asks, bids} {
		for _, l := range side {
			g.price = max(g.price, draw.Width(draw.FormatNumber(l.price, g.form)))
			if l.sized {
				g.size = max(g.size, draw.Width(draw.FormatNumber(l.size, g.sizes)))
				g.most = max(g.most, math.Abs(l.size.Float()))
			}
		}
	}
	g.price = min(g.price, max(width-sideWidth-1, 1))
	left := width - sideWidth - 1 - g.price
	if left < g.size+gap {
		g.size = 0
	} else if g.size > 0 {
		left -= g.size + gap
	}
	if left-gap >= minBar && g.most > 0 && !math.IsInf(g.most, 0) {
		g.bar = left - gap
	}
	return g
}

// line draws one level.
func (g *grid) line(p *draw.Panel, word string, l *level, side theme.Role, e *datasource.Entry, f *widgets.Frame) {
	role, bar := draw.Faded(e, side), draw.Faded(e, side)
	if f.Theme.Colourless() {
		bar = theme.Text
	}
	p.Lit(draw.Faded(e, theme.Label), word).Skip(1)
	p.Number(role, l.price, g.form, g.price)
	if g.size > 0 {
		p.Skip(gap)
		if l.sized {
			p.Number(draw.Faded(e, theme.Text), l.size, g.sizes, g.size)
		} else {
			p.Skip(g.size)
		}
	}
	if g.bar > 0 && l.sized {
		p.Skip(gap).Bar(bar, math.Abs(l.size.Float())/g.most, g.bar, false)
	}
	p.EndLine()
}
