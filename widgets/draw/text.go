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
	end, _ := Cut(s, w-1)
	return s[:end] + "…"
}

// Cut returns how many bytes of s, which holds no escape sequence, fill at most
// w cells, and how many cells they fill. No character is cut through, keycaps
// and the like included, which begin as a plain letter or digit.
func Cut(s string, w int) (end, cells int) {
	for end < len(s) {
		if s[end] < utf8.RuneSelf && (end+1 == len(s) || s[end+1] < utf8.RuneSelf) {
			if cells == w {
				break
			}
			end, cells = end+1, cells+1
			continue
		}
		cluster, n := ansi.FirstGraphemeCluster(s[end:], ansi.GraphemeWidth)
		if cells+n > w {
			break
		}
		end, cells = end+len(cluster), cells+n
	}
	return end, cells
}

// CutOne is Cut that returns one character at least, however wide.
func CutOne(s string, w int) int {
	if end, _ := Cut(s, w); end > 0 || s == "" {
		return end
	}
	cluster, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return len(cluster)
}

// Wrap breaks s into lines of at most w cells, between words where it can.
// At most max lines are returned; a cut is marked with "…".
func Wrap(s string, w, max int) []string {
	if w <= 0 || max <= 0 {
		return nil
	}
	var lines []string
	for s != "" && len(lines) < max-1 {
		head := firstCells(s, w)
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

// firstCells returns enough of s to break a line of w cells from it: more than
// w cells and the character after them, or all of s. Without it every line
// would be paid for with the length of the whole text.
func firstCells(s string, w int) string {
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
	end := CutOne(s, w)
	if end == len(s) || s[end] == ' ' {
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
