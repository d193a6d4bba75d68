package django

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// TestThrottled: a 429 silences the client for all resources until Retry-After.
func TestThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		api.respond = func(*http.Request, int) (int, http.Header, string) {
			return 429, http.Header{"Retry-After": {"47"}}, `{"detail":"Request was throttled."}`
		}
		c := newTest(t, api, func(o *Options) { o.Random = func() float64 { return 0 } })
		f := faultOf(t, read(c, "/a/"))
		if f.Class != datasource.ClassRateLimited || f.Error() != "429: waiting" || time.Until(f.RetryAt) != 47*time.Second {
			t.Errorf("got %v %q in %v", f.Class, f, time.Until(f.RetryAt))
		}
		time.Sleep(40 * time.Second)
		if f = faultOf(t, read(c, "/b/")); f.Error() != "429: waiting" || time.Until(f.RetryAt) != 7*time.Second {
			t.Errorf("got %q", f)
		}
		if api.count() != 1 || c.Stats().Throttle.IsZero() {
			t.Errorf("%d requests", api.count())
		}
		time.Sleep(7 * time.Second)
		api.respond = always(200, "{}")
		if raw := read(c, "/b/"); raw.Err != nil {
			t.Error(raw.Err)
		}
	})
}

// TestThrottledAsTold: whatever chance says, what is counted down is what the
// server said, or at most a second more.
func TestThrottledAsTold(t *testing.T) {
	for _, chance := range []float64{0, 0.5, 0.999999} {
		synctest.Test(t, func(t *testing.T) {
			api := &fakeAPI{respond: func(*http.Request, int) (int, http.Header, string) {
				return 429, http.Header{"Retry-After": {"47"}}, ""
			}}
			c := newTest(t, api, func(o *Options) { o.Random = func() float64 { return chance } })
			f := faultOf(t, read(c, "/a/"))
			if wait := time.Until(f.RetryAt); wait < 47*time.Second || wait > 48*time.Second {
				t.Errorf("chance %v: told 47 s, waits %v", chance, wait)
			}
		})
	}
}

// TestThrottledUntold: a 429 that does not say for how long is waited out longer
// each time, and of several that were in flight the longest wait counts.
func TestThrottledUntold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		api.respond = always(429, "")
		c := newTest(t, api, func(o *Options) { o.Random = func() float64 { return 0 } })
		for i, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second, 30 * time.Second} {
			if f := faultOf(t, read(c, "/a/")); time.Until(f.RetryAt) != want {
				t.Errorf("refusal %d: next try in %v, want %v", i, time.Until(f.RetryAt), want)
			}
			time.Sleep(want)
		}
		api.respond = always(200, "{}")
		read(c, "/a/")
		time.Sleep(time.Second)

		first := api.count()
		waits := []string{"5", "60", "", "2"}
		api.took = 100 * time.Millisecond
		api.respond = func(_ *http.Request, n int) (int, http.Header, string) {
			return 429, http.Header{"Retry-After": {waits[n-first]}}, ""
		}
		var wg sync.WaitGroup
		for i := range waits {
			wg.Go(func() { read(c, "/"+strconv.Itoa(i)+"/") })
		}
		wg.Wait()
		if f := faultOf(t, read(c, "/a/")); time.Until(f.RetryAt) != time.Minute {
			t.Errorf("after a volley: next try in %v", time.Until(f.RetryAt))
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "47": 47 * time.Second, " 2 ": 2 * time.Second, "0": time.Second, "-1": 0,
		"1000000000": 5 * time.Minute, "99999999999999999999": 5 * time.Minute, "-99999999999999999999": 0,
		"soon": 0, "1.5": 0,
		"Mon, 23 Nov 2026 09:01:30 GMT": 90 * time.Second, "Mon, 23 Nov 2026 08:00:00 GMT": time.Second,
		"Mon, 23 Nov 2099 09:01:30 GMT": 5 * time.Minute,
	} {
		if got, ok := retryAfter(header, now); got != want || ok != (want > 0) {
			t.Errorf("%q: %v %v, want %v", header, got, ok, want)
		}
	}
}
