package layout

// bandHeights shares the height. A row that was not broken keeps the size it
// was given; the parts of a broken one each weigh what the whole row did. What
// a band cannot use goes to those that can.
func bandHeights(page *Page, bands []band, total int) []int {
	natural := rowHeights(page, bands, total)
	of := (*item).leastHeight
	if neededHeight(bands, (*item).easyHeight) <= total {
		of = (*item).easyHeight
	}
	n := len(bands)
	want, lows, fulls, roomy := make([]int, n), make([]int, n), make([]int, n), make([]int, n)
	for i := range bands {
		want[i] = max(1, natural[bands[i].row])
		lows[i], roomy[i] = bands[i].height(of), bands[i].height((*item).roomyHeight)
		if fulls[i] = bands[i].fullHeight(); fulls[i] > 0 {
			fulls[i] = max(fulls[i], lows[i])
		}
	}
	heights := scaleHeights(page, bands, want, total)
	raiseTo(heights, lows)
	giveSpare(heights, fulls, roomy, func(i int) bool { return page.Rows[bands[i].row].Height.Cells > 0 })
	return heights
}

// rowHeights shares the height among the rows that anything is left of.
func rowHeights(page *Page, bands []band, total int) []int {
	var rows []int
	var sizes []Size
	for i := range bands {
		if i == 0 || bands[i].row != bands[i-1].row {
			rows, sizes = append(rows, bands[i].row), append(sizes, page.Rows[bands[i].row].Height)
		}
	}
	out := make([]int, len(page.Rows))
	for i, h := range Split(total, sizes) {
		out[rows[i]] = h
	}
	return out
}

// giveSpare takes from bands what is beyond their full height: first for those that
// are not roomy yet, then for those that can use any, in proportion. Rows of a
// fixed number of lines neither give nor get. With nobody to give to, all stay
// as they are.
func giveSpare(heights, fulls, roomy []int, set func(i int) bool) {
	spare, weight := 0, 0
	for i, h := range heights {
		switch {
		case set(i):
		case fulls[i] == 0:
			weight += h
		default:
			spare += max(h-fulls[i], 0)
		}
	}
	take := spare // what is found a place for
	if weight == 0 {
		lack := 0
		for i, h := range heights {
			if !set(i) {
				lack += max(roomy[i]-h, 0)
			}
		}
		take = min(spare, lack)
	}
	left := take
	for i, h := range heights {
		if set(i) {
			continue
		}
		if over := min(max(h-fulls[i], 0), take); over > 0 && fulls[i] > 0 {
			heights[i], take = h-over, take-over
		}
		more := min(max(roomy[i]-h, 0), left)
		heights[i], left = heights[i]+more, left-more
	}
	weight = 0
	for i, h := range heights {
		if !set(i) && fulls[i] == 0 {
			weight += h
		}
	}
	for i, h := range heights {
		if !set(i) && fulls[i] == 0 { // the last one gets what rounding left
			part := left * h / weight
			heights[i], left, weight = h+part, left-part, weight-h
		}
	}
}

// scaleHeights scales want to total, but leaves rows alone that ask for a number of
// lines, while the others have space.
func scaleHeights(page *Page, bands []band, want []int, total int) []int {
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
