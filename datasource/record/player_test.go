package record

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

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
		s.set(0, &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i + 1), State: datasource.StateLive, At: time.Now(), Changed: time.Now(), Value: number(fmt.Sprint(i))})
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
					s.set(0, &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i + 1), State: datasource.StateLive, Value: number(fmt.Sprint(i / 10))})
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
		s.set(0, &datasource.Entry{Ref: &datasource.Ref{}, Rev: 1, State: datasource.StateLive, At: time.Now().Add(-2 * time.Second), Expires: time.Now().Add(40 * time.Second), Value: number("1")})
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
