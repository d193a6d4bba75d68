package quotes

import (
	"math"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// The names of the columns that are not simply a field.
const (
	colSymbol = "symbol"
	colBid    = "bid"
	colAsk    = "ask"
	colSpread = "spread"
	colChange = "change"
	colSpark  = "spark"
	colAge    = "age"
)

var defaultColumns = []string{colSymbol, colBid, colAsk, colSpread, colChange, colSpark, colAge}

// what says how a column gets its text.
type what uint8

const (
	whatSymbol what = iota
	whatBid         // with its arrow
	whatSpread
	whatChange
	whatSpark
	whatAge   // with the mark of the state
	whatSlot  // a known figure
	whatField // any other field
)

// column is one column as configured.
type column struct {
	list.Column
	head string
	what what
	slot slot
	form field.Format // of whatField
}

// Widths that do not depend on the data.
const (
	minPrice   = 8  // 97,120.5
	arrow      = 2  // a blank and ▲
	minSpread  = 6  // SPREAD, 9999.9
	minChange  = 6  // +10.25
	minSpark   = 10 //
	maxSpark   = 40 // one line high, a longer one shows nothing more
	wideGap    = 8  // the widest gap between columns
	ageWidth   = 7  // 119 min
	stampWidth = 8  // 12:00:00
	markWidth  = 2  // a blank and ◐, after the last column
	maxSymbol  = 24 //
)

// newColumn makes the column of that name. Weights: the sparkline goes first,
// the symbol and its bid stay.
func newColumn(name string) column {
	c := column{head: strings.ToUpper(field.Label(name))}
	c.Key = name
	switch name {
	case colSymbol:
		c.what = whatSymbol
	case colBid:
		c.what = whatBid
	case colSpread:
		c.what, c.Weight = whatSpread, 3
	case colChange:
		c.what, c.head, c.Weight = whatChange, "CHG %", 6
	case colSpark:
		c.what, c.head, c.Weight, c.Letter = whatSpark, "", 2, 'k'
	case colAge:
		c.what, c.Weight, c.Letter = whatAge, 5, 'g'
	default:
		c.Weight = 1
		if k, ok := slotOf(name); ok && k != slotVolume && k != slotDigits {
			c.what, c.slot = whatSlot, k
			if k == slotAsk {
				c.Weight = 7
			}
			return c
		}
		c.what, c.form = whatField, field.Guessed(name)
	}
	c.head = datasource.Clean(c.head, datasource.MaxCell).String()
	return c
}

// grid is how the table lies on a panel of some width.
type grid struct {
	list.Choice
	widths []int // of every column, shown or not
	gap    int
}

// lay measures the columns over all rows, filtered ones included, so that
// neither a filter nor scrolling moves them. Widths are rounded up: 9.99 and
// 10.01 take the same room.
func (w *Widget) lay(rows []row, width int, v widgets.View, stamps bool) grid {
	g := grid{widths: make([]int, len(w.cols)), gap: list.Gap}
	for i := range w.cols {
		g.widths[i] = w.cols[i].measure(rows)
		if stamps && w.cols[i].what == whatAge {
			g.widths[i] = stampWidth
		}
	}
	g.Choice = list.Choose(w.listColumns(g.widths), width, v.Hidden, make([]int, 0, len(w.cols)))
	g.spread(width-g.Used, w.sparkOf(g.Shown))
	return g
}

// sparkOf returns the column of the sparklines, -1 when it is not shown.
func (w *Widget) sparkOf(shown []int) int {
	for _, i := range shown {
		if w.cols[i].what == whatSpark {
			return i
		}
	}
	return -1
}

// spread gives spare cells to the gaps, to the sparkline, and to the gaps
// again, so that a wide panel is neither crowded nor ragged.
func (g *grid) spread(spare, spark int) {
	gaps := len(g.Shown) - 1
	widen := func(most int) {
		for gaps > 0 && g.gap < most && spare >= gaps {
			g.gap++
			spare -= gaps
		}
	}
	if spark < 0 {
		widen(wideGap)
		return
	}
	widen(list.Gap + 1)
	if n := min(spare, maxSpark-minSpark); n > 0 {
		g.widths[spark] += n
		spare -= n
	}
	widen(wideGap)
}

// measure returns the cells a column needs.
func (c *column) measure(rows []row) int {
	n := len(c.head)
	switch c.what {
	case whatSpark:
		return minSpark
	case whatAge:
		return ageWidth
	case whatSpread:
		return minSpread
	case whatChange:
		n = minChange
	case whatSymbol: // as wide as its names
	default:
		n = max(n, minPrice)
	}
	for i := range rows {
		n = max(n, c.need(&rows[i]))
	}
	switch c.what {
	case whatSymbol:
		return min(n, maxSymbol)
	case whatBid:
		return n + n&1 + arrow
	}
	return n + n&1
}

// need returns the cells that one row wants of a column.
func (c *column) need(r *row) int {
	switch c.what {
	case whatSymbol:
		return draw.Width(r.symbol)
	case whatChange:
		switch pct, ok := r.change(); {
		case ok && math.Abs(pct) >= 1000:
			return minChange + 4
		case ok && math.Abs(pct) >= 100:
			return minChange + 2
		}
		return 0
	case whatField:
		var scratch [64]byte
		return draw.Width(string(c.form.Append(scratch[:0], r.figure(c), time.Time{})))
	}
	if n, ok := r.figure(c).Number(); ok {
		return field.Width(n, r.decimals)
	}
	return 0
}

// order sorts the rows as the view or the spec asks; the order of the
// configuration decides between equals.
func (w *Widget) order(rows []row, v widgets.View) {
	key, desc := w.sortOf(v)
	i := slices.IndexFunc(w.cols, func(c column) bool { return c.Key == key })
	if i < 0 {
		return
	}
	for k := range rows {
		rows[k].key = w.cols[i].key(&rows[k])
	}
	slices.SortStableFunc(rows, func(a, b row) int { return list.Compare(a.key, b.key, desc) })
}
