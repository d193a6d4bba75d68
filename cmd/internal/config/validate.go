package config

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/redisdb"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

var (
	varName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	datumName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
)

// apiSchemes are the forms of an API's address.
var apiSchemes = []string{"http", "https"}

// validateAll checks what the structures alone cannot say. Every mistake is
// recorded with its place, in the order of the file.
func (c *Config) validateAll() {
	c.validateSources()
	c.validateVars()
	c.validateData()
	c.validateLookups()
	if len(c.dec.errs) == 0 { // they name data
		c.validatePages()
		c.validateAlerts()
	}
	c.validateUsers()
	c.validateLook()
	slices.SortStableFunc(c.dec.errs, func(a, b *Error) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Col - b.Pos.Col
	})
}

// validateKeys has check look at the remapped keys.
func (c *Config) validateKeys(check func(map[string][]string) error) {
	if check == nil || len(c.Look.Keys) == 0 {
		return
	}
	var at interface {
		Mistake() (item, msg, hint string)
	}
	switch err := check(c.Look.Keys); {
	case err == nil:
	case errors.As(err, &at):
		item, msg, hint := at.Mistake()
		c.dec.failPath("keys."+item+keyMark, msg, hint)
	default:
		c.dec.failPath("keys", err.Error(), "")
	}
}

func (c *Config) validateSources() {
	if err := redisdb.CheckURL(c.Redis.URL.Reveal()); err != nil {
		c.failAt("redis.url", err.Error(), "")
	}
	if c.API.URL != "" {
		if err := checkURL(c.API.URL.Reveal(), apiSchemes...); err != nil {
			c.failAt("api.url", err.Error(), "")
		}
	}
	c.oneOf("api.scheme", c.API.Scheme, "Token", "Bearer")
	if h := c.Hooks.Webhook; h != "" {
		if err := checkURL(h.Reveal(), apiSchemes...); err != nil {
			c.dec.failPath("hooks.webhook", err.Error(), "")
		}
	}
	for _, path := range []string{"redis.poll", "api.timeout", "cache_ttl"} {
		if c.dec.zero[path] && c.origin[path] == "" {
			c.dec.failPath(path, "0 is not longer than nothing", "leave it out for the default")
		}
	}
	if c.Redis.Poll < 100e6 {
		c.dec.failPath("redis.poll", fmt.Sprintf("%s is too often", c.Redis.Poll), "at least 100ms; channels are for what is faster")
	}
}

func (c *Config) oneOf(path, word string, known ...string) {
	if !slices.Contains(known, word) {
		c.failAt(path, fmt.Sprintf("unknown word %q", word), didYouMean(word, known))
	}
}

func (c *Config) validateVars() {
	for _, name := range slices.Sorted(maps.Keys(c.Vars)) {
		if !varName.MatchString(name) {
			c.failAt("vars."+name, fmt.Sprintf("%q cannot be the name of a variable", name), "letters, digits and _")
		}
		if isMoment(name) {
			c.failAt("vars."+name, fmt.Sprintf("%q is the date in {%s:%%Y%%m%%d}", name, name), "name the variable otherwise")
		}
		for _, v := range c.Vars[name] {
			if err := CheckVar(name, v); err != nil {
				c.failAt("vars."+name, err.Error(), "")
			}
		}
	}
}

// validateLookups checks the variables that are looked up.
func (c *Config) validateLookups() {
	for _, it := range c.file.Vars {
		if l := it.Value.Lookup; l != nil {
			c.validateLookup(it.Key, l)
		}
	}
}

func (c *Config) validateData() {
	for _, it := range c.file.Data {
		at := "data." + it.Key
		if !datumName.MatchString(it.Key) {
			c.dec.failPath(at, fmt.Sprintf("%q cannot be the name of a datum", it.Key), "letters, digits, _ and -")
			continue
		}
		c.validateDatum(at, it.Key, &it.Value)
	}
}

func (c *Config) validateDatum(at, name string, x *datum) {
	kind, _, err := x.oneKind()
	if err == nil {
		if m := x.checkKind(kind); m != nil {
			c.dec.failPath(at+"."+m.key, "data "+name+": "+m.msg, m.hint)
			return
		}
		_, err = c.refsOf(name, x, c.sampleVars(), validationTime)
	}
	if err != nil {
		c.dec.failPath(at, "data "+name+": "+err.Error(), "")
	}
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

// validatePages makes every page once, with the variables as configured.
func (c *Config) validatePages() {
	seen := map[string]bool{}
	refs, _ := c.Refs(c.Vars, validationTime)
	known := c.knownNames(refs)
	for i := range c.file.Pages {
		p := &c.file.Pages[i]
		d := p.src.forkWith(c.scopeOf(c.Vars, validationTime).fillLabel)
		d.pos = p.src.pos
		at := fmt.Sprintf("pages[%d]", i)
		switch {
		case p.Name == "":
			d.failPath(at, "a page needs a name", "")
		case seen[p.Name]:
			d.failPath(at+".name", fmt.Sprintf("page %q is there twice", p.Name), "")
		case len(p.Rows) == 0:
			d.failPath(at, fmt.Sprintf("page %q has no rows", p.Name), "")
		}
		seen[p.Name] = true
		for j := range p.Rows {
			d.validateRow(&p.Rows[j], fmt.Sprintf("%s.rows[%d]", at, j), known)
		}
		d.validateAreas(p, at)
		c.dec.errs = append(c.dec.errs, d.errs...)
	}
}

func (d *decoder) validateRow(r *row, at string, known []string) {
	if len(r.Widgets) == 0 {
		d.failPath(at, "a row needs widgets", "")
	}
	for i := range r.Widgets {
		if made := d.buildWidget(&r.Widgets[i]); made != nil {
			d.checkNames(made, &r.Widgets[i], known)
		}
	}
}

// knownNames are the names that a widget may ask for: of data and of groups.
func (c *Config) knownNames(refs []datasource.Ref) []string {
	var out []string
	for _, r := range refs {
		out = append(out, r.Name)
		if g := datasource.Group(r.Name); !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	for _, name := range c.DataNames() { // a group whose list is empty
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// checkNames records the data that a widget asks for and nobody delivers.
func (d *decoder) checkNames(made widgets.Widget, w *widget, known []string) {
	for _, name := range made.Data() {
		if slices.Contains(known, name) || strings.Contains(name, unresolved) && slices.Contains(known, datasource.Group(name)) {
			continue
		}
		d.failPath(w.path+".data", fmt.Sprintf("there is no datum %q", name), didYouMean(name, known))
	}
}

func (c *Config) validateUsers() {
	pages := c.PageNames()
	seen := map[string]bool{}
	for i, u := range c.Users {
		at := fmt.Sprintf("users[%d]", i)
		switch {
		case u.Name == "":
			c.dec.failPath(at, "a user needs a name", "")
		case seen[u.Name]:
			c.dec.failPath(at+".name", fmt.Sprintf("user %q is there twice", u.Name), "give one user several keys with a list")
		case len(u.Keys) == 0:
			c.dec.failPath(at, fmt.Sprintf("user %q has no key", u.Name), "")
		}
		seen[u.Name] = true
		for j, p := range u.Pages {
			if !slices.Contains(pages, p) {
				c.dec.failPath(fmt.Sprintf("%s.pages[%d]", at, j), fmt.Sprintf("there is no page %q", p), didYouMean(p, pages))
			}
		}
		c.validateUserVars(at, u)
		c.validateUserLookups(at, u)
	}
}

func (c *Config) validateUserVars(at string, u User) {
	for _, name := range slices.Sorted(maps.Keys(u.Vars)) {
		path := at + ".vars." + name
		if _, ok := c.Vars[name]; !ok {
			c.dec.failPath(path, fmt.Sprintf("unknown variable %q", name), didYouMean(name, slices.Sorted(maps.Keys(c.Vars))))
			continue
		}
		if len(u.Vars[name]) == 0 {
			c.dec.failPath(path, fmt.Sprintf("variable %s is empty", name), "")
		}
		for _, v := range u.Vars[name] {
			if err := CheckVar(name, v); err != nil {
				c.dec.failPath(path, err.Error(), "")
			}
		}
	}
}

func (c *Config) validateLook() {
	c.oneOf("symbols", c.Look.Symbols, "braille", "block", "ascii", "pixels")
	c.oneOf("notify", orWord(c.file.Notify, defaultNotify), "off", "bell", "osc9", "osc777", "osc99")
	c.oneOf("color", c.Look.Color, "auto", "always", "never")
	if t := c.Look.Theme; t != "" && t != "auto" {
		if _, err := theme.Lookup(t); err != nil {
			c.failAt("theme", err.Error(), "")
		}
	}
}
