package sshd

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	gossh "golang.org/x/crypto/ssh"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
	"ticktop/ui/broadcast"
)

func TestAStuckClientIsCut(t *testing.T) {
	ana, bob := newKey(t), newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(ana)}}, User{Name: "bob", Keys: []string{line(bob)}}), func(o *Options) {
		o.Hub = broadcast.NewHub(broadcast.Options{Interval: 20 * time.Millisecond, Logger: o.Log}) // a stuck write ends as it does by default
		t.Cleanup(o.Hub.Close)
		o.Open = func(p Principal, _ Terminal) (Screen, error) {
			return &storm{fakeScreen{p: p, closed: make(chan struct{})}}, nil
		}
	})
	c, err := d.dial("x", ana)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ch, reqs, err := c.OpenChannel("session", nil) // its data are never read
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(reqs)
	for kind, payload := range map[string][]byte{
		"pty-req": gossh.Marshal(struct {
			Term       string
			C, R, W, H uint32
			Modes      string
		}{"xterm", 500, 200, 0, 0, ""}),
	} {
		if ok, err := ch.SendRequest(kind, true, payload); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	if ok, err := ch.SendRequest("shell", true, nil); !ok || err != nil {
		t.Fatal(ok, err)
	}
	begun, gone := time.Now(), make(chan struct{})
	go func() { _ = c.Wait(); close(gone) }()
	other, err := d.dial("x", bob)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	reads := d.shell(t, other, 20, 5)
	limit, second := time.After(60*time.Second), time.NewTicker(time.Second)
	defer second.Stop()
	for before, lastWriteLimit := 0, true; lastWriteLimit; {
		select {
		case <-gone:
			lastWriteLimit = false
		case <-limit:
			t.Fatal("a client that never reads is still connected")
		case <-second.C: // some fifty frames
			if now := len(reads.out.String()); now-before < 100 {
				t.Errorf("the other one got %d bytes in a second", now-before)
			} else {
				before = now
			}
		}
	}
	servertest.Measured(t, "SSH client stops reading", 5*time.Second, time.Since(begun), "it is cut, with the time that filled its window of 2 MB; the others keep their rate")
	if got := d.o.Hub.Stats().Cut; got != 1 {
		t.Errorf("%d terminals cut, want 1", got)
	}
}

// storm redraws everything all the time.
type storm struct{ fakeScreen }

func (s *storm) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	_, cmd := s.fakeScreen.Update(msg)
	return s, cmd
}

func (s *storm) SharedView() (broadcast.View, bool) {
	p, ok := s.fakeScreen.SharedView()
	n := 0
	p.Open = func() (datasource.Feed, error) { return busyFeed{}, nil }
	p.Render = func(*datasource.Snapshot, time.Time) string {
		n++
		return strings.TrimSuffix(strings.Repeat(strings.Repeat(string(rune('A'+n%26)), p.W)+"\n", p.H), "\n")
	}
	return p, ok
}

type busyFeed struct{ quietFeed }

var always = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

func (busyFeed) Changed() <-chan struct{} { return always }
