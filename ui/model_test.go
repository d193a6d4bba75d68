package ui

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/scene"
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

// TestPanic: a widget that panics costs its panel; the stack is in the log under
// the id on the screen.
func TestPanic(t *testing.T) {
	var log bytes.Buffer
	m, _, _ := session(t, 120, 40, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	m.dash.Pages[0].Rows[0].Cells[1].Widget.(*rows).panics = true
	m.memo = scene.Memo{}
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

func (*badLines) Render(f widgets.Context) string { return "one\ntwo" }

func TestTooFewLines(t *testing.T) {
	if got := scene.RenderPanel(&badLines{}, widgets.Context{W: 3, H: 4, Data: emptySnapshot()}, slog.New(slog.DiscardHandler)); got != "one\ntwo\n   \n   " {
		t.Errorf("got %q", got)
	}
	if got := scene.RenderPanel(&badLines{}, widgets.Context{W: 3, H: 1, Data: emptySnapshot()}, slog.New(slog.DiscardHandler)); got != "one" {
		t.Errorf("got %q", got)
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

// busy is a fault menu that is in the middle of breaking something.
type busy struct {
	menu
	gate chan struct{}
}

func (b *busy) List() []Fault { <-b.gate; return b.menu.List() }

// TestFaultMenuNeverWaits: while the demo is busy breaking something the menu
// opens and keys work.
func TestFaultMenuNeverWaits(t *testing.T) {
	b := &busy{gate: make(chan struct{}, 1)}
	b.gate <- struct{}{}
	m, _, _ := session(t, 120, 40, func(o *Options) { o.Faults = b })
	press(m, "F", "enter", "j")
	mustSee(t, m, "stop Redis", "enabling: stop Redis")
	press(m, "esc", "E")
	mustSee(t, m, "Degraded")
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
	mustSee(t, m, "enabled: stop Redis")
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

// TestASCII: with 7-bit symbols nothing that ticktop draws itself is outside of
// ASCII, in no state of the chrome.
func TestASCII(t *testing.T) {
	for _, s := range screens {
		for _, size := range [][2]int{{80, 24}, {160, 45}, {40, 10}} {
			m, _, feed := session(t, size[0], size[1], func(o *Options) { o.Symbols = theme.ASCII; o.Faults = &menu{on: true} })
			if s.make != nil {
				s.make(m, feed)
			}
			press(m, s.keys...)
			exact(t, screen(m), size[0], size[1])
			if i := strings.IndexFunc(screen(m), func(r rune) bool { return r > 0x7e }); i >= 0 {
				t.Errorf("%s at %v: %q\n%s", s.name, size, screen(m)[i:i+4], plainScreen(m))
			}
		}
	}
}
