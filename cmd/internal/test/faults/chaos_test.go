//go:build chaos

package faults

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
	"go.uber.org/goleak"

	"ticktop/datasource/testkit/servertest"
)

// A round of chaos between two healings, how long values may take until they
// are live again, and how long the API: its back-off ends at 30 s and a fifth.
const (
	chaosRound = time.Minute
	chaosHeal  = 10 * time.Second
	chaosAPI   = 45 * time.Second
)

// TestChaos breaks a whole ticktop at random for CHAOS_DURATION (default 1m): up
// to four faults at once, each for as long as chance will have it, while a
// producer goes on as well as it can and a trader goes on pressing keys. Every
// minute everything is fixed. Then all must be plain again, everything that is
// published from then on must arrive, and memory and goroutines must be what
// they were after the first healing. On no picture at all may a value be away
// that was known before. CHAOS_SEED repeats a schedule; it is printed.
func TestChaos(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv("CHAOS_SEED"), 10, 64); err == nil {
		seed = n
	}
	duration := time.Minute
	if d, err := time.ParseDuration(os.Getenv("CHAOS_DURATION")); err == nil {
		duration = d
	}
	t.Logf("CHAOS_SEED=%d CHAOS_DURATION=%v", seed, duration)
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) }) // after everything else has ended
	c := newChaos(t, seed)
	stop := c.press()
	defer stop()
	var first, last toll
	for end := time.Now().Add(duration); time.Now().Before(end); {
		c.rage(min(chaosRound, time.Until(end)))
		last = c.heal()
		if first == (toll{}) {
			first = last
		}
	}
	keys := stop()
	c.neverBlank()
	t.Logf("%d faults, healed %d times, after %v at most; %d keys: half within %v, 99.9 %% within %v, all within %v; heap %d → %d kB, goroutines %d → %d",
		c.faults, c.healings, c.slowest, len(keys), keys.at(0.5), keys.at(0.999), keys.at(1), first.heap>>10, last.heap>>10, first.routines, last.routines)
	if late := keys.at(0.999); late > keyLimit {
		t.Errorf("one key of a thousand took %v", late)
	}
	if last.heap > first.heap+10<<20 || last.routines > first.routines+5 {
		t.Errorf("heap %d → %d kB, goroutines %d → %d", first.heap>>10, last.heap>>10, first.routines, last.routines)
	}
}

// chaos is a rig with its servers, and what is broken of that now.
type chaos struct {
	*rig
	rand     *rand.Rand
	redis    *servertest.Server
	liar     *impostor // before redis
	link     *servertest.TCPProxy
	api      *servertest.API
	producer *producer
	tokens   string            // the file that holds the API's token
	broken   map[string]func() // place → fixes it
	state    int               // of what was written last
	faults   int
	healings int
	slowest  time.Duration // healing
}

// toll is what a process has taken.
type toll struct {
	heap     uint64
	routines int
}

func newChaos(t *testing.T, seed uint64) *chaos {
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "~*", "&*", "+@all"), servertest.Config("replica-serve-stale-data", "no"))
	c := &chaos{rand: rand.New(rand.NewPCG(seed, 1)), redis: s, api: servertest.Django(t), broken: map[string]func(){}, state: 10}
	c.liar = newImpostor(t, s.Addr())
	c.link = servertest.Proxy(t, c.liar.l.Addr().String())
	c.producer = newProducer(t, s.Addr())
	c.tokens = filepath.Join(t.TempDir(), "token")
	c.token(servertest.DjangoToken)
	c.rig = newRig(t, s, setup{redis: redisURL("redis://ana:pw@" + c.link.Addr()), api: fmt.Sprintf("url: %q, token_file: %q", c.api.URL(), c.tokens), cacheTTL: 5 * time.Second})
	return c
}

// otherToken is what the API accepts after it has changed its mind.
const otherToken = "fedcba9876543210fedcba9876543210fedcba98"

// token has ticktop send another one: a file that is replaced, as a deployment does.
func (c *chaos) token(token string) {
	if err := os.WriteFile(c.tokens+".new", []byte(token+"\n"), 0o600); err != nil {
		panic(err)
	}
	if err := os.Rename(c.tokens+".new", c.tokens); err != nil {
		panic(err)
	}
}

// fault is one way to break one place. A place is broken in one way at a time.
type fault struct {
	place, name    string
	inject, repair func()
}

// catalogue is every fault. Whatever is injected may already be away, so none of
// it may insist.
func (c *chaos) catalogue() []fault {
	do := func(args ...any) func() { return func() { c.producer.Do(args...) } }
	rights := func(rules ...any) func() { return do(append([]any{"ACL", "SETUSER", "ana"}, rules...)...) }
	link := func(m servertest.Mode) func() {
		return func() {
			if c.link.Set(m); m == servertest.Refuse {
				c.link.Cut()
			}
		}
	}
	api := func(f servertest.APIFault) func() { return func() { c.api.Fault(f) } }
	pass, healed, none := link(servertest.Pass), func() { c.api.Heal() }, func() {}
	again := do("DEL", "account:ACC-1001", "positions:ACC-1001", "equity:ACC-1001")
	return []fault{
		{"redis", "killed", c.redis.Kill, c.redis.Restart},
		{"redis", "hung", c.redis.Stop, c.redis.Cont},
		{"redis", "masterdown", do("REPLICAOF", "127.0.0.1", "1"), do("REPLICAOF", "NO", "ONE")},
		{"redis", "busy", do("DEBUG", "SLEEP", "1.2"), none},
		{"link", "stalled", link(servertest.Stall), pass},
		{"link", "black hole", link(servertest.BlackHole), pass},
		{"link", "reset", link(servertest.Reset), pass},
		{"link", "slow", link(servertest.Slow), pass},
		{"link", "no backend", link(servertest.Refuse), pass},
		{"link", "cut once", c.link.Cut, none},
		{"protocol", "garbage", func() { c.liar.set(true) }, func() { c.liar.set(false) }},
		{"rights", "no channels", rights("resetchannels"), rights("allchannels")},
		{"rights", "no series", rights("-zrange", "-zcard", "-zrangebyscore"), rights("+@all")},
		{"rights", "no strings", rights("-get"), rights("+@all")},
		{"rights", "another password", func() { rights("resetpass", ">other")(); do("CLIENT", "KILL", "USER", "ana")() }, rights(">pw")},
		{"rights", "subscribers killed", do("CLIENT", "KILL", "TYPE", "pubsub"), none},
		{"data", "flushed", do("FLUSHDB"), none},
		{"data", "wrong type", do("SET", "account:ACC-1001", "x"), again},
		{"data", "too big", do("SETRANGE", "positions:ACC-1001", 20<<20, "x"), again},
		{"data", "too many", do("EVAL", `for i = 1, 20000 do redis.call('ZADD', 'equity:ACC-1001', i, i) end`, 0), again},
		{"data", "expires", do("PEXPIRE", "account:ACC-1001", 300), none},
		{"data", "half a tick", do("PUBLISH", "ticks:EURUSD", `{"bid":`), none},
		{"data", "burst", c.producer.burst, none},
		{"api", "500", api(servertest.APIFault{Kind: "500"}), healed},
		{"api", "429", api(servertest.APIFault{Kind: "429", RetryAfter: "3"}), healed},
		{"api", "html", api(servertest.APIFault{Kind: "html"}), healed},
		{"api", "drip", api(servertest.APIFault{Kind: "drip", Seconds: 0.2}), healed},
		{"api", "delay", api(servertest.APIFault{Kind: "delay", Seconds: 4}), healed},
		{"api", "cut short", api(servertest.APIFault{Kind: "truncate"}), healed},
		{"api", "loop", api(servertest.APIFault{Kind: "loop"}), healed},
		{"api", "token", func() { c.api.SetToken(otherToken) }, func() { c.token(otherToken) }},
		{"api", "killed", c.api.Kill, func() { c.api.Restart(); c.token(servertest.DjangoToken) }},
	}
}

// rage breaks and fixes by chance for a time.
func (c *chaos) rage(d time.Duration) {
	all := c.catalogue()
	for end := time.Now().Add(d); time.Now().Before(end); {
		f := all[c.rand.IntN(len(all))]
		repair, broken := c.broken[f.place]
		if broken {
			c.t.Logf("%s: fixed", f.place)
			repair()
			delete(c.broken, f.place)
		} else if len(c.broken) < 4 {
			c.t.Logf("%s: %s", f.place, f.name)
			f.inject()
			c.broken[f.place] = f.repair
			c.faults++
		}
		for range 1 + c.rand.IntN(8) {
			c.state = 10 + (c.state-9)%80
			fill(c.producer, c.state)
			time.Sleep(time.Duration(c.rand.IntN(400)) * time.Millisecond)
		}
	}
}

// heal fixes everything, and checks that the screen shows what is written then.
func (c *chaos) heal() toll {
	c.t.Helper()
	for _, place := range slices.Sorted(maps.Keys(c.broken)) {
		c.broken[place]()
	}
	clear(c.broken)
	// What was fixed while the server was away is fixed now.
	c.redis.Do("REPLICAOF", "NO", "ONE")
	c.redis.Do("ACL", "SETUSER", "ana", "+@all", "allchannels", ">pw")
	c.redis.Do("DEL", "account:ACC-1001", "positions:ACC-1001", "equity:ACC-1001")
	c.state = 10 + (c.state-9)%80
	fill(c.redis, c.state)
	begun := time.Now()
	live := func(text string) bool { return calm(c.state)(apiLine.ReplaceAllString(text, "")) }
	took := c.until(chaosHeal, "everything is live", c.when(live)).Sub(begun)
	c.slowest = max(c.slowest, took)
	c.healings++
	whole := c.until(chaosAPI, "the api is well", c.when(calm(c.state))).Sub(begun)
	c.t.Logf("live after %v, the api too after %v", took.Round(10*time.Millisecond), whole.Round(10*time.Millisecond))
	for n := 90; n < 95; n++ {
		notify(c.redis, n)
	}
	c.until(patience, "every message from then on", c.when(shows(`notice 90`, `notice 91`, `notice 92`, `notice 93`, `notice 94`)))
	return c.toll()
}

// apiLine is what the health panel says of the API.
var apiLine = regexp.MustCompile(`(?m)^│ api .*$`)

// toll is the least of three seconds: connections take a moment to end.
func (c *chaos) toll() toll {
	least := toll{heap: math.MaxUint64, routines: math.MaxInt}
	for range 30 {
		time.Sleep(100 * time.Millisecond)
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		least = toll{heap: min(least.heap, m.HeapAlloc), routines: min(least.routines, runtime.NumGoroutine())}
	}
	return least
}

// producer writes as the platform does, as well as it can: what Redis does not
// take is lost, and after a failure it rests a moment.
type producer struct {
	db    *redis.Client
	rests time.Time
}

func newProducer(t *testing.T, addr string) *producer {
	db := redis.NewClient(&redis.Options{Addr: addr, DialTimeout: 300 * time.Millisecond, ReadTimeout: 300 * time.Millisecond,
		MaxRetries: -1, PoolSize: 1, MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}})
	t.Cleanup(func() { _ = db.Close() })
	return &producer{db: db}
}

// Do runs a command, or not.
func (p *producer) Do(args ...any) any {
	if time.Now().Before(p.rests) {
		return nil
	}
	reply, err := p.db.Do(context.Background(), args...).Result()
	var refused redis.Error
	if err != nil && !errors.As(err, &refused) {
		p.rests = time.Now().Add(500 * time.Millisecond)
	}
	return reply
}

// burst publishes more than any frame can show.
func (p *producer) burst() {
	pipe := p.db.Pipeline()
	for i := range 3000 {
		pipe.Publish(context.Background(), "ticks:EURUSD", fmt.Sprintf(`{"bid":"1.08%03d","ask":"1.08999"}`, i%1000))
	}
	_, _ = pipe.Exec(context.Background())
}
