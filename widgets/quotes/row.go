package quotes

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/names"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
)

// slot is one known figure of a quote.
type slot uint8

// The figures, whatever the producer calls them.
const (
	slotBid slot = iota
	slotAsk
	slotLast
	slotMid
	slotChange // per cent
	slotMoved  // the same in price
	slotPrev   // what the change is counted from: yesterday's close
	slotOpen   // of the day
	slotHigh
	slotLow
	slotVolume
	slotSpread // in price
	slotDigits // decimals of the symbol
	numSlots
)

// standards are the slots by their standard names.
var standards = map[names.Standard]slot{
	names.Bid: slotBid, names.Ask: slotAsk, names.Last: slotLast, names.Mid: slotMid, names.ChangePct: slotChange, names.Change: slotMoved,
	names.PrevClose: slotPrev, names.Open: slotOpen, names.High: slotHigh, names.Low: slotLow, names.Volume: slotVolume,
	names.Spread: slotSpread, names.Digits: slotDigits, names.Close: slotLast, names.Value: slotLast,
}

// slotOf tells what a field of a quote holds. The names that most producers
// write are found without a search.
func slotOf(name string) (slot, bool) {
	switch name {
	case "bid":
		return slotBid, true
	case "ask":
		return slotAsk, true
	case "last", "price", "close", "value":
		return slotLast, true
	case "open":
		return slotOpen, true
	case "high":
		return slotHigh, true
	case "low":
		return slotLow, true
	case "volume":
		return slotVolume, true
	case "change_pct":
		return slotChange, true
	case "symbol", "ts", "time", "timestamp":
		return 0, false
	}
	s, ok := names.OfQuote(name)
	if !ok {
		return 0, false
	}
	k, ok := standards[s]
	return k, ok
}

// slotFor is slotOf with the names of the configuration.
func (w *Widget) slotFor(name string) (slot, bool) {
	if k, ok := w.names[name]; ok {
		return k, true
	}
	return slotOf(name)
}

// slotNames lists what Spec.Fields may name.
func slotNames() []string {
	return []string{"bid", "ask", "last", "mid", "change_pct", "change", "prev_close", "open", "high", "low", "volume", "spread", "digits"}
}

// row is one quote, ready to be sorted and drawn.
type row struct {
	name   string // of the datum: "quote.EURUSD"
	field  string // of a hash of quotes
	item   int    // of an array or a feed; -1 for none
	symbol string // made safe
	entry  *datasource.Entry
	value  *datasource.Value // the quote, never nil
	held   datasource.Value  // value, where it is made of a series

	figures     [numSlots]*datasource.Value
	mid         datasource.Value  // of bid and ask, where there is no last price
	series      *datasource.Value // of the sparkline, nil for none
	decimals    int
	midDecimals int // of mid

	mine         float64 // own volume, below zero when short
	mineDecimals int
	owned        bool

	key list.Key // sorted by
}

// none is the value of a datum that nothing is known of.
var none datasource.Value

// readQuote reads the figures of a quote. A bare number is its last price.
func (w *Widget) readQuote(r row) row {
	if r.value.Type == datasource.TypeNumber {
		r.figures[slotLast] = r.value
	}
	for i := range r.value.Fields {
		f := &r.value.Fields[i]
		if k, ok := w.slotFor(f.Name.String()); ok && (r.figures[k] == nil || f.Value.Type == datasource.TypeNumber && r.figures[k].Type != datasource.TypeNumber) {
			r.figures[k] = &f.Value
		}
	}
	r.dropZeros()
	r.decimals = w.decimalsOf(&r)
	r.setMid()
	return r
}

// dropZeros takes away prices of zero, or null, beside others that are not:
// MetaTrader writes 0.0 for a last price where nothing is traded on an exchange,
// and an API null.
func (r *row) dropZeros() {
	some := false
	prices := [...]slot{slotBid, slotAsk, slotLast, slotMid}
	for _, k := range prices {
		n, ok := r.figures[k].Number()
		some = some || ok && n.Float() != 0
	}
	if !some {
		return
	}
	for _, k := range [...]slot{slotBid, slotAsk, slotLast, slotMid, slotOpen, slotHigh, slotLow, slotPrev} {
		if n, ok := r.figures[k].Number(); ok && n.Float() == 0 || r.figures[k] != nil && r.figures[k].Type == datasource.TypeNull {
			r.figures[k] = nil
		}
	}
}

// setMid makes the middle of bid and ask, which replaces the last price.
func (r *row) setMid() {
	if r.figures[slotMid] != nil || r.figures[slotLast] != nil {
		return
	}
	bid, ok1 := r.figures[slotBid].Number()
	ask, ok2 := r.figures[slotAsk].Number()
	if !ok1 || !ok2 || !bid.Finite() || !ask.Finite() {
		return
	}
	r.midDecimals = r.decimals
	if distance := math.Abs(ask.Float()-bid.Float()) * math.Pow10(r.decimals); distance > 0 && distance < 1.5 && r.decimals < maxDecimals {
		r.midDecimals++ // rounded it would be one of the sides
	}
	mid := bid.Float()/2 + ask.Float()/2
	if math.IsInf(mid, 0) {
		return
	}
	mid = format.Round(mid, r.midDecimals)
	r.mid = datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(mid), Move: r.figures[slotBid].Move}
}

// lastPrice returns the price of the row: the last one, else the middle, else the
// one side that there is.
func (r *row) lastPrice() *datasource.Value {
	for _, k := range [...]slot{slotLast, slotMid} {
		if r.figures[k] != nil {
			return r.figures[k]
		}
	}
	if r.mid.Type == datasource.TypeNumber {
		return &r.mid
	}
	if r.figures[slotBid] != nil {
		return r.figures[slotBid]
	}
	return r.figures[slotAsk]
}

// decimalsFor is how many digits a price of the row is shown with.
func (r *row) decimalsFor(v *datasource.Value) int {
	if v == &r.mid {
		return r.midDecimals
	}
	return r.decimals
}

// decimalsOf is how many digits the prices of a row have: as configured, as
// the quote says, or as many as any of its prices was written with, so that
// 1.0834 beside 1.08353 is shown as 1.08340.
func (w *Widget) decimalsOf(r *row) int {
	if d, ok := w.spec.Decimals[r.symbol]; ok {
		return d
	}
	if n, ok := r.figures[slotDigits].Number(); ok && n.Float() >= 0 && n.Float() <= maxDecimals {
		return int(n.Float())
	}
	var c format.Column
	for _, k := range [...]slot{slotBid, slotAsk, slotLast, slotMid, slotOpen, slotHigh, slotLow} {
		if n, ok := r.figures[k].Number(); ok {
			c.Add(n)
		}
	}
	return c.Decimals()
}

// figureOf returns what a column shows of a row, nil where it has nothing.
func (r *row) figureOf(c *column) *datasource.Value {
	switch c.what {
	case whatLast:
		return r.lastPrice()
	case whatBid:
		return r.figures[slotBid]
	case whatField:
		if v, ok := r.value.Field(c.Key); ok {
			return v
		}
	case whatSlot:
		return r.figures[c.slot]
	}
	return nil
}

// spread returns ask minus bid in price.
func (r *row) spread() (distance float64, ok bool) {
	if n, has := r.figures[slotSpread].Number(); has && n.Finite() {
		return n.Float(), true
	}
	bid, ok1 := r.figures[slotBid].Number()
	ask, ok2 := r.figures[slotAsk].Number()
	d := ask.Float() - bid.Float()
	return d, ok1 && ok2 && !math.IsNaN(d) && !math.IsInf(d, 0)
}

// spreadText is the spread in the unit of its symbol.
func (w *Widget) spreadText(r *row) (string, bool) {
	distance, ok := r.spread()
	if !ok {
		return "", false
	}
	if u, has := w.units[r.symbol]; has {
		return u.Text(distance, r.decimals, r.symbol, r.volumeNumber()), true
	}
	bid, ok1 := r.figures[slotBid].Number()
	ask, ok2 := r.figures[slotAsk].Number()
	if ok1 && ok2 {
		return format.Spread(bid, ask, r.symbol, w.unit)
	}
	n, _ := r.figures[slotSpread].Number()
	return format.SpreadOf(n, r.volumeNumber(), r.symbol, w.unit)
}

// change returns the change in per cent: as the producer gives it, else from
// what it is counted from.
func (r *row) change() (pct float64, ok bool) {
	if n, has := r.figures[slotChange].Number(); has {
		return n.Float(), n.Finite()
	}
	now, known := r.price()
	for _, k := range [...]slot{slotPrev, slotOpen} {
		if from, has := r.figures[k].Number(); has && known && from.Float() > 0 {
			pct = (now/from.Float() - 1) * 100
			return pct, !math.IsInf(pct, 0) && !math.IsNaN(pct)
		}
	}
	if moved, has := r.figures[slotMoved].Number(); has && known && now > moved.Float() {
		pct = moved.Float() / (now - moved.Float()) * 100
		return pct, !math.IsInf(pct, 0) && !math.IsNaN(pct)
	}
	return 0, false
}

// dayDirection is where the day went: the sign of the change.
func (r *row) dayDirection() int {
	switch pct, _ := r.change(); {
	case pct > 0:
		return 1
	case pct < 0:
		return -1
	}
	return 0
}

// price is one figure for the whole quote, for reckoning only.
func (r *row) price() (float64, bool) {
	n, ok := r.lastPrice().Number()
	return n.Float(), ok && n.Finite()
}

func (r *row) volumeNumber() float64 {
	f, _ := r.price()
	return f
}

// dayRange returns where the day began, and its ends, which hold the price.
func (r *row) dayRange() (open, low, high, now float64, ok bool) {
	at := func(k slot) (float64, bool) {
		n, ok := r.figures[k].Number()
		return n.Float(), ok && n.Finite()
	}
	now, ok0 := r.price()
	open, ok1 := at(slotOpen)
	if !ok1 {
		open, ok1 = at(slotPrev)
	}
	low, ok2 := at(slotLow)
	high, ok3 := at(slotHigh)
	if !ok0 || !ok1 || !ok2 || !ok3 || low > high {
		return 0, 0, 0, 0, false
	}
	return open, min(low, now, open), max(high, now, open), now, true
}

// isUsable reports whether there is anything of a quote in the value.
func (r *row) isUsable() bool {
	return r.value.Type == datasource.TypeNumber || r.value.Type == datasource.TypeObject
}

// changedAt is when the price became what it is, in nanoseconds.
func (r *row) changedAt() int64 {
	if !r.entry.Stamp.IsZero() {
		return r.entry.Stamp.UnixNano()
	}
	return r.entry.Changed.UnixNano()
}

// Ages from which a price is not now.
const (
	maxAge  = 60 * time.Second // and its state is as good as stale
	longAge = 12 * time.Hour   // and nothing but that is worth saying of it
)

// age is how old what is shown is; ok is false when that is not known.
func (r *row) age(now time.Time) (age time.Duration, ok bool) {
	if r.entry == nil || r.entry.At.IsZero() {
		return 0, false
	}
	return r.entry.ValueAge(now)
}

// isOld reports whether a price is only the last one known: its state says so, or
// its producer's own time does.
func (r *row) isOld(now time.Time) bool {
	if draw.StateOf(r.entry) == datasource.StateStale {
		return true
	}
	e := r.entry
	if !e.Known() {
		return false
	}
	limit := e.Ref.Shape.MaxAge
	if limit <= 0 {
		limit = maxAge
	}
	if e.Stamp.IsZero() || e.Marks.Has(datasource.MarkStampUnknown) {
		return e.Ref.Shape.MaxAge > 0 && e.Age(now) > limit
	}
	return now.Sub(e.Stamp) > limit && e.Age(now) < now.Sub(e.Stamp)
}
