package config

import (
	"reflect"
	"strings"
	"unicode"
)

// field is one key of a structure.
type field struct {
	name  string
	index []int
	typ   reflect.Type
	tag   reflect.StructTag
	short bool // what a single word in place of the whole structure sets
}

type fieldList []field

func (l fieldList) byName(name string) (field, bool) {
	for _, f := range l {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

func (l fieldList) names() []string {
	out := make([]string, len(l))
	for i, f := range l {
		out[i] = f.name
	}
	return out
}

// shorthandField returns the field that a single word means: fields: [equity]
// is fields: [{field: equity}], live: ticks is live: {channel: ticks}.
func (l fieldList) shorthandField() (field, bool) {
	for _, f := range l {
		if f.short {
			return f, true
		}
	}
	return field{}, false
}

// structFields lists the keys of a structure: the name of its yaml tag, else
// its own in snake case; embedded structures are laid flat, "-" is left out.
func structFields(t reflect.Type) fieldList {
	var out fieldList
	for f := range t.Fields() {
		name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
			for _, inner := range structFields(f.Type) {
				inner.index = append(append([]int(nil), f.Index...), inner.index...)
				out = append(out, inner)
			}
			continue
		}
		if name == "" {
			name = snakeCase(f.Name)
		}
		short := f.Type.Kind() == reflect.String && (name == "field" || option == "short")
		out = append(out, field{name: name, index: f.Index, typ: f.Type, tag: f.Tag, short: short})
	}
	return out
}

// snakeCase turns CacheTTL into cache_ttl.
func snakeCase(s string) string {
	r := []rune(s)
	var b strings.Builder
	for i, c := range r {
		if unicode.IsUpper(c) && i > 0 && (unicode.IsLower(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
