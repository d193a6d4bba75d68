package sshd

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	gossh "golang.org/x/crypto/ssh"

	"ticktop/datasource/testkit/clocktest"
	"ticktop/datasource/testkit/servertest"
)

func TestASession(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	c, err := d.dial("whatever", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := d.shell(t, c, 100, 30)
	s.wants(t, "\x1b[?1049h")
	s.wants(t, "shared user=ana size=100x30")
	s.wants(t, "\x1b]2;ticktop ana\x07")
	s.wants(t, "\x1b[?1002h")
	if err := s.WindowChange(20, 90); err != nil {
		t.Fatal(err)
	}
	s.wants(t, "size=90x20")
	fmt.Fprint(s.in, "y")
	s.wants(t, "\x1b]52;c;Y29waWVk")
	fmt.Fprint(s.in, "?")
	s.wants(t, "ALONE")
	fmt.Fprint(s.in, "q")
	if err := s.Wait(); err != nil {
		t.Errorf("quit ends with %v", err)
	}
	if out := s.out.String(); !strings.HasSuffix(out, "\x1b[?25h\x1b[?1049l\x1b[?7h") {
		t.Errorf("the terminal is not restored: …%q", out[max(0, len(out)-80):])
	}
}

func TestTerminals(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), nil)
	for _, tc := range []struct {
		term       string
		cols, rows uint32
		want       string // on the screen; "" when the terminal is refused
	}{
		{"xterm", 1<<32 - 1, 1<<32 - 1, "size=500x200"},
		{"xterm", 0, 0, "size=80x24"},
		{"xterm", 1, 1, "s"}, // one cell of "shared"
		{"tmux-256color", 120, 40, "size=120x40"},
		{"xt\x1b[2Jerm", 80, 24, ""},
		{"", 80, 24, ""},
		{strings.Repeat("x", 5000), 80, 24, ""},
	} {
		c, err := d.dial("ana", ana)
		if err != nil {
			t.Fatal(err)
		}
		s, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		out := &safeBuffer{}
		s.Stdout, s.Stderr = out, out
		begun := time.Now()
		ok, err := s.SendRequest("pty-req", true, gossh.Marshal(struct {
			Term       string
			C, R, W, H uint32
			Modes      string
		}{tc.term, tc.cols, tc.rows, 0, 0, ""}))
		if err != nil || ok != (tc.want != "") {
			t.Errorf("%.20q %dx%d: %v, %v", tc.term, tc.cols, tc.rows, ok, err)
		}
		if ok {
			if err := s.Shell(); err != nil {
				t.Error(err)
			}
			(&shell{Session: s, out: out}).wants(t, tc.want)
			if tc.cols == 1<<32-1 {
				servertest.Measured(t, "giant PTY (2³²−1 squared)", time.Second, time.Since(begun), "clamped to 500×200, and drawn")
			}
			begun = time.Now()
			for range 200 { // a storm of resizes
				var win [16]byte
				binary.BigEndian.PutUint32(win[:], 1<<32-1)
				binary.BigEndian.PutUint32(win[4:], 0)
				if _, err := s.SendRequest("window-change", false, win[:]); err != nil {
					t.Fatal(err)
				}
			}
			(&shell{Session: s, out: out}).wants(t, "size=500x24")
			servertest.Measured(t, "resize storm over SSH", time.Second, time.Since(begun), "200 sizes, the last one is drawn")
		}
		c.Close()
	}
}

// TestGivenBack: whatever ends a session from here, its terminal is given back
// with the reason, within the time of a farewell.
func TestGivenBack(t *testing.T) {
	ana, bob := newKey(t), newKey(t)
	users := []User{{Name: "ana", Keys: []string{line(ana)}}, {Name: "bob", Keys: []string{line(bob)}}}
	for _, tc := range []struct {
		name   string
		limits Limits
		end    func(d *desk, keys *Keyring)
		reason string
		label  string
	}{
		{"idle", Limits{Idle: time.Second}, nil, "ticktop: idle: no key for 1s", "idle"},
		{"too old", Limits{Longest: time.Second}, nil, "ticktop: too old: a session lasts 1s at most", "too_old"},
		{"key removed", Limits{}, func(d *desk, keys *Keyring) { keys.SetUsers(users[1:]); d.Recheck() }, "ticktop: key removed", "key_removed"},
		{"the server stops", Limits{}, func(d *desk, _ *Keyring) {
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			if err := d.Shutdown(ctx); err != nil {
				t.Error(err)
			}
		}, "ticktop: server stopped: reconnect in a moment", "server_stopped"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			keys := keysOf(t, users...)
			d := serve(t, keys, func(o *Options) {
				tc.limits.NewPerSecond, tc.limits.PerAddress = 1000, 1000
				o.Limits = tc.limits
			})
			c, err := d.dial("x", ana)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			s := d.shell(t, c, 200, 24)
			s.wants(t, "user=ana")
			if tc.end != nil {
				tc.end(d, keys)
			}
			var exit *gossh.ExitError
			if err := s.Wait(); !errors.As(err, &exit) || exit.ExitStatus() != 1 {
				t.Errorf("it ends with %v, want status 1", err)
			}
			_, after, ok := strings.Cut(s.out.String(), leave)
			if !ok || !strings.Contains(after, tc.reason) {
				t.Errorf("given back: %v, then %q; want %q", ok, after, tc.reason)
			}
			settled(t, "counted", func() bool { return d.endedBy()[tc.label] == 1 && d.sessions.Load() == 0 })
		})
	}
}

// TestIdle: a warning comes first, and a key keeps the session.
func TestIdle(t *testing.T) {
	ana := newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}), func(o *Options) { o.Limits.Idle = 2 * time.Second })
	c, err := d.dial("ana", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := d.shell(t, c, 200, 24)
	s.wants(t, "this session closes in")
	begin := time.Now()
	fmt.Fprint(s.in, "?")
	_ = s.Wait()
	if lasted := time.Since(begin); lasted < 1500*time.Millisecond {
		t.Errorf("ended %v after a key", lasted)
	}
}

// TestIdleKeepsToTheMonotonicClock: when somebody sets the server's clock, no
// trader is thrown out, and none stays for an hour more.
func TestIdleKeepsToTheMonotonicClock(t *testing.T) {
	k := newKeyboard(t.Context(), strings.NewReader("x"))
	if _, err := k.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	for _, step := range []time.Duration{0, time.Hour, -time.Hour} {
		for _, idleFor := range []time.Duration{0, 10 * time.Minute} {
			if got := k.idleFor(clocktest.Step(time.Now().Add(idleFor), step)); got < idleFor || got > idleFor+time.Minute {
				t.Errorf("the clock set by %v: quiet for %v, want %v", step, got, idleFor)
			}
		}
	}
}

// TestAStormOfResizes: each is a whole picture, so they come at a pace, the
// first at once and the last for sure.
func TestAStormOfResizes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		sizes := make(chan size, 1)
		g := requestFilter{sizes: sizes, pty: true}
		var got []int
		begin := time.Now()
		done := make(chan struct{})
		go func() {
			defer close(done)
			forwardResizes(ctx, sizes, func(m tea.Msg) {
				w, _ := m.(tea.WindowSizeMsg)
				if len(got) == 0 && time.Since(begin) > 0 {
					t.Errorf("the first came after %v", time.Since(begin))
				}
				got = append(got, w.Width)
			})
		}()
		for i := range 1000 { // in a second
			var win [16]byte
			binary.BigEndian.PutUint32(win[:], uint32(1+i%400))
			g.resize(win[:])
			if i == 0 {
				synctest.Wait()
			}
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		cancel()
		<-done
		if len(got) > 30 || len(got) < 20 || got[0] != 1 || got[len(got)-1] != 1+999%400 {
			t.Errorf("%d changes, from %d to %d", len(got), got[0], got[len(got)-1])
		}
	})
}
