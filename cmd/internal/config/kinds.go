package config

import (
	"reflect"
	"slices"

	"ticktop/widgets"
)

// kind is one kind of widget: the structure of its options, and how one is
// made from them.
type kind struct {
	name string
	doc  string
	spec reflect.Type
	make func(spec reflect.Value) (widgets.Widget, error)
}

// kindOf ties a Spec to its constructor.
func kindOf[S any, W widgets.Widget](name, doc string, make func(S) (W, error)) kind {
	return kind{name: name, doc: doc, spec: reflect.TypeFor[S](), make: func(spec reflect.Value) (widgets.Widget, error) {
		w, err := make(spec.Interface().(S))
		if err != nil {
			return nil, err
		}
		return w, nil
	}}
}

// kinds is the one table from a widget's name to its constructor.
func kinds() []kind {
	return []kind{
		kindOf("quotes", "prices with bid, ask, spread, change, sparkline and age", newWaiting("quotes")),
		kindOf("account", "fields of an account", newWaiting("account")),
		kindOf("chart", "a series over time", newWaiting("chart")),
		kindOf("table", "rows of an array or a hash", newWaiting("table")),
		kindOf("feed", "messages, newest first", newWaiting("feed")),
	}
}

func lookupKind(name string) (kind, bool) {
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
	if i < 0 {
		return kind{}, false
	}
	return all[i], true
}

// Kinds returns the names of all kinds of widget.
func Kinds() []string {
	var out []string
	for _, k := range kinds() {
		out = append(out, k.name)
	}
	return out
}
