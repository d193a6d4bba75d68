package ui

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/layout"
)

func TestPause(t *testing.T) {
	m, _, feed := session(t, 160, 40)
	press(m, "p")
	mustSee(t, m, "PAUSED", "for 0:00", "p resume")
	old := m.snap
	feed.put(laterSnapshot(old, 34))
	m.Update(dataMsg{m.watch.gen})
	m.Update(clock(75 * time.Second))
	mustSee(t, m, "for 1:15", "34 updates behind", "09:32:22")
	if m.snap != old {
		t.Error("the picture did not stand still")
	}
	press(m, "space")
	mustNotSee(t, m, "PAUSED")
	if m.snap != feed.snap {
		t.Error("not the newest after the pause")
	}
}

// TestAges count while nothing arrives.
func TestAges(t *testing.T) {
	m, _, _ := session(t, 160, 40)
	mustSee(t, m, `{"bid":1.27113,"ask":1.27126} 2 s`, "12 s")
	m.Update(clock(8 * time.Second))
	mustSee(t, m, `{"bid":1.27113,"ask":1.27126} 10 s`, "throttled · 4 s", "09:31:15")
}

func TestReplayClock(t *testing.T) {
	m, _, feed := session(t, 160, 40)
	p := &fakePlayer{fakeFeed: feed}
	m.watch.feed = p
	s := laterSnapshot(feed.snap, 1)
	then := at.Add(-48*time.Hour + 3*time.Second + 300*time.Millisecond)
	s.Replay = &datasource.Replay{At: then, From: then.Add(-time.Minute), To: then.Add(time.Minute), Speed: 0.5}
	showSnapshot(m, s)
	m.markChanged()
	m.Update(clock(time.Hour))
	mustSee(t, m, "REPLAY", "2026-11-21 09:31:10", "1:00 of 2:00", "0.5×", "p stop")
	if !m.now.Equal(then.Truncate(time.Second)) {
		t.Errorf("now is %v", m.now)
	}
	still := laterSnapshot(s, 1)
	r := *s.Replay
	r.Paused = true
	still.Replay = &r
	if press(m, "p"); !p.paused {
		t.Error("p does not stop a recording")
	}
	showSnapshot(m, still)
	mustSee(t, m, "stopped", "p play")
	if press(m, ">"); len(p.seeks) != 1 || p.seeks[0] != 6*time.Second {
		t.Errorf("seeks %v in a recording of 2 min", p.seeks)
	}
	if press(m, "p"); p.paused {
		t.Error("p does not play on")
	}
}

// TestOneMessageAFrame: the first change after quiet is delivered at once, and
// a burst at the frame rate, with the newest snapshot.
func TestOneMessageAFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, feed := market()
		m := New(Options{Desk: desk, FPS: 10})
		defer m.Close()
		stop := time.Now().Add(2 * time.Second)
		go func() {
			for time.Now().Before(stop) {
				feed.put(laterSnapshot(feed.Snapshot(), 1))
				time.Sleep(time.Millisecond)
			}
		}()
		start := time.Now()
		cmd := waitData(m, true)
		n := 0
		for time.Now().Before(stop.Add(-time.Millisecond)) {
			msg := cmd().(dataMsg)
			if n == 0 && time.Since(start) > time.Millisecond {
				t.Errorf("the first change took %v", time.Since(start))
			}
			n++
			onData(m, msg)
			cmd = waitData(m, false)
		}
		if n < 19 || n > 21+framesAhead {
			t.Errorf("%d messages in 2 s of 1,000 changes a second, want 20", n)
		}
		synctest.Wait()
		time.Sleep(5 * time.Second) // quiet
		for len(feed.changed) > 0 {
			<-feed.changed
		}
		go feed.put(laterSnapshot(feed.Snapshot(), 1))
		start = time.Now()
		cmd()
		if d := time.Since(start); d > time.Millisecond {
			t.Errorf("the first change after quiet took %v", d)
		}
	})
}

// TestGroupedIsWokenLess: when a server draws the shared picture, data wake the
// session once a second, until it shows something private.
func TestGroupedIsWokenLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, feed := market()
		m := New(Options{Desk: desk, FPS: 10, Grouped: true})
		defer m.Close()
		took := func() time.Duration {
			start := time.Now()
			cmd := waitData(m, false)
			feed.put(laterSnapshot(feed.Snapshot(), 1))
			cmd()
			return time.Since(start)
		}
		if d := took(); d != time.Second {
			t.Errorf("woken after %v", d)
		}
		press(m, "E")
		if m.snap != feed.Snapshot() {
			t.Error("a key did not see the newest data")
		}
		if d := took(); d != 0 {
			t.Errorf("with its own picture woken after %v", d)
		}
	})
}

// TestCloseEndsEverything: no command outlives the session.
func TestCloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, feed := market()
		m := New(Options{Desk: desk, Captions: make(chan datasource.Safe)})
		for _, cmd := range []tea.Cmd{waitData(m, true), waitSecond(m), waitDesk(m), waitCaption(m)} {
			go cmd()
		}
		_, next, _ := desk.Open(nil)
		onOpened(m, openedMsg{dash: desk.dash, feed: next})
		m.Close()
		synctest.Wait() // the bubble fails when a goroutine is left
		if !feed.closed {
			t.Error("the feed is still open")
		}
	})
}

func TestSwitchAccount(t *testing.T) {
	m, desk, _ := session(t, 160, 45)
	press(m, "2", "1", "J", "j", "a")
	typeText(m, "2002")
	run(t, m, press(m, "enter"))
	if got := desk.opened[len(desk.opened)-1]; got["account"][0] != "ACC-2002" || len(got["symbols"]) != 3 {
		t.Errorf("opened %v", got)
	}
	mustSee(t, m, "ACC-2002")
	if m.focusedSlot().Widget.Title().String() != "Quotes" || m.panelFrame().View.Cursor != 1 {
		t.Error("focus and cursor were not kept")
	}
	desk.refuse = errors.New("not allowed")
	press(m, ":")
	typeText(m, "account ACC-9")
	run(t, m, press(m, "enter"))
	mustSee(t, m, "account ACC-9: not allowed", "ACC-2002")
}

// TestLastSwitchWins: of two switches under way only the later is shown, in
// whatever order they are answered; a reload keeps what was chosen.
func TestLastSwitchWins(t *testing.T) {
	m, desk, _ := session(t, 160, 45)
	first := setVar(m, "account", []string{"ACC-1"})
	second := setVar(m, "account", []string{"ACC-2"})
	late := newFeed(emptySnapshot())
	run(t, m, second)
	desk.feed = late
	run(t, m, first)
	mustSee(t, m, "ACC-2")
	if !late.closed {
		t.Error("the feed that came too late is still open")
	}
	desk.feed = newFeed(emptySnapshot())
	cmds := onDesk(m)().(tea.BatchMsg)
	run(t, m, cmds[0])
	mustSee(t, m, "ACC-2")
	if got := desk.opened[len(desk.opened)-1]["account"]; len(got) != 1 || got[0] != "ACC-2" {
		t.Errorf("reloaded with %v", got)
	}
	fresh, desk2, _ := session(t, 160, 45)
	run(t, fresh, onDesk(fresh)().(tea.BatchMsg)[0])
	if got := desk2.opened[1]; got != nil {
		t.Errorf("nothing was chosen, reloaded with %v", got)
	}
}

func TestSwitchSymbols(t *testing.T) {
	m, desk, _ := session(t, 160, 45)
	press(m, "w", "/")
	typeText(m, "XAU")
	run(t, m, press(m, "enter"))
	if got := desk.opened[len(desk.opened)-1]["symbols"]; strings.Join(got, ",") != "EURUSD,GBPUSD,USDCHF,XAUUSD" {
		t.Errorf("opened %v", got)
	}
	press(m, "esc", ":")
	typeText(m, "symbols A,B")
	run(t, m, press(m, "enter"))
	if got := desk.opened[len(desk.opened)-1]["symbols"]; strings.Join(got, ",") != "A,B" {
		t.Errorf("opened %v", got)
	}
}

// TestReload keeps page, focus and views where they still fit, and survives a
// dashboard with nothing of the old one.
func TestReload(t *testing.T) {
	m, desk, _ := session(t, 160, 45)
	press(m, "3", "j", "j")
	next := *desk.dash
	next.Pages = []layout.Page{{Name: "New", Rows: []layout.Row{{Cells: []layout.Cell{{Widget: &plainPanel{"Fresh", "log"}}}}}}, desk.dash.Pages[2]}
	desk.dash = &next
	run(t, m, reopenWith(m, nil, "reload"))
	mustSee(t, m, "All quotes", "2 Market")
	if m.panelFrame().View.Cursor != 2 {
		t.Error("the cursor was not kept")
	}
	empty := next
	empty.Pages = nil
	desk.dash = &empty
	run(t, m, reopenWith(m, nil, "reload"))
	exact(t, screen(m), 160, 45)
	mustSee(t, m, "no page to show")
	press(m, "tab", "1", "z", "i", "J", ":", "a", "y", "r")
	exact(t, screen(m), 160, 45)
	desk.dash = &next
	run(t, m, reopenWith(m, nil, "reload"))
	mustSee(t, m, "Fresh")
}

func TestStartPage(t *testing.T) {
	for name, want := range map[string]string{"": "Account", "market": "All quotes", "4": "Health", "nope": "Account", "99": "Account"} {
		m, _, _ := session(t, 120, 40, func(o *Options) { o.Page = name })
		mustSee(t, m, "─ "+want+" ─")
	}
}
