//go:build unix

package redisdb

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// cpu returns the processor time that this process has used: on a busy machine
// the clock on the wall says nothing.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// The load of PERFORMANCE.md: 100 strings, 60 hashes of 8 fields, 40 series of
// which the last 240 points are shown.
const (
	benchStrings = 100
	benchHashes  = 60
	benchSeries  = 40
	benchPoints  = 240
)

// market fills a Redis and moves it on by one second at a time. A script on the
// server does the work, so that none of it counts as this process' own.
type market struct {
	admin *servertest.Conn
	now   int64
}

const stepScript = `
local now, from = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 0, 99 do redis.call('SET', string.format('quote:%03d', i), string.format('%.5f', 1.08 + (now % 1000) * 1e-5), 'EX', 3600) end
for i = 0, 59 do
  local k = string.format('account:%03d', i)
  redis.call('HSET', k, 'symbol', 'EURUSD', 'side', 'BUY', 'qty', '100000', 'entry', '1.08005', 'mark', tostring(now % 1000), 'pnl', '100.00', 'sl', '1.07', 'tp', '1.09')
  redis.call('EXPIRE', k, 3600)
end
for i = 0, 39 do
  local k = string.format('price:%03d', i)
  for t = from, now do redis.call('ZADD', k, string.format('%d', t * 1000), string.format('%d:%.5f', t * 1000, 1.08 + ((t + i) % 100) * 1e-5)) end
  redis.call('EXPIRE', k, 3600)
end`

func newMarket(b *testing.B, s *servertest.Server) *market {
	m := &market{admin: s.Dial(), now: time.Now().Unix() - 100_000}
	m.run(b, m.now-2000)
	return m
}

func (m *market) step(b *testing.B) {
	m.now++
	m.run(b, m.now)
}

func (m *market) run(b *testing.B, from int64) {
	if _, err := m.admin.Do("EVAL", stepScript, 0, m.now, from); err != nil {
		b.Fatal(err)
	}
}

func seriesKey(i int) string { return fmt.Sprintf("price:%03d", i) }
func hashKey(i int) string   { return fmt.Sprintf("account:%03d", i) }
func stringKey(i int) string { return fmt.Sprintf("quote:%03d", i) }

func benchRequests() []datasource.Request {
	var reqs []datasource.Request
	add := func(k datasource.Kind, key string) {
		reqs = append(reqs, datasource.Request{Ref: &datasource.Ref{Name: key, Kind: k, Key: key, Window: benchPoints * time.Second}, Since: math.Inf(-1)})
	}
	for i := range benchStrings {
		add(datasource.KindString, stringKey(i))
	}
	for i := range benchHashes {
		add(datasource.KindHash, hashKey(i))
	}
	for i := range benchSeries {
		add(datasource.KindZSet, seriesKey(i))
	}
	return reqs
}

// fullPoll is the baseline: everything, every time, through go-redis' own
// commands.
func fullPoll(b *testing.B, rdb *redis.Client, now int64) {
	ctx := context.Background()
	p := rdb.Pipeline()
	var n int
	var ss []*redis.StringCmd
	var hs []*redis.MapStringStringCmd
	var zs []*redis.ZSliceCmd
	for i := range benchStrings {
		ss = append(ss, p.Get(ctx, stringKey(i)))
		p.PTTL(ctx, stringKey(i))
	}
	for i := range benchHashes {
		hs = append(hs, p.HGetAll(ctx, hashKey(i)))
		p.PTTL(ctx, hashKey(i))
	}
	for i := range benchSeries {
		from := fmt.Sprint((now - benchPoints + 1) * 1000)
		zs = append(zs, p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: seriesKey(i), Start: from, Stop: "+inf", ByScore: true}))
		p.PTTL(ctx, seriesKey(i))
	}
	if _, err := p.Exec(ctx); err != nil {
		b.Fatal(err)
	}
	for _, c := range ss {
		n += len(c.Val())
	}
	for _, c := range hs {
		n += len(c.Val())
	}
	for _, c := range zs {
		n += len(c.Val())
	}
	if n < benchSeries*benchPoints {
		b.Fatalf("%d values", n)
	}
}

// BenchmarkPoll200 reports the CPU of a steady poll beside that of the full
// go-redis pipeline, interleaved in the same run; the budget is 0.18.
func BenchmarkPoll200(b *testing.B) {
	s := servertest.Redis(b)
	m := newMarket(b, s)
	c := open(b, Options{URL: s.URL()})
	rdb := redis.NewClient(&redis.Options{Addr: s.Addr()})
	defer rdb.Close()
	reqs := benchRequests()
	poll := func() {
		raws, err := c.Read(context.Background(), reqs)
		if err != nil {
			b.Fatal(err)
		}
		for i := range raws {
			if raws[i].Err != nil || raws[i].Missing {
				b.Fatalf("%s: %v", raws[i].Ref.Key, raws[i].Err)
			}
			if k := len(raws[i].Members); k > 0 {
				reqs[i].Since = raws[i].Members[k-1].Score
			}
		}
	}
	poll()
	fullPoll(b, rdb, m.now)
	var ours, base []float64
	for b.Loop() {
		ours = append(ours, block(b, m, poll))
		base = append(base, block(b, m, func() { fullPoll(b, rdb, m.now) }))
	}
	b.ReportMetric(median(ours), "cpu-µs/poll")
	b.ReportMetric(median(base), "cpu-µs/baseline")
	b.ReportMetric(median(ours)/median(base), "ratio")
}

// block returns the CPU of one poll, in microseconds, over twenty of them with
// the market moving on in between.
func block(b *testing.B, m *market, poll func()) float64 {
	runtime.GC() // nobody pays for the other's garbage
	const polls = 20
	var used time.Duration
	for range polls {
		m.step(b)
		t := cpu()
		poll()
		used += cpu() - t
	}
	return float64(used.Microseconds()) / polls
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// BenchmarkRead200 measures allocations of the steady poll alone.
func BenchmarkRead200(b *testing.B) {
	s := servertest.Redis(b)
	newMarket(b, s)
	c := open(b, Options{URL: s.URL()})
	reqs := benchRequests()
	raws := read(b, c, reqs...)
	for i := range raws {
		if k := len(raws[i].Members); k > 0 {
			reqs[i].Since = raws[i].Members[k-1].Score
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Read(context.Background(), reqs); err != nil {
			b.Fatal(err)
		}
	}
}

const (
	benchRate     = 10_000
	benchChannels = 24
)

// BenchmarkReceive compares the CPU of a received message at 10,000 a second
// with PubSub.Channel and encoding/json; the budget, decoding included, is
// 0.20. What is decoded here is the newest of each channel and frame, as the
// engine does.
func BenchmarkReceive(b *testing.B) {
	s := servertest.Redis(b)
	var channels []string
	for i := range benchChannels {
		channels = append(channels, fmt.Sprintf("ticks:%02d", i))
	}
	const span = 3 * time.Second
	for b.Loop() {
		base := receiveBaseline(b, s, channels, span)
		ours := receiveOurs(b, s, channels, span)
		b.ReportMetric(float64(ours.Nanoseconds()), "cpu-ns/msg")
		b.ReportMetric(float64(base.Nanoseconds()), "cpu-ns/baseline")
		b.ReportMetric(float64(ours)/float64(base), "ratio")
	}
}

// counter is a Sink that keeps the newest payload of each channel.
type counter struct {
	n      int
	slots  map[string][]byte
	joined chan struct{}
	done   chan struct{}
	end    int
}

func (c *counter) Joined(int) { close(c.joined) }
func (c *counter) Message(channel, _ string, payload []byte) {
	c.slots[channel] = append(c.slots[channel][:0], payload...)
	if c.n++; c.n == c.end {
		close(c.done)
	}
}
func (c *counter) Lost(*datasource.Fault) {}

func receiveOurs(b *testing.B, s *servertest.Server, channels []string, span time.Duration) time.Duration {
	c := open(b, Options{URL: s.URL()})
	total := benchRate * int(span/time.Second)
	sink := &counter{slots: map[string][]byte{}, joined: make(chan struct{}), done: make(chan struct{}), end: total}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	c.SetChannels(channels)
	go func() { defer close(ended); _ = c.Listen(ctx, sink) }()
	<-sink.joined
	start := cpu()
	publish(b, s, total, span)
	<-sink.done
	used := cpu() - start
	cancel()
	<-ended
	return used / time.Duration(total)
}

func receiveBaseline(b *testing.B, s *servertest.Server, channels []string, span time.Duration) time.Duration {
	rdb := redis.NewClient(&redis.Options{Addr: s.Addr()})
	defer rdb.Close()
	ps := rdb.Subscribe(context.Background(), channels...)
	defer ps.Close()
	for range channels {
		if _, err := ps.Receive(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	total := benchRate * int(span/time.Second)
	done := make(chan struct{})
	go func() {
		defer close(done)
		n := 0
		for m := range ps.Channel() {
			var v map[string]any
			if json.Unmarshal([]byte(m.Payload), &v) != nil {
				return
			}
			if n++; n == total {
				return
			}
		}
	}()
	start := cpu()
	publish(b, s, total, span)
	<-done
	return (cpu() - start) / time.Duration(total)
}
