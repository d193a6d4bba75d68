package field

import (
	"strconv"
	"strings"

	"ticktop/datasource"
)

// At returns the part of a value that a dotted path leads to, nil when there
// isn't one: "limits.day_loss", "results.0.bid". A name that has dots itself is
// found where it stands whole. The empty path is the value itself.
func At(v *datasource.Value, path string) *datasource.Value {
	for v != nil && path != "" {
		if f, ok := v.Field(path); ok {
			return f
		}
		head, rest, _ := strings.Cut(path, ".")
		v, path = childNamed(v, head), rest
	}
	return v
}

func childNamed(v *datasource.Value, name string) *datasource.Value {
	if v.Type == datasource.TypeArray {
		i, err := strconv.Atoi(name)
		if err != nil || i < 0 || i >= len(v.Items) {
			return nil
		}
		return &v.Items[i]
	}
	f, _ := v.Field(name)
	return f
}
