package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// validateLookup checks one variable that is looked up.
func (v *validator) validateLookup(name string, l *varSection) {
	at := "vars." + name
	kind, tmpl := l.lookupKind()
	fail := func(key, msg, hint string) { v.dec.failPath(at+"."+key, "vars "+name+": "+msg, hint) }
	if kind == 0 {
		v.dec.failPath(at, "vars "+name+": needs exactly one of keys, set, list, hash, string, json, api", `for example {keys: "tick:{symbol}"}`)
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
	if kind == VarAPI && v.config.API.URL == "" {
		v.config.Warnings = append(v.config.Warnings, "vars "+name+": is looked up in the API, and no API is configured")
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
	if d := l.Rescan.Std(); v.dec.zero[at+".rescan"] || d != 0 && d < minRescan {
		fail("rescan", fmt.Sprintf("rescan %s is too often", d), "at least 1s")
	}
	v.validateLookupVars(name, kind, tmpl, fail)
}

// validateLookupVars checks the variables that a lookup depends on.
func (v *validator) validateLookupVars(name string, kind VarKind, tmpl string, fail func(key, msg, hint string)) {
	if kind == VarKeys {
		if _, err := freePart(name, tmpl, v.config.Vars); err != nil {
			fail("keys", err.Error(), "")
			return
		}
	}
	if v.dependsOn(name, name, nil) {
		v.dec.failPath("vars."+name, "vars "+name+": depends on itself", "")
		return
	}
	if _, err := v.config.fillSource(name, v.config.file.lookupOf(name), v.config.scopeOf(v.config.Vars, validationTime)); err != nil && err != errNotYet { //nolint:errorlint // of this package, never wrapped
		v.dec.failPath("vars."+name, "vars "+name+": "+err.Error(), "")
	}
}

// dependsOn reports whether the lookup of a variable needs another, directly or
// by others.
func (v *validator) dependsOn(name, other string, seen []string) bool {
	if slices.Contains(seen, name) || !v.config.Lookups[name] {
		return false
	}
	_, tmpl := v.config.file.lookupOf(name).lookupKind()
	for used := range namesIn(tmpl) {
		if _, known := v.config.Vars[used]; !known || used == name && v.config.file.lookupOf(name).Keys != "" {
			continue
		}
		if used == other || v.dependsOn(used, other, append(seen, name)) {
			return true
		}
	}
	return false
}

// validateUserLookups refuses what would show a user more than that user's own
// variables allow: things that Redis lists for everybody.
func (v *validator) validateUserLookups(at string, u User) {
	if len(u.Vars) == 0 {
		return
	}
	for i := range v.config.file.Data {
		it := &v.config.file.Data[i]
		for _, list := range it.Value.For {
			if !v.config.Lookups[list] || it.Value.Market || v.isLimited(u, list) {
				continue
			}
			v.dec.failPath(at+".vars", fmt.Sprintf("user %q would see every %s: Redis lists %s for all users", u.Name, it.Key, list),
				fmt.Sprintf("give the user %s of their own, put a variable of the user into its lookup, or mark the datum market: true", list))
		}
	}
}

// isLimited reports whether a user's own variables limit what a lookup finds.
func (v *validator) isLimited(u User, list string) bool {
	if len(u.Vars[list]) > 0 {
		return true
	}
	for own := range u.Vars {
		if v.dependsOn(list, own, nil) {
			return true
		}
	}
	return false
}

// lookupOf returns where a variable is looked up, nil for fixed values.
func (f *file) lookupOf(name string) *varSection {
	v, _ := f.Vars.Get(name)
	return v.Lookup
}
