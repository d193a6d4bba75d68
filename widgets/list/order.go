package list

import (
	"cmp"
	"math"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// Key is what one row is sorted by. The zero Key is that of a row which has
// nothing there.
type Key struct {
	rank rank
	num  float64
	text string
}

// rank puts values of different types one after the other.
type rank uint8

const (
	absent rank = iota
	number
	boolean
	text
	other
)

// NumberKey is the key of a number; NaN is nothing.
func NumberKey(f float64) Key {
	if math.IsNaN(f) {
		return Key{}
	}
	return Key{rank: number, num: f}
}

// TextKey is the key of a text.
func TextKey(s string) Key { return Key{rank: text, text: s} }

// ValueKey is the key of a value: numbers go by size and are before truth
// values, then come texts in the order of their bytes, then all else.
func ValueKey(v *datasource.Value) Key {
	if v == nil {
		return Key{}
	}
	switch v.Type {
	case datasource.TypeNumber:
		return NumberKey(v.Num.Float())
	case datasource.TypeText:
		return TextKey(v.Text.String())
	case datasource.TypeBool:
		if v.Bool {
			return Key{rank: boolean, num: 1}
		}
		return Key{rank: boolean}
	case datasource.TypeNone, datasource.TypeNull:
		return Key{}
	default:
		return Key{rank: other}
	}
}

// Compare orders two keys, as cmp.Compare does; desc turns the order round.
// Rows that have nothing there stand last in both directions.
func Compare(a, b Key, desc bool) int {
	switch {
	case a.rank == absent || b.rank == absent:
		return cmp.Compare(b2i(a.rank == absent), b2i(b.rank == absent))
	case desc:
		a, b = b, a
	}
	if c := cmp.Compare(a.rank, b.rank); c != 0 {
		return c
	}
	if a.rank == text {
		return strings.Compare(a.text, b.text)
	}
	return cmp.Compare(a.num, b.num)
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
