// Package suggest finds the word that was probably meant: for commands, flags,
// keys of the configuration, themes, actions and data alike.
package suggest

import (
	"fmt"
	"strings"
)

// maxWord bounds what is compared: nobody mistypes a longer word.
const maxWord = 64

// listed is how many known words are worth listing where none is near.
const listed = 16

// Hint returns the hint for a word that is not among the known ones: the
// nearest, or all of them where none is near and they are few.
func Hint(word string, known []string) string {
	if best := Nearest(word, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	if len(known) > 0 && len(known) <= listed {
		return "one of " + strings.Join(known, ", ")
	}
	return ""
}

// Nearest returns the known word within a third of word's length, at least one
// edit and at most three, or that begins with word; "" for none. Case does not
// count.
func Nearest(word string, known []string) string {
	if len(word) > maxWord || word == "" {
		return ""
	}
	word = strings.ToLower(word)
	limit := min(max(len(word)/3, 1), 3)
	best, least := "", limit+1
	for _, k := range known {
		lower := strings.ToLower(k)
		d := distance(word, lower)
		if len(word) >= 3 && strings.HasPrefix(lower, word) {
			d = min(d, limit)
		}
		if d < least && d < len(word) {
			best, least = k, d
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
