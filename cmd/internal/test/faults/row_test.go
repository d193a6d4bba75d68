package faults

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// keyLimit is what a key may take during any fault.
const keyLimit = 50 * time.Millisecond

// patience bounds a wait that the table has no limit for.
const patience = 30 * time.Second

// nextPoll is the limit where the table says "next poll": the time between two
// polls of the desk, and a frame of the screen.
const nextPoll = time.Second + 100*time.Millisecond

// strict has every row judged by the table's own limits. That needs a machine
// with nothing else to do; without it a busy machine is no failure.
var strict = os.Getenv("TICKTOP_FAULTS_STRICT") != ""

// generous is how long a test waits where the table says limit. A strict one
// waits longer than it forgives, to have the figure.
func generous(limit time.Duration) time.Duration { return 3*limit + 20*time.Second }

// row is one row of the fault table.
type row struct {
	name    string
	noticed time.Duration          // limit until the words are on the screen
	inject  func()                 // breaks it; the time counts from its begin
	since   time.Time              // instead: from then
	words   func(text string) bool // what the table promises to show
	during  func()                 // what else must hold meanwhile; may be nil
	healed  time.Duration          // limit until all is plain again; 0: it does not heal
	repair  func()                 // the time counts from its end
	calm    func(text string) bool
}

// try does a row, and reports it.
func (r *rig) try(w row) {
	r.t.Helper()
	if w.words(r.text()) {
		r.t.Fatalf("%s: on the screen before it happened\n%s", w.name, r.text())
	}
	line := line{name: w.name, limit: w.noticed, healLimit: w.healed}
	stop := r.press()
	met := r.when(w.words)
	begun := time.Now()
	w.inject()
	limit := generous(w.noticed)
	if !w.since.IsZero() {
		begun = w.since
		limit += max(0, time.Until(begun))
	}
	line.noticed = r.until(limit, w.name+": noticed", met).Sub(begun)
	if w.during != nil {
		w.during()
	}
	if w.healed > 0 {
		w.repair()
		begun = time.Now()
		line.healed = max(0, r.until(generous(w.healed), w.name+": healed", r.when(w.calm)).Sub(begun))
	}
	line.keys = stop()
	r.neverBlank()
	line.check(r.t)
	report.add(line)
}

// within waits for a picture inside a row that has its own limit.
func (r *rig) within(limit time.Duration, what string, cond func(string) bool) {
	r.t.Helper()
	begun := time.Now()
	took := r.until(generous(limit), what, r.when(cond)).Sub(begun)
	if strict && took > limit {
		r.t.Errorf("%s: after %v, limit %v", what, took, limit)
	}
}

// line is what was measured of a row.
type line struct {
	name               string
	limit, noticed     time.Duration
	healLimit, healed  time.Duration
	memLimit, memGrown int64 // bytes; 0: not measured
	keys               timing
	note               string
}

func (l *line) check(t *testing.T) {
	t.Helper()
	for _, fault := range l.late() {
		if strict {
			t.Errorf("%s: %s", l.name, fault)
		}
	}
	// On a busy machine any one key may wait for a processor; what a fault
	// itself held up would hold up half of them.
	if len(l.keys) == 0 || l.keys.at(0.5) > 10*keyLimit {
		t.Errorf("%s: %d keys, half of them took over %v", l.name, len(l.keys), l.keys.at(0.5))
	}
	t.Logf("%s: noticed %v of %v, healed %v of %v, half of %d keys within %v, all within %v %s",
		l.name, l.noticed, l.limit, l.healed, l.healLimit, len(l.keys), l.keys.at(0.5), l.keys.at(1), l.note)
}

// late says what took longer than the table allows.
func (l *line) late() (faults []string) {
	if l.limit > 0 && l.noticed > l.limit {
		faults = append(faults, fmt.Sprintf("noticed after %v, limit %v", l.noticed, l.limit))
	}
	if l.healLimit > 0 && l.healed > l.healLimit {
		faults = append(faults, fmt.Sprintf("healed after %v, limit %v", l.healed, l.healLimit))
	}
	if slowest := l.keys.at(1); slowest > keyLimit {
		faults = append(faults, fmt.Sprintf("a key took %v, limit %v", slowest, keyLimit))
	}
	return faults
}

// TestLate: the judge is not blind.
func TestLate(t *testing.T) {
	t.Parallel()
	ms := time.Millisecond
	for _, c := range []struct {
		name   string
		line   line
		faults int
	}{
		{"in time", line{limit: 10 * ms, noticed: 10 * ms, healLimit: 10 * ms, healed: 10 * ms, keys: timing{keyLimit}}, 0},
		{"no limits", line{noticed: time.Hour, healed: time.Hour}, 0},
		{"noticed late", line{limit: 10 * ms, noticed: 11 * ms, healLimit: 10 * ms}, 1},
		{"healed late", line{limit: 10 * ms, healLimit: 10 * ms, healed: 11 * ms}, 1},
		{"one slow key of many", line{keys: timing{ms, keyLimit + 1, ms}}, 1},
		{"all", line{limit: ms, noticed: 2 * ms, healLimit: ms, healed: 2 * ms, keys: timing{time.Second}}, 3},
	} {
		if got := c.line.late(); len(got) != c.faults {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
