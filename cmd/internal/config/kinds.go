package config

import (
	"slices"

	"ticktop/widgets/all"
)

// lookupKind returns the kind of widget of that name.
func lookupKind(name string) (all.Kind, bool) {
	kinds := all.Kinds()
	i := slices.IndexFunc(kinds, func(k all.Kind) bool { return k.Name == name })
	if i < 0 {
		return all.Kind{}, false
	}
	return kinds[i], true
}

// Kinds returns the names of all kinds of widget.
func Kinds() []string {
	var out []string
	for _, k := range all.Kinds() {
		out = append(out, k.Name)
	}
	return out
}
