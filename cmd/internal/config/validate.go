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

// validator checks a configuration that is put together. What is wrong is
// recorded in dec, what is only doubtful in the configuration's warnings.
type validator struct {
	config *Config
	dec    *decoder
}

// validateAll checks what the structures alone cannot say. Every mistake is
// recorded with its place, in the order of the file.
func (v *validator) validateAll() {
	v.validateSources()
	v.validateVars()
	v.validateData()
	v.validateLookups()
	if len(v.dec.errs) == 0 { // they name data
		v.validatePages()
		v.validateAlerts()
	}
	v.validateUsers()
	v.validateLook()
	slices.SortStableFunc(v.dec.errs, func(a, b *Error) int {
		if a.Pos.Line != b.Pos.Line {
			return a.Pos.Line - b.Pos.Line
		}
		return a.Pos.Col - b.Pos.Col
	})
}

// validateKeys has check look at the remapped keys.
func (v *validator) validateKeys(check func(map[string][]string) error) {
	if check == nil || len(v.config.Look.Keys) == 0 {
		return
	}
	var at interface {
		Mistake() (item, msg, hint string)
	}
	switch err := check(v.config.Look.Keys); {
	case err == nil:
	case errors.As(err, &at):
		item, msg, hint := at.Mistake()
		v.dec.failPath("keys."+item+keyMark, msg, hint)
	default:
		v.dec.failPath("keys", err.Error(), "")
	}
}

func (v *validator) validateSources() {
	if err := redisdb.CheckURL(v.config.Redis.URL.Reveal()); err != nil {
		v.config.failAt("redis.url", err.Error(), "")
	}
	if v.config.API.URL != "" {
		if err := checkURL(v.config.API.URL.Reveal(), apiSchemes...); err != nil {
			v.config.failAt("api.url", err.Error(), "")
		}
	}
	v.oneOf("api.scheme", v.config.API.Scheme, "Token", "Bearer")
	if h := v.config.Hooks.Webhook; h != "" {
		if err := checkURL(h.Reveal(), apiSchemes...); err != nil {
			v.dec.failPath("hooks.webhook", err.Error(), "")
		}
	}
	for _, path := range []string{"redis.poll", "api.timeout", "cache_ttl"} {
		if v.dec.zero[path] && v.config.origin[path] == "" {
			v.dec.failPath(path, "0 is not longer than nothing", "leave it out for the default")
		}
	}
	if v.config.Redis.Poll < 100e6 {
		v.dec.failPath("redis.poll", fmt.Sprintf("%s is too often", v.config.Redis.Poll), "at least 100ms; channels are for what is faster")
	}
}

func (v *validator) oneOf(path, word string, known ...string) {
	if !slices.Contains(known, word) {
		v.config.failAt(path, fmt.Sprintf("unknown word %q", word), didYouMean(word, known))
	}
}

func (v *validator) validateVars() {
	for _, name := range slices.Sorted(maps.Keys(v.config.Vars)) {
		if !varName.MatchString(name) {
			v.config.failAt("vars."+name, fmt.Sprintf("%q cannot be the name of a variable", name), "letters, digits and _")
		}
		if isMoment(name) {
			v.config.failAt("vars."+name, fmt.Sprintf("%q is the date in {%s:%%Y%%m%%d}", name, name), "name the variable otherwise")
		}
		for _, value := range v.config.Vars[name] {
			if err := CheckVar(name, value); err != nil {
				v.config.failAt("vars."+name, err.Error(), "")
			}
		}
	}
}

// validateLookups checks the variables that are looked up.
func (v *validator) validateLookups() {
	for _, it := range v.config.file.Vars {
		if l := it.Value.Lookup; l != nil {
			v.validateLookup(it.Key, l)
		}
	}
}

func (v *validator) validateData() {
	for _, it := range v.config.file.Data {
		at := "data." + it.Key
		if !datumName.MatchString(it.Key) {
			v.dec.failPath(at, fmt.Sprintf("%q cannot be the name of a datum", it.Key), "letters, digits, _ and -")
			continue
		}
		v.validateDatum(at, it.Key, &it.Value)
	}
}

func (v *validator) validateDatum(at, name string, x *datum) {
	kind, _, err := x.oneKind()
	if err == nil {
		if m := x.checkKind(kind); m != nil {
			v.dec.failPath(at+"."+m.key, "data "+name+": "+m.msg, m.hint)
			return
		}
		_, err = v.config.refsOf(name, x, v.config.sampleVars(), validationTime)
	}
	if err != nil {
		v.dec.failPath(at, "data "+name+": "+err.Error(), "")
	}
}

// validatePages makes every page once, with the variables as configured.
func (v *validator) validatePages() {
	seen := map[string]bool{}
	refs, _ := v.config.Refs(v.config.Vars, validationTime)
	known := v.knownNames(refs)
	for i := range v.config.file.Pages {
		p := &v.config.file.Pages[i]
		d := p.src.forkWith(v.config.scopeOf(v.config.Vars, validationTime).fillLabel)
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
		v.dec.errs = append(v.dec.errs, d.errs...)
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
func (v *validator) knownNames(refs []datasource.Ref) []string {
	var out []string
	for _, r := range refs {
		out = append(out, r.Name)
		if g := datasource.Group(r.Name); !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	for _, name := range v.config.DataNames() { // a group whose list is empty
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

func (v *validator) validateUsers() {
	pages := v.config.PageNames()
	seen := map[string]bool{}
	for i, u := range v.config.Users {
		at := fmt.Sprintf("users[%d]", i)
		switch {
		case u.Name == "":
			v.dec.failPath(at, "a user needs a name", "")
		case seen[u.Name]:
			v.dec.failPath(at+".name", fmt.Sprintf("user %q is there twice", u.Name), "give one user several keys with a list")
		case len(u.Keys) == 0:
			v.dec.failPath(at, fmt.Sprintf("user %q has no key", u.Name), "")
		}
		seen[u.Name] = true
		for j, p := range u.Pages {
			if !slices.Contains(pages, p) {
				v.dec.failPath(fmt.Sprintf("%s.pages[%d]", at, j), fmt.Sprintf("there is no page %q", p), didYouMean(p, pages))
			}
		}
		v.validateUserVars(at, u)
		v.validateUserLookups(at, u)
	}
}

func (v *validator) validateUserVars(at string, u User) {
	for _, name := range slices.Sorted(maps.Keys(u.Vars)) {
		path := at + ".vars." + name
		if _, ok := v.config.Vars[name]; !ok {
			v.dec.failPath(path, fmt.Sprintf("unknown variable %q", name), didYouMean(name, slices.Sorted(maps.Keys(v.config.Vars))))
			continue
		}
		if len(u.Vars[name]) == 0 {
			v.dec.failPath(path, fmt.Sprintf("variable %s is empty", name), "")
		}
		for _, value := range u.Vars[name] {
			if err := CheckVar(name, value); err != nil {
				v.dec.failPath(path, err.Error(), "")
			}
		}
	}
}

func (v *validator) validateLook() {
	v.oneOf("symbols", v.config.Look.Symbols, "braille", "block", "ascii", "pixels")
	v.oneOf("notify", orWord(v.config.file.Notify, defaultNotify), "off", "bell", "osc9", "osc777", "osc99")
	v.oneOf("color", v.config.Look.Color, "auto", "always", "never")
	if t := v.config.Look.Theme; t != "" && t != "auto" {
		if _, err := theme.Lookup(t); err != nil {
			v.config.failAt("theme", err.Error(), "")
		}
	}
}
