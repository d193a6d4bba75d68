package broadcast

import (
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// TestWorkQueue_QuietOwnerIsNext: an owner that has been quiet waits for one
// piece of work, however many another has queued.
func TestWorkQueue_QuietOwnerIsNext(t *testing.T) {
	for _, processors := range []int{1, 2, 4} {
		synctest.Test(t, func(t *testing.T) {
			q := newWorkQueue(processors)
			stop := make(chan struct{})
			var done atomic.Int64
			for range 100 {
				go func() {
					if release, ok := q.acquire("flood", stop); ok {
						time.Sleep(10 * time.Millisecond)
						done.Add(1)
						release()
					}
				}()
			}
			time.Sleep(25 * time.Millisecond)
			begin := time.Now()
			release, ok := q.acquire("quiet", nil)
			if waited := time.Since(begin); !ok || waited > 10*time.Millisecond || processors > 1 && waited > 0 {
				t.Errorf("%d processors: the quiet owner waited %v", processors, waited)
			}
			release()
			close(stop)
			synctest.Wait()
			time.Sleep(time.Minute)
			q.forgetIdle()
			if len(q.owners) != 0 || q.free != processors {
				t.Errorf("%d owners are kept, %d of %d processors are free", len(q.owners), q.free, processors)
			}
		})
	}
}

// TestWorkQueue_SharesEvenly: owners that always want to work get the same time,
// whatever a piece of theirs takes.
func TestWorkQueue_SharesEvenly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newWorkQueue(1)
		stop := make(chan struct{})
		var used [3]atomic.Int64
		for owner, piece := range []time.Duration{2 * time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
			for range 2 + 3*owner { // and however many they are; one alone is not waiting when it ends a piece
				go func() {
					for {
						release, ok := q.acquire(owner, stop)
						if !ok {
							return
						}
						time.Sleep(piece)
						used[owner].Add(int64(piece))
						release()
					}
				}()
			}
		}
		time.Sleep(20 * time.Second)
		close(stop)
		time.Sleep(time.Second) // pieces under way come to their end
		synctest.Wait()
		for owner := range used {
			if got := time.Duration(used[owner].Load()); got < 6*time.Second || got > 7200*time.Millisecond {
				t.Errorf("owner %d worked %v of 20 s, want a third", owner, got)
			}
		}
	})
}

// TestHub_GroupsWithoutMembersAreNotDrawn: a member that hurries through a
// thousand views has those drawn that it stays with.
func TestHub_GroupsWithoutMembersAreNotDrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Options{})
		defer h.Close()
		m := h.Member("eve", io.Discard, nil)
		var drawn, open atomic.Int64
		for i := range 1000 {
			f := newFeed()
			if err := m.Join(View{
				Key: i, W: 10, H: 1,
				Open: func() (datasource.Feed, error) { open.Add(1); return countedFeed{f, &open}, nil },
				Render: func(*datasource.Snapshot, time.Time) string {
					time.Sleep(20 * time.Millisecond)
					drawn.Add(1)
					return fmt.Sprint(i)
				},
			}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
			if got := h.Stats().Groups; got > 1 {
				t.Fatalf("%d groups of one member", got)
			}
			if got := open.Load(); got > 3 {
				t.Fatalf("%d feeds are open", got)
			}
		}
		time.Sleep(100 * time.Millisecond)
		if got := drawn.Load(); got > 60 {
			t.Errorf("%d pictures were drawn in 1 s, each in 20 ms", got)
		}
	})
}

type countedFeed struct {
	datasource.Feed
	open *atomic.Int64
}

func (c countedFeed) Close() { c.open.Add(-1); c.Feed.Close() }
