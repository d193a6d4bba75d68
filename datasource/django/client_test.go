package django

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// fakeAPI answers in memory, so that time is synctest's.
type fakeAPI struct {
	mu      sync.Mutex
	asked   []string // path and query, in order
	auth    []string
	active  int
	peak    int
	took    time.Duration
	respond func(req *http.Request, n int) (int, http.Header, string) // n counts from 0
}

func (f *fakeAPI) RoundTrip(req *http.Request) (*http.Response, error) {
	f.mu.Lock()
	n := len(f.asked)
	f.asked = append(f.asked, req.URL.RequestURI())
	f.auth = append(f.auth, req.Header.Get("Authorization"))
	f.active++
	f.peak = max(f.peak, f.active)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.active--
		f.mu.Unlock()
	}()
	if f.took > 0 {
		select {
		case <-time.After(f.took):
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	status, header, body := f.respond(req, n)
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: req, ProtoMajor: 1, ProtoMinor: 1}, nil
}

func (f *fakeAPI) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.asked)
}

// always answers every request alike.
func always(status int, body string) func(*http.Request, int) (int, http.Header, string) {
	return func(*http.Request, int) (int, http.Header, string) { return status, nil, body }
}

// newTest returns a client over a fake API, with a jitter that is always in the
// middle.
func newTest(t testing.TB, api *fakeAPI, edit func(*Options)) *Client {
	t.Helper()
	o := Options{BaseURL: "https://api.example/", Token: "secret", Transport: api, Random: func() float64 { return 0.5 }}
	if edit != nil {
		edit(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ref(path string) datasource.Ref {
	return datasource.Ref{Name: "x", Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: path}}
}

func read(c *Client, path string) datasource.Raw {
	raws, _ := c.Read(context.Background(), []datasource.Request{{Ref: ref(path), Since: math.Inf(-1)}})
	return raws[0]
}

func faultOf(t testing.TB, raw datasource.Raw) *datasource.Fault {
	t.Helper()
	var f *datasource.Fault
	if !errors.As(raw.Err, &f) {
		t.Fatalf("no fault: %+v", raw)
	}
	return f
}

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
		if f.Class != datasource.ClassBreaker || f.Error() != "failing, resting" || time.Until(f.RetryAt) != breakerRest {
			t.Errorf("got %v %q in %v", f.Class, f, time.Until(f.RetryAt))
		}
		if c.Stats().Rest.IsZero() || api.count() != 5 {
			t.Errorf("stats %+v, %d requests", c.Stats(), api.count())
		}
		time.Sleep(breakerRest + time.Millisecond)
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

// TestHerd: a thousand resources for two hundred callers each, all at once.
func TestHerd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(200, "{}"), took: 50 * time.Millisecond}
		c := newTest(t, api, nil)
		var reqs []datasource.Request
		for i := range 1000 {
			reqs = append(reqs, datasource.Request{Ref: ref("/r/" + strconv.Itoa(i) + "/")})
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
		raws, _ := c.Read(ctx, []datasource.Request{{Ref: ref("/a/")}})
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

// TestTokenRefused: after a 401 nothing is sent until the token changes; a 403
// stops its own resource only.
func TestTokenRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := tokenFile(t, "old")
		api := &fakeAPI{}
		api.respond = func(req *http.Request, _ int) (int, http.Header, string) {
			switch {
			case req.Header.Get("Authorization") != "Bearer new":
				return 401, nil, `{"detail":"Invalid token."}`
			case req.URL.Path == "/forbidden/":
				return 403, nil, `{"detail":"no"}`
			}
			return 200, nil, "{}"
		}
		c := newTest(t, api, func(o *Options) { o.Token, o.TokenFile, o.Scheme = "", file, "Bearer" })
		for range 3 {
			f := faultOf(t, read(c, "/a/"))
			if f.Class != datasource.ClassAuth || f.Error() != "token refused" || !strings.Contains(f.Hint.String(), "Bearer") {
				t.Fatalf("got %v %q %q", f.Class, f, f.Hint)
			}
			time.Sleep(time.Hour)
		}
		if api.count() != 1 {
			t.Errorf("%d requests with a refused token", api.count())
		}
		writeToken(t, file, "new\n")
		if raw := read(c, "/a/"); raw.Err != nil {
			t.Fatal(raw.Err)
		}
		for range 2 {
			if f := faultOf(t, read(c, "/forbidden/")); f.Class != datasource.ClassPermission || f.Error() != "not allowed (403)" {
				t.Errorf("got %v %q", f.Class, f)
			}
			time.Sleep(time.Minute)
		}
		if raw := read(c, "/b/"); raw.Err != nil || api.count() != 4 {
			t.Errorf("%v after %d requests", raw.Err, api.count())
		}
	})
}

// TestTokenChanges: what the old token was told does not outlive it, be it a
// 401 that is still on its way, a 403, a 404, or an answer of a moment ago.
func TestTokenChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := tokenFile(t, "old")
		api := &fakeAPI{}
		api.respond = func(req *http.Request, _ int) (int, http.Header, string) {
			if req.Header.Get("Authorization") == "Token newer" {
				return 200, nil, `"for the new one"`
			}
			switch req.URL.Path {
			case "/slow/":
				writeToken(t, file, "newer")
				return 401, nil, ""
			case "/403/":
				return 403, nil, ""
			case "/404/":
				return 404, nil, ""
			}
			return 200, nil, `"for the old one"`
		}
		c := newTest(t, api, func(o *Options) { o.Token, o.TokenFile = "", file })
		for range 2 {
			for _, path := range []string{"/403/", "/404/", "/200/"} {
				read(c, path)
			}
		}
		if n := api.count(); n != 3 {
			t.Fatalf("%d requests", n)
		}
		if f := faultOf(t, read(c, "/slow/")); f.Class != datasource.ClassAuth {
			t.Fatalf("got %v", f)
		}
		for _, path := range []string{"/slow/", "/403/", "/404/", "/200/"} {
			if raw := read(c, path); raw.Err != nil || string(raw.Bytes) != `"for the new one"` {
				t.Errorf("%s with the new token: %s %v", path, raw.Bytes, raw.Err)
			}
		}
	})
}

// TestNewer: an answer of before the time that was asked for is not handed out
// again, however young it is.
func TestNewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(200, "{}")}
		c := newTest(t, api, nil)
		first := read(c, "/a/")
		time.Sleep(shareFor / 2)
		for _, q := range []struct {
			newer time.Time
			asked int
		}{{first.At, 1}, {first.At.Add(1), 2}} {
			raws, _ := c.Read(t.Context(), []datasource.Request{{Ref: ref("/a/"), Newer: q.newer}})
			if raws[0].Err != nil || raws[0].At.Before(q.newer) || api.count() != q.asked {
				t.Errorf("%v: an answer of %v, asked %d times", q.newer, raws[0].At, api.count())
			}
		}
	})
}

// TestETagOffered: what is no entity tag is not sent back, and what is no JSON is
// not confirmed for ever by an ETag that it was given before it was cut.
func TestETagOffered(t *testing.T) {
	for _, c := range []struct {
		name, etag, body string
		offered          bool
	}{
		{"strong", `"v1"`, "{}", true},
		{"weak", `W/"v1"`, "[1.10]", true},
		{"cut short", `"v1"`, `{"a":`, false},
		{"no quotes", `v1`, "{}", false},
		{"lone quote", `"`, "{}", false},
		{"a control character", "\"v\x01\"", "{}", false},
		{"huge", `"` + strings.Repeat("v", 60<<10) + `"`, "{}", false},
		{"none", "", "{}", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			offered := ""
			api := &fakeAPI{respond: func(req *http.Request, _ int) (int, http.Header, string) {
				offered = req.Header.Get("If-None-Match")
				return 200, http.Header{"Etag": {c.etag}}, c.body
			}}
			client := newTest(t, api, nil)
			read(client, "/a/")
			time.Sleep(time.Minute)
			if read(client, "/a/"); (offered != "") != c.offered {
				t.Errorf("%s: offered %.50q", c.name, offered)
			}
		})
	}
}

// TestETag: an answer is revalidated; 304 makes it fresh again.
func TestETag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		api.respond = func(req *http.Request, n int) (int, http.Header, string) {
			if req.Header.Get("If-None-Match") == `W/"v1"` {
				return 304, nil, ""
			}
			return 200, http.Header{"Etag": {`W/"v1"`}}, `{"a":` + strconv.Itoa(n) + `}`
		}
		c := newTest(t, api, nil)
		read(c, "/a/")
		for range 3 {
			time.Sleep(time.Minute)
			if raw := read(c, "/a/"); raw.Err != nil || string(raw.Bytes) != `{"a":0}` || !raw.At.Equal(time.Now()) {
				t.Errorf("got %+v", raw)
			}
		}
		if api.count() != 4 || c.kept != len(`{"a":0}`) {
			t.Errorf("%d requests, %d bytes kept", api.count(), c.kept)
		}
	})
}

// TestKeptBounded: what is kept of answers stays within its limit.
func TestKeptBounded(t *testing.T) {
	body := `"` + strings.Repeat("a", maxKeptEach-2) + `"`
	api := &fakeAPI{respond: always(200, body)}
	c := newTest(t, api, nil)
	for i := range 80 {
		if raw := read(c, "/"+strconv.Itoa(i)+"/"); raw.Err != nil {
			t.Fatal(raw.Err)
		}
	}
	if c.kept > maxKept || c.kept < maxKept/2 {
		t.Errorf("%d bytes kept", c.kept)
	}
	kept := c.kept
	api.respond = always(200, body+" ")
	if raw := read(c, "/large/"); raw.Err != nil || c.kept != kept {
		t.Errorf("a large one: %v, %d bytes kept, were %d", raw.Err, c.kept, kept)
	}
}

func TestJitter(t *testing.T) {
	c := &Client{random: func() float64 { return 0 }}
	if d := c.jitter(10 * time.Second); d != 8*time.Second {
		t.Errorf("least %v", d)
	}
	if d := c.jitterUp(10 * time.Second); d != 10*time.Second {
		t.Errorf("our wait was shortened to %v", d)
	}
	if d := c.jitterTold(47 * time.Second); d != 47*time.Second {
		t.Errorf("a server's wait was shortened to %v", d)
	}
	c.random = func() float64 { return 1 }
	if d := c.jitter(10 * time.Second); d != 12*time.Second {
		t.Errorf("most %v", d)
	}
	if d := c.jitterUp(10 * time.Second); d != 12*time.Second {
		t.Errorf("our wait was spread to %v", d)
	}
	if d := c.jitterTold(5 * time.Minute); d != 5*time.Minute {
		t.Errorf("longest %v", d)
	}
}
