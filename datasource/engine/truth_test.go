package engine

import (
	"fmt"
	"testing"
	"time"

	"ticktop/datasource"
)

// Case 4: a push without a time is as old as its arrival.
func TestStamp_PushWithoutTimeIsAsOldAsItsArrival(t *testing.T) {
	run(t, func(w *world) {
		old := time.Now().Add(-10 * time.Minute).UTC().Format(time.RFC3339)
		w.redis.set("quote:EURUSD", fmt.Sprintf(`{"bid":1,"ts":%q}`, old), 0)
		f := w.e.Watch([]datasource.Ref{quote("EURUSD")})
		defer f.Close()
		w.after(ms(200))
		if e := f.Snapshot().Get("quote.EURUSD"); e.SinceChange(time.Now()) < 10*time.Minute {
			t.Errorf("the key is %v old", e.SinceChange(time.Now()))
		}
		for i := range 5 {
			w.sub.push("ticks:EURUSD", fmt.Sprintf(`{"bid":%d}`, 2+i))
			w.after(ms(400))
		}
		e := f.Snapshot().Get("quote.EURUSD")
		if !e.Stamp.IsZero() || e.SinceChange(time.Now()) > time.Second || e.Age(time.Now()) > time.Second {
			t.Errorf("stamp %v, %v old", e.Stamp, e.SinceChange(time.Now()))
		}
		w.after(5 * time.Second) // polls do not bring the key's time back
		if e := f.Snapshot().Get("quote.EURUSD"); !e.Stamp.IsZero() {
			t.Errorf("stamp %v after polls", e.Stamp)
		}
		w.sub.push("ticks:EURUSD", fmt.Sprintf(`{"bid":9,"ts":%q}`, time.Now().UTC().Format(time.RFC3339)))
		w.after(ms(200))
		if e := f.Snapshot().Get("quote.EURUSD"); e.Stamp.IsZero() {
			t.Error("a push with a time has none")
		}
	})
}

// Case 6: older than max_age is stale, whatever the TTL says; the fallback is
// asked, too.
func TestMaxAge_ByOwnTime(t *testing.T) {
	ref := quote("EURUSD")
	ref.Shape.MaxAge = time.Minute
	value := func(bid int, age time.Duration) string {
		return fmt.Sprintf(`{"bid":%d,"ts":%d}`, bid, time.Now().Add(-age).UnixMilli())
	}
	for _, c := range []struct {
		name      string
		age       time.Duration
		api       func() string
		state     datasource.State
		origin    datasource.SourceID
		afterward datasource.State // 61 s later, when nothing has changed
	}{
		{"case 6: years old, no API", 6 * 365 * 24 * time.Hour, nil, stale, datasource.SourceRedis, stale},
		{"case 6: the API is newer", time.Hour, func() string { return value(2, 0) }, fallback, datasource.SourceAPI, stale},
		{"the API has the same old one", time.Hour, func() string { return value(1, time.Hour) }, stale, datasource.SourceRedis, stale},
		{"the API's carries no time", time.Hour, func() string { return `{"bid":2}` }, fallback, datasource.SourceAPI, fallback},
		{"young", 10 * time.Second, nil, live, datasource.SourceRedis, stale},
		{"of the future", -time.Hour, nil, live, datasource.SourceRedis, stale},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				w.redis.set("quote:EURUSD", fmt.Sprintf(`{"bid":1,"ts":%d}`, time.Now().Add(-c.age).UnixMilli()), time.Hour)
				if c.api != nil {
					w.api.put(ref.Fallback.Path, c.api())
				}
				f := w.e.Watch([]datasource.Ref{ref})
				defer f.Close()
				w.after(ms(500))
				e := f.Snapshot().Get(ref.Name)
				if e.State != c.state || e.Origin != c.origin {
					t.Errorf("%v from %v, want %v from %v (%s)", e.State, e.Origin, c.state, c.origin, e.Why)
				}
				w.after(61 * time.Second)
				if e := f.Snapshot().Get(ref.Name); e.State != c.afterward {
					t.Errorf("later %v, want %v (%s)", e.State, c.afterward, e.Why)
				}
				if n := w.api.total(); n > 3 {
					t.Errorf("the API was asked %d times in a minute", n)
				}
			})
		})
	}
}

// What carries no time is as old as its arrival: a change, a push, or the
// renewal of its TTL.
func TestMaxAge_ByArrival(t *testing.T) {
	run(t, func(w *world) {
		ref := quote("EURUSD")
		ref.Shape.MaxAge, ref.Fallback = 2*time.Second, datasource.Endpoint{}
		w.redis.set("quote:EURUSD", `{"bid":1}`, 0)
		f := w.e.Watch([]datasource.Ref{ref})
		defer f.Close()
		w.after(ms(500))
		w.is(f, ref.Name, live, "{bid=1}")
		w.after(2 * time.Second)
		if e := w.is(f, ref.Name, stale, "{bid=1}"); e.Age(time.Now()) < 2*time.Second || e.Why.String() != "older than 2 s" {
			t.Errorf("%v old, %s", e.Age(time.Now()), e.Why)
		}
		w.sub.push("ticks:EURUSD", `{"bid":1}`) // the same again is news all the same
		w.after(ms(100))
		w.is(f, ref.Name, live, "{bid=1}")
		for range 5 { // SETEX of the same value
			w.redis.set("quote:EURUSD", `{"bid":1}`, 10*time.Second)
			w.after(time.Second)
			w.is(f, ref.Name, live, "{bid=1}")
		}
		w.after(3 * time.Second)
		w.is(f, ref.Name, stale, "{bid=1}")
	})
}

// Case 14: a missing element of things that come and go leaves rows and totals;
// a quote keeps its last value.
func TestVanishes_GoneFromRowsAndTotals(t *testing.T) {
	position := func(ticket string) datasource.Ref {
		return datasource.Ref{Name: "position." + ticket, Kind: datasource.KindHash, Key: "position:" + ticket, Element: ticket, Vanishes: true, Live: "positions:" + ticket}
	}
	hash := &fakeKey{fields: []datasource.RawField{{Name: "volume", Value: []byte("1")}}}
	run(t, func(w *world) {
		refs := []datasource.Ref{position("9001"), position("9002"), quote("EURUSD")}
		w.redis.put("position:9001", hash)
		w.redis.put("position:9002", hash)
		w.redis.set("quote:EURUSD", `{"bid":1}`, 0)
		f := w.e.Watch(refs)
		defer f.Close()
		rows := func() (out string) {
			f.Snapshot().Each("position", func(name string, e *datasource.Entry) { out += datasource.Item(name) + " " })
			return out
		}
		w.after(ms(200))
		w.sub.push("positions:9001", `{"volume":2}`) // closing it
		w.after(ms(200))
		if got := rows(); got != "9001 9002 " {
			t.Fatalf("rows %q", got)
		}
		w.redis.del("position:9001")
		w.redis.del("quote:EURUSD")
		w.after(1500 * time.Millisecond)
		s := f.Snapshot()
		if got := rows(); got != "9002 " || s.Len() != 2 {
			t.Errorf("case 14: rows %q of %d", got, s.Len())
		}
		w.is(f, "quote.EURUSD", stale, "{bid=1}") // and stays
		w.redis.put("position:9001", hash)
		w.after(1500 * time.Millisecond)
		if got := rows(); got != "9001 9002 " {
			t.Errorf("back again: rows %q", got)
		}
		w.redis.fail(refused) // an outage is no farewell
		w.after(5 * time.Second)
		if got := rows(); got != "9001 9002 " {
			t.Errorf("redis down: rows %q", got)
		}
	})
}

// Case 1: the newest end of a list, by its times, by how it grows, or assumed.
func TestList_NewestEnd(t *testing.T) {
	timed := func(from, to int) (out []string) {
		for i := from; i <= to; i++ {
			out = append(out, fmt.Sprintf(`{"ts":%d,"n":%d}`, 1795424400+i, i))
		}
		return out
	}
	plain := func(from, to int) (out []string) {
		for i := from; i <= to; i++ {
			out = append(out, fmt.Sprintf(`"line %d"`, i))
		}
		return out
	}
	reversed := func(s []string) []string {
		out := make([]string, len(s))
		for i := range s {
			out[len(s)-1-i] = s[i]
		}
		return out
	}
	for _, c := range []struct {
		name          string
		newest        datasource.End
		before, after []string
		first         string // of the messages, at last
		assumed       bool
	}{
		{"case 1: times inside, pushed to the right", 0, timed(1, 450), timed(1, 450), "450", false},
		{"times inside, pushed to the left", 0, reversed(timed(1, 450)), reversed(timed(1, 450)), "450", false},
		{"times inside, short", 0, timed(1, 3), timed(1, 3), "3", false},
		{"grows at the right", 0, plain(1, 450), plain(1, 452), "line 452", false},
		{"grows at the right, trimmed", 0, plain(1, 450), plain(4, 453), "line 453", false},
		{"grows at the left", 0, reversed(plain(1, 450)), reversed(plain(1, 452)), "line 452", false},
		{"grows at the left, trimmed", 0, reversed(plain(1, 450)), reversed(plain(3, 452)), "line 452", false},
		{"does not change", 0, plain(1, 450), plain(1, 450), "line 1", true},
		{"only taken from", 0, plain(1, 450), plain(3, 450), "line 3", true},
		{"forced last", datasource.EndLast, plain(1, 450), plain(1, 450), "line 450", false},
		{"forced first", datasource.EndFirst, timed(1, 450), timed(1, 450), "1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				ref := datasource.Ref{Name: "log", Kind: datasource.KindList, Key: "L", Keep: 200, Shape: datasource.Shape{Newest: c.newest}}
				w.redis.put("L", &fakeKey{items: c.before})
				f := w.e.Watch([]datasource.Ref{ref})
				defer f.Close()
				w.after(ms(1500))
				w.redis.put("L", &fakeKey{items: c.after})
				w.after(ms(2500))
				e := f.Snapshot().Get("log")
				if len(e.Value.Messages) == 0 {
					t.Fatalf("%v: nothing", e.State)
				}
				got := e.Value.Messages[0].Value
				text := got.Text.String()
				if n, ok := got.Field("n"); ok {
					text = n.Num.String()
				}
				if text != c.first || e.Marks.Has(datasource.MarkOrderAssumed) != c.assumed {
					t.Errorf("the newest is %q, want %q; marks %b", text, c.first, e.Marks)
				}
			})
		})
	}
}
