package config

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed default.yaml
var defaultYAML []byte

// Default returns the built-in configuration as a commented file. It is the
// file that the built-in dashboard is made from, so the two cannot differ.
func Default() []byte { return defaultYAML }

// autoPages writes the pages of a file that has data and no pages: one page,
// a plain widget for each datum.
func autoPages(data Ordered[datum]) []byte {
	var b strings.Builder
	b.WriteString("pages:\n  - name: Overview\n    rows:\n")
	for i, it := range data {
		kind, _, err := it.Value.oneKind()
		if err != nil {
			continue
		}
		if i%2 == 0 {
			b.WriteString("      - widgets:\n")
		}
		fmt.Fprintf(&b, "          - {type: %s, data: %q, title: %q}\n", plainKind(kind.String(), len(it.Value.For) > 0), it.Key, it.Key)
	}
	return []byte(b.String())
}

// plainKind is the widget that shows any datum of a kind.
func plainKind(kind string, repeated bool) string {
	switch {
	case kind == "zset":
		return "chart"
	case kind == "list", kind == "stream", kind == "channel":
		return "feed"
	case kind == "hash" && !repeated:
		return "account"
	default:
		return "table"
	}
}
