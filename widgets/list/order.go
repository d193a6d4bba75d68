package list

import (
	"cmp"
	"math"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// Compare orders two values for sorting: numbers by size, then text and
// everything else by its text in ASCII order. What is absent (nil, null, NaN)
// stands last; Directed keeps that downwards too.
func Compare(a, b *datasource.Value) int {
	ra, rb := rank(a), rank(b)
	if ra != rb {
		return cmp.Compare(ra, rb)
	}
	switch ra {
	case rankNumber:
		return cmp.Compare(a.Num.Float(), b.Num.Float())
	case rankBool:
		return cmp.Compare(b2i(a.Bool), b2i(b.Bool))
	case rankText:
		return cmp.Compare(a.Text.String(), b.Text.String())
	default:
		return 0
	}
}

// Directed is Compare in one direction: with desc the order turns round, but
// absent values stay last.
func Directed(a, b *datasource.Value, desc bool) int {
	if absentA, absentB := rank(a) == rankAbsent, rank(b) == rankAbsent; absentA || absentB {
		return b2i(absentA) - b2i(absentB)
	}
	if desc {
		return Compare(b, a)
	}
	return Compare(a, b)
}

// The ranks of values of different types.
const (
	rankNumber = iota
	rankBool
	rankText
	rankOther
	rankAbsent
)

func rank(v *datasource.Value) int {
	if v == nil {
		return rankAbsent
	}
	switch v.Type {
	case datasource.TypeNumber:
		if math.IsNaN(v.Num.Float()) {
			return rankAbsent
		}
		return rankNumber
	case datasource.TypeBool:
		return rankBool
	case datasource.TypeText:
		return rankText
	case datasource.TypeNone, datasource.TypeNull:
		return rankAbsent
	default:
		return rankOther
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// SortMark is put behind the head of the sorted column: "↑" when the smallest
// is on top.
func SortMark(pal *theme.Palette, desc bool) string {
	switch ascii := pal.Symbols == theme.ASCII; {
	case desc && ascii:
		return "v"
	case desc:
		return "↓"
	case ascii:
		return "^"
	default:
		return "↑"
	}
}
