package quotes

import (
	"math"
	"slices"

	"ticktop/datasource"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// slot is one known figure of a quote.
type slot uint8

// The figures, whatever the producer calls them.
const (
	slotBid slot = iota
	slotAsk
	slotLast
	slotChange // per cent
	slotMoved  // the same in price
	slotOpen   // what the change is counted from
	slotHigh
	slotLow
	slotVolume
	slotSpread // in price
	slotDigits // decimals of the symbol
	numSlots
)

// slotOf tells what a field of a quote holds, by the names that producers use.
func slotOf(field string) (slot, bool) {
	switch field {
	case "bid", "Bid", "b", "bid_price", "bidPrice":
		return slotBid, true
	case "ask", "Ask", "a", "ask_price", "askPrice", "offer":
		return slotAsk, true
	case "last", "Last", "price", "mid", "value", "close", "ltp", "last_price", "lastPrice":
		return slotLast, true
	case "change_pct", "chg_pct", "change_percent", "changePercent", "pct_change", "percent_change", "chg", "change24h", "daily_change_pct", "day_change_pct":
		return slotChange, true
	case "change", "net_change", "day_change", "daily_change":
		return slotMoved, true
	case "open", "Open", "day_open", "prev_close", "previous_close", "open_price", "prevClose":
		return slotOpen, true
	case "high", "High", "day_high":
		return slotHigh, true
	case "low", "Low", "day_low":
		return slotLow, true
	case "volume", "vol", "Volume", "v":
		return slotVolume, true
	case "spread":
		return slotSpread, true
	case "digits", "precision", "decimals":
		return slotDigits, true
	}
	return 0, false
}

// slotNames lists what Spec.Fields may name.
func slotNames() []string {
	return []string{"bid", "ask", "last", "change_pct", "change", "open", "high", "low", "volume", "spread", "digits"}
}

// maxDecimals is how many digits after the point a price may be shown with.
const maxDecimals = 8

// row is one quote, ready to be sorted and drawn.
type row struct {
	name     string // of the datum: "quote.EURUSD"
	symbol   string // made safe
	entry    *datasource.Entry
	value    *datasource.Value // of entry, never nil
	figures  [numSlots]*datasource.Value
	series   *datasource.Value // of the sparkline, nil for none
	decimals int
	key      list.Key // sorted by
}

// newRow reads a quote. A bare number is its last price.
func (w *Widget) newRow(name string, e *datasource.Entry) row {
	r := row{name: name, entry: e, value: &none}
	if r.symbol = datasource.Item(name); r.symbol == "" {
		r.symbol = name
	}
	r.symbol = datasource.Clean(r.symbol, datasource.MaxCell).String()
	if e == nil {
		return r
	}
	r.value = &e.Value
	if r.value.Type == datasource.TypeNumber {
		r.figures[slotLast] = r.value
	}
	for i := range r.value.Fields {
		f := &r.value.Fields[i]
		k, ok := w.names[f.Name.String()]
		if !ok {
			k, ok = slotOf(f.Name.String())
		}
		if ok && (r.figures[k] == nil || f.Value.Type == datasource.TypeNumber) {
			r.figures[k] = &f.Value
		}
	}
	r.decimals = w.decimalsOf(&r)
	return r
}

// none stands for the value of a datum that nothing is known of.
var none datasource.Value

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
	d := 0
	for _, k := range [...]slot{slotBid, slotAsk, slotLast, slotOpen, slotHigh, slotLow} {
		if n, ok := r.figures[k].Number(); ok && n.Finite() {
			d = max(d, field.Believed(n))
		}
	}
	return d
}

// figure returns what a column shows of a row, nil where it has nothing. The
// result may be made of others: a spread of bid and ask.
func (r *row) figure(c *column) *datasource.Value {
	switch c.what {
	case whatBid:
		if v := r.figures[slotBid]; v != nil || r.figures[slotAsk] != nil {
			return v
		}
		return r.figures[slotLast]
	case whatField:
		if v, ok := r.value.Field(c.Key); ok {
			return v
		}
	case whatSlot:
		return r.figures[c.slot]
	}
	return nil
}

// spread returns ask minus bid in pips: tens of the price's last digit.
func (r *row) spread() (pips float64, ok bool) {
	if n, has := r.figures[slotSpread].Number(); has && n.Finite() {
		return n.Float() * math.Pow10(r.decimals-1), true
	}
	bid, ok1 := r.figures[slotBid].Number()
	ask, ok2 := r.figures[slotAsk].Number()
	if !ok1 || !ok2 || !bid.Finite() || !ask.Finite() {
		return 0, false
	}
	points := (ask.Float() - bid.Float()) * math.Pow10(r.decimals)
	return math.Round(points) / 10, true
}

// change returns the change in per cent: as the producer gives it, else from
// what it is counted from.
func (r *row) change() (pct float64, ok bool) {
	if n, has := r.figures[slotChange].Number(); has {
		return n.Float(), n.Finite()
	}
	open, has := r.figures[slotOpen].Number()
	now, known := r.price()
	if has && known && open.Float() > 0 {
		pct = (now/open.Float() - 1) * 100
		return pct, !math.IsInf(pct, 0) && !math.IsNaN(pct)
	}
	if moved, has := r.figures[slotMoved].Number(); has && known && now > moved.Float() {
		pct = moved.Float() / (now - moved.Float()) * 100
		return pct, !math.IsInf(pct, 0) && !math.IsNaN(pct)
	}
	return 0, false
}

// price is one figure for the whole quote, for reckoning only.
func (r *row) price() (float64, bool) {
	for _, k := range [...]slot{slotBid, slotLast, slotAsk} {
		if n, ok := r.figures[k].Number(); ok && n.Finite() {
			return n.Float(), true
		}
	}
	return 0, false
}

// usable reports whether there is anything of a quote in the value.
func (r *row) usable() bool {
	return r.value.Type == datasource.TypeNumber || r.value.Type == datasource.TypeObject
}

// changed is when the price became what it is, in nanoseconds.
func (r *row) changed() int64 {
	if !r.entry.Stamp.IsZero() {
		return r.entry.Stamp.UnixNano()
	}
	return r.entry.Changed.UnixNano()
}

// rows reads all quotes of a snapshot, in the order of the configuration.
func (w *Widget) rows(s *datasource.Snapshot) []row {
	rows := make([]row, 0, 32)
	s.Each(w.spec.Data, func(name string, e *datasource.Entry) {
		rows = append(rows, w.newRow(name, e))
	})
	if w.spec.Spark == "" {
		return rows
	}
	i := 0
	s.Each(w.spec.Spark, func(name string, e *datasource.Entry) {
		if n := find(rows, datasource.Item(name), i); n >= 0 && e != nil && e.Value.Type == datasource.TypeSeries {
			rows[n].series = &e.Value
			i = n + 1
		}
	})
	return rows
}

// find returns the row of a symbol; both groups have one order as a rule, so
// it looks at hint first.
func find(rows []row, symbol string, hint int) int {
	if hint < len(rows) && datasource.Item(rows[hint].name) == symbol {
		return hint
	}
	return slices.IndexFunc(rows, func(r row) bool { return datasource.Item(r.name) == symbol })
}
