package config

import (
	"strings"

	"ticktop/datasource"
)

// KeyPatterns returns the keys of the data with "*" for everything that varies,
// and the kind that each is read as. Channels are not among them.
func (c *Config) KeyPatterns() map[string]datasource.Kind {
	out := map[string]datasource.Kind{}
	for _, it := range c.file.Data {
		kind, key, err := it.Value.oneKind()
		if err != nil || kind == datasource.KindChannel || key == "" {
			continue
		}
		segs, err := splitTemplate(key)
		if err != nil {
			continue
		}
		var b strings.Builder
		for _, s := range segs {
			if s.name {
				b.WriteByte('*')
			} else {
				b.WriteString(s.text)
			}
		}
		out[b.String()] = kind
	}
	return out
}
