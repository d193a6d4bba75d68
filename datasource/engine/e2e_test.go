package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ticktop/datasource"
	"ticktop/datasource/django"
	"ticktop/datasource/engine"
	"ticktop/datasource/redisdb"
	"ticktop/datasource/testkit/servertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// path is an engine between a real Redis and a real Django.
type road struct {
	t     *testing.T
	redis *servertest.Server
	api   *servertest.API
	e     *engine.Engine
}

// start runs an engine until the test ends.
func start(t *testing.T) *road {
	t.Helper()
	if testing.Short() {
		t.Skip("needs servers")
	}
	r := &road{t: t, redis: servertest.Redis(t), api: servertest.Django(t)}
	db, err := redisdb.Open(redisdb.Options{URL: r.redis.URL()})
	if err != nil {
		t.Fatal(err)
	}
	api, err := django.New(django.Options{BaseURL: r.api.URL(), Token: servertest.DjangoToken})
	if err != nil {
		t.Fatal(err)
	}
	r.e = engine.New(engine.Options{Redis: db, Listener: db, API: api})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(5 * time.Second):
			t.Error("Run did not end within 5 s")
		}
		_ = db.Close()
		closeIdle(api)
	})
	return r
}

func closeIdle(c any) {
	if c, ok := c.(interface{ Close() error }); ok {
		_ = c.Close()
	}
	if c, ok := c.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// viewer checks the invariants of every snapshot.
type viewer struct {
	datasource.Feed
	t    *testing.T
	stop chan struct{}
	done chan struct{}
}

func (r *road) view(refs ...datasource.Ref) *viewer {
	v := &viewer{Feed: r.e.Watch(refs), t: r.t, stop: make(chan struct{}), done: make(chan struct{})}
	go v.watch()
	r.t.Cleanup(func() {
		close(v.stop)
		<-v.done
		v.Close()
	})
	return v
}

func (v *viewer) watch() {
	defer close(v.done)
	known := map[string]bool{}
	for {
		select {
		case <-v.stop:
			return
		case <-v.Changed():
		}
		s := v.Snapshot()
		for i := range s.Len() {
			name, e := s.Nth(i)
			if known[name] && !e.Known() {
				v.t.Errorf("%s was blanked: %v", name, e.State)
			}
			known[name] = known[name] || e.Known()
			if e.State == datasource.StateLive && !e.Expires.IsZero() && s.At.After(e.Expires) {
				v.t.Errorf("%s is live %v past its deadline", name, s.At.Sub(e.Expires))
			}
		}
	}
}

// until waits for a snapshot; the limit is for a machine that is very busy.
func (v *viewer) until(what string, ok func(s *datasource.Snapshot) bool) *datasource.Snapshot {
	v.t.Helper()
	begun := time.Now()
	defer func() { v.t.Logf("%s: after %v", what, time.Since(begun).Round(time.Millisecond)) }()
	limit := begun.Add(30 * time.Second)
	for time.Now().Before(limit) {
		if s := v.Snapshot(); ok(s) {
			return s
		}
		time.Sleep(5 * time.Millisecond)
	}
	s := v.Snapshot()
	for i := range s.Len() {
		name, e := s.Nth(i)
		v.t.Logf("%s: %v from %v, fault %v, api %v, why %q", name, e.State, e.Origin, e.Fault, e.APIFault, e.Why)
	}
	v.t.Fatalf("not seen: %s", what)
	return nil
}

func all(state datasource.State) func(s *datasource.Snapshot) bool {
	return func(s *datasource.Snapshot) bool { return s.Worst()[state] == s.Len() }
}

func field(e *datasource.Entry, name string) string {
	if f, ok := e.Value.Field(name); ok {
		return f.Num.String() + f.Text.String()
	}
	return ""
}

var (
	account = datasource.Ref{Name: "account", Kind: datasource.KindHash, Key: "account:ACC-1001",
		Fallback: datasource.Endpoint{Path: "/api/accounts/ACC-1001/"}}
	positions = datasource.Ref{Name: "positions", Kind: datasource.KindString, Key: "positions:ACC-1001",
		Fallback: datasource.Endpoint{Path: "/api/positions/?account=ACC-1001", Pick: "results"}}
	series = datasource.Ref{Name: "equity", Kind: datasource.KindZSet, Key: "equity:ACC-1001", Member: datasource.MemberTSValue,
		Fallback: datasource.Endpoint{Path: "/api/accounts/ACC-1001/equity/", Pick: "points", Time: "ts", Value: "equity"}}
)

func quoteOf(symbol string) datasource.Ref {
	return datasource.Ref{Name: "quote." + symbol, Kind: datasource.KindString, Key: "quote:" + symbol, Live: "ticks:" + symbol,
		Fallback: datasource.Endpoint{Path: "/api/quotes/" + symbol + "/"}}
}

// A key that expires between two polls is replaced by the API's value, without
// a blank snapshot and without a live one past the deadline.
func TestRealExpiry(t *testing.T) {
	r := start(t)
	r.redis.Do("HSET", "account:ACC-1001", "equity", "48911.20", "open_orders", "3")
	r.redis.Do("PEXPIRE", "account:ACC-1001", "2700")
	v := r.view(account)
	s := v.until("live", all(datasource.StateLive))
	if got := field(s.Get("account"), "equity"); got != "48911.20" {
		t.Errorf("equity %s", got)
	}
	if n := r.api.Asked().Total(); n != 0 {
		t.Errorf("the api was asked %d times for a key that is there", n)
	}
	s = v.until("fallback", all(datasource.StateFallback))
	if e := s.Get("account"); e.Why.String() != "key expired" || e.Origin != datasource.SourceAPI {
		t.Errorf("why %q, origin %v", e.Why, e.Origin)
	}
	r.redis.Do("HSET", "account:ACC-1001", "equity", "1")
	v.until("live again", all(datasource.StateLive))
}

// Redis is killed and started again: values stay, and heal by themselves.
func TestRealKill(t *testing.T) {
	r := start(t)
	fill := func() {
		r.redis.Do("SET", "quote:EURUSD", `{"bid":1.1,"ask":1.2}`)
		r.redis.Do("HSET", "account:ACC-1001", "equity", "5")
		r.redis.Do("ZADD", "equity:ACC-1001", "1763860000", "1763860000:1", "1763860001", "1763860001:2")
		r.redis.Do("SET", "lonely", "7")
	}
	fill()
	lonely := datasource.Ref{Name: "lonely", Kind: datasource.KindString, Key: "lonely"}
	v := r.view(quoteOf("EURUSD"), account, series, lonely)
	v.until("live", all(datasource.StateLive))
	r.redis.Kill()
	s := v.until("all from the api, but one", func(s *datasource.Snapshot) bool {
		return s.Worst()[datasource.StateFallback] == 3 && s.Get("lonely").State == datasource.StateStale
	})
	if st := s.Sources[datasource.SourceRedis]; st.Light != datasource.LightDown || st.Fault == nil || st.Fault.Class != datasource.ClassRefused {
		t.Errorf("redis %v %v", st.Light, st.Fault)
	}
	v.until("pubsub down", func(s *datasource.Snapshot) bool {
		return s.Sources[datasource.SourcePubSub].Light == datasource.LightDown
	})
	r.redis.Restart()
	fill()
	v.until("live again", all(datasource.StateLive))
	v.until("joined again", func(s *datasource.Snapshot) bool {
		return s.Sources[datasource.SourcePubSub].Light == datasource.LightUp
	})
	r.redis.Do("PUBLISH", "ticks:EURUSD", `{"bid":1.3}`)
	v.until("pushed", func(s *datasource.Snapshot) bool { return field(s.Get("quote.EURUSD"), "bid") == "1.3" })
}

// The subscription is cut: what was published meanwhile is read from the keys.
func TestRealRejoin(t *testing.T) {
	r := start(t)
	r.redis.Do("SET", "quote:EURUSD", `{"bid":1.1,"ask":1.2}`)
	v := r.view(quoteOf("EURUSD"))
	joined := func(s *datasource.Snapshot) bool {
		return s.Sources[datasource.SourcePubSub].Light == datasource.LightUp
	}
	v.until("joined", joined)
	r.redis.Do("PUBLISH", "ticks:EURUSD", `{"bid":1.3}`)
	v.until("pushed", func(s *datasource.Snapshot) bool { return field(s.Get("quote.EURUSD"), "bid") == "1.3" })
	r.redis.Do("CLIENT", "KILL", "TYPE", "pubsub")
	r.redis.Do("SET", "quote:EURUSD", `{"bid":1.4,"ask":1.5}`)
	v.until("caught up", func(s *datasource.Snapshot) bool { return joined(s) && field(s.Get("quote.EURUSD"), "bid") == "1.4" })
	v.until("logged", func(s *datasource.Snapshot) bool {
		for _, e := range s.Events {
			if e.Subject.String() == "pubsub" && strings.HasPrefix(e.Text.String(), "resubscribed") {
				return true
			}
		}
		return false
	})
}

// FLUSHDB takes everything away at once: at most one request a resource, four at
// a time, and everything is there from the API.
func TestRealHerd(t *testing.T) {
	r := start(t)
	refs := []datasource.Ref{account, positions}
	r.redis.Do("HSET", "account:ACC-1001", "equity", "5")
	r.redis.Do("SET", "positions:ACC-1001", "[]")
	for i := range 300 {
		ref := datasource.Ref{Name: fmt.Sprintf("d.%d", i), Kind: datasource.KindString, Key: fmt.Sprintf("d:%d", i),
			Fallback: datasource.Endpoint{Path: fmt.Sprintf("/api/accounts/ACC-%d/", i%60), Pick: "equity"}}
		refs = append(refs, ref)
		r.redis.Do("SET", ref.Key, "1")
	}
	var viewers []*viewer
	for range 5 {
		viewers = append(viewers, r.view(refs...))
	}
	viewers[0].until("live", all(datasource.StateLive))
	r.api.Reset()
	r.redis.Do("FLUSHDB")
	for _, v := range viewers {
		v.until("fallback", all(datasource.StateFallback))
	}
	asked := r.api.Asked()
	for path, n := range asked.Requests {
		if n > 1 && !strings.HasPrefix(path, "/api/positions/") { // two pages
			t.Errorf("%s asked %d times", path, n)
		}
	}
	if asked.Total() < 61 || asked.Total() > 65 || asked.Peak != 4 {
		t.Errorf("asked %d times, %d at once", asked.Total(), asked.Peak)
	}
}

// Once against real servers: Redis' values, and the API's for what is gone.
func TestRealOnce(t *testing.T) {
	r := start(t)
	r.redis.Do("HSET", "account:ACC-1001", "equity", "5")
	r.redis.Do("SET", "positions:ACC-1001", `{"not":`)
	s, err := r.e.Once(t.Context(), []datasource.Ref{account, positions, series, quoteOf("EURUSD")})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]datasource.State{
		"account": datasource.StateLive, "positions": datasource.StateFallback,
		"equity": datasource.StateFallback, "quote.EURUSD": datasource.StateFallback,
	} {
		if e := s.Get(name); e.State != want {
			t.Errorf("%s: %v, want %v (fault %v, api %v)", name, e.State, want, e.Fault, e.APIFault)
		}
	}
	r.redis.Kill()
	db, err := redisdb.Open(redisdb.Options{URL: r.redis.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	alone := engine.New(engine.Options{Redis: db, Listener: db})
	if s, err = alone.Once(t.Context(), []datasource.Ref{account}); err != nil {
		t.Fatal(err)
	}
	if e := s.Get("account"); e.State != datasource.StateError || e.Fault == nil || e.Fault.Class != datasource.ClassRefused {
		t.Errorf("%v, %v", e.State, e.Fault)
	}
}
