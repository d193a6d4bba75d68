package engine

import (
	"context"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"ticktop/datasource"
	"ticktop/datasource/store"
	"ticktop/datasource/testkit/clocktest"
)

// bed is where a machine sleeps: what its clocks tell the engine.
type bed struct{ slept atomic.Int64 }

func (b *bed) suspended() time.Duration { return time.Duration(b.slept.Load()) }

// night has the wall clock go on by so much and the monotonic one stand still.
// Clocks cannot be moved, so every time that the engine holds is moved back: the
// same, seen from the time after.
func night(e *Engine, wall time.Duration, before func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	eachTime(e, func(_ string, t *time.Time) { *t = clocktest.Step(*t, -wall) })
	before()
}

// sleep is a night that the system tells of.
func (b *bed) sleep(e *Engine, d time.Duration, before func()) {
	night(e, d, func() { before(); b.slept.Add(int64(d)) })
}

func isMonotonic(t time.Time) bool { return strings.Contains(t.String(), " m=") }

// eachTime visits every time with a monotonic reading that the engine and its
// store hold, whatever field is added.
func eachTime(e *Engine, f func(path string, t *time.Time)) {
	seen := map[unsafe.Pointer]bool{}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		if v.CanAddr() {
			v = reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
		}
		switch v.Kind() {
		case reflect.Pointer:
			if p := v.UnsafePointer(); !v.IsNil() && !seen[p] {
				seen[p] = true
				walk(path, v.Elem())
			}
		case reflect.Struct:
			switch x := v.Addr().Interface().(type) {
			case *time.Time:
				if isMonotonic(*x) {
					f(path, x)
				}
				return
			case *Options:
				return
			}
			if p := v.Type().PkgPath(); p != "" && !strings.HasPrefix(p, "ticktop/") {
				return
			}
			for i := range v.NumField() {
				if name := v.Type().Field(i).Name; name != "ctx" && name != "awake" {
					walk(path+"."+name, v.Field(i))
				}
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(path, v.Index(i))
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				c := reflect.New(v.Type().Elem()).Elem()
				c.Set(v.MapIndex(k))
				walk(path, c)
				v.SetMapIndex(k, c)
			}
		}
	}
	walk("", reflect.ValueOf(e))
}

// sleeper is an engine on the real clock, with something live of every kind, and
// one answer of the API.
func sleeper(t *testing.T) (*bed, *Engine, *fakeRedis, *fakeListener, *fakeAPI, datasource.Feed) {
	t.Helper()
	redis, api, sub, b := newRedis(), newAPI(), &fakeListener{auto: true}, &bed{}
	redis.set("flag:x", "1", time.Minute)
	redis.set("quote:EURUSD", "1", 0)
	redis.set("quote:GBPUSD", "1", 0)
	api.put("/api/flags/x/", "1")
	e := New(Options{Redis: redis, API: api, Listener: sub, Poll: ms(20), Suspended: b.suspended})
	gone := flag
	gone.Name, gone.Key = "gone", "flag:gone"
	f := e.Watch([]datasource.Ref{flag, gone, quote("EURUSD"), quote("GBPUSD"), notices})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	until(t, f, func(s *datasource.Snapshot) bool { return s.Worst()[live] == 4 && s.Get("gone").State == fallback })
	sub.push("ticks:EURUSD", "2")
	sub.push("notifications:A", "2")
	until(t, f, func(s *datasource.Snapshot) bool { return s.Get("quote.EURUSD").Origin == datasource.SourcePubSub })
	return b, e, redis, sub, api, f
}

// A laptop was suspended for eight hours, and the network has not come back: nothing
// passes for live, everything is eight hours old, by both clocks, and a step of
// the wall clock afterwards is no news.
func TestSleep(t *testing.T) {
	b, e, redis, sub, api, f := sleeper(t)
	const slept = 8 * time.Hour
	b.sleep(e, slept, func() {
		redis.fail(refused)
		api.fail(refused)
		go sub.lose()
	})
	check := func(s *datasource.Snapshot, on string) {
		t.Helper()
		now := time.Now()
		for i := range s.Len() {
			name, e := s.Nth(i)
			if name == "alerts" { // a channel of which nothing is said but that it is lost
				continue
			}
			if age := e.Age(now); e.State != stale || age < slept || age > slept+time.Minute {
				t.Errorf("%s: %s is %v, %v old, why %q", on, name, e.State, age, e.Why)
			}
			if age := e.SinceChange(now); age < slept || age > slept+time.Minute {
				t.Errorf("%s: %s changed %v ago", on, name, age)
			}
			if !isMonotonic(e.At) {
				t.Errorf("%s: %s: at has no monotonic reading", on, name)
			}
		}
	}
	s := until(t, f, func(s *datasource.Snapshot) bool { return s.Worst()[stale] == 5 && s.Get("flag").Fault != nil })
	check(s, "woken")
	if wall := time.Now().Round(0).Sub(s.Get("flag").At.Round(0)); wall < slept || wall > slept+time.Minute {
		t.Errorf("read %v ago by the wall clock", wall)
	}
	if past := f.History("flag"); time.Since(past[0].At) < slept {
		t.Errorf("history says %v", time.Since(past[0].At))
	}
	told := 0
	for _, ev := range s.Events {
		if ev.Text.String() == "was suspended for 8 h, everything is read again" {
			told++
		} else if ev.From.String() == "loading" && time.Since(ev.At) < slept {
			t.Errorf("event %q %v ago", ev.Text, time.Since(ev.At))
		}
	}
	if told != 1 || s.Slept.For != slept {
		t.Errorf("published %d times, %v", told, s.Slept.For)
	}
	night(e, time.Hour, func() {})
	time.Sleep(ms(50))
	check(f.Snapshot(), "stepped")
}

// ofAfter are the times that a sleep does not move: of the waking itself, of the
// next try, of the count that begins anew, and what was handed out already.
var ofAfter = regexp.MustCompile(`\.(Seen|RetryAt|opened)$|\.cadence\.(heard|beat)$|^\.store\.at$|^\.events|\.shown\.`)

// Whatever time the engine or its store holds is put where it belongs.
func TestSleepMovesEveryTime(t *testing.T) {
	b, e, redis, _, api, _ := sleeper(t)
	redis.fail(refused)
	api.fail(refused)
	time.Sleep(ms(100))
	const slept = 8 * time.Hour
	n := 0
	night(e, slept, func() { // while the engine cannot go on by itself
		b.slept.Add(int64(slept))
		e.checkSuspend(time.Now())
		e.store.Apply(storeBatch(e))
		now := time.Now()
		eachTime(e, func(path string, at *time.Time) {
			n++
			if after := now.Add(2*time.Minute).Sub(*at) < slept; after && !ofAfter.MatchString(path) {
				t.Errorf("%s lies %v back", path, now.Sub(*at))
			}
		})
	})
	if n < 30 {
		t.Errorf("only %d times found", n)
	}
}

// A step of the wall clock is not a suspend, either way.
func TestStepIsNoSleep(t *testing.T) {
	_, e, _, _, _, f := sleeper(t)
	for _, by := range []time.Duration{time.Hour, -time.Hour} {
		night(e, by, func() {})
		time.Sleep(ms(60))
		s := f.Snapshot()
		if w := s.Worst(); w[live] != 4 || w[fallback] != 1 || s.Slept.For != 0 {
			t.Errorf("a step of %v: %v", by, w)
		}
		for i := range s.Len() {
			if name, e := s.Nth(i); e.Age(time.Now()) > time.Minute {
				t.Errorf("a step of %v: %s is %v old", by, name, e.Age(time.Now()))
			}
		}
	}
}

// When the sources answer, waking is recovering: no rest of before is waited
// out, and a read from before a suspend is dropped.
func TestSleepIsARest(t *testing.T) {
	var b bed
	run(t, func(w *world) {
		w.redis.set("counter:x", "1", 0)
		w.api.fail(refused)
		f := w.e.Watch([]datasource.Ref{flag, noAPI})
		defer f.Close()
		w.after(2 * time.Minute) // the back-off is at its longest
		asked := w.api.total()
		w.api.fail(nil)
		w.api.put("/api/flags/x/", "7")
		w.redis.slow(time.Second)
		w.after(ms(1500)) // a read is under way
		w.redis.slow(0)   // for those to come
		w.redis.set("counter:x", "2", 0)
		b.slept.Add(int64(8 * time.Hour))
		f.Refresh("nothing") // what wakes the loop
		w.after(ms(110))     // a frame: that it is stale may be shown before
		w.is(f, "counter", live, "2")
		w.after(ms(250))
		w.is(f, "flag", fallback, "7")
		if n := w.api.total() - asked; n > 2 {
			t.Errorf("asked %d times", n)
		}
	}, func(o *Options) { o.Suspended = b.suspended })
}

// waker is an API that remembers by the clock.
type waker struct {
	*fakeAPI
	woke []time.Duration
}

func (w *waker) Woke(s datasource.Sleep) { w.woke = append(w.woke, s.For) }

// Sources that keep times are notified once a suspend, and not below a second.
func TestSleepIsTold(t *testing.T) {
	var b bed
	api := &waker{fakeAPI: newAPI()}
	run(t, func(w *world) {
		f := w.e.Watch([]datasource.Ref{noAPI})
		defer f.Close()
		for _, d := range []time.Duration{time.Hour, ms(900), time.Second} {
			b.slept.Add(int64(d))
			w.after(2 * time.Second)
		}
		b.slept.Store(0) // the system's figure is gone
		w.after(2 * time.Second)
		b.slept.Store(int64(5 * time.Second))
		w.after(2 * time.Second)
		if want := []time.Duration{time.Hour, ms(1900), 5 * time.Second}; !slices.Equal(api.woke, want) {
			t.Errorf("notified of %v", api.woke)
		}
	}, func(o *Options) { o.Suspended, o.API = b.suspended, api })
}

// A key without an expiry is not live by a read from before the suspend.
func TestSleepAsksRedis(t *testing.T) {
	var b bed
	run(t, func(w *world) {
		w.redis.set("counter:x", "1", 0)
		f := w.e.Watch([]datasource.Ref{noAPI})
		defer f.Close()
		w.after(ms(100))
		w.redis.slow(time.Hour)
		b.slept.Add(int64(time.Minute))
		f.Refresh("nothing")
		w.after(ms(20))
		if e := w.is(f, "counter", stale, "1"); e.Why.String() != "redis: not read since the system was suspended" {
			t.Errorf("why %q", e.Why)
		}
		w.after(ms(1600))
		if e := w.is(f, "counter", stale, "1"); e.Why.String() != "redis: no answer" {
			t.Errorf("why %q", e.Why)
		}
		w.redis.slow(0)
		w.after(2 * time.Second)
		w.is(f, "counter", live, "1")
	}, func(o *Options) { o.Suspended = b.suspended })
}

// The system's own figure: there is one, and it does not grow while we are awake.
func TestSuspended(t *testing.T) {
	a := suspendedTime()
	time.Sleep(ms(20))
	if b := suspendedTime(); a < -ms(5) || b-a > ms(5) || a-b > ms(5) {
		t.Errorf("%v, then %v", a, b)
	}
}

// storeBatch tells the store of a sleep and of nothing else.
func storeBatch(e *Engine) store.Batch {
	return store.Batch{At: time.Now(), Slept: e.suspend.unpublished}
}
