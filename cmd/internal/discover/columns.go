package discover

import (
	"fmt"
	"strings"
)

// columns is how delimited text, or an array without names, is read: each part
// by the name of its place.
type columns struct {
	sep   string // "" for an array
	names []string
	row   *node // one row as an object
}

// leadKeys are the keys of the datum in the file.
func (c *columns) leadKeys() []string {
	var out []string
	if c.sep != "" {
		out = append(out, "sep: "+quoteYAML(c.sep))
	}
	return append(out, "columns: ["+strings.Join(c.names, ", ")+"]")
}

const (
	maxColumns    = 12
	maxColumnText = 40
)

// columnsOf finds out the columns of one entry; timed says that its time stands
// elsewhere, as in a sorted set's score. It is nil for other values.
func columnsOf(n *node, timed bool) *columns {
	switch {
	case n == nil:
		return nil
	case n.kind == nodeArray:
		return nameColumns(n.kids, "", timed)
	case n.kind != nodeText, isTime(n), uuidAt(n.text) != "":
		return nil
	}
	for _, sep := range []string{"|", ";", ",", "\t", " ", ":"} {
		parts := strings.Split(n.text, sep)
		if len(parts) < 2 || len(parts) > maxColumns {
			continue
		}
		kids := make([]*node, len(parts))
		for i, part := range parts {
			kids[i] = scalarNode(strings.TrimSpace(part))
		}
		if c := nameColumns(kids, sep, timed); c != nil {
			return c
		}
	}
	return nil
}

// nameColumns names the columns by what they hold; nil where at most one is a
// number beside the time, or where one is prose.
func nameColumns(kids []*node, sep string, timed bool) *columns {
	if len(kids) < 2 || len(kids) > maxColumns {
		return nil
	}
	c := &columns{sep: sep, names: make([]string, len(kids)), row: &node{kind: nodeObject}}
	var numbers []int
	hasTime, unknown := timed, 0
	for i, k := range kids {
		switch {
		case !k.isScalar(), len(k.text) > maxColumnText, strings.ContainsAny(k.text, " ") && !isTime(k):
			return nil
		case !hasTime && isTime(k), i == 0 && isTime(k):
			c.names[i], hasTime = "time", true
		case k.kind == nodeNumber:
			numbers = append(numbers, i)
		case isSide(k.text):
			c.setName(i, "side")
		case anySymbol(k.text) || isTicker(k.text) && len(k.text) > 1:
			c.setName(i, "symbol")
		default:
			unknown++
		}
	}
	if unknown*2 > len(kids) || unknown > 0 && (sep == " " || sep == ":") {
		return nil // prose
	}
	if len(numbers) == 0 || len(numbers) == 1 && !hasTime {
		return nil
	}
	c.nameNumbers(kids, numbers, hasTime)
	for i := range kids {
		if c.names[i] == "" {
			c.names[i] = fmt.Sprintf("column%d", i+1)
		}
		c.row.names, c.row.kids = append(c.row.names, c.names[i]), append(c.row.kids, kids[i])
	}
	return c
}

// setName names a column where no other has the name.
func (c *columns) setName(i int, name string) {
	for _, taken := range c.names {
		if taken == name {
			return
		}
	}
	c.names[i] = name
}

// nameNumbers tells bars, quotes, trades and points apart.
func (c *columns) nameNumbers(kids []*node, numbers []int, hasTime bool) {
	at := func(i int) float64 { return kids[numbers[i]].num }
	switch n := len(numbers); {
	case n >= 4 && hasTime && isBarOf(at(0), at(1), at(2), at(3)):
		c.nameAll(numbers, "open", "high", "low", "close", "volume")
	case n >= 4 && hasTime && isBarOf(at(0), at(2), at(3), at(1)):
		c.nameAll(numbers, "open", "close", "high", "low", "volume")
	case n >= 2 && at(0) > 0 && at(1) >= at(0) && at(1) < at(0)*1.05:
		c.nameAll(numbers, "bid", "ask", "last")
	case n >= 2 && at(0) > 0:
		c.nameAll(numbers, "price", "size")
	default:
		c.nameAll(numbers, "value")
	}
}

func (c *columns) nameAll(places []int, names ...string) {
	for i, place := range places[:min(len(places), len(names))] {
		c.names[place] = names[i]
	}
}

// isBarOf reports whether four numbers can be the prices of a bar.
func isBarOf(open, high, low, closing float64) bool {
	return low > 0 && high >= open && high >= closing && low <= open && low <= closing && high < low*3
}

func isSide(s string) bool {
	switch strings.ToUpper(s) {
	case "B", "S", "BUY", "SELL", "LONG", "SHORT", "BID", "ASK":
		return true
	}
	return false
}

// readColumns takes delimited text, or an array without names, as the object
// that its columns make.
func (x *finding) readColumns(n *node, timed bool) *node {
	c := columnsOf(n, timed)
	if c == nil {
		return n
	}
	x.lead = append(x.lead, c.leadKeys()...)
	return c.row
}
