package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/mask"
)

func TestOutAsIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage("account", "equity", "notes", "none")
		path, shots := filmed(t, Options{Config: "x.yaml", Keyframe: 5 * time.Second}, s, func(shot func()) {
			for i := range 40 {
				time.Sleep(333 * time.Millisecond)
				if i%3 == 0 {
					s.set(0, everything(uint64(i+1)))
				}
				s.set(1, &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i + 1), State: datasource.StateLive, At: time.Now(), Value: series(i*2, 50)})
				if i > 6 {
					v := datasource.Value{Type: datasource.TypeMessages}
					for j := range min(i, 10) {
						v.Messages = append(v.Messages, datasource.Message{At: time.UnixMilli(int64(1000 * (i - j))), Value: datasource.Value{Type: datasource.TypeText, Text: text(fmt.Sprint("m", i-j))}})
					}
					s.set(2, &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i + 1), State: datasource.StateLive, At: time.Now(), Value: v})
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

func TestPrivate_HidesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage("account", "equity", "positions")
		s.set(0, everything(1))
		s.set(1, &datasource.Entry{Ref: &datasource.Ref{}, Rev: 2, State: datasource.StateLive, Value: series(0, 9)})
		s.set(2, &datasource.Entry{Ref: &datasource.Ref{}, Rev: 3, State: datasource.StateLive, Value: datasource.Value{Type: datasource.TypeArray, Items: []datasource.Value{
			{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: text("pnl"), Value: number("116.25")}, {Name: text("price"), Value: number("1.5")}}}}}})
		s.entries[0].Raw = []byte("equity 48911.20")
		s.publish()
		path, _ := filmed(t, Options{Private: true}, s, func(func()) { time.Sleep(time.Second) })
		got, err := At(path, 0)
		if err != nil {
			t.Fatal(err)
		}
		equity, _ := got.Get("account").Value.Field("equity")
		for _, v := range []datasource.Value{*equity, got.Get("equity").Value, got.Get("positions").Value} {
			if v.Type != datasource.TypeText || v.Text.String() != mask.Text {
				t.Errorf("not hidden: %+v", v)
			}
		}
		if p, _ := openForTest(t, path); !p.Info().Private {
			t.Error("the header does not say that it is private")
		}
		f, fd, err := openPath(path)
		if err != nil {
			t.Fatal(err)
		}
		defer fd.Close()
		c, err := f.readBlock(0)
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

// TestPrivateForAWhile: what is recorded while money is hidden has no amounts, also of
// what did not change since; before and after it has.
func TestPrivateForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage("account", "equity")
		s.set(0, everything(1))
		s.set(1, &datasource.Entry{Ref: &datasource.Ref{}, Rev: 2, State: datasource.StateLive, Value: series(0, 9)})
		s.publish()
		var b bytes.Buffer
		r := NewRecorder(&b, s, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- r.Run(ctx) }()
		moment := func(private bool) time.Duration {
			r.SetPrivate(private)
			time.Sleep(time.Second)
			s.publish()
			synctest.Wait()
			return time.Since(r.created)
		}
		synctest.Wait()
		moments := []time.Duration{moment(false), moment(true), moment(false)}
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "x.ttr")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		for i, at := range moments {
			got, err := At(path, at)
			if err != nil {
				t.Fatal(err)
			}
			v, _ := got.Get("account").Value.Field("equity")
			if hidden := v.Text.String() == mask.Text && len(got.Get("equity").Value.Points) == 0; hidden != (i == 1) {
				t.Errorf("moment %d: %+v, %d points", i, v, len(got.Get("equity").Value.Points))
			}
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
			r := newTape(f)
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

// endsAtFrame reports whether a cut fell between two blocks, where nothing can
// tell it from an end.
func endsAtFrame(f *file, cut int) bool { return f.blocks[len(f.blocks)-1].end == int64(cut) }

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
				s.set(0, &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i + 1), State: datasource.StateLive, Value: number(fmt.Sprint(i * 7919))})
				s.publish()
			}
		})
	}
}

// fullDisk takes so many bytes and no more.
type fullDisk int

var errNoSpace = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	if *d -= fullDisk(len(p)); *d < 0 {
		return 0, errNoSpace
	}
	return len(p), nil
}

// TestDiskFull ends the recording with the cause, at once and without a panic,
// wherever the disk fills up.
func TestDiskFull(t *testing.T) {
	for _, room := range []fullDisk{0, 10, 300, 2000} {
		synctest.Test(t, func(t *testing.T) {
			s := newStage("n")
			disk := room
			result := make(chan error, 1)
			go func() { result <- NewRecorder(&disk, s, Options{Keyframe: 3 * time.Second}).Run(t.Context()) }()
			for i := range 1000 {
				time.Sleep(100 * time.Millisecond)
				s.set(0, &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i + 1), State: datasource.StateLive, Value: number(fmt.Sprint(i * 7919))})
				s.publish()
				synctest.Wait()
				if len(result) > 0 {
					break
				}
			}
			select {
			case err := <-result:
				if !errors.Is(err, errNoSpace) || !strings.HasPrefix(err.Error(), "record") || strings.Contains(err.Error(), "\n") {
					t.Errorf("limit of %d bytes: %v", room, err)
				}
			default:
				t.Errorf("limit of %d bytes: recording goes on", room)
			}
		})
	}
}
