package widgettest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// allowed are the only sequences that a widget may write: SGR that resets
// first, and the reset.
var allowed = regexp.MustCompile(`\x1b\[(0(;[0-9]+)*)?m`)

// Picture fails the test unless a picture is what widgets.Widget promises:
// exactly h lines of exactly w cells, each ending with all styles reset, and
// nothing in it that a terminal would obey but colours.
func Picture(t testing.TB, got string, w, h int) {
	t.Helper()
	if err := Examine(got, w, h); err != nil {
		t.Errorf("%v in a picture of %d×%d:\n%s", err, w, h, visible(got))
	}
}

// Examine is Picture without a test: it returns the first thing that is wrong.
func Examine(got string, w, h int) error {
	lines := strings.Split(got, "\n")
	if len(lines) != h {
		return fmt.Errorf("%d lines, want %d", len(lines), h)
	}
	for i, line := range lines {
		if n := ansi.StringWidth(line); n != w {
			return fmt.Errorf("line %d is %d cells wide, want %d", i, n, w)
		}
		if err := harmless(line); err != nil {
			return fmt.Errorf("line %d: %w", i, err)
		}
		if seq := allowed.FindAllString(line, -1); len(seq) > 0 && seq[len(seq)-1] != "\x1b[m" {
			return fmt.Errorf("line %d leaves a style on", i)
		}
	}
	return nil
}

// harmless returns an error for the first thing in a line that is neither text
// nor an allowed sequence.
func harmless(line string) error {
	if !utf8.ValidString(line) {
		return fmt.Errorf("invalid UTF-8")
	}
	before := rune(0)
	for _, r := range allowed.ReplaceAllString(line, "") {
		switch {
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
		if strings.Trim(line, " ╭╮╰╯─│+-|") != "" {
			return false
		}
	}
	return true
}

// visible makes a broken picture safe to print.
func visible(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		if strings.Trim(allowed.ReplaceAllString(lines[i], ""), "\x20") != ansi.Strip(lines[i]) {
			lines[i] = fmt.Sprintf("%q", lines[i])
		}
	}
	return strings.Join(lines, "\n")
}
