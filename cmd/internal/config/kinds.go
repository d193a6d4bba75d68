package config

import (
	"reflect"
	"slices"

	"ticktop/widgets"
	"ticktop/widgets/account"
	"ticktop/widgets/bars"
	"ticktop/widgets/candles"
	"ticktop/widgets/chart"
	"ticktop/widgets/counter"
	"ticktop/widgets/depth"
	"ticktop/widgets/feed"
	"ticktop/widgets/flags"
	"ticktop/widgets/gauge"
	"ticktop/widgets/health"
	"ticktop/widgets/heatmap"
	"ticktop/widgets/quotes"
	"ticktop/widgets/sparkline"
	"ticktop/widgets/table"
	"ticktop/widgets/text"
)

// kind is one kind of widget: the structure of its options, and how one is
// made from them.
type kind struct {
	name string
	doc  string
	spec reflect.Type
	make func(spec reflect.Value) (widgets.Widget, error)
}

// kindOf ties a Spec to its constructor.
func kindOf[S any, W widgets.Widget](name, doc string, make func(S) (W, error)) kind {
	return kind{name: name, doc: doc, spec: reflect.TypeFor[S](), make: func(spec reflect.Value) (widgets.Widget, error) {
		w, err := make(spec.Interface().(S))
		if err != nil {
			return nil, err
		}
		return w, nil
	}}
}

// kinds is the one table from a widget's name to its constructor.
func kinds() []kind {
	return []kind{
		kindOf("account", "the fields of one object, with gauges", account.New),
		kindOf("counter", "single figures, one a line", counter.New),
		kindOf("quotes", "prices with bid, ask, spread, change, sparkline and age", quotes.New),
		kindOf("table", "rows of an array or an object of objects", table.New),
		kindOf("feed", "messages, newest first", feed.New),
		kindOf("flags", "switches, on or off", flags.New),
		kindOf("text", "one text or value", text.New),
		kindOf("health", "the sources and what is not plain", health.New),
		kindOf("chart", "series over time", chart.New),
		kindOf("sparkline", "small series", sparkline.New),
		kindOf("candles", "open, high, low, close of a series", candles.New),
		kindOf("gauge", "a figure against a limit", gauge.New),
		kindOf("bars", "figures as bars", bars.New),
		kindOf("heatmap", "symbols by their change", heatmap.New),
		kindOf("depth", "spread and depth of a quote", depth.New),
	}
}

func lookupKind(name string) (kind, bool) {
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
	if i < 0 {
		return kind{}, false
	}
	return all[i], true
}

// Kinds returns the names of all kinds of widget.
func Kinds() []string {
	var out []string
	for _, k := range kinds() {
		out = append(out, k.name)
	}
	return out
}
