package list

import (
	"strconv"
	"strings"

	"ticktop/widgets"
)

// Column is one column of a table as the arithmetic of its width sees it.
type Column struct {
	Key    string // what View.Sort and View.Hidden call it; without a comma
	Width  int    // cells, without the gap before it
	Weight int    // what goes first when there is no space: lower goes earlier; 0 stays
	Letter rune   // of ActSortColumn; 0 takes the first free letter of Key
}

// Gap is the blank between two columns.
const Gap = 2

// Choice is which columns are drawn.
type Choice struct {
	Shown   []int // indexes into the columns, in their order
	Used    int   // cells taken, gaps included
	Dropped int   // columns that there is no space for
	Hidden  int   // columns that the user hid
}

// Choose takes the columns that are not hidden and drops the lightest, of
// equals the rightmost, until the rest fits width. The first column stays.
// shown is used for the result when it is large enough.
func Choose(cols []Column, width int, hidden string, shown []int) Choice {
	c := Choice{Shown: shown[:0]}
	for i := range cols {
		if i > 0 && IsHidden(hidden, cols[i].Key) {
			c.Hidden++
			continue
		}
		c.Shown = append(c.Shown, i)
		c.Used += cols[i].Width + Gap
	}
	c.Used -= Gap
	for c.Used > width && len(c.Shown) > 1 {
		k := lightestColumn(cols, c.Shown)
		if k < 0 {
			break
		}
		c.Used -= cols[c.Shown[k]].Width + Gap
		c.Shown = append(c.Shown[:k], c.Shown[k+1:]...)
		c.Dropped++
	}
	return c
}

// lightestColumn returns the place in shown of the column to drop next, -1 for none.
func lightestColumn(cols []Column, shown []int) int {
	best := -1
	for k := 1; k < len(shown); k++ {
		w := cols[shown[k]].Weight
		if w > 0 && (best < 0 || w <= cols[shown[best]].Weight) {
			best = k
		}
	}
	return best
}

// Mark tells what is not shown: "+2 cols", or "" when everything is.
func (c Choice) Mark() string {
	switch n := c.Dropped + c.Hidden; n {
	case 0:
		return ""
	case 1:
		return "+1 col"
	default:
		return "+" + strconv.Itoa(n) + " cols"
	}
}

// IsHidden reports whether a comma separated list names key.
func IsHidden(hidden, key string) bool {
	for hidden != "" {
		var name string
		name, hidden, _ = strings.Cut(hidden, ",")
		if name == key {
			return true
		}
	}
	return false
}

// Letters gives each column the letter that sorts by it: its own, or the first
// letter of its key that no column before it has; 0 when all are taken.
func Letters(cols []Column) []rune {
	out := make([]rune, len(cols))
	taken := map[rune]bool{}
	for i, c := range cols {
		for _, r := range letterChoices(c) {
			if r = lowerASCII(r); r >= 'a' && r <= 'z' && !taken[r] {
				out[i], taken[r] = r, true
				break
			}
		}
	}
	return out
}

func letterChoices(c Column) string {
	if c.Letter != 0 {
		return string(c.Letter) + c.Key
	}
	return c.Key
}

func lowerASCII(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// Sort returns v after one of the actions on columns: ActSort goes to the next
// shown column and after the last back to the order as configured,
// ActSortColumn goes to arg's column or, on it already, turns it round,
// ActSortFlip turns it round, ActHideColumn hides the sorted column and, when
// none is sorted, shows all again. Other actions leave v as it is.
func Sort(v widgets.View, a widgets.Action, arg rune, cols []Column) widgets.View {
	switch a {
	case widgets.ActSort:
		v.Sort, v.Desc = next(v, cols), false
	case widgets.ActSortFlip:
		if v.Sort != "" {
			v.Desc = !v.Desc
		}
	case widgets.ActSortColumn:
		for i, r := range Letters(cols) {
			if r == 0 || r != lowerASCII(arg) {
				continue
			}
			v.Desc = v.Sort == cols[i].Key && !v.Desc
			v.Sort = cols[i].Key
			v.Hidden = showColumn(v.Hidden, cols[i].Key)
		}
	case widgets.ActHideColumn:
		return hideColumn(v, cols)
	}
	return v
}

// SortActions are the actions that Sort understands.
func SortActions() []widgets.Action {
	return []widgets.Action{widgets.ActSort, widgets.ActSortFlip, widgets.ActSortColumn, widgets.ActHideColumn}
}

// next returns the visible column after the sorted one, "" after the last.
func next(v widgets.View, cols []Column) string {
	past := v.Sort == ""
	for i := range cols {
		if past && !IsHidden(v.Hidden, cols[i].Key) {
			return cols[i].Key
		}
		past = past || cols[i].Key == v.Sort
	}
	return ""
}

func hideColumn(v widgets.View, cols []Column) widgets.View {
	for i := 1; i < len(cols); i++ {
		if cols[i].Key == v.Sort && !IsHidden(v.Hidden, v.Sort) {
			v.Hidden = strings.TrimPrefix(v.Hidden+","+v.Sort, ",")
			v.Sort, v.Desc = "", false
			return v
		}
	}
	v.Hidden = ""
	return v
}

// showColumn takes key off a comma separated list.
func showColumn(hidden, key string) string {
	var keep []string
	for name := range strings.SplitSeq(hidden, ",") {
		if name != "" && name != key {
			keep = append(keep, name)
		}
	}
	return strings.Join(keep, ",")
}
