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
	colLast   = "last"
	colBid    = "bid"
	colAsk    = "ask"
	colSpread = "spread"
	colChange = "change"
	colRange  = "range"
	colSpark  = "spark"
	colMine   = "mine"
	colAge    = "age"
)

var defaultColumns = []string{colSymbol, colLast, colChange, colRange, colSpread, colSpark, colMine, colAge}

// what says how a column gets its text.
type what uint8

const (
	whatSymbol what = iota
	whatLast
	whatBid
	whatSpread
	whatChange
	whatRange
	whatSpark
	whatMine
	whatAge
	whatSlot  // a known figure
	whatField // any other field
)

// column is one column as configured.
type column struct {
	list.Column
	head   string
	what   what
	slot   slot
	form   field.Format // of whatField
	marked bool         // the mark of the row is behind it
	always bool         // shown even when it has nothing to tell
}

// Widths that do not depend on the data.
const (
	minPrice  = 8  // 97,120.5
	mark      = 2  // a blank and ▲ or ◐
	minSpread = 7  // 1.1 pip
	minChange = 6  // +10.25
	minSpark  = 8  //
	maxSpark  = 40 // one line high, a longer one shows nothing more
	minRange  = 11 // odd: the open is in the middle
	maxRange  = 21
	wideGap   = 8  // the widest gap between columns
	ageWidth  = 7  // 119 min
	stamps    = 8  // 12:00:00
	maxSymbol = 24 //
)

// newColumn makes the column of that name. The weights are the order in which
// columns go: others, spread, own size, range, spark, ask, change, age; the
// symbol and its price stay.
func newColumn(name string, asked bool) column {
	c := column{head: strings.ToUpper(field.Label(name)), always: asked}
	c.Key = name
	switch name {
	case colSymbol:
		c.what = whatSymbol
	case colLast:
		c.what, c.Weight = whatLast, 7
	case colBid:
		c.what, c.Weight = whatBid, 7
	case colSpread:
		c.what, c.Weight = whatSpread, 2
	case colChange:
		c.what, c.head, c.Weight = whatChange, "CHG %", 8
	case colRange:
		c.what, c.head, c.Weight, c.Letter = whatRange, "", 4, 'r'
	case colSpark:
		c.what, c.head, c.Weight, c.Letter = whatSpark, "", 5, 'k'
	case colMine:
		c.what, c.Weight = whatMine, 3
	case colAge:
		c.what, c.Weight, c.Letter = whatAge, 9, 'g'
	default:
		c.Weight = 1
		if k, ok := slotOf(name); ok && k != slotVolume && k != slotDigits && k != slotLast {
			c.what, c.slot = whatSlot, k
			if k == slotAsk {
				c.Weight = 6
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
	marks  bool // the marks of the rows are in a column of their own
	aged   bool // the ages are shown
}

// measureGrid measures the columns over all rows, filtered ones included, so that
// neither a filter nor scrolling moves them. Widths are rounded up: 9.99 and
// 10.01 take the same space.
func (w *Widget) measureGrid(rows []row, width int, f widgets.Context) grid {
	g := grid{widths: make([]int, len(w.cols)), gap: list.Gap}
	g.marks = !slices.ContainsFunc(w.cols, func(c column) bool { return c.marked })
	if g.marks {
		width -= mark
	}
	cols := w.listColumns(g.widths)
	hidden := f.View.Hidden
	for i := range w.cols {
		c := &w.cols[i]
		g.widths[i] = w.measureColumn(c, rows, f)
		if g.widths[i] == 0 { // has nothing to tell
			hidden += "," + c.Key
		}
		cols[i].Width = g.widths[i]
	}
	g.Choice = list.Choose(cols, width, hidden, make([]int, 0, len(w.cols)))
	g.Hidden = 0
	for i := 1; i < len(w.cols); i++ {
		if list.IsHidden(f.View.Hidden, w.cols[i].Key) {
			g.Hidden++
		}
	}
	for _, i := range g.Shown {
		g.aged = g.aged || w.cols[i].what == whatAge
	}
	age := w.indexOfColumn(g.Shown, whatAge)
	if !hasFallback(rows) {
		age = -1
	}
	g.spreadSpare(width-g.Used, w.indexOfColumn(g.Shown, whatRange), w.indexOfColumn(g.Shown, whatSpark), age)
	return g
}

// hasFallback reports whether a price is the API's, which its age says.
func hasFallback(rows []row) bool {
	return slices.ContainsFunc(rows, func(r row) bool { return draw.StateOf(r.entry) == datasource.StateFallback })
}

// indexOfColumn returns the shown column of a kind, -1 when there isn't one.
func (w *Widget) indexOfColumn(shown []int, k what) int {
	for _, i := range shown {
		if w.cols[i].what == k {
			return i
		}
	}
	return -1
}

// spreadSpare gives spare cells to the range and the sparkline, and then to the
// gaps, so that a wide panel is neither crowded nor ragged.
func (g *grid) spreadSpare(spare, day, spark, age int) {
	gaps := len(g.Shown) - 1
	grow := func(i, most int) {
		if n := min(spare, most-g.widths[max(i, 0)]); i >= 0 && n > 0 {
			g.widths[i] += n
			spare -= n
		}
	}
	widen := func(most int) {
		for gaps > 0 && g.gap < most && spare >= gaps {
			g.gap++
			spare -= gaps
		}
	}
	grow(age, len("api ")+ageWidth)
	grow(day, 15)
	grow(spark, 20)
	grow(day, maxRange)
	if spark < 0 {
		widen(wideGap)
		return
	}
	widen(list.Gap + 1)
	grow(spark, maxSpark)
	widen(wideGap)
}

// measureColumn returns the cells a column needs, 0 when it has nothing to tell.
func (w *Widget) measureColumn(c *column, rows []row, f widgets.Context) int {
	n := len(c.head)
	switch c.what {
	case whatSpark:
		return minSpark
	case whatSpread:
		n = minSpread
	case whatSymbol: // as wide as its names
	case whatRange, whatMine, whatAge, whatChange:
		n = 0
	default:
		n = max(n, minPrice)
	}
	for i := range rows {
		n = max(n, w.neededCells(c, &rows[i], f))
	}
	switch c.what {
	case whatSymbol:
		return min(n, maxSymbol)
	case whatRange, whatMine, whatAge, whatChange:
		if c.what == whatChange && !slices.ContainsFunc(rows, func(r row) bool { return r.entry.Known() }) {
			n = minChange // it is yet to come
		}
		if n == 0 && c.always {
			n = len(c.head)
		}
		if c.what == whatMine && n > 0 {
			n = max(n, len(c.head))
		}
		return n
	}
	n += n & 1
	if c.marked {
		n += mark
	}
	return n
}

// neededCells returns the cells that one row wants of a column.
func (w *Widget) neededCells(c *column, r *row, f widgets.Context) int {
	switch c.what {
	case whatSymbol:
		return draw.Width(r.symbol)
	case whatSpread:
		text, _ := w.spreadText(r)
		return len(text)
	case whatRange:
		if _, _, _, _, ok := r.dayRange(); ok {
			return minRange
		}
		return 0
	case whatMine:
		return len(r.mineText(f.Private))
	case whatAge:
		return w.needAge(c, r, f)
	case whatChange:
		switch pct, ok := r.change(); {
		case ok && math.Abs(pct) >= 1000:
			return minChange + 4
		case ok && math.Abs(pct) >= 100:
			return minChange + 2
		case ok:
			return minChange
		}
		return 0
	case whatField:
		var scratch [64]byte
		return draw.Width(string(c.form.Append(scratch[:0], r.figureOf(c), time.Time{})))
	}
	v := r.figureOf(c)
	if n, ok := v.Number(); ok {
		return field.Width(n, r.decimalsFor(v))
	}
	return 0
}

// notNow is the age from which a price that is live tells how old it is.
const notNow = 10 * time.Second

// needAge is the space for an age, 0 when the row has none that matters.
func (w *Widget) needAge(c *column, r *row, f widgets.Context) int {
	age, known := r.age(f.Now)
	e := r.entry
	switch {
	case !e.Known():
		return 0
	case known && age >= longAge && r.isOld(f.Now) && !c.always:
		return 0 // says so in words, in place of the other columns
	case f.Stamps:
		return stamps
	case c.always || e.State != datasource.StateLive || e.Quiet || !known || age >= notNow:
		return ageWidth
	}
	return 0
}

// sortRows sorts the rows as the view or the spec asks; the order of the
// configuration decides between equals. flat is true when that leaves no groups.
func (w *Widget) sortRows(rows []row, v widgets.View) (flat bool) {
	w.groups.orderByGroup(rows)
	key, desc := w.sortOf(v)
	i := slices.IndexFunc(w.cols, func(c column) bool { return c.Key == key })
	if i < 0 {
		return false
	}
	for k := range rows {
		rows[k].key = w.cols[i].sortKey(&rows[k])
	}
	slices.SortStableFunc(rows, func(a, b row) int { return list.Compare(a.key, b.key, desc) })
	return true
}
