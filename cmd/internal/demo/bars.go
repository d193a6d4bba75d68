package demo

import (
	"math"
	"strconv"
)

const (
	barSeconds = 60
	keepBars   = 240 // four hours of minutes
)

// bar is one minute of a symbol: prices of the mid in points, and the volume.
type bar struct {
	sec                    int64 // epoch seconds of its beginning
	open, high, low, close int64
	volume                 int64
}

// bars are a symbol's finished minutes, oldest first, and the running one.
type bars struct {
	done    []bar
	running bar
	started bool
}

// addTrade takes a price into the running minute. It returns the minute that has
// just ended, if one has.
func (b *bars) addTrade(sec, price, volume int64) (ended bar, ok bool) {
	sec -= sec % barSeconds
	if b.started && sec > b.running.sec {
		ended, ok = b.running, true
		if len(b.done) == keepBars {
			b.done = b.done[:copy(b.done, b.done[1:])]
		}
		b.done = append(b.done, ended)
		b.started = false
	}
	if !b.started {
		open := price
		if ok { // minutes follow each other without a gap
			open = ended.close
		}
		b.running = bar{sec: sec, open: open, high: max(open, price), low: min(open, price)}
		b.started = true
	}
	r := &b.running
	r.high, r.low, r.close = max(r.high, price), min(r.low, price), price
	r.volume += volume
	return ended, ok
}

// stretchWicks gives the running minute the wicks that a market has between two
// steps of the history, which are as long as the minute itself.
func (b *bars) stretchWicks(up, down int64) {
	b.running.high += up
	b.running.low -= down
}

// wickLength is how far a price strays from the line between two steps, in points.
func (q *quote) wickLength(t *tape, sec int64) int64 {
	vol := q.dayMove() * math.Sqrt(252/float64(secondsPerYear)) * math.Sqrt(float64(sec))
	return int64(math.Round(float64(q.midPrice()) * vol * 0.6 * math.Abs(t.rng.NormFloat64())))
}

// appendJSON writes what a member of candles:{symbol}:1m holds, and what travels
// on candles:{symbol}.
func (b *bar) appendJSON(out []byte, symbol string, digits int) []byte {
	out = append(append(append(out, `{"symbol":"`...), symbol...), `","ts":`...)
	out = appendInt(out, b.sec*1000)
	for _, f := range []struct {
		name  string
		value int64
	}{{"open", b.open}, {"high", b.high}, {"low", b.low}, {"close", b.close}} {
		out = append(append(append(out, `,"`...), f.name...), `":`...)
		out = appendFixed(out, f.value, digits)
	}
	return append(appendInt(append(out, `,"volume":`...), b.volume), '}')
}

// barObject is the same for the API.
func (b *bar) barObject(digits int) object {
	return object{{"ts", isoTime(b.sec * 1000)}, {"open", formatFixed(b.open, digits)}, {"high", formatFixed(b.high, digits)},
		{"low", formatFixed(b.low, digits)}, {"close", formatFixed(b.close, digits)}, {"volume", b.volume}}
}

// writeBar appends a finished minute to its sorted set.
func (b *batch) writeBar(q *quote, minute *bar) {
	member := b.buildArgument(func(out []byte) []byte { return minute.appendJSON(out, q.name, q.digits) })
	b.addCommand("ZADD", q.keys.candles, strconv.FormatInt(minute.sec, 10), member)
	b.addCommand("ZREMRANGEBYRANK", q.keys.candles, "0", strconv.Itoa(-keepBars-1))
}

// writeBars replaces a symbol's minutes.
func (b *batch) writeBars(q *quote) {
	b.addCommand("DEL", q.keys.candles)
	if len(q.bars.done) == 0 {
		return
	}
	args := []any{"ZADD", q.keys.candles}
	for i := range q.bars.done {
		minute := &q.bars.done[i]
		args = append(args, strconv.FormatInt(minute.sec, 10), b.buildArgument(func(out []byte) []byte { return minute.appendJSON(out, q.name, q.digits) }))
	}
	b.cmds = append(b.cmds, args)
}

// publishBars sends the running minute of each symbol, once a second.
func (m *Market) publishBars() {
	for _, q := range m.quotes {
		if q.bars.started {
			b := &q.bars.running
			m.batch.addCommand("PUBLISH", q.keys.liveBars, m.batch.buildArgument(func(out []byte) []byte { return b.appendJSON(out, q.name, q.digits) }))
		}
	}
}

// recordBar takes the present price into the bars. Only the live market writes
// what has ended; the history is written as a whole.
func (m *Market) recordBar(q *quote, volume int64, live bool) {
	if ended, ok := q.bars.addTrade(m.clock.Unix(), q.midPrice(), volume); ok && live {
		m.batch.writeBar(q, &ended)
	}
}
