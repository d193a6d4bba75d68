package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
)

// fakeScanner lists keys in memory.
type fakeScanner struct {
	mu    sync.Mutex
	keys  []string
	err   error
	scans int
}

func (s *fakeScanner) set(keys ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = keys
}

func (s *fakeScanner) ScanKeys(_ context.Context, pattern string, _ datasource.Kind, limit int) ([]string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scans++
	var out []string
	for _, k := range s.keys {
		if strings.HasPrefix(k, strings.TrimSuffix(pattern, "*")) && len(out) < limit {
			out = append(out, k)
		}
	}
	return out, false, s.err
}

func byPrefix(name, prefix string) Variable {
	return Variable{Name: name, Pattern: prefix + "*", Value: func(k string) (string, bool) { return strings.CutPrefix(k, prefix) }}
}

func TestVariables_FollowKeysAndData(t *testing.T) {
	s := &fakeScanner{}
	run(t, func(w *world) {
		s.set("tick:EURUSD", "tick:GBPUSD", "other:X")
		w.redis.put("active", &fakeKey{items: []string{`"9002"`, `"9001"`}})
		w.redis.set("doc", `{"accounts":[{"account_id":7,"x":1},{"account_id":8}]}`, 0)
		list := Variable{Name: "tickets", Ref: datasource.Ref{Kind: datasource.KindList, Key: "active"}}
		kept := byPrefix("kept", "tick:")
		kept.Keeps = true
		short := byPrefix("short", "tick:")
		short.Limit = 1
		v := w.e.Follow([]Variable{byPrefix("symbols", "tick:"), kept, short, list})
		defer v.Close()
		w.after(ms(500))
		want := func(name string, values ...string) {
			t.Helper()
			if got := v.Values()[name]; !slices.Equal(got, values) {
				t.Errorf("%s: %q, want %q", name, got, values)
			}
		}
		want("symbols", "EURUSD", "GBPUSD")
		want("short", "EURUSD")
		want("tickets", "9002", "9001")
		if n := s.scans; n != 2 { // one of each limit
			t.Errorf("%d scans", n)
		}
		<-v.Changed()
		s.set("tick:GBPUSD", "tick:XAUUSD")
		w.redis.put("active", &fakeKey{items: []string{`"9003"`}})
		w.after(2 * time.Second)
		want("tickets", "9003")
		w.after(10 * time.Second)
		want("symbols", "GBPUSD", "XAUUSD")
		want("kept", "EURUSD", "GBPUSD", "XAUUSD")
		s.mu.Lock()
		s.err = fault(datasource.ClassPermission, "no permission (scan)")
		s.mu.Unlock()
		f := w.e.Watch([]datasource.Ref{flag})
		defer f.Close()
		w.after(20 * time.Second)
		want("symbols", "GBPUSD", "XAUUSD") // what is known stays
		if f := v.Faults()["symbols"]; f == nil || f.Error() != "no permission (scan)" {
			t.Errorf("fault %v", f)
		}
		said := 0
		for _, e := range f.Snapshot().Events {
			if e.Subject.String() == "variable symbols" {
				said++
			}
		}
		if said != 1 {
			t.Errorf("said %d times", said)
		}
	}, func(o *Options) { o.Scanner = s })
}

// A feed shows other refs without being opened again; what stays is not read anew.
func TestWatch_SetRefs(t *testing.T) {
	run(t, func(w *world) {
		for _, s := range []string{"A", "B", "C"} {
			w.redis.set("quote:"+s, `{"bid":1}`, 0)
		}
		f := w.e.Watch([]datasource.Ref{quote("A"), quote("B")})
		defer f.Close()
		w.after(ms(500))
		seq := f.Snapshot().Seq
		f.(interface{ SetRefs([]datasource.Ref) }).SetRefs([]datasource.Ref{quote("B"), quote("C")})
		s := f.Snapshot()
		if s.Get("quote.A") != nil || s.Get("quote.B").State != live || s.Seq <= seq {
			t.Errorf("A %v, B %v, seq %d after %d", s.Get("quote.A"), s.Get("quote.B").State, s.Seq, seq)
		}
		w.after(ms(200))
		w.is(f, "quote.C", live, "{bid=1}")
		w.sub.push("ticks:C", `{"bid":2}`)
		w.sub.push("ticks:A", `{"bid":9}`)
		w.after(ms(200))
		w.is(f, "quote.C", live, "{bid=2}")
		if w.sub.has("ticks:A") {
			t.Error("still subscribed to a released datum")
		}
		f.Close()
		f.(interface{ SetRefs([]datasource.Ref) }).SetRefs([]datasource.Ref{quote("A")})
		if n := w.e.Stats().Data; n != 0 {
			t.Errorf("%d data after the end", n)
		}
	})
}

// Sessions open, change and close while the engine runs; the race detector
// watches.
func TestWatch_SetRefsConcurrently(t *testing.T) {
	run(t, func(w *world) {
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				f := w.e.Watch([]datasource.Ref{quote("A")})
				for n := range 20 {
					f.(interface{ SetRefs([]datasource.Ref) }).SetRefs([]datasource.Ref{quote(fmt.Sprint((n + i) % 7)), quote("A")})
					f.Snapshot().Rev()
					f.History("quote.A")
					time.Sleep(ms(7))
				}
				f.Close()
			})
		}
		wg.Wait()
		if st := w.e.Stats(); st.Data != 0 || st.Watches != 0 {
			t.Errorf("left: %d data, %d watches", st.Data, st.Watches)
		}
	})
}

// BenchmarkSetRefs is 100 keys of 1,000 appearing and vanishing at once.
func BenchmarkSetRefs(b *testing.B) {
	e := New(Options{})
	refs := func(from int) (out []datasource.Ref) {
		for i := range 1000 {
			out = append(out, quote(fmt.Sprint(from+i)))
		}
		return out
	}
	one, two := refs(0), refs(100)
	f := e.watch(one)
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 {
			f.SetRefs(two)
		} else {
			f.SetRefs(one)
		}
	}
}
