package draw

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

func safe(s string) datasource.Safe { return datasource.Clean(s, datasource.MaxCell) }

// plain is a palette without escape sequences, so that pictures can be read.
func plain() *theme.Palette { return theme.Compile(nil, theme.ProfileNone, theme.Braille) }

// TestPanel shows what a panel looks like; each case is one picture.
func TestPanel(t *testing.T) {
	for _, c := range []struct {
		name string
		w, h int
		head Head
		fill func(p *Panel)
		want string
	}{
		{"plain", 20, 4, Head{Title: safe("Account")}, func(p *Panel) {
			p.Lit(theme.Label, "Equity").Right(theme.Strong, "48,911.20", p.Left()).EndLine()
		}, `
╭─ Account ────────╮
│ Equity 48,911.20 │
│                  │
╰──────────────────╯`},
		{"note and extra", 26, 3, Head{Title: safe("Equity"), Extra: " · 4 h", Note: safe("api · 12 s")}, nil, `
╭─ Equity · 4 h ─────────╮
│                        │
╰─────────── api · 12 s ─╯`},
		{"aside", 26, 3, Head{Title: safe("Equity"), Aside: "48.9k"}, nil, `
╭─ Equity ─────── 48.9k ─╮
│                        │
╰────────────────────────╯`},
		{"aside without space is left out", 20, 3, Head{Title: safe("Equity"), Aside: "48,911.20"}, nil, `
╭─ Equity ─────────╮
│                  │
╰──────────────────╯`},
		{"what is too long is marked", 14, 4, Head{Title: safe("Notifications"), Note: safe("no permission")}, func(p *Panel) {
			p.Lit(theme.Text, "margin call level").EndLine()
			p.Cell(theme.Text, "EURUSD", 4).Skip(1).Right(theme.Text, "1.08342", 5).EndLine()
		}, `
╭─ Notific… ─╮
│ margin ca… │
│ EUR… 1.08… │
╰─ no perm… ─╯`},
		{"lines past the last are dropped", 9, 3, Head{}, func(p *Panel) {
			for range 5 {
				p.Lit(theme.Text, "x").EndLine()
			}
		}, `
╭───────╮
│ x     │
╰───────╯`},
		{"wide characters", 13, 4, Head{Title: safe("日経平均")}, func(p *Panel) {
			p.Lit(theme.Text, "日経平均株価").EndLine()
			p.Cell(theme.Text, "日経平均", 6).Lit(theme.Text, "|").EndLine()
		}, `
╭─ 日経平… ─╮
│ 日経平均… │
│ 日経… |   │
╰───────────╯`},
		{"no space for a border", 4, 2, Head{Title: safe("T")}, func(p *Panel) { p.Lit(theme.Text, "abcdef").EndLine() }, `
abc…
    `},
		{"rule", 9, 3, Head{}, func(p *Panel) { p.Lit(theme.Text, "a").Rule() }, `
╭───────╮
│ a──── │
╰───────╯`},
		{"numbers", 15, 5, Head{}, func(p *Panel) {
			p.Number(theme.Text, number(t, "48911.2"), Fixed(2), 11).EndLine()
			p.Number(theme.Text, number(t, "48911.2"), Fixed(2), 6).Lit(theme.Text, "|").EndLine()
			p.Number(theme.Text, number(t, "1.08342"), Plain, 3).Lit(theme.Text, "|").EndLine()
		}, `
╭─────────────╮
│   48,911.20 │
│ 48.91k|     │
│   …|        │
╰─────────────╯`},
	} {
		p := NewPanel(plain(), c.w, c.h, c.head)
		if c.fill != nil {
			c.fill(p)
		}
		got, want := p.String(), strings.TrimPrefix(c.want, "\n")
		if diff := widgettest.Diff(got, want); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
		widgettest.Picture(t, got, c.w, c.h)
	}
}

// TestPanelKeepsItsSize: whatever is put on it, at every size.
func TestPanelKeepsItsSize(t *testing.T) {
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono, theme.ProfileNone} {
		pal := theme.Compile(nil, profile, theme.Braille)
		for _, c := range hostile.Texts() {
			s := safe(c.In)
			for _, size := range [...][2]int{{1, 1}, {2, 5}, {4, 3}, {5, 3}, {6, 4}, {7, 3}, {13, 6}, {40, 8}} {
				p := NewPanel(pal, size[0], size[1], Head{Title: s, Note: s, NoteRole: theme.Warn, Focused: true})
				p.On(theme.Selected).Safe(theme.Up, s).Skip(1).Safe(theme.Down, s).EndLine()
				p.Cell(theme.Text, s.String(), 9).Right(theme.Strong, s.String(), 7).To(30).Lit(theme.Bad, "x").EndLine()
				p.Say("✕", theme.Bad, s.String(), s.String())
				if err := widgettest.Examine(p.String(), size[0], size[1]); err != nil {
					t.Errorf("%s: %v in a picture of %v", c.Name, err, size)
				}
			}
		}
	}
}

func TestSelectedLineIsColouredToItsEnd(t *testing.T) {
	pal := theme.Compile(nil, theme.ProfileTrue, theme.Braille)
	p := NewPanel(pal, 12, 3, Head{})
	p.On(theme.Selected).Skip(1).Lit(theme.Up, "EUR").EndLine()
	line := strings.Split(p.String(), "\n")[1]
	if n := strings.Count(line, "48;2;44;40;62"); n != 3 {
		t.Errorf("%d runs on the background, want 3: %q", n, line)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in     string
		w, max int
		want   string
	}{
		{"no permission to read this key", 13, 4, "no permission|to read this|key"},
		{"no permission", 40, 3, "no permission"},
		{"abcdefghij", 4, 5, "abcd|efgh|ij"},
		{"one two three", 7, 1, "one tw…"},
		{"日経平均", 3, 9, "日|経|平|均"},
		{"日経", 1, 9, "日|経"},
		{"", 5, 5, ""},
		{"x", 0, 5, ""},
	} {
		if got := strings.Join(Wrap(c.in, c.w, c.max), "|"); got != c.want {
			t.Errorf("Wrap(%q, %d, %d) = %q, want %q", c.in, c.w, c.max, got, c.want)
		}
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "now", 0: "now", 999 * time.Millisecond: "now", time.Second: "1 s", 34 * time.Second: "34 s",
		2*time.Minute - 1: "119 s", 2 * time.Minute: "2 min", 119 * time.Minute: "119 min", 2 * time.Hour: "2 h",
		47 * time.Hour: "47 h", 48 * time.Hour: "2 d", 1 << 62: "146 y",
	} {
		if got := Age(d); got != want || ansi.StringWidth(got) > 7 {
			t.Errorf("Age(%v) = %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{-1: "0 s", 0: "0 s", 1: "1 s", time.Second: "1 s", 1001 * time.Millisecond: "2 s", time.Hour: "60 min"} {
		if got := Left(d); got != want {
			t.Errorf("Left(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestClock(t *testing.T) {
	now := widgettest.Now
	for at, want := range map[time.Time]string{
		now.Add(-34 * time.Second): "09:30:33", now.Add(-24 * time.Hour): "22 Nov 09:31", {}: "never",
	} {
		if got := Clock(at, now); got != want {
			t.Errorf("Clock(%v) = %q, want %q", at, got, want)
		}
	}
	tokyo := now.In(time.FixedZone("JST", 9*3600))
	if got := AgeOrClock(now, tokyo, true); got != "18:31:07" {
		t.Errorf("a stamp is not in the viewer's zone: %q", got)
	}
}

func TestMoves(t *testing.T) {
	now, pal := widgettest.Now, plain()
	for _, c := range []struct {
		dir   int8
		ago   time.Duration
		glyph string
		role  theme.Role
	}{
		{1, 0, "▲", theme.UpFlash},
		{1, -900 * time.Millisecond, "▲", theme.UpFlash}, // Now is whole seconds: the move is ahead of it
		{1, 400 * time.Millisecond, "▲", theme.Strong},
		{-1, 399 * time.Millisecond, "▼", theme.DownFlash},
		{-1, time.Hour, "▼", theme.Strong},
		{0, 0, " ", theme.Strong},
	} {
		m := datasource.Move{Dir: c.dir, MS: now.Add(-c.ago).UnixMilli()}
		if got := MoveRole(m, now, theme.Strong); got != c.role {
			t.Errorf("%+d, %v ago: %v, want %v", c.dir, c.ago, got, c.role)
		}
		if got := Arrow(pal, m.Dir); got != c.glyph {
			t.Errorf("%+d: %q, want %q", c.dir, got, c.glyph)
		}
	}
}

// TestSevenBit: the replacement of a mark is one ASCII cell, as the mark is.
func TestSevenBit(t *testing.T) {
	const marks = "…·–—×•▲▼↑↓▸●○◐✕━─│█▆µ"
	got := ForSymbols(marks, theme.ASCII)
	if Width(got) != Width(marks) || len(got) != Width(got) {
		t.Errorf("%q became %q", marks, got)
	}
	if s := "日経 é"; ForSymbols(s, theme.ASCII) != s || ForSymbols(marks, theme.Braille) != marks {
		t.Error("text of the producer's own is changed")
	}
}
