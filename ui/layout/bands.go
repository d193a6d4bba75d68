package layout

// column is panels that stand below each other.
type column struct {
	items []item
	minW  int
}

// band is one line of columns.
type band struct {
	row  int // of the page or the area it came from
	cols []column
}

// wrapRows breaks rows where their panels would become too narrow. A wide screen
// keeps the rows as configured for as long as panels keep half of what they
// need.
func wrapRows(items []item, width int, class Class) []band {
	var bands []band
	for start := 0; start < len(items); {
		end := start + 1
		for end < len(items) && items[end].row == items[start].row {
			end++
		}
		bands = append(bands, wrapRow(stackColumns(items[start:end], class), items[start].row, width, class)...)
		start = end
	}
	return bands
}

// stackColumns puts panels below each other where the page says so, which takes a
// wide screen: others put them side by side and drop what has no space.
func stackColumns(row []item, class Class) []column {
	var cols []column
	for i := range row {
		it := &row[i]
		if n := len(cols) - 1; n >= 0 && class == Wide && it.column == row[i-1].column {
			cols[n].items = row[i-len(cols[n].items) : i+1]
			cols[n].minW = max(cols[n].minW, it.minW)
			continue
		}
		cols = append(cols, column{items: row[i : i+1], minW: it.minW})
	}
	return cols
}

func wrapRow(cols []column, row, width int, class Class) []band {
	most := len(cols)
	switch class {
	case Narrow:
		most = 2
	case Medium:
		most = 3
	case TooSmall, Wide:
	}
	var bands []band
	for start := 0; start < len(cols); {
		used, end := 0, start
		for end < len(cols) && end-start < most {
			want := cols[end].minW
			if class == Wide {
				want /= 2
			}
			if end > start && used+want > width {
				break
			}
			used += want
			end++
		}
		bands = append(bands, band{row: row, cols: cols[start:end]})
		start = end
	}
	return bands
}

// height is what the panels of a column need together.
func (c *column) height(of func(*item) int) int {
	h := 0
	for i := range c.items {
		h += of(&c.items[i])
	}
	return h
}

// height is what the highest of its columns needs.
func (b *band) height(of func(*item) int) int {
	h := 0
	for i := range b.cols {
		h = max(h, b.cols[i].height(of))
	}
	return h
}

// fullHeight is the height beyond which a band would only be blank; 0: none, because
// one of its panels can use any.
func (b *band) fullHeight() int {
	h := 0
	for i := range b.cols {
		sum := 0
		for j := range b.cols[i].items {
			full := b.cols[i].items[j].full
			if full == 0 {
				return 0
			}
			sum += full
		}
		h = max(h, sum)
	}
	return h
}

func neededHeight(bands []band, of func(*item) int) int {
	h := 0
	for i := range bands {
		h += bands[i].height(of)
	}
	return h
}

// placeBands gives every band its height, every column its width and every panel
// its part of the column.
func placeBands(plan *Plan, heights []int, bands []band, area Rect) {
	y := area.Y
	for b := range bands {
		cols := bands[b].cols
		sizes, lows := make([]Size, len(cols)), make([]int, len(cols))
		for i := range cols {
			sizes[i], lows[i] = cols[i].items[0].width, cols[i].minW
		}
		widths := Split(area.W, sizes)
		raiseTo(widths, lows)
		x := area.X
		for i := range cols {
			top := y
			for j, h := range cols[i].shareHeight(heights[b]) {
				it := &cols[i].items[j]
				plan.Slots = append(plan.Slots, Slot{Index: it.index, Widget: it.cell.Widget,
					Rect: Rect{x, top, widths[i], h}, Band: b, Column: i})
				top += h
			}
			x += widths[i]
		}
		y += heights[b]
	}
}

// shareHeight divides a column's height: each panel has what it needs, then in turn
// all that it can use, and what is left goes to those that can use any height,
// or else to the last.
func (c *column) shareHeight(total int) []int {
	n := len(c.items)
	of := (*item).leastHeight
	if c.height((*item).easyHeight) <= total {
		of = (*item).easyHeight
	}
	out, open := make([]int, n), 0
	for i := range c.items {
		out[i] = of(&c.items[i])
		if c.items[i].full == 0 {
			open += max(c.items[i].part, 1)
		}
	}
	left := total - c.height(of)
	if left < 0 {
		return Scale(total, out)
	}
	for i := range c.items {
		more := min(left, max(c.items[i].full-out[i], 0))
		out[i], left = out[i]+more, left-more
	}
	for i := range c.items {
		if part := max(c.items[i].part, 1); c.items[i].full == 0 {
			more := left * part / open
			out[i], left, open = out[i]+more, left-more, open-part
		}
	}
	out[n-1] += left
	return out
}
