package record

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// stage is a feed that tests publish to.
type stage struct {
	names   []string
	entries []*datasource.Entry
	snap    atomic.Pointer[datasource.Snapshot]
	changed chan struct{}
	seq     uint64
	events  []datasource.Event
	sources [datasource.NumSources]datasource.Status
}

func newStage(names ...string) *stage {
	s := &stage{names: names, entries: make([]*datasource.Entry, len(names)), changed: make(chan struct{}, 1)}
	s.publish()
	return s
}

func (s *stage) Snapshot() *datasource.Snapshot { return s.snap.Load() }

func (s *stage) Changed() <-chan struct{} { return s.changed }

func (s *stage) Refresh(...string) {}

func (s *stage) History(string) []datasource.Past { return nil }

func (s *stage) Close() {}

func (s *stage) set(i int, e *datasource.Entry) { s.entries[i] = e }

// publish makes a snapshot of what is set and pokes.
func (s *stage) publish() *datasource.Snapshot {
	s.seq++
	snap := datasource.NewSnapshot(time.Now(), s.seq, s.names, nil, append([]*datasource.Entry(nil), s.entries...))
	snap.Events = append([]datasource.Event(nil), s.events...)
	snap.Sources = s.sources
	s.snap.Store(snap)
	select {
	case s.changed <- struct{}{}:
	default:
	}
	return snap
}

func text(s string) datasource.Safe { return datasource.Clean(s, 0) }

func number(s string) datasource.Value {
	n, ok := datasource.ParseNumber(s)
	if !ok {
		panic(s)
	}
	return datasource.Value{Type: datasource.TypeNumber, Num: n}
}

func series(from, n int) datasource.Value {
	v := datasource.Value{Type: datasource.TypeSeries}
	for i := range n {
		p := datasource.Point{MS: int64(from+i) * 1000, V: float64(from+i) / 3}
		if (from+i)%7 == 0 {
			p.V = math.NaN()
		}
		v.Points = append(v.Points, p)
	}
	return v
}

// everything is an entry in which each field is set.
func everything(rev uint64) *datasource.Entry {
	now := time.Now()
	fault := &datasource.Fault{Class: datasource.ClassRateLimited, Source: datasource.SourceAPI, Text: text("api: throttled"),
		Hint: text("wait"), RetryAt: now.Add(12 * time.Second)}
	return &datasource.Entry{
		Ref: &datasource.Ref{Name: "account", Kind: datasource.KindHash, Key: "account:<A&B>", Live: "live:x", Member: "json:v",
			Window: time.Hour, Keep: 7, Fallback: datasource.Endpoint{Path: "/api/a/?x=1&y=2", Pick: "results.0", Time: "t", Value: "v"}},
		State: datasource.StateStale, Origin: datasource.SourceAPI, Rev: rev,
		Value: datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{
			{Name: text("equity"), Value: number("48911.20")},
			{Name: text("name"), Value: datasource.Value{Type: datasource.TypeText, Text: text("<b>\"é\"\u2026</b>")}},
			{Name: text("moved"), Value: datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromInt(3), Move: datasource.Move{Dir: -1, MS: 5}}},
		}},
		At: now.Add(-1234567), Changed: now.Add(-time.Minute), Stamp: now.Add(-time.Hour).Round(0), Expires: now.Add(41870 * time.Millisecond),
		Fault: fault, APIFault: fault, Why: text("key expired"), Quiet: true,
	}
}

// same compares entries as their viewers would; Raw and causes of faults are
// not recorded.
func same(t *testing.T, got, want *datasource.Entry) {
	t.Helper()
	if (got == nil) != (want == nil) {
		t.Fatalf("got %v, want %v", got, want)
	}
	if got == nil {
		return
	}
	if !got.Value.Equal(&want.Value) {
		t.Errorf("value %+v, want %+v", got.Value, want.Value)
	}
	times := func(e *datasource.Entry) [4]int64 {
		var ns [4]int64
		for i, at := range []time.Time{e.At, e.Changed, e.Stamp, e.Expires} {
			if !at.IsZero() {
				ns[i] = at.UnixNano()
			}
		}
		return ns
	}
	if times(got) != times(want) {
		t.Errorf("times %v, want %v", times(got), times(want))
	}
	faults := func(e *datasource.Entry) string {
		s := ""
		for _, f := range []*datasource.Fault{e.Fault, e.APIFault} {
			if f != nil {
				s += fmt.Sprint(f.Class, f.Source, f.Text, f.Hint, f.RetryAt.UnixNano(), ";")
			}
		}
		return s
	}
	if faults(got) != faults(want) {
		t.Errorf("faults %s, want %s", faults(got), faults(want))
	}
	g, w := *got, *want
	for _, e := range []*datasource.Entry{&g, &w} {
		e.Value, e.Raw, e.Fault, e.APIFault = datasource.Value{}, nil, nil, nil
		e.At, e.Changed, e.Stamp, e.Expires = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("entry %+v, want %+v", g, w)
	}
}

func sameSnapshot(t *testing.T, got, want *datasource.Snapshot) {
	t.Helper()
	if !reflect.DeepEqual(got.Names(), want.Names()) {
		t.Fatalf("names %q, want %q", got.Names(), want.Names())
	}
	for i := range want.Len() {
		name, w := want.Nth(i)
		_, g := got.Nth(i)
		if same(t, g, w); t.Failed() {
			t.Fatalf("in %s at %v", name, want.At)
		}
	}
	if g, w := fmt.Sprint(lights(got)), fmt.Sprint(lights(want)); g != w {
		t.Errorf("sources %s, want %s", g, w)
	}
	if len(got.Events) != len(want.Events) {
		t.Errorf("%d events, want %d", len(got.Events), len(want.Events))
	}
}

func lights(s *datasource.Snapshot) (l []string) {
	for _, src := range s.Sources {
		l = append(l, src.Light.String())
	}
	return l
}

// filmed runs the feed's script while a recorder records it, and returns the
// file and what was published.
func filmed(t *testing.T, o Options, s *stage, script func(shot func())) (path string, shots []*datasource.Snapshot) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "x.ttr")
	fd, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer fd.Close()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() { result <- NewRecorder(fd, s, o).Run(ctx) }()
	synctest.Wait()
	shots = append(shots, s.Snapshot())
	script(func() {
		shots = append(shots, s.publish())
		synctest.Wait()
	})
	cancel()
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	return path, shots
}
