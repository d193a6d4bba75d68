package gauge

import (
	"math"
	"strconv"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// level is how near a figure is to its limit.
type level uint8

const (
	calm level = iota
	warn
	critical
)

// gauge is one row worked out.
type gauge struct {
	rule  *rule
	num   datasource.Number
	ok    bool              // there is a figure
	found *datasource.Value // what stands there, figure or not; nil for nothing
	limit datasource.Number
	bound bool // there is a limit
	share float64
	level level
}

// look is a frame worked out.
type look struct {
	entry   *datasource.Entry
	entries []*datasource.Entry
	gauges  []gauge
	all     int
	filter  list.Filter
	win     list.Window
}

func (w *Widget) lookAt(f *widgets.Context) look {
	k := look{entry: f.Data.Get(w.spec.Data), filter: list.NewFilter(f.View.Filter)}
	for _, name := range w.data {
		k.entries = append(k.entries, f.Data.Get(name))
	}
	rules := w.rows
	if len(rules) == 0 && k.entry.Known() {
		rules = percentRules(&k.entry.Value)
	}
	k.all = len(rules)
	for i := range rules {
		if r := &rules[i]; k.filter.KeepString(r.label) {
			k.gauges = append(k.gauges, w.measureRule(r, f, k.entry))
		}
	}
	_, lines := list.Inside(*f)
	k.win = list.Fit(f.View, len(k.gauges), lines)
	return k
}

// percentRules are the rules of an object without configured rows: its fields that
// are shares by their name.
func percentRules(v *datasource.Value) (rules []rule) {
	for i := range v.Fields {
		f := &v.Fields[i]
		class, _ := field.Guess(f.Name.String())
		n, ok := f.Value.Number()
		if !ok || class != field.Percent || math.Abs(n.Float()) > 100 {
			continue
		}
		if r, err := newRule(Row{Field: f.Name.String()}); err == nil {
			rules = append(rules, r)
		}
	}
	return rules
}

// measureRule works a row out.
func (w *Widget) measureRule(r *rule, f *widgets.Context, e *datasource.Entry) gauge {
	g := gauge{rule: r, limit: r.fixed, bound: r.isNum}
	if !e.Known() {
		return g
	}
	g.num, g.ok = field.At(&e.Value, r.Field).Number()
	if n, isNum := e.Value.Number(); !g.ok && isNum { // the datum is the figure
		g.num, g.ok = n, true
	}
	if !r.isNum {
		holder := e
		if r.datum != "" {
			holder = f.Data.Get(r.datum)
		}
		if holder.Known() {
			g.limit, g.bound = field.At(&holder.Value, r.limit).Number()
		}
	}
	g.found = field.At(&e.Value, r.Field)
	g.ok = g.ok && g.num.Finite()
	limit := math.Abs(g.limit.Float())
	g.bound = g.bound && limit > 0 && !math.IsInf(limit, 0) && !math.IsNaN(limit)
	if !g.ok || !g.bound {
		return g
	}
	x := math.Abs(g.num.Float())
	if r.Loss && g.num.Float() > 0 {
		x = 0
	}
	g.share = x / limit
	g.level = r.levelOf(g.share * 100)
	return g
}

// levelOf judges a share in per cent.
func (r *rule) levelOf(percent float64) level {
	reached := func(at float64) bool {
		if r.Low {
			return percent <= at
		}
		return percent >= at
	}
	switch {
	case reached(r.Critical):
		return critical
	case reached(r.Warn):
		return warn
	default:
		return calm
	}
}

// formatPercent formats a share; what is beyond any sense is marked.
func formatPercent(share float64) string {
	if share >= 99.995 {
		return ">9999%"
	}
	return strconv.Itoa(int(math.Round(share*100))) + "%"
}
