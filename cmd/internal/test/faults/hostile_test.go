package faults

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/cmd/internal/app"
	"ticktop/datasource/testkit/clocktest"
	"ticktop/datasource/testkit/servertest"
	"ticktop/ui"
	"ticktop/widgets/theme"
)

// grows measures how much more memory the heap held at its worst while f ran
// than in a second of calm before. The collector runs ten times as often as
// usual, so that what was only passing by is hardly counted.
func grows(f func()) int64 {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	var worst atomic.Int64
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		for {
			metrics.Read(s)
			worst.Store(max(worst.Load(), int64(s[0].Value.Uint64())))
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	time.Sleep(1500 * time.Millisecond) // a calm poll is the measure
	before := worst.Swap(0)
	f()
	close(stop)
	watch.Wait()
	return max(0, worst.Load()-before)
}

// tryGrowing is try with a limit on memory. Such a test must run alone.
func (r *rig) tryGrowing(w row, limit int64) {
	r.t.Helper()
	grown := grows(func() { r.try(w) })
	report.grown(w.name, grown, limit)
	r.t.Logf("%s: memory +%d kB of %d kB", w.name, grown/1000, limit/1000)
	if grown > limit {
		r.t.Errorf("%s: memory grew by %d bytes, limit %d", w.name, grown, limit)
	}
}

// TestTooBig: values that would fill the memory are measured, not read.
func TestTooBig(t *testing.T) {
	s := servertest.Redis(t)
	r := newRig(t, s, setup{redis: redisURL(s.URL())})
	for _, c := range []struct {
		name, datum, key, words string
		make                    []any
	}{
		{"100 MB string", "positions", "positions:ACC-1001", `too big \(10\d MB\)`, []any{"SETRANGE", "big", 100 << 20, "x"}},
		{"sorted set of a million", "equity", "equity:ACC-1001", `too big`,
			[]any{"EVAL", `for i = 1, 1000000 do redis.call('ZADD', 'big', i, i) end`, 0}},
		{"hash of a million fields", "account", "account:ACC-1001", `too big`,
			[]any{"EVAL", `for i = 1, 1000000 do redis.call('HSET', 'big', i, i) end`, 0}},
		{"stream of half a million", "tape", "tape:ACC-1001", ``,
			[]any{"EVAL", `for i = 1, 500000 do redis.call('XADD', 'big', '*', 'text', 'trade 10') end`, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name != "100 MB string" && !slow {
				t.Skip("takes seconds to make: build tag slow")
			}
			r.t = t
			s.Do(c.make...) // aside, and put in place at once
			w := row{
				name: c.name, noticed: nextPoll, healed: nextPoll,
				inject: func() { s.Do("RENAME", "big", c.key) },
				words:  shows(`redis ●`, c.datum+` +stale .*`+c.words),
				during: func() { r.others(c.datum) },
				repair: func() { s.Do("DEL", c.key); fill(s, 11) }, calm: calm(11),
			}
			if c.words == "" { // only its newest entries are read
				w.words, w.during = shows(`(?s)trade 10.*trade 10.*trade 10`), func() {}
			}
			r.tryGrowing(w, 5e6)
			fill(s, 12)
			r.until(patience, "calm", r.when(calm(12)))
		})
	}
}

// TestAPITooBig: a bomb and a body without end are said to be what they are.
func TestAPITooBig(t *testing.T) {
	for name, kind := range map[string]string{"API: gzip bomb of 200 MB": "bomb", "API: body of 1 GB": "huge"} {
		t.Run(kind, func(t *testing.T) {
			api := servertest.Django(t)
			if kind == "bomb" { // made before it is needed: that takes seconds
				api.Fault(servertest.APIFault{Kind: kind, Path: "/make/"})
				res, err := http.Get(api.URL() + "/make/")
				if err != nil {
					t.Fatal(err)
				}
				_ = res.Body.Close()
				api.Heal()
			}
			_, r := empty(t, api, apiURL(api))
			r.tryGrowing(row{
				name: name, noticed: 3 * time.Second, healed: 15 * time.Second,
				inject: func() { api.Fault(servertest.APIFault{Kind: kind}) },
				words:  shows(`account +stale .*api: too big`, `api ◐ too big`),
				repair: api.Heal, calm: shows(onAPI...),
			}, 10e6)
		})
	}
}

// TestAPIAsBigAsMayBe: an answer that is just within every limit is shown, and
// held once: the value, the document that its texts are parts of, and no more.
func TestAPIAsBigAsMayBe(t *testing.T) {
	const name, limit = "API: body of 2 MB, 33,000 values", 10e6
	api := servertest.Django(t)
	_, r := empty(t, api, apiURL(api))
	before, held := live(), int64(0)
	r.try(row{
		name: name, noticed: 3 * time.Second, healed: 15 * time.Second,
		inject: func() { api.Fault(servertest.APIFault{Kind: "large", Path: "/api/positions/"}) },
		words:  shows(`S0000`, `of 3300`),
		during: func() { held = live() - before },
		repair: api.Heal, calm: func(text string) bool { return shows(onAPI...)(text) && shows(`149\.50100`)(text) },
	})
	report.grown(name, held, limit)
	if t.Logf("memory +%d kB", held/1000); held > limit {
		t.Errorf("%d bytes are held, limit %d", held, int64(limit))
	}
}

// live is the memory that is in use after a collection.
func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestBurst: ten thousand messages a second. The newest value is on the screen,
// the rest is counted.
func TestBurst(t *testing.T) {
	s := servertest.Redis(t)
	r := newRig(t, s, setup{redis: redisURL(s.URL())})
	stop, sent := make(chan struct{}), atomic.Int64{}
	var producer sync.WaitGroup
	var begun time.Time
	const name = "10,000 messages a second"
	rate := ""
	r.tryGrowing(row{
		name: name, noticed: 4 * time.Second, healed: time.Second,
		inject: func() {
			c := s.Dial()
			begun = time.Now()
			producer.Go(func() { produce(t, c, &sent, stop) })
		},
		words: shows(`pubsub +● +up +\d+,\d{3}/s .* conflated`),
		repair: func() {
			close(stop)
			producer.Wait()
			rate = fmt.Sprintf("%.0f messages a second", float64(sent.Load())/time.Since(begun).Seconds())
			s.Do("PUBLISH", "ticks:EURUSD", `{"bid":"1.08771","ask":"1.08779"}`)
		},
		calm: shows(`1\.08771`),
	}, 10e6)
	report.note(name, rate)
	if text := r.text(); strings.Contains(text, "dropped") {
		t.Errorf("messages were dropped\n%s", text)
	}
}

// produce publishes ten thousand ticks a second until stop, or as many as the
// machine can.
func produce(t *testing.T, c *servertest.Conn, sent *atomic.Int64, stop <-chan struct{}) {
	begun := time.Now()
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		due := min(int64(time.Since(begun)/(100*time.Microsecond))-sent.Load(), 1000)
		volley := make([]string, due)
		for i := range volley {
			volley[i] = fmt.Sprintf(`{"bid":"1.08%03d","ask":"1.08999"}`, sent.Add(1)%1000)
		}
		for _, v := range volley {
			if err := c.Send("PUBLISH", "ticks:EURUSD", v); err != nil {
				t.Error(err)
				return
			}
		}
		for range volley {
			if _, err := c.Receive(); err != nil {
				t.Error(err)
				return
			}
		}
	}
}

// garbage are replies that are not the protocol; of go-redis' own receive loop
// more than half end the process.
var garbage = []string{
	"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "$-2\r\n", "*-7\r\n", "*1\r\n*1\r\n*1\r\n$abc\r\n", ">0\r\n", ">3\r\n$7\r\nmessage\r\n",
	"%1\r\n+a\r\n", "$99999999999\r\n", "*99999999\r\n", "\x00\x01\x02\x03\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "-\r\n", ":\r\n", "+OK", "\x1b]52;c;AAAA\x07\r\n",
}

// impostor is in front of a server and, while it is bad, answers in its place
// with garbage.
type impostor struct {
	l      net.Listener
	target string
	bad    atomic.Bool
	n      atomic.Int64
	mu     sync.Mutex
	conns  []net.Conn
	wg     sync.WaitGroup
}

func newImpostor(t *testing.T, target string) *impostor {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &impostor{l: l, target: target}
	p.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.conns = append(p.conns, c)
			p.mu.Unlock()
			p.wg.Go(func() { p.serve(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); p.cut(); p.wg.Wait() })
	return p
}

func (p *impostor) set(bad bool) { p.bad.Store(bad); p.cut() }

func (p *impostor) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
}

func (p *impostor) serve(c net.Conn) {
	defer c.Close()
	if p.bad.Load() {
		for in := bufio.NewReader(c); ; {
			if _, err := in.ReadByte(); err != nil {
				return
			}
			_, _ = in.Discard(in.Buffered())
			if _, err := io.WriteString(c, garbage[int(p.n.Add(1))%len(garbage)]); err != nil {
				return
			}
		}
	}
	up, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer up.Close()
	p.wg.Go(func() { _, _ = io.Copy(up, c); _ = up.Close() })
	_, _ = io.Copy(c, up)
}

// TestMalformed: the process lives, and the screen names the likely cause.
func TestMalformed(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	p, want := newImpostor(t, s.Addr()), int64(len(garbage)/2)
	if slow {
		want *= 4
	}
	r := newRig(t, s, setup{redis: redisURL("redis://" + p.l.Addr().String())})
	r.try(row{
		name: "malformed replies", noticed: time.Second, healed: 3 * time.Second,
		inject: func() { p.set(true) },
		words:  shows(`redis ✕ bad reply`, `stale .*redis: bad reply \(wrong port\?\)`),
		during: func() {
			servertest.Until(t, 30*time.Second, "every kind of garbage", func() bool { return p.n.Load() > want })
		},
		repair: func() { p.set(false); fill(s, 11) }, calm: calm(11),
	})
}

// TestClockSteps: ages are monotonic, so a step of the wall clock is no news.
func TestClockSteps(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	fill(s, 10)
	var step atomic.Int64 // seconds
	base := start(t, setup{redis: redisURL(s.URL())}, desk, shapes)
	m := ui.New(ui.Options{Desk: base.app.Desk(app.Principal{}), Cache: base.app.Cache, Profile: theme.ProfileTrue, Width: 150, Height: 47,
		Clock: func() time.Time { return clocktest.Step(time.Now(), time.Duration(step.Load())*time.Second) }})
	r := &rig{screen: newScreen(t, m, shapes), app: base.app}
	base.joined(s)
	r.until(patience, "everything is live", r.when(calm(10)))
	for n, by := range map[int]time.Duration{11: time.Hour, 12: -time.Hour} {
		before := r.text()
		step.Store(int64(by / time.Second))
		clock := time.Now().Add(by).Format("15:0")
		r.until(patience, "the clock of the bar", r.when(func(text string) bool {
			bar, _, _ := strings.Cut(text, "\n")
			return strings.Contains(bar, clock) || strings.Contains(bar, time.Now().Add(by).Format("15:04"))
		}))
		r.plainAfter(by, before)
		fill(s, n)
		r.until(patience, "goes on", r.when(calm(n)))
	}
	report.add(line{name: "clock steps by an hour, either way", note: "nothing is stale by it, every age goes on"})
	step.Store(0)
}

// plainAfter fails when a step has made anything stale or hours old.
func (r *rig) plainAfter(by time.Duration, before string) {
	r.t.Helper()
	for _, word := range append(trouble, "59 min", "60 min", "1 h ") {
		if text := r.text(); strings.Contains(text, word) && !strings.Contains(before, word) {
			r.t.Errorf("a step of %v: %q\n%s", by, word, text)
		}
	}
}

// TestHerd: a thousand keys go at once. Each resource is asked for once, four
// at a time.
func TestHerd(t *testing.T) {
	keys := 100
	if slow {
		keys = 1000
	}
	s, api := servertest.Redis(t), servertest.Django(t)
	var symbols []string
	for i := range keys {
		symbols = append(symbols, fmt.Sprintf("S%04d", i))
		s.Do("SET", fmt.Sprintf("quote:S%04d", i), `{"bid":"2.00000","ask":"2.00010"}`)
	}
	r := start(t, setup{redis: redisURL(s.URL()), api: apiURL(api)}, strings.ReplaceAll(herd, "SYMBOLS", strings.Join(symbols, ", ")), map[string]string{"bid": `2\.00000|1\.08340`})
	r.until(patience, "all live", r.when(shows(`redis ●`, `2\.00000`)))
	api.Reset()
	name, note := fmt.Sprintf("%d keys gone at once (FLUSHDB)", keys), ""
	r.try(row{
		name: name, noticed: 1500 * time.Millisecond,
		inject: func() { s.Do("FLUSHDB") },
		words:  shows(`1\.08340`, `on the (API|api)`),
		during: func() {
			r.until(120*time.Second, "all from the API", r.when(shows(fmt.Sprintf(`%s quotes on the API`, strings.Replace(fmt.Sprint(keys), "000", `,?000`, 1)))))
			asked := api.Asked()
			for path, n := range asked.Requests {
				if n > 1 {
					t.Errorf("%s was asked for %d times", path, n)
				}
			}
			if asked.Total() != keys || asked.Peak != 4 {
				t.Errorf("%d requests, %d in flight", asked.Total(), asked.Peak)
			}
			note = fmt.Sprintf("%d requests, one a resource, %d in flight at most", asked.Total(), asked.Peak)
		},
	})
	report.note(name, note)
}

const herd = `
redis: {%s, poll: 1s}
%s
cache_ttl: %s
vars: {symbols: [SYMBOLS]}
data:
  quote: {string: "quote:{symbol}", for: {symbol: symbols}, fallback: {path: "/api/quotes/EURUSD/?of={symbol}"}}
pages:
  - name: Desk
    rows:
      - widgets: [{type: quotes, data: quote, columns: [symbol, bid, ask, age]}]
      - widgets: [{type: health}]
`
