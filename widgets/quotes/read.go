package quotes

import (
	"strconv"

	"ticktop/datasource"
	"ticktop/datasource/names"
)

// readRows reads all quotes of a snapshot, in the order of the configuration. A
// datum may hold one quote, or a row for each field of a hash, each object of
// an array, each symbol of a feed.
func (w *Widget) readRows(s *datasource.Snapshot) []row {
	rows := make([]row, 0, 32)
	s.Each(w.spec.Data, func(name string, e *datasource.Entry) {
		rows = w.read(rows, name, e)
	})
	w.addSeries(rows, s)
	w.addMine(rows, s)
	return rows
}

// read appends the quotes of one datum.
func (w *Widget) read(rows []row, name string, e *datasource.Entry) []row {
	one := row{name: name, item: -1, entry: e, value: &none, symbol: symbolOf(name)}
	if !e.Known() {
		return append(rows, one)
	}
	switch v := &e.Value; v.Type {
	case datasource.TypeArray:
		return w.readItems(rows, one, v)
	case datasource.TypeMessages:
		return w.readMessages(rows, one, v)
	case datasource.TypeSeries:
		one.value = v
		if p, ok := v.Last(); ok {
			one.held = datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(p.V)}
			one.value, one.series = &one.held, v
		}
		return append(rows, w.readQuote(one))
	case datasource.TypeObject:
		if held := w.holdsQuotes(v); held {
			return w.readFields(rows, one, v)
		}
		fallthrough
	default:
		one.value = v
		if n, ok := names.Find(v, names.Symbol); ok && datasource.Item(name) == "" && n.Type == datasource.TypeText {
			one.symbol = shown(n.Text.String())
		}
		return append(rows, w.readQuote(one))
	}
}

// holdsQuotes reports whether an object is one of quotes rather than a quote: a hash
// of JSON by symbol, or of prices by symbol.
func (w *Widget) holdsQuotes(v *datasource.Value) bool {
	objects, numbers := 0, 0
	for i := range v.Fields {
		f := &v.Fields[i]
		if _, ok := w.slotFor(f.Name.String()); ok || names.Is(names.Symbol, f.Name.String()) || names.Is(names.Time, f.Name.String()) {
			return false
		}
		switch f.Value.Type {
		case datasource.TypeObject, datasource.TypeArray:
			objects++
		case datasource.TypeNumber:
			numbers++
		}
	}
	return len(v.Fields) > 0 && (objects == len(v.Fields) || numbers == len(v.Fields) || objects > len(v.Fields)/2)
}

func (w *Widget) readFields(rows []row, base row, v *datasource.Value) []row {
	for i := range v.Fields {
		r := base
		r.field, r.value = v.Fields[i].Name.String(), &v.Fields[i].Value
		r.symbol = shown(r.field)
		rows = append(rows, w.readQuote(r))
	}
	return rows
}

func (w *Widget) readItems(rows []row, base row, v *datasource.Value) []row {
	for i := range v.Items {
		r := base
		r.item, r.value, r.symbol = i, &v.Items[i], strconv.Itoa(i+1)
		if n, ok := names.Find(r.value, names.Symbol); ok {
			r.symbol = textOf(n, r.symbol)
		}
		rows = append(rows, w.readQuote(r))
	}
	return rows
}

// readMessages takes the newest message of each symbol; messages without one
// are about the datum's own.
func (w *Widget) readMessages(rows []row, base row, v *datasource.Value) []row {
	seen := map[string]bool{}
	for i := range v.Messages {
		r := base
		r.item, r.value = i, &v.Messages[i].Value
		if n, ok := names.Find(r.value, names.Symbol); ok {
			r.symbol = textOf(n, r.symbol)
		}
		if !seen[r.symbol] {
			seen[r.symbol] = true
			rows = append(rows, w.readQuote(r))
		}
	}
	if len(seen) == 0 {
		rows = append(rows, base)
	}
	return rows
}

func textOf(v *datasource.Value, otherwise string) string {
	switch v.Type {
	case datasource.TypeText:
		return shown(v.Text.String())
	case datasource.TypeNumber:
		return v.Num.String()
	}
	return otherwise
}

func symbolOf(name string) string {
	if item := datasource.Item(name); item != "" {
		return shown(item)
	}
	return shown(name)
}

// shown makes a name safe: a variable's element has passed no sanitizer yet.
func shown(s string) string { return datasource.Clean(s, datasource.MaxCell).String() }

// addSeries gives each row the series of its symbol.
func (w *Widget) addSeries(rows []row, s *datasource.Snapshot) {
	if w.spec.Spark == "" {
		return
	}
	i := 0
	s.Each(w.spec.Spark, func(name string, e *datasource.Entry) {
		if n := findSymbol(rows, symbolOf(name), i); n >= 0 && e != nil && e.Value.Type == datasource.TypeSeries {
			rows[n].series = &e.Value
			i = n + 1
		}
	})
}

// addMine adds up the own positions of each row's symbol, short ones below
// zero.
func (w *Widget) addMine(rows []row, s *datasource.Snapshot) {
	if w.spec.Mine == "" {
		return
	}
	add := func(v *datasource.Value, fallback string) {
		sym, volume := fallback, datasource.Number{}
		if f, ok := names.Find(v, names.Symbol); ok {
			sym = textOf(f, sym)
		}
		volume, ok := names.Number(v, names.Volume)
		n := findSymbol(rows, sym, 0)
		if !ok || n < 0 || !volume.Finite() {
			return
		}
		size := volume.Float()
		if f, ok := names.Find(v, names.Side); ok && isShort(f) {
			size = -size
		}
		rows[n].mine += size
		rows[n].mineDecimals = max(rows[n].mineDecimals, min(volume.Decimals(), maxDecimals))
		rows[n].owned = true
	}
	s.Each(w.spec.Mine, func(name string, e *datasource.Entry) {
		if !e.Known() {
			return
		}
		switch v := &e.Value; v.Type {
		case datasource.TypeArray:
			for i := range v.Items {
				add(&v.Items[i], "")
			}
		case datasource.TypeObject:
			if _, ok := names.Find(v, names.Volume); ok {
				add(v, datasource.Item(name))
				return
			}
			for i := range v.Fields {
				add(&v.Fields[i].Value, v.Fields[i].Name.String())
			}
		}
	})
}

// isShort reports whether a side is the selling one: SELL, short, S, and
// MetaTrader's 1.
func isShort(v *datasource.Value) bool {
	switch v.Type {
	case datasource.TypeNumber:
		return v.Num.Float() == 1 || v.Num.Float() < 0
	case datasource.TypeText:
		switch names.Fold(v.Text.String()) {
		case "sell", "short", "s", "ask", "positiontypesell", "ordertypesell":
			return true
		}
	}
	return false
}

// findSymbol returns the row of a symbol; both groups have one order as a rule, so
// it looks at hint first.
func findSymbol(rows []row, symbol string, hint int) int {
	if hint < len(rows) && rows[hint].symbol == symbol {
		return hint
	}
	for i := range rows {
		if rows[i].symbol == symbol {
			return i
		}
	}
	return -1
}
