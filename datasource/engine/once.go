package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"ticktop/datasource"
)

// Once reads everything once: the keys, then the API for what is missing, and
// the state of the subscription where a ref has a channel. It is bounded to
// five seconds; what has not answered by then is an error that says so. When
// the engine does not run, it runs for as long as this takes.
//
// The error is ctx's, if that ends first; the snapshot is never nil. That
// nothing could be read is reported by the entries and by Snapshot.Sources.
func (e *Engine) Once(ctx context.Context, refs []datasource.Ref) (*datasource.Snapshot, error) {
	limit, cancel := context.WithTimeout(ctx, onceLimit)
	defer cancel()
	w := e.watch(refs)
	defer w.Close()
	var wg sync.WaitGroup
	defer wg.Wait()
	run, stop := context.WithCancel(ctx)
	defer stop()
	wg.Go(func() {
		if err := e.Run(run); errors.Is(err, ErrRunning) {
			return
		}
	})
	begun := time.Now()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !w.isSettled(time.Since(begun) > onceSubscribe) {
		select {
		case <-limit.Done():
			return w.Snapshot(), ctx.Err()
		case <-w.Changed():
		case <-tick.C:
		}
	}
	return w.Snapshot(), nil
}

// isSettled reports whether every datum has the answers that it can get, and they
// are published. patient says that channels have been waited for long enough.
func (f *feed) isSettled(patient bool) bool {
	e := f.e
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, slot := range f.Slots() {
		d := e.data[slot]
		if d == nil || d.dirty || d.apiPending || d.shown == nil || d.needsNewestEnd() {
			return false
		}
		if d.shown.State == datasource.StateLoading && (!patient || d.isKey()) {
			return false
		}
		if d.isKey() && !d.key.answered && e.redis.fault == nil && e.o.Redis != nil {
			return false
		}
		waiting := d.channelName() != "" && e.o.Listener != nil && !d.channel.isSubscribed() && e.pubsub.fault == nil
		if waiting && !patient {
			return false
		}
	}
	return true
}

// needsNewestEnd reports whether a list has yet to be read at its newest end.
func (d *datum) needsNewestEnd() bool {
	return d.wantRead && d.order.end == datasource.EndLast && d.key.fault == nil
}
