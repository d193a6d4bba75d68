package store

import (
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ticktop/datasource"
)

// seed makes fingerprints of refs; they never leave the process.
var seed = maphash.MakeSeed()

// view is one set of refs, shared by all watches of exactly these. Its fields
// are guarded by Store.mu, but for version and last.
type view struct {
	store       *Store
	fingerprint uint64
	refs        []datasource.Ref
	names       []string
	index       map[string]int
	slots       []*Slot       // one for each name
	slotIndex   map[*Slot]int // first name of each slot
	watches     []*Watch
	events      recentEvents
	round       uint64 // of the last touch
	noted       int    // events of data in this round
	version     atomic.Uint64
	latest      atomic.Pointer[versionedSnapshot]
}

// versionedSnapshot is a snapshot and the version of the view that it shows.
type versionedSnapshot struct {
	version uint64
	snap    *datasource.Snapshot
}

// Watch is one viewer's window on a set of refs. It is a datasource.Feed but
// for Refresh, and its Close tells what nobody shows any more.
type Watch struct {
	view    atomic.Pointer[view] // written with Store.mu
	changed chan struct{}
	once    sync.Once
}

// Watch opens a window on refs, in their order. Of two refs with the same name
// the first counts. opened holds the slots that nobody showed before.
func (s *Store) Watch(refs []datasource.Ref) (w *Watch, opened []*Slot) {
	refs = uniqueNames(refs)
	s.mu.Lock()
	defer s.mu.Unlock()
	w = &Watch{changed: make(chan struct{}, 1)}
	opened = s.showRefs(w, refs)
	s.watches++
	return w, opened
}

// showRefs has a watch show refs.
func (s *Store) showRefs(w *Watch, refs []datasource.Ref) (opened []*Slot) {
	print := refsHash(refs)
	v := s.findView(print, refs)
	if v == nil {
		v, opened = s.newView(print, refs)
	}
	w.view.Store(v)
	v.watches = append(v.watches, w)
	return opened
}

// SetRefs has a watch show other refs from now on, and returns the slots that
// nobody showed before and those that nobody shows any more. What is shown
// before and after keeps its value. A closed watch stays closed.
func (w *Watch) SetRefs(refs []datasource.Ref) (opened, closed []*Slot) {
	refs = uniqueNames(refs)
	s := w.view.Load().store
	s.mu.Lock()
	defer s.mu.Unlock()
	old := w.view.Load()
	if slices.Equal(old.refs, refs) || !slices.Contains(old.watches, w) {
		return nil, nil
	}
	seq := old.version.Load()
	opened = s.showRefs(w, refs)
	v := w.view.Load()
	if v.version.Load() <= seq { // a viewer's snapshots only ever become newer
		v.version.Store(seq + 1)
	}
	closed = s.leaveView(old, w)
	v.notify()
	return opened, closed
}

func (s *Store) findView(print uint64, refs []datasource.Ref) *view {
	for _, v := range s.views[print] {
		if slices.Equal(v.refs, refs) {
			return v
		}
	}
	return nil
}

func (s *Store) newView(print uint64, refs []datasource.Ref) (v *view, opened []*Slot) {
	v = &view{store: s, fingerprint: print, refs: refs, index: make(map[string]int, len(refs)), slotIndex: make(map[*Slot]int, len(refs))}
	for i, ref := range refs {
		slot, made := s.open(ref)
		if made {
			opened = append(opened, slot)
		}
		if _, twice := v.slotIndex[slot]; !twice {
			v.slotIndex[slot] = i
			slot.views = append(slot.views, v)
		}
		v.index[ref.Name] = i
		v.names = append(v.names, ref.Name)
		v.slots = append(v.slots, slot)
	}
	for _, e := range s.log.all() {
		if _, mine := v.slotIndex[e.Slot]; mine || e.Slot == nil {
			v.addEvent(e)
		}
	}
	v.version.Store(1)
	s.views[print] = append(s.views[print], v)
	return v, opened
}

// Snapshot returns the newest snapshot. It is built for the first viewer that
// asks for it and shared by all viewers of the same refs.
func (w *Watch) Snapshot() *datasource.Snapshot {
	v := w.view.Load()
	if p := v.latest.Load(); p != nil && p.version == v.version.Load() {
		return p.snap
	}
	return v.buildSnapshot()
}

// Changed has capacity 1 and is signalled after Snapshot has become newer.
func (w *Watch) Changed() <-chan struct{} { return w.changed }

// History returns the last few values of a datum, newest first.
func (w *Watch) History(name string) []datasource.Past {
	v := w.view.Load()
	v.store.mu.Lock()
	defer v.store.mu.Unlock()
	i, ok := v.index[name]
	if !ok {
		return nil
	}
	return v.slots[i].past.newestFirst()
}

// Slots returns the slots of the named data, of all when there are no names;
// a group's name means its items.
func (w *Watch) Slots(names ...string) []*Slot {
	v := w.view.Load()
	if len(names) == 0 {
		return v.slots
	}
	var out []*Slot
	for _, name := range names {
		if i, ok := v.index[name]; ok {
			out = append(out, v.slots[i])
			continue
		}
		for i, n := range v.names {
			if datasource.Group(n) == name {
				out = append(out, v.slots[i])
			}
		}
	}
	return out
}

// Close ends the watch and returns the slots that nobody shows any more. The
// last snapshot stays valid. Further calls do nothing.
func (w *Watch) Close() (closed []*Slot) {
	w.once.Do(func() { closed = w.view.Load().store.closeWatch(w) })
	return closed
}

func (s *Store) closeWatch(w *Watch) (closed []*Slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watches--
	return s.leaveView(w.view.Load(), w)
}

// leaveView takes a watch from a view; the last one ends it.
func (s *Store) leaveView(v *view, w *Watch) (closed []*Slot) {
	i := slices.Index(v.watches, w)
	v.watches = slices.Delete(v.watches, i, i+1)
	if len(v.watches) > 0 {
		return nil
	}
	for slot := range v.slotIndex {
		if s.removeView(slot, v) {
			closed = append(closed, slot)
		}
	}
	s.views[v.fingerprint] = slices.DeleteFunc(s.views[v.fingerprint], func(o *view) bool { return o == v })
	if len(s.views[v.fingerprint]) == 0 {
		delete(s.views, v.fingerprint)
	}
	return closed
}

// buildSnapshot puts the newest snapshot together.
func (v *view) buildSnapshot() *datasource.Snapshot {
	v.store.mu.Lock()
	defer v.store.mu.Unlock()
	version := v.version.Load() // grows under the lock only
	if p := v.latest.Load(); p != nil && p.version == version {
		return p.snap
	}
	entries := make([]*datasource.Entry, len(v.slots))
	for i, slot := range v.slots {
		entries[i] = slot.entry
	}
	at := v.store.at
	if at.IsZero() {
		at = time.Now()
	}
	snap := datasource.NewSnapshot(at, version, v.names, v.index, entries)
	snap.Sources, snap.Slept = v.sourceStatuses(), v.store.lastSuspend
	snap.Events = v.events.lastEvents()
	v.latest.Store(&versionedSnapshot{version, snap})
	return snap
}

// sourceStatuses returns the states of the sources as far as they are this view's: a
// channel that it does not show is neither named nor its trouble.
func (v *view) sourceStatuses() [datasource.NumSources]datasource.Status {
	out := v.store.sources
	p := &out[datasource.SourcePubSub]
	if p.Fault == nil || p.Fault.Channels == nil {
		return out
	}
	p.Fault = p.Fault.Only(func(channel string) bool {
		return slices.ContainsFunc(v.refs, func(r datasource.Ref) bool {
			return r.Live == channel || r.Kind == datasource.KindChannel && r.Key == channel
		})
	})
	if p.Fault == nil {
		p.Light = datasource.LightUp
	}
	return out
}

// notify signals every watch that there is a newer snapshot.
func (v *view) notify() {
	for _, w := range v.watches {
		select {
		case w.changed <- struct{}{}:
		default: // it has not looked since the last signal
		}
	}
}

// addEvent adds an event under the view's own name of the datum.
func (v *view) addEvent(e Event) {
	if e.Slot != nil {
		e.Subject = datasource.Clean(v.names[v.slotIndex[e.Slot]], datasource.MaxCell)
	}
	v.events.add(e.Event)
}

// addOverflowEvent says in one line how many events of this round were not noted.
func (v *view) addOverflowEvent(at time.Time) {
	if more := v.noted - maxRoundEvents; more > 0 {
		text := fmt.Sprintf("%d more changed state", more)
		v.events.add(datasource.Event{At: at, Subject: datasource.Clean("data", 0), Text: datasource.Clean(text, 0), Level: datasource.LevelWarning})
	}
	v.noted = 0
}

// uniqueNames copies refs without those whose name came before.
func uniqueNames(refs []datasource.Ref) []datasource.Ref {
	seen := make(map[string]bool, len(refs))
	out := make([]datasource.Ref, 0, len(refs))
	for _, r := range refs {
		if !seen[r.Name] {
			seen[r.Name] = true
			out = append(out, r)
		}
	}
	return out
}

func refsHash(refs []datasource.Ref) uint64 {
	const prime = 1099511628211
	h := uint64(len(refs))
	for i := range refs {
		h = h*prime ^ maphash.Comparable(seed, refs[i])
	}
	return h
}
