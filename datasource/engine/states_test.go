package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

const (
	live     = datasource.StateLive
	fallback = datasource.StateFallback
	stale    = datasource.StateStale
	missing  = datasource.StateMissing
	failed   = datasource.StateError
	loading  = datasource.StateLoading
)

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

func TestLiveFallbackLive(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("flag:x", "1.10", 0)
		w.api.put("/api/flags/x/", "7")
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(0)
		e := w.is(f, "flag", live, "1.10")
		if _, ok := e.TTL(time.Now()); ok || e.Origin != datasource.SourceRedis {
			t.Errorf("ttl %v, origin %v", ok, e.Origin)
		}
		w.redis.del("flag:x")
		w.after(time.Second)
		e = w.is(f, "flag", fallback, "7")
		if left, _ := e.TTL(time.Now()); left != time.Minute || e.Why.String() != "key missing" || e.Fault != nil {
			t.Errorf("ttl %v, why %q, fault %v", left, e.Why, e.Fault)
		}
		w.redis.set("flag:x", "2", 0)
		w.after(time.Second)
		w.is(f, "flag", live, "2")
	})
}

// An answer that another dashboard has left is as old as it is, is good for the
// rest of its time only, and says nothing of the API itself.
func TestSharedAnswerKeepsItsAge(t *testing.T) {
	run(t, func(w *world) {
		w.api.put("/api/flags/x/", "7")
		w.api.aged(20 * time.Second)
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(0)
		e := w.is(f, "flag", fallback, "7")
		if left, _ := e.TTL(time.Now()); left != 40*time.Second || e.Age(time.Now()) != 20*time.Second {
			t.Errorf("ttl %s, age %s", left, e.Age(time.Now()))
		}
		if s := f.Snapshot().Sources[datasource.SourceAPI]; s.Light != datasource.LightIdle {
			t.Errorf("the api is %s", s.Light)
		}
		w.api.put("/api/flags/x/", "8")
		w.api.aged(0)
		w.after(40 * time.Second)
		e = w.is(f, "flag", fallback, "8")
		if s := f.Snapshot().Sources[datasource.SourceAPI]; s.Light != datasource.LightUp || e.Age(time.Now()) != 0 {
			t.Errorf("the api is %s, age %s", s.Light, e.Age(time.Now()))
		}
	})
}

// A key that expires between two polls is replaced at its deadline.
func TestExpiryAtTheDeadline(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("flag:x", "1", ms(2345))
		w.api.put("/api/flags/x/", "7")
		w.api.delay = ms(30)
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(ms(2345) - 1)
		w.is(f, "flag", live, "1")
		if w.api.total() != 0 {
			t.Error("the api was asked for a key that is there")
		}
		w.after(1)
		e := w.is(f, "flag", stale, "1")
		if e.Why.String() != "key expired" || w.api.total() != 1 {
			t.Errorf("why %q, asked %d", e.Why, w.api.total())
		}
		w.after(ms(30))
		w.is(f, "flag", fallback, "7")
		for _, ev := range f.Snapshot().Events {
			if ev.Subject.String() == "flag" && ev.To.String() == "stale" {
				t.Errorf("the moment of asking is in the log: %v", ev)
			}
		}
	})
}

// A producer that renews its key between two polls, even late, causes neither a
// blink nor a question.
func TestRenewedBetweenPolls(t *testing.T) {
	run(t, func(w *world) {
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.redis.set("flag:x", "1", ms(1500))
		for range 40 {
			w.after(ms(1440)) // 60 ms before the end
			w.redis.set("flag:x", "1", ms(1500))
			w.is(f, "flag", live, "1")
		}
		if w.api.total() > 1 { // it was missing at the very start
			t.Errorf("asked %d times", w.api.total())
		}
	})
}

func TestRedisDownAndBack(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("flag:x", "1", 0)
		w.redis.set("counter:x", "5", 0)
		f := w.e.Watch([]datasource.Ref{flag, noAPI})
		defer f.Close()
		w.after(ms(500))
		w.redis.fail(refused)
		w.after(ms(510))
		e := w.is(f, "counter", stale, "5")
		if e.Fault == nil || e.Fault.Class != datasource.ClassRefused || !e.Fault.RetryAt.After(time.Now()) {
			t.Errorf("fault %+v", e.Fault)
		}
		if s := f.Snapshot().Sources[datasource.SourceRedis]; s.Light != datasource.LightDown || s.Fault == nil {
			t.Errorf("redis %+v", s)
		}
		w.api.put("/api/flags/x/", "7")
		reads := w.redis.count()
		w.after(10 * time.Second)
		w.is(f, "flag", fallback, "7")
		w.is(f, "counter", stale, "5")
		if n := w.redis.count() - reads; n < 5 || n > 20 {
			t.Errorf("%d tries in 10 s", n)
		}
		if age := f.Snapshot().Get("counter").Age(time.Now()); age < 10*time.Second {
			t.Errorf("age %v", age)
		}
		w.redis.fail(nil)
		w.after(3 * time.Second)
		w.is(f, "flag", live, "1")
		w.is(f, "counter", live, "5")
		if s := f.Snapshot().Sources[datasource.SourceRedis]; s.Light != datasource.LightUp || s.Fault != nil {
			t.Errorf("redis %+v", s)
		}
	})
}

// What cannot be had is said within three seconds.
func TestNeverLoadingForEver(t *testing.T) {
	hang := func(w *world) { w.redis.slow(time.Hour) }
	for _, c := range []struct {
		name  string
		setup func(w *world)
		ref   datasource.Ref
		state datasource.State
		fault datasource.Class
	}{
		{"refused, no api", func(w *world) { w.redis.fail(refused) }, noAPI, failed, datasource.ClassRefused},
		{"refused, api fails", func(w *world) {
			w.redis.fail(refused)
			w.api.fail(fault(datasource.ClassServer, "500"))
		}, flag, failed, datasource.ClassRefused},
		{"refused, api has it", func(w *world) { w.redis.fail(refused); w.api.put("/api/flags/x/", "7") }, flag, fallback, datasource.ClassRefused},
		{"hanging", hang, noAPI, failed, datasource.ClassTimeout},
		{"hanging, api hangs", func(w *world) { hang(w); w.api.delay = time.Hour }, flag, failed, datasource.ClassTimeout},
		{"missing, api hangs", func(w *world) { w.api.delay = time.Hour }, flag, failed, datasource.ClassTimeout},
		{"missing at both", func(w *world) {}, flag, missing, 0},
		{"channel never joined", func(w *world) { w.sub.auto = false }, notices, failed, datasource.ClassTimeout},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				// The engine must start with the fault, so it is not run's.
				w := &world{t: t, redis: newRedis(), sub: &fakeListener{auto: true}, api: newAPI(), start: time.Now()}
				c.setup(w)
				w.e = New(Options{Redis: w.redis, Listener: w.sub, API: w.api})
				f := w.e.Watch([]datasource.Ref{c.ref})
				stop := w.begin()
				defer stop()
				defer f.Close()
				w.after(3 * time.Second)
				e := f.Snapshot().Get(c.ref.Name)
				if e.State != c.state {
					t.Fatalf("state %v, want %v", e.State, c.state)
				}
				if c.fault != 0 && (e.Fault == nil || e.Fault.Class != c.fault) {
					t.Errorf("fault %v, want %v", e.Fault, c.fault)
				}
			})
		})
	}
}

func TestWithoutAnything(t *testing.T) {
	bare := func(o *Options) { *o = Options{} }
	run(t, func(w *world) {
		f := w.e.Watch([]datasource.Ref{flag, notices})
		defer f.Close()
		w.after(3 * time.Second)
		w.is(f, "flag", failed, "-")
		w.is(f, "alerts", failed, "-")
	}, bare)
}

func TestOnlyRedis(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("quote:EURUSD", `{"bid":1.1}`, 0)
		f := w.e.Watch([]datasource.Ref{quote("EURUSD"), flag})
		defer f.Close()
		w.after(time.Second)
		w.is(f, "quote.EURUSD", live, "{bid=1.1}")
		w.is(f, "flag", missing, "-")
	}, func(o *Options) { o.API, o.Listener = nil, nil })
}

// A fault of one datum is that datum's alone.
func TestOneDatumFails(t *testing.T) {
	run(t, func(w *world) {
		w.redis.set("flag:x", "1", 0)
		w.redis.set("counter:x", "5", 0)
		f := w.e.Watch([]datasource.Ref{flag, noAPI})
		defer f.Close()
		w.after(0)
		w.redis.put("counter:x", &fakeKey{err: fault(datasource.ClassWrongType, "wrong type: expected string, is hash")})
		w.after(time.Second)
		w.is(f, "flag", live, "1")
		e := w.is(f, "counter", stale, "5")
		if e.Fault.Class != datasource.ClassWrongType || e.Why.String() != "redis: wrong type: expected string, is hash" {
			t.Errorf("fault %v, why %q", e.Fault, e.Why)
		}
		w.redis.set("counter:x", `{"half":`, 0)
		w.after(time.Second)
		if e = w.is(f, "counter", stale, "5"); e.Fault.Class != datasource.ClassDecode {
			t.Errorf("fault %v", e.Fault)
		}
		w.after(time.Second) // the same bytes are not decoded again, and still bad
		w.is(f, "counter", stale, "5")
		w.redis.set("counter:x", "6", 0)
		w.after(time.Second)
		if e = w.is(f, "counter", live, "6"); e.Fault != nil {
			t.Errorf("fault %v", e.Fault)
		}
	})
}

// The API is asked once per cache_ttl, and its value is stale when it does not
// answer the next time.
func TestAPIRhythm(t *testing.T) {
	run(t, func(w *world) {
		w.api.put("/api/flags/x/", "7")
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(59 * time.Second)
		w.is(f, "flag", fallback, "7")
		if n := w.api.total(); n != 1 {
			t.Errorf("asked %d times in a minute", n)
		}
		w.api.fail(fault(datasource.ClassServer, "500"))
		w.after(2 * time.Second)
		e := w.is(f, "flag", stale, "7")
		if e.APIFault == nil || e.APIFault.Class != datasource.ClassServer || e.Age(time.Now()) < time.Minute {
			t.Errorf("api fault %v, age %v", e.APIFault, e.Age(time.Now()))
		}
		w.after(2 * time.Minute)
		if n := w.api.total(); n < 4 || n > 14 {
			t.Errorf("asked %d times, with two minutes of failures", n)
		}
		w.api.fail(nil)
		w.after(31 * time.Second)
		w.is(f, "flag", fallback, "7")
	})
}

func TestRetryAfter(t *testing.T) {
	run(t, func(w *world) {
		until := time.Now().Add(47 * time.Second)
		w.api.fail(&datasource.Fault{Class: datasource.ClassRateLimited, Source: datasource.SourceAPI, RetryAt: until})
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(46 * time.Second)
		e := w.is(f, "flag", failed, "-")
		if n := w.api.total(); n != 1 || !e.APIFault.RetryAt.Equal(until) {
			t.Errorf("asked %d times, next %v", n, e.APIFault.RetryAt)
		}
		f.Refresh()
		w.after(0)
		if n := w.api.total(); n != 1 {
			t.Errorf("refresh asked before Retry-After")
		}
		w.api.fail(nil)
		w.api.put("/api/flags/x/", "7")
		w.after(2 * time.Second)
		w.is(f, "flag", fallback, "7")
	})
}

// A "no such thing" is believed for a minute, however long a value would be
// kept, or for as long as the client says.
func TestMissingAskedAgain(t *testing.T) {
	for _, c := range []struct {
		says, want time.Duration
	}{{0, time.Minute}, {70 * time.Second, 70 * time.Second}} {
		run(t, func(w *world) {
			w.api.ttl = c.says
			f := w.e.Watch([]datasource.Ref{flag})
			defer f.Close()
			w.after(c.want - time.Second)
			w.is(f, "flag", missing, "-")
			if n := w.api.total(); n != 1 {
				t.Errorf("asked %d times in %v", n, c.want-time.Second)
			}
			w.api.put("/api/flags/x/", "7")
			w.after(2 * time.Second)
			w.is(f, "flag", fallback, "7")
		}, func(o *Options) { o.CacheTTL = 10 * time.Minute })
	}
}

// A refused token has no countdown, and a new one is found within seconds,
// however long the old one has been refused.
func TestTokenLook(t *testing.T) {
	run(t, func(w *world) {
		w.api.fail(&datasource.Fault{Class: datasource.ClassAuth, Source: datasource.SourceAPI, Text: safeText("token refused")})
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(time.Hour)
		if e := w.is(f, "flag", failed, "-"); e.APIFault == nil || !e.APIFault.RetryAt.IsZero() {
			t.Errorf("fault %+v", e.APIFault)
		}
		if s := f.Snapshot().Sources[datasource.SourceAPI]; s.Light != datasource.LightDown || !s.Fault.RetryAt.IsZero() {
			t.Errorf("api %+v", s)
		}
		w.api.fail(nil)
		w.api.put("/api/flags/x/", "7")
		w.after(tokenRecheck)
		w.is(f, "flag", fallback, "7")
	})
}

// An answer that another dashboard fetched is as old as it is, and good for as
// much shorter; one from before the key was last seen is not what is wanted.
func TestOlderAnswer(t *testing.T) {
	run(t, func(w *world) {
		w.api.put("/api/flags/x/", "7")
		w.api.aged(20 * time.Second)
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(time.Second)
		e := w.is(f, "flag", fallback, "7")
		if left, _ := e.TTL(time.Now()); e.Age(time.Now()) != 21*time.Second || left != 39*time.Second {
			t.Errorf("%v old, %v left", e.Age(time.Now()), left)
		}
		w.after(38*time.Second + ms(900))
		if n := w.api.total(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		w.after(ms(200))
		if n := w.api.total(); n != 2 {
			t.Errorf("asked %d times at its end", n)
		}

		w.redis.set("flag:x", "8", 0)
		w.after(ms(1500))
		w.is(f, "flag", live, "8")
		seen := f.Snapshot().Get("flag").At
		w.redis.del("flag:x")
		w.api.aged(0)
		w.after(6 * time.Second)
		w.is(f, "flag", fallback, "7")
		if newer := w.api.wanted(); newer.Before(seen) {
			t.Errorf("wanted newer than %v, the key was seen at %v", newer, seen)
		}
	})
}

// A key that comes and goes does not wait a minute for its fallback, and does
// not ask each time.
func TestFlapping(t *testing.T) {
	run(t, func(w *world) {
		w.api.put("/api/flags/x/", "7")
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(ms(1500))
		w.is(f, "flag", fallback, "7")
		w.redis.set("flag:x", "8", 0)
		w.after(time.Second)
		w.is(f, "flag", live, "8")
		w.redis.del("flag:x")
		w.after(time.Second)
		w.is(f, "flag", stale, "8") // newer than the API's answer
		w.api.put("/api/flags/x/", "9")
		w.after(2 * time.Second)
		w.is(f, "flag", fallback, "9")
		if n := w.api.total(); n != 2 {
			t.Errorf("asked %d times", n)
		}
	})
}

// A thousand keys that expire at once cost one request a resource, four at a
// time.
func TestHerd(t *testing.T) {
	run(t, func(w *world) {
		var refs []datasource.Ref
		for i := range 1000 {
			name := string(rune('A'+i%26)) + string(rune('A'+i/26%26)) + string(rune('A'+i/676))
			r := quote(name)
			r.Live = ""
			r.Fallback.Path = "/api/quotes/" + name[1:] + "/"
			refs = append(refs, r)
			w.redis.set(r.Key, "1", 5*time.Second)
			w.api.put(r.Fallback.Path, "2")
		}
		w.api.delay = ms(20)
		var feeds []datasource.Feed
		for range 200 {
			feeds = append(feeds, w.e.Watch(refs))
		}
		w.after(ms(4900))
		reads := w.redis.count()
		w.after(ms(1900))
		for _, f := range feeds {
			for i := range refs {
				w.is(f, refs[i].Name, fallback, "2")
			}
			f.Close()
		}
		for path, n := range w.api.asked {
			if n > 1 {
				t.Errorf("%s asked %d times", path, n)
			}
		}
		if w.api.most > askParallel {
			t.Errorf("%d requests in flight", w.api.most)
		}
		if n := w.redis.count() - reads; n > 6 {
			t.Errorf("%d reads", n)
		}
	})
}

// The log of a herd is bounded.
func TestHerdLog(t *testing.T) {
	run(t, func(w *world) {
		var refs []datasource.Ref
		for i := range 100 {
			r := quote(string(rune('A'+i%26)) + string(rune('A'+i/26)))
			r.Live, r.Fallback.Path = "", "/one"
			refs = append(refs, r)
			w.redis.set(r.Key, "1", 0)
		}
		w.api.put("/one", "2")
		f := w.e.Watch(refs)
		defer f.Close()
		w.after(ms(500))
		for _, r := range refs {
			w.redis.del(r.Key)
		}
		w.after(time.Second)
		events := f.Snapshot().Events
		last := events[len(events)-1]
		if len(events) > 30 || !strings.Contains(last.Text.String(), "80 more") {
			t.Errorf("%d events, the last %q", len(events), last.Text)
		}
	})
}

func TestChannelData(t *testing.T) {
	run(t, func(w *world) {
		f := w.e.Watch([]datasource.Ref{notices})
		defer f.Close()
		w.after(0)
		w.is(f, "alerts", live, "<>")
		for _, m := range []string{"a", "b", "c", "d"} {
			w.sub.push("notifications:A", m)
		}
		w.after(ms(100))
		w.is(f, "alerts", live, "<d c b>")
		w.sub.lose()
		w.after(ms(50))
		w.is(f, "alerts", stale, "<d c b>")
		w.sub.join()
		w.sub.push("notifications:A", "e")
		w.after(ms(100))
		w.is(f, "alerts", live, "<e d c>")
	})
}
