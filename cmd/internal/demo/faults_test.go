package demo

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// box is a demo without sockets, for tests under a fake clock.
func box(t *testing.T) *Demo {
	t.Helper()
	d := &Demo{market: NewMarket(MarketOptions{Seed: 1})}
	var err error
	if d.redis, err = newMemory(); err != nil {
		t.Fatal(err)
	}
	d.faults = newFaults(d)
	d.redis.admit = d.faults.mayWrite
	if err := d.market.Fill(t.Context(), d.redis); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{}, 3)
	for _, f := range []func(){
		func() { d.redis.expireKeys(t.Context()) },
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
	if total < 50*time.Second || total > 60*time.Second {
		t.Errorf("the tour takes %v", total)
	}
}
