package tape

import (
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	k := w.lookAt(&f)
	p := draw.NewPanel(f.Theme, f.W, f.H, w.head(&k, &f))
	switch {
	case len(k.prints) > 0:
		w.body(p, &k, &f)
	case k.left > 0:
		p.Say("…", theme.Dim, "no trade of that size", strconv.Itoa(k.left)+" are smaller")
	case k.entry.Known() && !k.usable:
		p.Wrong("trades", k.entry, f.Now)
	case k.entry.Known():
		p.Say("…", theme.Dim, "no trades yet", "key "+datasource.Clean(k.entry.Ref.Key, datasource.MaxCell).String())
	default:
		p.Absent(k.name, k.entry, f.Now)
	}
	return p.String()
}

func (w *Widget) head(k *look, f *widgets.Context) draw.Head {
	h := draw.Head{Title: w.title, Focused: f.Focused, AsideRole: theme.Label}
	if w.spec.Title == "" && k.symbol != "" {
		h.Title = datasource.Clean("Trades · "+k.symbol, 80)
	}
	h.Note, h.NoteRole = draw.Source([]*datasource.Entry{k.entry}, f.Now, f.Stamps)
	if pct, ok := k.boughtShare(); ok {
		text := strconv.Itoa(pct) + "% bought"
		if draw.Width(h.Title.String())+draw.Width(text)+10 <= f.W {
			h.Aside = text
		}
	}
	return h
}

// grid is the widths of the columns; 0 is left out.
type grid struct{ time, price, size, at, bar int }

const gap = 2

// gridOf drops what there is no space for: first the bar, then the milliseconds,
// the side in words, the time.
func (k *look) gridOf(width int) (g grid, millis bool) {
	for i := k.window.First; i < k.window.End(); i++ {
		t := &k.prints[i]
		g.price = max(g.price, draw.Width(draw.FormatNumber(t.price, k.priceForm)))
		if t.sized {
			g.size = max(g.size, draw.Width(draw.FormatNumber(t.size, k.sizeForm)))
		}
		if !t.at.IsZero() {
			g.time = len("15:04:05")
		}
	}
	g.price = max(g.price, len("PRICE"))
	if g.size > 0 {
		g.size = max(g.size, len("SIZE"))
	}
	left := width - g.price - 2 // the arrow
	if left < g.size+gap {
		g.size = 0
	} else if g.size > 0 {
		left -= g.size + gap
	}
	if g.time > 0 && left >= g.time+gap {
		left -= g.time + gap
	} else {
		g.time = 0
	}
	if left >= 3+gap {
		g.at = 3
		left -= 3 + gap
	}
	if g.time > 0 && left >= 4 {
		g.time, millis = len("15:04:05.000"), true
		left -= 4
	}
	if g.bar = left - gap; g.bar < 4 || k.most <= 0 {
		g.bar = 0
	}
	return g, millis
}

func (w *Widget) body(p *draw.Panel, k *look, f *widgets.Context) {
	width, _ := list.Inside(*f)
	g, millis := k.gridOf(width)
	if k.heads {
		if g.time > 0 {
			p.Cell(theme.Label, "TIME", g.time).Skip(gap)
		}
		p.Right(theme.Label, "PRICE", g.price).Skip(2)
		if g.size > 0 {
			p.Skip(gap).Right(theme.Label, "SIZE", g.size)
		}
		if g.at > 0 {
			p.Skip(gap).Lit(theme.Label, "AT")
		}
		p.EndLine()
	}
	for i := k.window.First; i < k.window.End(); i++ {
		if i == k.window.Cursor && f.Focused {
			p.On(theme.Selected)
		}
		w.row(p, k, f, &k.prints[i], g, millis)
		p.EndLine()
	}
}

func (w *Widget) row(p *draw.Panel, k *look, f *widgets.Context, t *trade, g grid, millis bool) {
	if g.time > 0 {
		p.Cell(draw.Faded(k.entry, theme.Label), timeWords(t.at, f.Now, millis), g.time).Skip(gap)
	}
	role := draw.Faded(k.entry, t.role())
	p.Number(role, t.price, k.priceForm, g.price).Skip(1).Lit(role, draw.Arrow(f.Theme, t.dir))
	if g.size > 0 {
		p.Skip(gap)
		if t.sized {
			p.Number(draw.Faded(k.entry, theme.Strong), t.size, k.sizeForm, g.size)
		} else {
			p.Skip(g.size)
		}
	}
	if g.at > 0 {
		p.Skip(gap).Cell(draw.Faded(k.entry, theme.Label), t.sideWords(), g.at)
	}
	if g.bar > 0 && t.sized {
		p.Skip(gap).Bar(draw.Faded(k.entry, t.area(f.Theme)), t.size.Float()/k.most, g.bar, false)
	}
}

// timeWords is a time of day, with the date where it is of another day.
func timeWords(at, now time.Time, millis bool) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(now.Location())
	switch y, m, d := at.Date(); {
	case y != now.Year() || m != now.Month() || d != now.Day():
		if !millis {
			return at.Format("2 Jan")
		}
		return at.Format("2 Jan 15:04")
	case millis:
		return at.Format("15:04:05.000")
	}
	return at.Format("15:04:05")
}

// role tells the side: by colour, and beside it by the word and the arrow.
func (t *trade) role() theme.Role {
	switch t.side {
	case buyer:
		return theme.Up
	case seller:
		return theme.Down
	case nobody, unknown:
	}
	return theme.Text
}

func (t *trade) area(pal *theme.Palette) theme.Role {
	switch {
	case pal.Colourless():
		return theme.Label
	case t.side == buyer:
		return theme.UpDim
	case t.side == seller:
		return theme.DownDim
	}
	return theme.Axis
}

// sideWords is the side as the producer tells it; what only follows from the
// price is not said.
func (t *trade) sideWords() string {
	switch {
	case !t.told:
		return ""
	case t.side == buyer:
		return "ask"
	case t.side == seller:
		return "bid"
	}
	return "mid"
}
