package candles

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/widgets/field"
)

// Bar is one candle. A span of time without a price has none.
type Bar struct {
	MS                     int64 // its start, epoch milliseconds, a multiple of the interval in the viewer's zone
	Open, High, Low, Close float64
	Samples                int
}

// Up reports whether the price rose, or stayed.
func (b Bar) Up() bool { return b.Close >= b.Open }

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
		start := floor(p.MS+offset, step) - offset
		if n := len(bars); n > 0 && bars[n-1].MS >= start {
			b := &bars[n-1] // its own, or one that came late
			b.High, b.Low, b.Close = max(b.High, p.V), min(b.Low, p.V), p.V
			b.Samples++
			continue
		}
		b := Bar{MS: start, Open: p.V, High: p.V, Low: p.V, Close: p.V, Samples: 1}
		if n := len(bars); n > 0 && bars[n-1].MS+step == start {
			b.Open = bars[n-1].Close
			b.High, b.Low = max(b.High, b.Open), min(b.Low, b.Open)
		}
		bars = append(bars, b)
	}
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

// priceFields are where a tick keeps its price, best first.
var priceFields = [...]string{"price", "last", "mid", "bid", "value", "close"}

// timeFields are where a tick keeps its time.
var timeFields = [...]string{"ts", "time", "timestamp", "t"}

// pointsOf returns the prices of a value, oldest first: a series as it is,
// ticks by their field; ok is false when it is neither.
func pointsOf(v *datasource.Value, name string) (pts []datasource.Point, ok bool) {
	switch v.Type {
	case datasource.TypeSeries:
		return v.Points, true
	case datasource.TypeMessages:
		for i := len(v.Messages) - 1; i >= 0; i-- { // newest first
			if p, ok := tick(&v.Messages[i], name); ok {
				pts = append(pts, p)
			}
		}
		return pts, true
	default:
		return nil, false
	}
}

// tick returns the price and the time of a message.
func tick(m *datasource.Message, name string) (datasource.Point, bool) {
	n, ok := price(&m.Value, name)
	if !ok {
		return datasource.Point{}, false
	}
	at := m.At
	for _, f := range timeFields {
		if v, found := m.Value.Field(f); found {
			if t, ok := field.TimeOf(v); ok {
				at = t
				break
			}
		}
	}
	return datasource.Point{MS: at.UnixMilli(), V: n.Float()}, !at.IsZero()
}

func price(v *datasource.Value, name string) (datasource.Number, bool) {
	if n, ok := v.Number(); ok {
		return n, true
	}
	if name != "" {
		f, _ := v.Field(name)
		return f.Number()
	}
	for _, name := range priceFields {
		if f, ok := v.Field(name); ok {
			if n, ok := f.Number(); ok {
				return n, true
			}
		}
	}
	return datasource.Number{}, false
}
