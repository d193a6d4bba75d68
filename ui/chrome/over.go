package chrome

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Over lays a picture of w×h cells over a screen of width cells a line, with
// its upper left corner at (x, y). Both are lines joined by "\n"; the result
// has the screen's size. A wide character that the edge cuts through becomes
// blanks.
func Over(screen string, width int, pic string, x, y, w int) string {
	lines, over := strings.Split(screen, "\n"), strings.Split(pic, "\n")
	var b strings.Builder
	b.Grow(len(screen) + len(pic))
	for i, line := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i < y || i-y >= len(over) {
			b.WriteString(line)
			continue
		}
		b.WriteString(leftOf(line, x))
		b.WriteString(over[i-y])
		b.WriteString(rightOf(line, x+w, width))
	}
	return b.String()
}

// leftOf returns the first n cells of a line, its styles ended.
func leftOf(line string, n int) string {
	if n <= 0 {
		return ""
	}
	s := ansi.Truncate(line, n, "")
	pad := strings.Repeat(" ", max(0, n-ansi.StringWidth(s)))
	return s + endStyles(line) + pad
}

// rightOf returns the cells from column from on, in the style they had.
func rightOf(line string, from, width int) string {
	if from >= width {
		return ""
	}
	s := ansi.TruncateLeft(line, from, "")
	got, want := ansi.StringWidth(s), width-from
	if got > want { // it began with the second half of a wide character
		s = ansi.TruncateLeft(line, from+1, "")
		got = ansi.StringWidth(s)
	}
	return strings.Repeat(" ", max(0, want-got)) + s
}

// endStyles returns the sequence that ends all styles for lines that have any.
func endStyles(line string) string {
	if strings.Contains(line, "\x1b[") {
		return "\x1b[m"
	}
	return ""
}
