package engine

import (
	"time"

	"ticktop/datasource"
	"ticktop/datasource/store"
)

// feed is one viewer's watch.
type feed struct {
	*store.Watch
	e *Engine
}

// Watch opens a window on refs; what others show already is there at once. Of
// two refs with the same name the first counts. It may be called before Run.
//
// The Feed has a method SetRefs(refs []datasource.Ref), by which it shows other
// refs without being opened again.
func (e *Engine) Watch(refs []datasource.Ref) datasource.Feed { return e.watch(refs) }

func (e *Engine) watch(refs []datasource.Ref) *feed {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.wakeLoop()
	w, opened := e.store.Watch(refs)
	e.open(opened)
	return &feed{w, e}
}

// Close ends the watch. What nobody watches any more is no longer read.
func (f *feed) Close() {
	f.e.mu.Lock()
	defer f.e.mu.Unlock()
	defer f.e.wakeLoop()
	f.e.close(f.Watch.Close())
}

// SetRefs has the feed show other refs from now on. What it shows before and
// after goes on without being read anew.
func (f *feed) SetRefs(refs []datasource.Ref) {
	f.e.mu.Lock()
	defer f.e.mu.Unlock()
	defer f.e.wakeLoop()
	opened, closed := f.Watch.SetRefs(refs)
	f.e.open(opened)
	f.e.close(closed)
}

// Refresh reads the named data now, all data without names: Redis for
// all of them, and the API for those that are not live. Within a second of the
// last Refresh of a datum it does nothing.
func (f *feed) Refresh(names ...string) {
	e := f.e
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.wakeLoop()
	now := time.Now()
	for _, slot := range f.Slots(names...) {
		d := e.data[slot]
		if d == nil || !d.lastRefresh.IsZero() && now.Sub(d.lastRefresh) < refreshGap {
			continue
		}
		d.lastRefresh, d.wantRead, d.wantWhole = now, true, true
		if f := d.api.fault; f == nil || f.Class != datasource.ClassRateLimited && f.Class != datasource.ClassAuth {
			d.api.next = time.Time{}
		}
		e.markDirty(d)
	}
}
