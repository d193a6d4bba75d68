package broadcast

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"ticktop/datasource"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// feed is a datasource.Feed with a counter for data.
type feed struct {
	mu      sync.Mutex
	n       int
	changed chan struct{}
	closed  bool
}

func newFeed() *feed { return &feed{changed: make(chan struct{}, 1)} }

func (f *feed) tick() {
	f.mu.Lock()
	f.n++
	f.mu.Unlock()
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

func (f *feed) Snapshot() *datasource.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return datasource.NewSnapshot(time.Now(), uint64(f.n), nil, nil, nil)
}
func (f *feed) Changed() <-chan struct{}         { return f.changed }
func (f *feed) Refresh(...string)                {}
func (f *feed) History(string) []datasource.Past { return nil }
func (f *feed) Close()                           { f.mu.Lock(); f.closed = true; f.mu.Unlock() }

func numbers(key string, f *feed, w, h int) View {
	return View{
		Key: key, W: w, H: h,
		Open: func() (datasource.Feed, error) { return f, nil },
		Render: func(s *datasource.Snapshot, _ time.Time) string {
			return fmt.Sprintf("%s %d", key, s.Seq)
		},
	}
}

// tty is a terminal that can stop reading.
type tty struct {
	mu    sync.Mutex
	term  *term
	stuck chan struct{}
	err   error
}

func (t *tty) Write(b []byte) (int, error) {
	t.mu.Lock()
	stuck := t.stuck
	t.mu.Unlock()
	if stuck != nil {
		<-stuck
		return 0, io.ErrClosedPipe
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.term.feed(b); err != nil {
		t.err = err
	}
	return len(b), nil
}

func (t *tty) line(y int) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for _, c := range t.term.cells[y] {
		_, g, _ := strings.Cut(c, "|")
		b.WriteString(g)
	}
	return strings.TrimRight(b.String(), " ")
}

func TestEqualPicturesAreDrawnOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Options{})
		defer h.Close()
		f := newFeed()
		var ttys []*tty
		for range 50 {
			tt := &tty{term: newTerm(20, 3)}
			ttys = append(ttys, tt)
			if err := h.Member(nil, tt, nil).Join(numbers("page", f, 20, 3)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		before := h.Stats().Frames
		f.tick()
		time.Sleep(150 * time.Millisecond)
		synctest.Wait()
		if got := h.Stats().Frames - before; got != 1 {
			t.Errorf("%d pictures drawn for one change, want 1", got)
		}
		for i, tt := range ttys {
			if got := tt.line(0); got != "page 1" {
				t.Fatalf("terminal %d shows %q", i, got)
			}
		}
	})
}

func TestBurstsAreDrawnAtTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Options{Interval: 100 * time.Millisecond})
		defer h.Close()
		f := newFeed()
		tt := &tty{term: newTerm(20, 3)}
		if err := h.Member(nil, tt, nil).Join(numbers("p", f, 20, 3)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond)
		start := time.Now()
		f.tick()
		synctest.Wait()
		if got := tt.line(0); got != "p 1" || time.Since(start) != 0 {
			t.Errorf("the first change after quiet shows %q after %v, want it at once", got, time.Since(start))
		}
		before := h.Stats().Frames
		for range 1000 {
			time.Sleep(time.Millisecond)
			f.tick()
		}
		if got := h.Stats().Frames - before; got < 9 || got > 11 {
			t.Errorf("%d frames in a second of changes, want 10", got)
		}
	})
}

func TestAStuckTerminalIsCutAndDelaysNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Options{StuckAfter: 5 * time.Second})
		defer h.Close()
		f := newFeed()
		good := &tty{term: newTerm(20, 3)}
		bad := &tty{term: newTerm(20, 3), stuck: make(chan struct{})}
		var cut error
		if err := h.Member(nil, bad, func(err error) { cut = err; close(bad.stuck) }).Join(numbers("p", f, 20, 3)); err != nil {
			t.Fatal(err)
		}
		m := h.Member(nil, good, nil)
		if err := m.Join(numbers("p", f, 20, 3)); err != nil {
			t.Fatal(err)
		}
		for i := range 30 {
			f.tick()
			time.Sleep(200 * time.Millisecond)
			synctest.Wait()
			if got, want := good.line(0), fmt.Sprintf("p %d", i+1); got != want {
				t.Fatalf("the good terminal shows %q, want %q", got, want)
			}
		}
		if cut == nil || !strings.Contains(cut.Error(), "stopped reading") {
			t.Errorf("the stuck terminal was cut with %v", cut)
		}
		if got := h.Stats(); got.Members != 1 || got.Cut != 1 {
			t.Errorf("%+v: want one member left, one cut", got)
		}
	})
}

func TestMovingBetweenGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Options{})
		defer h.Close()
		fa, fb := newFeed(), newFeed()
		tt := &tty{term: newTerm(20, 3)}
		m := h.Member(nil, tt, nil)
		for step, want := range []string{"a 0", "b 0", "mine", "a 1"} {
			switch step {
			case 0:
				_ = m.Join(numbers("a", fa, 20, 3))
			case 1:
				_ = m.Join(numbers("b", fb, 20, 3))
			case 2:
				m.Show(20, 3, func() string { return "mine" })
			case 3:
				fa = newFeed()
				fa.tick()
				_ = m.Join(numbers("a", fa, 20, 3))
			}
			time.Sleep(time.Second)
			synctest.Wait()
			if got := tt.line(0); got != want {
				t.Errorf("step %d shows %q, want %q", step, got, want)
			}
		}
		if !fb.closed {
			t.Error("a group that lost its last member kept its feed")
		}
		m.Close()
		synctest.Wait()
		if s := h.Stats(); s.Groups != 0 || s.Members != 0 {
			t.Errorf("%+v after the last member left", s)
		}
		if tt.err != nil {
			t.Error(tt.err)
		}
	})
}

func TestAPanicInAPictureEndsItsGroupOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logs bytes.Buffer
		h := NewHub(Options{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
		defer h.Close()
		f := newFeed()
		good := &tty{term: newTerm(20, 3)}
		_ = h.Member(nil, good, nil).Join(numbers("good", f, 20, 3))
		p := numbers("bad", newFeed(), 20, 3)
		p.Render = func(*datasource.Snapshot, time.Time) string { panic("boom") }
		var mu sync.Mutex
		var cut error
		_ = h.Member(nil, &tty{term: newTerm(20, 3)}, func(err error) { mu.Lock(); cut = err; mu.Unlock() }).Join(p)
		time.Sleep(time.Second)
		f.tick()
		time.Sleep(time.Second)
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		var p1 *PanicError
		if !errors.As(cut, &p1) || cut.Error() != "internal error "+p1.ID {
			t.Fatalf("the session whose picture panicked was cut with %v", cut)
		}
		if n := strings.Count(logs.String(), "id="+p1.ID); n != 1 || strings.Count(logs.String(), "picture failed") != 1 {
			t.Errorf("in the log %d times: %s", n, logs.String())
		}
		if s := h.Stats(); s.Groups != 1 || s.Members != 1 {
			t.Errorf("%+v: want the other session alone", s)
		}
		if got := good.line(0); got != "good 1" {
			t.Errorf("the other session shows %q", got)
		}
	})
}

func TestJoinReportsWhatCannotBeOpened(t *testing.T) {
	h := NewHub(Options{})
	defer h.Close()
	m := h.Member(nil, io.Discard, nil)
	want := errors.New("not yours")
	p := View{Key: 1, W: 1, H: 1, Open: func() (datasource.Feed, error) { return nil, want }}
	if err := m.Join(p); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// panicky is a terminal whose Write panics.
type panicky struct{}

func (panicky) Write([]byte) (int, error) { panic("boom") }

// TestAPanicInAFrame costs the terminal that it happened for.
func TestAPanicInAFrame(t *testing.T) {
	h := NewHub(Options{})
	defer h.Close()
	cut := make(chan error, 1)
	m := h.Member(nil, panicky{}, func(err error) { cut <- err })
	m.Show(10, 1, func() string { return "hello" })
	var p *PanicError
	if err := <-cut; !errors.As(err, &p) || p.ID == "" {
		t.Errorf("cut with %v", err)
	}
}
