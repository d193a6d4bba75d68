package record

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
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

func (s *stage) Snapshot() *datasource.Snapshot   { return s.snap.Load() }
func (s *stage) Changed() <-chan struct{}         { return s.changed }
func (s *stage) Refresh(...string)                {}
func (s *stage) History(string) []datasource.Past { return nil }
func (s *stage) Close()                           {}

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
		Ref: datasource.Ref{Name: "account", Kind: datasource.KindHash, Key: "account:<A&B>", Live: "live:x", Member: "json:v",
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

func TestOutAsIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage("account", "equity", "notes", "none")
		path, shots := filmed(t, Options{Config: "x.yaml", Keyframe: 5 * time.Second}, s, func(shot func()) {
			for i := range 40 {
				time.Sleep(333 * time.Millisecond)
				if i%3 == 0 {
					s.set(0, everything(uint64(i+1)))
				}
				s.set(1, &datasource.Entry{Rev: uint64(i + 1), State: datasource.StateLive, At: time.Now(), Value: series(i*2, 50)})
				if i > 6 {
					v := datasource.Value{Type: datasource.TypeMessages}
					for j := range min(i, 10) {
						v.Messages = append(v.Messages, datasource.Message{At: time.UnixMilli(int64(1000 * (i - j))), Value: datasource.Value{Type: datasource.TypeText, Text: text(fmt.Sprint("m", i-j))}})
					}
					s.set(2, &datasource.Entry{Rev: uint64(i + 1), State: datasource.StateLive, At: time.Now(), Value: v})
				}
				if i%10 == 5 {
					s.sources[0] = datasource.Status{Light: datasource.Light(i / 10), Since: time.Now()}
					s.events = append(s.events, datasource.Event{At: time.Now(), Subject: text("redis"), Level: datasource.LevelWarning})
				}
				shot()
			}
		})
		n := 0
		err := Each(path, func(got *datasource.Snapshot) error {
			if n < len(shots) {
				if !got.At.Equal(shots[n].At) {
					t.Errorf("at %v, want %v", got.At, shots[n].At)
				}
				sameSnapshot(t, got, shots[n])
			}
			n++
			return nil
		})
		if err != nil || n != len(shots) {
			t.Errorf("%d snapshots and %v, want %d", n, err, len(shots))
		}
		for i := len(shots) - 1; i >= 0; i-- { // every one of them by a jump as well
			got, err := At(path, shots[i].At.Sub(shots[0].At))
			if err != nil {
				t.Fatal(err)
			}
			sameSnapshot(t, got, shots[i])
		}
	})
}

func TestPrivateMasksMoney(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage("account", "equity", "positions")
		s.set(0, everything(1))
		s.set(1, &datasource.Entry{Rev: 2, State: datasource.StateLive, Value: series(0, 9)})
		s.set(2, &datasource.Entry{Rev: 3, State: datasource.StateLive, Value: datasource.Value{Type: datasource.TypeArray, Items: []datasource.Value{
			{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: text("pnl"), Value: number("116.25")}, {Name: text("price"), Value: number("1.5")}}}}}})
		s.entries[0].Raw = []byte("equity 48911.20")
		s.publish()
		money := func(name, field string) bool { return field == "equity" || field == "pnl" || name == "equity" }
		path, _ := filmed(t, Options{Private: true, Money: money}, s, func(func()) { time.Sleep(time.Second) })
		got, err := At(path, 0)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := got.Get("account").Value.Field("equity")
		pnl, _ := got.Get("positions").Value.Items[0].Field("pnl")
		price, _ := got.Get("positions").Value.Items[0].Field("price")
		if v.Text != masked || pnl.Text != masked || price.Num.String() != "1.5" || len(got.Get("equity").Value.Points) != 0 {
			t.Errorf("not masked as wanted: %+v %+v %+v", v, pnl, price)
		}
		if p, _ := openForTest(t, path); !p.Info().Private {
			t.Error("the header does not say that it is private")
		}
		f, fd, err := openPath(path)
		if err != nil {
			t.Fatal(err)
		}
		defer fd.Close()
		c, err := f.frame(0)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range c.lines {
			if bytes.Contains(l.Entry, []byte("48911")) || bytes.Contains(l.Entry, []byte("116.25")) {
				t.Errorf("money in %s", l.Entry)
			}
		}
	})
}

// openForTest opens a player that the test closes.
func openForTest(t *testing.T, path string) (*Player, error) {
	t.Helper()
	p, err := Open(path)
	if err != nil {
		return nil, err
	}
	t.Cleanup(p.Close)
	return p, nil
}

// counting is a recording of a number that counts seconds: 0, 1, … n-1.
func counting(t *testing.T, o Options, n int) (path string, shots []*datasource.Snapshot) {
	s := newStage("n")
	count := func(i int) {
		s.set(0, &datasource.Entry{Rev: uint64(i + 1), State: datasource.StateLive, At: time.Now(), Changed: time.Now(), Value: number(fmt.Sprint(i))})
	}
	count(0)
	s.publish()
	return filmed(t, o, s, func(shot func()) {
		for i := range n - 1 {
			time.Sleep(time.Second)
			count(i + 1)
			shot()
		}
	})
}

func shown(p *Player) string { return p.Snapshot().Get("n").Value.Num.String() }

func TestPlayerKeepsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, shots := counting(t, Options{Keyframe: 7 * time.Second}, 31)
		p, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		check := func(after time.Duration, want string) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			if got := shown(p); got != want {
				t.Errorf("shows %s, want %s", got, want)
			}
		}
		check(2500*time.Millisecond, "2")
		if at := p.Snapshot().Replay.At; at.Sub(shots[0].At) < 2*time.Second || !p.Snapshot().At.Equal(at) {
			t.Errorf("stands at %v", at.Sub(shots[0].At))
		}
		p.SetSpeed(4)
		check(time.Second, "6")
		p.SetPaused(true)
		check(time.Hour, "6")
		if r := p.Snapshot().Replay; !r.Paused || r.Speed != 4 || r.Done {
			t.Errorf("replay is %+v", r)
		}
		for _, step := range []struct {
			n    int
			want string
		}{{1, "7"}, {1, "8"}, {-1, "7"}, {-3, "4"}, {-100, "0"}, {10, "10"}, {100, "30"}, {-1, "29"}} {
			p.Step(step.n)
			check(0, step.want)
		}
		if past := p.History("n"); len(past) == 0 || past[0].Value.Num.String() != "28" {
			t.Errorf("history %v", past)
		}
		for _, seek := range []struct {
			d    time.Duration
			want string
		}{{-20 * time.Second, "9"}, {time.Second, "10"}, {time.Hour, "30"}, {-time.Hour, "0"}, {15500 * time.Millisecond, "15"}} {
			p.Seek(seek.d)
			check(0, seek.want)
		}
		p.SeekTo(shots[21].At)
		check(0, "21")
		p.SetSpeed(1)
		p.SetPaused(false)
		check(time.Minute, "30")
		if r := p.Snapshot().Replay; !r.Done || !r.At.Equal(r.To) {
			t.Errorf("replay is %+v", r)
		}
		p.Seek(-10 * time.Second)
		check(5500*time.Millisecond, "25")
	})
}

// TestFiguresAreNoSteps steps over a recording in which the round trip changes
// ten times as often as the value.
func TestFiguresAreNoSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage("n")
		path, _ := filmed(t, Options{Keyframe: 45 * time.Second}, s, func(shot func()) {
			for i := range 100 {
				time.Sleep(time.Second)
				s.sources[0].RTT = time.Duration(i)
				if i%10 == 0 {
					s.set(0, &datasource.Entry{Rev: uint64(i + 1), State: datasource.StateLive, Value: number(fmt.Sprint(i / 10))})
				}
				shot()
			}
		})
		p, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		for _, step := range []struct {
			n    int
			want string
		}{{1, "0"}, {1, "1"}, {2, "3"}, {-1, "2"}} {
			p.Step(step.n)
			synctest.Wait()
			if got := shown(p); got != step.want {
				t.Errorf("step %d shows %s, want %s", step.n, got, step.want)
			}
		}
	})
}

// TestAgesAreTheRecordings plays slowly: an age counts in recorded time.
func TestAgesAreTheRecordings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage("n")
		s.set(0, &datasource.Entry{Rev: 1, State: datasource.StateLive, At: time.Now().Add(-2 * time.Second), Expires: time.Now().Add(40 * time.Second), Value: number("1")})
		s.publish()
		path, _ := filmed(t, Options{}, s, func(shot func()) { time.Sleep(20 * time.Second); shot() })
		p, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		p.SetSpeed(2)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		snap := p.Snapshot()
		e, now := snap.Get("n"), snap.Replay.At
		if age := e.Age(now); age != 12*time.Second {
			t.Errorf("age %v, want 12s", age)
		}
		if ttl, ok := e.TTL(now); !ok || ttl != 30*time.Second {
			t.Errorf("ttl %v, want 30s", ttl)
		}
	})
}

// TestKilled cuts a recording at every kind of place: all that was flushed is
// there, and it is said that more may have been.
func TestKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, _ := counting(t, Options{Keyframe: 7 * time.Second}, 17)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		best := -1
		for cut := range len(whole) + 1 {
			f, err := openFile(bytes.NewReader(whole[:cut]), int64(cut))
			if err != nil {
				if best >= 0 {
					t.Fatalf("cut at %d: %v, but a shorter one could be read", cut, err)
				}
				continue
			}
			r := newReel(f)
			r.seek(f.end)
			n, _ := r.entries[0].Value.Number()
			if int(n.Float()) < best {
				t.Fatalf("cut at %d: reads up to %v, a shorter one up to %d", cut, n, best)
			}
			if best = int(n.Float()); !f.damaged && !endsAtFrame(f, cut) {
				t.Errorf("cut at %d: not said to be damaged", cut)
			}
		}
		if best != 16 {
			t.Errorf("reads up to %d at most", best)
		}
	})
}

// endsAtFrame reports whether a cut fell between two frames, where nothing can
// tell it from an end.
func endsAtFrame(f *file, cut int) bool { return f.spans[len(f.spans)-1].end == int64(cut) }

// TestJumpOverMany seeks over far more values than are unpacked.
func TestJumpOverMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, shots := counting(t, Options{Keyframe: time.Hour}, 500)
		got, err := At(path, 400*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		sameSnapshot(t, got, shots[400])
	})
}

func TestEndsAtItsLimits(t *testing.T) {
	for _, o := range []Options{{MaxBytes: 4 << 10}, {MaxTime: 20 * time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage("n")
			var out bytes.Buffer
			r := NewRecorder(&out, s, o)
			result := make(chan error, 1)
			go func() { result <- r.Run(t.Context()) }()
			for i := 0; ; i++ {
				select {
				case err := <-result:
					if err == nil || !strings.Contains(err.Error(), "full") {
						t.Errorf("ended with %v", err)
					}
					if out.Len() > 8<<10 {
						t.Errorf("%d bytes", out.Len())
					}
					f, err := openFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
					if err != nil || f.damaged {
						t.Errorf("cannot be read: %v", err)
					}
					return
				case <-time.After(100 * time.Millisecond):
				}
				if i > 100_000 {
					t.Fatal("never ends")
				}
				s.set(0, &datasource.Entry{Rev: uint64(i + 1), State: datasource.StateLive, Value: number(fmt.Sprint(i * 7919))})
				s.publish()
			}
		})
	}
}
