package draw

import (
	"math"
	"slices"
	"testing"
)

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		name   string
		want   []float64
		rows   int
		pinned int
		at     []int
	}{
		{"apart", []float64{5, 1, 9}, 10, -1, []int{5, 1, 9}},
		{"together", []float64{5, 5.5, 5.2}, 10, -1, []int{5, 7, 6}},
		{"at the bottom", []float64{9, 9.5}, 10, -1, []int{8, 9}},
		{"pinned", []float64{5.5, 5.2, 5.8}, 10, 0, []int{5, 4, 6}},
		{"pinned at the top", []float64{0.5, 0.1, 0.2}, 10, 0, []int{0, 1, 2}},
		{"pinned at the bottom", []float64{9.2, 9.5}, 10, 0, []int{9, 8}},
		{"too many", []float64{1, 2, 3}, 2, 0, []int{1, 0, -1}},
		{"no space", []float64{1}, 0, 0, []int{-1}},
		{"out of sight", []float64{-5, 99, math.NaN()}, 4, -1, []int{1, 3, 0}},
	} {
		got := Spread(c.want, c.rows, c.pinned)
		if c.name == "out of sight" { // where NaN goes is nobody's business, but it has a row
			slices.Sort(got)
			if got[0] < 0 || got[2] > 3 || got[0] == got[1] || got[1] == got[2] {
				t.Errorf("%s: %v", c.name, got)
			}
			continue
		}
		if !slices.Equal(got, c.at) {
			t.Errorf("%s: %v, want %v", c.name, got, c.at)
		}
	}
}

// FuzzSpread: no two labels on one row, none outside.
func FuzzSpread(f *testing.F) {
	f.Add([]byte{1, 2, 3}, uint8(5), int8(0))
	f.Fuzz(func(t *testing.T, raw []byte, rows uint8, pinned int8) {
		want := make([]float64, len(raw))
		for i, b := range raw {
			want[i] = float64(int8(b)) / 3
		}
		seen := map[int]bool{}
		for _, r := range Spread(want, int(rows), int(pinned)) {
			if r >= int(rows) || r >= 0 && seen[r] {
				t.Fatalf("Spread(%v, %d, %d): row %d", want, rows, pinned, r)
			}
			seen[r] = true
		}
	})
}
