package positions

import (
	"math"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// row is one position or order, read out of whatever its producer writes. A
// figure that is not there is NaN.
type row struct {
	name  string // of the datum
	field string // of an object of objects
	index int    // of an array, -1 otherwise

	symbol   datasource.Safe
	buy      bool
	sided    bool // it says which side it is
	kind     string
	volume   datasource.Number
	entry    float64 // of an order: its price
	price    float64
	stop     float64
	target   float64
	profit   datasource.Number
	hasMoney bool
	opened   time.Time
	decimals int
}

// sideText is the direction in words; neutral, for it is no judgement.
func (r *row) sideText() string {
	switch {
	case !r.sided:
		return ""
	case r.buy:
		return "BUY"
	}
	return "SELL"
}

// directionSign is +1 for a position that gains when the price rises.
func (r *row) directionSign() float64 {
	if r.sided && !r.buy {
		return -1
	}
	return 1
}

// riskMultiple is the result in units of what was risked; NaN without a stop.
func (r *row) riskMultiple() float64 {
	risk := r.directionSign() * (r.entry - r.stop)
	if !(risk > 0) {
		return math.NaN()
	}
	return r.directionSign() * (r.price - r.entry) / risk
}

// look is a frame worked out.
type look struct {
	entry             *datasource.Entry
	entries           []*datasource.Entry
	usable            bool
	positions, orders []row
	all               []line      // everything, shown or not
	lines             int         // there is space for
	across            int         // orders on a line
	lineOf            map[int]int // row → line of the panel
	window            list.Window
	private           bool
}

// rowUnder returns the row under the cursor.
func (k *look) rowUnder(cursor int) (row, bool) {
	switch n := len(k.positions); {
	case cursor < 0:
	case cursor < n:
		return k.positions[cursor], true
	case cursor < n+len(k.orders):
		return k.orders[cursor-n], true
	}
	return row{}, false
}

// lookAt works a frame out.
func (w *Widget) lookAt(f *widgets.Context) look {
	k := look{lineOf: map[int]int{}}
	k.usable = true
	k.positions = w.collectRows(&k, f, w.spec.Data, false)
	if w.spec.Orders != "" {
		k.orders = w.collectRows(&k, f, w.spec.Orders, true)
		w.measureOrders(&k, f)
	}
	for _, e := range k.entries {
		if k.entry == nil {
			k.entry = e
		}
		k.private = k.private || f.Private && e != nil && !e.Ref.Shape.Market
	}
	k.placeRows(f)
	return k
}

// collectRows reads the rows of a datum: an array, an object of objects, one object
// an item, or messages.
func (w *Widget) collectRows(k *look, f *widgets.Context, name string, orders bool) []row {
	var rows []row
	f.Data.Each(name, func(name string, e *datasource.Entry) {
		k.entries = append(k.entries, e)
		if !e.Known() {
			return
		}
		add := func(v *datasource.Value, field string, index int) {
			called := field
			if called == "" && index < 0 {
				called = datasource.Item(name)
			}
			if r, ok := readRow(v, orders, called); ok {
				r.name, r.field, r.index = name, field, index
				rows = append(rows, r)
			}
		}
		v := &e.Value
		switch v.Type {
		case datasource.TypeArray:
			for i := range v.Items {
				add(&v.Items[i], "", i)
			}
		case datasource.TypeObject:
			_, named := names.Find(v, names.Symbol)
			if _, sized := names.Number(v, names.Volume); named || sized {
				add(v, "", -1)
				return
			}
			for i := range v.Fields {
				add(&v.Fields[i].Value, v.Fields[i].Name.String(), -1)
			}
		case datasource.TypeMessages:
			for i := range v.Messages {
				add(&v.Messages[i].Value, "", i)
			}
		default:
			k.usable = false
		}
	})
	return rows
}

// readRow reads one position or order. One that has a size and does not say its
// symbol is called by its field or item: {"EURUSD": {"size": …}}. ok is false
// for what is neither.
func readRow(v *datasource.Value, order bool, called string) (row, bool) {
	r := row{index: -1}
	symbol, ok := names.Find(v, names.Symbol)
	switch {
	case ok && symbol.Type == datasource.TypeText:
		r.symbol = symbol.Text
	case ok && symbol.Type == datasource.TypeNumber:
		r.symbol = datasource.Clean(symbol.Num.String(), 40)
	default:
		if _, sized := names.Number(v, names.Volume); !sized || called == "" {
			return r, false
		}
		r.symbol = datasource.Clean(called, 40)
	}
	entry := names.EntryPrice
	if order {
		entry = names.OrderPrice
	}
	var places format.Column
	for _, part := range []struct {
		to *float64
		is names.Standard
	}{{&r.entry, entry}, {&r.price, names.CurrentPrice}, {&r.stop, names.StopLoss}, {&r.target, names.TakeProfit}} {
		*part.to = math.NaN()
		if n, ok := names.Number(v, part.is); ok && n.Finite() && n.Float() != 0 {
			*part.to = n.Float()
			places.Add(n)
		}
	}
	if !order && math.IsNaN(r.price) { // "price" is what a position could be closed at
		if n, ok := names.Number(v, names.OrderPrice); ok && n.Finite() && n.Float() != r.entry {
			r.price = n.Float()
			places.Add(n)
		}
	}
	r.decimals = places.Decimals()
	r.volume, _ = names.Number(v, names.Volume)
	r.profit, r.hasMoney = names.Number(v, names.Profit)
	r.readSide(v)
	if at, ok := names.Find(v, names.OpenTime); ok {
		r.opened, _ = field.TimeOf(at)
	}
	return r, true
}

// readSide reads the direction, and of an order what kind it is.
func (r *row) readSide(v *datasource.Value) {
	for _, name := range []string{"side", "direction", "position_side", "type", "action"} {
		at := slices.IndexFunc(v.Fields, func(f datasource.Field) bool { return names.Same(f.Name.String(), name) })
		if at < 0 {
			continue
		}
		text := strings.ToLower(v.Fields[at].Value.Text.String())
		if n, ok := v.Fields[at].Value.Number(); ok && name == "type" { // MetaTrader: 0 buy, 1 sell
			text = map[string]string{"0": "buy", "1": "sell"}[n.String()]
		}
		if !r.sided {
			r.buy = strings.Contains(text, "buy") || text == "long" || text == "b"
			r.sided = r.buy || strings.Contains(text, "sell") || text == "short" || text == "s"
		}
		switch {
		case strings.Contains(text, "limit"):
			r.kind = "LIMIT"
		case strings.Contains(text, "stop"):
			r.kind = "STOP"
		}
	}
}

// measureOrders finds the market's price for each order, and puts the nearest
// first: these are what happens next.
func (w *Widget) measureOrders(k *look, f *widgets.Context) {
	for i := range k.orders {
		r := &k.orders[i]
		r.price = math.NaN()
		if w.spec.Quote == "" {
			continue
		}
		e := f.Data.Get(w.spec.Quote + "." + r.symbol.String())
		if !e.Known() {
			continue
		}
		side := names.Ask // a buy order is filled at the ask
		if r.sided && !r.buy {
			side = names.Bid
		}
		if n, ok := names.Number(&e.Value, side); ok && n.Finite() && n.Float() != 0 {
			r.price = n.Float()
			r.decimals = max(r.decimals, format.NumberDecimals(n))
		} else if p, ok := names.Price(&e.Value); ok {
			r.price = p
		}
	}
	slices.SortStableFunc(k.orders, func(a, b row) int {
		da, db := a.distanceToMarket(), b.distanceToMarket()
		switch {
		case da < db || !math.IsNaN(da) && math.IsNaN(db):
			return -1
		case da > db || math.IsNaN(da) && !math.IsNaN(db):
			return 1
		}
		return 0
	})
}

// distanceToMarket is the distance of an order to the market as a part of the price.
func (r *row) distanceToMarket() float64 { return math.Abs(r.entry-r.price) / math.Abs(r.price) }

// line is what is on one line below the columns: a position, the rule above
// the orders, or one or two orders.
type line struct {
	rows []int // indexes of positions, then of orders; none for the rule
}

// twoOrders is the width inside the border from which two orders share a line
// where there are not enough lines.
const twoOrders = 84

// placeRows puts the rows on lines and shows those around the cursor.
func (k *look) placeRows(f *widgets.Context) {
	width, height := list.Inside(*f)
	for i := range k.positions {
		k.all = append(k.all, line{rows: []int{i}})
	}
	n := len(k.positions)
	if len(k.orders) > 0 {
		k.all = append(k.all, line{})
	}
	across := 1
	if width >= twoOrders && len(k.all)+len(k.orders) > height-1 {
		across = 2
	}
	k.across = across
	for i := 0; i < len(k.orders); i += across {
		l := line{rows: []int{n + i}}
		if across == 2 && i+1 < len(k.orders) {
			l.rows = append(l.rows, n+i+1)
		}
		k.all = append(k.all, l)
	}
	v := f.View
	v.Cursor = slices.IndexFunc(k.all, func(l line) bool { return f.View.Cursor >= 0 && slices.Contains(l.rows, f.View.Cursor) })
	k.lines = max(height-1, 0)
	k.window = list.Fit(v, len(k.all), k.lines)
	for i := k.window.First; i < k.window.End(); i++ {
		for _, r := range k.all[i].rows {
			k.lineOf[r] = i - k.window.First + 2 // below the border and the columns
		}
	}
}
