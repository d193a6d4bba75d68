package table

import (
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets/field"
)

// row is one object of the data.
type row struct {
	datum string            // its name
	field string            // of the datum, where the row is a field of it or in one
	index int               // of an array or a message list; -1 for none
	key   string            // the field's or the item's name, shown where the row has no name itself
	at    *datasource.Value // a message's time; nil for none
	value *datasource.Value
	entry *datasource.Entry
	price int // decimals of the row's prices
}

// The names of the columns that are made of where a row comes from.
const (
	keyColumn   = "key"
	timeColumn  = "at"
	valueColumn = "value"
)

// maxRows bounds what is measured and sorted for one picture.
const maxRows = datasource.MaxMembers

// collectRows reads the rows of a datum, or of all items of a repeated one.
func collectRows(s *datasource.Snapshot, name string) (rows []row, entries []*datasource.Entry) {
	s.Each(name, func(datum string, e *datasource.Entry) {
		entries = append(entries, e)
		if !e.Known() || len(rows) >= maxRows {
			return
		}
		key := ""
		if datum != name {
			key = datasource.Clean(datasource.Item(datum), datasource.MaxCell).String()
		}
		rows = read(rows, row{datum: datum, index: -1, key: key, value: &e.Value, entry: e})
	})
	return rows, entries
}

// read appends the rows that a value holds; proto says where it stands.
func read(rows []row, proto row) []row {
	v := proto.value
	switch v.Type {
	case datasource.TypeArray:
		for i := range v.Items {
			r := proto
			r.index, r.value = i, &v.Items[i]
			rows = append(rows, r)
		}
	case datasource.TypeMessages:
		for i := range v.Messages {
			m := &v.Messages[i]
			r := proto
			r.index, r.value = i, &m.Value
			if !m.At.IsZero() {
				r.at = &datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromInt(m.At.UnixMilli())}
			}
			rows = append(rows, r)
		}
	case datasource.TypeObject:
		return readObject(rows, proto)
	case datasource.TypeNull, datasource.TypeNone:
	default:
		rows = append(rows, proto)
	}
	return rows
}

// wrappers are the names under which APIs put the rows of an answer.
var wrappers = []string{"results", "items", "data", "rows", "positions", "orders", "trades", "fills"}

// readObject takes an object as rows: an answer that wraps an array, a hash of
// objects, or for an item of a repeated datum the object itself. Any other
// object is one of names and values.
func readObject(rows []row, proto row) []row {
	v := proto.value
	objects := 0
	for i := range v.Fields {
		f := &v.Fields[i]
		if f.Value.Type == datasource.TypeArray && slices.Contains(wrappers, f.Name.String()) {
			proto.field, proto.value = f.Name.String(), &f.Value
			return read(rows, proto)
		}
		if f.Value.Type == datasource.TypeObject {
			objects++
		}
	}
	if objects < len(v.Fields) && proto.key != "" {
		return append(rows, proto)
	}
	for i := range v.Fields {
		f := &v.Fields[i]
		r := proto
		r.field, r.value = f.Name.String(), &f.Value
		r.key = strings.TrimSpace(proto.key + " " + f.Name.String())
		rows = append(rows, r)
	}
	return rows
}

// fieldValue returns a row's field, nil where it has none.
func (r *row) fieldValue(name string) *datasource.Value {
	v := r.value
	if v.Type == datasource.TypeArray {
		return field.At(v, name)
	}
	if v.Type != datasource.TypeObject {
		if name == valueColumn {
			return v
		}
		return nil
	}
	return field.At(v, name)
}

// findDecimals finds how many digits the row's prices have, as many as any of them
// was written with, so that 2405.1 beside 2411.32 is shown as 2,405.10.
func (r *row) findDecimals(cols []column) {
	for i := range cols {
		if cols[i].form.Class != field.Price {
			continue
		}
		if n, ok := r.fieldValue(cols[i].Key).Number(); ok {
			r.price = max(r.price, field.Believed(n))
		}
	}
}
