package demo

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// flaky is a Writer that fails on demand.
type flaky struct {
	mu   sync.Mutex
	to   Writer
	down bool
}

func (f *flaky) Pipeline(ctx context.Context, cmds [][]any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return errors.New("connection refused")
	}
	return f.to.Pipeline(ctx, cmds)
}

// TestRunSurvivesItsRedis takes the Redis away for a while: the market goes on
// meanwhile, asks once a second, and fills the new one with all that there is.
func TestRunSurvivesItsRedis(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := 0
		m := NewMarket(MarketOptions{Failed: func(error) { failures++ }})
		f := &flaky{to: newSheet()}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- m.Run(ctx, f) }()
		after(10 * time.Second)
		ticks := lookAt(m, func() int64 { return m.ticks })
		s := newSheet()
		f.mu.Lock()
		f.down, f.to = true, s
		f.mu.Unlock()
		after(time.Minute)
		if n := lookAt(m, func() int64 { return m.ticks }) - ticks; n < 59*DefaultRate {
			t.Errorf("%d ticks in the minute without a redis", n)
		}
		if failures < 55 || failures > 65 {
			t.Errorf("%d failures in a minute", failures)
		}
		f.mu.Lock()
		f.down = false
		f.mu.Unlock()
		after(2 * time.Second)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if len(s.zsets["price:EURUSD"]) < 500 || s.values["quote:EURUSD"] == "" || len(s.hashes["account:ACC-1001"]) == 0 {
			t.Error("was not filled anew")
		}
		checkSeries(t, s.zsets["equity:ACC-1001"], &m.desk.accountsNamed("ACC-1001")[0].series)
		if late := time.Since(m.clock); late > time.Second {
			t.Errorf("the market is %v late", late)
		}
	})
}

// lookAt reads something of a running market.
func lookAt[T any](m *Market, f func() T) T {
	m.mu.Lock()
	defer m.mu.Unlock()
	return f()
}

func TestRunNeedsARedisToBeginWith(t *testing.T) {
	if err := NewMarket(MarketOptions{}).Run(t.Context(), &flaky{down: true}); err == nil {
		t.Error("runs without a redis")
	}
}

// TestSleep skips a week: nothing explodes, and the series have a gap.
func TestSleep(t *testing.T) {
	m, s := filled(t, MarketOptions{Seed: 4})
	m.skipTime(7 * 24 * time.Hour)
	run(t, m, s, 10*time.Second)
	if math.Abs(m.tape.heat) > 3 {
		t.Errorf("heat is %v", m.tape.heat)
	}
	for _, q := range m.quotes {
		if off := math.Abs(math.Log(float64(q.midPrice()) * q.point / q.base)); off > 12*q.dayMove() {
			t.Errorf("%s is off by %.1f %%", q.name, off*100)
		}
		checkSeries(t, s.zsets["price:"+q.name], &q.series)
	}
}

// TestMinutesInRedis runs the embedded Redis itself: keys renew and expire
// as they should, and nothing piles up in it.
func TestMinutesInRedis(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := box(t)
		after(time.Minute)
		keys, heap := len(d.redis.m.Keys()), inUse()
		after(4 * time.Minute)
		if n := len(d.redis.m.Keys()); n != keys {
			t.Errorf("%d keys, were %d", n, keys)
		}
		if grown := inUse() - heap; grown > 1<<20 {
			t.Errorf("heap grew by %d KB", grown>>10)
		}
		for _, key := range []string{"price:EURUSD", "equity:ACC-1003"} {
			if members, err := d.redis.m.ZMembers(key); err != nil || len(members) > 550 {
				t.Errorf("%s has %d members, %v", key, len(members), err)
			}
		}
	})
}
