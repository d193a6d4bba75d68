//go:build chaos

package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/django"
	"ticktop/datasource/engine"
	"ticktop/datasource/redisdb"
	"ticktop/datasource/testkit/servertest"
)

// TestChaos breaks everything at random for CHAOS_DURATION (default 1m) while a
// producer writes, then heals all of it and checks that the screen is right
// again, that nothing published afterwards is lost, and that goroutines and
// heap are back to what they were. Throughout, no value is blanked and none is
// live past its deadline. CHAOS_SEED repeats a schedule; it is printed.
func TestChaos(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("CHAOS_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	duration := time.Minute
	if s := os.Getenv("CHAOS_DURATION"); s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			t.Fatal(err)
		}
		duration = d
	}
	t.Logf("CHAOS_SEED=%d CHAOS_DURATION=%v", seed, duration)
	c := newChaos(t, seed)
	c.run(duration)
	c.heal()
	c.verify()
}

type chaos struct {
	*road
	rand     *rand.Rand
	proxy    *servertest.TCPProxy
	write    *redisdb.Client // past the proxy
	viewers  []*viewer
	stopped  bool // the server is frozen
	dead     bool // or killed
	noAPI    bool
	mu       sync.Mutex
	last     map[string]int // symbol → number of the last tick that was written
	stop     chan struct{}
	produced sync.WaitGroup
	heap     uint64
	routines int
}

var chaosSymbols = []string{"EURUSD", "GBPUSD", "XAUUSD", "USDJPY", "BTCUSD"}

func newChaos(t *testing.T, seed uint64) *chaos {
	r := &road{t: t, redis: servertest.Redis(t), api: servertest.Django(t)}
	c := &chaos{road: r, rand: rand.New(rand.NewPCG(seed, 1)), proxy: servertest.Proxy(t, r.redis.Addr()),
		last: map[string]int{}, stop: make(chan struct{})}
	c.write = c.open(r.redis.Addr())
	db := c.open(c.proxy.Addr())
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
		if err := <-done; err != nil {
			t.Error(err)
		}
		closeIdle(api)
	})
	for range 5 {
		c.viewers = append(c.viewers, r.view(c.refs()...))
	}
	c.produced.Go(c.produce)
	c.viewers[0].until("live", all(datasource.StateLive))
	c.heap, c.routines = heapNow(), runtime.NumGoroutine()
	return c
}

func (c *chaos) open(addr string) *redisdb.Client {
	db, err := redisdb.Open(redisdb.Options{URL: "redis://" + addr})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = db.Close() })
	return db
}

func (c *chaos) refs() []datasource.Ref {
	refs := []datasource.Ref{account, series, {Name: "alerts", Kind: datasource.KindChannel, Key: "notifications:A"}}
	for _, s := range chaosSymbols {
		refs = append(refs, quoteOf(s))
	}
	return refs
}

// produce writes as the platform does, whatever becomes of it.
func (c *chaos) produce() {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i := 1; ; i++ {
		select {
		case <-c.stop:
			return
		case <-tick.C:
		}
		symbol := chaosSymbols[i%len(chaosSymbols)]
		ms := time.Now().UnixMilli()
		tick := fmt.Sprintf(`{"bid":%d,"ask":%d,"ts":%d}`, i, i+1, ms)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err := c.write.Pipeline(ctx, [][]any{
			{"SET", "quote:" + symbol, tick, "PX", 3000},
			{"PUBLISH", "ticks:" + symbol, tick},
			{"HSET", "account:ACC-1001", "equity", i},
			{"PEXPIRE", "account:ACC-1001", 5000},
			{"ZADD", "equity:ACC-1001", ms, fmt.Sprintf("%d:%d", ms, i)},
			{"ZREMRANGEBYRANK", "equity:ACC-1001", 0, -201},
			{"PUBLISH", "notifications:A", fmt.Sprint(i)},
		})
		cancel()
		if err == nil {
			c.mu.Lock()
			c.last[symbol] = i
			c.mu.Unlock()
		}
	}
}

// run breaks something every second or so.
func (c *chaos) run(duration time.Duration) {
	faults := []struct {
		name string
		do   func()
	}{
		{"pass", func() { c.proxy.Set(servertest.Pass) }},
		{"pass", func() { c.proxy.Set(servertest.Pass) }},
		{"stall", func() { c.proxy.Set(servertest.Stall) }},
		{"black hole", func() { c.proxy.Set(servertest.BlackHole) }},
		{"reset", func() { c.proxy.Set(servertest.Reset) }},
		{"slow", func() { c.proxy.Set(servertest.Slow) }},
		{"refuse", func() { c.proxy.Set(servertest.Refuse) }},
		{"cut", c.proxy.Cut},
		{"kill pubsub", func() { c.command("CLIENT", "KILL", "TYPE", "pubsub") }},
		{"flush", func() { c.command("FLUSHDB") }},
		{"wrong type", func() { c.command("SET", "account:ACC-1001", "x", "PX", 700) }},
		{"garbage", func() { c.command("PUBLISH", "ticks:EURUSD", `{"bid":`) }},
		{"freeze", c.freeze},
		{"kill", c.kill},
		{"back", c.back},
		{"back", c.back},
		{"api 500", func() { c.apiFault("500") }},
		{"api 429", func() { c.apiFault("429") }},
		{"api html", func() { c.apiFault("html") }},
		{"api heals", func() { c.apiFault("") }},
		{"api killed", c.killAPI},
		{"refresh", func() { c.viewers[0].Refresh() }},
		{"viewer", func() { c.e.Watch(c.refs()[:4]).Close() }},
	}
	for end := time.Now().Add(duration); time.Now().Before(end); {
		f := faults[c.rand.IntN(len(faults))]
		c.t.Log(f.name)
		f.do()
		time.Sleep(time.Duration(c.rand.IntN(2000)) * time.Millisecond)
	}
}

func (c *chaos) command(args ...any) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.write.Pipeline(ctx, [][]any{args}) // the server may be away
}

func (c *chaos) apiFault(kind string) {
	switch {
	case c.noAPI:
		c.api.Restart()
		c.noAPI = false
	case kind == "":
		c.api.Heal()
	default:
		c.api.Fault(servertest.APIFault{Kind: kind})
	}
}

func (c *chaos) killAPI() {
	if !c.noAPI {
		c.api.Kill()
		c.noAPI = true
	}
}

func (c *chaos) freeze() {
	if !c.dead && !c.stopped {
		c.redis.Stop()
		c.stopped = true
	}
}

func (c *chaos) kill() {
	if c.thaw(); !c.dead {
		c.redis.Kill()
		c.dead = true
	}
}

func (c *chaos) thaw() {
	if c.stopped {
		c.redis.Cont()
		c.stopped = false
	}
}

func (c *chaos) back() {
	if c.thaw(); c.dead {
		c.redis.Restart()
		c.dead = false
	}
}

func (c *chaos) heal() {
	c.back()
	c.proxy.Set(servertest.Pass)
	if c.noAPI {
		c.api.Restart()
	}
	c.api.Heal()
	c.command("DEL", "account:ACC-1001") // of the wrong type, and the producer keeps it so
	begun := time.Now()
	c.viewers[0].until("all live", all(datasource.StateLive))
	c.viewers[0].until("joined", func(s *datasource.Snapshot) bool {
		return s.Sources[datasource.SourcePubSub].Light == datasource.LightUp
	})
	c.t.Logf("healed after %v", time.Since(begun).Round(10*time.Millisecond))
}

// verify checks that what is shown is what was written, and that nothing
// published now is lost.
func (c *chaos) verify() {
	close(c.stop)
	c.produced.Wait()
	const burst = 150
	for i := range burst {
		c.command("PUBLISH", "notifications:A", fmt.Sprintf("final %d", i))
	}
	for _, v := range c.viewers {
		v.until("every message", func(s *datasource.Snapshot) bool {
			m := s.Get("alerts").Value.Messages
			for i := range burst {
				if len(m) < burst || m[i].Value.Text.String() != fmt.Sprintf("final %d", burst-1-i) {
					return false
				}
			}
			return true
		})
		s := v.Snapshot()
		for _, symbol := range chaosSymbols {
			e := s.Get("quote." + symbol)
			if want := fmt.Sprint(c.last[symbol]); e.Origin != datasource.SourceAPI && field(e, "bid") != want {
				c.t.Errorf("%s shows %s, written was %s", symbol, field(e, "bid"), want)
			}
		}
	}
	if st := c.e.Stats(); st.Dropped != 0 {
		c.t.Errorf("%d messages dropped", st.Dropped)
	}
	for i := 0; ; i++ { // connections take a moment to end
		heap, routines := heapNow(), runtime.NumGoroutine()
		if heap < c.heap+10<<20 && routines <= c.routines+5 {
			c.t.Logf("goroutines %d → %d, heap %d → %d kB", c.routines, routines, c.heap>>10, heap>>10)
			return
		}
		if i == 100 {
			c.t.Fatalf("goroutines %d → %d, heap %d → %d kB", c.routines, routines, c.heap>>10, heap>>10)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func heapNow() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
