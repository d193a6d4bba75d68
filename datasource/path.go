package datasource

import "strings"

// SplitPath splits a path into a document, as pick: and fields: write it, into
// its steps: "a.b.0". '…' encloses a name with dots.
func SplitPath(s string) []string {
	var out []string
	for s != "" {
		if s[0] == '\'' {
			if end := strings.IndexByte(s[1:], '\''); end >= 0 {
				out = append(out, s[1:1+end])
				s = strings.TrimPrefix(s[end+2:], ".")
				continue
			}
		}
		step, rest, _ := strings.Cut(s, ".")
		out = append(out, step)
		s = rest
	}
	return out
}
