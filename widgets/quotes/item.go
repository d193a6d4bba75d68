package quotes

import (
	"math"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Item is one quote of a frame, as the page of its symbol tells it.
type Item struct {
	w *Widget
	f *widgets.Context
	r row
}

// Item returns the quote of a symbol; ok is false where there isn't one.
func (w *Widget) Item(f *widgets.Context, symbol string) (Item, bool) {
	rows := w.readRows(f.Data)
	for i := range rows {
		if rows[i].symbol == symbol {
			return Item{w, f, rows[i]}, true
		}
	}
	return Item{}, false
}

// Entry is the datum of the quote.
func (t *Item) Entry() *datasource.Entry { return t.r.entry }

// Old reports whether the price is only the last one known.
func (t *Item) Old() bool { return t.r.isOld(t.f.Now) }

// Price is the last price, or the middle: its text, what it is called, and its
// mark: the state, or where it moved last.
func (t *Item) Price() (text, word, mark string, role theme.Role) {
	v := t.r.lastPrice()
	n, ok := v.Number()
	if !ok {
		return "no price", "", "", theme.Label
	}
	word = "last"
	if t.r.figures[slotLast] == nil {
		word = "mid"
	}
	mark, role = draw.Mark(t.f.Theme, draw.StateOf(t.r.entry))
	if mark == "" && t.Old() {
		mark, role = draw.Mark(t.f.Theme, datasource.StateStale)
	}
	if mark == "" {
		mark, role = arrow(t.f.Theme, int(v.Move.Dir))
	}
	return format.Number(n, format.Style{Decimals: t.r.decimalsFor(v), Thousands: true}), word, mark, role
}

func arrow(pal *theme.Palette, dir int) (string, theme.Role) {
	up, down := "▲", "▼"
	if pal.Symbols == theme.ASCII {
		up, down = "^", "v"
	}
	switch {
	case dir > 0:
		return up, theme.Up
	case dir < 0:
		return down, theme.Down
	}
	return "", theme.Label
}

func (t *Item) number(k slot) string {
	n, ok := t.r.figures[k].Number()
	if !ok {
		return ""
	}
	return format.Number(n, format.Style{Decimals: t.r.decimals, Thousands: true})
}

// Bid and Ask are the sides, "" where they are not known.
func (t *Item) Bid() string { return t.number(slotBid) }

// Ask is the price at which one buys.
func (t *Item) Ask() string { return t.number(slotAsk) }

// Low is the lowest price of the day.
func (t *Item) Low() string { return t.number(slotLow) }

// Open is the first price of the day.
func (t *Item) Open() string { return t.number(slotOpen) }

// High is the highest price of the day.
func (t *Item) High() string { return t.number(slotHigh) }

// Spread is the distance of bid and ask with its unit.
func (t *Item) Spread() string {
	text, _ := t.w.spreadText(&t.r)
	return strings.TrimSpace(text)
}

// Change is what the price has gained today, in price and in per cent.
func (t *Item) Change() (text string, role theme.Role) {
	pct, ok := t.r.change()
	now, known := t.r.price()
	if !ok || !known || math.Abs(pct) > 1e6 || pct <= -100 {
		return "", theme.Label
	}
	gained := now - now/(1+pct/100)
	style := format.Style{Decimals: t.r.decimals, Thousands: true, Sign: true}
	if n, has := t.r.figures[slotOpen].Number(); has && n.Finite() && t.r.figures[slotChange] == nil && t.r.figures[slotPrev] == nil {
		gained = now - n.Float()
	}
	text = format.Number(datasource.NumberFromFloat(gained), style) + "  " + format.Number(datasource.NumberFromFloat(pct), format.Style{Decimals: 2, Sign: true}) + "%"
	return text, theme.Direction(t.r.dayDirection(), false)
}

// HasRange reports whether the day's range is known.
func (t *Item) HasRange() bool {
	_, _, _, _, ok := t.r.dayRange()
	return ok
}

// DrawRange draws the day's range with the open in the middle.
func (t *Item) DrawRange(p *draw.Panel, width int) {
	k := painter{w: t.w, f: t.f}
	k.dayRange(p, &t.r, width, !t.Old())
}

// Distance is how far a price is from the last one, in the unit of the symbol.
func (t *Item) Distance(price float64) string {
	now, ok := t.r.price()
	if !ok || math.IsNaN(price) {
		return ""
	}
	return t.w.units[t.r.symbol].Text(math.Abs(price-now), t.r.decimals, t.r.symbol, now)
}
