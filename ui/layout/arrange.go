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
	Band   int // slots of one band share Y and H and stand from left to right
}

// Plan is a page laid out. Its slots tile the area: no gap, no overlap. They
// are ordered by band, then from left to right.
type Plan struct {
	Slots   []Slot
	Dropped []int // panels left out for want of room, lightest first
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
	cell       *Cell
	minW, minH int
	ease       int // height at which it is worth more than the room it takes
}

// band is one line of panels.
type band struct {
	row   int // of the page it came from
	items []item
}

// Arrange lays page out in area, in the way of class. The panel keep (-1: none)
// is not dropped while any other can be: it is how a panel that had to go comes
// back when it gets the focus.
func Arrange(page *Page, area Rect, class Class, keep int) Plan {
	var plan Plan
	items := collect(page)
	if len(items) == 0 || area.W <= 0 || area.H <= 0 {
		return plan
	}
	bands := wrap(items, area.W, class)
	for len(items) > 1 {
		// What has a weight goes before the others are squeezed to a few lines;
		// what has none only when there is no room at all.
		i := lightest(items, keep)
		if need(bands, (*item).least) <= area.H && (items[i].cell.Weight == 0 || need(bands, (*item).easy) <= area.H) {
			break
		}
		plan.Dropped = append(plan.Dropped, items[i].index)
		items = append(append([]item(nil), items[:i]...), items[i+1:]...)
		bands = wrap(items, area.W, class)
	}
	place(&plan, page, bands, area)
	return plan
}

func collect(page *Page) []item {
	var items []item
	for r := range page.Rows {
		for c := range page.Rows[r].Cells {
			cell := &page.Rows[r].Cells[c]
			w, h := needs(cell.Widget)
			it := item{index: len(items), row: r, cell: cell, minW: min(max(w, 16), 58), minH: min(max(h, 4), 6), ease: min(max(h+1, 5), 11)}
			if cell.MinH > 0 {
				it.ease = max(cell.MinH, it.minH)
			}
			items = append(items, it)
		}
	}
	return items
}

func (it *item) least() int { return it.minH }
func (it *item) easy() int  { return it.ease }

// needs is how much room a panel asks for.
func needs(w widgets.Widget) (cols, lines int) {
	cols, lines = 24, 5
	if s, ok := w.(widgets.Sizer); ok {
		cols, lines = s.MinSize()
	}
	return cols, lines
}

// wrap breaks rows where their panels would become too narrow. A wide screen
// keeps the rows as configured for as long as panels keep half of what they
// need.
func wrap(items []item, width int, class Class) []band {
	var bands []band
	for start := 0; start < len(items); {
		end := start + 1
		for end < len(items) && items[end].row == items[start].row {
			end++
		}
		bands = append(bands, wrapRow(items[start:end], width, class)...)
		start = end
	}
	return bands
}

func wrapRow(row []item, width int, class Class) []band {
	most := len(row)
	switch class {
	case Narrow:
		most = 2
	case Medium:
		most = 3
	}
	var bands []band
	for start := 0; start < len(row); {
		used, end := 0, start
		for end < len(row) && end-start < most {
			want := row[end].minW
			if class == Wide {
				want /= 2
			}
			if end > start && used+want > width {
				break
			}
			used += want
			end++
		}
		bands = append(bands, band{row: row[0].row, items: row[start:end]})
		start = end
	}
	return bands
}

// height is what the highest of its panels needs.
func (b *band) height(of func(*item) int) int {
	h := 0
	for i := range b.items {
		h = max(h, of(&b.items[i]))
	}
	return h
}

func need(bands []band, of func(*item) int) int {
	h := 0
	for i := range bands {
		h += bands[i].height(of)
	}
	return h
}

// lightest returns the panel that goes next: the one of least weight, among
// equals the last. Weight 0 stays until nothing else is left to give.
func lightest(items []item, keep int) int {
	worst := -1
	for i := range items {
		if items[i].index == keep {
			continue
		}
		if worst < 0 || lighter(items[i].cell.Weight, items[worst].cell.Weight) {
			worst = i
		}
	}
	return worst
}

// lighter reports whether weight a goes no later than b, b standing before a.
func lighter(a, b int) bool {
	switch {
	case b == 0:
		return true
	case a == 0:
		return false
	default:
		return a <= b
	}
}

// place gives every band its height and every panel its width.
func place(plan *Plan, page *Page, bands []band, area Rect) {
	heights := bandHeights(page, bands, area.H)
	y := area.Y
	for b := range bands {
		items := bands[b].items
		sizes, lows := make([]Size, len(items)), make([]int, len(items))
		for i := range items {
			sizes[i] = items[i].cell.Width
			lows[i] = items[i].minW
		}
		widths := Split(area.W, sizes)
		raiseTo(widths, lows)
		x := area.X
		for i := range items {
			plan.Slots = append(plan.Slots, Slot{Index: items[i].index, Widget: items[i].cell.Widget,
				Rect: Rect{x, y, widths[i], heights[b]}, Band: b})
			x += widths[i]
		}
		y += heights[b]
	}
}

// bandHeights shares the height. A row that was not broken keeps the size it
// was given; the parts of a broken one each weigh what the whole row did.
func bandHeights(page *Page, bands []band, total int) []int {
	sizes := make([]Size, len(page.Rows))
	for i := range page.Rows {
		sizes[i] = page.Rows[i].Height
	}
	natural := Split(total, sizes)
	of := (*item).least
	if need(bands, (*item).easy) <= total {
		of = (*item).easy
	}
	want, lows := make([]int, len(bands)), make([]int, len(bands))
	for i := range bands {
		want[i] = max(1, natural[bands[i].row])
		lows[i] = bands[i].height(of)
	}
	heights := fixed(page, bands, want, total)
	raiseTo(heights, lows)
	return heights
}

// fixed scales want to total, but leaves rows alone that ask for a number of
// lines, while the others have room.
func fixed(page *Page, bands []band, want []int, total int) []int {
	var free []int
	left := total
	for i := range bands {
		if page.Rows[bands[i].row].Height.Cells > 0 {
			left -= want[i]
		} else {
			free = append(free, want[i])
		}
	}
	if len(free) == 0 || left < len(free) {
		return Scale(total, want)
	}
	scaled := Scale(left, free)
	out := make([]int, len(want))
	for i := range bands {
		if page.Rows[bands[i].row].Height.Cells > 0 {
			out[i] = want[i]
		} else {
			out[i], scaled = scaled[0], scaled[1:]
		}
	}
	return out
}
