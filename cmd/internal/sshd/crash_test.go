package sshd

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	gossh "golang.org/x/crypto/ssh"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
	"ticktop/ui/broadcast"
)

// brittle is a dashboard that panics where it is told to, and Init already when
// it belongs to "init".
type brittle struct {
	fakeScreen
	render bool
}

func (b *brittle) Init() tea.Cmd {
	if b.p.Name == "init" {
		panic("boom in init")
	}
	return nil
}

func (b *brittle) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "c":
			return b, boomInCommand
		case "b":
			return b, tea.Batch(func() tea.Msg { return nil }, boomInCommand)
		case "r":
			b.render = true
		case "v":
			b.solo = true
		}
	}
	_, cmd := b.fakeScreen.Update(msg)
	return b, cmd
}

func boomInCommand() tea.Msg { panic("boom\nlevel=ERROR msg=forged") }

func (b *brittle) View() tea.View {
	if b.solo {
		panic("boom in view")
	}
	return b.fakeScreen.View()
}

func (b *brittle) SharedView() (broadcast.View, bool) {
	p, ok := b.fakeScreen.SharedView()
	if b.render {
		p.Key, p.Render = "broken", func(*datasource.Snapshot, time.Time) string { panic("boom in render") }
	}
	return p, ok
}

var panicIDs = regexp.MustCompile(`internal error ([0-9a-f]{8}), please reconnect`)

// TestAPanicCostsOneSession: wherever it happens, the trader reads an id on a
// terminal that was given back, the log has the same id beside the stack of
// where it happened, and everybody else goes on.
func TestAPanicCostsOneSession(t *testing.T) {
	for _, tc := range []struct{ name, user, key, stack string }{
		{"update", "ana", "P", "fakeScreen).Update"},
		{"view", "ana", "v", "brittle).View"},
		{"command", "ana", "c", "boomInCommand"},
		{"command of a batch", "ana", "b", "boomInCommand"},
		{"shared picture", "ana", "r", "brittle).SharedView.func"},
		{"init", "init", "", "brittle).Init"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ana, bob := newKey(t), newKey(t)
			d := serve(t, keysOf(t, User{Name: tc.user, Keys: []string{line(ana)}}, User{Name: "bob", Keys: []string{line(bob)}}), func(o *Options) {
				o.Open = func(p Principal, _ Terminal) (Screen, error) {
					if p.Name == "bob" {
						return &fakeScreen{p: p, closed: make(chan struct{})}, nil
					}
					return &brittle{fakeScreen: fakeScreen{p: p, closed: make(chan struct{})}}, nil
				}
			})
			open := func(k gossh.Signer) *shell {
				c, err := d.dial("x", k)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { c.Close() })
				return d.shell(t, c, 80, 24)
			}
			other := open(bob)
			other.wants(t, "user=bob")
			s := open(ana)
			begun := time.Now()
			if tc.key != "" {
				s.wants(t, "user=ana")
				begun = time.Now()
				fmt.Fprint(s.in, tc.key)
			}
			if err := s.Wait(); err == nil {
				t.Error("it ended as if it had quit")
			}
			servertest.Measured(t, "panic in a view", time.Second, time.Since(begun), "the terminal is given back with an id; one session ends, the others go on")
			_, after, _ := strings.Cut(s.out.String(), leave)
			id := panicIDs.FindStringSubmatch(after)
			if id == nil {
				t.Fatalf("no id behind what gives the terminal back: %q", s.out.String())
			}
			logged := ""
			for l := range strings.SplitSeq(d.logs.String(), "\n") {
				if strings.Contains(l, "id="+id[1]) {
					logged = l
				}
				if strings.HasPrefix(l, "level=ERROR") {
					t.Errorf("forged: %q", l)
				}
			}
			if !strings.Contains(logged, tc.stack) {
				t.Errorf("the log of %s does not say where (%s): %s", id[1], tc.stack, logged)
			}
			settled(t, "counted", func() bool {
				return d.panics.Load() == 1 && d.sessions.Load() == 1 && d.endedBy()["internal_error"] == 1
			})
			fmt.Fprint(other.in, "?")
			other.wants(t, "ALONE")
		})
	}
}
