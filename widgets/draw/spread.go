package draw

import (
	"cmp"
	"slices"
)

// Spread finds its own row for each label that wants to stand at a certain
// height of so many rows, in fractions of a row from the top, so that none
// covers another: labels keep their order from top to bottom and move as little
// as they must. pinned names one that never moves, -1 for none. Labels come from
// the most to the least important; those that have no space get the row -1.
func Spread(want []float64, rows, pinned int) []int {
	at := make([]int, len(want))
	for i := range at {
		at[i] = -1
	}
	if rows <= 0 || len(want) == 0 {
		return at
	}
	var kept []int
	for i := range want {
		if i < rows || i == pinned {
			kept = append(kept, i)
		}
	}
	kept = kept[:min(len(kept), rows)]
	slices.SortStableFunc(kept, func(a, b int) int { return cmp.Compare(want[a], want[b]) })
	p := slices.Index(kept, pinned)
	if p < 0 {
		settle(kept, want, at, 0, rows)
		return at
	}
	row := rowOf(want[pinned], rows)
	at[pinned] = row
	// What has no space on its side of the pinned one goes to the other.
	above := slices.Clone(kept[:p])
	below := slices.Clone(kept[p+1:])
	for len(above) > row {
		below = append([]int{above[len(above)-1]}, below...)
		above = above[:len(above)-1]
	}
	for len(below) > rows-1-row {
		above = append(above, below[0])
		below = below[1:]
	}
	settle(above, want, at, 0, row)
	settle(below, want, at, row+1, rows)
	return at
}

func rowOf(want float64, rows int) int { return max(0, min(rows-1, int(want))) }

// settle gives labels, which are in order and no more than there are rows, rows
// from lo up to hi.
func settle(order []int, want []float64, at []int, lo, hi int) {
	next := lo
	for _, i := range order {
		at[i] = max(rowOf(want[i], hi), next)
		next = at[i] + 1
	}
	last := hi
	for _, i := range slices.Backward(order) {
		at[i] = min(at[i], last-1)
		last = at[i]
	}
}
