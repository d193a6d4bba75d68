package field

import (
	"testing"
	"time"

	"ticktop/datasource"
)

func num(t testing.TB, s string) datasource.Number {
	t.Helper()
	n, ok := datasource.ParseNumber(s)
	if !ok {
		t.Fatalf("%q is not a number", s)
	}
	return n
}

func TestLabel(t *testing.T) {
	for name, want := range map[string]string{
		"equity": "Equity", "free_margin": "Free margin", "pnl_day": "PnL day", "day_pnl": "PnL day", "freeMargin": "Free margin",
		"margin_level_pct": "Margin level", "latency_p99_ms": "Latency p99", "open_orders": "Open orders", "account.id": "Account ID",
		"EURUSD": "EURUSD", "x": "X", "_": "_", "": "", "größe": "Größe", "unrealizedPnL": "Unrealized PnL", "drawdown_pct": "Drawdown",
		"97258.50": "97258.50", "BRK.B": "BRK.B", "EUR/USD": "EUR/USD", "SHIB-USDT": "SHIB-USDT", "BTC_USDT_240628": "BTC_USDT_240628", "OANDA:EUR_USD": "OANDA:EUR_USD",
		"2026-11-27": "2026-11-27", "free margin": "Free margin", // case 13
	} {
		if got := Label(name); got != want {
			t.Errorf("Label(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestGuess(t *testing.T) {
	tests := []struct {
		name  string
		class Class
		unit  string
	}{
		{"equity", Money, ""}, {"free_margin", Money, ""}, {"margin_level", Percent, "%"}, {"pnl_open", Signed, ""}, {"pnl_pct", Change, "%"},
		{"change_pct", Change, "%"}, {"drawdown_pct", Percent, "%"}, {"open_orders", Count, ""}, {"latency_p99_ms", Duration, "ms"},
		{"open_time", Time, ""}, {"open", Price, ""}, {"symbol", Name, ""}, {"side", Side, ""}, {"volume", Volume, ""}, {"note", Plain, ""},
		{"current_price", Price, ""}, {"exposure", Money, ""}, {"updated_at", Time, ""}, {"margin_use_pct", Percent, "%"}, {"margin_use", Percent, "%"}, {"used_margin", Money, ""}, {"drawdown", Percent, "%"}, {"", Plain, ""},
	}
	for _, tt := range tests {
		if class, unit := Guess(tt.name); class != tt.class || unit != tt.unit {
			t.Errorf("Guess(%q) = %d %q, want %d %q", tt.name, class, unit, tt.class, tt.unit)
		}
	}
}

func TestFormats(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 31, 7, 0, time.UTC)
	text := func(s string) datasource.Value {
		return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, 0)}
	}
	number := func(s string) datasource.Value {
		return datasource.Value{Type: datasource.TypeNumber, Num: num(t, s)}
	}
	tests := []struct {
		format, name string
		value        datasource.Value
		want         string
	}{
		{"", "equity", number("48911.2"), "48,911.20"}, {"", "equity", number("0.00012"), "0.00012"}, {"", "pnl_day", number("412.1"), "+412.10"},
		{"", "pnl_day", number("660.4499999999999"), "+660.45"}, {"", "margin_level", number("4042"), "4,042%"}, {"", "orders", number("3"), "3"},
		{"", "latency_ms", number("41"), "41 ms"}, {"percent:1", "x", number("1.25"), "1.2%"}, {"ratio", "x", number("0.0125"), "1.25%"},
		{"bps", "x", number("12.5"), "12.5 bp"}, {"compact", "x", number("48911"), "48.9k"}, {"compact:2", "x", number("-1234567"), "-1.23M"},
		{"compact", "x", number("12"), "12"}, {"fixed:3", "x", number("1.0005"), "1.000"}, {"duration:h", "x", number("4"), "4 h"},
		{"time", "x", number("1795426267"), "09:31:07"}, {"time", "x", number("1795426267000"), "09:31:07"}, {"time", "x", text("2026-11-22T09:31:07Z"), "Nov 22 09:31"},
		{"time", "x", number("292277026596"), "1979-04-06"}, {"time", "x", number("0"), "0"}, {"side", "x", text("buy"), "BUY"}, {"", "note", text("a b"), "a b"}, {"", "note", datasource.Value{Type: datasource.TypeNull}, "–"},
		{"", "note", datasource.Value{Type: datasource.TypeObject}, "0 fields"}, {"", "ok", datasource.Value{Type: datasource.TypeBool, Bool: true}, "true"},
	}
	for _, tt := range tests {
		f, err := Parse(tt.format, tt.name)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(f.Append(nil, &tt.value, now)); got != tt.want {
			t.Errorf("%q of %q: got %q, want %q", tt.format, tt.name, got, tt.want)
		}
	}
	for _, bad := range []string{"mony", "fixed:16", "fixed:-1"} {
		if _, err := Parse(bad, ""); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	if got := string(Format{}.Append(nil, nil, now)); got != Absent {
		t.Errorf("nothing is shown as %q", got)
	}
}

func TestAtAndCompact(t *testing.T) {
	n := datasource.Value{Type: datasource.TypeNumber, Num: num(t, "1.10")}
	field := func(name string, v datasource.Value) datasource.Field {
		return datasource.Field{Name: datasource.Clean(name, 0), Value: v}
	}
	object := func(f ...datasource.Field) datasource.Value {
		return datasource.Value{Type: datasource.TypeObject, Fields: f}
	}
	list := datasource.Value{Type: datasource.TypeArray, Items: []datasource.Value{object(field("bid", n)), {Type: datasource.TypeNull}}}
	v := object(field("results", list), field("a.b", n), field("a", object(field("b", list))))
	for path, want := range map[string]string{
		"": "{results: [{bid: 1.10}, null], a.b: 1.10, a: {b: [{bid: 1.10}, null]}}", "results.0.bid": "1.10", "a.b": "1.10", "a.b.0": "{bid: 1.10}", "results.1": "null", "results.2": "", "results.x": "",
		"results.-1": "", "nothing": "", "a.c": "",
	} {
		got := ""
		if at := At(&v, path); at != nil {
			got = string(AppendCompact(nil, at))
		}
		if got != want {
			t.Errorf("At(%q): got %q, want %q", path, got, want)
		}
	}
	deep := n
	for range 40 {
		deep = datasource.Value{Type: datasource.TypeArray, Items: []datasource.Value{deep}}
	}
	if got := string(AppendCompact(nil, &deep)); got != "[[[[[…]]]]]" {
		t.Errorf("a deep value: %q", got)
	}
	if At(nil, "x") != nil {
		t.Error("nothing has a part")
	}
}
