package exposure

import (
	"math"
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

func mustNew(t testing.TB, s Spec) *Widget {
	t.Helper()
	w, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var spec = Spec{Data: "positions", Quote: "quote", Currency: "account.currency", Equity: "account.equity",
	Contracts: map[string]float64{"EURUSD": 100_000, "XAUUSD": 100, "USDJPY": 100_000, "US500": 1}, Currencies: map[string]string{"*": "USD"}}

func desk(s datasource.State) *datasource.Snapshot {
	data := []widgettest.Datum{widgettest.In(s, "positions", widgettest.Positions()), widgettest.Live("account", widgettest.Object("currency", "USD", "equity", "48000"))}
	for _, symbol := range widgettest.Symbols() {
		data = append(data, widgettest.In(s, "quote."+symbol, widgettest.Quote(symbol)))
	}
	return widgettest.Snapshot(data...)
}

func TestNew(t *testing.T) {
	for _, s := range []Spec{{}, {Data: "x"}, {Data: "x", Currency: "USD", Contracts: map[string]float64{"A": 0}}} {
		if _, err := New(s); err == nil || !strings.HasPrefix(err.Error(), "exposure: ") {
			t.Errorf("New(%+v): %v", s, err)
		}
	}
}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "desk", mustNew(t, spec), desk, [2]int{100, 8}, [2]int{50, 12}, [2]int{34, 7})
}

func TestSweep(t *testing.T) {
	w := mustNew(t, spec)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "equity", Currency: "USD"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Hostile(t, w, desk(datasource.StateLive))
	widgettest.Hostile(t, w, desk(datasource.StateStale))
}

// TestSums: 0.5 lots of EURUSD are 50,000 EUR against their price in USD, and so
// on, all by the quotes.
func TestSums(t *testing.T) {
	w := mustNew(t, spec)
	f := widgettest.Context(100, 12, desk(datasource.StateLive), theme.ProfileNone)
	s := w.add(&f)
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 0.5 {
			t.Errorf("%s is %.2f, want %.2f", name, got, want)
		}
	}
	eur, jpy, gold := (1.08342+1.08353)/2, (156.412+156.428)/2, (2405.85+2406.09)/2
	index := (5981.4 + 5982.0) / 2
	near("gross", s.gross, 50_000*eur+10*gold+20_000+index)
	near("net", s.net, 50_000*eur-10*gold+20_000+index)
	for _, l := range s.currencies {
		want := map[string]float64{"EUR": 50_000 * eur, "XAU": -10 * gold, "JPY": -20_000 * jpy / jpy, "USD": -50_000*eur + 10*gold + 20_000}[l.name]
		near(l.name, l.net, want)
	}
	if got := w.Render(f); !strings.Contains(got, "2.17×") || !strings.Contains(got, "metals") {
		t.Errorf("no leverage, or no groups:\n%s", got)
	}
}

// TestLeftOut: what cannot be known is said, and is not in the sums.
func TestLeftOut(t *testing.T) {
	row := func(pairs ...any) datasource.Value { return widgettest.Object(pairs...) }
	for _, c := range []struct {
		name string
		rows []datasource.Value
		want []string
		n    int
	}{
		{"no contract size", []datasource.Value{row("symbol", "GBPUSD", "side", "BUY", "volume", "1")}, []string{"contract size not known: GBPUSD", "add contracts"}, 0},
		{"its own contract size", []datasource.Value{row("symbol", "GBPUSD", "side", "BUY", "volume", "1", "contract_size", "1000")}, []string{"GBP", "+1,271"}, 1},
		{"no rate", []datasource.Value{row("symbol", "EURNOK", "side", "BUY", "volume", "1", "contract_size", "1000", "price", "11.5")}, []string{"no rate to USD: NOK of EURNOK", "no rate"}, 0},
		{"no side", []datasource.Value{row("symbol", "EURUSD", "volume", "1")}, []string{"1 without a side"}, 0},
		{"the sign is the side", []datasource.Value{row("symbol", "EURUSD", "volume", "-0.01")}, []string{"-1,083"}, 1},
		{"MetaTrader's sides", []datasource.Value{row("symbol", "EURUSD", "type", "1", "volume", "0.01")}, []string{"-1,083"}, 1},
		{"none", nil, []string{"no open positions"}, 0},
	} {
		base := desk(datasource.StateLive)
		var data []widgettest.Datum
		for i := range base.Len() {
			if name, e := base.Nth(i); name != "positions" {
				data = append(data, widgettest.Datum{Name: name, Entry: e})
			}
		}
		data = append(data, widgettest.Live("positions", widgettest.Array(c.rows...)))
		f := widgettest.Context(90, 10, widgettest.Snapshot(data...), theme.ProfileNone)
		w := mustNew(t, spec)
		if s := w.add(&f); s.n != c.n {
			t.Errorf("%s: %d positions are added up, want %d", c.name, s.n, c.n)
		}
		got := w.Render(f)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, got)
			}
		}
	}
}

func TestPrivate(t *testing.T) {
	f := widgettest.Context(90, 10, desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := mustNew(t, spec).Render(f); strings.ContainsAny(got, "0123456789") || !strings.Contains(got, "hidden") {
		t.Errorf("figures under a privacy policy:\n%s", got)
	}
}
