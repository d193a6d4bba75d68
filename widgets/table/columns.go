package table

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// column is one column, ready to be measured.
type column struct {
	list.Column
	head    string
	form    field.Format
	left    bool // aligned left
	aligned bool // as the spec says, whatever the data
	total   bool
	min     int // cells
	want    int // cells that the longest text would take
	digits  int // decimals of all rows, where the format leaves them open
}

// maxCell is the widest that text makes a column by itself.
const maxCell = 32

// maxColumns bounds the columns that are found in the data.
const maxColumns = 24

// heads are the short names of the columns that every blotter has.
var heads = map[string]string{
	"volume": "VOL", "quantity": "QTY", "open_price": "OPEN", "price_open": "OPEN", "entry_price": "ENTRY", "current_price": "NOW",
	"price_current": "NOW", "mark_price": "MARK", "limit_price": "LIMIT", "stop_price": "STOP", "stop_loss": "SL", "take_profit": "TP",
	"commission": "COMM", "open_time": "OPENED", "opened_at": "OPENED", "created_at": "CREATED", "pnl": "PnL", "unrealized_pnl": "PnL",
	timeColumn: "TIME", keyColumn: "NAME",
}

// newColumn makes a column by its field's name.
func newColumn(name string, form field.Format) column {
	last := lastPart(name)
	c := column{head: heads[last], form: form}
	if c.head == "" {
		c.head = datasource.Clean(strings.ToUpper(field.Label(last)), datasource.MaxCell).String()
	}
	c.Key = name
	if strings.HasPrefix(c.head, "PNL") {
		c.head = "PnL" + c.head[3:]
	}
	switch form.Class {
	case field.Name, field.Plain, field.Side:
		c.left = true
	}
	c.Weight = columnWeight(form.Class, name)
	return c
}

func lastPart(name string) string {
	if field.IsData(name) {
		return name
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

// places is the usual order of a table's columns, under the names that
// producers give them; what is not here follows, and numbers of tickets come
// last.
var places = []string{
	keyColumn, timeColumn, "time", "symbol", "instrument", "pair", "ticker", "side", "direction", "type", "action", "volume", "qty", "quantity",
	"size", "lots", "filled", "remaining", "open", "open_price", "entry", "entry_price", "price_open", "avg_price", "price", "limit_price", "stop_price",
	"current", "current_price", "price_current", "now", "mark", "mark_price", "last", "value", "sl", "stop_loss", "tp", "take_profit",
	"swap", "commission", "fee", "pnl", "profit", "unrealized_pnl", "status", "state",
}

func columnPlace(name string) int {
	if i := slices.Index(places, strings.ToLower(lastPart(name))); i >= 0 {
		return i
	}
	if class, _ := field.Guess(name); class == field.Name {
		return len(places) + 1
	}
	return len(places)
}

// columnWeight is what a column is worth when there is no space for all.
func columnWeight(c field.Class, name string) int {
	switch c {
	case field.Signed:
		return 10
	case field.Side:
		return 9
	case field.Volume:
		return 8
	case field.Price:
		return max(3, 6-columnPlace(name)/16)
	case field.Name:
		if columnPlace(name) < len(places) {
			return 11
		}
		return 1
	case field.Time:
		return 2
	default:
		return 3
	}
}

// chooseColumns are those of the spec or, without any, those found in the rows.
func (w *Widget) chooseColumns(rows []row) []column {
	if len(w.cols) > 0 {
		return slices.Clone(w.cols)
	}
	var cols []column
	add := func(name string, form field.Format) {
		known := slices.ContainsFunc(cols, func(c column) bool { return c.Key == name })
		if !known && len(cols) < maxColumns && name != "" && !strings.Contains(name, ",") {
			cols = append(cols, newColumn(name, form))
		}
	}
	keyed := false
	for i := range rows {
		r := &rows[i]
		if r.at != nil && len(cols) == 0 {
			add(timeColumn, field.Format{Class: field.Time})
		}
		if r.value.Type == datasource.TypeArray { // a row without names: by place
			keyed = keyed || r.key != ""
			for k := range r.value.Items {
				add(strconv.Itoa(k), field.Format{Class: field.Plain, NumberFormat: draw.Plain})
			}
			continue
		}
		if r.value.Type != datasource.TypeObject {
			keyed = keyed || r.key != ""
			add(valueColumn, field.Guessed(""))
			continue
		}
		keyed = keyed || r.key != "" && !namesItself(r)
		for k := range r.value.Fields {
			name := r.value.Fields[k].Name.String()
			add(name, field.Guessed(lastPart(name)))
		}
	}
	if keyed {
		add(keyColumn, field.Format{Class: field.Name})
	}
	slices.SortStableFunc(cols, func(a, b column) int { return columnPlace(a.Key) - columnPlace(b.Key) })
	w.autoTotals(cols)
	scaleRates(cols, rows)
	return cols
}

// scaleRates decides for the columns that hold rates, from all their values,
// whether they are fractions or per cents.
func scaleRates(cols []column, rows []row) {
	var beside []format.Rate
	for i := range cols {
		name := lastPart(cols[i].Key)
		if names.RateOf(name) == names.RateNone {
			continue
		}
		for k := range rows {
			if n, ok := rows[k].fieldValue(cols[i].Key).Number(); ok {
				beside = append(beside, format.Rate{Name: name, Value: n})
			}
		}
	}
	if len(beside) == 0 {
		return
	}
	for i := range cols {
		cols[i].form = cols[i].form.Scaled(lastPart(cols[i].Key), beside)
	}
}

// namesItself reports whether a row says itself what its key says: a hash of orders
// by their id, a group of quotes by their symbol.
func namesItself(r *row) bool {
	for i := range r.value.Fields {
		v := &r.value.Fields[i].Value
		if v.Type == datasource.TypeText && v.Text.String() == r.key || v.Type == datasource.TypeNumber && v.Num.String() == r.key {
			return true
		}
	}
	return false
}

// autoTotals adds up what can be added: profits and costs.
func (w *Widget) autoTotals(cols []column) {
	for i := range cols {
		c := &cols[i]
		c.total = w.spec.Totals != "columns" && (c.form.Class == field.Signed || slices.Contains([]string{"commission", "fee", "fees"}, lastPart(c.Key)))
	}
}

// valueOf is what a column shows of a row.
func (c *column) valueOf(r *row) *datasource.Value {
	switch c.Key {
	case keyColumn:
		if v := r.fieldValue(keyColumn); v != nil || r.key == "" {
			return v
		}
		return &datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(r.key, datasource.MaxCell)}
	case timeColumn:
		if r.at != nil {
			return r.at
		}
	}
	return r.fieldValue(c.Key)
}

// format is the format of one cell: prices have the decimals of their row,
// what is not known itself, everything else those of its column.
func (c *column) format(r *row, n datasource.Number) draw.NumberFormat {
	f := c.form.For(n)
	if c.form.Decimals == draw.Auto && c.form.Unit != draw.UnitCompact {
		switch c.form.Class {
		case field.Price:
			f.Decimals = r.price
		case field.Plain:
			f.Decimals = field.Believed(n)
		default:
			f.Decimals = c.digits
		}
	}
	return f
}

// measureWidth finds decimals and width of a column over all rows. Numbers are
// rounded up to an even width: 9.99 and 10.01 take the same space.
func (c *column) measureWidth(rows []row, now time.Time) {
	numbers := 0
	for i := range rows {
		if n, ok := c.valueOf(&rows[i]).Number(); ok {
			c.digits = max(c.digits, c.form.For(n).Decimals, 0)
			if c.form.Decimals == draw.Auto && c.form.For(n).Decimals == draw.Auto {
				c.digits = max(c.digits, field.Believed(n))
			}
			numbers++
		}
	}
	if !c.aligned && c.form.Class == field.Plain {
		c.left = numbers*2 <= len(rows)
	}
	wide := 0
	for i := range rows {
		wide = max(wide, c.neededCells(&rows[i], now))
	}
	c.want = wide
	if wide = min(wide, maxCell); numbers > 0 {
		wide += wide & 1
	}
	c.Width = max(wide, draw.Width(c.head)+1, c.min) // a cell for the mark of the sorted column
}

// makeRoom widens a column for its total.
func (c *column) makeRoom(rows []row) {
	var scratch [64]byte
	if n, ok := c.sumRows(rows).number(); ok {
		wide := len(draw.AppendNumber(scratch[:0], n, c.totalFormat(n)))
		c.Width = max(c.Width, min(wide+wide&1, maxCell))
	}
}

// totalFormat is the format of a total: the decimals are those of its column.
func (c *column) totalFormat(n datasource.Number) draw.NumberFormat {
	f := c.form.For(n)
	if c.form.Decimals == draw.Auto && c.form.Unit != draw.UnitCompact {
		f.Decimals = c.digits
	}
	return f
}

// sumRows adds up a column.
func (c *column) sumRows(rows []row) *sum {
	s := new(sum)
	for i := range rows {
		if n, ok := c.valueOf(&rows[i]).Number(); ok {
			s.addNumber(n)
		}
	}
	return s
}

// neededCells is the cells that a row wants.
func (c *column) neededCells(r *row, now time.Time) int {
	v := c.valueOf(r)
	n, ok := v.Number()
	if !ok || c.form.Class == field.Time || c.form.Suffix != "" || c.form.Unit != draw.UnitNone {
		var scratch [64]byte
		return draw.Width(string(c.form.Append(scratch[:0], v, now)))
	}
	f := c.format(r, n)
	wide := field.Width(n, f.Decimals)
	if f.Sign && n.Float() > 0 {
		wide++
	}
	return wide
}

// grid is how the table lies on a panel.
type grid struct {
	list.Choice
	cols []column
	gap  int
}

// maxGap is how far spare space draws columns apart.
const maxGap = 5

// measureGrid measures the columns and takes those there is space for.
func measureGrid(cols []column, rows []row, width int, f widgets.Context) grid {
	for i := range rows {
		rows[i].findDecimals(cols)
	}
	for i := range cols {
		cols[i].measureWidth(rows, f.Now)
		if cols[i].total {
			cols[i].makeRoom(rows)
		}
	}
	if len(cols) > 0 {
		cols[0].Weight = 0
	}
	g := grid{cols: cols, gap: list.Gap}
	g.Choice = list.Choose(listColumns(cols), width, f.View.Hidden, make([]int, 0, len(cols)))
	for _, i := range g.Shown { // long texts first, then air
		if more := min(cols[i].want-cols[i].Width, width-g.Used); more > 0 {
			cols[i].Width += more
			g.Used += more
		}
	}
	for n := len(g.Shown) - 1; n > 0 && g.gap < maxGap && g.Used+n <= width; g.gap++ {
		g.Used += n
	}
	return g
}

// listColumns are the columns as package list sees them.
func listColumns(cols []column) []list.Column {
	out := make([]list.Column, len(cols))
	for i := range cols {
		out[i] = cols[i].Column
	}
	return out
}
