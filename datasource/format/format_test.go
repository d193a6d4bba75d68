package format

import (
	"testing"
	"time"

	"ticktop/datasource"
)

func numbers(t testing.TB, in ...string) []datasource.Number {
	t.Helper()
	out := make([]datasource.Number, len(in))
	for i, s := range in {
		out[i] = number(t, s)
	}
	return out
}

func TestDecimals_OneDecisionForAColumn(t *testing.T) {
	for _, c := range []struct {
		in   []string
		want int
	}{
		{nil, 0},
		{[]string{"231.05", "231.07000000000002"}, 2}, // case 8
		{[]string{"97225.12345678", "97225.1"}, 8},
		{[]string{"1.23e-06", "1.24e-06"}, 8}, // case 7
		{[]string{"1.0834", "1.08353"}, 5},
		{[]string{"6000", "6001"}, 0},
		{[]string{"1.5", "48211.333333333336"}, 1},
		{[]string{"48211.333333333336"}, 2},
		{[]string{"0.3333333333333333"}, 5},
		{[]string{"NaN", "1.10"}, 2},
		{[]string{"1.5e-18", "2"}, 15},
	} {
		if got := Decimals(numbers(t, c.in...)); got != c.want {
			t.Errorf("%v: %d decimals, want %d", c.in, got, c.want)
		}
	}
	if got := Decimals([]datasource.Number{number(t, "0.1234567890123456").AsQuoted()}); got != 15 {
		t.Errorf("digits in quotes: %d decimals", got)
	}
}

func TestSpread_Case9(t *testing.T) {
	for _, c := range []struct {
		symbol, bid, ask string
		unit             SpreadUnit
		want             string
	}{
		{"EURUSD", "1.08", "1.0801", SpreadAuto, "1.0 pip"},
		{"EURUSD", "1.08342", "1.08353", SpreadAuto, "1.1 pip"},
		{"USDJPY", "156.21", "156.225", SpreadAuto, "1.5 pip"},
		{"OANDA:USD_HUF", "361.20", "361.45", SpreadAuto, "25.0 pip"},
		{"BTCUSD", "97225.10", "97225.60", SpreadAuto, "0.50"},
		{"XAUUSD", "2650.1", "2650.4", SpreadAuto, "0.3"},
		{"AAPL", "231.20", "231.25", SpreadAuto, "0.05"},
		{"AAPL", "231.05", "231.07000000000002", SpreadAuto, "0.02"}, // case 8
		{"US500", "6000", "6001", SpreadAuto, "1"},
		{"SHIBUSDT", "1.23e-06", "1.24e-06", SpreadAuto, "0.00000001"},
		{"EURUSD", "1.0800", "1.0801", SpreadPrice, "0.0001"},
		{"BTCUSD", "97225.10", "97225.60", SpreadBP, "0.1 bp"},
		{"AAPL", "100", "100.1", SpreadBP, "10.0 bp"},
		{"EURUSD", "1.08", "1.08", SpreadAuto, "0.0 pip"},
		{"EURUSD", "1.0801", "1.08", SpreadAuto, "-1.0 pip"},
	} {
		got, ok := Spread(number(t, c.bid), number(t, c.ask), c.symbol, c.unit)
		if !ok || got != c.want {
			t.Errorf("%s %s/%s: %q, want %q", c.symbol, c.bid, c.ask, got, c.want)
		}
	}
	if _, ok := Spread(number(t, "NaN"), number(t, "1"), "EURUSD", SpreadAuto); ok {
		t.Error("NaN has a spread")
	}
	if _, ok := Spread(datasource.Number{}, number(t, "1"), "EURUSD", SpreadAuto); ok {
		t.Error("a quote without a bid has a spread")
	}
}

func TestRateScale_Case40(t *testing.T) {
	rates := func(in ...string) (out []Rate) {
		for i := 0; i < len(in); i += 2 {
			out = append(out, Rate{in[i], number(t, in[i+1])})
		}
		return out
	}
	for _, c := range []struct {
		name   string
		beside []Rate
		want   Scale
	}{
		{"win_rate", rates("win_rate", "0.57", "max_drawdown", "-0.082"), ScaleFraction},
		{"max_drawdown", rates("win_rate", "57.2", "max_drawdown", "-0.082"), ScalePercent},
		{"max_drawdown", rates("max_drawdown", "-12.5"), ScalePercent},
		{"win_rate", rates("win_rate", "0.57"), ScaleUnknown},
		{"profit_pct", rates("profit_pct", "0.5"), ScalePercent},
		{"fill_ratio", rates("fill_ratio", "0.5"), ScaleFraction},
		{"sharpe_ratio", rates("sharpe_ratio", "0.5"), ScaleUnknown},
		{"equity", rates("equity", "0.5"), ScaleUnknown},
		{"hitRate", rates("hitRate", "0.5", "drawdown", "0", "balance", "48000"), ScaleUnknown},
	} {
		if got := RateScale(c.name, c.beside); got != c.want {
			t.Errorf("%s beside %v: scale %d, want %d", c.name, c.beside, got, c.want)
		}
	}
}

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{Age(0), "now"}, {Age(34 * time.Second), "34 s"}, {Age(119 * time.Minute), "119 min"}, {Age(47 * time.Hour), "47 h"},
		{Age(6 * 365 * day), "5 y"}, {Age(7*365*day - 2*day), "6 y"}, {Age(729 * day), "729 d"},
		{Left(-1), "0 s"}, {Left(1), "1 s"}, {Left(119 * time.Second), "119 s"}, {Left(3 * time.Minute), "3 min"},
		{Span(1234 * time.Millisecond), "1.2 s"}, {Span(34 * time.Second), "34 s"}, {Span(-1), "0.0 s"}, {Span(3 * time.Hour), "3 h"},
		{Latency(300 * time.Microsecond), "0.3 ms"}, {Latency(41 * time.Millisecond), "41 ms"}, {Latency(1200 * time.Millisecond), "1.2 s"},
		{Interval(day), "1 d"}, {Interval(4 * time.Hour), "4 h"}, {Interval(5 * time.Minute), "5 min"}, {Interval(90 * time.Second), "90 s"}, {Interval(250 * time.Millisecond), "250 ms"},
		{Stopwatch(65 * time.Second), "1:05"}, {Stopwatch(3665 * time.Second), "1:01:05"},
		{Bytes(512), "512 B"}, {Bytes(300 << 10), "300 KB"}, {Bytes(100 << 20), "100 MB"}, {Bytes(3 << 29), "1.5 GB"},
		{Count(1012), "1,012"}, {Count(-1012), "-1,012"}, {Count(-101), "-101"}, {Counted(1, "member"), "1 member"}, {Counted(1000000, "member"), "1,000,000 members"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestClock_DateWhereTheDayChanges(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		t    time.Time
		want string
	}{
		{now.Add(-time.Hour), "08:00:00"},
		{now.Add(-20 * time.Hour), "22 Nov 13:00"},
		{now.AddDate(-6, 0, 0), "23 Nov 2020"},
		{time.Time{}, "never"},
	} {
		if got := Clock(c.t, now); got != c.want {
			t.Errorf("%v: %q, want %q", c.t, got, c.want)
		}
	}
}
