package ui

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

func resized(w, h int) tea.WindowSizeMsg { return tea.WindowSizeMsg{Width: w, Height: h} }

func TestFirstFrame(t *testing.T) {
	m, _, _ := session(t, 160, 40)
	exact(t, screen(m), 160, 40)
	mustSee(t, m, "ticktop", "1 Overview", "4 Health", "ACC-1001", "redis ● 0.3 ms", "pubsub ● 1,012/s", "api ◐ throttled · 12 s", "09:31:07", "Account", "E why")
}

// TestFirstFrameWithoutData: before any answer the screen is the dashboard at
// its real size.
func TestFirstFrameWithoutData(t *testing.T) {
	desk, _ := market()
	desk.feed = newFeed(emptySnapshot())
	m := New(Options{Desk: desk, Width: 120, Height: 40})
	defer m.Close()
	exact(t, screen(m), 120, 40)
	mustSee(t, m, "Account", "Quotes", "Orders", "Log", "redis ○ idle")
}

func TestDeskRefuses(t *testing.T) {
	desk, _ := market()
	desk.refuse = errors.New("account ../../x is not yours\x1b]52;c;x\x07")
	m := New(Options{Desk: desk})
	defer m.Close()
	if m.Err() == nil {
		t.Error("no error")
	}
	exact(t, screen(m), 80, 24)
	mustSee(t, m, "the dashboard can't be opened", "account ../../x is not yours␛")
	if cmd := press(m, "q"); cmd == nil {
		t.Error("q does not quit")
	}
	press(m, "a", ":", "tab", "z", "i")
	m.Update(clock(time.Second))
	exact(t, screen(m), 80, 24)
}

// TestEscNeverQuits, from anywhere, however often.
func TestEscNeverQuits(t *testing.T) {
	for _, s := range screens {
		m, _, feed := session(t, 120, 40)
		if s.make != nil {
			s.make(m, feed)
		}
		press(m, s.keys...)
		for range 5 {
			if cmd := press(m, "esc"); cmd != nil {
				if _, ok := cmd().(tea.QuitMsg); ok {
					t.Fatalf("%s: esc quits", s.name)
				}
			}
		}
		if m.overlay != nil || m.filter != nil || m.zoomed {
			t.Errorf("%s: esc leaves something open", s.name)
		}
	}
}

// TestQClosesFirst: q closes what is open and quits only then.
func TestQClosesFirst(t *testing.T) {
	for _, key := range []string{"?", "E", "!", "T", "i", "z"} {
		m, _, _ := session(t, 120, 40)
		press(m, key)
		if cmd := press(m, "q"); cmd != nil || m.overlay != nil || m.zoomed {
			t.Errorf("%s: q did not just close", key)
		}
		if cmd := press(m, "q"); cmd == nil {
			t.Errorf("%s: the second q does not quit", key)
		}
	}
}

// TestTypingTriggersNothing: what is typed into a line is text, keys included
// that mean something elsewhere.
func TestTypingTriggersNothing(t *testing.T) {
	const text = "q?zxpTE!amRFy1"
	m, _, feed := session(t, 120, 40)
	press(m, "J", "/")
	typeText(m, text)
	if m.filter == nil || m.filter.line.String() != text {
		t.Fatalf("the filter holds %q", m.filter.line.String())
	}
	press(m, "esc", ":")
	typeText(m, text)
	if p := m.overlay.(*picker); p.line.String() != text {
		t.Fatalf("the palette holds %q", p.line.String())
	}
	press(m, "esc", "?", "/")
	typeText(m, text)
	if p := m.overlay.(*pager); p.line.String() != text {
		t.Fatalf("the help holds %q", p.line.String())
	}
	if m.private || m.pause.on || m.zoomed || !m.mouse || feed.all > 0 {
		t.Error("typing worked as keys")
	}
}

// TestPaste: a paste is bounded, one line, text; without a line open it is
// nothing.
func TestPaste(t *testing.T) {
	m, _, _ := session(t, 120, 40)
	huge := strings.Repeat("q\nxz\x1b]52;c;eA==\x07", 10<<20/16)
	m.Update(tea.PasteMsg{Content: huge})
	if m.private || m.zoomed {
		t.Error("a paste worked as keys")
	}
	for _, keys := range [][]string{{"/"}, {":"}, {"?", "/"}, {"a"}} {
		press(m, keys...)
		m.Update(tea.PasteMsg{Content: huge})
		exact(t, screen(m), 120, 40)
		if m.filter != nil && len(m.filter.line.runes) > maxInput {
			t.Error("the line grew beyond its bound")
		}
		press(m, "esc", "esc")
	}
}

func TestFilter(t *testing.T) {
	m, _, _ := session(t, 120, 40)
	press(m, "J", "/")
	typeText(m, "GBP")
	mustSee(t, m, "quote.GBPUSD", "/GBP")
	mustNotSee(t, m, "quote.EURUSD")
	if c := m.View().Cursor; c == nil || c.X != 5 || c.Y != 39 {
		t.Errorf("cursor at %+v", c)
	}
	press(m, "(") // not a regular expression: the last good one stays
	mustSee(t, m, "quote.GBPUSD", "missing closing )")
	mustNotSee(t, m, "quote.EURUSD")
	press(m, "backspace", "enter")
	mustNotSee(t, m, "quote.EURUSD")
	press(m, "esc") // clears it
	mustSee(t, m, "quote.EURUSD")
	press(m, "/")
	typeText(m, "!GBP")
	mustSee(t, m, "quote.EURUSD")
	mustNotSee(t, m, "quote.GBPUSD")
	press(m, "esc")
	mustSee(t, m, "quote.GBPUSD")
}

func TestPause(t *testing.T) {
	m, _, feed := session(t, 160, 40)
	press(m, "p")
	mustSee(t, m, "PAUSED", "for 0:00", "p resume")
	old := m.snap
	feed.put(laterSnapshot(old, 34))
	m.Update(dataMsg{m.gen})
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
	m.feed = p
	s := laterSnapshot(feed.snap, 1)
	then := at.Add(-48*time.Hour + 3*time.Second + 300*time.Millisecond)
	s.Replay = &datasource.Replay{At: then, From: then.Add(-time.Minute), To: then.Add(time.Minute), Speed: 0.5}
	m.show(s)
	m.changed()
	m.Update(clock(time.Hour))
	mustSee(t, m, "REPLAY", "2026-11-21 09:31:10", "1:00 of 2:00", "0.5×", "p stop")
	if !m.now.Equal(then.Truncate(time.Second)) {
		t.Errorf("now is %v", m.now)
	}
	press(m, "p")
	if !p.paused {
		t.Error("p does not stop a recording")
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
		cmd := m.waitData(true)
		n := 0
		for time.Now().Before(stop.Add(-time.Millisecond)) {
			msg := cmd().(dataMsg)
			if n == 0 && time.Since(start) > time.Millisecond {
				t.Errorf("the first change took %v", time.Since(start))
			}
			n++
			m.onData(msg)
			cmd = m.waitData(false)
		}
		if n < 19 || n > 21 {
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
// session once a second, until it shows something of its own.
func TestGroupedIsWokenLess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, feed := market()
		m := New(Options{Desk: desk, FPS: 10, Grouped: true})
		defer m.Close()
		took := func() time.Duration {
			start := time.Now()
			cmd := m.waitData(false)
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
		if d := took(); d != 100*time.Millisecond {
			t.Errorf("with its own picture woken after %v", d)
		}
	})
}

// TestCloseEndsEverything: no command outlives the session.
func TestCloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk, feed := market()
		m := New(Options{Desk: desk, Captions: make(chan datasource.Safe)})
		for _, cmd := range []tea.Cmd{m.waitData(true), m.waitSecond(), m.waitDesk(), m.waitCaption()} {
			go cmd()
		}
		_, next, _ := desk.Open(nil)
		m.onOpened(openedMsg{desk.dash, next, nil, "reload"})
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
	if m.focused().Widget.Title().String() != "Quotes" || m.frame().View.Cursor != 1 {
		t.Error("focus and cursor were not kept")
	}
	desk.refuse = errors.New("not allowed")
	press(m, ":")
	typeText(m, "account ACC-9")
	run(t, m, press(m, "enter"))
	mustSee(t, m, "account ACC-9: not allowed", "ACC-2002")
}

func TestSwitchSymbols(t *testing.T) {
	m, desk, _ := session(t, 160, 45)
	press(m, "w")
	typeText(m, "XAU")
	run(t, m, press(m, "enter"))
	if got := desk.opened[len(desk.opened)-1]["symbols"]; strings.Join(got, ",") != "EURUSD,GBPUSD,USDCHF,XAUUSD" {
		t.Errorf("opened %v", got)
	}
	press(m, ":")
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
	run(t, m, m.reopen(nil, "reload"))
	mustSee(t, m, "All quotes", "2 Market")
	if m.frame().View.Cursor != 2 {
		t.Error("the cursor was not kept")
	}
	empty := next
	empty.Pages = nil
	desk.dash = &empty
	run(t, m, m.reopen(nil, "reload"))
	exact(t, screen(m), 160, 45)
	mustSee(t, m, "no page to show")
	press(m, "tab", "1", "z", "i", "J", ":", "a", "y", "r")
	exact(t, screen(m), 160, 45)
	desk.dash = &next
	run(t, m, m.reopen(nil, "reload"))
	mustSee(t, m, "Fresh")
}

func TestMouse(t *testing.T) {
	m, _, _ := session(t, 160, 45)
	screen(m)
	click := func(x, y int) { m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	tab := m.memo.tabs[2]
	click(tab.From+1, 0)
	mustSee(t, m, "All quotes")
	click(m.memo.tabs[0].From, 0)
	quotes := m.current().plan.Slots[2].Rect
	click(quotes.X+5, quotes.Y+3) // its third row
	if m.focused().Widget.Title().String() != "Quotes" || m.frame().View.Cursor != 2 {
		t.Errorf("focus on %s, row %d", m.focused().Widget.Title(), m.frame().View.Cursor)
	}
	m.Update(tea.MouseWheelMsg{X: quotes.X + 5, Y: quotes.Y + 3, Button: tea.MouseWheelUp})
	if m.frame().View.Cursor != 0 {
		t.Errorf("the wheel went to row %d", m.frame().View.Cursor)
	}
	press(m, "?")
	click(0, 3)
	if m.overlay != nil {
		t.Error("a click beside it does not close the help")
	}
	for i := range 20000 { // a flood, also beyond every edge
		m.Update(tea.MouseClickMsg{X: i%700 - 50, Y: i%230 - 20, Button: tea.MouseLeft})
		m.Update(tea.MouseWheelMsg{X: i % 700, Y: i % 230, Button: tea.MouseWheelDown})
	}
	exact(t, screen(m), 160, 45)
}

func TestThemePreview(t *testing.T) {
	m, _, _ := session(t, 160, 45)
	before := m.pal
	press(m, "T", "j")
	if m.pal == before {
		t.Error("no preview")
	}
	press(m, "esc")
	if m.pal != before || m.overlay != nil {
		t.Error("esc does not take the preview back")
	}
	press(m, "T", "j", "enter")
	if m.pal == before {
		t.Error("enter does not keep it")
	}
}

func TestBackgroundChoosesTheme(t *testing.T) {
	m, _, _ := session(t, 80, 24, func(o *Options) { o.Theme = "auto" })
	if m.pal.Name != "dark" {
		t.Fatalf("theme %s", m.pal.Name)
	}
	m.Update(tea.BackgroundColorMsg{Color: theme.RGB(0xffffff)})
	if m.pal.Name != "light" || m.View().BackgroundColor != nil {
		t.Errorf("theme %s, background %v", m.pal.Name, m.View().BackgroundColor)
	}
	press(m, "T", "home", "enter") // dark, on a light terminal: it needs its own background
	if m.pal.Name != "dark" || m.View().BackgroundColor == nil {
		t.Errorf("theme %s, background %v", m.pal.Name, m.View().BackgroundColor)
	}
}

// TestPanic: a widget that panics costs its panel; the stack is in the log under
// the id on the screen.
func TestPanic(t *testing.T) {
	var log bytes.Buffer
	m, _, _ := session(t, 120, 40, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	m.dash.Pages[0].Rows[0].Cells[1].Widget.(*rows).panics = true
	m.memo = memo{}
	m.opt.Cache = NewCache(0)
	m.dirty = true
	exact(t, screen(m), 120, 40)
	mustSee(t, m, "this panel failed to draw", "internal error", "quote.EURUSD")
	s := plainScreen(m)
	id := s[strings.Index(s, "id ")+3:][:8]
	if !strings.Contains(log.String(), "id="+id) || !strings.Contains(log.String(), "fake_test.go") {
		t.Errorf("id %q and the stack are not in the log: %s", id, log.String())
	}
}

// badLines breaks its promise about its size.
type badLines struct{ plainPanel }

func (*badLines) Render(f widgets.Frame) string { return "one\ntwo" }

func TestTooFewLines(t *testing.T) {
	if got := renderSafely(&badLines{}, widgets.Frame{W: 3, H: 4, Data: emptySnapshot()}, slog.New(slog.DiscardHandler)); got != "one\ntwo\n   \n   " {
		t.Errorf("got %q", got)
	}
	if got := renderSafely(&badLines{}, widgets.Frame{W: 3, H: 1, Data: emptySnapshot()}, slog.New(slog.DiscardHandler)); got != "one" {
		t.Errorf("got %q", got)
	}
}

// TestEveryPanelIsReached, by the four keys, also those left out for want of
// room.
func TestEveryPanelIsReached(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {160, 45}} {
		m, _, _ := session(t, size[0], size[1])
		seen, todo := map[int]bool{0: true}, []int{0}
		for len(todo) > 0 {
			from := todo[0]
			todo = todo[1:]
			for _, key := range []string{"H", "J", "K", "L"} {
				m.setFocus(from)
				press(m, key)
				exact(t, screen(m), size[0], size[1])
				if m.focused() == nil || m.focused().Index != m.focus[0] {
					t.Fatalf("%v: the focused panel is not on the screen", size)
				}
				if at := m.focus[0]; !seen[at] {
					seen[at] = true
					todo = append(todo, at)
				}
			}
		}
		if len(seen) != 5 {
			t.Errorf("%v: only reached %v", size, seen)
		}
	}
}

func TestTitle(t *testing.T) {
	m, desk, feed := session(t, 80, 24)
	if got := m.Title(); got != "ticktop · ACC-1001 · Overview" {
		t.Errorf("title %q", got)
	}
	withAlerts(m, feed)
	if got := m.View().WindowTitle; got != "(!2) ticktop · ACC-1001 · Overview" {
		t.Errorf("title %q", got)
	}
	desk.dash.Vars["account"] = []string{"\x1b]52;c;x\x07\u202e" + strings.Repeat("A", 500)}
	if got := m.Title(); len([]rune(got)) > 64 || strings.ContainsAny(got, "\x1b\x07\u202e") {
		t.Errorf("title %q", got)
	}
}

func TestPrivate(t *testing.T) {
	m, _, _ := session(t, 160, 45, func(o *Options) { o.Private = true })
	mustNotSee(t, m, "48911.20")
	press(m, "i")
	mustSee(t, m, "balances are hidden")
	mustNotSee(t, m, "48911.20", "raw")
	press(m, "esc")
	if cmd := press(m, "y"); cmd != nil {
		t.Error("a hidden balance was copied")
	}
	press(m, "J")
	if cmd := press(m, "y"); cmd == nil {
		t.Error("a price is no balance")
	}
	policy := *m.dash
	policy.Private = true
	m.dash = &policy
	press(m, "x")
	mustSee(t, m, "hidden by policy")
	mustNotSee(t, m, "48911.20")
}

// TestPrivateAlerts: with balances hidden an alert names its datum and no
// figure; prices are no balances.
func TestPrivateAlerts(t *testing.T) {
	m, _, feed := session(t, 160, 45, func(o *Options) { o.Private, o.Notify = true, "osc9" })
	withAlerts(m, feed)
	press(m, "!")
	mustSee(t, m, "account (balances are hidden)", "quote.EURUSD is 6 s old")
	mustNotSee(t, m, "44,910.20", "45000", "45,012")
}

// TestLastChanges shows of an object what changed.
func TestLastChanges(t *testing.T) {
	m, _, feed := session(t, 160, 45)
	feed.past = []datasource.Past{
		{At: at, Origin: datasource.SourcePubSub, Value: object("symbol", "EURUSD", "bid", "1.2", "ask", "1.3")},
		{At: at.Add(-time.Second), Value: object("symbol", "EURUSD", "bid", "1.1", "ask", "1.3")},
		{At: at.Add(-time.Minute), Value: num("7")},
	}
	press(m, "J", "i")
	mustSee(t, m, "09:31:07  pubsub bid 1.2 ", `09:31:06  redis  {"symbol":"EURUSD","bid":1.1,"ask":1.3}`, "09:30:07  redis  7")
}

func TestAlerts(t *testing.T) {
	m, _, feed := session(t, 160, 45, func(o *Options) { o.Notify = "osc9" })
	base := feed.snap
	withAlerts(m, feed)
	mustSee(t, m, "CRITICAL", "account.equity 44,910.20 (was 45,012.00)", "1:15", "! alerts")
	alerts := m.snap.Alerts
	press(m, "!", "enter", "esc") // the first is acknowledged: the second is the loudest
	mustSee(t, m, "WARNING", "quote.EURUSD is 6 s old")
	press(m, "!", "j", "s")
	mustSee(t, m, "acknowledged", "snoozed 10 min")
	press(m, "esc")
	mustNotSee(t, m, "CRITICAL", "WARNING")
	if m.Title() != "ticktop · ACC-1001 · Overview" {
		t.Errorf("title %q", m.Title())
	}
	m.Update(clock(11 * time.Minute)) // the snooze is over
	mustSee(t, m, "WARNING")
	m.show(base)
	mustNotSee(t, m, "WARNING")
	press(m, "!")
	mustSee(t, m, "no alert is on", "Ended", "lasted")
	if len(m.alerts.history) != 3 {
		t.Errorf("history of %d", len(m.alerts.history))
	}
	press(m, "esc")

	again := laterSnapshot(base, 2)
	again.Alerts = []datasource.Alert{alerts[0]}
	again.Alerts[0].Since = at.Add(time.Minute)
	cmd := m.show(again)
	if cmd == nil {
		t.Fatal("no notification")
	}
	var sent []string
	for _, c := range cmd().(tea.BatchMsg) {
		sent = append(sent, c().(tea.RawMsg).Msg.(string))
	}
	if got := strings.Join(sent, "|"); got != "\a|\x1b]9;ticktop: account.equity 44,910.20 (was 45,012.00)\x07" {
		t.Errorf("sent %q", got)
	}
	if m.show(again) != nil {
		t.Error("told twice")
	}
}

func TestNotification(t *testing.T) {
	for how, want := range map[string]string{
		"osc9": "\x1b]9;a,b: c,d\x07", "osc777": "\x1b]777;notify;a,b;c,d\x07", "osc99": "\x1b]99;;a,b: c,d\x07", "bell": "", "": "",
	} {
		if got := notification(how, "a;b", "c;d"); got != want {
			t.Errorf("%s: %q, want %q", how, got, want)
		}
	}
}

func TestCopyIsWrapped(t *testing.T) {
	for _, c := range []struct {
		term string
		env  []string
		want string
	}{
		{"xterm-256color", nil, "\x1b]52;c;eA==\x07"},
		{"tmux-256color", nil, "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\"},
		{"xterm", []string{"TMUX=/tmp/x,1,0"}, "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\"},
		{"screen-256color", nil, "\x1bP\x1b]52;c;eA==\x07\x1b\\"},
	} {
		msg := newTerminal(c.term, tea.EnvMsg(c.env)).copy("x")().(tea.RawMsg)
		if msg.Msg != c.want {
			t.Errorf("%s %v: %q, want %q", c.term, c.env, msg.Msg, c.want)
		}
	}
}

func TestFaultMenu(t *testing.T) {
	f := &menu{}
	m, _, _ := session(t, 120, 40, func(o *Options) { o.Faults = f })
	press(m, "F")
	mustSee(t, m, "stop Redis", "values stay, dimmed")
	run(t, m, press(m, "enter"))
	if !f.on {
		t.Error("nothing was broken")
	}
	press(m, "esc")
	mustSee(t, m, "broken: stop Redis")
	m2, _, _ := session(t, 120, 40)
	press(m2, "F")
	mustSee(t, m2, "only in the demo")
}

func TestCaptionAndNotice(t *testing.T) {
	m, _, _ := session(t, 120, 40)
	m.Update(captionMsg{safe("now Redis is stopped")})
	mustSee(t, m, "TOUR", "now Redis is stopped")
	exact(t, screen(m), 120, 40)
	m.Update(NoticeMsg{safe("the server restarts in 30 s")})
	mustSee(t, m, "the server restarts in 30 s")
	press(m, "j")
	mustNotSee(t, m, "the server restarts")
	m.Update(captionMsg{})
	mustNotSee(t, m, "TOUR")
}

func TestSuspendNotOverSSH(t *testing.T) {
	m, _, _ := session(t, 120, 40, func(o *Options) { o.Local = false })
	if cmd := press(m, "ctrl+z"); cmd != nil {
		t.Error("suspended over SSH")
	}
	mustSee(t, m, "over SSH")
}

func TestStartPage(t *testing.T) {
	for name, want := range map[string]string{"": "Account", "market": "All quotes", "4": "Health", "nope": "Account", "99": "Account"} {
		m, _, _ := session(t, 120, 40, func(o *Options) { o.Page = name })
		mustSee(t, m, "─ "+want+" ─")
	}
}

func TestExceptions(t *testing.T) {
	names := []string{"flag.a", "flag.b", "quote.X", "account"}
	mk := func(states ...datasource.State) *datasource.Snapshot {
		entries := make([]*datasource.Entry, len(names))
		for i, s := range states {
			if s != datasource.StateLoading {
				entries[i] = &datasource.Entry{State: s}
			}
		}
		return datasource.NewSnapshot(at, 1, names, nil, entries)
	}
	const L, F, S, M, E, W = datasource.StateLive, datasource.StateFallback, datasource.StateStale, datasource.StateMissing, datasource.StateError, datasource.StateLoading
	for _, c := range []struct {
		states []datasource.State
		want   string
	}{
		{[]datasource.State{L, L, L, L}, ""},
		{[]datasource.State{W, L, L, W}, "waiting for 2 of 4"},
		{[]datasource.State{F, F, L, L}, "2 flags on the API"},
		{[]datasource.State{F, L, S, L}, "1 quote stale, 1 flag on the API"},
		{[]datasource.State{L, L, L, E}, "account failed"},
		{[]datasource.State{S, L, S, M}, "account missing, 2 values stale"},
	} {
		if got := exceptions(mk(c.states...)); got != c.want {
			t.Errorf("%v: %q, want %q", c.states, got, c.want)
		}
	}
}
