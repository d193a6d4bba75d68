package chrome

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

var at = time.Date(2026, 11, 23, 9, 31, 7, 0, time.UTC)

func safe(s string) datasource.Safe { return datasource.Clean(s, datasource.MaxCell) }

func palette(p theme.Profile, s theme.Symbols) *theme.Palette {
	return theme.Compile(theme.Default(), p, s)
}

func bar() Bar {
	b := Bar{Pages: []datasource.Safe{safe("Overview"), safe("Positions"), safe("Market"), safe("Health")}, Active: 1,
		Account: safe("ACC-1001"), Rate: "35 kB/s", Now: at}
	b.Sources[datasource.SourceRedis] = datasource.Status{Light: datasource.LightUp, RTT: 300 * time.Microsecond}
	b.Sources[datasource.SourcePubSub] = datasource.Status{Light: datasource.LightUp, Rate: 1012.4}
	b.Sources[datasource.SourceAPI] = datasource.Status{Light: datasource.LightDegraded, Fault: &datasource.Fault{
		Class: datasource.ClassRateLimited, RetryAt: at.Add(12 * time.Second)}}
	return b
}

// TestBar: the narrower the bar, the less it says, in a fixed order; what is in
// trouble and the page shown stay longest.
func TestBar(t *testing.T) {
	for _, c := range []struct {
		w    int
		want string
	}{
		{170, " ticktop   1 Overview  2 Positions  3 Market  4 Health   ACC-1001 … redis ● 0.3 ms   pubsub ● 1,012/s   api ◐ throttled · 12 s   ssh 35 kB/s   Mon 23 Nov 09:31:07 UTC "},
		{142, " ticktop  1 Overview  2 Positions  3 Market  4 Health  ACC-1001 … redis ● 0.3 ms  pubsub ● 1,012/s  api ◐ throttled · 12 s  09:31:07 UTC "},
		{134, " ticktop  1 Overview  2 Positions  3 Market  4 Health  ACC-1001 … redis ● 0.3 ms  pubsub ● 1,012/s  api ◐ throttled · 12 s  09:31:07 "},
		{120, " ticktop  1 Overview  2 Positions  3 Market  4 Health  ACC-1001 … redis ●  pubsub ●  api ◐ throttled · 12 s  09:31:07 "},
		{106, " ticktop  1  2 Positions  3  4  ACC-1001 … redis ●  pubsub ●  api ◐ throttled · 12 s  09:31:07 "},
		{91, " 1  2 Positions  3  4  ACC-1001 … redis ●  pubsub ●  api ◐ throttled · 12 s  09:31:07 "},
		{84, " 1  2 Positions  3  4  ACC-1001 … redis ●  pubsub ●  api ◐ throttled  09:31:07 "},
		{74, " 1  2 Positions  3  4 … redis ●  pubsub ●  api ◐ throttled  09:31:07 "},
		{66, " 2/4 Positions … redis ●  pubsub ●  api ◐ throttled  09:31:07 "},
		{60, " 2/4 Positions … redis ●  pubsub ●  api ◐ throttled "},
		{48, " 2/4 Positions … redis ●  pubsub ●  api ◐ 12 s "},
	} {
		b := bar()
		line, tabs := b.Append(nil, palette(theme.ProfileTrue, theme.Braille), c.w, nil)
		widgettest.Picture(t, string(line), c.w, 1)
		got := ansi.Strip(string(line))
		left, right, _ := strings.Cut(c.want, " … ")
		if !strings.HasPrefix(got, left) || !strings.HasSuffix(got, " "+right) || strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(got, left), right)) != "" {
			t.Errorf("%d:\ngot  %q\nwant %q", c.w, got, c.want)
		}
		for _, tab := range tabs {
			if text := string([]rune(got)[tab.From:tab.To]); !strings.HasPrefix(text, fmt.Sprint(tab.Page+1)) {
				t.Errorf("%d: tab %d is at %q", c.w, tab.Page, text)
			}
		}
	}
}

// TestBarAtEveryWidth, with good and bad names, is exact and figures that grow
// move nothing.
func TestBarAtEveryWidth(t *testing.T) {
	long := bar()
	long.Account = safe(strings.Repeat("漢", 200))
	long.Pages[1] = safe(strings.Repeat("x\u0301", 300))
	for w := 1; w < 320; w += 1 + w/40 {
		for _, b := range []Bar{bar(), long, {}} {
			for _, p := range []*theme.Palette{palette(theme.ProfileTrue, theme.Braille), palette(theme.ProfileNone, theme.ASCII), palette(theme.ProfileMono, theme.Block)} {
				line, _ := b.Append(nil, p, w, nil)
				if err := widgettest.Examine(string(line), w, 1); err != nil {
					t.Fatalf("%d: %v: %q", w, err, line)
				}
			}
		}
	}
	fast, slow := bar(), bar()
	fast.Sources[0].RTT, slow.Sources[0].RTT = 100*time.Microsecond, 41*time.Millisecond
	fast.Sources[1].Rate, slow.Sources[1].Rate = 3, 999
	a, _ := fast.Append(nil, palette(theme.ProfileNone, theme.Braille), 170, nil)
	b, _ := slow.Append(nil, palette(theme.ProfileNone, theme.Braille), 170, nil)
	for _, word := range []string{"redis", "pubsub", "api", "09:31:07"} {
		if strings.Index(string(a), word) != strings.Index(string(b), word) {
			t.Errorf("%s moved:\n%s\n%s", word, a, b)
		}
	}
}

// TestBarInTrouble: with every source away the words stay at 80 columns.
func TestBarInTrouble(t *testing.T) {
	b := bar()
	for id := range b.Sources {
		b.Sources[id] = datasource.Status{Light: datasource.LightDown, Fault: &datasource.Fault{Class: datasource.ClassRefused, RetryAt: at.Add(2 * time.Second)}}
	}
	line, _ := b.Append(nil, palette(theme.ProfileNone, theme.Braille), 80, nil)
	widgettest.Picture(t, string(line), 80, 1)
	if want := "redis ✕ refused  pubsub ✕ refused  api ✕ refused"; !strings.Contains(ansi.Strip(string(line)), want) {
		t.Errorf("got %q, want %q in it", line, want)
	}
}

func TestLights(t *testing.T) {
	b := bar()
	b.Sources[0] = datasource.Status{Light: datasource.LightDown, Fault: &datasource.Fault{Class: datasource.ClassRefused, RetryAt: at.Add(1500 * time.Millisecond)}}
	b.Sources[1] = datasource.Status{Light: datasource.LightConnecting}
	b.Sources[2] = datasource.Status{Light: datasource.LightDown}
	for symbols, want := range map[theme.Symbols]string{
		theme.Braille: "redis ✕ refused · 2 s   pubsub ◌ connecting   api ✕ down",
		theme.ASCII:   "redis x refused · 2 s   pubsub . connecting   api x down",
	} {
		line, _ := b.Append(nil, palette(theme.ProfileNone, symbols), 200, nil)
		if !strings.Contains(string(line), want) {
			t.Errorf("%v: %q", symbols, line)
		}
	}
}
func TestFooter(t *testing.T) {
	f := Footer{Hints: []Hint{{"?", "help"}, {":", "command"}, {"p", "pause"}}, Notice: safe("6 flags on the API, 1 quote stale"), Role: theme.Warn, Hint: Hint{"E", "why"}}
	for w, want := range map[int]string{
		100: " ? help   : command   p pause                                6 flags on the API, 1 quote stale  E why ",
		60:  " ? help          6 flags on the API, 1 quote stale  E why ",
		40:  " ? help   6 flags on the API…  E why ",
	} {
		line := f.Append(nil, palette(theme.ProfileTrue, theme.Braille), w)
		widgettest.Picture(t, string(line), w, 1)
		got := strings.Join(strings.Fields(ansi.Strip(string(line))), " ")
		if got != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%d: %q", w, got)
		}
	}
	for w := 1; w < 120; w++ {
		widgettest.Picture(t, string(f.Append(nil, palette(theme.ProfileMono, theme.ASCII), w)), w, 1)
		b := Banner{Mark: "PAUSED", Text: f.Notice, Keys: f.Hints, Bad: w%2 == 0}
		widgettest.Picture(t, string(b.Append(nil, palette(theme.ProfileTrue, theme.Braille), w)), w, 1)
	}
}

// TestOver: a box over text with wide characters and styles leaves every line
// as wide as it was, and the cells beside the box as they were.
func TestOver(t *testing.T) {
	red, off := "\x1b[0;31m", "\x1b[m"
	screen := strings.Join([]string{
		red + "0123456789" + off,
		"漢字漢字漢",
		red + "漢字" + off + "漢字" + red + "漢" + off,
		"0123456789",
	}, "\n")
	got := Over(screen, 10, "ABC\nDEF", 3, 1, 3)
	widgettest.Picture(t, got, 10, 4)
	want := []string{"0123456789", "漢 ABC漢漢", "漢 DEF漢漢", "0123456789"}
	want[1], want[2] = "漢 ABC字漢", "漢 DEF字漢"
	for i, line := range strings.Split(ansi.Strip(got), "\n") {
		if line != want[i] {
			t.Errorf("line %d: %q, want %q", i, line, want[i])
		}
	}
	for x := range 8 {
		for y := range 3 {
			widgettest.Picture(t, Over(screen, 10, "ABC\nDEF", x, y, 3), 10, 4)
		}
	}
}

func TestCard(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3, 2}, {20, 5}, {59, 15}, {200, 60}} {
		pic := Card(palette(theme.ProfileTrue, theme.Braille), size[0], size[1], "ticktop needs 60×16", safe("this window is smaller"), safe(strings.Repeat("漢", 100)), safe("a\x1b[2Jb"))
		widgettest.Picture(t, pic, size[0], size[1])
	}
}

func TestBox(t *testing.T) {
	b := Box{Title: safe("Events"), Cursor: 1, Note: "q close", Prompt: "/ ", Input: safe("x"), Empty: "none"}
	for i := range 30 {
		b.Rows = append(b.Rows, Row{{Role: theme.Label, Text: fmt.Sprint(i), W: 4, Right: true}, {Text: " "}, {Role: theme.Strong, Text: strings.Repeat("長", i), W: 12}, {Role: theme.Key, Text: "end", W: -1, Right: true}})
	}
	for w := 1; w < 90; w += 7 {
		for h := 1; h < 40; h += 3 {
			widgettest.Picture(t, b.Draw(palette(theme.ProfileTrue, theme.Braille), w, h), w, h)
			widgettest.Picture(t, (&Box{Empty: "none", Cursor: -1}).Draw(palette(theme.ProfileMono, theme.ASCII), w, h), w, h)
		}
	}
	if got := ansi.Strip(b.Draw(palette(theme.ProfileNone, theme.Braille), 60, 12)); !strings.Contains(got, "q close · 8 of 30") {
		t.Errorf("the place in the list is not told:\n%s", got)
	}
}
