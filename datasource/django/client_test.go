package django

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

func TestRead(t *testing.T) {
	api := &fakeAPI{respond: always(200, `{"bid":"1.10"}`)}
	c := newTest(t, api, nil)
	raw := read(c, "/api/quotes/EURUSD/?x=1")
	if raw.Err != nil || string(raw.Bytes) != `{"bid":"1.10"}` || !raw.JSON || raw.Missing || raw.TTL != datasource.NoTTL || raw.At.IsZero() {
		t.Fatalf("got %+v", raw)
	}
	if api.asked[0] != "/api/quotes/EURUSD/?x=1" || api.auth[0] != "Token secret" {
		t.Errorf("asked %q with %q", api.asked, api.auth)
	}
	if none := faultOf(t, read(c, "")); none.Class != datasource.ClassConfig {
		t.Errorf("no endpoint: %v", none)
	}
}

// TestBackoff: after a failure nothing is sent until RetryAt, and the wait
// doubles to 30 s; after a success it begins anew.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ok := false
		api := &fakeAPI{}
		api.respond = func(*http.Request, int) (int, http.Header, string) {
			if ok {
				return 200, nil, "{}"
			}
			return 500, http.Header{"Content-Type": {"text/html"}}, "<h1>Server Error (500)</h1>"
		}
		c := newTest(t, api, nil)
		for i, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second} {
			f := faultOf(t, read(c, "/a/"))
			if f.Class != datasource.ClassServer || f.Error() != "500" {
				t.Fatalf("got %v %q", f.Class, f)
			}
			if wait := time.Until(f.RetryAt); wait != want {
				t.Errorf("failure %d: next try in %v, want %v", i, wait, want)
			}
			time.Sleep(want - time.Millisecond)
			if again := faultOf(t, read(c, "/a/")); again.RetryAt != f.RetryAt {
				t.Errorf("failure %d: asked too early", i)
			}
			if api.count() != i+1 {
				t.Errorf("%d requests after %d tries", api.count(), i+1)
			}
			time.Sleep(time.Millisecond)
		}
		ok = true
		if raw := read(c, "/a/"); raw.Err != nil {
			t.Fatal(raw.Err)
		}
		ok = false
		time.Sleep(shareFor)
		if f := faultOf(t, read(c, "/a/")); time.Until(f.RetryAt) != time.Second {
			t.Errorf("after a success: next try in %v", time.Until(f.RetryAt))
		}
	})
	for n, seconds := range map[int]float64{0: 1, 4: 16, 5: 30, 60: 30} {
		if got := backoff(n); got.Seconds() != seconds {
			t.Errorf("backoff(%d) = %v", n, got)
		}
	}
}

// TestBreaker: five failures in a row rest all resources for 10 s; then one
// request tries.
func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(503, "")}
		c := newTest(t, api, nil)
		for i := range 5 {
			if f := faultOf(t, read(c, "/"+strconv.Itoa(i)+"/")); f.Class != datasource.ClassServer {
				t.Fatal(f)
			}
		}
		f := faultOf(t, read(c, "/other/"))
		if f.Class != datasource.ClassBreaker || f.Error() != "failing, breaker open" || time.Until(f.RetryAt) != breakerOpenFor {
			t.Errorf("got %v %q in %v", f.Class, f, time.Until(f.RetryAt))
		}
		if c.Stats().Rest.IsZero() || api.count() != 5 {
			t.Errorf("stats %+v, %d requests", c.Stats(), api.count())
		}
		time.Sleep(breakerOpenFor + time.Millisecond)
		api.respond = always(200, "{}")
		if raw := read(c, "/other/"); raw.Err != nil {
			t.Fatal(raw.Err)
		}
		if raw := read(c, "/more/"); raw.Err != nil || !c.Stats().Rest.IsZero() {
			t.Errorf("not closed again: %v %+v", raw.Err, c.Stats())
		}
	})
}

// TestAnswersDoNotTrip: 404, 401, 403, 429 and HTML are answers of a server that
// works.
func TestAnswersDoNotTrip(t *testing.T) {
	for _, status := range []int{404, 403, 400} {
		api := &fakeAPI{respond: always(status, "{}")}
		c := newTest(t, api, nil)
		for i := range 12 {
			if raw := read(c, "/"+strconv.Itoa(i)+"/"); datasource.ClassOf(raw.Err) == datasource.ClassBreaker {
				t.Errorf("%d tripped the breaker", status)
			}
		}
	}
}

// TestMissing: a 404 is believed for a minute.
func TestMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(404, `{"detail":"Not found."}`)}
		c := newTest(t, api, nil)
		for range 3 {
			if raw := read(c, "/a/"); !raw.Missing || raw.Err != nil {
				t.Fatalf("got %+v", raw)
			}
			time.Sleep(19 * time.Second)
		}
		if api.count() != 1 {
			t.Errorf("%d requests", api.count())
		}
		time.Sleep(4 * time.Second)
		api.respond = always(200, "[]")
		if raw := read(c, "/a/"); raw.Missing || string(raw.Bytes) != "[]" {
			t.Errorf("after a minute: %+v", raw)
		}
	})
}

// TestHerd: a thousand resources for two hundred callers each, all at once.
func TestHerd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(200, "{}"), took: 50 * time.Millisecond}
		c := newTest(t, api, nil)
		var reqs []datasource.Request
		for i := range 1000 {
			reqs = append(reqs, datasource.Request{Ref: new(ref("/r/" + strconv.Itoa(i) + "/"))})
		}
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				mine := reqs
				if i > 0 { // all but one caller want a part, or the test would be a million goroutines
					mine = reqs[i*5 : i*5+5]
				}
				raws, err := c.Read(context.Background(), mine)
				if err != nil {
					t.Error(err)
				}
				for _, raw := range raws {
					if raw.Err != nil {
						t.Error(raw.Err)
					}
				}
			})
		}
		wg.Wait()
		seen := map[string]bool{}
		for _, p := range api.asked {
			if seen[p] {
				t.Errorf("%s asked twice", p)
			}
			seen[p] = true
		}
		if len(seen) != 1000 || api.peak > inFlight {
			t.Errorf("%d resources asked, %d at a time", len(seen), api.peak)
		}
	})
}

// TestCallerGone: a caller that gives up ends neither the request nor its worth
// to the next.
func TestCallerGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(200, `{"a":1}`), took: 2 * time.Second}
		c := newTest(t, api, nil)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		raws, _ := c.Read(ctx, []datasource.Request{{Ref: new(ref("/a/"))}})
		if f := faultOf(t, raws[0]); f.Class != datasource.ClassTimeout {
			t.Errorf("got %v", f.Class)
		}
		time.Sleep(5 * time.Second)
		if raw := read(c, "/a/"); raw.Err != nil || string(raw.Bytes) != `{"a":1}` || time.Since(raw.At) != 4*time.Second {
			t.Errorf("got %+v", raw)
		}
		if api.count() != 1 {
			t.Errorf("%d requests", api.count())
		}
		time.Sleep(2 * time.Second)
		if raw := read(c, "/a/"); raw.Err != nil || time.Since(raw.At) != 0 || api.count() != 2 {
			t.Errorf("an old answer was handed out twice: %+v", raw)
		}
	})
}

// TestTimeout: a server that does not answer costs 3 s, and no more.
func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(200, "{}"), took: time.Hour}
		c := newTest(t, api, nil)
		start := time.Now()
		f := faultOf(t, read(c, "/a/"))
		if f.Class != datasource.ClassTimeout || f.Error() != "no answer in 3 s" || time.Since(start) != 3*time.Second {
			t.Errorf("got %v %q after %v", f.Class, f, time.Since(start))
		}
	})
}
