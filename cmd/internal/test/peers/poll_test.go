//go:build bench

package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/engine"
	"ticktop/datasource/redisdb"
	"ticktop/datasource/testkit/servertest"
)

// The load of a poll: 100 strings, 60 hashes of 8 fields, 40 series of which
// the last 240 points are shown. A second later each series has one more.
const fillScript = `
local now, from = tonumber(ARGV[1]), tonumber(ARGV[2])
for i = 0, 99 do redis.call('SET', string.format('quote:%03d', i), string.format('%.5f', 1.08 + (now % 1000) * 1e-5), 'EX', 3600) end
for i = 0, 59 do
  redis.call('HSET', string.format('account:%03d', i), 'symbol', 'EURUSD', 'side', 'BUY', 'qty', '100000', 'entry', '1.08005', 'mark', tostring(now % 1000), 'pnl', '100.00', 'sl', '1.07', 'tp', '1.09')
end
for i = 0, 39 do
  local k = string.format('price:%03d', i)
  for t = from, now do redis.call('ZADD', k, t * 1000, string.format('%d:%.5f', t * 1000, 1.08 + ((t + i) % 100) * 1e-5)) end
end`

// pyPoll reads the same with redis-py, as its documentation has it.
const pyPoll = `
import redis, sys
r = redis.Redis(port=int(sys.argv[1])); n = int(sys.argv[2])
for _ in range(n):
    p = r.pipeline(transaction=False)
    for i in range(100): p.get('quote:%03d' % i); p.pttl('quote:%03d' % i)
    for i in range(60): p.hgetall('account:%03d' % i); p.pttl('account:%03d' % i)
    for i in range(40): p.zrange('price:%03d' % i, -240, -1, withscores=True); p.pttl('price:%03d' % i)
    p.execute()
`

// TestPoll compares the CPU of a steady poll with a redis-py pipeline and with
// one redis-cli a key, which is how a shell or sampler reads.
func TestPoll(t *testing.T) {
	srv := servertest.Redis(t)
	admin := srv.Dial()
	now := time.Now().Unix() - 10_000
	fill := func(from int64) {
		if _, err := admin.Do("EVAL", fillScript, 0, now, from); err != nil {
			t.Fatal(err)
		}
	}
	fill(now - 500)
	var reqs []datasource.Request
	add := func(n int, k datasource.Kind, key string) {
		for i := range n {
			reqs = append(reqs, datasource.Request{Since: math.Inf(-1), Ref: &datasource.Ref{Kind: k, Key: fmt.Sprintf(key, i), Window: 240 * time.Second}})
		}
	}
	add(100, datasource.KindString, "quote:%03d")
	add(60, datasource.KindHash, "account:%03d")
	add(40, datasource.KindZSet, "price:%03d")
	c, err := redisdb.Open(redisdb.Options{URL: srv.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	poll := func() {
		raws, err := c.Read(t.Context(), reqs)
		if err != nil {
			t.Fatal(err)
		}
		for i := range raws {
			if k := len(raws[i].Members); k > 0 {
				reqs[i].Since = raws[i].Members[k-1].Score
			}
		}
	}
	_, port, _ := strings.Cut(srv.Addr(), ":")
	python := func(n int) float64 {
		return cost(t, exec.Command("/usr/bin/python3", "-c", pyPoll, port, strconv.Itoa(n)))
	}
	hasPython := exec.Command("/usr/bin/python3", "-c", "import redis").Run() == nil
	poll()
	var ours, py, cli []float64
	for range 5 {
		var used time.Duration
		const polls = 40
		for range polls {
			now++
			fill(now)
			runtime.Gosched()
			before := selfTime()
			poll()
			used += selfTime() - before
		}
		ours = append(ours, ms(used)/polls)
		if hasPython {
			py = append(py, (python(41)-python(1))/40)
		}
		var sum float64
		const keys = 20
		for i := range keys {
			sum += cost(t, exec.Command("redis-cli", "-p", port, "get", fmt.Sprintf("quote:%03d", i)))
		}
		cli = append(cli, sum/keys*200)
	}
	fmt.Printf("poll of 200 keys: ticktop %.3f ms CPU", middle(ours))
	if hasPython {
		fmt.Printf("; redis-py pipeline %.2f ms, 1/%.0f", middle(py), middle(py)/middle(ours))
	}
	fmt.Printf("; one redis-cli a key %.0f ms, 1/%.0f\n", middle(cli), middle(cli)/middle(ours))
}

// cost runs a command and returns its processor time in milliseconds.
func cost(t *testing.T, cmd *exec.Cmd) float64 {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage) // it is one on every system with a pty
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}

func selfTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestReceive compares what a published message costs a process that receives,
// decodes and applies 10,000 a second of 24 symbols, all of it: connection,
// conflation, decoding, store, a snapshot ten times a second.
func TestReceive(t *testing.T) {
	if role := os.Getenv("TICKTOP_RECEIVE_ROLE"); role != "" {
		receiveRole(t, role, os.Getenv("TICKTOP_RECEIVE_URL"))
		return
	}
	srv := servertest.Redis(t)
	stop := publishTicks(t, srv, 10_000)
	defer stop()
	command := func(role string) *exec.Cmd {
		if role == "redis-cli" {
			return exec.Command("redis-cli", append([]string{"-u", srv.URL(), "subscribe"}, tickChannels()...)...)
		}
		c := exec.Command(os.Args[0], "-test.run", "^TestReceive$")
		c.Env = append(os.Environ(), "TICKTOP_RECEIVE_ROLE="+role, "TICKTOP_RECEIVE_URL="+srv.URL())
		return c
	}
	roles := []string{"ticktop", "channel", "redis-cli"}
	all := map[string][]float64{}
	for range 5 {
		for _, role := range roles {
			all[role] = append(all[role], consume(t, srv, command(role)))
		}
	}
	us := middle(all["ticktop"])
	fmt.Printf("a message at 10,000/s, received, decoded and applied: ticktop %.2f µs CPU; PubSub.Channel and encoding/json %.2f µs, ratio %.3f; redis-cli %.2f µs, ratio %.2f\n",
		us, middle(all["channel"]), us/middle(all["channel"]), middle(all["redis-cli"]), us/middle(all["redis-cli"]))
}

// consume runs a subscriber for a while and returns its CPU a message, in µs.
func consume(t *testing.T, srv *servertest.Server, cmd *exec.Cmd) float64 {
	t.Helper()
	if err := cmd.Start(); err != nil { // no Stdout: /dev/null
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	time.Sleep(2 * time.Second)
	published := func() float64 {
		n, _ := strconv.ParseFloat(fmt.Sprint(srv.Do("GET", "published")), 64)
		return n
	}
	n, cpu := published(), schedTime(t, cmd.Process.Pid)
	time.Sleep(5 * time.Second)
	cpu, n = schedTime(t, cmd.Process.Pid)-cpu, published()-n
	return float64(cpu.Microseconds()) / n
}

func tickChannels() (names []string) {
	for _, s := range symbols {
		names = append(names, "ticks:"+s)
	}
	return names
}

// publishTicks publishes rate ticks a second until stop, ten at a time. What a
// busy machine makes it miss by more than 20 ms is not made up for: in clumps,
// messages are cheap for everybody.
func publishTicks(t *testing.T, srv *servertest.Server, rate int) (stop func()) {
	const script = `for i = 1, 10 do
  local n = redis.call('INCR', 'published')
  redis.call('PUBLISH', ARGV[1 + n % #ARGV], string.format('{"symbol":"EURUSD","bid":"1.%05d","ask":"1.%05d","last":"1.%05d","volume":"125000","ts":%d}', n % 100000, n % 99999, n % 99991, 1763860000000 + n))
end`
	conn := srv.Dial()
	args := []any{"EVAL", script, 0}
	for _, c := range tickChannels() {
		args = append(args, c)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		gap := 10 * time.Second / time.Duration(rate)
		for next := time.Now(); ctx.Err() == nil; {
			if late := time.Now().Add(-20 * time.Millisecond); next.Before(late) {
				next = late
			}
			next = next.Add(gap)
			if _, err := conn.Do(args...); err != nil {
				t.Error(err)
				return
			}
			time.Sleep(time.Until(next))
		}
	}()
	return func() { cancel(); <-done }
}

// receiveRole is the child process.
func receiveRole(t *testing.T, role, url string) {
	if role == "channel" {
		receiveChannel(t, url)
		return
	}
	c, err := redisdb.Open(redisdb.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	if file := os.Getenv("TICKTOP_RECEIVE_PROFILE"); file != "" {
		f, err := os.Create(file)
		if err != nil || pprof.StartCPUProfile(f) != nil {
			t.Fatal(err)
		}
		time.AfterFunc(6*time.Second, pprof.StopCPUProfile)
	}
	e := engine.New(engine.Options{Redis: c, Listener: c})
	go func() { _ = e.Run(t.Context()) }()
	var refs []datasource.Ref
	for _, s := range symbols {
		refs = append(refs, datasource.Ref{Name: "quote." + s, Kind: datasource.KindString, Key: "quote:" + s, Live: "ticks:" + s})
	}
	feed := e.Watch(refs)
	for range feed.Changed() {
		feed.Snapshot()
	}
}

// receiveChannel is the baseline.
func receiveChannel(t *testing.T, url string) {
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	latest := map[string]map[string]any{}
	for m := range redis.NewClient(o).Subscribe(t.Context(), tickChannels()...).Channel() {
		var v map[string]any
		if json.Unmarshal([]byte(m.Payload), &v) == nil {
			latest[m.Channel] = v
		}
	}
}
