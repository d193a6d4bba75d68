package positions

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Item is one position or order of a frame, as the panel of its symbol tells
// it in words.
type Item struct {
	w *Widget
	f *widgets.Context
	k *look
	r row
}

// Items returns the positions and the orders of a symbol, and the data they
// are in.
func (w *Widget) Items(f *widgets.Context, symbol string) (positions, orders []Item, entries []*datasource.Entry) {
	k := w.lookAt(f)
	take := func(rows []row) (out []Item) {
		for i := range rows {
			if rows[i].symbol.String() == symbol {
				out = append(out, Item{w, f, &k, rows[i]})
			}
		}
		return out
	}
	return take(k.positions), take(k.orders), k.entries
}

// Target is where the item is in the snapshot.
func (t *Item) Target() widgets.Target {
	return widgets.Target{Name: t.r.name, Field: t.r.field, Row: t.r.index}
}

// Side is BUY or SELL, "" where it is not said.
func (t *Item) Side() string { return t.r.sideText() }

// Kind is what kind of order it is: LIMIT, STOP.
func (t *Item) Kind() string { return t.r.kind }

// Volume is its size.
func (t *Item) Volume() string {
	return t.k.formatFigure(t.f, t.r.volume, format.Style{Decimals: format.Auto})
}

// Entry is the price that it was opened at, of an order its own.
func (t *Item) Entry() string { return t.w.priceOf(t.k, t.f, &t.r, t.r.entry) }

// Price is what it could be closed at now.
func (t *Item) Price() string { return t.w.priceOf(t.k, t.f, &t.r, t.r.price) }

// Stop and Target are its levels, "" for none.
func (t *Item) Stop() string { return t.w.priceOf(t.k, t.f, &t.r, t.r.stop) }

// TakeProfit is the price of its target, "" for none.
func (t *Item) TakeProfit() string { return t.w.priceOf(t.k, t.f, &t.r, t.r.target) }

// Profit is its open result, and how that looks.
func (t *Item) Profit() (string, theme.Role) { return t.w.profitOf(t.k, t.f, &t.r) }

// Multiple is the result in units of what is risked.
func (t *Item) Multiple() (string, theme.Role) {
	text, role := t.w.multipleOf(t.k, t.f, &t.r)
	if text != "" {
		text += " R"
	}
	return text, role
}

// Moved is how far the price has gone since the entry, with its unit.
func (t *Item) Moved() (string, theme.Role) {
	d := t.r.directionSign() * (t.r.price - t.r.entry)
	text := t.apart(t.r.price - t.r.entry)
	switch {
	case text == "" || t.k.private:
		return text, theme.Label
	case d > 0:
		text = "+" + text
	case d < 0:
		text = "-" + text
	}
	return text, t.k.directionRole(t.f, d)
}

// ToStop is the distance of the price to the stop, with its unit.
func (t *Item) ToStop() string { return t.apart(t.r.price - t.r.stop) }

// ToTarget is the distance of the price to the target.
func (t *Item) ToTarget() string { return t.apart(t.r.price - t.r.target) }

// ToMarket is how far an order is from being filled; near means that it is
// about to be.
func (t *Item) ToMarket() (text string, near bool) {
	return t.apart(t.r.entry - t.r.price), !math.IsNaN(t.r.entry-t.r.price) && t.r.distanceToMarket() < nearOrder
}

func (t *Item) apart(d float64) string {
	switch {
	case math.IsNaN(d):
		return ""
	case t.k.private:
		return draw.Hidden(t.f.Theme)
	}
	return t.w.formatDistance(t.r.symbol.String(), d, t.r.price, t.r.decimals)
}

// Opened is when; the zero time where it is not said.
func (t *Item) Opened() time.Time { return t.r.opened }

// AtStop and AtTarget are the results there, reckoned from the open one: "" for
// one that is too small to tell.
func (t *Item) AtStop() string { return t.outcome(t.r.stop) }

// AtTarget is the result at the target.
func (t *Item) AtTarget() string { return t.outcome(t.r.target) }

// minMoved is how many of its last digits a price must have moved for a result
// elsewhere to be reckoned from the open one.
const minMoved = 8

func (t *Item) outcome(at float64) string {
	moved := t.r.price - t.r.entry
	if t.k.private || !t.r.hasMoney || !t.r.profit.Finite() || math.IsNaN(at) || !(math.Abs(moved) >= minMoved*math.Pow10(-t.r.decimals)) {
		return ""
	}
	return "≈ " + formatMoney(datasource.NumberFromFloat(math.Round(t.r.profit.Float()/moved*(at-t.r.entry))))
}

// Track draws where the price stands between stop and target.
func (t *Item) Track(p *draw.Panel, width int) { t.w.drawTrack(p, t.k, t.f, &t.r, width) }
