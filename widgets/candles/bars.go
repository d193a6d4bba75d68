package candles

import (
	"math"
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/names"
	"ticktop/widgets/field"
	"ticktop/widgets/indicators"
)

// Bar is one candle. A span of time without a price has none.
type Bar = indicators.Bar

// isRising reports whether the price rose, or stayed.
func isRising(b Bar) bool { return b.Close >= b.Open }

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
		b := Bar{MS: floorTo(p.MS+offset, step) - offset, Open: p.V, High: p.V, Low: p.V, Close: p.V}
		n := len(bars)
		touches := n > 0 && bars[n-1].MS+step == b.MS
		if touches {
			b.Open = bars[n-1].Close
			b.High, b.Low = max(b.High, b.Open), min(b.Low, b.Open)
		}
		bars = mergeBar(bars, b)
	}
	return bars
}

// regroup puts finer bars, oldest first, into longer ones.
func regroup(bars []Bar, interval time.Duration, offset int64) []Bar {
	step := max(interval.Milliseconds(), 1)
	out := make([]Bar, 0, len(bars))
	for _, b := range bars {
		b.MS = floorTo(b.MS+offset, step) - offset
		out = mergeBar(out, b)
	}
	return out
}

// mergeBar appends a bar, or adds it to the last one when it belongs to its span,
// or came late.
func mergeBar(bars []Bar, b Bar) []Bar {
	n := len(bars)
	if n == 0 || bars[n-1].MS < b.MS {
		return append(bars, b)
	}
	last := &bars[n-1]
	last.High, last.Low, last.Close = max(last.High, b.High), min(last.Low, b.Low), b.Close
	last.Volume += b.Volume
	return bars
}

// floorTo rounds down to a multiple, also below zero.
func floorTo(n, step int64) int64 {
	r := n % step
	if r < 0 {
		r += step
	}
	return n - r
}

// barNumber returns a part of an object as a finite number.
func barNumber(v *datasource.Value, part names.Standard) (float64, bool) {
	n, ok := names.Number(v, part)
	return n.Float(), ok && n.Finite()
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
			h.addSample(&m.Value, m.At, name)
		}
	case datasource.TypeArray:
		for i := range v.Items {
			h.addSample(&v.Items[i], time.Time{}, name)
		}
	default:
		h.usable = false
	}
	slices.SortStableFunc(h.bars, func(a, b Bar) int { return int(min(1, max(-1, a.MS-b.MS))) })
	h.bars = lastOfEach(h.bars)
	return h
}

// lastOfEach keeps of bars of one time the last: a producer that writes a bar
// again and again while it grows says the whole of it each time.
func lastOfEach(bars []Bar) []Bar {
	out := bars[:0]
	for i := range bars {
		if i+1 == len(bars) || bars[i+1].MS != bars[i].MS {
			out = append(out, bars[i])
		}
	}
	return out
}

// addSample takes one bar or tick. One without a time is left out.
func (h *history) addSample(v *datasource.Value, at time.Time, name string) {
	if f, ok := names.Find(v, names.Time); ok {
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
	if p, ok := priceOf(v, name); ok {
		h.points = append(h.points, datasource.Point{MS: at.UnixMilli(), V: p})
	}
}

// barOf reads the four prices of a bar; ok is false when one is missing.
func barOf(v *datasource.Value) (b Bar, ok bool) {
	for _, part := range []struct {
		to *float64
		is names.Standard
	}{{&b.Open, names.Open}, {&b.High, names.High}, {&b.Low, names.Low}, {&b.Close, names.Close}} {
		if *part.to, ok = barNumber(v, part.is); !ok {
			return b, false
		}
	}
	b.Volume, _ = barNumber(v, names.Volume)
	b.High, b.Low = max(b.High, b.Open, b.Close), min(b.Low, b.Open, b.Close)
	return b, true
}

// priceOf returns the price of a tick or a quote: a number, the named field, or
// what names.Price makes of it.
func priceOf(v *datasource.Value, name string) (float64, bool) {
	if name == "" || v.Type == datasource.TypeNumber {
		return names.Price(v)
	}
	f, _ := v.Field(name)
	n, ok := f.Number()
	return n.Float(), ok && n.Finite()
}

// groupInto puts a history into candles of an interval.
func (h *history) groupInto(interval time.Duration, offset int64) []Bar {
	if len(h.bars) > 0 {
		return regroup(h.bars, interval, offset)
	}
	return Aggregate(h.points, interval, offset)
}

// finestStep is the least distance of two bars, 0 when there aren't any: a chart
// cannot be finer than its data.
func (h *history) finestStep() time.Duration {
	least := int64(0)
	for i := 1; i < len(h.bars); i++ {
		if d := h.bars[i].MS - h.bars[i-1].MS; d > 0 && (least == 0 || d < least) {
			least = d
		}
	}
	return time.Duration(least) * time.Millisecond
}
