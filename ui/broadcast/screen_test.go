package broadcast

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// term is a terminal that understands what Diff may send, and nothing else:
// any other sequence is an error.
type term struct {
	w, h  int
	x, y  int
	style string
	cells [][]string // "style|grapheme", "" for the right half of a wide one
}

func newTerm(w, h int) *term {
	t := &term{w: w, h: h}
	t.erase()
	return t
}

func (t *term) erase() {
	t.cells = make([][]string, t.h)
	for y := range t.cells {
		t.cells[y] = make([]string, t.w)
		for x := range t.cells[y] {
			t.cells[y][x] = "| "
		}
	}
}

func (t *term) feed(b []byte) error {
	s := string(b)
	for len(s) > 0 {
		if s[0] != 0x1b {
			g, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
			s = s[len(g):]
			if w == 0 || t.x+w > t.w || t.y >= t.h {
				return fmt.Errorf("grapheme %q of %d cells at %d,%d", g, w, t.x, t.y)
			}
			t.cells[t.y][t.x] = t.style + "|" + g
			for i := 1; i < w; i++ {
				t.cells[t.y][t.x+i] = ""
			}
			t.x += w
			continue
		}
		end := strings.IndexAny(s[2:], "mHJKhl") + 3
		seq := s[:end]
		s = s[end:]
		arg := seq[2 : len(seq)-1]
		switch seq[len(seq)-1] {
		case 'm':
			switch {
			case seq == "\x1b[m":
				t.style = ""
			case resets(seq):
				t.style = seq
			default:
				t.style += seq
			}
		case 'H':
			row, col, _ := strings.Cut(arg, ";")
			t.y, _ = strconv.Atoi(row)
			t.x = 1
			if col != "" {
				t.x, _ = strconv.Atoi(col)
			}
			t.x, t.y = t.x-1, t.y-1
		case 'J':
			t.erase()
		case 'K':
			for x := t.x; x < t.w; x++ {
				t.cells[t.y][x] = "| "
			}
		case 'h', 'l':
			if arg != "?2026" {
				return fmt.Errorf("mode %q", seq)
			}
		default:
			return fmt.Errorf("sequence %q", seq)
		}
	}
	return nil
}

// want is the screen's own cells in the terminal's notation.
func want(s *Screen, st *Styles) [][]string {
	out := make([][]string, s.H)
	for y, l := range s.lines {
		for _, c := range l.cells {
			style := strings.TrimPrefix(st.seq[c.style], "\x1b[m")
			switch {
			case c.r == 0:
				out[y] = append(out[y], "")
			case c.r > 0:
				out[y] = append(out[y], style+"|"+string(c.r))
			default:
				out[y] = append(out[y], style+"|"+l.clusters[-c.r-1])
			}
		}
	}
	return out
}

func check(t *testing.T, tm *term, s *Screen, st *Styles) {
	t.Helper()
	exp := want(s, st)
	for y := range exp {
		for x := range exp[y] {
			if got := tm.cells[y][x]; got != exp[y][x] {
				t.Fatalf("cell %d,%d: terminal has %q, screen %q", x, y, got, exp[y][x])
			}
		}
	}
}

// pieces of frames: plain, wide, joined, combining, drawn.
var pieces = []string{
	"a", "EURUSD", " ", "      ", "─", "│", "⣀⡠", "漢", "字", "é", "e\u0301", "👨\u200d👩\u200d👧", "🇩🇪", "❤\ufe0f", "…", "▲", "◐",
	"\x1b[m", "\x1b[0;31m", "\x1b[0;1;38;2;1;2;3m", "\x1b[0;44m",
}

func picture(r *rand.Rand, w, h int, from []string) []string {
	lines := make([]string, h)
	for y := range lines {
		if from != nil && r.IntN(3) > 0 {
			lines[y] = from[y]
			continue
		}
		var b strings.Builder
		for n := r.IntN(w + 8); b.Len() < n; {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		b.WriteString("\x1b[m")
		lines[y] = b.String()
	}
	return lines
}

func TestDiffTurnsOneScreenIntoAnother(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		w, h := 1+r.IntN(40), 1+r.IntN(8)
		st := NewStyles()
		tm := newTerm(w, h)
		var screen, behind *Screen
		var lines []string
		late := newTerm(w, h)
		for frame := range 12 {
			lines = picture(r, w, h, lines)
			next := Parse(screen, strings.Join(lines, "\n"), w, h, st)
			if err := tm.feed(next.Diff(screen, st)); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			check(t, tm, next, st)
			if frame%3 == 0 { // a terminal that takes every third frame
				if err := late.feed(next.Diff(behind, st)); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				check(t, late, next, st)
				behind = next
			}
			screen = next
		}
	}
}

func TestParseIsAGate(t *testing.T) {
	st := NewStyles()
	for _, in := range []string{
		"\x1b]52;c;aGk=\x07", "\x1b[2J\x1b[H", "\x1bPq\x1b\\", "a\rb", "\x1b", "\x1b[", "\x1b[31", "\x9b2J", "\u009b2J",
		"\x1b[?1049l", "\x00\x07\x08", "\xff\xfe", "\x1b[31;m", "\x1b[" + strings.Repeat("1;", 100) + "m",
		"1.\u202e0834", "a\u2066b", "A\U000e0041\U000e007f", "a\u200bb", "x\u00ad", "\ue000", "a\u2028b", "\u0600\u0601x", "❤\u202e\ufe0f",
	} {
		s := Parse(nil, in+"\x1b[m", 20, 2, st)
		tm := newTerm(20, 2)
		diff := s.Diff(nil, st)
		if err := tm.feed(diff); err != nil {
			t.Errorf("%q: %v", in, err)
		}
		if i := bytes.IndexFunc(diff, func(r rune) bool {
			return r != 0x1b && r != '\u200d' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
		}); i >= 0 {
			t.Errorf("%q wrote %q", in, diff[i:])
		}
	}
}

func TestDiffIsSmallAndShared(t *testing.T) {
	st := NewStyles()
	rows := make([]string, 45)
	for i := range rows {
		rows[i] = strings.Repeat("x", 150) + strings.Repeat(" ", 10)
	}
	a := Parse(nil, strings.Join(rows, "\n"), 160, 45, st)
	rows[7] = "1.08342" + rows[7][7:]
	b := Parse(a, strings.Join(rows, "\n"), 160, 45, st)
	d := b.Diff(a, st)
	if len(d) > 64 {
		t.Errorf("seven changed cells cost %d bytes: %q", len(d), d)
	}
	if again := b.Diff(a, st); &again[0] != &d[0] {
		t.Error("the same difference was computed twice")
	}
	if b.Diff(b, st) != nil {
		t.Error("no change has bytes")
	}
	if &b.lines[8].cells[0] != &a.lines[8].cells[0] {
		t.Error("an unchanged line was parsed again")
	}
}

func TestStylesAreBounded(t *testing.T) {
	st := NewStyles()
	for i := range 3 * maxStyles {
		st.id(fmt.Sprintf("\x1b[0;38;5;%dm", i))
	}
	if len(st.seq) > maxStyles {
		t.Errorf("%d styles kept", len(st.seq))
	}
}

// benchFrame is a page like the overview: 160×45, a third of it changing.
func benchFrame(r *rand.Rand) string {
	var b strings.Builder
	for y := range 45 {
		b.WriteString("\x1b[0;90m│\x1b[m ")
		if y%3 == 0 {
			for range 6 {
				fmt.Fprintf(&b, "\x1b[0;1;38;2;86;180;233m%12.5f\x1b[m ▲ \x1b[0;90m%6d\x1b[m ", r.Float64()*100, r.IntN(10000))
			}
		} else {
			b.WriteString(strings.Repeat("label   1,234.50   ⣀⡠⠤⠒ ", 5))
		}
		b.WriteString("\x1b[0;90m│\x1b[m\n")
	}
	return b.String()
}

func BenchmarkFrame(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	pics := make([]string, 16)
	for i := range pics {
		pics[i] = benchFrame(r)
	}
	st := NewStyles()
	screen := Parse(nil, pics[0], 160, 45, st)
	b.ReportAllocs()
	n := 0
	for i := 0; b.Loop(); i++ {
		next := Parse(screen, pics[i%len(pics)], 160, 45, st)
		n += len(next.Diff(screen, st))
		screen = next
	}
	b.ReportMetric(float64(n)/float64(b.N), "bytes/frame")
}
