//go:build linux || darwin

package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// cell is one place of a screen: what stands there and the SGR it was written
// with. The right half of a wide character has no text.
type cell struct{ text, style string }

// screen is a terminal that understands what ticktop may send, and nothing
// else: anything it does not know is a violation. It is the allow-list of
// RELIABILITY.md, section 2.
type screen struct {
	w, h  int
	x, y  int
	style string
	cells [][]cell

	modes     map[int]bool // DECSET
	title     string
	clipboard []string // what OSC 52 put there, newest last
	wrapped   int      // of those, how many came through tmux or screen
	bells     int
	notes     []string // desktop notifications
	styles    map[string]bool

	pending    []byte   // an unfinished sequence or character
	violations []string // bounded
	resized    bool     // pictures of the size before may still come
	free       bool     // a shell writes here too: the main screen is its own
	plain      bool     // no terminal: lines of text only
	old        bool     // it knows runes and no characters made of several
	answer     func(string)
}

func newScreen(w, h int, answer func(string)) *screen {
	s := &screen{modes: map[int]bool{7: true, 25: true}, styles: map[string]bool{}, answer: answer}
	s.resize(w, h)
	s.resized = false
	return s
}

func (s *screen) resize(w, h int) {
	old := s.cells
	s.w, s.h, s.resized = w, h, true
	s.cells = make([][]cell, h)
	for y := range s.cells {
		s.cells[y] = blanks(w)
		if y < len(old) {
			copy(s.cells[y], old[y])
		}
	}
	s.x, s.y = min(s.x, w-1), min(s.y, h-1)
}

func blanks(w int) []cell {
	l := make([]cell, w)
	for x := range l {
		l[x].text = " "
	}
	return l
}

func (s *screen) violate(format string, args ...any) {
	if len(s.violations) < 20 {
		s.violations = append(s.violations, fmt.Sprintf(format, args...))
	}
}

// feed takes what was read from the terminal's other side.
func (s *screen) feed(b []byte) {
	s.pending = append(s.pending, b...)
	for len(s.pending) > 0 {
		n := s.step(s.pending)
		if n == 0 {
			break
		}
		s.pending = s.pending[n:]
	}
}

// step takes one thing and returns its length, 0 when it is not whole yet.
func (s *screen) step(b []byte) int {
	switch c := b[0]; {
	case c == 0x1b:
		return s.escape(b)
	case c < 0x20 || c == 0x7f:
		s.control(c)
		return 1
	}
	end := bytes.IndexFunc(b, func(r rune) bool { return r < 0x20 || r == 0x7f })
	if end < 0 { // the last character may go on in what is read next
		for next := 0; next < len(b) && utf8.FullRune(b[next:]); {
			g, _ := ansi.FirstGraphemeCluster(b[next:], ansi.GraphemeWidth)
			end, next = next, next+len(g)
		}
	}
	s.print(string(b[:max(end, 0)]))
	return max(end, 0)
}

func (s *screen) control(c byte) {
	switch {
	case c == 7:
		s.bells++
	case s.modes[1049]:
		s.violate("control character %#x on the dashboard", c)
	case c == '\r':
		s.x = 0
	case c == '\n':
		if s.y++; s.y >= s.h {
			s.cells = append(s.cells[1:], blanks(s.w))
			s.y = s.h - 1
		}
	case c == 8 && s.free:
		s.x = max(s.x-1, 0)
	case !s.free:
		s.violate("control character %#x", c)
	}
}

func (s *screen) print(text string) {
	for len(text) > 0 {
		g, w := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		text = text[len(g):]
		s.checkText(g, w)
		if s.old {
			s.printRunes(g)
			continue
		}
		if s.x+w > s.w {
			if s.modes[1049] && !s.resized {
				s.violate("%q does not fit at %d,%d of %d×%d", g, s.x, s.y, s.w, s.h)
			}
			if s.modes[1049] {
				continue
			}
			s.control('\r')
			s.control('\n')
		}
		if s.y >= s.h || w == 0 {
			continue
		}
		s.put(g, w)
	}
}

// printRunes prints as a terminal does that gives each rune its own cells:
// a family takes eight, a heart one. What does not fit is lost where there is
// no next line.
func (s *screen) printRunes(g string) {
	for _, r := range g {
		w := ansi.StringWidthWc(string(r))
		if s.x+w > s.w && !s.modes[7] {
			s.x = s.w - w
		}
		if w == 0 || s.y >= s.h || s.x+w > s.w {
			continue
		}
		s.put(string(r), w)
	}
}

// checkText looks at one character: none that acts on a terminal or that hides.
func (s *screen) checkText(g string, w int) {
	for i, r := range g {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(g[i:], "\ufffd"):
			s.violate("bad UTF-8 %q", g)
		case r == '\u200d' || r == '\ufe0f':
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs):
			s.violate("character %U in %q", r, g)
		}
	}
	if w == 0 {
		s.violate("%q takes no space", g)
	}
}

func (s *screen) put(g string, w int) {
	line := s.cells[s.y]
	if line[s.x].text == "" && s.x > 0 { // the right half of a wide one
		line[s.x-1].text = " "
	}
	line[s.x] = cell{g, s.style}
	for i := 1; i < w; i++ {
		line[s.x+i] = cell{"", s.style}
	}
	if s.x += w; s.x < s.w && line[s.x].text == "" {
		line[s.x].text = " "
	}
}

func (s *screen) escape(b []byte) int {
	if s.plain {
		s.violate("an escape sequence: %q", b[:min(len(b), 20)])
	}
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '[':
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				s.csi(string(b[2:i]), b[i])
				return i + 1
			}
		}
		return 0
	case ']':
		return s.text(b, s.osc)
	case 'P':
		return s.text(b, s.dcs)
	}
	if !s.free || s.modes[1049] {
		s.violate("sequence %q", b[:2])
	}
	return 2
}

// text takes a sequence that ends with BEL or ST. Within tmux's own, ESC is
// doubled and ends nothing.
func (s *screen) text(b []byte, do func(string)) int {
	for i := 2; i < len(b); i++ {
		switch {
		case b[i] == 7 && b[1] == ']':
			do(string(b[2:i]))
			return i + 1
		case b[i] == 0x1b && i+1 < len(b) && b[i+1] == '\\':
			do(string(b[2:i]))
			return i + 2
		case b[i] == 0x1b && i+1 < len(b):
			i++
		}
	}
	return 0
}

var sgr = regexp.MustCompile(`^[0-9;:]*$`)

func (s *screen) csi(arg string, final byte) {
	switch {
	case final == 'm' && sgr.MatchString(arg):
		s.style = strings.TrimPrefix(strings.TrimPrefix(arg, "0"), ";")
		s.styles[s.style] = true
	case final == 'H' && sgr.MatchString(arg):
		s.move(arg)
	case final == 'J' && arg == "2":
		for y := range s.cells {
			s.cells[y] = blanks(s.w)
		}
		s.resized = false
	case final == 'K' && (arg == "" || arg == "0"):
		if s.y < s.h && s.x < s.w {
			copy(s.cells[s.y][s.x:], blanks(s.w-s.x))
		}
	case (final == 'h' || final == 'l') && strings.HasPrefix(arg, "?"):
		s.mode(arg[1:], final == 'h')
	case final == 'c' && arg == "":
		s.answer("\x1b[?62;22c")
	case final == 'p' && strings.HasPrefix(arg, "?") && strings.HasSuffix(arg, "$"):
		s.answer("\x1b[" + strings.TrimSuffix(arg, "$") + ";2$y")
	default:
		if !s.free || s.modes[1049] {
			s.violate("sequence CSI %s %c", strconv.Quote(arg), final)
		}
	}
}

func (s *screen) move(arg string) {
	row, col, _ := strings.Cut(arg, ";")
	y, _ := strconv.Atoi(row)
	x, _ := strconv.Atoi(col)
	s.y, s.x = max(y, 1)-1, max(x, 1)-1
	if (s.y >= s.h || s.x >= s.w) && !s.resized {
		s.violate("cursor to %s of %d×%d", arg, s.w, s.h)
	}
}

// the modes that a dashboard may set: line wrap, cursor, paste, mouse, alternate
// screen, synchronised output.
func (s *screen) mode(arg string, on bool) {
	for _, m := range strings.Split(arg, ";") {
		n, _ := strconv.Atoi(m)
		switch n {
		case 7, 25, 1002, 1003, 1006, 1049, 2004, 2026:
			s.modes[n] = on
		case 1000:
			if on {
				s.violate("mode ?1000")
			}
		default:
			s.violate("mode ?%s", m)
		}
		if n == 1049 && on {
			s.style = ""
			for y := range s.cells {
				s.cells[y] = blanks(s.w)
			}
		}
	}
}

// ours are the titles of our own: with a count of alerts, or given back empty.
var ours = regexp.MustCompile(`^$|^(\(!\d+\) )?ticktop`)

var colour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

func (s *screen) osc(text string) {
	code, arg, _ := strings.Cut(text, ";")
	switch {
	case code == "2":
		s.title = arg
		if !ours.MatchString(arg) || ansi.StringWidth(arg) > 80 {
			s.violate("title %q", arg)
		}
		for len(arg) > 0 {
			g, w := ansi.FirstGraphemeCluster(arg, ansi.GraphemeWidth)
			s.checkText(g, w)
			arg = arg[len(g):]
		}
	case (code == "10" || code == "11") && arg == "?":
		s.answer("\x1b]" + code + ";rgb:" + map[string]string{"10": "dddd/dddd/dddd", "11": "1111/1111/1111"}[code] + "\x1b\\")
	case code == "11" && colour.MatchString(arg), code == "111" && arg == "":
	case code == "52" && strings.HasPrefix(arg, "c;"):
		b, err := base64.StdEncoding.DecodeString(arg[2:])
		if err != nil {
			s.violate("OSC 52: %v", err)
		}
		s.clipboard = append(s.clipboard, string(b))
	case code == "9", code == "777", code == "99":
		s.notes = append(s.notes, arg)
	default:
		if !s.free || s.modes[1049] {
			s.violate("sequence OSC %q", text)
		}
	}
}

// dcs takes what is wrapped for the terminal around tmux or screen: a copy.
func (s *screen) dcs(text string) {
	inner, tmux := strings.CutPrefix(text, "tmux;")
	if tmux {
		inner = strings.ReplaceAll(inner, "\x1b\x1b", "\x1b")
	}
	inner, ok := strings.CutPrefix(inner, "\x1b]52;")
	inner = strings.TrimRight(inner, "\x07\x1b\\")
	if !ok || strings.ContainsAny(inner, "\x1b\x07") {
		s.violate("sequence DCS %q", text)
		return
	}
	s.wrapped++
	s.osc("52;" + inner)
}

// line is the text of a row, blanks at the end left out.
func (s *screen) line(y int) string {
	var b strings.Builder
	for _, c := range s.cells[y] {
		b.WriteString(c.text)
	}
	return strings.TrimRight(b.String(), " ")
}

// whole reports whether no frame is half drawn: a terminal that knows
// synchronised updates shows nothing else.
func (s *screen) whole() bool { return !s.modes[2026] }

// flush takes what was held back for more to come.
func (s *screen) flush() {
	text := string(s.pending)
	s.pending = nil
	if strings.ContainsRune(text, '\x1b') {
		s.violate("unfinished %q", text)
		return
	}
	s.print(text)
}

func (s *screen) String() string {
	lines := make([]string, s.h)
	for y := range lines {
		lines[y] = s.line(y)
	}
	return strings.Join(lines, "\n")
}

func (s *screen) has(text string) bool { return strings.Contains(s.String(), text) }

// find returns the cell where a text begins; ok is false when it is nowhere.
func (s *screen) find(text string) (x, y int, ok bool) {
	for y := range s.h {
		if i := strings.Index(s.line(y), text); i >= 0 {
			return ansi.StringWidth(s.line(y)[:i]), y, true
		}
	}
	return 0, 0, false
}
