package accounts

import (
	"math"
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/rates"
)

// row is one account. A figure that is not there is NaN.
type row struct {
	name     string // of the datum
	label    datasource.Safe
	entry    *datasource.Entry
	currency string
	equity   float64
	day      float64 // made since the day began
	open     float64 // open result
	margin   float64 // use of the margin in per cent
	limit    float64 // loss allowed in a day, positive
	drawdown float64 // in per cent, positive is down
	deepest  float64 // drawdown allowed, in per cent
	exposure float64

	rate  rates.Rate // to the currency of the sum
	rated bool
}

// loss is how much of the day's limit is used, as a share; NaN without either.
func (r *row) loss() float64 {
	if !(r.limit > 0) || math.IsNaN(r.day) {
		return math.NaN()
	}
	return max(-r.day, 0) / r.limit
}

// depth is how much of the drawdown's limit is used.
func (r *row) depth() float64 {
	if !(r.deepest > 0) || math.IsNaN(r.drawdown) {
		return math.NaN()
	}
	return max(r.drawdown, 0) / r.deepest
}

// look is a frame worked out.
type look struct {
	rows    []row
	entries []*datasource.Entry
	usable  bool
	private bool
	sum     row // of those that can be converted
	summed  int
	window  list.Window
}

func (w *Widget) lookAt(f *widgets.Context) look {
	k := look{usable: true}
	for _, data := range w.data {
		f.Data.Each(data, func(name string, e *datasource.Entry) {
			k.entries = append(k.entries, e)
			k.private = k.private || f.Private && e != nil && !e.Ref.Shape.Market
			switch {
			case !e.Known():
				if e != nil {
					k.rows = append(k.rows, w.absent(name, e))
				}
			case e.Value.Type == datasource.TypeObject:
				k.rows = append(k.rows, w.read(name, e))
			default:
				k.usable = false
			}
		})
	}
	w.convert(&k, f)
	_, lines := list.Inside(*f)
	k.window = list.Fit(f.View, len(k.rows), max(lines-2, 1))
	return k
}

func labelOf(name string) datasource.Safe {
	if item := datasource.Item(name); item != "" {
		return datasource.Clean(item, 40)
	}
	return datasource.Clean(name, 40)
}

func (w *Widget) absent(name string, e *datasource.Entry) row {
	nan := math.NaN()
	return row{name: name, label: labelOf(name), entry: e, equity: nan, day: nan, open: nan, margin: nan, limit: nan, drawdown: nan, deepest: nan, exposure: nan}
}

// The producers' names of what has no standard name, folded.
var (
	openNames     = []string{"pnlopen", "openpnl", "unrealizedpnl", "unrealisedpnl", "upnl", "floatingpnl", "profit"}
	usedNames     = []string{"marginuse", "marginused%", "marginusedpct", "marginusage", "marginutilization"}
	limitNames    = []string{"daylosslimit", "dailylosslimit", "maxdailyloss", "lossLimit", "dailylimit"}
	drawdownNames = []string{"drawdown", "drawdownpct", "maxdrawdown", "dd"}
	deepestNames  = []string{"drawdownlimit", "maxdrawdownlimit", "drawdownlimitpct", "maxdrawdownallowed"}
	exposureNames = []string{"exposure", "grossexposure", "notional"}
)

func (w *Widget) read(name string, e *datasource.Entry) row {
	r := w.absent(name, e)
	v := &e.Value
	if f, ok := names.Find(v, names.Currency); ok && f.Type == datasource.TypeText {
		r.currency = datasource.Clean(f.Text.String(), 12).String()
	}
	if datasource.Item(name) == "" {
		if f, ok := names.Find(v, names.Account); ok && f.Type == datasource.TypeText {
			r.label = f.Text
		}
	}
	r.equity = number(v, names.Equity)
	r.day = number(v, names.DayPnL)
	if math.IsNaN(r.day) {
		r.day = named(v, []string{"pnlday"})
	}
	r.open, r.exposure = named(v, openNames), named(v, exposureNames)
	r.drawdown = math.Abs(named(v, drawdownNames))
	if r.margin = named(v, usedNames); math.IsNaN(r.margin) {
		if used := number(v, names.Margin); r.equity > 0 {
			r.margin = used / r.equity * 100
		}
	}
	r.limit, r.deepest = limitOf(v, w.spec.DayLimit, limitNames), limitOf(v, w.spec.DrawdownLimit, deepestNames)
	return r
}

// limitOf is a limit: a number of the configuration, a field of the account, or
// one by its usual name.
func limitOf(v *datasource.Value, spec string, usual []string) float64 {
	if f, err := strconv.ParseFloat(spec, 64); err == nil && f > 0 && !math.IsInf(f, 0) {
		return f
	}
	if spec == "" {
		return math.Abs(named(v, usual))
	}
	if n, ok := field.At(v, spec).Number(); ok && n.Finite() {
		return math.Abs(n.Float())
	}
	return math.NaN()
}

func number(v *datasource.Value, part names.Standard) float64 {
	n, ok := names.Number(v, part)
	if !ok || !n.Finite() {
		return math.NaN()
	}
	return n.Float()
}

func named(v *datasource.Value, called []string) float64 {
	for _, name := range called {
		for i := range v.Fields {
			if strings.EqualFold(names.Fold(v.Fields[i].Name.String()), name) {
				if n, ok := v.Fields[i].Value.Number(); ok && n.Finite() {
					return n.Float()
				}
			}
		}
	}
	return math.NaN()
}

// convert adds up the accounts that have a rate to the currency of the sum.
func (w *Widget) convert(k *look, f *widgets.Context) {
	if len(k.rows) == 0 {
		return
	}
	currency := ""
	if w.spec.Currency != "" {
		currency = field.Currency(f.Data, w.spec.Currency)
	} else {
		currency = k.rows[0].currency
	}
	k.sum = row{currency: currency, margin: math.NaN(), drawdown: math.NaN(), limit: math.NaN(), deepest: math.NaN()}
	table := rates.Of(f.Data, w.spec.Quote)
	for i := range k.rows {
		r := &k.rows[i]
		if !r.entry.Known() {
			continue
		}
		if r.rate, r.rated = table.Convert(r.currency, currency); !r.rated {
			continue
		}
		k.summed++
		k.sum.rate.Old = k.sum.rate.Old || r.rate.Old || draw.StateOf(r.entry) == datasource.StateStale
		for _, p := range [...]struct{ to, from *float64 }{{&k.sum.equity, &r.equity}, {&k.sum.day, &r.day}, {&k.sum.open, &r.open},
			{&k.sum.exposure, &r.exposure}} {
			*p.to += *p.from * r.rate.Value // what one does not have the sum has not
		}
	}
}
