package widgettest

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// allowedSequence returns the length of the escape sequence that s begins with, when
// it is one of those that a widget may write: SGR that resets first
// ("\x1b[0;1m") and the reset ("\x1b[m"). ok is false for any other.
func allowedSequence(s string) (n int, ok bool) {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0, false
	}
	for i := len("\x1b["); i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1, i == 2 || s[2] == '0' && (i == 3 || s[3] == ';') && s[i-1] != ';'
		case c != ';' && (c < '0' || c > '9'):
			return 0, false
		}
	}
	return 0, false
}

// stripSequences returns a line's text without the allowed sequences, and the last of
// these.
func stripSequences(line string) (text, last string) {
	if strings.IndexByte(line, 0x1b) < 0 {
		return line, ""
	}
	var b strings.Builder
	b.Grow(len(line))
	for i := 0; i < len(line); {
		if n, ok := allowedSequence(line[i:]); ok {
			last = line[i : i+n]
			i += n
			continue
		}
		b.WriteByte(line[i])
		i++
	}
	return b.String(), last
}

// Picture fails the test unless a picture is what widgets.Widget promises:
// exactly h lines of exactly w cells, each ending with all styles reset, and
// nothing in it that a terminal would obey but colours.
func Picture(t testing.TB, got string, w, h int) {
	t.Helper()
	if err := Examine(got, w, h); err != nil {
		t.Errorf("%v in a picture of %d×%d:\n%s", err, w, h, quoteUnsafe(got))
	}
}

// Examine is Picture without a test: it returns the first thing that is wrong.
func Examine(got string, w, h int) error {
	lines := strings.Split(got, "\n")
	if len(lines) != h {
		return fmt.Errorf("%d lines, want %d", len(lines), h)
	}
	for i, line := range lines {
		text, last := stripSequences(line)
		if err := checkHarmless(text); err != nil {
			return fmt.Errorf("line %d: %w", i, err)
		}
		if n := ansi.StringWidth(text); n != w {
			return fmt.Errorf("line %d is %d cells wide, want %d", i, n, w)
		}
		if last != "" && last != "\x1b[m" {
			return fmt.Errorf("line %d leaves a style on", i)
		}
	}
	return nil
}

// checkHarmless returns an error for the first thing in a line, its allowed
// sequences taken out, that is not text.
func checkHarmless(text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("invalid UTF-8")
	}
	before := rune(0)
	for _, r := range text {
		switch {
		case r >= ' ' && r < 0x7f, r >= 0x2500 && r < 0x2900: // most of a picture
		case unicode.Is(unicode.Cc, r):
			return fmt.Errorf("control character %U", r)
		case r == '\u200d' && before != 0: // joins two symbols; Clean let it pass
		case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs):
			return fmt.Errorf("format character %U", r)
		}
		before = r
	}
	return nil
}

// Blank reports whether nothing but borders and blanks is on a picture.
func Blank(got string) bool {
	for line := range strings.SplitSeq(ansi.Strip(got), "\n") {
		if strings.Trim(line, " ╭╮╰╯─│╔╗╚╝═║+-|#=") != "" {
			return false
		}
	}
	return true
}

// quoteUnsafe makes a broken picture safe to print: lines with anything in them
// but text and colours are quoted.
func quoteUnsafe(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if text, _ := stripSequences(line); checkHarmless(text) != nil {
			lines[i] = fmt.Sprintf("%q", line)
		}
	}
	return strings.Join(lines, "\n")
}
