// Package indicators computes what traders lay over a price chart: averages,
// bands and oscillators, from bars, oldest first. Every line that it returns is
// as long as the bars; where an indicator has too few bars behind it the value
// is NaN, so that nothing is drawn that is not known.
//
// The sums are those of TA-Lib, by github.com/markcheno/go-talib.
package indicators

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	talib "github.com/markcheno/go-talib"
)

// Bar is one span of time. MS is its start in epoch milliseconds; Volume is 0
// where the producer gives none.
type Bar struct {
	MS                             int64
	Open, High, Low, Close, Volume float64
}

// Kind is a kind of indicator.
type Kind string

// The kinds.
const (
	SMA       Kind = "sma"       // simple moving average of the close
	EMA       Kind = "ema"       // exponential moving average of the close
	VWAP      Kind = "vwap"      // volume-weighted average price since the day began
	Bollinger Kind = "bollinger" // average and two deviations to each side
	RSI       Kind = "rsi"       // relative strength index, 0 to 100
	MACD      Kind = "macd"      // 12, 26, 9: the difference of averages and its signal
	ATR       Kind = "atr"       // average true range, in prices
)

// kinds lists them with the period that is usual, 0 for none, and whether they
// are drawn over the prices or in a panel of their own.
var kinds = [...]struct {
	kind   Kind
	period int
	over   bool
}{{SMA, 50, true}, {EMA, 20, true}, {VWAP, 0, true}, {Bollinger, 20, true}, {RSI, 14, false}, {MACD, 0, false}, {ATR, 14, false}}

// Kinds returns the names of the kinds, in the order of menus.
func Kinds() []string {
	out := make([]string, len(kinds))
	for i := range kinds {
		out[i] = string(kinds[i].kind)
	}
	return out
}

// maxPeriod bounds a period: more bars than that are never kept.
const maxPeriod = 1000

// Indicator is one line, or a few that belong together.
type Indicator struct {
	Kind   Kind
	Period int // in bars; 0 where the kind has none
}

// Parse reads "ema 20", "rsi" or "vwap". An error says what is wrong.
func Parse(s string) (Indicator, error) {
	name, rest, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), " ")
	for _, k := range kinds {
		if string(k.kind) != name {
			continue
		}
		in := Indicator{Kind: k.kind, Period: k.period}
		if rest = strings.TrimSpace(rest); rest == "" {
			return in, nil
		}
		n, err := strconv.Atoi(rest)
		switch {
		case k.period == 0:
			return in, fmt.Errorf("indicator %q takes no period", name)
		case err != nil || n < 2 || n > maxPeriod:
			return in, fmt.Errorf("%q is not a period of %s: use 2 to %d bars", rest, name, maxPeriod)
		}
		in.Period = n
		return in, nil
	}
	return Indicator{}, fmt.Errorf("unknown indicator %q (one of %s)", name, strings.Join(Kinds(), ", "))
}

// String is the inverse of Parse.
func (in Indicator) String() string {
	if in.Period == 0 {
		return string(in.Kind)
	}
	return string(in.Kind) + " " + strconv.Itoa(in.Period)
}

// Label is what a chart calls it: "EMA 20", "Bollinger 20".
func (in Indicator) Label() string {
	name := strings.ToUpper(string(in.Kind))
	if in.Kind == Bollinger {
		name = "Bollinger"
	}
	if in.Period == 0 {
		return name
	}
	return name + " " + strconv.Itoa(in.Period)
}

// Over reports whether it is drawn over the prices; else it has a panel of its
// own below them.
func (in Indicator) Over() bool {
	for _, k := range kinds {
		if k.kind == in.Kind {
			return k.over
		}
	}
	return false
}

// Lines computes the indicator: the line that is read off first, then those
// that go with it (Bollinger: upper and lower band; MACD: signal). loc is where
// a day of VWAP begins.
func (in Indicator) Lines(bars []Bar, loc *time.Location) [][]float64 {
	n := len(bars)
	need := in.Period
	if in.Kind == MACD {
		need = 34
	}
	if n == 0 || n <= need && in.Kind != VWAP {
		return [][]float64{unknown(n)}
	}
	switch in.Kind {
	case SMA:
		return [][]float64{maskFirst(talib.Sma(closingPrices(bars), in.Period), in.Period-1)}
	case EMA:
		return [][]float64{maskFirst(talib.Ema(closingPrices(bars), in.Period), in.Period-1)}
	case VWAP:
		return [][]float64{vwap(bars, loc)}
	case Bollinger:
		upper, middle, lower := talib.BBands(closingPrices(bars), in.Period, 2, 2, talib.SMA)
		return [][]float64{maskFirst(middle, in.Period-1), maskFirst(upper, in.Period-1), maskFirst(lower, in.Period-1)}
	case RSI:
		return [][]float64{maskFirst(talib.Rsi(closingPrices(bars), in.Period), in.Period)}
	case MACD:
		line, signal, _ := talib.Macd(closingPrices(bars), 12, 26, 9)
		return [][]float64{maskFirst(line, 33), maskFirst(signal, 33)}
	case ATR:
		high, low := make([]float64, n), make([]float64, n)
		for i, b := range bars {
			high[i], low[i] = b.High, b.Low
		}
		return [][]float64{maskFirst(talib.Atr(high, low, closingPrices(bars), in.Period), in.Period)}
	}
	return [][]float64{unknown(n)}
}

func closingPrices(bars []Bar) []float64 {
	out := make([]float64, len(bars))
	for i := range bars {
		out[i] = bars[i].Close
	}
	return out
}

// maskFirst makes the first values, which the library leaves at zero, unknown.
func maskFirst(line []float64, first int) []float64 {
	for i := range min(first, len(line)) {
		line[i] = math.NaN()
	}
	return line
}

func unknown(n int) []float64 {
	line := make([]float64, n)
	for i := range line {
		line[i] = math.NaN()
	}
	return line
}

// vwap weighs the typical price of each bar by its volume, from the beginning
// of each day. Without any volume it is unknown.
func vwap(bars []Bar, loc *time.Location) []float64 {
	out := unknown(len(bars))
	day, value, volume := 0, 0.0, 0.0
	for i, b := range bars {
		if d := time.UnixMilli(b.MS).In(loc).YearDay(); d != day {
			day, value, volume = d, 0, 0
		}
		value += (b.High + b.Low + b.Close) / 3 * b.Volume
		volume += b.Volume
		if volume > 0 {
			out[i] = value / volume
		}
	}
	return out
}
