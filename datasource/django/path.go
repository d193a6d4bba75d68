package django

import (
	"fmt"
	"net/url"
	"strings"
)

// ExpandPath fills the {variables} of an endpoint's path: escaped as one path
// segment before the '?', as one query value after it. A variable can therefore
// never add a segment, a parameter or a host: "A:B" stays one account, "*" is no
// pattern. One that is empty, "." or "..", or hides such steps between slashes,
// is refused, for there are proxies that would walk them.
func ExpandPath(template string, vars map[string]string) (string, error) {
	var b strings.Builder
	rest, inQuery := template, false
	for {
		before, after, found := strings.Cut(rest, "{")
		b.WriteString(before)
		inQuery = inQuery || strings.Contains(before, "?")
		if !found {
			return b.String(), nil
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			return "", fmt.Errorf("path %q: '{' is never closed", template)
		}
		value, ok := vars[name]
		switch {
		case !ok:
			return "", fmt.Errorf("path %q: unknown variable {%s}", template, name)
		case inQuery:
			b.WriteString(url.QueryEscape(value))
		case climbs(value):
			return "", fmt.Errorf("path %q: {%s} is %.60q, which would change the path", template, name, value)
		default:
			b.WriteString(url.PathEscape(value))
		}
		rest = tail
	}
}

// climbs reports whether s is empty or has a step that is, also where it is
// escaped once more.
func climbs(s string) bool {
	if s == "" {
		return true
	}
	for range 3 {
		for step := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '/' || r == '\\' }) {
			if step == "." || step == ".." {
				return true
			}
		}
		plain, err := url.PathUnescape(s)
		if err != nil || plain == s {
			break
		}
		s = plain
	}
	return false
}

// resolve returns the URL of an endpoint below the base.
func (c *Client) resolve(path string) (*url.URL, error) {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	rel, err := url.Parse(strings.TrimRight(c.base.EscapedPath(), "/") + strings.ReplaceAll(path, "#", "%23"))
	if err != nil || rel.Host != "" || rel.Scheme != "" {
		return nil, fmt.Errorf("path %.80q is no path", path)
	}
	for step := range strings.SplitSeq(rel.EscapedPath(), "/") {
		if step != "" && climbs(step) {
			return nil, fmt.Errorf("path %.80q climbs out of the api", path)
		}
	}
	u := *c.base
	u.User = nil
	u.Path, u.RawPath, u.RawQuery = rel.Path, rel.RawPath, rel.RawQuery
	return &u, nil
}
