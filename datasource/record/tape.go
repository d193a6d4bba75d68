package record

import (
	"encoding/json"
	"time"

	"ticktop/datasource"
)

// tape is a place in a recording: what was known at one recorded time. It has
// no clock.
type tape struct {
	f       *file
	index   map[string]int
	block   int // block that is loaded
	lines   []line
	next    int // line that comes next
	t       int64
	entries []*datasource.Entry
	kept    [][]*entryJSON // per name: read, not yet unpacked
	touched []int          // names with something waiting
	sources [datasource.NumSources]datasource.Status
	events  []datasource.Event
	past    [][]datasource.Past // per name, newest first
	seq     uint64
}

// maxPast is how many earlier values History gives.
const maxPast = 10

func newTape(f *file) *tape {
	n := len(f.Header.Names)
	r := &tape{f: f, block: -1, index: make(map[string]int, n), kept: make([][]*entryJSON, n)}
	for i, name := range f.Header.Names {
		r.index[name] = i
	}
	r.reset()
	return r
}

func (r *tape) reset() {
	n := len(r.f.Header.Names)
	r.entries, r.past = make([]*datasource.Entry, n), make([][]datasource.Past, n)
	r.sources, r.events = [datasource.NumSources]datasource.Status{}, nil
}

// loadBlock makes block i the current one, at its beginning.
func (r *tape) loadBlock(i int) {
	r.next = 0
	if i == r.block { // back in the same block
		return
	}
	r.block, r.lines = i, nil
	if c, err := r.f.readBlock(i); err == nil {
		r.lines = c.lines
	}
}

// seek goes to time t, forward or back, and reports whether anything but the
// time has changed.
func (r *tape) seek(t int64) (changed bool) {
	t = min(max(t, 0), r.f.end)
	target := r.f.findBlock(t)
	if t < r.t || r.block < 0 || target > r.block+1 {
		r.reset()
		r.loadBlock(target)
		changed = true
	}
	for {
		for ; r.next < len(r.lines) && r.lines[r.next].T <= t; r.next++ {
			r.applyLine(&r.lines[r.next])
			changed = true
		}
		if r.block >= target {
			break
		}
		r.loadBlock(r.block + 1)
	}
	r.unpackKept()
	r.t = t
	return changed
}

// nextLineTime returns the time of the next line; ok is false at the end.
func (r *tape) nextLineTime() (t int64, ok bool) {
	if r.next < len(r.lines) {
		return r.lines[r.next].T, true
	}
	if r.block+1 < len(r.f.blocks) {
		return r.f.blockStart(r.block + 1), true
	}
	return 0, false
}

// nextStepTime returns the time of the next step: of the next line that changes a
// datum or tells an event. ok is false at the end.
func (r *tape) nextStepTime() (t int64, ok bool) {
	for i := r.next; i < len(r.lines); i++ {
		if r.lines[i].isStep() {
			return r.lines[i].T, true
		}
	}
	if r.block+1 < len(r.f.blocks) { // a keyframe has all data
		return r.f.blockStart(r.block + 1), true
	}
	return 0, false
}

// previousStepTime returns the time of the step before the present one; ok is false at the
// beginning.
func (r *tape) previousStepTime() (t int64, ok bool) {
	here := int64(-1)
	for i := r.next - 1; i >= 0; i-- {
		l := &r.lines[i]
		if here < 0 && l.isStep() {
			here = l.T
		}
		if l.isStep() && l.T < here {
			return l.T, true
		}
	}
	if r.block <= 0 {
		return 0, false
	}
	c, err := r.f.readBlock(r.block - 1)
	if err != nil {
		return 0, false
	}
	for i := len(c.lines) - 1; i >= 0; i-- {
		if c.lines[i].isStep() {
			return c.lines[i].T, true
		}
	}
	return 0, false
}

// applyLine takes a line in. Entries are only noted: of many for one name most
// turn out not to be needed.
func (r *tape) applyLine(l *line) {
	t := r.f.Header.Created.Add(time.Duration(l.T))
	switch {
	case l.Entry != nil && l.N < len(r.entries):
		r.keepLine(l)
	case len(l.Src) > 0:
		for i := range min(len(l.Src), len(r.sources)) {
			r.sources[i] = l.Src[i].unpack(t)
		}
	case len(l.Event) > 0:
		if l.All {
			r.events = nil
		}
		events := append(make([]datasource.Event, 0, len(r.events)+len(l.Event)), r.events...) // published ones stay as they are
		for i := range l.Event {
			events = append(events, l.Event[i].unpack(t))
		}
		r.events = events[max(0, len(events)-datasource.MaxEvents):]
	}
}

// keepLine keeps an entry's line until settle. A jump over thousands of values of
// one name unpacks only the last few of them, enough for the history.
func (r *tape) keepLine(l *line) {
	j := &entryJSON{}
	if json.Unmarshal(l.Entry, j) != nil {
		r.f.damaged = true
		return
	}
	j.t = l.T
	w := r.kept[l.N]
	if len(w) == 0 {
		r.touched = append(r.touched, l.N)
	}
	if w = append(w, j); j.Diff == nil && len(w) > 4*maxPast {
		w = dropOlder(w)
	}
	r.kept[l.N] = w
}

// dropOlder drops about half of what waits for one name. What is kept begins with
// a whole value, as the last of w is.
func dropOlder(w []*entryJSON) []*entryJSON {
	from := len(w) / 2
	for from < len(w) && w[from].Diff != nil {
		from++
	}
	kept := append([]*entryJSON(nil), w[from:]...)
	ownRef := kept[0].Ref != nil
	for _, old := range w[:from] {
		if old.Ref != nil && !ownRef {
			kept[0].Ref = old.Ref // the last one before it
		}
	}
	return kept
}

// unpackKept unpacks what was noted.
func (r *tape) unpackKept() {
	for _, n := range r.touched {
		for _, j := range r.kept[n] {
			e, err := j.unpack(r.entries[n], r.f.Header.Created.Add(time.Duration(j.t)))
			if err != nil {
				r.f.damaged = true
				continue
			}
			r.addPast(n, e)
			r.entries[n] = e
		}
		r.kept[n] = r.kept[n][:0]
	}
	r.touched = r.touched[:0]
}

// addPast puts the value that e replaces into the history.
func (r *tape) addPast(n int, e *datasource.Entry) {
	old := r.entries[n]
	if !old.Known() || old.Value.Equal(&e.Value) && old.State == e.State {
		return
	}
	p := datasource.Past{At: old.Changed, State: old.State, Origin: old.Origin, Value: old.Value}
	keep := r.past[n][:min(len(r.past[n]), maxPast-1)]
	r.past[n] = append([]datasource.Past{p}, keep...)
}

// snapshot is what was known at the tape's time.
func (r *tape) snapshot() *datasource.Snapshot {
	r.seq++
	at := r.f.Header.Created.Add(time.Duration(r.t))
	s := datasource.NewSnapshot(at, r.seq, r.f.Header.Names, r.index, append([]*datasource.Entry(nil), r.entries...))
	s.Sources, s.Events = r.sources, r.events
	return s
}
