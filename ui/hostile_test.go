package ui

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
	"ticktop/ui/keymap"
	"ticktop/ui/layout"
	"ticktop/widgets/theme"
)

// nasty is text that somebody outside would like to reach the terminal.
var nasty = []string{
	"\x1b]52;c;ZXZpbA==\x07", "\x1b]0;title\x07", "\x1b]8;;http://x\x07link\x1b]8;;\x07", "\x1b[2J\x1b[H", "\x1b[?1049l", "\x1b[6n",
	"\x1bP+q544e\x1b\\", "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\", "\x1b_apc\x1b\\", "\x1b]52;c;unterminated", "end\x1b",
	"\u009b2J", "\x9b2J", "AAAA\rB", "two\nlines", "\a\b\x00\x0e", "1.\u202e234\u2066", "EUR\u200bUSD", "a" + strings.Repeat("\u0301", 50),
	"👨‍👩‍👧‍👦🇩🇪❤️", strings.Repeat("漢字", 60), "\xff\xfe", "a\u2028b", "\U000e0041\U000e007f", "\x1b[8mconceal", "\u3164", "", strings.Repeat("A", 10<<20), "\t",
	"*?[]{}", "../../x", "-", "%s%n", "\u115f\u1160\uffa0",
}

func init() {
	for _, c := range append(hostile.Texts(), hostile.Keys()...) {
		nasty = append(nasty, c.In)
	}
}

// hostileSession puts a text in every place where text from outside can go.
func hostileSession(t testing.TB, text string, w, h int) (*Model, *fakeDesk) {
	desk, feed := market()
	s := *feed.snap
	f := &datasource.Fault{Class: datasource.ClassServer, Text: safe(text), Hint: safe(text), RetryAt: at.Add(time.Hour), Err: errors.New(text)}
	for id := range s.Sources {
		s.Sources[id] = datasource.Status{Light: datasource.LightDown, Fault: f, Since: at}
	}
	s.Events = []datasource.Event{{At: at, Subject: safe(text), From: safe(text), To: safe(text), Text: safe(text)}}
	s.Alerts = []datasource.Alert{{When: safe(text), Name: safe(text), Text: safe(text), Since: at, Level: datasource.LevelCritical}}
	name := text[:min(len(text), 64<<10)]
	names := []string{"quote." + name, name}
	v := datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: safe(text), Value: datasource.Value{Type: datasource.TypeText, Text: safe(text)}}}}
	e := &datasource.Entry{Ref: &datasource.Ref{Name: name, Kind: datasource.KindHash, Key: text, Live: text, Fallback: datasource.Endpoint{Path: text}},
		State: datasource.StateError, Value: v, Rev: 1, Fault: f, APIFault: f, Why: safe(text), At: at, Raw: []byte(text[:min(len(text), 1<<16)])}
	hostile := datasource.NewSnapshot(at, 9, names, nil, []*datasource.Entry{e, e})
	hostile.Sources, hostile.Events, hostile.Alerts = s.Sources, s.Events, s.Alerts
	feed.snap = hostile
	feed.past = []datasource.Past{{At: at, Value: v}}
	d := desk.dash
	d.Name, d.Banner = safe(text), safe(text)
	d.Vars = map[string][]string{"account": {text}, "symbols": {text}}
	d.Choices = map[string][]string{"account": {text, "B"}, "symbols": {text, "B"}}
	d.Hints = map[string]datasource.Safe{names[0]: safe(text)}
	for i := range d.Pages {
		d.Pages[i].Name = text
		for r := range d.Pages[i].Rows {
			for c := range d.Pages[i].Rows[r].Cells {
				if p, ok := d.Pages[i].Rows[r].Cells[c].Widget.(*rows); ok {
					p.title = text
				}
			}
		}
	}
	m := New(Options{Desk: desk, Width: w, Height: h, Profile: theme.ProfileTrue, Faults: hostileMenu(text), Clock: func() time.Time { return at }})
	t.Cleanup(m.Close)
	return m, desk
}

type hostileMenu string

func (f hostileMenu) List() []Fault          { return []Fault{{ID: "x", Title: string(f), Text: string(f)}} }
func (f hostileMenu) Set(string, bool) error { return errors.New(string(f)) }

// TestHostile: whatever a text holds, wherever it stands, the screen keeps its
// size and no sequence of it reaches the terminal; and something is shown.
func TestHostile(t *testing.T) {
	for i, text := range nasty {
		if testing.Short() && i%10 != 0 {
			continue
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			for _, size := range [][2]int{{60, 16}, {80, 24}, {160, 45}} {
				m, desk := hostileSession(t, text, size[0], size[1])
				check := func(what string) {
					t.Helper()
					exact(t, screen(m), size[0], size[1])
					for _, s := range []string{m.View().WindowTitle, m.Title()} {
						if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x202e }) || len([]rune(s)) > 64 {
							t.Errorf("%s: title %q", what, s)
						}
					}
				}
				check("base")
				for _, keys := range [][]string{{"J", "i"}, {"E"}, {"!"}, {":"}, {"a"}, {"w"}, {"F"}, {"T"}, {"?"}, {"z"}} {
					press(m, keys...)
					check(fmt.Sprint(keys))
					press(m, "esc", "esc")
				}
				press(m, "F")
				run(t, m, press(m, "enter", "esc"))
				run(t, m, setFault(m, "x", text, true))
				desk.refuse = errors.New(text)
				run(t, m, setVar(m, "account", []string{text + "2"}))
				check("refused")
				m.Update(captionMsg{safe(text)})
				m.Update(NoticeMsg{safe(text)})
				check("caption")
				press(m, "/")
				m.Update(tea.PasteMsg{Content: text})
				check("pasted filter")
				press(m, "esc", ":")
				m.Update(tea.PasteMsg{Content: "account " + text})
				check("pasted command")
				press(m, "enter")
				press(m, "p")
				check("paused")
			}
		})
	}
}

// TestCopyIsClean: a value that holds sequences is copied without them.
func TestCopyIsClean(t *testing.T) {
	m, _ := hostileSession(t, "\x1b]52;c;eA==\x07\x1b[2J", 160, 45)
	press(m, "J")
	for _, key := range []string{"y", "Y"} {
		cmd := press(m, key)
		if cmd == nil {
			t.Fatal("nothing copied")
		}
		seq := cmd().(tea.RawMsg).Msg.(string)
		if strings.Count(seq, "\x1b") != 1 || strings.Count(seq, "\x07") != 1 {
			t.Errorf("%s sent %q", key, seq)
		}
	}
}

// allKeys are the keys that a random trader types.
func allKeys() []string {
	keys := []string{"up", "down", "left", "right", "enter", "esc", "tab", "backspace", "delete", "home", "end", "pgup", "pgdown", "space",
		"ctrl+w", "ctrl+u", "ctrl+k", "ctrl+a", "ctrl+e", "alt+x", "é", "漢", "👍", "(", "*", "a", "Z"}
	for _, b := range keymap.Bindings() {
		if b.Action != "sort-column" {
			keys = append(keys, b.Keys...)
		}
	}
	return keys
}

// TestAlwaysExact: whatever is typed, clicked, pasted, resized and received in
// whatever order, the picture is exactly the size of the screen.
func TestAlwaysExact(t *testing.T) {
	walks := uint64(30)
	if testing.Short() {
		walks = 3
	}
	for seed := range walks {
		randomWalk(t, seed, 120)
	}
}

func FuzzModel(f *testing.F) {
	f.Add(uint64(1), uint8(40))
	f.Fuzz(func(t *testing.T, seed uint64, steps uint8) { randomWalk(t, seed, int(steps)) })
}

func randomWalk(t *testing.T, seed uint64, steps int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	text := nasty[rng.IntN(27)]
	m, desk := hostileSession(t, text, 1+rng.IntN(320), 1+rng.IntN(100))
	if rng.IntN(3) > 0 {
		m, desk, _ = session(t, 1+rng.IntN(320), 1+rng.IntN(100), func(o *Options) { o.Faults = &menu{} })
	}
	keys := allKeys()
	w, h := m.w, m.h
	var trail []string
	for range steps {
		what, cmd := randomStep(rng, m, desk, keys, text)
		trail = append(trail, what)
		if cmd != nil && !strings.HasPrefix(what, "wait") {
			if opened, ok := safely(cmd).(openedMsg); ok {
				m.Update(opened)
			}
		}
		if m.w != w || m.h != h {
			w, h = m.w, m.h
		}
		if t.Failed() {
			break
		}
		exact(t, screen(m), w, h)
	}
	if t.Failed() {
		t.Fatalf("seed %d: %q", seed, trail)
	}
}

// safely runs commands that answer at once, and no other.
func safely(cmd tea.Cmd) tea.Msg {
	answer := make(chan tea.Msg, 1)
	go func() { answer <- cmd() }()
	select {
	case msg := <-answer:
		return msg
	case <-time.After(20 * time.Millisecond): // one that waits for data
		return nil
	}
}

func randomStep(rng *rand.Rand, m *Model, desk *fakeDesk, keys []string, text string) (string, tea.Cmd) {
	switch rng.IntN(20) {
	case 0:
		w, h := rng.IntN(330)-5, rng.IntN(110)-5
		m.Update(resized(w, h))
		return fmt.Sprintf("size %d×%d", w, h), nil
	case 1:
		m.Update(tea.MouseClickMsg{X: rng.IntN(330) - 5, Y: rng.IntN(110) - 5, Button: tea.MouseLeft})
		return "click", nil
	case 2:
		m.Update(tea.MouseWheelMsg{X: rng.IntN(330) - 5, Y: rng.IntN(110) - 5, Button: tea.MouseWheelDown})
		return "wheel", nil
	case 3:
		m.Update(tea.PasteMsg{Content: text})
		return "paste", nil
	case 4:
		m.Update(clock(time.Duration(rng.IntN(1e6)) * time.Second))
		return "clock", nil
	case 5:
		if f, ok := desk.feed.(*fakeFeed); ok {
			f.snap = laterSnapshot(f.snap, 1)
			onData(m, dataMsg{m.watch.gen})
		}
		return "data", nil
	case 6:
		onOpened(m, openedMsg{dash: &Dashboard{Pages: []layout.Page{{}, desk.dash.Pages[rng.IntN(4)]}}, feed: desk.feed, asked: m.opening})
		return "reload", nil
	default:
		key := keys[rng.IntN(len(keys))]
		if key == "ctrl+c" {
			key = "q"
		}
		_, cmd := m.Update(keyMsg(key))
		return key, cmd
	}
}
