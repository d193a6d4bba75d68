package alert

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// fakeFeed is a feed that a test moves.
type fakeFeed struct {
	mu        sync.Mutex
	snap      *datasource.Snapshot
	changed   chan struct{}
	refreshed []string
	closed    int
}

func newFakeFeed(snap *datasource.Snapshot) *fakeFeed {
	return &fakeFeed{snap: snap, changed: make(chan struct{}, 1)}
}

func (f *fakeFeed) set(snap *datasource.Snapshot) {
	f.mu.Lock()
	f.snap = snap
	f.mu.Unlock()
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

func (f *fakeFeed) Snapshot() *datasource.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.snap
}
func (f *fakeFeed) Changed() <-chan struct{} { return f.changed }
func (f *fakeFeed) Refresh(names ...string)  { f.refreshed = append(f.refreshed, names...) }
func (f *fakeFeed) History(name string) []datasource.Past {
	return []datasource.Past{{Value: text(name)}}
}
func (f *fakeFeed) Close() { f.closed++ }

// poked reports whether the feed has something new.
func poked(f datasource.Feed) bool {
	select {
	case <-f.Changed():
		return true
	default:
		return false
	}
}

// TestWatch: a snapshot is handed on with its alerts; between two snapshots the
// clock fires and ends what is about time.
func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		quotes := func() *datasource.Snapshot {
			return world{"quote.EURUSD": live(object("bid", "1.1"), time.Now())}.at(time.Now())
		}
		feed := newFakeFeed(quotes())
		w := Watch(feed, []*Rule{mustCompile(t, "age(quote.EURUSD) > 5s"), mustCompile(t, "quote.bid > 2")})
		defer w.Close()
		if len(w.Snapshot().Alerts) != 0 || w.Snapshot().Get("quote.EURUSD") == nil {
			t.Fatalf("at first: %+v", w.Snapshot())
		}
		time.Sleep(5500 * time.Millisecond)
		synctest.Wait()
		if poked(w) {
			t.Error("poked though nothing changed")
		}
		first := w.Snapshot().Seq
		time.Sleep(time.Second)
		synctest.Wait()
		if got := said(w.Snapshot().Alerts); got != "quote.EURUSD 6 s old > 5s" || !poked(w) || w.Snapshot().Seq <= first {
			t.Errorf("after 6 s: %q", got)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if poked(w) {
			t.Error("poked for growing older")
		}
		feed.set(quotes())
		synctest.Wait()
		if got := said(w.Snapshot().Alerts); got != "ended: quote.EURUSD 6 s old > 5s" || !poked(w) {
			t.Errorf("after a new quote: %q", got)
		}
		for range 4 { // fresh quotes; the ended alert lingers for 10 s
			time.Sleep(3 * time.Second)
			feed.set(quotes())
		}
		synctest.Wait()
		if got := said(w.Snapshot().Alerts); got != "" {
			t.Errorf("after 12 s: %q", got)
		}
	})
}

// TestWatchLingerWithoutClock: rules that do not look at the clock let their
// ended alerts go all the same.
func TestWatchLingerWithoutClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := func(v string) *datasource.Snapshot {
			return world{"account": live(object("equity", v), time.Now())}.at(time.Now())
		}
		feed := newFakeFeed(at("1"))
		w := Watch(feed, []*Rule{mustCompile(t, "account.equity < 2")})
		defer w.Close()
		if got := said(w.Snapshot().Alerts); got != "account.equity 1 < 2" {
			t.Errorf("at first: %q", got)
		}
		feed.set(at("3"))
		synctest.Wait()
		if got := said(w.Snapshot().Alerts); got != "ended: account.equity 1 < 2" {
			t.Errorf("ended: %q", got)
		}
		time.Sleep(Lingers + time.Second)
		synctest.Wait()
		if got := said(w.Snapshot().Alerts); got != "" {
			t.Errorf("later: %q", got)
		}
	})
}

func TestWatchPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		feed := newFakeFeed(world{}.at(time.Now()))
		w := Watch(feed, nil)
		w.Refresh("a", "b")
		if past := w.History("x"); len(feed.refreshed) != 2 || past[0].Value.Text.String() != "x" {
			t.Errorf("refreshed %v, history %v", feed.refreshed, past)
		}
		if _, ok := w.(datasource.Player); ok {
			t.Error("a plain feed became a player")
		}
		w.Close()
		w.Close()
		synctest.Wait() // the goroutine has ended, or the bubble would not
		if feed.closed != 1 {
			t.Errorf("closed %d times", feed.closed)
		}
	})
}

// fakePlayer is a recording.
type fakePlayer struct {
	*fakeFeed
	speed float64
}

func (p *fakePlayer) SetSpeed(x float64)  { p.speed = x }
func (p *fakePlayer) SetPaused(bool)      {}
func (p *fakePlayer) Step(int)            {}
func (p *fakePlayer) Seek(time.Duration)  {}
func (p *fakePlayer) SeekTo(at time.Time) {}

// TestWatchPlayer: a recording's clock is its own, and it can still be steered.
func TestWatchPlayer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := func(now time.Time) *datasource.Snapshot {
			s := world{"quote.EURUSD": live(object("bid", "1.1"), nine)}.at(now)
			s.Replay = &datasource.Replay{At: now}
			return s
		}
		p := &fakePlayer{fakeFeed: newFakeFeed(at(nine.Add(time.Second)))}
		w := Watch(p, []*Rule{mustCompile(t, "age(quote.EURUSD) > 5s")})
		defer w.Close()
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := said(w.Snapshot().Alerts); got != "" {
			t.Errorf("the wall clock fired %q", got)
		}
		p.set(at(nine.Add(7 * time.Second)))
		synctest.Wait()
		if got := w.Snapshot().Alerts; said(got) != "quote.EURUSD 7 s old > 5s" || !got[0].Since.Equal(nine.Add(7*time.Second)) {
			t.Errorf("got %+v", got)
		}
		p.set(at(nine.Add(2 * time.Second))) // rewound
		synctest.Wait()
		if got := said(w.Snapshot().Alerts); got != "" {
			t.Errorf("after a rewind: %q", got)
		}
		steer, ok := w.(datasource.Player)
		if !ok {
			t.Fatal("no player")
		}
		if steer.SetSpeed(4); p.speed != 4 {
			t.Errorf("speed %v", p.speed)
		}
	})
}
