package alert

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error is a mistake in an expression and where it is.
type Error struct {
	Expr string // as written; untrusted
	Pos  int    // byte offset of the mistake
	Text string // what is wrong
	Hint string // what was probably meant; may be empty
}

// Error returns one line: what, at which column, and the hint.
func (e *Error) Error() string {
	line := fmt.Sprintf("alert %s: %s at column %d", quote(e.Expr), e.Text, e.Column())
	if e.Hint != "" {
		line += ", did you mean " + e.Hint + "?"
	}
	return line
}

// Column is the place of the mistake in characters, from 1.
func (e *Error) Column() int {
	return utf8.RuneCountInString(e.Expr[:min(e.Pos, len(e.Expr))]) + 1
}

func fail(expr string, pos int, text, hint string) *Error {
	return &Error{Expr: expr, Pos: pos, Text: text, Hint: hint}
}

// quote shows a part of an expression, cut.
func quote(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strconv.Quote(s)
}

// nearest returns the word that is closest to s, "" when none is close.
func nearest(s string, words []string) string {
	best, least := "", len(s)/3+1
	for _, w := range words {
		if d := distance(strings.ToLower(s), strings.ToLower(w)); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance is the number of letters to change, add, drop or swap.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return max(len(a), len(b))
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
