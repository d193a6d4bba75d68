package candles

import (
	"math"
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/field"
	"ticktop/widgets/indicators"
)

// Bar is one candle. A span of time without a price has none.
type Bar = indicators.Bar

// up reports whether the price rose, or stayed.
func up(b Bar) bool { return b.Close >= b.Open }

// Aggregate puts prices, oldest first, into candles of an interval, oldest
// first. offset is the zone's, in milliseconds: days begin at midnight there.
// The first candle opens where the one before it closed when they touch, as
// charts of ticks do; NaN and infinities are left out.
func Aggregate(pts []datasource.Point, interval time.Duration, offset int64) []Bar {
	step := max(interval.Milliseconds(), 1)
	bars := make([]Bar, 0, min(len(pts), 512))
	for _, p := range pts {
		if math.IsNaN(p.V) || math.IsInf(p.V, 0) {
			continue
		}
		b := Bar{MS: floor(p.MS+offset, step) - offset, Open: p.V, High: p.V, Low: p.V, Close: p.V}
		n := len(bars)
		touches := n > 0 && bars[n-1].MS+step == b.MS
		if touches {
			b.Open = bars[n-1].Close
			b.High, b.Low = max(b.High, b.Open), min(b.Low, b.Open)
		}
		bars = join(bars, b)
	}
	return bars
}

// regroup puts finer bars, oldest first, into longer ones.
func regroup(bars []Bar, interval time.Duration, offset int64) []Bar {
	step := max(interval.Milliseconds(), 1)
	out := make([]Bar, 0, len(bars))
	for _, b := range bars {
		b.MS = floor(b.MS+offset, step) - offset
		out = join(out, b)
	}
	return out
}

// join appends a bar, or adds it to the last one when it belongs to its span,
// or came late.
func join(bars []Bar, b Bar) []Bar {
	n := len(bars)
	if n == 0 || bars[n-1].MS < b.MS {
		return append(bars, b)
	}
	last := &bars[n-1]
	last.High, last.Low, last.Close = max(last.High, b.High), min(last.Low, b.Low), b.Close
	last.Volume += b.Volume
	return bars
}

// floor rounds down to a multiple, also below zero.
func floor(n, step int64) int64 {
	r := n % step
	if r < 0 {
		r += step
	}
	return n - r
}

// The names under which producers keep the parts of a bar and of a tick, the
// usual ones first.
var (
	timeNames   = []string{"ts", "time", "timestamp", "t", "T", "open_time"}
	openNames   = []string{"open", "o", "Open"}
	highNames   = []string{"high", "h", "High"}
	lowNames    = []string{"low", "l", "Low"}
	closeNames  = []string{"close", "c", "Close"}
	volumeNames = []string{"volume", "v", "tick_volume", "vol", "Volume"}
	priceNames  = []string{"price", "last", "mid", "value", "p", "Price", "close"}
	bidNames    = []string{"bid", "b", "bidPrice"}
	askNames    = []string{"ask", "a", "askPrice"}
)

// named returns the first of the named fields.
func named(v *datasource.Value, names []string) (*datasource.Value, bool) {
	for _, name := range names {
		if f, ok := v.Field(name); ok {
			return f, true
		}
	}
	return nil, false
}

// number returns the first of the named fields that is a finite number.
func number(v *datasource.Value, names []string) (float64, bool) {
	for _, name := range names {
		if f, ok := v.Field(name); ok {
			if n, ok := f.Number(); ok && n.Finite() {
				return n.Float(), true
			}
		}
	}
	return 0, false
}

// history is what a value holds: prices, or bars. usable is false when it is of
// another shape.
type history struct {
	points []datasource.Point
	bars   []Bar
	usable bool
}

// historyOf reads a value, oldest first: a series as it is, bars and ticks out
// of messages or of an array of objects.
func historyOf(v *datasource.Value, name string) history {
	h := history{usable: true}
	switch v.Type {
	case datasource.TypeSeries:
		h.points = v.Points
	case datasource.TypeMessages:
		for _, m := range slices.Backward(v.Messages) { // newest first
			h.add(&m.Value, m.At, name)
		}
	case datasource.TypeArray:
		for i := range v.Items {
			h.add(&v.Items[i], time.Time{}, name)
		}
	default:
		h.usable = false
	}
	slices.SortStableFunc(h.bars, func(a, b Bar) int { return int(min(1, max(-1, a.MS-b.MS))) })
	return h
}

// add takes one bar or tick. One without a time is left out.
func (h *history) add(v *datasource.Value, at time.Time, name string) {
	if f, ok := named(v, timeNames); ok {
		if t, ok := field.TimeOf(f); ok {
			at = t
		}
	}
	if at.IsZero() {
		return
	}
	if b, ok := barOf(v); ok {
		b.MS = at.UnixMilli()
		h.bars = append(h.bars, b)
		return
	}
	if p, ok := price(v, name); ok {
		h.points = append(h.points, datasource.Point{MS: at.UnixMilli(), V: p})
	}
}

// barOf reads the four prices of a bar; ok is false when one is missing.
func barOf(v *datasource.Value) (b Bar, ok bool) {
	for _, part := range []struct {
		to    *float64
		names []string
	}{{&b.Open, openNames}, {&b.High, highNames}, {&b.Low, lowNames}, {&b.Close, closeNames}} {
		if *part.to, ok = number(v, part.names); !ok {
			return b, false
		}
	}
	b.Volume, _ = number(v, volumeNames)
	b.High, b.Low = max(b.High, b.Open, b.Close), min(b.Low, b.Open, b.Close)
	return b, true
}

// price returns the price of a tick or a quote: a number, the named field, or
// else its last price, or what lies between bid and ask, or the one of them
// that there is. A last price of zero beside another is no price.
func price(v *datasource.Value, name string) (float64, bool) {
	if n, ok := v.Number(); ok {
		return n.Float(), n.Finite()
	}
	if name != "" {
		return number(v, []string{name})
	}
	bid, hasBid := number(v, bidNames)
	ask, hasAsk := number(v, askNames)
	hasBid, hasAsk = hasBid && bid != 0, hasAsk && ask != 0
	if p, ok := number(v, priceNames); ok && (p != 0 || !hasBid && !hasAsk) {
		return p, true
	}
	switch {
	case hasBid && hasAsk:
		return (bid + ask) / 2, true
	case hasBid:
		return bid, true
	default:
		return ask, hasAsk
	}
}

// candles puts a history into candles of an interval.
func (h *history) candles(interval time.Duration, offset int64) []Bar {
	if len(h.bars) > 0 {
		return regroup(h.bars, interval, offset)
	}
	return Aggregate(h.points, interval, offset)
}

// resolution is the least distance of two bars, 0 when there are none: a chart
// cannot be finer than its data.
func (h *history) resolution() time.Duration {
	least := int64(0)
	for i := 1; i < len(h.bars); i++ {
		if d := h.bars[i].MS - h.bars[i-1].MS; d > 0 && (least == 0 || d < least) {
			least = d
		}
	}
	return time.Duration(least) * time.Millisecond
}
