package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ticktop/ui/overlay"
	"ticktop/widgets/theme"
)

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
		if m.overlay != nil || m.filter != nil || m.place.zoomed {
			t.Errorf("%s: esc leaves something open", s.name)
		}
	}
}

// TestQClosesFirst: q closes what is open and quits only then.
func TestQClosesFirst(t *testing.T) {
	for _, key := range []string{"?", "E", "!", "T", "i", "z"} {
		m, _, _ := session(t, 120, 40)
		press(m, key)
		if cmd := press(m, "q"); cmd != nil || m.overlay != nil || m.place.zoomed {
			t.Errorf("%s: q did not just close", key)
		}
		if cmd := press(m, "q"); cmd == nil {
			t.Errorf("%s: the second q does not quit", key)
		}
	}
}

// TestSameKeyCloses what it opened.
func TestSameKeyCloses(t *testing.T) {
	for _, key := range []string{"?", "E", "i", "!", "enter"} {
		m, _, _ := session(t, 120, 40)
		press(m, key)
		if m.overlay == nil {
			t.Fatalf("%s opens nothing", key)
		}
		if press(m, key); m.overlay != nil {
			t.Errorf("%s does not close what it opened", key)
		}
	}
}

// TestRedrawAlways: a broken screen can be redrawn whatever is open.
func TestRedrawAlways(t *testing.T) {
	for _, keys := range [][]string{{"/"}, {":"}, {"?"}, {"E", "/"}} {
		m, _, _ := session(t, 120, 40)
		press(m, keys...)
		open := m.overlay
		if cmd := press(m, "ctrl+l"); cmd == nil || m.overlay != open {
			t.Errorf("%v: ctrl+l does not redraw", keys)
		}
		if cmd := press(m, "ctrl+z"); cmd == nil {
			t.Errorf("%v: ctrl+z does not suspend", keys)
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
	if m.filter == nil || m.filter.line.Text() != text {
		t.Fatalf("the filter holds %q", m.filter.line.Text())
	}
	press(m, "esc", ":")
	typeText(m, text)
	if p := m.overlay.(*overlay.Picker); p.Typed() != text {
		t.Fatalf("the palette holds %q", p.Typed())
	}
	press(m, "esc", "?", "/")
	typeText(m, text)
	if p := m.overlay.(*overlay.Pager); p.Typed() != text {
		t.Fatalf("the help holds %q", p.Typed())
	}
	if m.private || m.pause.on || m.place.zoomed || !m.mouse || feed.all > 0 {
		t.Error("typing worked as keys")
	}
}

// TestPaste: a paste is bounded, one line, text; without a line open it is
// nothing.
func TestPaste(t *testing.T) {
	m, _, _ := session(t, 120, 40)
	huge := strings.Repeat("q\nxz\x1b]52;c;eA==\x07", 10<<20/16)
	m.Update(tea.PasteMsg{Content: huge})
	if m.private || m.place.zoomed {
		t.Error("a paste worked as keys")
	}
	for _, keys := range [][]string{{"/"}, {":"}, {"?", "/"}, {"a"}} {
		press(m, keys...)
		m.Update(tea.PasteMsg{Content: huge})
		exact(t, screen(m), 120, 40)
		if m.filter != nil && len(m.filter.line.Text()) > overlay.MaxInput {
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

func TestMouse(t *testing.T) {
	m, _, _ := session(t, 160, 45)
	screen(m)
	click := func(x, y int) { m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	tab := m.memo.Tabs()[2]
	click(tab.From+1, 0)
	mustSee(t, m, "All quotes")
	click(m.memo.Tabs()[0].From, 0)
	quotes := m.currentScene().Plan.Slots[2].Rect
	click(quotes.X+5, quotes.Y+3) // its third row
	if m.focusedSlot().Widget.Title().String() != "Quotes" || m.panelFrame().View.Cursor != 2 {
		t.Errorf("focus on %s, row %d", m.focusedSlot().Widget.Title(), m.panelFrame().View.Cursor)
	}
	m.Update(tea.MouseWheelMsg{X: quotes.X + 5, Y: quotes.Y + 3, Button: tea.MouseWheelUp})
	if m.panelFrame().View.Cursor != 0 {
		t.Errorf("the wheel went to row %d", m.panelFrame().View.Cursor)
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

// TestEveryPanelIsReached, by the four keys, also those left out for want of
// space.
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
				if m.focusedSlot() == nil || m.focusedSlot().Index != m.place.focus[0] {
					t.Fatalf("%v: the focused panel is not on the screen", size)
				}
				if at := m.place.focus[0]; !seen[at] {
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

func TestSuspendNotOverSSH(t *testing.T) {
	m, _, _ := session(t, 120, 40, func(o *Options) { o.Local = false })
	if cmd := press(m, "ctrl+z"); cmd != nil {
		t.Error("suspended over SSH")
	}
	mustSee(t, m, "over SSH")
}
