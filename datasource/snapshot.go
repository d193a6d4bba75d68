package datasource

import (
	"slices"
	"sort"
	"time"
)

// Snapshot is everything one viewer may see at one moment. It is immutable.
type Snapshot struct {
	At      time.Time
	Seq     uint64             // grows with every snapshot of a Feed
	Sources [NumSources]Status //
	Events  []Event            // the newest state changes, oldest first, bounded by MaxEvents
	Alerts  []Alert            // conditions that are true now, most severe first
	Replay  *Replay            // set while a recording is played
	Slept   Sleep              // the machine, last; none in a recording

	names   map[string]int // place in all; shared by all snapshots of one Feed
	all     []*Entry
	ordered []string // names in the order of the configuration, without what has vanished
	entries []*Entry // of ordered
}

// MaxEvents is how many state changes a snapshot carries.
const MaxEvents = 500

// NewSnapshot builds a snapshot over names and entries of the same length;
// index maps a name to its place and is kept, as names and entries are, so
// none of them may be written to afterwards. A nil index is built.
func NewSnapshot(at time.Time, seq uint64, names []string, index map[string]int, entries []*Entry) *Snapshot {
	if index == nil {
		index = make(map[string]int, len(names))
		for i, n := range names {
			index[n] = i
		}
	}
	s := &Snapshot{At: at, Seq: seq, names: index, all: entries, ordered: names, entries: entries}
	if slices.ContainsFunc(entries, (*Entry).Vanished) {
		s.ordered, s.entries = nil, nil
		for i, e := range entries {
			if !e.Vanished() {
				s.ordered, s.entries = append(s.ordered, names[i]), append(s.entries, e)
			}
		}
	}
	return s
}

// With returns a copy of s with other entries, in the order of Nth.
func (s *Snapshot) With(entries []*Entry) *Snapshot {
	c := *s
	c.entries, c.all = entries, entries
	if len(s.all) == len(entries) {
		return &c
	}
	c.all = slices.Clone(s.all) // what has vanished holds no value
	for i, name := range s.ordered {
		c.all[s.names[name]] = entries[i]
	}
	return &c
}

// Get returns the entry of a name, or nil when the viewer has no such datum. An
// element that has vanished is found here and nowhere else.
func (s *Snapshot) Get(name string) *Entry {
	if i, ok := s.names[name]; ok {
		return s.all[i]
	}
	return nil
}

// Names returns every name in the order of the configuration. The slice is
// shared.
func (s *Snapshot) Names() []string { return s.ordered }

// Len returns how many data there are.
func (s *Snapshot) Len() int { return len(s.entries) }

// Nth returns the i-th name and its entry.
func (s *Snapshot) Nth(i int) (string, *Entry) { return s.ordered[i], s.entries[i] }

// Each calls f for the datum of that name or, where there isn't one, for every
// item of the repeated datum ("quote" for quote.EURUSD, quote.GBPUSD), in the
// order of the configuration.
func (s *Snapshot) Each(name string, f func(name string, e *Entry)) {
	if i, ok := s.names[name]; ok {
		f(name, s.all[i])
		return
	}
	for i, n := range s.ordered {
		if Group(n) == name {
			f(n, s.entries[i])
		}
	}
}

// Rev returns a number that differs whenever anything visible of the named
// data differs; it is the data's part of a picture's cache key. Without a name
// it speaks for everything: all data, and which sources are up.
func (s *Snapshot) Rev(names ...string) uint64 {
	const prime = 1099511628211 // FNV-1a, 64 bit
	h := uint64(14695981039346656037)
	if len(names) == 0 {
		for i := range s.Sources {
			h = (h ^ uint64(s.Sources[i].Light)) * prime
		}
		names = s.ordered
	}
	for _, name := range names {
		s.Each(name, func(_ string, e *Entry) {
			if e != nil {
				h = (h ^ e.Rev) * prime
			} else {
				h *= prime
			}
		})
	}
	return h
}

// Worst counts the entries in each state.
func (s *Snapshot) Worst() (counts [StateError + 1]int) {
	for _, e := range s.entries {
		if e != nil {
			counts[e.State]++
		} else {
			counts[StateLoading]++
		}
	}
	return counts
}

// Event is one change of state: of a source, or of a datum.
type Event struct {
	At      time.Time
	Subject Safe  // "redis", "account", "quote.EURUSD"
	From    Safe  // "live"
	To      Safe  // "fallback"
	Text    Safe  // "key expired", "resubscribed after 1.2 s, 14 keys re-read"
	Level   Level //
}

// Level is how much something matters.
type Level uint8

// The levels, of events and of alerts.
const (
	LevelInfo Level = iota
	LevelWarning
	LevelCritical
)

var levelNames = [...]string{"info", "warning", "critical"}

// String returns the word of the configuration.
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return "unknown"
}

// ParseLevel is the inverse of Level.String.
func ParseLevel(s string) (Level, bool) {
	for i, n := range levelNames {
		if n == s {
			return Level(i), true
		}
	}
	return 0, false
}

// Alert is a condition of the configuration that is true, or has just been.
type Alert struct {
	Rule  int       // index in the configuration
	When  Safe      // the condition as written
	Level Level     //
	Name  Safe      // the datum it fired for, "" for none
	Text  Safe      // what was seen: "account.equity 44,910.20 (was 45,012.00)"
	Since time.Time // when it became true
	Ended time.Time // when it became false again; zero while true
}

// SortAlerts puts the most severe first, then the newest.
func SortAlerts(a []Alert) {
	sort.SliceStable(a, func(i, j int) bool {
		if a[i].Level != a[j].Level {
			return a[i].Level > a[j].Level
		}
		return a[i].Since.After(a[j].Since)
	})
}

// Replay is where a player is in its recording.
type Replay struct {
	At, From, To time.Time // recorded time: now, first, last
	Speed        float64
	Paused       bool
	Done         bool
}

// Feed is one viewer's window on the data. The engine's Watch, the alert
// evaluator and the recording's player implement it; the screen knows only
// this.
//
// All methods are safe for concurrent use and none of them blocks on I/O.
type Feed interface {
	// Snapshot returns the newest picture; never nil.
	Snapshot() *Snapshot
	// Changed has capacity 1 and is poked after Snapshot has become newer. Who
	// is slow misses pokes, never the newest snapshot. It is not closed.
	Changed() <-chan struct{}
	// Refresh asks for the named data now, for all when there aren't any.
	Refresh(names ...string)
	// History returns the last few values of a datum, newest first.
	History(name string) []Past
	// Close ends the watch. What nobody watches any more is no longer read.
	Close()
}

// Player is a Feed that can be steered: a recording.
type Player interface {
	Feed
	SetSpeed(x float64)
	SetPaused(paused bool)
	Step(n int)           // n updates forward, or backward when negative; pauses
	Seek(d time.Duration) // relative to where it stands
	SeekTo(at time.Time)  // recorded time
}
