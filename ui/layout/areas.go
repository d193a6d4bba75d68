package layout

import "slices"

// areaFor returns the first area of the page that the screen is large enough
// for; nil when there isn't one. What stands above, a banner too, and the footer
// belong to the screen: a banner that comes does not move panels about.
func areaFor(page *Page, r Rect) *Area {
	const footer = 1
	for i := range page.Areas {
		if a := &page.Areas[i]; r.W >= a.MinW && r.Y+r.H+footer >= a.MinH {
			return a
		}
	}
	return nil
}

// arrangeArea lays the panels that an area names out in it; all others are
// left out. What has no space goes by weight, as on any page.
func arrangeArea(page *Page, a *Area, r Rect, items []item, keep int) Plan {
	var plan Plan
	rows := withPanel(a.Rows, items, keep)
	shown := make([]bool, len(items))
	for _, row := range rows {
		for _, col := range row.Columns {
			for _, i := range col.Panels {
				shown[i] = true
			}
		}
	}
	leaveOut := func(i int) {
		shown[i] = false
		plan.Dropped = append(plan.Dropped, i)
		if items[i].cell.Spare {
			plan.Spares++
		}
	}
	for i := range items {
		if !shown[i] {
			leaveOut(i)
		}
	}
	bands := areaBands(rows, items, shown)
	for neededHeight(bands, (*item).leastHeight) > r.H || neededHeight(bands, (*item).easyHeight) > r.H && hasWeighed(items, shown, keep) {
		i := lightestShown(items, shown, keep)
		if i < 0 {
			break
		}
		leaveOut(i)
		bands = areaBands(rows, items, shown)
	}
	placeBands(&plan, areaHeights(rows, bands, r.H), bands, r)
	return plan
}

// withPanel returns the rows with panel keep in them: where an area leaves it
// out, it takes the place of the lightest one.
func withPanel(rows []AreaRow, items []item, keep int) []AreaRow {
	row, col, at, worst := -1, 0, 0, 0
	for r := range rows {
		for c := range rows[r].Columns {
			for p, i := range rows[r].Columns[c].Panels {
				if i == keep {
					return rows
				}
				if row < 0 || isLighter(items[i].cell.Weight, worst) {
					row, col, at, worst = r, c, p, items[i].cell.Weight
				}
			}
		}
	}
	if keep < 0 || keep >= len(items) || row < 0 {
		return rows
	}
	out := slices.Clone(rows)
	out[row].Columns = slices.Clone(out[row].Columns)
	out[row].Columns[col].Panels = slices.Clone(out[row].Columns[col].Panels)
	out[row].Columns[col].Panels[at] = keep
	return out
}

// hasWeighed reports whether a panel is left that goes before the others are
// squeezed to a few lines.
func hasWeighed(items []item, shown []bool, keep int) bool {
	i := lightestShown(items, shown, keep)
	return i >= 0 && items[i].cell.Weight > 0
}

// lightestShown is the panel that goes next, -1 when only one is left.
func lightestShown(items []item, shown []bool, keep int) int {
	worst, n := -1, 0
	for i := range items {
		if !shown[i] {
			continue
		}
		n++
		if i != keep && (worst < 0 || isLighter(items[i].cell.Weight, items[worst].cell.Weight)) {
			worst = i
		}
	}
	if n < 2 {
		return -1
	}
	return worst
}

// areaBands are the rows of an area with the panels that are shown.
func areaBands(rows []AreaRow, items []item, shown []bool) []band {
	var out []band
	for r := range rows {
		b := band{row: r}
		for _, col := range rows[r].Columns {
			var c column
			for p, i := range col.Panels {
				if !shown[i] {
					continue
				}
				it := items[i]
				it.width, it.part = col.Width, 0
				if p < len(col.Parts) {
					it.part = col.Parts[p]
				}
				if lines := rows[r].Height.Cells; lines > 0 && len(col.Panels) == 1 {
					it.minH, it.ease, it.full = min(it.minH, lines), lines, lines
					if it.cell.MinH > 0 {
						it.minH = min(it.cell.MinH, lines)
					}
				}
				c.items = append(c.items, it)
				c.minW = max(c.minW, min(it.minW, 40))
			}
			if len(c.items) > 0 {
				b.cols = append(b.cols, c)
			}
		}
		if len(b.cols) > 0 {
			out = append(out, b)
		}
	}
	return out
}

// areaHeights shares the height: every row has what it needs and its share, rows
// that fit then get what they can fill, from the top, and the others the rest.
// With no others the last one gets it.
func areaHeights(rows []AreaRow, bands []band, total int) []int {
	of := (*item).leastHeight
	if neededHeight(bands, (*item).easyHeight) <= total {
		of = (*item).easyHeight
	}
	out, left := make([]int, len(bands)), total
	for i := range bands {
		out[i] = bands[i].height(of)
		left -= out[i]
	}
	if left < 0 {
		return Scale(total, out)
	}
	var open []int
	shared := 0
	for i := range bands { // a share is had before others are more than useful
		if h := rows[bands[i].row].Height; h.Num > 0 && h.Den > 0 {
			more := min(max(partOf(total, h.Num, h.Den)-out[i], 0), left)
			out[i], left, shared = out[i]+more, left-more, shared+1
		}
	}
	for i := range bands {
		row := &rows[bands[i].row]
		switch full := bands[i].endHeight(); {
		case row.Height.Cells > 0, row.Fit && full > 0:
			if row.Height.Cells > 0 {
				full = row.Height.Cells
			}
			more := min(max(full-out[i], 0), left)
			out[i], left = out[i]+more, left-more
		case row.Height.Num == 0 || shared == len(bands):
			open = append(open, i)
		}
	}
	if len(open) == 0 && shared > 0 {
		for i := range bands {
			if rows[bands[i].row].Height.Num > 0 {
				open = append(open, i)
			}
		}
	}
	if len(open) == 0 {
		open = []int{len(bands) - 1}
	}
	for k, i := range open {
		more := left / (len(open) - k)
		out[i], left = out[i]+more, left-more
	}
	return out
}

// endHeight is the height of the highest column of panels that all end somewhere; 0
// when there isn't one.
func (b *band) endHeight() int {
	h := 0
	for i := range b.cols {
		sum := 0
		for j := range b.cols[i].items {
			full := b.cols[i].items[j].full
			if full == 0 {
				sum = 0
				break
			}
			sum += full
		}
		h = max(h, sum)
	}
	return h
}
