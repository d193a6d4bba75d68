package layout

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets"
)

type panel struct{ w, h int }

func (p *panel) Kind() string                  { return "panel" }
func (p *panel) Title() datasource.Safe        { return datasource.Safe{} }
func (p *panel) Data() []string                { return nil }
func (p *panel) Render(widgets.Context) string { return "" }
func (p *panel) MinSize() (w, h int)           { return p.w, p.h }

func TestSplit(t *testing.T) {
	cells := func(n int) Size { return Size{Cells: n} }
	frac := func(n, d int) Size { return Size{Num: n, Den: d} }
	rest := Size{}
	for _, c := range []struct {
		total int
		sizes []Size
		want  string
	}{
		{100, []Size{rest}, "[100]"},
		{100, []Size{rest, rest, rest}, "[33 33 34]"},
		{100, []Size{frac(1, 3), rest}, "[33 67]"},
		{100, []Size{frac(40, 100), rest}, "[40 60]"},
		{100, []Size{cells(30), rest, frac(1, 4)}, "[30 45 25]"},
		{100, []Size{frac(1, 3), frac(1, 3), frac(1, 3)}, "[33 33 34]"},
		{100, []Size{cells(80), cells(80)}, "[50 50]"},
		{100, []Size{cells(20), cells(20)}, "[50 50]"},
		{100, []Size{cells(90), frac(1, 2), rest}, "[63 36 1]"},
		{3, []Size{rest, rest, rest, rest}, "[0 1 1 1]"},
		{10, []Size{cells(1 << 40), rest}, "[9 1]"},
		{10, []Size{frac(1<<40, 1<<41), rest}, "[5 5]"},
		{10, []Size{frac(7, 2)}, "[10]"},
		{10, nil, "[]"},
	} {
		got := Split(c.total, c.sizes)
		sum := 0
		for _, n := range got {
			sum += n
		}
		if len(got) > 0 && sum != c.total {
			t.Errorf("Split(%d, %v) = %v adds up to %d", c.total, c.sizes, got, sum)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("Split(%d, %v) = %v, want %s", c.total, c.sizes, got, c.want)
		}
	}
}

// TestTiles: whatever the page and the size, the slots cover every cell of the
// area exactly once, no panel is both shown and dropped, and none is lost.
func TestTiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		page, n := randomPage(rng)
		area := Rect{rng.IntN(3), rng.IntN(4), 1 + rng.IntN(320), 1 + rng.IntN(100)}
		keep := rng.IntN(n+2) - 1
		plan := Arrange(page, area, ClassOf(area.W, area.H+2), keep)
		checkTiles(t, page, area, &plan)
		if keep >= 0 && keep < n && plan.Find(keep) < 0 {
			t.Fatalf("panel %d was to be kept and is not shown", keep)
		}
		if got := len(plan.Slots) + len(plan.Dropped); got != n {
			t.Fatalf("%d of %d panels accounted for", got, n)
		}
	}
}

func randomPage(rng *rand.Rand) (*Page, int) {
	size := func() Size {
		switch rng.IntN(3) {
		case 0:
			return Size{Cells: 1 + rng.IntN(80)}
		case 1:
			return Size{Num: 1 + rng.IntN(4), Den: 1 + rng.IntN(6)}
		}
		return Size{}
	}
	page, n := &Page{}, 0
	for range 1 + rng.IntN(5) {
		row := Row{Height: size()}
		for range 1 + rng.IntN(5) {
			row.Cells = append(row.Cells, Cell{Width: size(), Weight: rng.IntN(5), Widget: &panel{rng.IntN(90), rng.IntN(20)},
				MaxH: max(0, rng.IntN(60)-30), Below: rng.IntN(3) == 0, Spare: rng.IntN(6) == 0})
			n++
		}
		page.Rows = append(page.Rows, row)
	}
	return page, n
}

func checkTiles(t *testing.T, page *Page, area Rect, plan *Plan) {
	t.Helper()
	seen := make([]int, area.W*area.H)
	for i, s := range plan.Slots {
		r := s.Rect
		if i > 0 && plan.Slots[i-1].Band == s.Band {
			o := plan.Slots[i-1].Rect
			below := o.X == r.X && o.W == r.W && o.Y+o.H == r.Y
			beside := o.X+o.W == r.X && o.Y+o.H == r.Y+bandHeight(plan, s.Band)
			if same := plan.Slots[i-1].Column == s.Column; same && !below || !same && !beside {
				t.Fatalf("band %d is no line of columns: %+v", s.Band, plan.Slots)
			}
		}
		for y := r.Y; y < r.Y+r.H; y++ {
			for x := r.X; x < r.X+r.W; x++ {
				if !area.Contains(x, y) {
					t.Fatalf("%+v leaves %+v", r, area)
				}
				seen[(y-area.Y)*area.W+x-area.X]++
			}
		}
		if plan.Find(s.Index) != i {
			t.Fatalf("panel %d is shown twice", s.Index)
		}
	}
	for i, n := range seen {
		if n != 1 {
			t.Fatalf("cell %d,%d of %+v is covered %d times\npage %+v\nslots %+v", i%area.W, i/area.W, area, n, page, plan.Slots)
		}
	}
}

// bandHeight is the height of a band's first column.
func bandHeight(plan *Plan, band int) int {
	h := 0
	for _, s := range plan.Slots {
		if s.Band == band && s.Column == 0 {
			h += s.Rect.H
		}
	}
	return h
}

// TestSurplus: what a panel cannot fill goes to those that can use any height,
// columns are filled from the top, and a spare row comes when nobody lacks
// anything.
func TestSurplus(t *testing.T) {
	w := &panel{20, 5}
	page := &Page{Rows: []Row{
		{Height: Size{Num: 1, Den: 3}, Cells: []Cell{{Widget: w}, {Widget: w, MaxH: 6, Width: Size{Cells: 24}}, {Widget: w, MaxH: 8, Below: true}}},
		{Height: Size{Num: 1, Den: 3}, Cells: []Cell{{Widget: w, MaxH: 12}, {Widget: w, MaxH: 10}}},
		{Height: Size{Num: 1, Den: 3}, Cells: []Cell{{Widget: w, Spare: true}}},
	}}
	for _, c := range []struct {
		w, h int
		want string
	}{
		{160, 30, "0:18 1:6 2:12 3:12 4:12 [5]"},
		{160, 43, "0:31 1:6 2:25 3:12 4:12 [5]"},
		{160, 44, "0:16 1:6 2:10 3:12 4:12 5:16 []"},
		{160, 90, "0:39 1:6 2:33 3:12 4:12 5:39 []"},
		{100, 30, "0:18 1:18 2:18 3:12 4:12 [5]"},
	} {
		plan := Arrange(page, Rect{0, 0, c.w, c.h}, ClassOf(c.w, c.h), -1)
		got := ""
		for _, s := range plan.Slots {
			got += fmt.Sprintf("%d:%d ", s.Index, s.Rect.H)
		}
		if got += fmt.Sprint(plan.Dropped); got != c.want {
			t.Errorf("%d×%d: %s, want %s", c.w, c.h, got, c.want)
		}
	}
}

// TestGive: nobody keeps lines that another one lacks.
func TestGive(t *testing.T) {
	for _, c := range []struct{ heights, fulls, roomy, want []int }{
		{[]int{20, 20, 20}, []int{0, 15, 0}, []int{0, 15, 0}, []int{22, 15, 23}},
		{[]int{20, 20}, []int{15, 40}, []int{15, 40}, []int{15, 25}},
		{[]int{20, 20}, []int{15, 22}, []int{15, 22}, []int{18, 22}},
		{[]int{20, 20}, []int{10, 10}, []int{10, 10}, []int{20, 20}},
		{[]int{20, 20, 20}, []int{12, 23, 0}, []int{12, 23, 16}, []int{12, 23, 25}},
		{[]int{20, 20}, []int{0, 30}, []int{16, 30}, []int{20, 20}},
		{[]int{33, 35, 10}, []int{0, 15, 0}, []int{16, 15, 21}, []int{38, 15, 25}},
	} {
		got := append([]int(nil), c.heights...)
		giveSpare(got, c.fulls, c.roomy, func(int) bool { return false })
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%v with %v: %v, want %v", c.heights, c.fulls, got, c.want)
		}
	}
}

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		w, h int
		want Class
	}{{59, 40, TooSmall}, {200, 15, TooSmall}, {60, 16, Narrow}, {79, 16, Narrow}, {80, 24, Medium}, {119, 24, Medium}, {120, 24, Wide}, {300, 90, Wide}} {
		if got := ClassOf(c.w, c.h); got != c.want {
			t.Errorf("ClassOf(%d, %d) = %d, want %d", c.w, c.h, got, c.want)
		}
	}
}

// TestNarrow: the same page on three widths. What is narrow stands one below
// the other, what is light goes first, and what has the focus stays.
func TestNarrow(t *testing.T) {
	page := &Page{Rows: []Row{
		{Cells: []Cell{{Widget: &panel{30, 6}}, {Widget: &panel{40, 6}, Weight: 2}, {Widget: &panel{30, 6}, Weight: 1}}},
		{Cells: []Cell{{Widget: &panel{50, 6}}, {Widget: &panel{30, 6}, Weight: 3}}},
	}}
	shape := func(w, h, keep int) string {
		plan := Arrange(page, Rect{0, 1, w, h - 2}, ClassOf(w, h), keep)
		s := ""
		for i, slot := range plan.Slots {
			if i > 0 {
				if slot.Band != plan.Slots[i-1].Band {
					s += "/"
				} else {
					s += " "
				}
			}
			s += fmt.Sprint(slot.Index)
		}
		return s + fmt.Sprint(plan.Dropped)
	}
	for _, c := range []struct {
		w, h, keep int
		want       string
	}{
		{160, 45, -1, "0 1 2/3 4[]"},
		{100, 45, -1, "0 1 2/3 4[]"},
		{80, 45, -1, "0 1/2/3 4[]"},
		{80, 24, -1, "0 1/2/3 4[]"},
		{80, 18, -1, "0 1/3 4[2]"},
		{80, 18, 2, "0 2/3 4[1]"},
		{60, 45, -1, "0/1/2/3/4[]"},
		{60, 16, -1, "0/3[2 1 4]"},
		{60, 16, 4, "0/4[2 1 3]"},
	} {
		if got := shape(c.w, c.h, c.keep); got != c.want {
			t.Errorf("%d×%d keeping %d: %s, want %s", c.w, c.h, c.keep, got, c.want)
		}
	}
}
