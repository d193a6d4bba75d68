package alert

import (
	"slices"
	"time"

	"ticktop/datasource"
)

// Lingers is how long an alert is still listed after it has ended.
const Lingers = 10 * time.Second

// State is what Eval remembers from one snapshot to the next. It is immutable;
// nil is the beginning.
type State struct {
	at     time.Time
	tracks map[trackKey]*track
}

type trackKey struct {
	rule int
	item string
}

// track follows one rule for one item.
type track struct {
	first  time.Time // first evaluation
	since  time.Time // the condition has been true since; zero while it is not
	active bool
	alert  *datasource.Alert // active or lingering
	lead   leadMemory
	mem    []memory
}

func (t *track) clone() *track {
	c := *t
	c.mem = slices.Clone(t.mem)
	return &c
}

// afterSuspend returns what is remembered as it is after a sleep: what was seen before
// lies as far back as it is, so that the change of a night is not one of the last
// five minutes. What has not been true for long enough begins anew, for nobody
// has looked meanwhile.
func (s *State) afterSuspend(by datasource.Sleep) *State {
	if s == nil {
		return nil
	}
	out := &State{at: by.Shift(s.at), tracks: make(map[trackKey]*track, len(s.tracks))}
	for k, old := range s.tracks {
		t := old.clone()
		t.first, t.since = by.Shift(t.first), by.Shift(t.since)
		if !t.active {
			t.since = time.Time{}
		}
		if t.alert != nil {
			a := *t.alert
			a.Since, a.Ended = by.Shift(a.Since), by.Shift(a.Ended)
			t.alert = &a
		}
		for i := range t.mem {
			m := &t.mem[i]
			m.crossed, m.samples = by.Shift(m.crossed), slices.Clone(m.samples)
			m.dozed, m.woke = by.Seen.Add(-by.For), by.Seen
			for j := range m.samples {
				m.samples[j].at = by.Shift(m.samples[j].at)
			}
		}
		out.tracks[k] = t
	}
	return out
}

// Eval evaluates rules on a snapshot at a time and returns the alerts that are
// true or have just ended, the most severe first, with the state to be given
// to the next call. It is pure: the same arguments give the same answer. When
// time runs backwards (a recording was rewound) it begins anew.
func Eval(rules []*Rule, snap *datasource.Snapshot, now time.Time, prev *State) ([]datasource.Alert, *State) {
	if prev == nil || now.Before(prev.at.Add(-time.Second)) {
		prev = &State{}
	}
	next := &State{at: now, tracks: make(map[trackKey]*track, len(prev.tracks))}
	var alerts []datasource.Alert
	for i, r := range rules {
		for _, item := range r.ruleItems(snap) {
			k := trackKey{i, item}
			t := &track{first: now, mem: make([]memory, r.slots)}
			if old := prev.tracks[k]; old != nil {
				t = old.clone()
			}
			next.tracks[k] = t
			r.stepSafely(i, item, t, snap, now)
			if t.alert != nil {
				alerts = append(alerts, *t.alert)
			}
		}
	}
	datasource.SortAlerts(alerts)
	return alerts, next
}

// stepSafely is step; a panic fires the rule and says so. What evaluates them
// runs for everybody, on a goroutine where a panic would end the process; and a
// rule that cannot be evaluated must not look like one that is false.
func (r *Rule) stepSafely(index int, item string, t *track, snap *datasource.Snapshot, now time.Time) {
	defer func() {
		if p := recover(); p == nil {
			return
		}
		if !t.active {
			t.active, t.since = true, now
		}
		t.alert = &datasource.Alert{
			Rule: index, When: r.When, Level: r.Level, Since: t.since,
			Name: datasource.Clean(item, 240), Text: datasource.Clean("internal error: this rule cannot be evaluated", 0),
		}
	}()
	r.stepTrack(index, item, t, snap, now)
}

// stepTrack moves one track on.
func (r *Rule) stepTrack(index int, item string, t *track, snap *datasource.Snapshot, now time.Time) {
	s := &scope{snap: snap, now: now, item: item, first: t.first, mem: t.mem}
	cond := truthOf(r.cond.eval(s))
	reset := result{}
	if r.reset != nil {
		reset = truthOf(r.reset.eval(s))
	}
	lead := r.leadingNode(s)
	moved := t.lead.noteValue(s, lead)
	switch {
	case t.active:
		if ended := r.hasEnded(cond, reset); ended {
			t.active, t.since = false, time.Time{}
			a := *t.alert
			a.Ended = now
			t.alert = &a
		} else if moved {
			a := *t.alert
			a.Text = r.alertText(s, lead, &t.lead)
			t.alert = &a
		}
	case cond.isTrue():
		if t.since.IsZero() {
			t.since = now
		}
		if now.Sub(t.since) >= r.For {
			t.active = true
			t.alert = r.newAlert(index, s, lead, t)
		}
	case cond.isFalse():
		t.since = time.Time{}
	}
	if t.alert != nil && !t.active && now.Sub(t.alert.Ended) >= Lingers {
		t.alert = nil
	}
}

// hasEnded reports whether an active alert ends. With a reset condition it takes
// that and the end of the first; unknown ends nothing.
func (r *Rule) hasEnded(cond, reset result) bool {
	if r.reset != nil {
		return reset.isTrue() && !cond.isTrue()
	}
	return cond.isFalse()
}

func (r *Rule) newAlert(index int, s *scope, lead node, t *track) *datasource.Alert {
	return &datasource.Alert{
		Rule: index, When: r.When, Level: r.Level, Since: t.since,
		Name: datasource.Clean(nameOf(s, lead), 240), Text: r.alertText(s, lead, &t.lead),
	}
}
