package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// A datum is read and subscribed while somebody shows it, and once for all.
func TestRefCount(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", "1", 0)
		w.redis.set("flag:x", "1", 0)
		other := quote("EURUSD")
		other.Name = "q" // the same datum under another name
		a := w.e.Watch([]datasource.Ref{quote("EURUSD"), flag})
		b := w.e.Watch([]datasource.Ref{other})
		w.after(time.Second)
		w.is(b, "q", live, "1")
		if n := len(w.redis.asked); n != 2 || !w.sub.has("ticks:EURUSD") {
			t.Errorf("%d data read, channels %v", n, w.sub.channels)
		}
		a.Close()
		a.Close()
		w.after(time.Second)
		if n := len(w.redis.asked); n != 1 || !w.sub.has("ticks:EURUSD") {
			t.Errorf("%d data read, channels %v", n, w.sub.channels)
		}
		w.is(a, "flag", live, "1") // the last snapshot stays
		b.Close()
		w.after(time.Second)
		reads := w.redis.count()
		w.after(10 * time.Second)
		if w.redis.count() != reads || len(w.sub.channels) != 0 {
			t.Errorf("%d reads without a viewer, channels %v", w.redis.count()-reads, w.sub.channels)
		}
		if s := w.e.Stats(); s.Data != 0 || s.Watches != 0 || s.Views != 0 {
			t.Errorf("left behind: %+v", s)
		}
		c := w.e.Watch([]datasource.Ref{flag})
		w.after(ms(20))
		w.is(c, "flag", live, "1")
		c.Close()
	})
}

// Who joins later sees at once what others show already.
func TestLateWatch(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("flag:x", "1", 0)
		a := w.e.Watch([]datasource.Ref{flag})
		defer a.Close()
		w.after(ms(100))
		b := w.e.Watch([]datasource.Ref{flag, noAPI})
		defer b.Close()
		w.is(b, "flag", live, "1")
	})
}

func TestRefresh(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("flag:x", "1", 0)
		w.api.put("/api/quotes/EURUSD/", "5")
		f := w.e.Watch([]datasource.Ref{flag, quote("EURUSD")})
		defer f.Close()
		w.after(ms(1500))
		w.redis.set("flag:x", "2", 0)
		w.api.put("/api/quotes/EURUSD/", "6")
		reads := w.redis.count()
		for range 100 {
			f.Refresh("flag")
			f.Refresh("quote") // a group
			f.Refresh("nothing")
		}
		w.after(ms(50))
		w.is(f, "flag", live, "2")
		w.is(f, "quote.EURUSD", fallback, "6")
		if n := w.redis.count() - reads; n > 2 {
			t.Errorf("%d reads", n)
		}
		if n := w.api.total(); n != 2 {
			t.Errorf("the api was asked %d times", n)
		}
	})
}

// Every time from which an age or a countdown is computed carries a monotonic
// reading, so that a clock that is set does not make anything stale. (The clock
// of synctest does not, so this runs on the real one.)
func TestClockSteps(t *testing.T) {
	redis, api, sub := newRedis(), newAPI(), &fakeListener{auto: true}
	redis.set("flag:x", "1", time.Minute)
	redis.set("quote:EURUSD", "1", 0)
	api.put("/api/flags/x/", "1")
	e := New(Options{Redis: redis, API: api, Listener: sub, Poll: ms(20)})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	gone := flag
	gone.Name, gone.Key = "gone", "flag:gone"
	f := e.Watch([]datasource.Ref{flag, gone, quote("EURUSD"), notices})
	go func() { done <- e.Run(ctx) }()
	until(t, f, func(s *datasource.Snapshot) bool { return s.Worst()[live] == 3 && s.Get("gone").State == fallback })
	sub.push("ticks:EURUSD", "2")
	sub.push("notifications:A", "2")
	until(t, f, func(s *datasource.Snapshot) bool { return s.Get("quote.EURUSD").Origin == datasource.SourcePubSub })
	monotonic(t, f.Snapshot())
	redis.fail(refused)
	until(t, f, func(s *datasource.Snapshot) bool { return s.Get("flag").State != live })
	monotonic(t, f.Snapshot())
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// until waits for a snapshot, at most 20 seconds.
func until(t *testing.T, f datasource.Feed, ok func(s *datasource.Snapshot) bool) *datasource.Snapshot {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		if s := f.Snapshot(); ok(s) {
			return s
		}
		select {
		case <-f.Changed():
		case <-limit:
			s := f.Snapshot()
			for i := range s.Len() {
				name, e := s.Nth(i)
				t.Logf("%s %v %s fault %v api %v", name, e.State, show(&e.Value), e.Fault, e.APIFault)
			}
			t.Fatal("not seen in time")
		}
	}
}

func monotonic(t *testing.T, s *datasource.Snapshot) {
	t.Helper()
	for i := range s.Len() {
		name, e := s.Nth(i)
		times := map[string]time.Time{"at": e.At, "changed": e.Changed, "expires": e.Expires}
		if e.Fault != nil {
			times["retry"] = e.Fault.RetryAt
		}
		for what, at := range times {
			if !at.IsZero() && !strings.Contains(at.String(), " m=") {
				t.Errorf("%s: %s has no monotonic reading: %v", name, what, at)
			}
		}
	}
	for i, st := range s.Sources {
		if !strings.Contains(st.Since.String(), " m=") {
			t.Errorf("source %d: since %v", i, st.Since)
		}
	}
}

func TestRunTwice(t *testing.T) {
	run(t, func(w *world) {
		if err := w.e.Run(context.Background()); !errors.Is(err, ErrRunning) {
			t.Errorf("second Run: %v", err)
		}
	})
}

// Run ends in time although nobody answers.
func TestStopWhileHanging(t *testing.T) {
	run(t, func(w *world) {
		w.redis.slow(time.Hour)
		w.api.delay = time.Hour
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(ms(1700))
	})
}

// once calls Once on an engine that does not run.
func once(t *testing.T, setup func(w *world), f func(w *world, s *datasource.Snapshot, took time.Duration), refs ...datasource.Ref) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, redis: newRedis(), sub: &fakeListener{auto: true}, api: newAPI(), start: time.Now()}
		setup(w)
		w.e = New(Options{Redis: w.redis, Listener: w.sub, API: w.api})
		s, err := w.e.Once(t.Context(), refs)
		if err != nil {
			t.Error(err)
		}
		f(w, s, time.Since(w.start))
	})
}

func TestOnce(t *testing.T) {
	all := []datasource.Ref{flag, noAPI, quote("EURUSD"), equity, notices}
	states := func(s *datasource.Snapshot) (out string) {
		for i := range s.Len() {
			_, e := s.Nth(i)
			out += e.State.String() + " "
		}
		return strings.TrimSpace(out)
	}
	full := func(w *world) {
		w.redis.set("flag:x", "1", time.Minute)
		w.redis.set("counter:x", "1", 0)
		w.redis.put("equity:A", members(t0, 1))
		w.api.put("/api/quotes/EURUSD/", `{"bid":1}`)
		w.api.put("/api/flags/x/", `1`)
		w.api.delay = ms(50)
	}
	for _, c := range []struct {
		name   string
		setup  func(w *world)
		states string
		within time.Duration
		redis  datasource.Light
		api    datasource.Light
	}{
		{"all well", full, "live live fallback live live", ms(100), datasource.LightUp, datasource.LightUp},
		{"redis refuses", func(w *world) { full(w); w.redis.fail(refused) }, "fallback error fallback error live", ms(500), datasource.LightDown, datasource.LightUp},
		{"redis hangs", func(w *world) { full(w); w.redis.slow(time.Hour) }, "fallback error fallback error live", 3 * time.Second, datasource.LightDown, datasource.LightUp},
		{"both hang", func(w *world) { full(w); w.redis.slow(time.Hour); w.api.delay = time.Hour; w.sub.auto = false }, "error error error error error", onceLimit, datasource.LightDown, datasource.LightConnecting},
		{"never joined", func(w *world) { full(w); w.sub.auto = false }, "live live fallback live loading", 1100 * time.Millisecond, datasource.LightUp, datasource.LightUp},
		{"nothing there", func(w *world) {}, "missing missing missing missing live", ms(100), datasource.LightUp, datasource.LightUp},
	} {
		t.Run(c.name, func(t *testing.T) {
			once(t, c.setup, func(w *world, s *datasource.Snapshot, took time.Duration) {
				if got := states(s); got != c.states {
					t.Errorf("states %s, want %s", got, c.states)
				}
				if took > c.within {
					t.Errorf("took %v", took)
				}
				if r, a := s.Sources[datasource.SourceRedis].Light, s.Sources[datasource.SourceAPI].Light; r != c.redis || a != c.api {
					t.Errorf("redis %v, api %v", r, a)
				}
			}, all...)
		})
	}
}

// Once beside a running engine uses it.
func TestOnceWhileRunning(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("flag:x", "1", 0)
		s, err := w.e.Once(w.t.Context(), []datasource.Ref{flag})
		if err != nil || s.Get("flag").State != live {
			t.Errorf("%v, %v", s.Get("flag").State, err)
		}
	})
}

func TestOnceInterrupted(t *testing.T) {
	run(t, func(w *world) {
		w.redis.slow(time.Hour)
		ctx, cancel := context.WithTimeout(w.t.Context(), ms(300))
		defer cancel()
		if s, err := w.e.Once(ctx, []datasource.Ref{flag}); s == nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, %v", s, err)
		}
	})
}

// A dashboard of channels alone needs nothing of Redis but the subscription.
func TestOnlyChannels(t *testing.T) {
	run(t, func(w *world) {
		f := w.e.Watch([]datasource.Ref{notices})
		defer f.Close()
		w.after(2 * time.Second)
		s := f.Snapshot().Sources
		if r, p := s[datasource.SourceRedis], s[datasource.SourcePubSub]; r.Light != datasource.LightIdle || p.Light != datasource.LightUp || p.Channels != 1 {
			t.Errorf("redis %v, pubsub %v %d", r.Light, p.Light, p.Channels)
		}
		w.sub.lose()
		w.after(ms(300))
		w.sub.join()
		w.after(2 * time.Second)
		events := f.Snapshot().Events
		if text := events[len(events)-1].Text.String(); text != "resubscribed after 0.3 s, 0 keys re-read" {
			t.Errorf("event %q", text)
		}
		if w.redis.count() != 0 {
			t.Error("redis was read for nothing")
		}
	})
}

// Run may be called again after it has ended.
func TestRunAgain(t *testing.T) {
	run(t, func(w *world) {})
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, redis: newRedis(), sub: &fakeListener{auto: true}, api: newAPI(), start: time.Now()}
		w.redis.set("flag:x", "1", 0)
		w.e = New(Options{Redis: w.redis, Listener: w.sub, API: w.api})
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		stop := w.begin()
		w.after(0)
		stop()
		w.redis.set("flag:x", "2", 0)
		w.after(time.Hour)
		w.is(f, "flag", live, "1") // nobody publishes
		stop = w.begin()
		defer stop()
		w.after(ms(20))
		w.is(f, "flag", live, "2")
	})
}

// The status bar's figures: rate, round trip, and the lights' causes.
func TestFigures(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", `{"bid":1}`, 0)
		w.redis.slow(ms(3))
		w.api.fail(&datasource.Fault{Class: datasource.ClassServer, Source: datasource.SourceAPI})
		f := w.e.Watch([]datasource.Ref{quote("EURUSD"), flag})
		defer f.Close()
		w.after(0)
		for range 1000 {
			w.after(ms(10))
			w.sub.push("ticks:EURUSD", `{"bid":2}`)
		}
		s := f.Snapshot().Sources
		if p := s[datasource.SourcePubSub]; p.Rate < 98 || p.Rate > 102 || p.Conflated < 800 || p.Dropped != 0 {
			t.Errorf("pubsub %+v", p)
		}
		if r := s[datasource.SourceRedis]; r.RTT != ms(3) {
			t.Errorf("redis %+v", r)
		}
		if a := s[datasource.SourceAPI]; a.Light != datasource.LightDown || a.Fault == nil || !a.Fault.RetryAt.After(time.Now()) {
			t.Errorf("api %+v", a)
		}
		w.redis.set("flag:x", "1", 0) // nobody needs the API any more
		w.after(2 * time.Minute)
		if a := f.Snapshot().Sources[datasource.SourceAPI]; a.Light != datasource.LightIdle {
			t.Errorf("api %v", a.Light)
		}
		if st := w.e.Stats(); st.Messages != 1000 || st.Reads < 100 || st.AskErrors == 0 || st.States[live] != 2 || st.Channels != 1 {
			t.Errorf("stats %+v", st)
		}
	})
}

// Viewers that come and go with channels of their own do not have everybody's
// keys read again.
func TestJoiningReadsOnlyTheNew(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:A", "1", 0)
		w.redis.set("quote:B", "1", 0)
		a := w.e.Watch([]datasource.Ref{quote("A")})
		defer a.Close()
		w.after(ms(500))
		b := w.e.Watch([]datasource.Ref{quote("B")})
		defer b.Close()
		w.after(ms(100))
		if n := len(w.redis.asked); n != 1 || w.redis.asked[0].Ref.Name != "quote.B" {
			t.Errorf("read %v", w.redis.asked)
		}
		w.is(b, "quote.B", live, "1")
		before := w.redis.count()
		w.sub.sink.Joined(1) // one of two is confirmed anew; no connection was lost
		w.after(ms(100))
		w.sub.sink.Joined(2)
		w.after(ms(100))
		if n := w.redis.count() - before; n != 0 {
			t.Errorf("%d reads of what was subscribed all the time", n)
		}
	})
}

// Viewers that come and go do not ask the API more often than one that stays.
func TestReopen(t *testing.T) {
	run(t, func(w *world) {
		w.api.put("/api/flags/x/", "7")
		for range 20 {
			f := w.e.Watch([]datasource.Ref{flag})
			w.after(ms(200))
			w.is(f, "flag", fallback, "7")
			f.Close()
		}
		if n := w.api.total(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		w.redis.set("flag:x", "8", 0)
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.is(f, "flag", loading, "-") // Redis has not been asked: it is no fallback yet
		w.after(ms(20))
		w.is(f, "flag", live, "8")
	})
}
