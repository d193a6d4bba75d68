package account

import (
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets/facts"
	"ticktop/widgets/field"
)

// usual is the order in which the figures of an account are read, under the
// names that producers give them. What is not here follows, and words and
// times come last.
var usual = []string{
	"equity", "balance", "cash", "nav", "credit", "margin", "used_margin", "margin_used", "free_margin", "margin_free",
	"available_margin", "buying_power", "margin_level", "margin_level_pct", "pnl", "pnl_open", "open_pnl", "unrealized_pnl",
	"unrealised_pnl", "floating_pnl", "profit", "pnl_day", "day_pnl", "daily_pnl", "realized_pnl", "realised_pnl", "pnl_week",
	"pnl_month", "pnl_total", "swap", "commission", "drawdown", "drawdown_pct", "max_drawdown", "max_drawdown_pct", "exposure",
	"notional", "leverage", "open_positions", "positions", "open_orders", "orders", "trades",
}

// late ranks what comes after every figure.
const late = 1 << 20

// usualRank is a fact's place in the usual order.
func usualRank(x *facts.Fact) int {
	i := slices.Index(usual, strings.ToLower(x.Name))
	switch {
	case i >= 0:
		return i
	case x.Form.Class == field.Name || x.Form.Class == field.Time || x.Value != nil && x.Value.Type == datasource.TypeText:
		return late
	default:
		return len(usual)
	}
}

// orderFacts puts the facts of an account in order: as the spec lists them, or as
// usual. A listed field that the account does not have is a fact without a
// value, so that the panel keeps its shape.
func (w *Widget) orderFacts(all []facts.Fact, e *datasource.Entry) []facts.Fact {
	var listed []facts.Fact
	for i, x := range w.spec.Fields {
		one := facts.Fact{Datum: w.spec.Data, Path: x.Field, Name: x.Field, Entry: e}
		if k := slices.IndexFunc(all, func(f facts.Fact) bool { return f.Path == x.Field }); k >= 0 {
			one = all[k]
			all = slices.Delete(slices.Clone(all), k, k+1)
		}
		one.Label = w.labels[i]
		if x.Format != "" || one.Value == nil {
			one.Form = w.forms[i]
		}
		listed = append(listed, one)
	}
	if len(w.spec.Fields) > 0 && !w.spec.Rest {
		return listed
	}
	slices.SortStableFunc(all, func(a, b facts.Fact) int { return usualRank(&a) - usualRank(&b) })
	return append(listed, all...)
}

// insertGauges puts the gauges after the figures and before names and times.
// What a gauge shows is not shown twice, unless it is listed.
func (w *Widget) insertGauges(all, gauges []facts.Fact) []facts.Fact {
	if len(gauges) == 0 {
		return all
	}
	end := 0
	out := make([]facts.Fact, 0, len(all)+len(gauges))
	for i := range all {
		x := &all[i]
		if i >= len(w.spec.Fields) && shownBy(gauges, x) {
			continue
		}
		out = append(out, *x)
		if i < len(w.spec.Fields) || usualRank(x) < late {
			end = len(out)
		}
	}
	return slices.Insert(out, end, gauges...)
}

// shownBy reports whether a gauge tells what the fact does: it has the same
// per cent, or the same name.
func shownBy(gauges []facts.Fact, x *facts.Fact) bool {
	percent := x.Form.Class == field.Percent || x.Form.Class == field.Change
	return slices.ContainsFunc(gauges, func(g facts.Fact) bool {
		return g.Path == x.Path && percent || g.Label == x.Label
	})
}
