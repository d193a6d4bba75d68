package engine

import (
	"fmt"
	"math"
	"testing"
	"time"

	"ticktop/datasource"
)

// members makes a series of (seconds, value) pairs.
func members(pairs ...float64) *fakeKey {
	k := &fakeKey{}
	for i := 0; i < len(pairs); i += 2 {
		k.members = append(k.members, datasource.RawMember{Score: pairs[i], Member: fmt.Appendf(nil, "%v:%v", pairs[i], pairs[i+1])})
	}
	return k
}

const t0 = 1763860000.0

// A series is read from its last member on, whole when that is gone, and after
// anything that may have changed its past.
func TestSeries(t *testing.T) {
	run(t, func(w *world) {
		w.redis.put("equity:A", members(t0, 1, t0+1, 2))
		f := w.e.Watch([]datasource.Ref{equity})
		defer f.Close()
		since := func() float64 { return w.redis.asked[0].Since }
		w.after(ms(20))
		w.is(f, "equity", live, "(1 2)")
		if !math.IsInf(since(), -1) {
			t.Errorf("first read since %v", since())
		}
		w.redis.put("equity:A", members(t0, 1, t0+1, 2, t0+2, 3))
		w.after(time.Second)
		w.is(f, "equity", live, "(1 2 3)")
		if s := since(); s != t0+1 {
			t.Errorf("second read since %v", s)
		}
		w.redis.put("equity:A", members(t0, 1, t0+1, 2, t0+2, 3.5)) // the newest is corrected
		w.after(time.Second)
		w.is(f, "equity", live, "(1 2 3.5)")
		w.redis.put("equity:A", members(t0-50, 7, t0-49, 8)) // another series altogether
		w.after(ms(1020))
		w.is(f, "equity", live, "(7 8)")
		w.redis.del("equity:A")
		w.after(time.Second)
		w.is(f, "equity", stale, "(7 8)")
		w.redis.put("equity:A", members(t0-50, 9, t0+9, 10))
		w.after(time.Second)
		w.is(f, "equity", live, "(9 10)")
		w.redis.put("equity:A", members(t0+9, 10)) // trimmed at its old end: seen once a minute
		w.after(61 * time.Second)
		w.is(f, "equity", live, "(10)")
	})
}

// After an outage the whole window is read again.
func TestSeriesAfterOutage(t *testing.T) {
	run(t, func(w *world) {
		w.redis.put("equity:A", members(t0, 1, t0+1, 2))
		f := w.e.Watch([]datasource.Ref{equity})
		defer f.Close()
		w.after(0)
		w.redis.fail(refused)
		w.after(2 * time.Second)
		w.is(f, "equity", stale, "(1 2)")
		w.redis.put("equity:A", members(t0, 5, t0+1, 2, t0+2, 3))
		w.redis.fail(nil)
		w.after(3 * time.Second)
		w.is(f, "equity", live, "(5 2 3)")
	})
}

// A chart gets each message of its channel, and no point twice when the key
// has caught up.
func TestLiveSeries(t *testing.T) {
	ref := equity
	ref.Live = "equity-ticks"
	run(t, func(w *world) {
		w.redis.put("equity:A", members(t0, 1))
		f := w.e.Watch([]datasource.Ref{ref})
		defer f.Close()
		w.after(ms(300))
		for i := 1; i <= 3; i++ {
			w.sub.push("equity-ticks", fmt.Sprintf(`{"ts":%v,"value":%d}`, t0+float64(i), i+1))
		}
		w.after(ms(100))
		w.is(f, "equity", live, "(1 2 3 4)")
		w.redis.put("equity:A", members(t0, 1, t0+1, 2, t0+2, 3, t0+3, 4, t0+4, 5))
		w.after(time.Second)
		e := w.is(f, "equity", live, "(1 2 3 4 5)")
		if e.Origin != datasource.SourceRedis {
			t.Errorf("origin %v", e.Origin)
		}
	})
}

// A list shows pushed items before the list does, and each once.
func TestLiveList(t *testing.T) {
	ref := datasource.Ref{Name: "log", Kind: datasource.KindList, Key: "log", Live: "log-lines", Keep: 3}
	run(t, func(w *world) {
		w.redis.put("log", &fakeKey{items: []string{"b", "a"}})
		f := w.e.Watch([]datasource.Ref{ref})
		defer f.Close()
		w.after(ms(300))
		w.sub.push("log-lines", "c")
		w.after(0)
		w.is(f, "log", live, "<c b a>")
		w.redis.put("log", &fakeKey{items: []string{"c", "b", "a"}})
		w.after(time.Second)
		w.is(f, "log", live, "<c b a>")
		w.redis.put("log", &fakeKey{items: []string{"d", "c", "b", "a"}})
		w.after(time.Second)
		w.is(f, "log", live, "<d c b>")
	})
}
