// Package all is the registry of widgets: from the name of a kind in the
// configuration to the structure of its options and its constructor.
package all

import (
	"reflect"

	"ticktop/widgets"
	"ticktop/widgets/account"
	"ticktop/widgets/accounts"
	"ticktop/widgets/area"
	"ticktop/widgets/bars"
	"ticktop/widgets/candles"
	"ticktop/widgets/chart"
	"ticktop/widgets/counter"
	"ticktop/widgets/depth"
	"ticktop/widgets/exposure"
	"ticktop/widgets/feed"
	"ticktop/widgets/figures"
	"ticktop/widgets/flags"
	"ticktop/widgets/gauge"
	"ticktop/widgets/health"
	"ticktop/widgets/heatmap"
	"ticktop/widgets/positions"
	"ticktop/widgets/quotes"
	"ticktop/widgets/sparkline"
	"ticktop/widgets/statistics"
	"ticktop/widgets/table"
	"ticktop/widgets/tape"
	"ticktop/widgets/text"
)

// Kind is one kind of widget.
type Kind struct {
	Name string       // what the configuration calls it
	Doc  string       // one line for the schema
	Spec reflect.Type // the structure of its options
	New  func(spec reflect.Value) (widgets.Widget, error)
}

// kindOf ties a Spec to its constructor.
func kindOf[S any, W widgets.Widget](name, doc string, create func(S) (W, error)) Kind {
	return Kind{Name: name, Doc: doc, Spec: reflect.TypeFor[S](), New: func(spec reflect.Value) (widgets.Widget, error) {
		w, err := create(spec.Interface().(S))
		if err != nil {
			return nil, err
		}
		return w, nil
	}}
}

// Kinds returns every kind of widget, in the order of the reference.
func Kinds() []Kind {
	return []Kind{
		kindOf("account", "the fields of one object, with gauges", account.New),
		kindOf("counter", "single figures, one a line", counter.New),
		kindOf("quotes", "the watchlist: last price, change, range of the day, spread, sparkline, own position, in groups", quotes.New),
		kindOf("table", "rows of an array or an object of objects", table.New),
		kindOf("figures", "the few numbers to look at first, with sparks and limits", figures.New),
		kindOf("positions", "what is held and what is waiting, with stops, targets and distances", positions.New),
		kindOf("feed", "messages, newest first", feed.New),
		kindOf("flags", "switches, on or off", flags.New),
		kindOf("text", "one text or value", text.New),
		kindOf("health", "the sources and what is not plain", health.New),
		kindOf("chart", "series over time", chart.New),
		kindOf("area", "a series as an area from where it began, with its drawdown", area.New),
		kindOf("sparkline", "small series", sparkline.New),
		kindOf("candles", "open, high, low, close of a series", candles.New),
		kindOf("gauge", "a figure against a limit", gauge.New),
		kindOf("bars", "figures as bars", bars.New),
		kindOf("heatmap", "symbols shaded by their change", heatmap.New),
		kindOf("tape", "time and sales: the trades of a symbol, newest first", tape.New),
		kindOf("statistics", "what closed trades amount to: win rate, profit factor, expectancy, by symbol and by hour", statistics.New),
		kindOf("exposure", "what is held of each currency and group, converted by the quotes", exposure.New),
		kindOf("accounts", "several accounts side by side and summed, against their limits", accounts.New),
		kindOf("depth", "an order book: levels with sizes and sums around the middle", depth.New),
	}
}
