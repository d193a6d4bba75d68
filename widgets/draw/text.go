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
	for s != "" && len(lines) < max-1 {
		head := beginning(s, w)
		if Width(head) <= w {
			break
		}
		cut := breakAt(head, w)
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

// beginning returns enough of s to break a line of w cells from it: more than
// w cells and the character after them, or all of s. Without it every line
// would be paid for with the length of the whole text.
func beginning(s string, w int) string {
	for n := 4*w + 64; n < len(s); n *= 2 {
		head := s[:n]
		for len(head) > 0 && !utf8.RuneStart(s[len(head)]) {
			head = head[:len(head)-1]
		}
		if Width(head) > w+4 {
			return head
		}
	}
	return s
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
