package engine

import (
	"slices"
	"strings"

	"ticktop/datasource"
)

// valuesOf returns the values that a datum lists: the fields of a hash, the
// elements of everything else.
func valuesOf(v *datasource.Value, kind datasource.Kind) []string {
	var out []string
	add := func(v *datasource.Value) {
		if s := valueText(v); s != "" {
			out = append(out, s)
		}
	}
	switch v.Type {
	case datasource.TypeArray:
		for i := range v.Items {
			add(&v.Items[i])
		}
	case datasource.TypeMessages:
		for i := range v.Messages {
			add(&v.Messages[i].Value)
		}
	case datasource.TypeObject:
		for i := range v.Fields {
			out = append(out, v.Fields[i].Name.String())
		}
	case datasource.TypeText:
		for s := range strings.FieldsFuncSeq(v.Text.String(), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
			out = append(out, s)
		}
	default:
		add(v)
	}
	if kind == datasource.KindSet || kind == datasource.KindHash {
		slices.Sort(out)
	}
	return out
}

// idFields are what names an object among others, the most telling first.
var idFields = [...]string{"symbol", "ticker", "instrument", "pair", "ticket", "account", "account_id", "id", "name", "code"}

// valueText returns the value of one element.
func valueText(v *datasource.Value) string {
	switch v.Type {
	case datasource.TypeText:
		return v.Text.String()
	case datasource.TypeNumber:
		return v.Num.String()
	case datasource.TypeObject:
		for _, name := range idFields {
			if f, ok := v.Field(name); ok && f.Type != datasource.TypeObject {
				return valueText(f)
			}
		}
	}
	return ""
}
