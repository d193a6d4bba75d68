package config

import (
	"fmt"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/suggest"
	"ticktop/widgets/draw"
)

// Pos is a place in a file, both counted from 1. The zero Pos is nowhere.
type Pos struct{ Line, Col int }

// Error is one mistake in a configuration, with its place.
type Error struct {
	File   string // as it was named to us; "" outside a file
	Pos    Pos
	Msg    string // lower case, no full stop
	Hint   string // what to do: "did you mean \"height\"?"
	Source string // the offending line, secrets masked; "" when there isn't one
}

// Error returns one line, safe to print: file:line:column, what, hint.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		if e.Pos.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", e.Pos.Line, e.Pos.Col)
		}
		b.WriteString(": ")
	}
	b.WriteString(e.Msg)
	if e.Hint != "" {
		b.WriteString(" (" + e.Hint + ")")
	}
	return datasource.Clean(b.String(), datasource.MaxCell).String()
}

// Excerpt returns the offending line with its number and a caret under the
// column, two lines in all, or "" where there is no line to show.
func (e *Error) Excerpt() string {
	if e.Source == "" || e.Pos.Line < 1 {
		return ""
	}
	line := []rune(datasource.Clean(e.Source, maxFile).String())
	caret := min(max(e.Pos.Col-1, 0), len(line))
	from := min(max(caret-excerpt/2, 0), max(len(line)-excerpt, 0))
	before, after := string(line[from:caret]), string(line[caret:min(from+excerpt, len(line))])
	if from > 0 {
		before = "…" + before
	}
	if from+excerpt < len(line) {
		after += "…"
	}
	num := fmt.Sprintf("%5d", e.Pos.Line)
	return fmt.Sprintf("%s | %s%s\n%s | %s^", num, before, after, strings.Repeat(" ", len(num)), strings.Repeat(" ", draw.Width(before)))
}

// excerpt is how much of a long line is shown, with the place in the middle.
const excerpt = 160

// Errors is every mistake found in one file, in the order of the file. Its
// text is the first one's and how many more there are.
type Errors []*Error

// Error returns one line.
func (e Errors) Error() string {
	switch len(e) {
	case 0:
		return "no error"
	case 1:
		return e[0].Error()
	default:
		return fmt.Sprintf("%s (and %d more)", e[0].Error(), len(e)-1)
	}
}

// Unwrap returns the first mistake.
func (e Errors) Unwrap() error {
	if len(e) == 0 {
		return nil
	}
	return e[0]
}

// didYouMean is suggest.Hint, in one word for the many places that use it.
func didYouMean(word string, known []string) string { return suggest.Hint(word, known) }
