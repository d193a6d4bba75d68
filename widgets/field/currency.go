package field

import (
	"strings"

	"ticktop/datasource"
)

// Currency returns the currency that a configuration names: "USD" itself, or the
// field that holds it, "account.currency"; "" when that is not known.
func Currency(data *datasource.Snapshot, spec string) string {
	name := CurrencyDatum(spec)
	if name == "" {
		return datasource.Clean(spec, 12).String()
	}
	e := data.Get(name)
	if !e.Known() {
		return ""
	}
	if v := At(&e.Value, spec[len(name)+1:]); v != nil && v.Type == datasource.TypeText {
		return datasource.Clean(v.Text.String(), 12).String()
	}
	return ""
}

// CurrencyDatum is the datum that Currency looks at, "" for none.
func CurrencyDatum(spec string) string {
	name, _, ok := strings.Cut(spec, ".")
	if !ok {
		return ""
	}
	return name
}
