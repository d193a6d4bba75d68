package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// maxRefs bounds what one dashboard may read.
const maxRefs = 5000

// refsOf returns the references of one datum.
func (c *Config) refsOf(name string, x *datum, vars map[string][]string, now time.Time) ([]datasource.Ref, error) {
	kind, _, err := x.oneKind()
	if err != nil {
		return nil, err
	}
	maxAge, vanishes := x.maxAge(kind, c.prices[name]), c.vanishes(name, x)
	var out []datasource.Ref
	err = x.eachCombination(c.scopeOf(vars, now), func(sc scope, item string) error {
		ref, err := x.fillRef(sc)
		if errors.Is(err, errNotYet) {
			return nil
		}
		if err != nil {
			return err
		}
		ref.Name = name + item
		ref.Element, ref.Push.Shared = x.elementOf(sc, item)
		ref.Vanishes, ref.Optional = vanishes && item != "", x.Optional
		ref.Shape.MaxAge, ref.Shape.Zone = maxAge, c.sourceZoneName()
		if out = append(out, ref); len(out) > maxRefs {
			return fmt.Errorf("repeats more than %d times", maxRefs)
		}
		return nil
	})
	return out, err
}

// scopeOf returns what names in braces mean.
func (c *Config) scopeOf(vars map[string][]string, now time.Time) scope {
	return scope{vars: vars, now: now.In(c.dateZone()), later: c.Lookups}
}

// Refs returns every datum of the configuration for a set of variables, in the
// order of the file. Dates in keys are those of now; see NextRollover. A datum
// whose variable has not been looked up yet is left out. An error says which
// variable cannot be used.
func (c *Config) Refs(vars map[string][]string, now time.Time) ([]datasource.Ref, error) {
	var out []datasource.Ref
	for i := range c.file.Data {
		it := &c.file.Data[i]
		refs, err := c.refsOf(it.Key, &it.Value, vars, now)
		if err != nil {
			return nil, fmt.Errorf("data %s: %w", it.Key, err)
		}
		if out = append(out, refs...); len(out) > maxRefs {
			return nil, fmt.Errorf("more than %d data", maxRefs)
		}
	}
	return out, nil
}

// goneWords are the names of things that come and go: an element whose key is
// missing is closed, not late.
var goneWords = []string{"position", "positions", "order", "orders", "ticket", "tickets", "deal", "deals"}

// vanishes reports whether a missing key of a repeated datum means that its
// element is gone.
func (c *Config) vanishes(name string, x *datum) bool {
	switch {
	case len(x.For) == 0, x.Market, c.prices[name], c.drawn[name]:
		return false
	}
	for _, list := range x.For {
		if c.Lookups[list] {
			return true
		}
	}
	words := strings.FieldsFunc(strings.ToLower(name+" "+literalText(x.keyTemplates()...)), func(r rune) bool { return r < 'a' || r > 'z' })
	return !slices.Contains(words, "book") && slices.ContainsFunc(words, func(w string) bool { return slices.Contains(goneWords, w) })
}

// literalText returns the text of templates without their variables.
func literalText(tmpls ...string) string {
	var b strings.Builder
	for _, tmpl := range tmpls {
		segs, _ := splitTemplate(tmpl)
		for _, seg := range segs {
			if !seg.name {
				b.WriteString(" " + seg.text)
			}
		}
	}
	return b.String()
}
