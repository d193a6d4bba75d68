package widgettest

import (
	"math"
	"strconv"
	"time"

	"ticktop/datasource"
)

// Now is the moment of every fixed picture. It is far enough from any
// boundary that ages and ticks fall on different seconds.
var Now = time.Date(2026, 11, 23, 9, 31, 7, 0, time.UTC)

// Num returns a number; it panics on what isn't one.
func Num(s string) datasource.Value {
	n, ok := datasource.ParseNumber(s)
	if !ok {
		panic("widgettest: not a number: " + s)
	}
	return datasource.Value{Type: datasource.TypeNumber, Num: n}
}

// Moved returns a number that last moved in a direction, that long ago.
func Moved(s string, dir int8, ago time.Duration) datasource.Value {
	v := Num(s)
	v.Move = datasource.Move{Dir: dir, MS: Now.Add(-ago).UnixMilli()}
	return v
}

// Text returns text that passed the gate.
func Text(s string) datasource.Value {
	return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, datasource.MaxCell)}
}

// Bool returns true or false.
func Bool(b bool) datasource.Value { return datasource.Value{Type: datasource.TypeBool, Bool: b} }

// Object returns an object from names and values in turn. A string that is a
// number becomes one, as decode does it.
func Object(pairs ...any) datasource.Value {
	v := datasource.Value{Type: datasource.TypeObject}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(pairs[i].(string), datasource.MaxCell), Value: valueOf(pairs[i+1])})
	}
	return v
}

func valueOf(x any) datasource.Value {
	switch x := x.(type) {
	case datasource.Value:
		return x
	case bool:
		return Bool(x)
	case string:
		if n, ok := datasource.ParseNumber(x); ok {
			return datasource.Value{Type: datasource.TypeNumber, Num: n}
		}
		return Text(x)
	default:
		panic("widgettest: unknown kind of value")
	}
}

// Array returns a list.
func Array(items ...datasource.Value) datasource.Value {
	return datasource.Value{Type: datasource.TypeArray, Items: items}
}

// Series returns n samples, step apart, the last at Now.
func Series(n int, step time.Duration, at func(i int) float64) datasource.Value {
	v := datasource.Value{Type: datasource.TypeSeries, Points: make([]datasource.Point, n)}
	for i := range n {
		v.Points[i] = datasource.Point{MS: Now.Add(-time.Duration(n-1-i) * step).UnixMilli(), V: at(i)}
	}
	return v
}

// Walk returns a deterministic random walk around a start, rounded to
// decimals, for Series. drift and noise are per step.
func Walk(seed uint64, from, drift, noise float64, decimals int) func(int) float64 {
	state, v := seed*2862933555777941757+3037000493, from
	scale := math.Pow(10, float64(decimals))
	return func(int) float64 {
		sum := -2.0 // four uniforms make something like a bell
		for range 4 {
			state = state*6364136223846793005 + 1442695040888963407
			sum += float64(state>>11) / (1 << 53)
		}
		v += drift + noise*sum
		return math.Round(v*scale) / scale
	}
}

// Equity is four hours of an account's equity, one sample a minute.
func Equity() datasource.Value {
	return Series(241, time.Minute, Walk(7, 48_020, 3.7, 60, 2))
}

// Prices are two hours of XAUUSD, one sample every ten seconds.
func Prices() datasource.Value {
	return Series(721, 10*time.Second, Walk(11, 2_406, 0, 0.9, 2))
}

// Account is an account's hash.
func Account() datasource.Value {
	return Object("equity", Moved("48911.20", 1, 0), "balance", "48250.75", "margin", "1210.00", "free_margin", Moved("47701.20", 1, 4*time.Second),
		"margin_level", "4042", "pnl_open", Moved("660.45", 1, 0), "pnl_day", Moved("412.10", -1, 3*time.Second), "drawdown_pct", "-1.82",
		"exposure", "12500.00", "margin_used_pct", "2", "daily_loss_pct", "58", "daily_loss", "-580.00", "daily_loss_limit", "1000.00")
}

// Positions are four open positions.
func Positions() datasource.Value {
	row := func(symbol, side, volume, open, now, pnl string) datasource.Value {
		return Object("symbol", symbol, "side", side, "volume", volume, "open_price", open, "price", now, "pnl", pnl)
	}
	return Array(row("EURUSD", "BUY", "0.50", "1.08110", "1.08342", "116.00"), row("XAUUSD", "SELL", "0.10", "2411.30", "2405.85", "544.45"),
		row("USDJPY", "BUY", "0.20", "156.600", "156.412", "-24.04"), row("US500", "BUY", "1.00", "5957.4", "5981.4", "24.04"))
}

// Orders are two pending orders.
func Orders() datasource.Value {
	row := func(id, symbol, side, kind, volume, price, status string) datasource.Value {
		return Object("id", id, "symbol", symbol, "side", side, "type", kind, "volume", volume, "price", price, "status", status)
	}
	return Array(row("70011", "GBPUSD", "BUY", "limit", "0.30", "1.26800", "working"), row("70014", "XAUUSD", "BUY", "stop", "0.10", "2412.00", "partial"))
}

// Symbols are the symbols of the fixed market, in the order of its watch list.
func Symbols() []string {
	return []string{"EURUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCHF", "XAUUSD", "XAGUSD", "BTCUSD", "ETHUSD", "US500", "NAS100", "WTI"}
}

var bids = map[string][3]string{ // bid, ask, change in per cent
	"EURUSD": {"1.08342", "1.08353", "0.52"}, "GBPUSD": {"1.27113", "1.27126", "0.11"}, "USDJPY": {"156.412", "156.428", "0.14"},
	"AUDUSD": {"0.66120", "0.66127", "0.26"}, "USDCHF": {"0.88214", "0.88223", "0.02"}, "XAUUSD": {"2405.85", "2406.09", "0.41"},
	"XAGUSD": {"28.914", "28.917", "-0.04"}, "BTCUSD": {"97120.5", "97130.2", "0.32"}, "ETHUSD": {"3310.25", "3310.58", "-0.36"},
	"US500": {"5981.4", "5982.0", "0.18"}, "NAS100": {"20840.6", "20842.7", "0.21"}, "WTI": {"71.28", "71.29", "-0.15"},
}

// Quote is a symbol's quote; an unknown symbol has EURUSD's.
func Quote(symbol string) datasource.Value {
	q, ok := bids[symbol]
	if !ok {
		q = bids["EURUSD"]
	}
	dir := int8(1)
	if q[2][0] == '-' {
		dir = -1
	}
	return Object("symbol", symbol, "bid", Moved(q[0], dir, 0), "ask", Moved(q[1], dir, 0), "change_pct", q[2], "ts", strconv.FormatInt(Now.Add(-200*time.Millisecond).UnixMilli(), 10))
}

// Book is an order book of XAUUSD with five levels a side.
func Book() datasource.Value {
	level := func(price, size string) datasource.Value { return Array(Num(price), Num(size)) }
	return Object("symbol", "XAUUSD",
		"bids", Array(level("2405.85", "12.0"), level("2405.80", "30.5"), level("2405.70", "18.0"), level("2405.60", "44.0"), level("2405.40", "9.5")),
		"asks", Array(level("2406.09", "8.0"), level("2406.15", "22.0"), level("2406.25", "41.5"), level("2406.40", "15.0"), level("2406.60", "27.0")))
}

// Notifications are what the platform said, newest first.
func Notifications() datasource.Value {
	v := datasource.Value{Type: datasource.TypeMessages}
	for _, m := range []struct {
		ago         time.Duration
		level, text string
	}{
		{5 * time.Second, "WARN", "USDCHF silent for 30 s (usual: 0.4 s)"}, {9 * time.Second, "INFO", "pubsub rejoined after 1.2 s, 14 keys re-read"},
		{26 * time.Second, "FILL", "XAUUSD SELL 0.10 @ 2,411.30"}, {110 * time.Second, "INFO", "api: throttled (429), asking again in 12 s"},
		{157 * time.Second, "FILL", "EURUSD BUY 0.50 @ 1.08110"}, {192 * time.Second, "INFO", "margin call level moved to 80 %"},
		{235 * time.Second, "FILL", "USDJPY BUY 0.20 @ 156.600"}, {267 * time.Second, "INFO", "session opened: London"},
	} {
		v.Messages = append(v.Messages, datasource.Message{At: Now.Add(-m.ago), Value: Object("level", m.level, "text", m.text)})
	}
	return v
}
