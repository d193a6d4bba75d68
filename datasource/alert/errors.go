package alert

import (
	"fmt"
	"strconv"
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
	line := fmt.Sprintf("alert %s: %s at column %d", quoteCut(e.Expr), e.Text, e.Column())
	if e.Hint != "" {
		line += ", did you mean " + e.Hint + "?"
	}
	return line
}

// Column is the place of the mistake in characters, from 1.
func (e *Error) Column() int {
	return utf8.RuneCountInString(e.Expr[:min(e.Pos, len(e.Expr))]) + 1
}

func errorAt(expr string, pos int, text, hint string) *Error {
	return &Error{Expr: expr, Pos: pos, Text: text, Hint: hint}
}

// quoteCut shows a part of an expression, cut.
func quoteCut(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strconv.Quote(s)
}
