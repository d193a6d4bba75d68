package layout

// Rect is a rectangle in cells; X and Y count from 0.
type Rect struct{ X, Y, W, H int }

// Contains reports whether the cell (x, y) lies in r.
func (r Rect) Contains(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Split shares total among sizes. Cells and fractions take what they ask for,
// the zero sizes share the rest in equal parts. The parts add up to total
// exactly whatever is asked for: too much is scaled down, what is left over
// goes to the sizes that share, or else to all in proportion. A part is at
// least 1 while there is space for that.
func Split(total int, sizes []Size) []int {
	out := make([]int, len(sizes))
	asked, sharing := 0, 0
	for i, s := range sizes {
		switch {
		case s.Cells > 0:
			out[i] = min(s.Cells, total)
		case s.Num > 0 && s.Den > 0:
			out[i] = max(1, partOf(total, s.Num, s.Den))
		default:
			sharing++
		}
		asked += out[i]
	}
	rest := total - asked
	if sharing == 0 || rest < sharing {
		for i := range out { // a size that shares counts for one cell here
			out[i] = max(out[i], 1)
		}
		return Scale(total, out)
	}
	for i, s := range sizes {
		if s.Cells <= 0 && (s.Num <= 0 || s.Den <= 0) {
			out[i] = rest / sharing
			rest -= out[i]
			sharing--
		}
	}
	return out
}

// partOf is total·num/den, rounded to the nearest cell, without overflow for any
// fraction.
func partOf(total, num, den int) int {
	if num >= den {
		return total
	}
	for num > 1<<20 {
		num, den = num>>1, den>>1
	}
	return (2*total*num + den) / (2 * max(den, 1))
}

// Scale returns parts in the proportion of want that add up to total exactly.
// Each is at least 1 while total allows it. want's elements are positive.
func Scale(total int, want []int) []int {
	out := make([]int, len(want))
	if len(want) == 0 {
		return out
	}
	sum := 0
	for _, w := range want {
		sum += w
	}
	if sum == total {
		return append(out[:0], want...)
	}
	// Cumulative rounding: no part is off by more than one cell and the last
	// edge is the end.
	edge, acc := 0, 0
	for i, w := range want {
		acc += w
		next := total * acc / sum
		out[i], edge = next-edge, next
	}
	raiseParts(out, 1)
	return out
}

// raiseParts lifts parts below low to it by taking from the largest, as far as
// those can give; the sum stays.
func raiseParts(parts []int, low int) {
	lows := make([]int, len(parts))
	for i := range lows {
		lows[i] = low
	}
	raiseTo(parts, lows)
}

// raiseTo is raise with a minimum for each part.
func raiseTo(parts, lows []int) {
	for i := range parts {
		for parts[i] < lows[i] {
			from := -1
			for j := range parts {
				if spare := parts[j] - lows[j]; spare > 0 && (from < 0 || spare > parts[from]-lows[from]) {
					from = j
				}
			}
			if from < 0 {
				return
			}
			n := min(lows[i]-parts[i], max(1, (parts[from]-lows[from])/2))
			parts[from] -= n
			parts[i] += n
		}
	}
}
