package discover

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled at its first use: the package
// is part of every program start, and most starts discover nothing.
type pattern struct {
	compiled func() *regexp.Regexp
}

func newPattern(expr string) *pattern {
	return &pattern{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })}
}

func (p *pattern) Match(b []byte) bool { return p.compiled().Match(b) }

func (p *pattern) MatchString(s string) bool { return p.compiled().MatchString(s) }

func (p *pattern) FindString(s string) string { return p.compiled().FindString(s) }

func (p *pattern) FindAllString(s string, n int) []string { return p.compiled().FindAllString(s, n) }

func (p *pattern) FindStringSubmatchIndex(s string) []int {
	return p.compiled().FindStringSubmatchIndex(s)
}
