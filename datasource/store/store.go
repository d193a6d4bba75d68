package store

import (
	"slices"
	"sync"
	"time"

	"ticktop/datasource"
)

// Store is the set of data that somebody shows. Apply belongs to one goroutine
// at a time; everything else may be called from any.
type Store struct {
	mu          sync.Mutex
	slots       map[datasource.ID]*Slot
	views       map[uint64][]*view // by fingerprint of their refs
	sources     [datasource.NumSources]datasource.Status
	at          time.Time        // of the last Apply
	rev         uint64           // last Entry.Rev given out
	round       uint64           // counts Apply, to notify each view once
	log         eventLog         // of all data and sources, for views that open later
	lastSuspend datasource.Sleep // the newest
	touched     []*view          // scratch of Apply
	applied     uint64           // for Stats
	watches     int              // for Stats
}

// New returns an empty store.
func New() *Store {
	return &Store{slots: make(map[datasource.ID]*Slot), views: make(map[uint64][]*view)}
}

// Slot is the place of one datum. It lives from the first Watch that shows the
// datum to the last.
type Slot struct {
	ref   *datasource.Ref
	entry *datasource.Entry // never nil
	past  valueRing
	views []*view // that show it, each once
}

// Ref returns how the datum is read; its Name is the first viewer's. It is never
// written to.
func (s *Slot) Ref() *datasource.Ref { return s.ref }

// Change is the new Entry of a slot. The writer leaves Rev and Changed zero:
// what is new is for the store to find out.
type Change struct {
	Slot  *Slot
	Entry *datasource.Entry // the store takes it over
}

// Event is a datasource.Event about one datum, or about a source when Slot is
// nil. For a datum each view gets its own name as Subject, and views that do
// not show the datum do not see its events.
type Event struct {
	Slot *Slot
	datasource.Event
}

// Batch is everything that one round of work has changed.
type Batch struct {
	At      time.Time
	Changes []Change
	Sources *[datasource.NumSources]datasource.Status // nil: as before
	Events  []Event
	Slept   datasource.Sleep // noticed since the last batch
}

// Apply publishes a batch. Viewers see all of it or nothing.
//
// Each Entry gets what follows from its predecessor: a value that shows the
// same is kept with its moves and its time of change, in one that differs the
// numbers that went up or down are marked, and Rev grows if anything that can
// be seen is new.
func (s *Store) Apply(b Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.round++
	s.applied++
	s.at = b.At
	if b.Slept.For > 0 {
		s.shiftTimes(b.Slept)
	}
	for i := range b.Changes {
		s.setEntry(b.Changes[i].Slot, b.Changes[i].Entry, b.At)
	}
	if b.Sources != nil {
		s.sources = *b.Sources
	}
	s.recordEvents(b.Events, b.At)
	if b.Sources != nil {
		s.markAllOutdated()
	}
	for i, v := range s.touched {
		v.notify()
		s.touched[i] = nil
	}
	s.touched = s.touched[:0]
}

// setEntry makes e the entry of slot.
func (s *Store) setEntry(slot *Slot, e *datasource.Entry, at time.Time) {
	old := slot.entry
	if looksEqual(&old.Value, &e.Value) {
		e.Value, e.Changed = old.Value, old.Changed
	} else {
		e.Value = Moves(&old.Value, e.Value, at)
		e.Changed = e.At
		slot.past.push(e)
	}
	if e.Rev = old.Rev; !looksSame(old, e) {
		s.rev++
		e.Rev = s.rev
	}
	slot.entry = e
	for _, v := range slot.views {
		s.markOutdated(v)
	}
}

// looksSame reports whether nothing that can be seen differs, ages and the
// countdown of the TTL excepted.
func looksSame(a, b *datasource.Entry) bool {
	return a.State == b.State && a.Origin == b.Origin && a.Quiet == b.Quiet && a.Why == b.Why && a.Marks == b.Marks &&
		a.Changed.Equal(b.Changed) && a.Expires.IsZero() == b.Expires.IsZero() &&
		sameFault(a.Fault, b.Fault) && sameFault(a.APIFault, b.APIFault) && looksEqual(&a.Value, &b.Value)
}

func sameFault(a, b *datasource.Fault) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Class == b.Class && a.Source == b.Source && a.Text == b.Text && a.Hint == b.Hint && a.RetryAt.Equal(b.RetryAt)
}

// markOutdated marks a view as outdated, once a round.
func (s *Store) markOutdated(v *view) {
	if v.round != s.round {
		v.round = s.round
		v.version.Add(1)
		s.touched = append(s.touched, v)
	}
}

func (s *Store) markAllOutdated() {
	for _, same := range s.views {
		for _, v := range same {
			s.markOutdated(v)
		}
	}
}

// recordEvents adds events to the log and to every view that may see them.
func (s *Store) recordEvents(events []Event, at time.Time) {
	data := 0
	for _, e := range events {
		if e.Slot == nil {
			s.log.add(e)
			for _, same := range s.views {
				for _, v := range same {
					v.addEvent(e)
					s.markOutdated(v)
				}
			}
			continue
		}
		if data++; data <= maxRoundEvents {
			s.log.add(e)
		}
		for _, v := range e.Slot.views {
			s.markOutdated(v)
			if v.noted++; v.noted <= maxRoundEvents {
				v.addEvent(e)
			}
		}
	}
	for _, v := range s.touched {
		v.addOverflowEvent(at)
	}
}

// Stats is what the metrics tell of the store.
type Stats struct {
	Watches   int                            // open Watches
	Views     int                            // different sets of refs among them
	Data      int                            // slots
	Published uint64                         // batches applied
	States    [datasource.StateError + 1]int // data by state
	Sources   [datasource.NumSources]datasource.Status
}

// Stats counts.
func (s *Store) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Stats{Watches: s.watches, Data: len(s.slots), Published: s.applied, Sources: s.sources}
	for _, same := range s.views {
		st.Views += len(same)
	}
	for _, slot := range s.slots {
		st.States[slot.entry.State]++
	}
	return st
}

// open returns the slot of a ref, made if needed.
func (s *Store) open(ref datasource.Ref) (slot *Slot, made bool) {
	id := ref.ID()
	if slot = s.slots[id]; slot != nil {
		return slot, false
	}
	s.rev++
	slot = &Slot{ref: &ref, entry: &datasource.Entry{Ref: &ref, Rev: s.rev}}
	s.slots[id] = slot
	return slot, true
}

// removeView takes a view from a slot and reports whether it was the last.
func (s *Store) removeView(slot *Slot, v *view) bool {
	i := slices.Index(slot.views, v)
	if i < 0 {
		return false
	}
	slot.views = slices.Delete(slot.views, i, i+1)
	if len(slot.views) > 0 {
		return false
	}
	delete(s.slots, slot.ref.ID())
	return true
}
