package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

const (
	bookLevels = 10
	bookEvery  = 400 * time.Millisecond // between two writes of a symbol's book
	tapeEvery  = 150 * time.Millisecond // between two prints on a symbol's tape
	keepPrints = "300"
)

// book is a symbol's depth of market. It has its own source of chance, so
// that it does not move the market.
type book struct {
	rng       *rand.Rand
	bids      [bookLevels]level
	asks      [bookLevels]level
	writtenMS int64
	printedMS int64
}

// level is one price of a book: how far behind the best one, in points, and
// what is for sale there, in lots of 0.1.
type level struct{ away, size int64 }

func newBook(seed uint64, spread int64) *book {
	b := &book{rng: rand.New(rand.NewPCG(seed, 0x626f6f6b))}
	for _, side := range []*[bookLevels]level{&b.bids, &b.asks} {
		away := int64(0)
		for i := range side {
			side[i] = level{away, b.newOrderSize(i)}
			away += max(1, spread/10) + b.rng.Int64N(max(1, spread/5)+1)
		}
	}
	return b
}

// newOrderSize is the size of a new order some levels behind the best price: more
// stands further away.
func (b *book) newOrderSize(i int) int64 {
	return max(1, int64(math.Round((8+6*float64(i))*(0.4+b.rng.ExpFloat64()))))
}

// changeSizes changes a few sizes, as orders come and go.
func (b *book) changeSizes() {
	for _, side := range []*[bookLevels]level{&b.bids, &b.asks} {
		for range 3 {
			i := b.rng.IntN(bookLevels)
			side[i].size = (side[i].size*2 + b.newOrderSize(i)) / 3
		}
	}
}

// appendBook writes what depth:{symbol} holds: the best price first.
func (q *quote) appendBook(b []byte) []byte {
	b = append(append(append(b, `{"symbol":"`...), q.name...), `","ts":`...)
	b = appendInt(b, q.atMS)
	b = q.appendSide(append(b, `,"bids":`...), &q.book.bids, q.bid, -1)
	b = q.appendSide(append(b, `,"asks":`...), &q.book.asks, q.ask, +1)
	return append(b, '}')
}

func (q *quote) appendSide(b []byte, side *[bookLevels]level, best, dir int64) []byte {
	b = append(b, '[')
	for i := range side {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendFixed(append(b, '['), best+dir*side[i].away, q.digits)
		b = append(appendFixed(append(b, ','), side[i].size, 1), ']')
	}
	return append(b, ']')
}

// bookObject is the same for the API.
func (q *quote) bookObject() object {
	side := func(levels *[bookLevels]level, best, dir int64) []any {
		out := make([]any, bookLevels)
		for i := range levels {
			out[i] = []any{formatFixed(best+dir*levels[i].away, q.digits), formatFixed(levels[i].size, 1)}
		}
		return out
	}
	return object{{"symbol", q.name}, {"ts", isoTime(q.atMS)}, {"bids", side(&q.book.bids, q.bid, -1)}, {"asks", side(&q.book.asks, q.ask, +1)}}
}

// writeBook sets the depth of a symbol that ticked, not with every tick.
func (m *Market) writeBook(q *quote) {
	now := m.clock.UnixMilli()
	if !m.all && now-q.book.writtenMS < bookEvery.Milliseconds() {
		return
	}
	q.book.writtenMS = now
	q.book.changeSizes()
	m.batch.addCommand("SET", q.keys.depth, m.batch.buildArgument(q.appendBook), "EX", secondsArg(quoteTTL))
}

// printDeal puts a deal between two others on the symbol's tape, not with every
// tick: at the ask when somebody bought, at the bid when somebody sold.
func (m *Market) printDeal(q *quote) {
	now := m.clock.UnixMilli()
	if now-q.book.printedMS < tapeEvery.Milliseconds() {
		return
	}
	q.book.printedMS = now
	price, at := q.ask, "ask"
	if q.book.rng.IntN(2) == 0 {
		price, at = q.bid, "bid"
	}
	size := max(1, int64(math.Round(6*q.book.rng.ExpFloat64())))
	m.batch.addCommand("XADD", q.keys.tape, "MAXLEN", "~", keepPrints, "*", "ts", m.batch.buildArgument(func(b []byte) []byte { return appendInt(b, now) }),
		"price", formatFixed(price, q.digits), "size", formatFixed(size, 1), "at", at)
}
