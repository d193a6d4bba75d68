package config

import (
	"fmt"
	"regexp"
	"strings"
)

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
