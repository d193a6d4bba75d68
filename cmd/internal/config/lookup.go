package config

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"ticktop/datasource"
)

// Defaults and bounds of a lookup.
const (
	defaultRescan = 10 * time.Second
	minRescan     = time.Second
	defaultLimit  = 1000
)

// VarSource says where the values of one variable are looked up, with the
// other variables and dates filled in. It is comparable by Key, Kind and Path.
type VarSource struct {
	Name   string              // the variable
	Kind   VarKind             //
	Key    string              // the key; of VarKeys the pattern for SCAN's MATCH
	Type   datasource.Kind     // VarKeys: only keys of this type, 0 for any
	Path   string              // VarAPI: below the API's address
	Pick   string              // VarString, VarJSON, VarAPI: path to the values
	Else   datasource.Endpoint // of the other kinds: what of the API is asked while Redis has none
	Rescan time.Duration       // how often it is looked up again
	Limit  int                 // how many values at most
	Filter *regexp.Regexp      // only values that match; nil for all
	// Keeps says that a value once found stays while the program runs: what is
	// repeated for it are prices, and a price that is late keeps its last value.
	Keeps bool

	match *regexp.Regexp // VarKeys: the names of keys, with one group
	loose *regexp.Regexp // the same, with separators in the value: where a filter says where it ends
}

// Value returns the variable's value in the name of a key that was found:
// VarKeys only.
func (s VarSource) Value(key string) (string, bool) {
	if s.match == nil {
		return "", false
	}
	if m := s.match.FindStringSubmatch(key); m != nil {
		if !s.Accepts(m[1]) {
			return "", false
		}
		return m[1], true
	}
	if s.loose == nil {
		return "", false
	}
	// "ticker-COINBASE-{symbol}" and BTC-USD: only the filter can say that the
	// value has a separator itself, so it must describe all of it.
	m := s.loose.FindStringSubmatch(key)
	if m == nil || s.Filter.FindString(m[1]) != m[1] || !s.Accepts(m[1]) {
		return "", false
	}
	return m[1], true
}

// Accepts reports whether a value that was found may be the variable's.
func (s VarSource) Accepts(value string) bool {
	return CheckVar(s.Name, value) == nil && (s.Filter == nil || s.Filter.MatchString(value))
}

// lookupKind returns the lookup's kind and its key or path; 0 for none or several.
func (l *varSection) lookupKind() (VarKind, string) {
	var kind VarKind
	var tmpl string
	for _, k := range []struct {
		kind VarKind
		tmpl string
	}{{VarKeys, l.Keys}, {VarSet, l.Set}, {VarList, l.List}, {VarHash, l.Hash}, {VarString, l.String}, {VarJSON, l.JSON}, {VarAPI, l.apiPath()}} {
		switch {
		case k.tmpl == "", k.kind == VarAPI && kind != 0: // beside another kind the API is its fallback
		case kind != 0:
			return 0, ""
		default:
			kind, tmpl = k.kind, k.tmpl
		}
	}
	return kind, tmpl
}

func (l *varSection) apiPath() string {
	if l.API == nil {
		return ""
	}
	return l.API.Path
}

// Repeated returns the data that are repeated for a variable, one reference each,
// whose key is still a template.
func (c *Config) Repeated(variable string) []datasource.Ref {
	var out []datasource.Ref
	for i := range c.file.Data {
		it := &c.file.Data[i]
		for _, list := range it.Value.For {
			if list == variable {
				kind, key, _ := it.Value.oneKind() // checked when it was read
				out = append(out, datasource.Ref{Name: it.Key, Kind: kind, Key: key})
				break
			}
		}
	}
	return out
}

// VarSources returns where the variables of a lookup are looked up, for a set
// of variables. One that depends on another that has no value yet is left out:
// ask again when there is one.
func (c *Config) VarSources(vars map[string][]string, now time.Time) ([]VarSource, error) {
	var out []VarSource
	for i := range c.file.Vars {
		it := &c.file.Vars[i]
		if !c.Lookups[it.Key] {
			continue
		}
		s, err := c.fillSource(it.Key, it.Value.Lookup, c.scopeOf(vars, now))
		if err == errNotYet { //nolint:errorlint // of this package, never wrapped
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("vars %s: %w", it.Key, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// fillSource fills in one lookup.
func (c *Config) fillSource(name string, l *varSection, sc scope) (VarSource, error) {
	kind, tmpl := l.lookupKind()
	s := VarSource{
		Name: name, Kind: kind, Pick: l.Pick, Rescan: orDefault(l.Rescan, defaultRescan), Limit: l.Limit, Keeps: c.keepsValues(name, kind),
	}
	if s.Limit == 0 {
		s.Limit = defaultLimit
	}
	var err error
	if kind != VarAPI && l.API != nil && c.API.URL != "" {
		s.Else.Pick = l.API.Pick
		if s.Else.Path, err = sc.fillPath(l.API.Path); err != nil {
			return s, err
		}
	}
	if l.Filter != "" {
		if s.Filter, err = regexp.Compile(l.Filter); err != nil {
			return s, fmt.Errorf("filter: %w", err)
		}
	}
	switch kind {
	case VarKeys:
		free, ferr := freePart(name, tmpl, sc.vars)
		if ferr != nil {
			return s, ferr
		}
		s.Type = c.keyType(name, l)
		s.Key, s.match, err = sc.scanPattern(tmpl, free, partOf(tmpl, free))
		if err == nil && s.Filter != nil {
			_, s.loose, err = sc.scanPattern(tmpl, free, ".+")
		}
	case VarAPI:
		s.Pick = l.API.Pick
		s.Path, err = sc.fillPath(tmpl)
	default:
		s.Key, err = sc.fillText(tmpl)
	}
	return s, err
}

// keyType returns which type of key a scan asks for: as configured, else that
// of the data that are repeated for the variable and kept under this name.
func (c *Config) keyType(name string, l *varSection) datasource.Kind {
	if l.Type != "" {
		kind, _ := datasource.ParseKind(l.Type)
		return kind
	}
	want := shapeOf(l.Keys)
	for i := range c.file.Data {
		x := &c.file.Data[i].Value
		if !x.isRepeatedFor(name) {
			continue
		}
		for _, k := range x.writtenKinds() {
			if k.kind != datasource.KindChannel && shapeOf(k.key) == want {
				return k.kind
			}
		}
	}
	return 0
}

// shapeOf is a template whose variables have no names.
func shapeOf(tmpl string) string {
	segs, _ := splitTemplate(tmpl)
	var b strings.Builder
	for _, seg := range segs {
		if seg.name {
			b.WriteString("{}")
		} else {
			b.WriteString(seg.text)
		}
	}
	return b.String()
}

// keepsValues reports whether a value of a scan stays once it was found: whether
// everything that is repeated for it are prices and the like.
func (c *Config) keepsValues(name string, kind VarKind) bool {
	if kind != VarKeys {
		return false
	}
	used := false
	for i := range c.file.Data {
		it := &c.file.Data[i]
		if !it.Value.isRepeatedFor(name) {
			continue
		}
		used = true
		if c.vanishes(it.Key, &it.Value) {
			return false
		}
	}
	return used
}

// isRepeatedFor reports whether a datum is repeated for a variable.
func (x *datum) isRepeatedFor(list string) bool {
	for _, l := range x.For {
		if l == list {
			return true
		}
	}
	return false
}

// sampleVars are the variables with one value for each that is looked up, so
// that what is repeated for it is checked too.
func (c *Config) sampleVars() map[string][]string {
	out := maps.Clone(c.Vars)
	for name, looked := range c.Lookups {
		if looked && len(out[name]) == 0 {
			out[name] = []string{unresolved}
		}
	}
	return out
}
