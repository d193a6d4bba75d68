package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/record"
	"ticktop/ui"
)

// The files of a recording: the tape itself, and what was done to the demo
// while it ran.
const (
	tapeFile  = "demo.ticktop"
	notesFile = "demo.json"
)

// notes go with a tape.
type notes struct {
	Symbols []string   `json:"symbols"`
	Faults  []ui.Fault `json:"faults"` // the menu
	Scenes  []mark     `json:"scenes"` // in the order of their time
}

// mark is a moment of the tape that pictures are drawn of.
type mark struct {
	Name   string        `json:"name"`
	At     time.Duration `json:"at"`     // ns since the beginning
	Faults []string      `json:"faults"` // what was broken then, by ID
}

// scene is a marked moment with all that a screen shows of it.
type scene struct {
	snap   *datasource.Snapshot
	past   map[string][]datasource.Past // earlier values, newest first
	faults []ui.Fault
}

// maxPast is how many earlier values of a datum are kept for the inspector.
const maxPast = 20

// readTape reads the recording in a folder and its scenes by name.
func readTape(dir string) (notes, map[string]*scene, error) {
	var n notes
	data, err := os.ReadFile(filepath.Join(dir, notesFile))
	if err != nil {
		return n, nil, err
	}
	if err := json.Unmarshal(data, &n); err != nil {
		return n, nil, fmt.Errorf("%s: %w", notesFile, err)
	}
	r := reader{notes: n, scenes: map[string]*scene{}, past: map[string][]datasource.Past{}}
	if err := record.Each(filepath.Join(dir, tapeFile), r.readSnapshot); err != nil && !errors.Is(err, errEnough) {
		return n, nil, err
	}
	if len(r.scenes) == len(n.Scenes)-1 && r.last != nil {
		r.takeScene() // the tape ends with the last one
	}
	if len(r.scenes) != len(n.Scenes) {
		return n, nil, fmt.Errorf("%s has %d of the %d scenes; make it again with -record", tapeFile, len(r.scenes), len(n.Scenes))
	}
	for i, sc := range r.live {
		r.scenes[liveAt(i+1)] = sc
	}
	return n, r.scenes, nil
}

var errEnough = errors.New("all scenes read")

// reader picks the scenes out of a tape that goes by.
type reader struct {
	notes  notes
	start  time.Time
	last   *datasource.Snapshot
	past   map[string][]datasource.Past
	scenes map[string]*scene
	live   []*scene // each second after the live one
}

// slack is how much later than its mark a snapshot may be: both were measured
// by clocks.
const slack = time.Millisecond

// readSnapshot takes, for each mark that s is later than, the snapshot before s:
// that was on the screen at the mark.
func (r *reader) readSnapshot(s *datasource.Snapshot) error {
	if r.last == nil {
		r.start = s.At
	}
	for r.last != nil && len(r.scenes) < len(r.notes.Scenes) && s.At.Sub(r.start) > r.notes.Scenes[len(r.scenes)].At+slack {
		r.takeScene()
	}
	r.rememberValues(s)
	r.last = s
	r.follow(s)
	if len(r.scenes) == len(r.notes.Scenes) {
		return errEnough
	}
	return nil
}

// takeScene makes the last snapshot the next scene.
func (r *reader) takeScene() {
	m := r.notes.Scenes[len(r.scenes)]
	sc := &scene{snap: r.last, past: map[string][]datasource.Past{}, faults: slices.Clone(r.notes.Faults)}
	for name, past := range r.past {
		sc.past[name] = slices.Clone(past)
	}
	for i := range sc.faults {
		sc.faults[i].On = slices.Contains(m.Faults, sc.faults[i].ID)
	}
	r.scenes[m.Name] = sc
}

// followed is how many seconds after the live scene are kept for the moving
// picture.
const followed = 12

// follow keeps a snapshot of each second after the live scene.
func (r *reader) follow(s *datasource.Snapshot) {
	live := r.scenes["live"]
	if live == nil || len(r.live) == followed {
		return
	}
	last := live.snap.At
	if n := len(r.live); n > 0 {
		last = r.live[n-1].snap.At
	}
	if s.At.Sub(last) >= time.Second {
		r.live = append(r.live, &scene{snap: s, past: map[string][]datasource.Past{}, faults: slices.Clone(r.notes.Faults)})
	}
}

// rememberValues puts the values that s replaces into the past.
func (r *reader) rememberValues(s *datasource.Snapshot) {
	if r.last == nil {
		return
	}
	for i := range s.Len() {
		name, e := s.Nth(i)
		old := r.last.Get(name)
		if e == nil || !old.Known() || old.Value.Equal(&e.Value) && old.State == e.State {
			continue
		}
		p := datasource.Past{At: old.Changed, State: old.State, Origin: old.Origin, Value: old.Value}
		r.past[name] = append([]datasource.Past{p}, r.past[name][:min(len(r.past[name]), maxPast-1)]...)
	}
}
