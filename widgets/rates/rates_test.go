package rates

import (
	"math"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets/widgettest"
)

func TestPair(t *testing.T) {
	for _, c := range []struct{ in, base, quote string }{
		{"EURUSD", "EUR", "USD"}, {"eur/usd", "EUR", "USD"}, {"XAUUSD", "XAU", "USD"}, {"BTC-USDT", "BTC", "USDT"}, {"DOGEUSDT", "DOGE", "USDT"},
		{"US500", "", ""}, {"AAPL", "", ""}, {"CUSD", "", ""}, {"", "", ""}, {"USD", "", ""}, {"NATGASUSD", "", ""},
	} {
		if b, q, ok := Pair(c.in); b != c.base || q != c.quote || ok != (c.base != "") {
			t.Errorf("Pair(%q) = %q, %q, %v", c.in, b, q, ok)
		}
	}
}

func TestConvert(t *testing.T) {
	quote := func(name, bid, ask string) widgettest.Datum {
		return widgettest.Live("quote."+name, widgettest.Object("bid", bid, "ask", ask))
	}
	table := Of(widgettest.Snapshot(quote("EURUSD", "1.1", "1.1"), quote("USDJPY", "150", "150"), quote("XAUUSD", "2400", "2400"), quote("ZERO", "0", "0"),
		widgettest.In(datasource.StateStale, "quote.GBPUSD", widgettest.Object("bid", "1.25"))), "quote")
	for _, c := range []struct {
		from, to string
		want     float64
		old, ok  bool
	}{
		{"EUR", "USD", 1.1, false, true}, {"USD", "EUR", 1 / 1.1, false, true}, {"EUR", "JPY", 165, false, true}, {"XAU", "EUR", 2400 / 1.1, false, true},
		{"USD", "USD", 1, false, true}, {"GBP", "USD", 1.25, true, true}, {"JPY", "GBP", 1 / 150.0 / 1.25, true, true}, {"CHF", "USD", 0, false, false}, {"", "", 0, false, false},
	} {
		r, ok := table.Convert(c.from, c.to)
		if ok != c.ok || math.Abs(r.Value-c.want) > 1e-9 || r.Old != c.old {
			t.Errorf("%s to %s: %+v, %v", c.from, c.to, r, ok)
		}
	}
}
