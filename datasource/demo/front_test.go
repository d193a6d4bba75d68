package demo

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// client speaks RESP by hand.
type client struct {
	net.Conn
	r *bufio.Reader
}

func dial(d *Demo) (*client, error) {
	conn, err := net.Dial("tcp", d.front.addr)
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReader(conn)}, nil
}

func connect(t *testing.T, d *Demo) *client {
	t.Helper()
	c, err := dial(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func (c *client) send(args ...string) error {
	b := fmt.Appendf(nil, "*%d\r\n", len(args))
	for _, a := range args {
		b = fmt.Appendf(b, "$%d\r\n%s\r\n", len(a), a)
	}
	_, err := c.Write(b)
	return err
}

// reply reads one reply, flattened to text.
func (c *client) reply() (string, error) {
	line, err := c.r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	n := 0
	fmt.Sscanf(line[1:], "%d", &n)
	switch line[0] {
	case '$':
		if n < 0 {
			return "nil", nil
		}
		b := make([]byte, n+2)
		_, err := io.ReadFull(c.r, b)
		return string(b[:n]), err
	case '*':
		var parts []string
		for range n {
			p, err := c.reply()
			if err != nil {
				return "", err
			}
			parts = append(parts, p)
		}
		return strings.Join(parts, " "), nil
	}
	return line, nil
}

// do sends a command and returns its reply; no answer within a good while is
// an error.
func (c *client) do(args ...string) (string, error) {
	c.SetDeadline(time.Now().Add(10 * time.Second))
	if err := c.send(args...); err != nil {
		return "", err
	}
	return c.reply()
}

func (c *client) want(t *testing.T, want string, args ...string) {
	t.Helper()
	if got, err := c.do(args...); err != nil || !strings.Contains(got, want) {
		t.Errorf("%q: %q, %v, want %q", args, got, err, want)
	}
}

// eventually tries f until it is true, for a good while.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !f(); {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func set(t *testing.T, d *Demo, id string, on bool) {
	t.Helper()
	if err := d.SetFault(id, on); err != nil {
		t.Fatal(err)
	}
}

func TestRedisAnswers(t *testing.T) {
	d := start(t, Options{Seed: 1, Rate: 500})
	c := connect(t, d)
	c.want(t, "PONG", "PING")
	c.want(t, `"bid":`, "GET", "quote:EURUSD")
	c.want(t, "equity", "HGETALL", "account:ACC-1001")
	c.want(t, "none", "TYPE", "none")
	sub := connect(t, d)
	sub.want(t, "subscribe ticks:EURUSD :1", "SUBSCRIBE", "ticks:EURUSD")
	sub.SetDeadline(time.Now().Add(20 * time.Second))
	if got, err := sub.reply(); err != nil || !strings.HasPrefix(got, `message ticks:EURUSD {"symbol":"EURUSD","bid":`) {
		t.Errorf("heard %q, %v", got, err)
	}
}

func TestStopRedis(t *testing.T) {
	d := start(t, Options{})
	c := connect(t, d)
	c.want(t, "PONG", "PING")
	url := d.RedisURL()
	set(t, d, FaultStopRedis, true)
	if _, err := c.do("PING"); err == nil {
		t.Error("the connection outlived the stop")
	}
	if _, err := dial(d); err == nil {
		t.Error("a stopped redis accepts")
	}
	set(t, d, FaultStopRedis, false)
	if d.RedisURL() != url {
		t.Errorf("came back at %s, was at %s", d.RedisURL(), url)
	}
	connect(t, d).want(t, `"bid":`, "GET", "quote:EURUSD")
}

func TestHangRedis(t *testing.T) {
	d := start(t, Options{})
	c := connect(t, d)
	c.want(t, "PONG", "PING")
	set(t, d, FaultHangRedis, true)
	late := connect(t, d) // the kernel still accepts
	for _, c := range []*client{c, late} {
		if err := c.send("PING"); err != nil {
			t.Fatal(err)
		}
		c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		if got, err := c.reply(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a hung redis says %q, %v", got, err)
		}
	}
	set(t, d, FaultHangRedis, false)
	for _, c := range []*client{c, late} {
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if got, err := c.reply(); err != nil || got != "+PONG" {
			t.Errorf("after the hang: %q, %v", got, err)
		}
	}
}

func TestCutPubSub(t *testing.T) {
	d := start(t, Options{})
	c, sub := connect(t, d), connect(t, d)
	c.want(t, "PONG", "PING")
	sub.want(t, "subscribe", "subscribe", "ticks:EURUSD")
	set(t, d, FaultCutPubSub, true)
	sub.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.Copy(io.Discard, sub); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the subscriber is still connected")
	}
	if got, err := connect(t, d).do("PSUBSCRIBE", "ticks:*"); err == nil {
		t.Errorf("could subscribe: %q", got)
	}
	c.want(t, "PONG", "PING")
	set(t, d, FaultCutPubSub, false)
	connect(t, d).want(t, "subscribe", "SUBSCRIBE", "ticks:EURUSD")
}

// TestStuckClient subscribes and never reads: the market and everybody else go
// on, and the client is cut once too much waits for it.
func TestStuckClient(t *testing.T) {
	d := start(t, Options{})
	stuck, other := connect(t, d), connect(t, d)
	stuck.want(t, "subscribe", "SUBSCRIBE", "x")
	big := strings.Repeat("x", 1<<20)
	for range 2*maxPending>>20 + 16 {
		d.redis.m.Publish("x", big)
	}
	other.want(t, "PONG", "PING")
	eventually(t, "the stuck client is cut", func() bool { return d.redis.m.PubSubNumSub("x")["x"] == 0 })
}

// box is a demo without sockets, for tests under a fake clock.
func box(t *testing.T) *Demo {
	t.Helper()
	d := &Demo{market: NewMarket(MarketOptions{Seed: 1})}
	var err error
	if d.redis, err = newMemory(); err != nil {
		t.Fatal(err)
	}
	d.faults = newFaults(d)
	d.redis.admit = d.faults.admit
	if err := d.market.Fill(t.Context(), d.redis); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{}, 3)
	for _, f := range []func(){
		func() { d.redis.expire(t.Context()) },
		func() { d.market.keepGoing(t.Context(), d.redis) },
		func() { d.faults.run(t.Context()) },
	} {
		go func() { f(); done <- struct{}{} }()
	}
	t.Cleanup(func() { // the context has ended by now
		for range 3 {
			<-done
		}
		d.redis.close()
	})
	return d
}

func after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestKeysExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := box(t)
		after(10 * time.Second)
		for _, tc := range []struct {
			id, key string
		}{
			{FaultExpireAccount, "account:ACC-1002"}, {FaultExpireAccount, "positions:ACC-1001"}, {FaultExpireAccount, "orders:ACC-1003"},
			{FaultExpireQuotes, "quote:XAUUSD"}, {FaultExpireFlags, "flag:hedging"}, {FaultExpireFlags, "counter:rejects"},
		} {
			set(t, d, tc.id, true)
			if after(expireIn - 2*expireEvery); !d.redis.m.Exists(tc.key) {
				t.Errorf("%s: %s is gone too early", tc.id, tc.key)
			}
			if after(3 * expireEvery); d.redis.m.Exists(tc.key) {
				t.Errorf("%s: %s is still there", tc.id, tc.key)
			}
			if after(time.Minute); d.redis.m.Exists(tc.key) {
				t.Errorf("%s: %s came back", tc.id, tc.key)
			}
			set(t, d, tc.id, false)
			if after(2 * stepEvery); !d.redis.m.Exists(tc.key) {
				t.Errorf("%s: %s did not heal", tc.id, tc.key)
			}
		}
	})
}

func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := box(t)
		sub := d.redis.m.NewSubscriber()
		sub.Psubscribe("ticks:*")
		var heard atomic.Int64
		done := make(chan struct{})
		go func() {
			for range sub.Pmessages() {
				heard.Add(1)
			}
			close(done)
		}()
		for _, tc := range []struct {
			on    bool
			ticks bool
		}{{false, true}, {true, false}, {false, true}} {
			set(t, d, FaultSilence, tc.on)
			synctest.Wait()
			heard.Store(0)
			if after(3 * time.Second); heard.Load() > 0 != tc.ticks {
				t.Errorf("silence %v: heard %d ticks", tc.on, heard.Load())
			}
			if v := d.redis.m.TTL("quote:EURUSD"); v <= 0 {
				t.Errorf("silence %v: the quote has ttl %v", tc.on, v)
			}
		}
		sub.Close()
		<-done
	})
}

func TestWrongTypeAndHostile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := box(t)
		set(t, d, FaultWrongType, true)
		if after(5 * time.Second); d.redis.m.Type("account:ACC-1001") != "string" || d.redis.m.Type("account:ACC-1002") != "hash" {
			t.Error("not the one account's type is wrong")
		}
		set(t, d, FaultWrongType, false)
		if after(time.Second); d.redis.m.Type("account:ACC-1001") != "hash" {
			t.Error("the type did not heal")
		}
		set(t, d, FaultHostile, true)
		after(5 * time.Second)
		if v, _ := d.redis.m.Get("flag:beta_router"); !strings.Contains(v, "\x1b]52") {
			t.Errorf("the flag is %q", v)
		}
		if v := d.redis.m.HGet("account:ACC-1001", "comment"); !strings.Contains(v, "\x1b[2J") {
			t.Errorf("the account's comment is %q", v)
		}
		set(t, d, FaultHostile, false)
		after(time.Second)
		if v, _ := d.redis.m.Get("flag:beta_router"); v != "true" || d.redis.m.HGet("account:ACC-1001", "comment") != "" {
			t.Errorf("did not heal: flag %q", v)
		}
	})
}

func TestStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := box(t)
		ticks := func() int64 {
			n := lookAt(d.market, func() int64 { return d.market.ticks })
			after(time.Second)
			return lookAt(d.market, func() int64 { return d.market.ticks }) - n
		}
		set(t, d, FaultStorm, true)
		if n := ticks(); n < stormRate*9/10 {
			t.Errorf("a storm of %d ticks a second", n)
		}
		set(t, d, FaultStorm, false)
		if n := ticks(); n > DefaultRate*2 {
			t.Errorf("%d ticks a second after the storm", n)
		}
	})
}

// TestFaultsCombine turns everything on and off again, twice, in two orders.
func TestFaultsCombine(t *testing.T) {
	d := start(t, Options{})
	ids := []string{}
	for _, f := range d.Faults() {
		ids = append(ids, f.ID)
		if f.On || f.Title == "" || f.Text == "" {
			t.Errorf("menu line %+v", f)
		}
	}
	for round := range 2 {
		for _, id := range ids {
			set(t, d, id, true)
			set(t, d, id, true)
		}
		for i, id := range ids {
			if round == 1 {
				id = ids[len(ids)-1-i]
			}
			set(t, d, id, false)
		}
	}
	for _, f := range d.Faults() {
		if f.On {
			t.Errorf("%s stayed on", f.ID)
		}
	}
	c := connect(t, d)
	eventually(t, "all keys are back", func() bool {
		for _, key := range []string{"account:ACC-1001", "quote:EURUSD", "flag:hedging", "orders:ACC-1001"} {
			if got, err := c.do("EXISTS", key); err != nil || got != ":1" {
				return false
			}
		}
		return true
	})
	if resp, _ := get(t, d, "/api/accounts/ACC-1001/"); resp.StatusCode != http.StatusOK {
		t.Errorf("api: %s", resp.Status)
	}
	if err := d.SetFault("no such", true); err == nil {
		t.Error("an unknown fault was set")
	}
}

func TestTour(t *testing.T) {
	known := map[string]bool{}
	for _, f := range start(t, Options{}).Faults() {
		known[f.ID] = true
	}
	on := map[string]bool{}
	var total time.Duration
	for _, s := range Tour() {
		total += s.After
		switch {
		case s.Caption == "":
			t.Errorf("a step without a caption at %v", total)
		case s.Fault == "":
		case !known[s.Fault] || on[s.Fault] == s.On:
			t.Errorf("step %+v at %v changes nothing", s, total)
		}
		if s.Fault != "" {
			on[s.Fault] = s.On
		}
	}
	for id, still := range on {
		if still {
			t.Errorf("the tour leaves %s on", id)
		}
	}
	if total < 80*time.Second || total > 100*time.Second {
		t.Errorf("the tour takes %v", total)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	d, err := Start(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, d)
	c.want(t, "PONG", "PING")
	set(t, d, FaultHangRedis, true)
	for range 2 {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := dial(d); err == nil {
		t.Error("still accepts")
	}
}
