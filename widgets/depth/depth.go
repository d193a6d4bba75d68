// Package depth draws an order book: asks above, bids below, the spread
// between them, each level with a bar for its size. Of a quote without a book
// it shows the one level there is.
package depth

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "depth"

// Spec configures the widget.
type Spec struct {
	Data   string `yaml:"data"`   // an object with bids and asks, or with bid and ask: "book.XAUUSD"
	Title  string `yaml:"title"`  // from the datum's name when empty
	Bids   string `yaml:"bids"`   // the field of the bids; bids, bid, b or buy when empty
	Asks   string `yaml:"asks"`   // the field of the asks; asks, ask, a, offers or sell when empty
	Price  string `yaml:"price"`  // format of the prices, as in field.Parse
	Size   string `yaml:"size"`   // format of the sizes
	Levels int    `yaml:"levels"` // of each side at most; as many as have room when 0
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
	price field.Format
	size  field.Format
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("depth: data is missing: name an order book, for example data: book.XAUUSD")
	}
	if s.Levels < 0 {
		return nil, fmt.Errorf("depth: levels: %d is negative", s.Levels)
	}
	price, err := field.Parse(s.Price, "price")
	if err != nil {
		return nil, fmt.Errorf("depth: price: %w", err)
	}
	size, err := field.Parse(s.Size, "size")
	if err != nil {
		return nil, fmt.Errorf("depth: size: %w", err)
	}
	w := &Widget{spec: s, price: price, size: size, title: datasource.Clean(s.Title, 80)}
	if s.Title == "" {
		w.title = datasource.Clean(field.Label(s.Data), 80)
	}
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return []string{w.spec.Data} }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 26, 5 }

// level is one price of a side.
type level struct {
	price datasource.Number
	size  datasource.Number
	sized bool
}

// book is what a value holds: best prices first.
type book struct {
	bids, asks []level
	known      bool // it has a side
	unread     int  // levels that are none: the best price may be among them
}

var (
	bidNames = []string{"bids", "bid", "b", "buy"}
	askNames = []string{"asks", "ask", "a", "offers", "offer", "sell"}
)

// read finds both sides of a book in an object.
func (w *Widget) read(v *datasource.Value) book {
	var b book
	b.bids, b.unread = side(v, w.spec.Bids, bidNames, "bid")
	asks, unread := side(v, w.spec.Asks, askNames, "ask")
	b.asks, b.unread = asks, b.unread+unread
	slices.SortStableFunc(b.bids, func(x, y level) int { return compare(y.price, x.price) })
	slices.SortStableFunc(b.asks, func(x, y level) int { return compare(x.price, y.price) })
	b.known = len(b.bids)+len(b.asks) > 0
	return b
}

func compare(a, b datasource.Number) int {
	switch x, y := a.Float(), b.Float(); {
	case x < y:
		return -1
	case x > y:
		return 1
	default:
		return 0
	}
}

// side reads one side: a list of levels, or one price with its size beside it;
// and how many levels are none.
func side(v *datasource.Value, name string, names []string, which string) (out []level, unread int) {
	if name != "" {
		names = []string{name}
	}
	for _, n := range names {
		f, ok := v.Field(n)
		if !ok {
			continue
		}
		if f.Type == datasource.TypeArray {
			return levels(f.Items)
		}
		if price, ok := f.Number(); ok && price.Finite() {
			l := level{price: price}
			for _, suffix := range [...]string{"_size", "_qty", "_volume", "Size"} {
				if s, found := v.Field(which + suffix); found {
					l.size, l.sized = s.Number()
				}
			}
			return []level{l}, 0
		}
	}
	return nil, 0
}

// levels reads [[price, size], …] or [{price: …, size: …}, …]; what is neither
// is counted.
func levels(items []datasource.Value) (out []level, unread int) {
	for i := range items {
		it := &items[i]
		var l level
		ok := false
		switch {
		case it.Type == datasource.TypeArray && len(it.Items) > 0:
			l.price, ok = it.Items[0].Number()
			if len(it.Items) > 1 {
				l.size, l.sized = it.Items[1].Number()
			}
		case it.Type == datasource.TypeObject:
			l.price, ok = first(it, "price", "p", "rate")
			l.size, l.sized = first(it, "size", "qty", "quantity", "volume", "amount", "s", "q", "v")
		default:
			l.price, ok = it.Number()
		}
		if !ok || !l.price.Finite() {
			unread++
			continue
		}
		l.sized = l.sized && l.size.Finite()
		out = append(out, l)
	}
	return out, unread
}

func first(v *datasource.Value, names ...string) (datasource.Number, bool) {
	for _, n := range names {
		if f, ok := v.Field(n); ok {
			if x, ok := f.Number(); ok {
				return x, true
			}
		}
	}
	return datasource.Number{}, false
}

// digits is how many decimals a side's prices have.
func digits(sides ...[]level) (n int) {
	for _, s := range sides {
		for _, l := range s {
			if d := l.price.Decimals(); d <= 10 {
				n = max(n, d)
			}
		}
	}
	return n
}

// spread tells the difference of the best prices, that in basis points of
// their middle, and whether the book is crossed; each is a text of its own.
func (b *book) spread(decimals int) (texts []string) {
	if len(b.bids) == 0 || len(b.asks) == 0 {
		return nil
	}
	bid, ask := b.bids[0].price.Float(), b.asks[0].price.Float()
	texts = append(texts, "spread "+draw.FormatNumber(datasource.NumberFromFloat(ask-bid), draw.Fixed(decimals)))
	if ask < bid {
		texts = append(texts, "crossed")
	}
	mid := (bid + ask) / 2
	if bps := (ask - bid) / mid * 1e4; mid > 0 && !math.IsInf(bps, 0) {
		texts = append(texts, draw.FormatNumber(datasource.NumberFromFloat(bps), draw.NumberFormat{Decimals: 1, Unit: draw.UnitBps}))
	}
	return texts
}

// imbalance is the bids' share of all that is shown: "bids 54 %".
func imbalance(bids, asks []level) string {
	sum := func(side []level) (t float64) {
		for _, l := range side {
			if l.sized {
				t += math.Abs(l.size.Float())
			}
		}
		return t
	}
	b, a := sum(bids), sum(asks)
	if a+b <= 0 || math.IsInf(a+b, 0) {
		return ""
	}
	return "bids " + draw.FormatNumber(datasource.NumberFromFloat(b/(a+b)), draw.NumberFormat{Unit: draw.UnitFraction})
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return nil }

// Act implements widgets.Actor: a book shows its best prices and does not
// scroll away from them.
func (w *Widget) Act(f widgets.Frame, _ widgets.Action, _ rune) widgets.View { return f.View }

// Target implements widgets.Pointer: the book.
func (w *Widget) Target(f widgets.Frame) (widgets.Target, bool) {
	return widgets.Target{Name: w.spec.Data, Row: -1}, f.Data.Get(w.spec.Data) != nil
}

// RowAt implements widgets.Pointer: levels are not selected.
func (w *Widget) RowAt(widgets.Frame, int) (int, bool) { return 0, false }

// room is how many levels of each side are drawn: the line between them stays,
// and what one side does not need the other gets.
func (w *Widget) room(b *book, f *widgets.Frame) (asks, bids int) {
	_, lines := list.Inside(*f)
	left := max(lines-1, 1)
	if w.spec.Levels > 0 {
		left = min(left, 2*w.spec.Levels)
	}
	asks = min(len(b.asks), left/2)
	bids = min(len(b.bids), left-asks)
	asks = min(len(b.asks), left-bids)
	if w.spec.Levels > 0 {
		asks, bids = min(asks, w.spec.Levels), min(bids, w.spec.Levels)
	}
	return asks, bids
}

// join puts " · " between texts that are there.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}
