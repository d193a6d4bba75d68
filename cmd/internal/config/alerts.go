package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"ticktop/datasource/alert"
)

// validateAlerts compiles the conditions, and checks that what they look at is
// there.
func (v *validator) validateAlerts() {
	refs, err := v.config.Refs(v.config.sampleVars(), validationTime)
	if err != nil {
		return // said already
	}
	names := make([]string, len(refs))
	for i, r := range refs {
		names[i] = r.Name
	}
	there := slices.Clone(names)
	names = append(names, v.config.DataNames()...) // those of variables yet to be looked up
	for i, a := range v.config.file.Alerts {
		at := fmt.Sprintf("alerts[%d]", i)
		rule := v.compileAlert(at, a)
		if rule == nil {
			continue
		}
		if _, err := rule.Data(names); err != nil && !v.namesLookedUp(a.When) {
			v.failAlert(at+".when", err)
			continue
		}
		if name := v.absentElement(a.When, there); name != "" {
			v.config.Warnings = append(v.config.Warnings, fmt.Sprintf("alert %q can never fire: there is no %s", a.When, name))
		}
		v.config.Alerts = append(v.config.Alerts, rule)
	}
}

// elementForm finds what can be an element of a group in a condition: the middle
// of quote.EURUSD.bid, and the end of age(quote.EURUSD).
var elementForm = regexp.MustCompile(`(?:\b|^)([A-Za-z_][A-Za-z0-9_-]*)\."?([^.\s()"]+)"?\.|(?:age|state|source|silent|quiet|unchanged)\(\s*([A-Za-z_][A-Za-z0-9_-]*)\."?([^.\s()"]+)"?\s*\)`)

// absentElement returns the element of a group that a condition names and that
// is not configured; "" for none.
func (v *validator) absentElement(when string, there []string) string {
	for _, m := range elementForm.FindAllStringSubmatch(when, -1) {
		group, element := m[1]+m[3], m[2]+m[4]
		x, ok := v.config.file.Data.Get(group)
		if !ok || len(x.For) != 1 || v.namesLookedUp(group) {
			continue
		}
		if name := group + "." + element; !slices.Contains(there, name) && !slices.ContainsFunc(there, func(n string) bool { return strings.HasPrefix(n, name+".") }) {
			return name
		}
	}
	return ""
}

// namesLookedUp reports whether a condition is about data that are repeated for
// a variable that is looked up: which there are is only known later.
func (v *validator) namesLookedUp(when string) bool {
	words := strings.FieldsFunc(when, func(r rune) bool { return r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i := range v.config.file.Data {
		it := &v.config.file.Data[i]
		for _, list := range it.Value.For {
			if v.config.Lookups[list] && slices.Contains(words, it.Key) {
				return true
			}
		}
	}
	return false
}

func (v *validator) compileAlert(at string, a alertSection) *alert.Rule {
	level := v.dec.readLevel(at+".level", a.Level)
	if a.When == "" {
		v.dec.failPath(at, "an alert needs a condition", "when: account.equity < 45000")
		return nil
	}
	opts := []alert.Option{alert.For(a.For.Std()), alert.Label(a.Name)}
	plain, err := alert.Compile(a.When, level, opts...)
	if err != nil {
		v.failAlert(at+".when", err)
		return nil
	}
	if a.Reset == "" {
		return plain
	}
	rule, err := alert.Compile(a.When, level, append(opts, alert.Reset(a.Reset))...)
	if err != nil {
		v.failAlert(at+".reset", err)
		return nil
	}
	return rule
}

// failAlert records a mistake in a condition, at its place in the line.
func (v *validator) failAlert(path string, err error) {
	var e *alert.Error
	at, ok := v.dec.pos[path]
	if !errors.As(err, &e) || !ok {
		v.dec.failPath(path, err.Error(), "")
		return
	}
	at.Col += v.dec.quotesBefore(at) + e.Column() - 1
	hint := ""
	if e.Hint != "" {
		hint = "did you mean " + e.Hint + "?"
	}
	v.dec.failAt(at, "alert: "+e.Text, hint)
}

// quotesBefore returns how many characters a scalar at this place has before its
// text: 1 for a quote.
func (d *decoder) quotesBefore(at Pos) int {
	if at.Line < 1 || at.Line > len(d.lines) {
		return 0
	}
	r := []rune(d.lines[at.Line-1])
	if i := at.Col - 1; i >= 0 && i < len(r) && (r[i] == '"' || r[i] == '\'') {
		return 1
	}
	return 0
}
