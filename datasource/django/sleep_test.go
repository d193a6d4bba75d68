package django

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// TestWoke: after a sleep no rest is waited out and nothing said before is
// believed, but what a 429 asked for.
func TestWoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(404, "")}
		c := newTest(t, api, nil)
		if raw := read(c, "/gone/"); !raw.Missing {
			t.Fatalf("got %+v", raw)
		}
		api.respond = always(503, "")
		for i := range 5 {
			read(c, "/"+strconv.Itoa(i)+"/")
		}
		if f := faultOf(t, read(c, "/other/")); f.Class != datasource.ClassBreaker {
			t.Fatal(f)
		}
		c.Woke(datasource.Sleep{For: time.Hour, Seen: time.Now()})
		api.respond = always(200, "{}")
		for _, path := range []string{"/gone/", "/0/", "/other/"} {
			if raw := read(c, path); raw.Err != nil || raw.Missing {
				t.Errorf("%s: %+v", path, raw)
			}
		}
		before := api.count()
		c.Woke(datasource.Sleep{For: time.Hour, Seen: time.Now()})
		read(c, "/0/")
		if api.count() != before+1 {
			t.Error("an answer of before was handed out")
		}
		api.respond = func(*http.Request, int) (int, http.Header, string) {
			return 429, http.Header{"Retry-After": {"60"}}, ""
		}
		read(c, "/slow/")
		c.Woke(datasource.Sleep{For: time.Second, Seen: time.Now()})
		if f := faultOf(t, read(c, "/0/")); f.Class != datasource.ClassRateLimited {
			t.Error(f)
		}
	})
}

// TestWokeInFlight: one that waits for an answer when the machine falls asleep gets
// one of after.
func TestWokeInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slept := make(chan struct{})
		api := &fakeAPI{}
		api.respond = func(_ *http.Request, n int) (int, http.Header, string) {
			if api.count() == 1 {
				<-slept
				return 200, nil, `"before"`
			}
			return 200, nil, `"after"`
		}
		c := newTest(t, api, nil)
		got := make(chan datasource.Raw)
		go func() { got <- read(c, "/a/") }()
		synctest.Wait()
		c.Woke(datasource.Sleep{For: time.Hour, Seen: time.Now()})
		close(slept)
		if raw := <-got; raw.Err != nil || string(raw.Bytes) != `"after"` {
			t.Errorf("%s, %v", raw.Bytes, raw.Err)
		}
	})
}
