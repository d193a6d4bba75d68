package overlay

import (
	"sort"
	"strings"

	"github.com/sahilm/fuzzy"
)

// Match returns the choices that hold every word of text, letters in order,
// best first. Among equals the order stays.
func Match(text string, all []Choice) []Choice {
	score := make([]int, len(all))
	found := make([]int, len(all))
	words := strings.Fields(text)
	for _, word := range words {
		best := map[int]int{}
		for i, source := range [...]func(c *Choice) string{
			func(c *Choice) string { return c.Name },
			func(c *Choice) string { return c.Kind + " " + c.Name },
			func(c *Choice) string { return c.Note },
		} {
			for _, m := range fuzzy.FindFromNoSort(word, choices{all, source}) {
				s := m.Score - 6*i - len(source(&all[m.Index]))/8
				if at := strings.Index(strings.ToLower(source(&all[m.Index])), strings.ToLower(word)); at >= 0 {
					s += 100 - min(at, 40) // as it stands, and near the beginning
				} else if i == 2 {
					continue // scattered letters of a sentence mean nothing
				}
				if old, ok := best[m.Index]; !ok || s > old {
					best[m.Index] = s
				}
			}
		}
		for i, s := range best {
			score[i] += s
			found[i]++
		}
	}
	var hits []int
	for i := range all {
		if all[i].Keys != "" && all[i].Keys == text {
			score[i], found[i] = 1000, len(words)
		}
		if found[i] == len(words) {
			hits = append(hits, i)
		}
	}
	sort.SliceStable(hits, func(a, b int) bool { return score[hits[a]] > score[hits[b]] })
	out := make([]Choice, len(hits))
	for i, hit := range hits {
		out[i] = all[hit]
	}
	return out
}

// choices is one text of each choice, for the matcher.
type choices struct {
	all  []Choice
	text func(*Choice) string
}

func (c choices) String(i int) string { return c.text(&c.all[i]) }
func (c choices) Len() int            { return len(c.all) }
