package thing

import (
	"strings"
	"time"

	"ticktop/datasource"
)

// The producers' names of what is looked for in rows.
var (
	symbolNames = []string{"symbol", "sym", "instrument", "pair", "ticker", "market", "s"}
	idNames     = []string{"id", "ticket", "order_id", "position_id", "uuid", "orderId", "positionId"}
	sizeNames   = []string{"volume", "qty", "quantity", "size", "lots", "amount"}
	priceNames  = []string{"price", "last", "p", "bid"}
	timeNames   = []string{"ts", "time", "timestamp", "closed_at", "at", "t"}
)

// fieldNamed returns the first field of v that has one of these names.
func fieldNamed(v *datasource.Value, names []string) (*datasource.Value, bool) {
	for _, name := range names {
		for i := range v.Fields {
			if strings.EqualFold(v.Fields[i].Name.String(), name) {
				return &v.Fields[i].Value, true
			}
		}
	}
	return nil, false
}

// valueText is a value in a word, "" where it has none.
func valueText(v *datasource.Value) string {
	if v == nil {
		return ""
	}
	switch v.Type {
	case datasource.TypeText:
		return v.Text.String()
	case datasource.TypeNumber:
		return v.Num.String()
	case datasource.TypeBool:
		if v.Bool {
			return "yes"
		}
		return "no"
	}
	return ""
}

// fieldText is the text of the first field with one of these names.
func fieldText(v *datasource.Value, names []string) string {
	f, _ := fieldNamed(v, names)
	return valueText(f)
}

// SymbolOf returns the symbol that a row or an object names.
func SymbolOf(v *datasource.Value) (datasource.Safe, bool) {
	s := fieldText(v, symbolNames)
	return datasource.Clean(s, 64), s != ""
}

// IDOf returns what a row is identified by.
func IDOf(v *datasource.Value) datasource.Safe { return datasource.Clean(fieldText(v, idNames), 64) }

// KindOf returns what the rows of a datum are, by its name.
func KindOf(datum string) Kind {
	switch name := strings.ToLower(datasource.Group(datum)); {
	case strings.Contains(name, "position"):
		return Position
	case strings.Contains(name, "order"):
		return Order
	}
	return Symbol
}

// row is a position or an order in the snapshot.
type row struct {
	datum string
	entry *datasource.Entry
	value *datasource.Value
}

// rowsOf returns the rows of the snapshot that trade symbol, of one kind.
func rowsOf(snap *datasource.Snapshot, symbol string, kind Kind) []row {
	var out []row
	for i := range snap.Len() {
		name, e := snap.Nth(i)
		if !e.Known() || KindOf(name) != kind {
			continue
		}
		add := func(v *datasource.Value) {
			if s, ok := SymbolOf(v); ok && s.String() == symbol {
				out = append(out, row{name, e, v})
			}
		}
		switch e.Value.Type {
		case datasource.TypeObject:
			if _, ok := SymbolOf(&e.Value); ok {
				add(&e.Value)
				continue
			}
			for f := range e.Value.Fields { // a hash of rows
				add(&e.Value.Fields[f].Value)
			}
		case datasource.TypeArray:
			for r := range e.Value.Items {
				add(&e.Value.Items[r])
			}
		}
	}
	return out
}

// findRow returns the row that a thing is about; ok is false when it is gone.
func findRow(snap *datasource.Snapshot, t Thing) (row, bool) {
	for _, r := range rowsOf(snap, t.Symbol.String(), t.Kind) {
		if r.datum == t.Datum && IDOf(r.value) == t.ID {
			return r, true
		}
	}
	return row{}, false
}

// mentionsSymbol reports whether a message is about a symbol.
func mentionsSymbol(v *datasource.Value, symbol string) bool {
	if s, ok := SymbolOf(v); ok {
		return s.String() == symbol
	}
	for i := range v.Fields {
		if v.Fields[i].Value.Type == datasource.TypeText && strings.Contains(v.Fields[i].Value.Text.String(), symbol) {
			return true
		}
	}
	return v.Type == datasource.TypeText && strings.Contains(v.Text.String(), symbol)
}

// tapeOf returns the newest trades or ticks of a symbol: its own messages
// datum that have a price.
func tapeOf(snap *datasource.Snapshot, symbol string) *datasource.Entry {
	for i := range snap.Len() {
		name, e := snap.Nth(i)
		if datasource.Item(name) != symbol || !e.Known() || e.Value.Type != datasource.TypeMessages || len(e.Value.Messages) == 0 {
			continue
		}
		v := &e.Value.Messages[0].Value
		if _, bars := fieldNamed(v, []string{"open"}); bars {
			continue
		}
		if _, ok := fieldNamed(v, priceNames); ok {
			return e
		}
	}
	return nil
}

// timeOf reads a time out of a field: epoch seconds or milliseconds, or RFC 3339.
func timeOf(v *datasource.Value) (time.Time, bool) {
	switch v.Type {
	case datasource.TypeNumber:
		switch f := v.Num.Float(); {
		case f > 9e11 && f < 9e12:
			return time.UnixMilli(int64(f)), true
		case f > 9e8 && f < 9e9:
			return time.Unix(int64(f), 0), true
		}
	case datasource.TypeText:
		t, err := time.Parse(time.RFC3339, v.Text.String())
		return t, err == nil
	}
	return time.Time{}, false
}
