package record

import "ticktop/datasource"

// masked stands where money was.
var masked = datasource.Clean("•••", 0)

// mask returns e without its money: numbers in fields that money names become
// dots, a series that it names loses its points. Everything else is kept.
func mask(e *datasource.Entry, name string, money func(name, field string) bool) *datasource.Entry {
	m := *e
	m.Raw = nil
	m.Value = maskValue(&e.Value, "", func(field string) bool { return money(name, field) })
	return &m
}

// maskValue masks v, which stands in the named field; "" is the whole datum.
func maskValue(v *datasource.Value, field string, money func(string) bool) datasource.Value {
	out := *v
	switch v.Type {
	case datasource.TypeNumber, datasource.TypeText:
		if money(field) {
			return datasource.Value{Type: datasource.TypeText, Text: masked}
		}
	case datasource.TypeSeries:
		if money(field) {
			out.Points = nil
		}
	case datasource.TypeObject:
		out.Fields = make([]datasource.Field, len(v.Fields))
		for i := range v.Fields {
			f := &v.Fields[i]
			out.Fields[i] = datasource.Field{Name: f.Name, Value: maskValue(&f.Value, f.Name.String(), money)}
		}
	case datasource.TypeArray:
		out.Items = make([]datasource.Value, len(v.Items))
		for i := range v.Items {
			out.Items[i] = maskValue(&v.Items[i], field, money)
		}
	case datasource.TypeMessages:
		out.Messages = make([]datasource.Message, len(v.Messages))
		for i := range v.Messages {
			out.Messages[i] = v.Messages[i]
			said := withoutFigures(&v.Messages[i].Value)
			out.Messages[i].Value = maskValue(&said, field, money)
		}
	}
	return out
}

// withoutFigures is a message with no figure in its texts that could be a
// balance.
func withoutFigures(v *datasource.Value) datasource.Value {
	out := *v
	switch v.Type {
	case datasource.TypeText:
		out.Text = datasource.Clean(datasource.HideFigures(v.Text.String(), masked.String()), 0)
	case datasource.TypeObject:
		out.Fields = make([]datasource.Field, len(v.Fields))
		for i := range v.Fields {
			out.Fields[i] = datasource.Field{Name: v.Fields[i].Name, Value: withoutFigures(&v.Fields[i].Value)}
		}
	}
	return out
}
