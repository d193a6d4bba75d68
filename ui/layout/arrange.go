package layout

import "ticktop/widgets"

// The smallest screen that a dashboard is drawn on. Below it stands a card
// that names the size it needs.
const (
	MinWidth  = 60
	MinHeight = 16
)

// Class is one of the three layouts by width.
type Class uint8

// The classes. Narrower ones put fewer panels side by side and leave out what
// has the least weight.
const (
	TooSmall Class = iota
	Narrow         // 60 to 79 columns
	Medium         // 80 to 119 columns
	Wide           // from 120 columns
)

// ClassOf returns the class of a whole screen.
func ClassOf(w, h int) Class {
	switch {
	case w < MinWidth || h < MinHeight:
		return TooSmall
	case w < 80:
		return Narrow
	case w < 120:
		return Medium
	default:
		return Wide
	}
}

// Slot is one panel's place on the screen.
type Slot struct {
	Index  int // of the panel on its page, counted row by row
	Widget widgets.Widget
	Rect   Rect
	Band   int // its columns stand beside each other and are equally high
	Column int // slots of one column of a band share X and W and stand below each other
}

// Plan is a page laid out. Its slots tile the area: no gap, no overlap. They
// are ordered by band, then by column from left to right, then downwards.
type Plan struct {
	Slots   []Slot
	Dropped []int // panels left out for lack of space, spare ones and lightest first
	Spares  int   // how many of Dropped are spare ones, which nobody misses
}

// Find returns the slot of a panel, or -1 when it was dropped.
func (p *Plan) Find(index int) int {
	for i := range p.Slots {
		if p.Slots[i].Index == index {
			return i
		}
	}
	return -1
}

// At returns the slot under the cell (x, y), or -1.
func (p *Plan) At(x, y int) int {
	for i := range p.Slots {
		if p.Slots[i].Rect.Contains(x, y) {
			return i
		}
	}
	return -1
}

// item is a panel on its way into the plan.
type item struct {
	index, row int
	column     int // of its row: panels of one stand below each other on a wide screen
	width      Size
	cell       *Cell
	minW, minH int
	ease       int // height at which it is worth more than the space it takes
	full       int // height beyond which it would only be blank; 0: none
	part       int // of what is left, where it can use any height; 0: as the others
}

// Arrange lays page out in area, in the way of class. The panel keep (-1: none)
// is not dropped while any other can be: it is how a panel that had to go comes
// back when it gets the focus.
func Arrange(page *Page, area Rect, class Class, keep int) Plan {
	var plan Plan
	items := collectItems(page)
	if len(items) == 0 || area.W <= 0 || area.H <= 0 {
		return plan
	}
	if a := areaFor(page, area); a != nil {
		return arrangeArea(page, a, area, items, keep)
	}
	bands := wrapRows(items, area.W, class)
	drop := func(i int) {
		plan.Dropped = append(plan.Dropped, items[i].index)
		items = append(append([]item(nil), items[:i]...), items[i+1:]...)
		bands = wrapRows(items, area.W, class)
	}
	for i := lastSpare(items, keep); len(items) > 1 && i >= 0 && neededHeight(bands, (*item).roomyHeight) > area.H; i = lastSpare(items, keep) {
		drop(i)
		plan.Spares++
	}
	for len(items) > 1 {
		// What has a weight goes before the others are squeezed to a few lines;
		// what has none only when there is no space at all.
		i := lightestItem(items, keep)
		if neededHeight(bands, (*item).leastHeight) <= area.H && (items[i].cell.Weight == 0 || neededHeight(bands, (*item).easyHeight) <= area.H) {
			break
		}
		drop(i)
	}
	placeBands(&plan, bandHeights(page, bands, area.H), bands, area)
	return plan
}

func collectItems(page *Page) []item {
	var items []item
	for r := range page.Rows {
		for c := range page.Rows[r].Cells {
			cell := &page.Rows[r].Cells[c]
			w, h := neededRoom(cell.Widget)
			it := item{index: len(items), row: r, column: c, width: cell.Width, cell: cell,
				minW: min(max(w, 16), 58), minH: min(max(h, 4), 6), ease: min(max(h+1, 5), 11)}
			if cell.Below && c > 0 {
				above := &items[len(items)-1]
				it.column, it.width = above.column, above.width
			}
			if fixed := page.Rows[r].Height.Cells; fixed > 0 && fixed < it.minH { // figures need no border
				it.minH = fixed
				it.full, it.ease = fixed, fixed
			}
			if cell.MinH > 0 {
				it.ease = max(cell.MinH, it.minH)
			}
			if cell.MaxH > 0 {
				it.full = max(cell.MaxH, it.minH)
				it.ease = min(it.ease, it.full)
			}
			items = append(items, it)
		}
	}
	return items
}

func (it *item) leastHeight() int { return it.minH }
func (it *item) easyHeight() int  { return it.ease }

// roomyHeight is the height at which a panel lacks nothing: what a spare one waits
// for.
func (it *item) roomyHeight() int {
	if it.full > 0 {
		return it.full
	}
	return max(it.ease, roomyLines)
}

// roomyLines is when a panel that can use any height, a chart, is well served.
const roomyLines = 16

// neededRoom is how much space a panel asks for.
func neededRoom(w widgets.Widget) (cols, lines int) {
	cols, lines = 24, 5
	if s, ok := w.(widgets.Sizer); ok {
		cols, lines = s.MinSize()
	}
	return cols, lines
}

// lastSpare returns the last panel that is only there to fill a large screen, -1
// for none.
func lastSpare(items []item, keep int) int {
	for i := len(items) - 1; i >= 0; i-- {
		if items[i].cell.Spare && items[i].index != keep {
			return i
		}
	}
	return -1
}

// lightestItem returns the panel that goes next: the one of least weight, among
// equals the last. Weight 0 stays until nothing else is left to give.
func lightestItem(items []item, keep int) int {
	worst := -1
	for i := range items {
		if items[i].index == keep {
			continue
		}
		if worst < 0 || isLighter(items[i].cell.Weight, items[worst].cell.Weight) {
			worst = i
		}
	}
	return worst
}

// isLighter reports whether weight a goes no later than b, b standing before a.
func isLighter(a, b int) bool {
	switch {
	case b == 0:
		return true
	case a == 0:
		return false
	default:
		return a <= b
	}
}
