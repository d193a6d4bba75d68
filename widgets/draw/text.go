package draw

import (
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Width returns the cells of s, which holds no escape sequence. Text of ASCII
// alone, nearly all there is, is not looked at twice.
func Width(s string) int {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return ansi.StringWidth(s)
		}
	}
	return len(s)
}

// Truncate cuts s to at most w cells and marks the cut with "…". A wide
// character that would be halved goes, so the result may be a cell short.
func Truncate(s string, w int) string {
	switch {
	case w <= 0:
		return ""
	case Width(s) <= w:
		return s
	}
	return ansi.Truncate(s, w, "…")
}

// Wrap breaks s into lines of at most w cells, between words where it can.
// At most max lines are returned; a cut is marked with "…".
func Wrap(s string, w, max int) []string {
	if w <= 0 || max <= 0 {
		return nil
	}
	var lines []string
	for s != "" && len(lines) < max-1 && Width(s) > w {
		cut := breakAt(s, w)
		lines = append(lines, s[:cut])
		for s = s[cut:]; s != "" && s[0] == ' '; {
			s = s[1:]
		}
	}
	if s != "" {
		lines = append(lines, Truncate(s, w))
	}
	return lines
}

// breakAt returns the byte at which the first line of s ends: before its last
// blank within w cells, or else where the cells end.
func breakAt(s string, w int) int {
	end := len(ansi.Truncate(s, w, ""))
	if end == 0 { // one character wider than the line
		_, end = utf8.DecodeRuneInString(s)
		return end
	}
	if s[end] == ' ' {
		return end
	}
	for i := end - 1; i > 0; i-- {
		if s[i] == ' ' {
			return i
		}
	}
	return end
}

const blanks = "                                                                                                                                "

func appendSpaces(b []byte, n int) []byte {
	for n > len(blanks) {
		b = append(b, blanks...)
		n -= len(blanks)
	}
	if n > 0 {
		b = append(b, blanks[:n]...)
	}
	return b
}

const rules = "────────────────────────────────────────────────────────────────"

// appendRule appends n cells of horizontal line.
func appendRule(b []byte, n int, ascii bool) []byte {
	for ; n > 0 && ascii; n-- {
		b = append(b, '-')
	}
	const size = len("─")
	for n > len(rules)/size {
		b = append(b, rules...)
		n -= len(rules) / size
	}
	if n > 0 {
		b = append(b, rules[:n*size]...)
	}
	return b
}
