package config

import (
	"fmt"
	"strings"

	"ticktop/datasource"
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
	Source string // the offending line, secrets masked; "" when there is none
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

// didYouMean returns the hint for a word that is not among the known ones: the
// nearest, or all of them where none is near and they are few.
func didYouMean(word string, known []string) string {
	if best := nearest(word, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	if len(known) > 0 && len(known) <= 16 {
		return "one of " + strings.Join(known, ", ")
	}
	return ""
}

// Nearest returns the known word that was probably meant, or "": for commands
// and flags, in the measure of a configuration's keys.
func Nearest(word string, known []string) string { return nearest(word, known) }

// nearest returns the known word within a third of word's length, at least
// one edit and at most three, or "".
func nearest(word string, known []string) string {
	if len(word) > 64 {
		return ""
	}
	word = strings.ToLower(word)
	limit := min(max(len(word)/3, 1), 3)
	best, at := "", limit+1
	for _, k := range known {
		lower := strings.ToLower(k)
		d := distance(word, lower)
		if len(word) >= 3 && strings.HasPrefix(lower, word) {
			d = min(d, limit)
		}
		if d < at {
			best, at = k, d
		}
	}
	return best
}

// distance counts the insertions, deletions, substitutions and swaps of
// neighbours between a and b (optimal string alignment).
func distance(a, b string) int {
	var prev2 []int
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur := make([]int, len(b)+1)
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev = prev, cur
	}
	return prev[len(b)]
}
