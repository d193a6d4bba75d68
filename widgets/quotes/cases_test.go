package quotes

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// cells renders one quote and returns the texts of its row, blanks folded.
func cells(t *testing.T, s Spec, width int, data ...widgettest.Datum) []string {
	t.Helper()
	lines := strings.Split(widget(t, s).Render(widgettest.Context(width, 4+len(data), widgettest.Snapshot(data...), theme.ProfileNone)), "\n")
	var rows []string
	for _, line := range lines[1 : len(lines)-1] {
		if text := strings.Join(strings.Fields(strings.Trim(line, "│")), " "); text != "" {
			rows = append(rows, text)
		}
	}
	return rows
}

func quote(symbol string, pairs ...any) widgettest.Datum {
	return widgettest.Live("quote."+symbol, widgettest.Object(pairs...))
}

// TestCases: inputs of other people's producers, and what has to be shown.
func TestCases(t *testing.T) {
	columns := []string{"symbol", "last", "bid", "ask", "spread"}
	for _, tt := range []struct {
		name string
		in   widgettest.Datum
		want string
	}{
		{"case 7: exponents", quote("PEPEUSD", "bid", "1.23e-06", "ask", "1.24e-06"), "PEPEUSD 0.000001235 0.00000123 0.00000124 0.00000001"},
		{"case 7: smaller", quote("X", "last", "2.5e-11"), "X 0.000000000025 – – –"},
		{"case 8: noise", quote("AAPL", "bid", "231.05", "ask", "231.07000000000002"), "AAPL 231.06 231.05 231.07 0.02"},
		{"case 8: its own digits", quote("BTCUSDT", "last", "97225.12345678"), "BTCUSDT 97,225.12345678 – – –"},
		{"case 9: a pair", quote("EURUSD", "bid", "1.08", "ask", "1.0801"), "EURUSD 1.08005 1.0800 1.0801 1.0 pip"},
		{"case 9: like the yen", quote("USDJPY", "bid", "156.21", "ask", "156.225"), "USDJPY 156.218 156.210 156.225 1.5 pip"},
		{"case 9: crypto", quote("BTCUSD", "bid", "97225.10", "ask", "97225.60"), "BTCUSD 97,225.35 97,225.10 97,225.60 0.50"},
		{"case 9: a share", quote("AAPL", "bid", "231.20", "ask", "231.25"), "AAPL 231.23 231.20 231.25 0.05"},
		{"case 9: an index", quote("US500", "bid", "6000", "ask", "6001"), "US500 6,000.5 6,000 6,001 1"},
		{"case 13: a name that is data", quote("BRK.B", "last", "412.10"), "BRK.B 412.10 – – –"},
		{"case 15: one last price", quote("EURUSD", "last", "1.0834"), "EURUSD 1.0834 – – –"},
		{"case 15: a bare number", widgettest.Live("quote.EURUSD", widgettest.Num("1.0834")), "EURUSD 1.0834 – – –"},
		{"case 15: ltp", quote("RELIANCE", "ltp", "2931.40"), "RELIANCE 2,931.40 – – –"},
		{"case 3: zero last", quote("EURUSD", "bid", "1.0834", "ask", "1.0836", "last", "0.0"), "EURUSD 1.0835 1.0834 1.0836 2.0 pip"},
		{"case 3: zero sides", quote("DAX", "bid", "0", "ask", "0", "last", "19328.5"), "DAX 19,328.5 – – –"},
	} {
		if got := cells(t, Spec{Data: "quote", Columns: columns}, 120, tt.in)[1]; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestUnits: the configuration's units of spreads.
func TestUnits(t *testing.T) {
	spec := Spec{Data: "quote", Columns: []string{"symbol", "spread"}, Spread: "bp", Units: map[string]string{"XAUUSD": "ct", "US500": "pt", "ES": "tick=0.25"}}
	for _, tt := range []struct {
		in   widgettest.Datum
		want string
	}{
		{quote("XAUUSD", "bid", "2404.00", "ask", "2404.28"), "XAUUSD 28 ct"},
		{quote("XAGUSD", "bid", "28.657", "ask", "28.680"), "XAGUSD 8.0 bp"},
		{quote("US500", "bid", "5967.0", "ask", "5967.7"), "US500 0.7 pt"},
		{quote("ES", "bid", "5967.25", "ask", "5967.75"), "ES 2.0 tick"},
	} {
		if got := cells(t, spec, 60, tt.in)[1]; got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	for _, bad := range []string{"foo", "tick=0", "tick=x", "=1"} {
		if _, err := New(Spec{Data: "q", Units: map[string]string{"A": bad}}); err == nil {
			t.Errorf("the unit %q is accepted", bad)
		}
	}
}

// TestShapes: one datum that holds many quotes.
func TestShapes(t *testing.T) {
	q := func(symbol, bid string) datasource.Value {
		return widgettest.Object("symbol", symbol, "bid", bid, "ask", bid)
	}
	messages := datasource.Value{Type: datasource.TypeMessages}
	for _, bid := range []string{"3.0", "2.0", "1.0"} {
		messages.Messages = append(messages.Messages, datasource.Message{At: widgettest.Now, Value: q("EURUSD", bid)})
	}
	messages.Messages = append(messages.Messages, datasource.Message{Value: q("EUR/USD", "4.0")})
	for _, tt := range []struct {
		name string
		in   datasource.Value
		want []string
	}{
		{"a hash of JSON", widgettest.Object("EURUSD", q("EURUSD", "1.1"), "BRK.B", q("BRK.B", "412.1")), []string{"EURUSD 1.1", "BRK.B 412.1"}},
		{"a hash of prices", widgettest.Object("EUR/USD", "1.1", "97258.50", "2"), []string{"EUR/USD 1.1", "97258.50 2"}},
		{"an array of objects", widgettest.Array(q("EURUSD", "1.1"), q("GBPUSD", "1.3")), []string{"EURUSD 1.1", "GBPUSD 1.3"}},
		{"the newest messages", messages, []string{"EURUSD 3.0", "EUR/USD 4.0"}},
		{"one object", q("EURUSD", "1.1"), []string{"EURUSD 1.1"}},
		{"the end of a series", widgettest.Series(3, time.Second, func(i int) float64 { return float64(i) + 0.5 }), []string{"quotes 2.5"}},
	} {
		got := cells(t, Spec{Data: "quotes", Columns: []string{"symbol", "last"}}, 60, widgettest.Live("quotes", tt.in))[1:]
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestOldPrices: a price that is not from now is marked and tells its age at
// every width (case 6).
func TestOldPrices(t *testing.T) {
	for _, tt := range []struct {
		name  string
		stamp time.Time
		words string // on a wide panel
		age   string // on every
	}{
		{"case 6: years", time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), "from 1 Jan 2020 00:00 UTC · 6 years old", "6 y"},
		{"case 6: last Friday", time.Date(2026, 11, 20, 21, 59, 0, 0, time.UTC), "from Fri 20 Nov 21:59 UTC · 2 days old", "2 d"},
		{"case 6: minutes", widgettest.Now.Add(-10 * time.Minute), "10 min", "10 min"},
	} {
		d := quote("X", "bid", "1.27", "ask", "1.28", "change_pct", "0.5")
		d.Entry.Stamp, d.Entry.Expires = tt.stamp, time.Time{}
		for width := 100; width >= 20; width -= 4 {
			row := cells(t, Spec{Data: "quote"}, width, d)[1]
			if !strings.Contains(row, "○") || !strings.Contains(row, tt.age[:len(tt.age)-1]) {
				t.Errorf("%s: at %d cells the row is %q", tt.name, width, row)
			}
			if width == 100 && !strings.Contains(row, tt.words) {
				t.Errorf("%s: the row says %q, want %q", tt.name, row, tt.words)
			}
		}
	}
	unknown := quote("X", "bid", "1.27", "ask", "1.28")
	unknown.Entry.Marks = datasource.MarkStampUnknown
	if got := cells(t, Spec{Data: "quote"}, 60, unknown)[1]; !strings.HasSuffix(got, " ?") {
		t.Errorf("an unknown age: %q", got)
	}
}

// TestGroups: headings, the day's range and the own positions.
func TestGroups(t *testing.T) {
	w := widget(t, Spec{Data: "quote", Title: "Watchlist", Spark: "price", Mine: "positions", Units: map[string]string{"XAUUSD": "ct"},
		Groups: []Group{{"FX", []string{"EURUSD", "USDJPY"}}, {"METALS", []string{"XAUUSD"}}}})
	day := func(symbol string, state datasource.State, bid, ask, open, low, high string) []widgettest.Datum {
		return []widgettest.Datum{
			widgettest.In(state, "quote."+symbol, widgettest.Object("bid", widgettest.Moved(bid, 1, time.Minute), "ask", ask, "open", open, "low", low, "high", high)),
			widgettest.Live("price."+symbol, widgettest.Series(60, time.Minute, widgettest.Walk(uint64(len(bid)), 100, 0, 1, 2))),
		}
	}
	var data []widgettest.Datum
	data = append(data, day("XAUUSD", datasource.StateLive, "2404.00", "2404.28", "2406.00", "2398.10", "2412.90")...)
	data = append(data, day("EURUSD", datasource.StateLive, "1.08389", "1.08400", "1.08341", "1.08100", "1.08481")...)
	data = append(data, day("GER40", datasource.StateStale, "19328.0", "19329.0", "19300.0", "19200.0", "19400.0")...)
	data = append(data, day("USDJPY", datasource.StateFallback, "156.928", "156.944", "156.400", "156.200", "157.000")...)
	data[4].Entry.Stamp = time.Date(2026, 11, 17, 21, 59, 0, 0, time.UTC)
	data[4].Entry.Changed = widgettest.Now
	data = append(data, widgettest.Live("positions", widgettest.Positions()))
	snap := widgettest.Snapshot(data...)
	for _, size := range [][2]int{{92, 10}, {66, 10}, {42, 10}, {24, 8}} {
		for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
			f := widgettest.Context(size[0], size[1], snap, profile)
			f.Selected = datasource.Clean("EURUSD", 0)
			widgettest.Golden(t, "grouped-"+profile.String()+"-"+map[int]string{92: "92x10", 66: "66x10", 42: "42x10", 24: "24x8"}[size[0]], w.Render(f), size[0], size[1])
		}
	}
	f := widgettest.Context(92, 10, snap, theme.ProfileNone)
	f.Focused = true
	if row, ok := w.RowAt(f, 2); ok {
		t.Errorf("a heading is row %d", row)
	}
	if row, _ := w.RowAt(f, 3); row != 0 {
		t.Errorf("below the heading is row %d", row)
	}
	f.View.Cursor = 2
	if sym, ok := w.Selects(f); !ok || sym.String() != "XAUUSD" {
		t.Errorf("the third row selects %q", sym)
	}
	widgettest.Sweep(t, w, snap)
	widgettest.Hostile(t, w, snap)
}
