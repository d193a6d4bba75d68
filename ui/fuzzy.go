package ui

import (
	"sort"
	"strings"
	"unicode"
)

// fuzzy returns the choices that hold every word of text, letters in order,
// best first. Among equals the order stays.
func fuzzy(text string, all []choice) []choice {
	type scored struct {
		choice
		score int
	}
	words := strings.Fields(strings.ToLower(text))
	var hits []scored
	for _, c := range all {
		total, ok := 0, true
		for _, word := range words {
			s := max(match(word, c.name)+8, match(word, c.kind+" "+c.name)+4, match(word, c.note))
			if c.keys != "" && c.keys == text {
				s = max(s, 500)
			}
			if s <= noMatch/2 {
				ok = false
				break
			}
			total += s
		}
		if ok {
			hits = append(hits, scored{c, total})
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].score > hits[j].score })
	out := make([]choice, len(hits))
	for i := range hits {
		out[i] = hits[i].choice
	}
	return out
}

const noMatch = -1 << 20

// match scores word, in lower case, as a subsequence of s: letters next to each
// other and at the beginning of words count for more. noMatch when it is none.
func match(word, s string) int {
	if i := strings.Index(strings.ToLower(s), word); i >= 0 {
		score := 100 + 4*len(word) - min(i, 40)
		if i == 0 || !isWord(rune(s[min(i, len(s))-1])) {
			score += 40
		}
		return score - min(len(s)/8, 10)
	}
	want, score, run, start := []rune(word), 0, 0, true
	for _, r := range s {
		if len(want) > 0 && unicode.ToLower(r) == want[0] {
			run++
			score += run
			if start {
				score += 6
			}
			want = want[1:]
		} else {
			run = 0
			score--
		}
		start = !isWord(r)
	}
	if len(want) > 0 || score < 0 {
		return noMatch
	}
	return score
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
