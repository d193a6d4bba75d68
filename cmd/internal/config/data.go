package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ticktop/datasource"
)

// maxRefs bounds what one dashboard may read.
const maxRefs = 5000

// kind returns the datum's one kind and its key.
func (x *datum) kind() (datasource.Kind, string, error) {
	var kind datasource.Kind
	var key string
	var found []string
	for _, k := range []struct {
		kind datasource.Kind
		key  string
	}{
		{datasource.KindString, x.String}, {datasource.KindHash, x.Hash}, {datasource.KindZSet, x.ZSet},
		{datasource.KindList, x.List}, {datasource.KindStream, x.Stream}, {datasource.KindChannel, x.Channel},
	} {
		if k.key != "" {
			kind, key = k.kind, k.key
			found = append(found, k.kind.String())
		}
	}
	switch len(found) {
	case 0:
		return 0, "", fmt.Errorf("needs a key: one of string, hash, zset, list, stream, channel")
	case 1:
		return kind, key, nil
	default:
		return 0, "", fmt.Errorf("has more than one kind: %s", strings.Join(found, ", "))
	}
}

// bracketed is a hint after a text that has no place of its own for one.
func bracketed(hint string) string {
	if hint == "" {
		return ""
	}
	return " (" + hint + ")"
}

// refs returns the datum's references for a set of variables: one, or one for
// each element that "for" names.
func (x *datum) refs(name string, vars map[string][]string) ([]datasource.Ref, error) {
	kind, _, err := x.kind()
	if err != nil {
		return nil, err
	}
	var out []datasource.Ref
	err = x.each(vars, func(sc scope, item string) error {
		ref, err := x.ref(kind, sc)
		if err != nil {
			return err
		}
		ref.Name = name + item
		if out = append(out, ref); len(out) > maxRefs {
			return fmt.Errorf("repeats more than %d times", maxRefs)
		}
		return nil
	})
	return out, err
}

// each calls f for every combination of the "for" variables, in the order of
// their names; item is "" or ".EURUSD".
func (x *datum) each(vars map[string][]string, f func(sc scope, item string) error) error {
	names := make([]string, 0, len(x.For))
	for n := range x.For {
		names = append(names, n)
	}
	slices.Sort(names)
	bound := map[string]string{}
	var walk func(i int, item string) error
	walk = func(i int, item string) error {
		if i == len(names) {
			return f(scope{vars: vars, bound: bound}, item)
		}
		list, ok := vars[x.For[names[i]]]
		if !ok {
			return fmt.Errorf("for: unknown list variable %q%s", x.For[names[i]], bracketed(didYouMean(x.For[names[i]], slices.Sorted(maps.Keys(vars)))))
		}
		for _, v := range list {
			bound[names[i]] = v
			if err := walk(i+1, item+"."+v); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(0, "")
}

// ref fills in the variables of one reference.
func (x *datum) ref(kind datasource.Kind, sc scope) (datasource.Ref, error) {
	_, key, _ := x.kind()
	r := datasource.Ref{Kind: kind, Member: datasource.Member(x.Member), Window: x.Window.Std(), Keep: x.Keep}
	var err error
	set := func(dst *string, fill func(string) (string, error), tmpl string) {
		if err == nil {
			*dst, err = fill(tmpl)
		}
	}
	if kind == datasource.KindChannel {
		set(&r.Key, sc.channel, key)
	} else {
		set(&r.Key, sc.text, key)
	}
	set(&r.Live, sc.channel, x.Live)
	set(&r.Fallback.Path, sc.path, x.Fallback.Path)
	set(&r.Fallback.Pick, sc.text, x.Fallback.Pick)
	r.Fallback.Time, r.Fallback.Value = x.Fallback.Time, x.Fallback.Value
	r.Shape.Market = x.Market
	return r, err
}

// Refs returns every datum of the configuration for a set of variables, in the
// order of the file. An error says which variable cannot be used.
func (c *Config) Refs(vars map[string][]string) ([]datasource.Ref, error) {
	var out []datasource.Ref
	for _, it := range c.file.Data {
		refs, err := it.Value.refs(it.Key, vars)
		if err != nil {
			return nil, fmt.Errorf("data %s: %w", it.Key, err)
		}
		if out = append(out, refs...); len(out) > maxRefs {
			return nil, fmt.Errorf("more than %d data", maxRefs)
		}
	}
	return out, nil
}
