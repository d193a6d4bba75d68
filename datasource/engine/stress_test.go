package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
)

// A thousand viewers come, look, refresh and go while keys change, channels
// speak and everything fails now and then. The race detector watches; each
// viewer sees Seq and Rev grow and no value vanish.
func TestThousandViewers(t *testing.T) {
	redis, api, sub := newRedis(), newAPI(), &fakeListener{auto: true}
	var refs []datasource.Ref
	for i := range 20 {
		refs = append(refs, quote(fmt.Sprint(i)))
		redis.set(refs[i].Key, `{"bid":1}`, 0)
		api.put(refs[i].Fallback.Path, `{"bid":2}`)
	}
	refs = append(refs, notices)
	e := New(Options{Redis: redis, API: api, Listener: sub, Poll: ms(5), Frame: ms(5)})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	keep := e.Watch(refs)
	go func() { done <- e.Run(ctx) }()
	until(t, keep, func(s *datasource.Snapshot) bool { return s.Worst()[live] == len(refs) })

	var viewers, noise sync.WaitGroup
	for i := range 1000 {
		viewers.Go(func() { look(t, e, refs[i%len(refs):]) })
	}
	quit := make(chan struct{})
	noise.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-quit:
				return
			case <-time.After(time.Millisecond):
			}
			n := rand.IntN(20)
			sub.push(refs[n].Live, fmt.Sprintf(`{"bid":%d}`, i))
			redis.set(refs[n].Key, fmt.Sprintf(`{"bid":%d}`, i), ms(50))
			switch i % 40 {
			case 10:
				redis.fail(refused)
			case 20:
				redis.fail(nil)
				sub.lose()
			case 30:
				sub.join()
			}
		}
	})
	viewers.Wait()
	close(quit)
	noise.Wait()
	keep.Close()
	if s := e.Stats(); s.Data != 0 || s.Watches != 0 {
		t.Errorf("left behind: %d data, %d watches", s.Data, s.Watches)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// look is one viewer: twenty pictures, with whatever comes.
func look(t *testing.T, e *Engine, refs []datasource.Ref) {
	f := e.Watch(refs)
	defer f.Close()
	seq, revs, known := uint64(0), map[string]uint64{}, map[string]bool{}
	limit := time.After(200 * time.Millisecond)
	for range 20 {
		s := f.Snapshot()
		if s.Seq < seq {
			t.Errorf("seq %d after %d", s.Seq, seq)
		}
		seq = s.Seq
		for i := range s.Len() {
			name, entry := s.Nth(i)
			if entry.Rev < revs[name] || known[name] && !entry.Known() {
				t.Errorf("%s: rev %d after %d, known %v", name, entry.Rev, revs[name], entry.Known())
			}
			revs[name], known[name] = entry.Rev, entry.Known()
		}
		f.Refresh(refs[0].Name)
		f.History(refs[0].Name)
		select {
		case <-f.Changed():
		case <-limit:
			return
		}
	}
}
