package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxVar bounds the value of a variable.
const maxVar = 512

// scope is what the names in {braces} mean: the dashboard's variables,
// and those that "for" binds to one element.
type scope struct {
	vars    map[string][]string
	bound   map[string]string
	now     time.Time       // for {now:…}, in the zone of the data
	later   map[string]bool // variables whose values are only known later: empty is no mistake
	missing string          // the text for those without a value; "" is errNotYet
}

// errNotYet is a variable without a value because its lookup has found none.
var errNotYet = errors.New("nothing found yet")

// unresolved is in a text for a variable that has no value yet.
const unresolved = "…"

// valueOf returns what {name} means: the bound element, else the variable's
// first value; {name.2} is its third.
func (s scope) valueOf(name string) (string, error) {
	if v, ok := s.bound[name]; ok {
		return v, nil
	}
	if isMoment(name) {
		m, err := parseMoment(name)
		if err != nil {
			return "", err
		}
		return m.formatTime(s.now), nil
	}
	base, index := name, 0
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		if n, err := strconv.ParseUint(name[i+1:], 10, 16); err == nil {
			base, index = name[:i], int(n)
		}
	}
	values, ok := s.vars[base]
	switch {
	case !ok:
		msg := fmt.Sprintf("unknown variable {%s}", name)
		if h := didYouMean(base, s.names()); h != "" {
			msg += "; " + h
		}
		return "", fmt.Errorf("%s", msg)
	case len(values) == 0 && s.later[base] && s.missing != "":
		return s.missing, nil
	case len(values) == 0 && s.later[base]:
		return "", errNotYet
	case len(values) == 0:
		return "", fmt.Errorf("variable {%s} is empty", name)
	default:
		return values[min(index, len(values)-1)], nil
	}
}

func (s scope) names() []string {
	var out []string
	for k := range s.vars {
		out = append(out, k)
	}
	for k := range s.bound {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// segment is a piece of a template: text, or a variable's name.
type segment struct {
	text string
	name bool
}

// splitTemplate cuts a template at its {names}. "{{" and "}}" are plain braces.
func splitTemplate(tmpl string) ([]segment, error) {
	var out []segment
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			out = append(out, segment{text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(tmpl); i++ {
		switch c := tmpl[i]; {
		case (c == '{' || c == '}') && i+1 < len(tmpl) && tmpl[i+1] == c:
			text.WriteByte(c)
			i++
		case c == '{':
			end := strings.IndexByte(tmpl[i:], '}')
			if end < 2 {
				return nil, fmt.Errorf("%q: a \"{\" without a name and \"}\"", tmpl)
			}
			flush()
			out = append(out, segment{text: tmpl[i+1 : i+end], name: true})
			i += end
		case c == '}':
			return nil, fmt.Errorf("%q: a \"}\" without its \"{\"", tmpl)
		default:
			text.WriteByte(c)
		}
	}
	flush()
	return out, nil
}

// fillTemplate puts a template together; enc encodes what a variable means, with
// the text before it.
func (s scope) fillTemplate(tmpl string, enc func(before, value string) string) (string, error) {
	if !strings.ContainsAny(tmpl, "{}") {
		return tmpl, nil
	}
	segs, err := splitTemplate(tmpl)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, seg := range segs {
		if !seg.name {
			b.WriteString(seg.text)
			continue
		}
		v, err := s.valueOf(seg.text)
		if err != nil {
			return "", err
		}
		b.WriteString(enc(b.String(), v))
	}
	return b.String(), nil
}

// fillLabel fills in variables for names and titles: one that has no value yet is
// "…".
func (s scope) fillLabel(tmpl string) (string, error) {
	s.missing = unresolved
	return s.fillText(tmpl)
}

// fillShown fills in variables for what a widget shows: of a datum that is repeated
// for a variable without a value yet ("book.{symbols}") it is the whole group,
// of which a linked widget shows the selected element.
func (s scope) fillShown(tmpl string) (string, error) {
	out, err := s.fillLabel(tmpl)
	for strings.HasSuffix(out, "."+unresolved) {
		out = strings.TrimSuffix(out, "."+unresolved)
	}
	return out, err
}

// fillSteps fills in variables of a path into a value: one with a dot is one step.
func (s scope) fillSteps(tmpl string) (string, error) {
	return s.fillTemplate(tmpl, func(_, v string) string {
		if strings.ContainsRune(v, '.') {
			return "'" + v + "'"
		}
		return v
	})
}

// fillText fills in variables as they are: for keys, names and titles.
func (s scope) fillText(tmpl string) (string, error) {
	return s.fillTemplate(tmpl, func(_, v string) string { return v })
}

// fillChannel fills in variables so that only the configuration itself can ask for
// a pattern: in a value, '*', '?' and '[' are literal.
func (s scope) fillChannel(tmpl string) (string, error) {
	plain, err := s.fillText(tmpl)
	if err != nil || !strings.ContainsAny(plain, "*?[") {
		return plain, err
	}
	return s.fillTemplate(tmpl, func(_, v string) string { return globEscaper.Replace(v) })
}

var globEscaper = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`)

// fillPath fills in variables of an API path. Whatever a value holds, it stays one
// segment of the path or one value of the query: "../../x" asks for a thing
// of that strange name and for nothing else.
func (s scope) fillPath(tmpl string) (string, error) {
	return s.fillTemplate(tmpl, func(before, v string) string {
		if strings.ContainsRune(before, '?') {
			return url.QueryEscape(v)
		}
		return dotEscaper.Replace(url.PathEscape(v))
	})
}

// dotEscaper hides ".." and "." from anything on the way that would resolve
// them; a single dot inside a name ("BRK.B") stays readable.
var dotEscaper = strings.NewReplacer("..", "%2E%2E", "%2F.", "%2F%2E", ".%2F", "%2E%2F")

// CheckVar reports whether a variable may have this value at all.
func CheckVar(name, value string) error {
	switch {
	case value == "":
		return fmt.Errorf("variable %s is empty", name)
	case len(value) > maxVar:
		return fmt.Errorf("variable %s is too long (%d bytes, at most %d)", name, len(value), maxVar)
	case value == "." || value == "..":
		return fmt.Errorf("variable %s: %q cannot be part of a path", name, value)
	}
	return nil
}
