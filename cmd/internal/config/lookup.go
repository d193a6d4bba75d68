package config

import (
	"fmt"
	"regexp"
	"slices"
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

// separators split a key's name into parts.
const separators = ":-_.|/"

// freePart returns the one name of a keys template that is neither a variable
// nor a date, or that is the variable itself: what stands there is the value.
func freePart(name, tmpl string, vars map[string][]string) (string, error) {
	segs, err := splitTemplate(tmpl)
	if err != nil {
		return "", err
	}
	free := ""
	for _, seg := range segs {
		if !seg.name || isMoment(seg.text) {
			continue
		}
		if _, known := vars[seg.text]; known && seg.text != name {
			continue
		}
		if free != "" && free != seg.text {
			return "", fmt.Errorf("keys %q has two parts that vary, {%s} and {%s}: use * for what is not the variable", tmpl, free, seg.text)
		}
		free = seg.text
	}
	if free == "" {
		return "", fmt.Errorf("keys %q has no part that varies: write it as {name}, with a name that is no variable", tmpl)
	}
	return free, nil
}

// scanPattern returns MATCH of SCAN and the expression that takes the value, which
// is written as part, out of a key's name.
func (s scope) scanPattern(tmpl, free, part string) (glob string, match *regexp.Regexp, err error) {
	segs, err := splitTemplate(tmpl)
	if err != nil {
		return "", nil, err
	}
	var g, re strings.Builder
	seen := false
	for _, seg := range segs {
		switch {
		case !seg.name:
			g.WriteString(strings.NewReplacer(`\`, `\\`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(seg.text))
			parts := strings.Split(seg.text, "*")
			for i := range parts {
				parts[i] = regexp.QuoteMeta(parts[i])
			}
			re.WriteString(strings.Join(parts, ".*"))
		case seg.text == free && seen:
			g.WriteString("*")
			re.WriteString(`[^` + separators + `]+`)
		case seg.text == free:
			seen = true
			g.WriteString("*")
			re.WriteString(`(` + part + `)`)
		default:
			v, err := s.valueOf(seg.text)
			if err != nil {
				return "", nil, err
			}
			g.WriteString(globEscaper.Replace(v))
			re.WriteString(regexp.QuoteMeta(v))
		}
	}
	match, err = regexp.Compile(`(?s)^` + re.String() + `$`)
	return g.String(), match, err
}

// partOf is what the value in a key's name may be: anything between the
// separators that stand next to it in the template, so that BRK.B in
// "tick:{symbol}" is one value; at an end without a neighbour, by those of the
// other side.
func partOf(tmpl, free string) string {
	before, after, _ := strings.Cut(tmpl, "{"+free+"}")
	stop := ""
	if before != "" {
		stop += before[len(before)-1:]
	}
	if after != "" {
		stop += after[:1]
	}
	out := ""
	for _, c := range stop {
		if strings.ContainsRune(separators, c) && !strings.ContainsRune(out, c) {
			out += string(c)
		}
	}
	if out == "" {
		out = separators
	}
	return `[^` + regexp.QuoteMeta(strings.ReplaceAll(out, "-", "")) + classWithDash(out) + `]+`
}

// classWithDash puts a "-" where it is literal in a class.
func classWithDash(class string) string {
	if strings.Contains(class, "-") {
		return `\-`
	}
	return ""
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
		if !c.isRepeatedFor(x, name) {
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

// isRepeatedFor reports whether a datum is repeated for a variable.
func (c *Config) isRepeatedFor(x *datum, list string) bool {
	for _, l := range x.For {
		if l == list {
			return true
		}
	}
	return false
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
		if !c.isRepeatedFor(&it.Value, name) {
			continue
		}
		used = true
		if c.vanishes(it.Key, &it.Value) {
			return false
		}
	}
	return used
}

// validateLookup checks one variable that is looked up.
func (c *Config) validateLookup(name string, l *varSection) {
	at := "vars." + name
	kind, tmpl := l.lookupKind()
	fail := func(key, msg, hint string) { c.dec.failPath(at+"."+key, "vars "+name+": "+msg, hint) }
	if kind == 0 {
		c.dec.failPath(at, "vars "+name+": needs exactly one of keys, set, list, hash, string, json, api", `for example {keys: "tick:{symbol}"}`)
		return
	}
	if l.Type != "" && kind != VarKeys {
		fail("type", "type is for keys", "")
	}
	if l.Pick != "" && kind != VarString && kind != VarJSON {
		fail("pick", "pick is for string, json and api", "")
	}
	if kind == VarAPI && !strings.HasPrefix(tmpl, "/") {
		fail("api", fmt.Sprintf("path %q must start with /", tmpl), "")
	}
	if kind == VarAPI && c.API.URL == "" {
		c.Warnings = append(c.Warnings, "vars "+name+": is looked up in the API, and no API is configured")
	}
	if kind != VarAPI && l.API != nil && !strings.HasPrefix(l.API.Path, "/") {
		fail("api", fmt.Sprintf("path %q must start with /", l.API.Path), "")
	}
	if l.Filter != "" {
		if _, err := regexp.Compile(l.Filter); err != nil {
			fail("filter", fmt.Sprintf("filter %q is not a regular expression", l.Filter), "")
			return
		}
	}
	if d := l.Rescan.Std(); c.dec.zero[at+".rescan"] || d != 0 && d < minRescan {
		fail("rescan", fmt.Sprintf("rescan %s is too often", d), "at least 1s")
	}
	c.validateLookupVars(name, kind, tmpl, fail)
}

// validateLookupVars checks the variables that a lookup depends on.
func (c *Config) validateLookupVars(name string, kind VarKind, tmpl string, fail func(key, msg, hint string)) {
	if kind == VarKeys {
		if _, err := freePart(name, tmpl, c.Vars); err != nil {
			fail("keys", err.Error(), "")
			return
		}
	}
	if c.dependsOn(name, name, nil) {
		c.dec.failPath("vars."+name, "vars "+name+": depends on itself", "")
		return
	}
	if _, err := c.fillSource(name, c.lookupOf(name), c.scopeOf(c.Vars, validationTime)); err != nil && err != errNotYet { //nolint:errorlint // of this package, never wrapped
		c.dec.failPath("vars."+name, "vars "+name+": "+err.Error(), "")
	}
}

// lookupOf returns where a variable is looked up, nil for fixed values.
func (c *Config) lookupOf(name string) *varSection {
	v, _ := c.file.Vars.Get(name)
	return v.Lookup
}

// dependsOn reports whether the lookup of a variable needs another, directly or
// by others.
func (c *Config) dependsOn(name, other string, seen []string) bool {
	if slices.Contains(seen, name) || !c.Lookups[name] {
		return false
	}
	_, tmpl := c.lookupOf(name).lookupKind()
	for used := range namesIn(tmpl) {
		if _, known := c.Vars[used]; !known || used == name && c.lookupOf(name).Keys != "" {
			continue
		}
		if used == other || c.dependsOn(used, other, append(seen, name)) {
			return true
		}
	}
	return false
}

// validateUserLookups refuses what would show a user more than that user's own
// variables allow: things that Redis lists for everybody.
func (c *Config) validateUserLookups(at string, u User) {
	if len(u.Vars) == 0 {
		return
	}
	for i := range c.file.Data {
		it := &c.file.Data[i]
		for _, list := range it.Value.For {
			if !c.Lookups[list] || it.Value.Market || c.isLimited(u, list) {
				continue
			}
			c.dec.failPath(at+".vars", fmt.Sprintf("user %q would see every %s: Redis lists %s for all users", u.Name, it.Key, list),
				fmt.Sprintf("give the user %s of their own, put a variable of the user into its lookup, or mark the datum market: true", list))
		}
	}
}

// isLimited reports whether a user's own variables limit what a lookup finds.
func (c *Config) isLimited(u User, list string) bool {
	if len(u.Vars[list]) > 0 {
		return true
	}
	for own := range u.Vars {
		if c.dependsOn(list, own, nil) {
			return true
		}
	}
	return false
}
