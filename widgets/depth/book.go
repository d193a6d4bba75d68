package depth

import (
	"math"
	"slices"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/names"
	"ticktop/widgets/field"
)

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
	unread     int  // levels that cannot be read: the best price may be among them
}

var (
	bidNames = []string{"bids", "bid", "b", "buy"}
	askNames = []string{"asks", "ask", "a", "offers", "offer", "sell"}
	wrappers = []string{"data", "book", "orderbook", "order_book", "depth", "tick", "result"}
)

// read finds both sides of a book in an object, in one that holds it, or in the
// newest message.
func (w *Widget) read(v *datasource.Value) book {
	if v.Type == datasource.TypeMessages && len(v.Messages) > 0 {
		v = &v.Messages[0].Value
	}
	b := w.readSides(v)
	for _, name := range wrappers {
		if inner, ok := v.Field(name); ok && !b.known && b.unread == 0 {
			b = w.readSides(inner)
		}
	}
	return b
}

func (w *Widget) readSides(v *datasource.Value) book {
	if v.Type == datasource.TypeArray {
		return rowsBySide(v)
	}
	var b book
	b.bids, b.unread = readSide(v, w.spec.Bids, bidNames, names.Bid, names.BidSize)
	asks, unread := readSide(v, w.spec.Asks, askNames, names.Ask, names.AskSize)
	b.asks, b.unread = asks, b.unread+unread
	b.sortSides()
	return b
}

// sortSides sorts both sides, the best price first, and adds up what stands at one
// price: a side may be one of orders.
func (b *book) sortSides() {
	b.bids = mergeLevels(b.bids, func(x, y level) int { return compareNumbers(y.price, x.price) })
	b.asks = mergeLevels(b.asks, func(x, y level) int { return compareNumbers(x.price, y.price) })
	b.known = len(b.bids)+len(b.asks) > 0
}

func mergeLevels(side []level, by func(x, y level) int) []level {
	slices.SortStableFunc(side, by)
	out := side[:0]
	for _, l := range side {
		if n := len(out); n > 0 && compareNumbers(out[n-1].price, l.price) == 0 && out[n-1].sized && l.sized {
			places := max(out[n-1].size.Decimals(), l.size.Decimals())
			out[n-1].size = format.Rounded(out[n-1].size.Float()+l.size.Float(), min(places, format.MaxDecimals))
			continue
		}
		out = append(out, l)
	}
	return out
}

func compareNumbers(a, b datasource.Number) int {
	switch x, y := a.Float(), b.Float(); {
	case x < y:
		return -1
	case x > y:
		return 1
	default:
		return 0
	}
}

// readSide reads one side: its levels, or one price with its size beside it; and
// how many levels cannot be read.
func readSide(v *datasource.Value, name string, called []string, price, size names.Standard) (out []level, unread int) {
	if name != "" {
		called = []string{name}
	}
	for _, n := range called {
		f := field.At(v, n)
		if f == nil {
			continue
		}
		if f.Type == datasource.TypeArray || f.Type == datasource.TypeObject {
			return levelsOf(f)
		}
	}
	best, ok := names.Number(v, price)
	if name != "" {
		best, ok = field.At(v, name).Number()
	}
	if !ok || !best.Finite() || best.Float() == 0 {
		return nil, 0
	}
	l := level{price: best}
	l.size, l.sized = names.Number(v, size)
	return []level{l}, 0
}

// levelsOf reads a side by itself: [[price, size], …], [{price: …, size: …}, …],
// a hash price → size, a sorted set by price. What isn't one of it is counted.
func levelsOf(v *datasource.Value) (out []level, unread int) {
	add := func(l level, ok bool) {
		if !ok || !l.price.Finite() {
			unread++
			return
		}
		l.sized = l.sized && l.size.Finite()
		if l.sized && l.size.Float() == 0 { // taken off the book
			return
		}
		out = append(out, l)
	}
	switch v.Type {
	case datasource.TypeArray:
		for i := range v.Items {
			add(levelOf(&v.Items[i]))
		}
	case datasource.TypeMessages:
		for i := range v.Messages {
			add(levelOf(&v.Messages[i].Value))
		}
	case datasource.TypeObject:
		for i := range v.Fields {
			f := &v.Fields[i]
			price, ok := datasource.ParseNumber(f.Name.String())
			l, inner := levelOf(&f.Value)
			switch n, isSize := f.Value.Number(); {
			case ok && isSize:
				add(level{price: price, size: n, sized: true}, true)
			case ok && inner:
				if !l.sized { // the only number of an order is its size
					l.size, l.sized = l.price, true
				}
				l.price = price
				add(l, true)
			default:
				add(l, inner) // orders by their id
			}
		}
	}
	return out, unread
}

// levelOf reads one level, or one order, out of an item.
func levelOf(it *datasource.Value) (l level, ok bool) {
	switch it.Type {
	case datasource.TypeArray:
		if len(it.Items) == 0 {
			return l, false
		}
		l.price, ok = it.Items[0].Number()
		if len(it.Items) > 1 {
			l.size, l.sized = it.Items[1].Number()
		}
	case datasource.TypeObject:
		l.price, ok = firstNumber(it, "price", "p", "px", "rate", "@score", "score")
		if l.size, l.sized = firstNumber(it, "size", "qty", "quantity", "volume", "amount", "left", "remaining", "sz", "s", "q", "v"); !l.sized {
			member, has := it.Field("member")
			if !has {
				member, has = it.Field("@member")
			}
			if has && member.Type == datasource.TypeObject {
				inner, found := levelOf(member)
				l.size, l.sized = inner.size, found && inner.sized
			} else if n, isNumber := member.Number(); has && isNumber && n.Float() != l.price.Float() {
				l.size, l.sized = n, true
			}
		}
	default:
		l.price, ok = it.Number()
	}
	return l, ok
}

func firstNumber(v *datasource.Value, called ...string) (datasource.Number, bool) {
	for _, n := range called {
		if f, ok := v.Field(n); ok {
			if x, ok := f.Number(); ok {
				return x, true
			}
		}
	}
	return datasource.Number{}, false
}

// totalSize adds up the sizes of a side.
func totalSize(side []level) (t float64) {
	for _, l := range side {
		if l.sized {
			t += math.Abs(l.size.Float())
		}
	}
	return t
}

// midAndSpread returns the price between the best ones, and their distance.
func (b *book) midAndSpread() (mid, spread float64, ok bool) {
	if len(b.bids) == 0 || len(b.asks) == 0 {
		return 0, 0, false
	}
	bid, ask := b.bids[0].price.Float(), b.asks[0].price.Float()
	mid, spread = bid/2+ask/2, ask-bid
	return mid, spread, !math.IsInf(mid, 0) && !math.IsInf(spread, 0)
}

// bidShare is the bids' part of all that is shown, in whole per cent; ok is false
// when a side has no sizes.
func bidShare(bids, asks []level) (pct int, ok bool) {
	b, a := totalSize(bids), totalSize(asks)
	if a <= 0 || b <= 0 || math.IsInf(a+b, 0) || math.IsNaN(a+b) {
		return 0, false
	}
	return int(math.Round(b / (a + b) * 100)), true
}
