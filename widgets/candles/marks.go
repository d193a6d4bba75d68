package candles

import (
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// priceMark is a price that matters to the trader: a line across the chart.
type priceMark struct {
	name  string // ours: "entry", "stop", "target", "limit", "stop order", "alert"
	note  string // in the margin behind the name: a size, what is gained or lost there
	price float64
	role  theme.Role
}

// words are what the margin says of it.
func (m *priceMark) words() string {
	if m.note == "" {
		return m.name
	}
	return m.name + " " + m.note
}

// maxMarks bounds the lines: more than these hide the candles.
const maxMarks = 12

// collectMarks finds the own entries, stops, targets and orders of the symbol.
// They are private: under a policy none is drawn.
func (w *Widget) collectMarks(k *look, f *widgets.Context) {
	for _, l := range widgets.ParseLevels(f.Levels) {
		if plainSymbol(l.Element) == plainSymbol(k.symbol) && len(k.marks) < maxMarks {
			k.marks = append(k.marks, priceMark{name: "alert", note: l.Words, price: l.Price, role: theme.Warn})
		}
	}
	if f.Private || k.symbol == "" {
		return
	}
	if w.spec.Positions != "" {
		eachRow(f.Data, w.spec.Positions, func(row *datasource.Value) {
			if k.isOwnSymbol(row) {
				k.addMark("entry", row, names.EntryPrice, theme.Strong, sizeOf(row))
				k.addMark("stop", row, names.StopLoss, theme.Down, "")
				k.addMark("target", row, names.TakeProfit, theme.Up, "")
			}
		})
	}
	if w.spec.Orders != "" {
		eachRow(f.Data, w.spec.Orders, func(row *datasource.Value) {
			if k.isOwnSymbol(row) {
				k.addMark(orderName(row), row, names.OrderPrice, theme.Label, sizeOf(row))
			}
		})
	}
}

// isOwnSymbol reports whether a row is of the symbol that is shown.
func (k *look) isOwnSymbol(row *datasource.Value) bool {
	f, ok := names.Find(row, names.Symbol)
	return ok && f.Type == datasource.TypeText && plainSymbol(f.Text.String()) == plainSymbol(k.symbol)
}

// plainSymbol is a symbol without case and separators: "eur/usd" is EURUSD.
func plainSymbol(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("/-_:. ", r) {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}

func (k *look) addMark(name string, row *datasource.Value, part names.Standard, role theme.Role, note string) {
	p, ok := barNumber(row, part)
	if ok && p != 0 && len(k.marks) < maxMarks {
		k.marks = append(k.marks, priceMark{name: name, note: note, price: p, role: role})
	}
}

// sizeOf is the size of a position or an order, as its producer writes it.
func sizeOf(row *datasource.Value) string {
	n, ok := names.Number(row, names.Volume)
	if !ok || !n.Finite() {
		return ""
	}
	return draw.FormatNumber(n, draw.Plain)
}

// orderName is what the line of an order is called.
func orderName(row *datasource.Value) string {
	if f, ok := row.Field("type"); ok && f.Type == datasource.TypeText {
		switch t := strings.ToLower(f.Text.String()); {
		case strings.Contains(t, "limit"):
			return "limit"
		case strings.Contains(t, "stop"):
			return "stop order"
		}
	}
	return "order"
}

// eachRow calls f for every object of a datum: the elements of an array, the
// fields of an object of objects, each item of a group.
func eachRow(data *datasource.Snapshot, name string, f func(row *datasource.Value)) {
	data.Each(name, func(_ string, e *datasource.Entry) {
		if !e.Known() {
			return
		}
		v := &e.Value
		switch v.Type {
		case datasource.TypeArray:
			for i := range v.Items {
				f(&v.Items[i])
			}
		case datasource.TypeObject:
			if _, ok := names.Find(v, names.Symbol); ok {
				f(v)
				return
			}
			for i := range v.Fields {
				f(&v.Fields[i].Value)
			}
		}
	})
}
