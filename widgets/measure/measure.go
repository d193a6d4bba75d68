// Package measure takes named numbers out of data, for panels that compare
// them: the profit of each position, the change of each symbol.
package measure

import (
	"math"
	"math/big"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets/field"
)

// Item is one named number.
type Item struct {
	Label string // safe to show
	Num   datasource.Number
	OK    bool // there is a number
	Entry *datasource.Entry
	Name  string // of the datum
	Field string // in an object; "" for the whole
	Row   int    // in an array; -1 for none

	Guessed bool // nobody named the field: what it is called says what it is
}

// Where says which numbers are meant.
type Where struct {
	Data  string // a list of objects, an object of numbers, or a group of objects or numbers
	Label string // the field that names a row; the first text when empty
	Field string // the field that holds the number, dotted; guessed when empty
}

// Collect returns the numbers in the order of the data. Rows of a list that
// have the same label are added up, exactly: two positions in one symbol are
// one bar. An entry without a usable value gives one item without a number, so
// that nothing vanishes.
func Collect(s *datasource.Snapshot, w Where) (items []Item, entries []*datasource.Entry) {
	s.Each(w.Data, func(name string, e *datasource.Entry) {
		entries = append(entries, e)
		label := datasource.Item(name)
		if label == "" {
			label = name
		}
		one := Item{Label: clean(label), Entry: e, Name: name, Row: -1}
		if !e.Known() {
			items = append(items, one)
			return
		}
		switch v := &e.Value; v.Type {
		case datasource.TypeArray:
			items = appendRows(items, one, v, w)
		case datasource.TypeObject:
			items = appendObject(items, one, v, w, name != w.Data || w.Field != "")
		default:
			one.Num, one.OK = v.Number()
			items = append(items, one)
		}
	})
	return items, entries
}

// appendRows appends the objects of a list.
func appendRows(items []Item, base Item, v *datasource.Value, w Where) []Item {
	first := len(items)
	for i := range v.Items {
		row := &v.Items[i]
		it := base
		it.Row, it.Label = i, labelOf(row, w.Label)
		it.Num, it.Field, it.OK = numberOf(row, w.Field)
		it.Guessed = w.Field == "" && it.Field != ""
		if k := slices.IndexFunc(items[first:], func(o Item) bool { return o.Label == it.Label }); k >= 0 && it.Label != "" {
			same := &items[first+k]
			same.Num, same.OK = addExact(*same, it)
			continue
		}
		items = append(items, it)
	}
	return items
}

// appendObject appends one number of an object that is an item by itself, or each
// number of one that stands alone.
func appendObject(items []Item, base Item, v *datasource.Value, w Where, single bool) []Item {
	if single {
		base.Num, base.Field, base.OK = numberOf(v, w.Field)
		base.Guessed = w.Field == "" && base.Field != ""
		return append(items, base)
	}
	for i := range v.Fields {
		f := &v.Fields[i]
		if n, ok := f.Value.Number(); ok {
			it := base
			it.Label, it.Field, it.Num, it.OK = clean(field.Label(f.Name.String())), f.Name.String(), n, true
			items = append(items, it)
		}
	}
	return items
}

// addExact adds two numbers exactly, with the decimals of the finer one.
func addExact(a, b Item) (datasource.Number, bool) {
	switch {
	case !a.OK || !a.Num.Finite():
		return b.Num, b.OK
	case !b.OK || !b.Num.Finite():
		return a.Num, a.OK
	}
	x, okX := new(big.Rat).SetString(a.Num.String())
	y, okY := new(big.Rat).SetString(b.Num.String())
	if !okX || !okY {
		return a.Num, true
	}
	return datasource.ParseNumber(x.Add(x, y).FloatString(max(a.Num.Decimals(), b.Num.Decimals())))
}

// labelFields name a row, best first.
var labelFields = [...]string{"symbol", "name", "label", "instrument", "ticker", "id"}

func labelOf(v *datasource.Value, name string) string {
	if name != "" {
		f, _ := v.Field(name)
		return textOf(f)
	}
	for _, name := range labelFields {
		if f, ok := v.Field(name); ok {
			return textOf(f)
		}
	}
	for i := range v.Fields {
		if v.Fields[i].Value.Type == datasource.TypeText {
			return textOf(&v.Fields[i].Value)
		}
	}
	return ""
}

func textOf(v *datasource.Value) string {
	switch {
	case v == nil:
		return ""
	case v.Type == datasource.TypeText:
		return clean(v.Text.String())
	case v.Type == datasource.TypeNumber:
		return clean(v.Num.String())
	default:
		return ""
	}
}

// numberOf returns the number in a field, its name, and whether there is one.
// Without a name it is the first that has a direction, else the first there is.
func numberOf(v *datasource.Value, name string) (n datasource.Number, path string, ok bool) {
	if n, ok := v.Number(); ok {
		return n, "", true
	}
	if name != "" {
		n, ok := field.At(v, name).Number()
		return n, name, ok
	}
	for _, directed := range [...]bool{true, false} {
		for i := range v.Fields {
			f := &v.Fields[i]
			class, _ := field.Guess(f.Name.String())
			if n, ok := f.Value.Number(); ok && (!directed || class.Directed()) {
				return n, f.Name.String(), true
			}
		}
	}
	return datasource.Number{}, "", false
}

func clean(s string) string { return datasource.Clean(s, 256).String() }

// Sort sorts by "value" (largest first), "size" (the same without the sign),
// "label" or "none"; turn turns the order round. What has no number stands
// last in every order but none.
func Sort(items []Item, order string, turn bool) {
	key := func(it Item) float64 {
		if order == "size" {
			return -math.Abs(it.Num.Float())
		}
		return -it.Num.Float()
	}
	slices.SortStableFunc(items, func(a, b Item) int {
		if order == "none" {
			return 0
		}
		okA, okB := a.OK && a.Num.Finite(), b.OK && b.Num.Finite()
		c := 0
		switch {
		case okA != okB && okA:
			return -1
		case okA != okB:
			return 1
		case order == "label":
			c = strings.Compare(a.Label, b.Label)
		case okA && key(a) < key(b):
			c = -1
		case okA && key(a) > key(b):
			c = 1
		}
		if turn {
			return -c
		}
		return c
	})
}
