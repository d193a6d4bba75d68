package discover

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// family is keys or channels that differ only in their last part:
// "quote:EURUSD" and "quote:GBPUSD".
type family struct {
	prefix string // "quote:", or the whole name where there is one only
	kind   datasource.Kind
	items  []string // the last parts, sorted; none for a single key without parts
	sample *datasource.Raw
	ttl    bool // at least one expires
	heard  int  // channels: messages while listening
}

// name is how the datum is called: letters, digits and _.
func (f *family) name() string {
	var b strings.Builder
	for _, r := range strings.Trim(f.prefix, ":./-_ ") {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0:
			b.WriteByte('_')
		}
	}
	if b.Len() == 0 {
		return "data"
	}
	return b.String()
}

// familyKey is what the members of a family share.
type familyKey struct {
	prefix string
	kind   datasource.Kind
}

// families groups the keys and the channels of a discovery. What cannot be
// written in a YAML file is left out.
func families(d *redisdb.Discovery) []*family {
	found := map[familyKey]*family{}
	put := func(name string, kind datasource.Kind) *family {
		prefix, item := name, ""
		if i := strings.LastIndexByte(name, ':'); i > 0 && listable(name[i+1:]) {
			prefix, item = name[:i+1], name[i+1:]
		}
		k := familyKey{prefix, kind}
		f := found[k]
		if f == nil {
			f = &family{prefix: prefix, kind: kind}
			found[k] = f
		}
		if item != "" {
			f.items = append(f.items, item)
		}
		return f
	}
	for i := range d.Keys {
		k := &d.Keys[i]
		if !shown(k) || strings.HasPrefix(k.Name, "ticktop:") {
			continue
		}
		f := put(k.Name, k.Kind)
		f.ttl = f.ttl || k.TTL != datasource.NoTTL
		if f.sample == nil {
			f.sample = k.Sample
		}
	}
	for _, c := range d.Channels {
		if writable(c.Name) && !strings.HasPrefix(c.Name, "__") {
			put(c.Name, datasource.KindChannel).heard += c.Messages
		}
	}
	out := slices.Collect(maps.Values(found))
	for _, f := range out {
		slices.Sort(f.items)
		f.items = slices.Compact(f.items)
	}
	slices.SortFunc(out, func(a, b *family) int {
		if a.prefix != b.prefix {
			return strings.Compare(a.prefix, b.prefix)
		}
		return int(a.kind) - int(b.kind)
	})
	return out
}

// shown reports whether a key can be a datum: of a type that there is a kind
// for, and with a name that can be written.
func shown(k *redisdb.Key) bool { return k.Kind != 0 && writable(k.Name) }

// leftOut names the first few keys that cannot be a datum, and how many there
// are.
func leftOut(d *redisdb.Discovery) (names []string, n int) {
	for i := range d.Keys {
		if k := &d.Keys[i]; !shown(k) {
			if n++; n <= 3 {
				names = append(names, datasource.Clean(k.Name, 40).String())
			}
		}
	}
	return names, n
}

// listable reports whether the last part of a key can be an element of a
// variable: one that stays as it is when a configuration is read.
func listable(item string) bool {
	return config.CheckVar("", item) == nil && strings.TrimSpace(item) == item
}

// writable reports whether a name can stand in a configuration as it is.
func writable(name string) bool {
	return name != "" && len(name) <= 200 && utf8.ValidString(name) && !strings.ContainsAny(name, "*?[") && !strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f })
}
