package indicators

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, want, err string }{
		{"ema 20", "ema 20", ""},
		{" RSI ", "rsi 14", ""},
		{"vwap", "vwap", ""},
		{"vwap 3", "", "takes no period"},
		{"sma x", "", "use 2 to 1000 bars"},
		{"sma 1", "", "use 2 to 1000 bars"},
		{"hull 9", "", "unknown indicator"},
		{"", "", "unknown indicator"},
	} {
		got, err := Parse(c.in)
		switch {
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%q: %v, want %q", c.in, err, c.err)
		case c.err == "" && (err != nil || got.String() != c.want):
			t.Errorf("%q: %v %v, want %q", c.in, got, err, c.want)
		}
	}
}

// falling are bars whose close falls by one from 100.
func falling(n int) []Bar {
	bars := make([]Bar, n)
	for i := range bars {
		c := 100 - float64(i)
		bars[i] = Bar{MS: int64(i) * 60_000, Open: c + 1, High: c + 2, Low: c - 1, Close: c, Volume: 10}
	}
	return bars
}

func TestLines_KnownValues(t *testing.T) {
	bars := falling(60)
	last := func(in Indicator, line int) float64 {
		lines := in.Lines(bars, time.UTC)
		if len(lines[line]) != len(bars) {
			t.Fatalf("%s has %d values for %d bars", in, len(lines[line]), len(bars))
		}
		return lines[line][len(bars)-1]
	}
	for _, c := range []struct {
		in   Indicator
		line int
		want float64
	}{
		{Indicator{SMA, 5}, 0, 43}, // of 41 to 45
		{Indicator{EMA, 5}, 0, 43},
		{Indicator{RSI, 14}, 0, 0},
		{Indicator{ATR, 14}, 0, 3},
		{Indicator{Bollinger, 5}, 1, 43 + 2*math.Sqrt2},
		{Indicator{Bollinger, 5}, 2, 43 - 2*math.Sqrt2},
		{Indicator{VWAP, 0}, 0, 100 - 59.0/2 + 1.0/3},
		{Indicator{MACD, 0}, 0, -7},
	} {
		if got := last(c.in, c.line); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%s, line %d: %v, want %v", c.in, c.line, got, c.want)
		}
	}
}

// TestLines_TooFewBars: what is not known yet is NaN, never zero.
func TestLines_TooFewBars(t *testing.T) {
	for _, kind := range Kinds() {
		in, err := Parse(kind)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 80 {
			for _, line := range in.Lines(falling(n), time.UTC) {
				if len(line) != n {
					t.Fatalf("%s of %d bars has %d values", in, n, len(line))
				}
				for i, v := range line {
					if v == 0 && in.Kind != RSI {
						t.Errorf("%s of %d bars is 0 at %d", in, n, i)
					}
				}
				if n > 0 && in.Kind != VWAP && !math.IsNaN(line[0]) {
					t.Errorf("%s knows its first value", in)
				}
			}
		}
	}
}

func TestVWAP_BeginsAnewEachDay(t *testing.T) {
	bars := falling(3)
	bars[2].MS += 86_400_000
	got := Indicator{Kind: VWAP}.Lines(bars, time.UTC)[0]
	if want := (bars[2].High + bars[2].Low + bars[2].Close) / 3; got[2] != want {
		t.Errorf("the second day begins at %v, want %v", got[2], want)
	}
	for i := range bars {
		bars[i].Volume = 0
	}
	if got := (Indicator{Kind: VWAP}).Lines(bars, time.UTC)[0]; !math.IsNaN(got[2]) {
		t.Errorf("without volume it is %v", got[2])
	}
}
