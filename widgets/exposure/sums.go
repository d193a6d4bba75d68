package exposure

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/rates"
)

// leg is how much is held of one currency or group.
type leg struct {
	name        string
	long, short float64 // both positive: units of the currency, or amounts of a group
	n           int     // positions

	rated bool // there is a rate: net is in the currency of the sums
	old   bool // by a quote that is not live
	net   float64
}

// whole is everything.
type whole struct {
	entries     []*datasource.Entry // of the positions
	usable      bool
	private     bool
	currency    string // of the sums
	n           int    // positions that are in them
	currencies  []leg
	groups      []leg
	gross, net  float64
	equity      float64  // NaN where it is not known
	unsized     []string // symbols whose contract size is not known
	unrated     []string // currencies without a rate
	old         bool
	side, price int // positions without a side, without a price
}

// holding is one position in units and money.
type holding struct {
	symbol   string
	group    string
	units    float64 // signed
	price    float64
	currency string // of the price
	base     string // what is held, for pairs
}

// add reads the positions and adds them up.
func (w *Widget) add(f *widgets.Context) whole {
	t := whole{usable: true, equity: math.NaN(), currency: field.Currency(f.Data, w.spec.Currency)}
	if name := datasource.Group(w.spec.Equity); w.spec.Equity != "" {
		if e := f.Data.Get(name); e.Known() && len(w.spec.Equity) > len(name) {
			if n, ok := field.At(&e.Value, w.spec.Equity[len(name)+1:]).Number(); ok && n.Finite() && n.Float() > 0 {
				t.equity = n.Float()
			}
		}
	}
	table := rates.Of(f.Data, w.spec.Quote)
	f.Data.Each(w.spec.Data, func(_ string, e *datasource.Entry) {
		t.entries = append(t.entries, e)
		t.private = t.private || f.Private && e != nil && !e.Ref.Shape.Market
		if e.Known() {
			w.read(&t, f, &e.Value, table)
		}
	})
	for i := range t.currencies {
		l := &t.currencies[i]
		l.net = l.long - l.short
		if r, ok := table.Convert(l.name, t.currency); ok {
			l.rated, l.old = true, r.Old
			l.net *= r.Value
			t.old = t.old || r.Old
		}
	}
	slices.SortStableFunc(t.currencies, func(a, b leg) int {
		if a.rated != b.rated {
			return map[bool]int{true: -1, false: 1}[a.rated]
		}
		return cmp.Compare(math.Abs(b.net), math.Abs(a.net))
	})
	for i := range t.groups {
		t.groups[i].net = t.groups[i].long - t.groups[i].short
	}
	return t
}

// read takes the positions of a value: an array, or an object of objects.
func (w *Widget) read(t *whole, f *widgets.Context, v *datasource.Value, table rates.Table) {
	switch v.Type {
	case datasource.TypeArray:
		for i := range v.Items {
			w.hold(t, f, &v.Items[i], table)
		}
	case datasource.TypeObject:
		if _, ok := names.Find(v, names.Symbol); ok {
			w.hold(t, f, v, table)
			return
		}
		for i := range v.Fields {
			w.hold(t, f, &v.Fields[i].Value, table)
		}
	default:
		t.usable = false
	}
}

// hold adds one position.
func (w *Widget) hold(t *whole, f *widgets.Context, v *datasource.Value, table rates.Table) {
	h, ok := w.holdingOf(t, f, v)
	if !ok {
		return
	}
	amount := h.units * h.price // in the currency of the price
	r, rated := table.Convert(h.currency, t.currency)
	if !rated {
		t.unrated = once(t.unrated, h.currency+" of "+h.symbol)
	} else {
		t.n++
		t.old = t.old || r.Old
		t.gross += math.Abs(amount * r.Value)
		t.net += amount * r.Value
		t.groups = enter(t.groups, h.group, amount*r.Value)
	}
	if h.base != "" {
		t.currencies = enter(t.currencies, h.base, h.units)
		t.currencies = enter(t.currencies, h.currency, -amount)
	}
}

func once(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func enter(legs []leg, name string, amount float64) []leg {
	i := slices.IndexFunc(legs, func(l leg) bool { return l.name == name })
	if i < 0 {
		legs, i = append(legs, leg{name: name, rated: true}), len(legs)
		legs[i].rated = false
	}
	l := &legs[i]
	l.n++
	if amount >= 0 {
		l.long += amount
	} else {
		l.short -= amount
	}
	return legs
}

// contractNames are the producers' names of how many units a lot has.
var contractNames = []string{"contractsize", "tradecontractsize", "lotsize", "multiplier"}

// holdingOf reads a position. What it is worth is the market's price, or where
// there is no quote the position's own; ok is false where that, its side or the
// size of its contract is not known.
func (w *Widget) holdingOf(t *whole, f *widgets.Context, v *datasource.Value) (h holding, ok bool) {
	s, ok := names.Find(v, names.Symbol)
	if !ok || s.Type != datasource.TypeText {
		return h, false
	}
	h.symbol = s.Text.String()
	volume, ok := names.Number(v, names.Volume)
	if !ok || !volume.Finite() {
		return h, false
	}
	contract, ok := w.contractOf(h.symbol, v)
	if !ok {
		t.unsized = once(t.unsized, h.symbol)
		return h, false
	}
	dir, ok := direction(v, volume.Float())
	if !ok {
		t.side++
		return h, false
	}
	h.units = dir * math.Abs(volume.Float()) * contract
	if h.price, ok = w.priceOf(f, h.symbol, v, &t.old); !ok {
		t.price++
		return h, false
	}
	h.base, h.currency = w.currencyOf(h.symbol, v)
	h.group = w.groupOf(h.symbol)
	return h, true
}

func (w *Widget) contractOf(symbol string, v *datasource.Value) (float64, bool) {
	for i := range v.Fields {
		if slices.Contains(contractNames, names.Fold(v.Fields[i].Name.String())) {
			if n, ok := v.Fields[i].Value.Number(); ok && n.Finite() && n.Float() > 0 {
				return n.Float(), true
			}
		}
	}
	if c, ok := w.spec.Contracts[symbol]; ok {
		return c, true
	}
	c, ok := w.spec.Contracts["*"]
	return c, ok
}

// direction is +1 for what is bought, -1 for what is sold: by its side, or by
// the sign of its size.
func direction(v *datasource.Value, volume float64) (float64, bool) {
	if f, ok := names.Find(v, names.Side); ok {
		switch f.Type {
		case datasource.TypeText:
			switch s := strings.ToLower(f.Text.String()); {
			case strings.HasPrefix(s, "b"), strings.HasPrefix(s, "l"), s == "0":
				return 1, true
			case strings.HasPrefix(s, "s"), s == "1":
				return -1, true
			}
		case datasource.TypeNumber: // MetaTrader: 0 is bought, 1 is sold
			switch f.Num.Float() {
			case 0:
				return 1, true
			case 1, -1:
				return -1, true
			}
		}
		return 0, false
	}
	if volume < 0 {
		return -1, true
	}
	return 0, false
}

func (w *Widget) priceOf(f *widgets.Context, symbol string, v *datasource.Value, old *bool) (float64, bool) {
	if w.spec.Quote != "" {
		if e := f.Data.Get(w.spec.Quote + "." + symbol); e.Known() {
			if p, ok := names.Price(&e.Value); ok && p > 0 {
				*old = *old || draw.StateOf(e) == datasource.StateStale
				return p, true
			}
		}
	}
	for _, part := range [...]names.Standard{names.CurrentPrice, names.OrderPrice, names.EntryPrice} {
		if n, ok := names.Number(v, part); ok && n.Finite() && n.Float() > 0 {
			return n.Float(), true
		}
	}
	return 0, false
}

// currencyOf is what is held and the currency of its price. base is "" for what
// is no pair: a share or an index.
func (w *Widget) currencyOf(symbol string, v *datasource.Value) (base, currency string) {
	if base, currency, ok := rates.Pair(symbol); ok {
		return base, currency
	}
	if f, ok := names.Find(v, names.Currency); ok && f.Type == datasource.TypeText {
		return "", strings.ToUpper(f.Text.String())
	}
	if c, ok := w.spec.Currencies[symbol]; ok {
		return "", c
	}
	if c, ok := w.spec.Currencies["*"]; ok {
		return "", c
	}
	return "", "?"
}

// groupOf is the configured group of a symbol, or what kind of thing it is.
func (w *Widget) groupOf(symbol string) string {
	for _, g := range w.spec.Groups {
		if slices.Contains(g.Symbols, symbol) {
			return datasource.Clean(g.Name, 24).String()
		}
	}
	if len(w.spec.Groups) > 0 {
		return "other"
	}
	if _, _, ok := names.CurrencyPair(symbol); ok {
		return "currencies"
	}
	switch base, _, ok := rates.Pair(symbol); {
	case ok && strings.HasPrefix(base, "X") && len(base) == 3 && base != "XRP" && base != "XLM" && base != "XMR" && base != "XBT":
		return "metals"
	case ok:
		return "crypto"
	}
	return "other"
}
