package framecache

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

type key struct {
	id   any
	rev  uint64
	w, h int
	sort string
}

func TestGet(t *testing.T) {
	c := New[key](1 << 20)
	k := key{id: t, rev: 1}
	if _, ok := c.Lookup(k); ok {
		t.Fatal("an empty cache has a picture")
	}
	if got := c.Get(k, func() string { return "one" }); got != "one" {
		t.Fatalf("got %q", got)
	}
	if got := c.Get(k, func() string { t.Error("drawn twice"); return "" }); got != "one" {
		t.Fatalf("got %q", got)
	}
	if got, ok := c.Lookup(k); !ok || got != "one" {
		t.Fatalf("got %q, %v", got, ok)
	}
	k.rev = 2
	if got := c.Get(k, func() string { return "two" }); got != "two" {
		t.Fatalf("another key got %q", got)
	}
	if hits, misses, bytes := c.Stats(); hits != 2 || misses != 2 || bytes < 6 {
		t.Errorf("hits %d misses %d bytes %d", hits, misses, bytes)
	}
}

// TestOnce: a thousand that ask at the same time cost one picture.
func TestOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[key](0)
		var drawn atomic.Int32
		gate := make(chan struct{})
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() {
				got := c.Get(key{rev: 7}, func() string { drawn.Add(1); <-gate; return "pic" })
				if got != "pic" {
					t.Errorf("got %q", got)
				}
			})
		}
		synctest.Wait()
		close(gate)
		wg.Wait()
		if n := drawn.Load(); n != 1 {
			t.Errorf("drawn %d times", n)
		}
	})
}

// TestPanic: the panic reaches who draws; who waited draws for itself; nothing
// is kept.
func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[key](0)
		gate := make(chan struct{})
		caught := make(chan any, 1)
		go func() {
			defer func() { caught <- recover() }()
			c.Get(key{}, func() string { <-gate; panic("boom") })
		}()
		synctest.Wait()
		got := make(chan string, 1)
		go func() { got <- c.Get(key{}, func() string { return "own" }) }()
		synctest.Wait()
		close(gate)
		if r := <-caught; r != "boom" {
			t.Errorf("caught %v", r)
		}
		if s := <-got; s != "own" {
			t.Errorf("the waiting one got %q", s)
		}
		if _, ok := c.Lookup(key{}); ok {
			t.Error("a failed picture was kept")
		}
	})
}

// TestBound: a stream of pictures that are asked for once does not grow the
// cache beyond its size, and does not push out one that is in use.
func TestBound(t *testing.T) {
	const size = 1 << 20
	c := New[key](size)
	pic := strings.Repeat("x", 1000)
	inUse := key{sort: "in use"}
	for i := range 20000 {
		c.Get(key{rev: uint64(i)}, func() string { return pic })
		c.Get(inUse, func() string {
			if i > 0 {
				t.Fatalf("pushed out after %d", i)
			}
			return pic
		})
		if i%1000 == 0 {
			if _, _, bytes := c.Stats(); bytes > size+size/8 {
				t.Fatalf("%d bytes after %d pictures, limit %d", bytes, i, size)
			}
		}
	}
}

// TestAge: one session that draws a few pictures a second for an hour does not
// fill the cache with what nobody will ask for again, and keeps what it shows.
func TestAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New[key](0)
		pic := strings.Repeat("x", 1000)
		inUse := key{sort: "in use"}
		worst := 0
		for i := range 10 * 3600 {
			time.Sleep(100 * time.Millisecond)
			c.Get(key{rev: uint64(i)}, func() string { return pic })
			c.Get(inUse, func() string {
				if i > 0 {
					t.Fatalf("thrown out after %d", i)
				}
				return pic
			})
			_, _, bytes := c.Stats()
			worst = max(worst, bytes)
		}
		// Two generations of all sixteen shards, and what came in before each turned.
		if limit := 3 * int(10*turnAfter/time.Second) * (len(pic) + overhead); worst > limit {
			t.Errorf("%d bytes are kept of a few pictures a second, want at most %d", worst, limit)
		}
	})
}

func TestHitDoesNotAllocate(t *testing.T) {
	c := New[key](0)
	k := key{id: t, rev: 1, sort: "symbol"}
	c.Get(k, func() string { return "pic" })
	if n := testing.AllocsPerRun(100, func() { c.Lookup(k) }); n != 0 {
		t.Errorf("%v allocations a hit", n)
	}
}

func BenchmarkLookup(b *testing.B) {
	c := New[key](0)
	keys := make([]key, 24)
	for i := range keys {
		keys[i] = key{id: b, rev: uint64(i), w: 80, h: 24, sort: fmt.Sprint(i)}
		c.Get(keys[i], func() string { return "pic" })
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			c.Lookup(keys[i%len(keys)])
		}
	})
}
