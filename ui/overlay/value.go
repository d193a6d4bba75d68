package overlay

import (
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
)

// RowOf returns the row that a target names, or the whole value.
func RowOf(v *datasource.Value, t widgets.Target) *datasource.Value {
	switch {
	case t.Row < 0:
	case v.Type == datasource.TypeArray && t.Row < len(v.Items):
		return &v.Items[t.Row]
	case v.Type == datasource.TypeMessages && t.Row < len(v.Messages):
		return &v.Messages[t.Row].Value
	}
	return v
}

// FieldOf follows a dotted path of fields as far as it goes.
func FieldOf(v *datasource.Value, path string) *datasource.Value {
	if path == "" {
		return v
	}
	if f, ok := v.Field(path); ok { // a name may hold dots itself
		return f
	}
	head, rest, _ := strings.Cut(path, ".")
	if f, ok := v.Field(head); ok && rest != "" {
		return FieldOf(f, rest)
	}
	return v
}

// PlainText is what goes to the clipboard: a number's digits, a text as it is,
// anything else as JSON. All of it was sanitized when it was decoded.
func PlainText(v *datasource.Value, asJSON bool) string {
	if !asJSON {
		switch v.Type {
		case datasource.TypeNumber:
			return v.Num.String()
		case datasource.TypeText:
			return v.Text.String()
		}
	}
	return string(AppendJSON(nil, v, -1))
}
