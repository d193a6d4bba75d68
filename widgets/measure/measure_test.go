package measure

import (
	"fmt"
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets/widgettest"
)

// words writes items as "EURUSD=116.00", "?" for no number.
func words(items []Item) string {
	var out []string
	for _, it := range items {
		n := "?"
		if it.OK {
			n = it.Num.String()
		}
		out = append(out, fmt.Sprintf("%s=%s", it.Label, n))
	}
	return strings.Join(out, " ")
}

func TestCollect(t *testing.T) {
	desk := widgettest.Desk(datasource.StateLive)
	twice := widgettest.Array(widgettest.Object("symbol", "A", "pnl", "0.1"), widgettest.Object("symbol", "B", "pnl", "1"),
		widgettest.Object("symbol", "A", "pnl", "0.20"), widgettest.Object("symbol", "A", "pnl", "NaN"), widgettest.Object("symbol", "C"))
	for _, c := range []struct {
		name string
		data *datasource.Snapshot
		w    Where
		want string
	}{
		{"rows of a list", desk, Where{Data: "positions"}, "EURUSD=116.00 XAUUSD=544.45 USDJPY=-24.04 US500=24.04"},
		{"another field", desk, Where{Data: "positions", Field: "volume", Label: "side"}, "BUY=1.70 SELL=0.10"},
		{"one label is one item, added exactly", widgettest.Snapshot(widgettest.Live("p", twice)), Where{Data: "p", Field: "pnl"}, "A=0.30 B=1 C=?"},
		{"one of a group", desk, Where{Data: "quote.EURUSD", Field: "change_pct"}, "EURUSD=0.52"},
		{"a group of numbers", desk, Where{Data: "counter"}, "open_orders=3 fills_today=27 rejects=0 latency_p99_ms=41"},
		{"an object of numbers", widgettest.Snapshot(widgettest.Live("x", widgettest.Object("long", "2", "name", "n", "short_pnl", "-1"))), Where{Data: "x"}, "Long=2 Short PnL=-1"},
		{"a field of an object", desk, Where{Data: "account", Field: "equity"}, "account=48911.20"},
		{"a nested field", widgettest.Snapshot(widgettest.Live("x", widgettest.Object("a", widgettest.Object("b", "7")))), Where{Data: "x", Field: "a.b"}, "x=7"},
		{"no value", widgettest.Desk(datasource.StateError), Where{Data: "positions"}, "positions=?"},
		{"text", widgettest.Snapshot(widgettest.Live("x", widgettest.Text("hello"))), Where{Data: "x"}, "x=?"},
		{"no such datum", desk, Where{Data: "nothing"}, ""},
	} {
		items, entries := Collect(c.data, c.w)
		if got := words(items); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if (len(entries) == 0) != (c.want == "") {
			t.Errorf("%s: %d entries", c.name, len(entries))
		}
	}
}
