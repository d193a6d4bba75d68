package discover

import (
	"regexp"
	"slices"
	"strings"

	"ticktop/datasource/redisdb"
)

// kindChannel is the type of a family of pub/sub channels.
const kindChannel = "channel"

// family is keys, or channels, that differ only in their elements.
type family struct {
	kind    string // as TYPE says, or kindChannel
	parts   []piece
	keys    []string
	samples []redisdb.Sample
	heard   [][]byte // channels: some payloads
	rate    int      // channels: messages heard
}

// templateOf is the family's key with a mark for every varying part.
func templateOf(parts []piece) string {
	var b strings.Builder
	for _, p := range parts {
		switch p.class {
		case pieceElement:
			b.WriteByte(1)
		case pieceDate:
			b.WriteString("\x02" + p.form)
		case pieceInstant:
			b.WriteByte(3)
		default:
			b.WriteString(p.text)
		}
	}
	return b.String()
}

// groupKeys puts keys whose contents differ only in recognisable elements into
// one family.
func groupKeys(keys []redisdb.Key) []*family {
	found := map[string]*family{}
	var out []*family
	for _, k := range keys {
		out = addKey(found, out, k.Type, k.Name)
	}
	return out
}

func addKey(found map[string]*family, all []*family, kind, name string) []*family {
	parts := splitKey(name)
	id := kind + "\x00" + templateOf(parts)
	f := found[id]
	if f == nil {
		f = &family{kind: kind, parts: parts}
		found[id] = f
		all = append(all, f)
	}
	f.keys = append(f.keys, name)
	return all
}

// groupChannels does the same for channels.
func groupChannels(channels []redisdb.Channel) []*family {
	found := map[string]*family{}
	var out []*family
	for _, ch := range channels {
		out = addKey(found, out, kindChannel, ch.Name)
		f := found[kindChannel+"\x00"+templateOf(splitKey(ch.Name))]
		f.rate += ch.Messages
		for _, payload := range ch.Heard {
			if len(f.heard) < 40 {
				f.heard = append(f.heard, payload)
			}
		}
	}
	return out
}

// keyHints are the fixed words of the key, in lower case and without plural
// numbers or case: what the producer calls the thing.
func (f *family) keyHints() []string {
	var out []string
	for _, p := range f.parts {
		if p.class == pieceWord {
			out = append(out, splitWords(p.text)...)
		}
	}
	return out
}

var camel = newPattern(`[A-Z]?[a-z0-9]+|[A-Z0-9]+`)

// splitWords cuts camelCase; other words are one.
func splitWords(s string) []string {
	var out []string
	for _, w := range camel.FindAllString(s, -1) {
		out = append(out, strings.ToLower(w))
	}
	return out
}

// varyingParts returns the indices of the parts that vary.
func (f *family) varyingParts() []int {
	var out []int
	for i, p := range f.parts {
		if p.class == pieceElement {
			out = append(out, i)
		}
	}
	return out
}

// keyPattern matches the keys of the family; each element is a group.
func (f *family) keyPattern() *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	for _, p := range f.parts {
		switch p.class {
		case pieceElement:
			b.WriteString(`(.+?)`)
		case pieceDate, pieceInstant:
			b.WriteString(`.+?`)
		default:
			b.WriteString(regexp.QuoteMeta(p.text))
		}
	}
	b.WriteString(`$`)
	return regexp.MustCompile(b.String())
}

// maxValues bounds how many values of a variable are compared.
const maxValues = 20_000

// elementValues returns the distinct texts of each element over the family's keys,
// sorted.
func (f *family) elementValues() [][]string {
	n := len(f.varyingParts())
	if n == 0 {
		return nil
	}
	re := f.keyPattern()
	sets := make([]map[string]struct{}, n)
	for i := range sets {
		sets[i] = map[string]struct{}{}
	}
	for _, key := range f.keys {
		m := re.FindStringSubmatchIndex(key)
		for i := range sets {
			if m != nil && len(sets[i]) < maxValues {
				sets[i][key[m[2*i+2]:m[2*i+3]]] = struct{}{}
			}
		}
	}
	out := make([][]string, n)
	for i, set := range sets {
		for v := range set {
			out[i] = append(out[i], v)
		}
		slices.Sort(out[i])
	}
	return out
}

// sampleKeys returns up to n keys, spread over the family.
func (f *family) sampleKeys(n int) []redisdb.Key {
	out := make([]redisdb.Key, 0, n)
	for i := range min(n, len(f.keys)) {
		at := i
		if len(f.keys) > n && n > 1 {
			at = i * (len(f.keys) - 1) / (n - 1)
		}
		out = append(out, redisdb.Key{Name: f.keys[at], Type: f.kind})
	}
	return out
}

// signature is the shape of the family's values, from the first sample that
// has any.
func (f *family) signature() string {
	for i := range f.samples {
		if s := entryOf(&f.samples[i]).signature(); s != "" {
			return s
		}
	}
	if len(f.heard) > 0 {
		return readNode(f.heard[0]).signature()
	}
	return ""
}

// entryOf is the newest entry of a sample: what the family's rows look like.
func entryOf(s *redisdb.Sample) *node {
	switch {
	case len(s.Recent) > 0:
		return fieldsNode(s.Recent[0].Fields)
	case len(s.Fields) > 0:
		return fieldsNode(s.Fields)
	case len(s.Last) > 0:
		return readNode(s.Last[len(s.Last)-1].Member)
	case len(s.First) > 0:
		return readNode(s.First[0].Member)
	case len(s.Bytes) > 0:
		return readNode(s.Bytes)
	}
	return nil
}
