package django

import (
	"fmt"
	"net/url"
	"strings"
)

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
