package broadcast

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource/testkit/hostile"
)

// emulator is a terminal with its own opinion about the width of characters.
// It has no next line to go to (DECAWM off), and half of a wide character that
// is written over leaves a blank, as terminals do.
type emulator struct {
	w, h, x, y int
	width      func(rune) int
	cells      [][]string
}

func newEmulator(w, h int, width func(rune) int) *emulator {
	t := &emulator{w: w, h: h, width: width, cells: make([][]string, h)}
	for y := range t.cells {
		t.erase(y, 0)
	}
	return t
}

func (t *emulator) erase(y, from int) {
	if t.cells[y] == nil {
		t.cells[y] = make([]string, t.w)
	}
	for x := from; x < t.w; x++ {
		t.cells[y][x] = " "
	}
}

func (t *emulator) feed(b []byte) {
	for s := string(b); s != ""; {
		if s[0] != 0x1b {
			r := []rune(s)[0]
			t.put(r)
			s = s[len(string(r)):]
			continue
		}
		end := strings.IndexAny(s[2:], "mHJKhl") + 3
		arg, final := s[2:end-1], s[end-1]
		s = s[end:]
		switch final {
		case 'H':
			row, col, _ := strings.Cut(arg, ";")
			t.y, _ = strconv.Atoi(row)
			t.x = 1
			if col != "" {
				t.x, _ = strconv.Atoi(col)
			}
			t.x, t.y = t.x-1, t.y-1
		case 'J':
			for y := range t.cells {
				t.erase(y, 0)
			}
		case 'K':
			t.clear(t.x)
			t.erase(t.y, t.x)
		}
	}
}

// clear blanks the other half of a wide character at x.
func (t *emulator) clear(x int) {
	line := t.cells[t.y]
	if line[x] == "" && x > 0 {
		line[x-1] = " "
	}
	if x+1 < t.w && line[x+1] == "" {
		line[x+1] = " "
	}
}

func (t *emulator) put(r rune) {
	line, n := t.cells[t.y], t.width(r)
	if n == 0 {
		if t.x > 0 {
			line[t.x-1] += string(r)
		}
		return
	}
	x := min(t.x, t.w-1)
	if x+n > t.w {
		return // there is no space, and no next line
	}
	for i := range n {
		t.clear(x + i)
		line[x+i] = ""
	}
	line[x] = string(r)
	t.x = x + n
}

// runeWidths are widths that terminals in use give to a rune.
var runeWidths = map[string]func(rune) int{
	"by rune": func(r rune) int { return ansi.StringWidthWc(string(r)) },
	"marks take a cell": func(r rune) int {
		return max(1, ansi.StringWidthWc(string(r)))
	},
	"emoji are narrow": func(r rune) int {
		if r >= 0x1f000 && r < 0x20000 || r >= 0x2600 && r < 0x2800 {
			return 1
		}
		return ansi.StringWidthWc(string(r))
	},
	"emoji are wide, whole or not": func(r rune) int {
		switch {
		case widthVaries(r) || unicode.Is(unicode.M, r) || r == 0x200d:
			return 2
		}
		return ansi.StringWidthWc(string(r))
	},
}

// certain are the cells of a screen about which nobody disagrees.
func certain(l *line, x int) (string, bool) {
	switch c := l.cells[x]; {
	case c.r > 0:
		return string(c.r), !widthVaries(c.r)
	case c.r < 0:
		return "", false
	case x > 0 && (l.cells[x-1].r < 0 || widthVaries(l.cells[x-1].r)):
		return "", false
	}
	return "", true
}

// ambiguousPieces are pieces of frames with all that terminals draw in more than
// one way, next to borders and figures.
var ambiguousPieces = append([]string{
	"👨\u200d👩\u200d👧\u200d👦", "🇪🇺🇺🇸", "🇯", "❤\ufe0f", "1\ufe0f\u20e3", "👍🏽", "⚡", "🌡", "क्षि", "กำ", "\u1112\u1161\u11ab", "﷽", "a\u0903", "Z\u0301\u0302",
	"👨" + strings.Repeat("\u200d👨", 200), strings.Repeat("\u1100", 300), "👍" + strings.Repeat("🏻", 300), "│", "1.0834", "│ 0.52 % │", "        ", "漢字",
}, pieces...)

func ambiguousFrame(r *rand.Rand, w, h int, from []string) []string {
	lines := make([]string, h)
	for y := range lines {
		if from != nil && r.IntN(3) == 0 {
			lines[y] = from[y]
			continue
		}
		var b strings.Builder
		for n := r.IntN(w); n > 0; n-- {
			b.WriteString(ambiguousPieces[r.IntN(len(ambiguousPieces))])
		}
		lines[y] = b.String() + "\x1b[m"
		if old := []rune(lines[y]); from != nil && r.IntN(2) == 0 { // a change in the middle
			old[r.IntN(len(old))] = '7'
			lines[y] = string(old)
		}
	}
	return lines
}

func checkDiffOnTerminals(t *testing.T, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 3))
	w, h := 1+r.IntN(60), 1+r.IntN(4)
	st := NewStyles()
	terms := map[string]*emulator{}
	for name, width := range runeWidths {
		terms[name] = newEmulator(w, h, width)
	}
	var screen *Screen
	var lines []string
	for range 8 {
		lines = ambiguousFrame(r, w, h, lines)
		next := Parse(screen, strings.Join(lines, "\n"), w, h, st)
		diff := next.Diff(screen, st)
		for name, tm := range terms {
			tm.feed(diff)
			for y := range next.lines {
				for x := range w {
					if text, ok := certain(&next.lines[y], x); ok && tm.cells[y][x] != text {
						t.Fatalf("seed %d, %s: cell %d,%d is %q, want %q", seed, name, x, y, tm.cells[y][x], text)
					}
				}
			}
		}
		screen = next
	}
}

// TestScreenDiff_WidthsDiffer_BordersStay: whatever a terminal makes of emoji, flags, selectors
// and marks, every other cell is where it should be, and stays so when things
// change.
func TestScreenDiff_WidthsDiffer_BordersStay(t *testing.T) {
	for seed := range uint64(300) {
		checkDiffOnTerminals(t, seed)
	}
}

// FuzzScreenDiff: whatever two frames hold, what turns one into the other is
// text and the sequences of Diff, no longer than a few times both, and every
// terminal has the certain cells where they should be.
func FuzzScreenDiff(f *testing.F) {
	for i, piece := range ambiguousPieces {
		f.Add(piece+"│", "│ 1.0834 │"+ambiguousPieces[(i+7)%len(ambiguousPieces)], uint8(20))
	}
	for _, c := range hostile.Texts() {
		if len(c.In) < 1<<11 {
			f.Add("│ "+c.In+" │\n"+c.In, c.In+" │", uint8(40))
		}
	}
	f.Fuzz(func(t *testing.T, before, after string, width uint8) {
		w, h := 1+int(width), 2
		st, tm := NewStyles(), newTerm(w, h)
		a := Parse(nil, before, w, h, st)
		b := Parse(a, after, w, h, st)
		for i, diff := range [][]byte{a.Diff(nil, st), b.Diff(a, st)} {
			if err := tm.feed(diff); err != nil {
				t.Fatal(err)
			}
			if bad := bytes.IndexFunc(diff, func(r rune) bool { return r != 0x1b && hidden(r) }); bad >= 0 {
				t.Errorf("wrote %+q", diff[bad:min(len(diff), bad+8)])
			}
			screen := []*Screen{a, b}[i]
			check(t, tm, screen, st)
		}
		for name, width := range runeWidths {
			o := newEmulator(w, h, width)
			o.feed(a.Diff(nil, st))
			o.feed(b.Diff(a, st))
			for y := range b.lines {
				for x := range w {
					if text, ok := certain(&b.lines[y], x); ok && o.cells[y][x] != text {
						t.Fatalf("%s: cell %d,%d is %q, want %q", name, x, y, o.cells[y][x], text)
					}
				}
			}
		}
	})
}

// TestClustersAreBounded: a character of a thousand runes is refused, and takes
// the space that it was given.
func TestClustersAreBounded(t *testing.T) {
	for in, want := range map[string]string{
		strings.Repeat("\u1100", 1000):                "\ufffd │",
		"👍" + strings.Repeat("🏻", 1000):               "\ufffd │",
		"ｶ" + strings.Repeat("ﾞ", 1000):               "\ufffd│",
		"👩🏽\u200d❤\ufe0f\u200d💋\u200d👩🏽":              "👩🏽\u200d❤\ufe0f\u200d💋\u200d👩🏽│",
		"👨\u200d👩\u200d👧\u200d👦":                      "👨\u200d👩\u200d👧\u200d👦│",
		"👨" + strings.Repeat("\u200d👨", 1000):         "\ufffd │",
		strings.Repeat("\u0915\u094d", 99) + "\u0915": "\ufffd│",
	} {
		s := Parse(nil, in+"│", 20, 1, NewStyles())
		var got strings.Builder
		for _, c := range s.lines[0].cells {
			switch {
			case c.r > 0:
				got.WriteRune(c.r)
			case c.r < 0:
				got.WriteString(s.lines[0].clusters[-c.r-1])
			}
		}
		if g := strings.TrimRight(got.String(), " "); g != want {
			t.Errorf("%.20q: %+q, want %+q", in, g, want)
		}
	}
}
