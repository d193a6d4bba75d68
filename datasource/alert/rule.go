package alert

import (
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/suggest"
)

// Rule is a compiled condition. It is immutable and may be shared.
type Rule struct {
	When  datasource.Safe  // as written
	Level datasource.Level //
	For   time.Duration    // true for so long before it fires
	Label datasource.Safe  // said before what was seen; may be empty

	cond  node
	reset node // ends the alert; nil: cond being false does
	src   string
	paths []*path
	slots int
	timed bool // may change without a new snapshot
}

// Option refines a rule.
type Option func(*options)

type options struct {
	reset string
	hold  time.Duration
	label string
}

// Reset names the condition that ends the alert: "account.equity > 45500". The
// space between the two is the hysteresis. Without it the alert ends when its
// condition is false.
func Reset(when string) Option { return func(o *options) { o.reset = when } }

// For lets the alert fire only after its condition has been true for d.
func For(d time.Duration) Option { return func(o *options) { o.hold = d } }

// Label is said before what was seen.
func Label(text string) Option { return func(o *options) { o.label = text } }

// Compile compiles a condition. An error is an *Error with the place of the
// mistake. Whether the data exist is not looked at; see Rule.Data.
func Compile(when string, level datasource.Level, opts ...Option) (*Rule, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	r := &Rule{When: datasource.Clean(strings.TrimSpace(when), 240), Level: level, Label: datasource.Clean(o.label, 240), src: when}
	p, err := newParser(when)
	if err != nil {
		return nil, err
	}
	if r.cond, err = p.parseCondition(); err != nil {
		return nil, err
	}
	if _, ok := p.accept("for"); ok {
		if r.For, err = p.parseDuration(); err != nil {
			return nil, err
		}
	}
	if t := p.peek(); t.kind != tokEnd {
		return nil, p.failAt(t, "unexpected "+quoteCut(t.text), "")
	}
	if o.hold > 0 {
		r.For = o.hold
	}
	r.paths, r.slots, r.timed = p.paths, p.memory, p.timed || r.For > 0
	if o.reset != "" {
		return r, r.compileReset(o.reset)
	}
	return r, nil
}

func (r *Rule) compileReset(src string) error {
	p, err := newParser(src)
	if err != nil {
		return err
	}
	p.memory = r.slots
	if r.reset, err = p.parseCondition(); err != nil {
		return err
	}
	if t := p.peek(); t.kind != tokEnd {
		return p.failAt(t, "unexpected "+quoteCut(t.text), "")
	}
	r.paths = append(r.paths, p.paths...)
	r.slots, r.timed = p.memory, r.timed || p.timed
	return nil
}

func newParser(src string) (*parser, error) {
	toks, err := lex(src)
	if err != nil {
		return nil, err
	}
	return &parser{src: src, toks: toks}, nil
}

// String returns the condition in canonical form; it compiles to the same rule.
func (r *Rule) String() string {
	b := r.cond.format(nil)
	if r.For > 0 {
		b = append(append(b, " for "...), formatDuration(r.For)...)
	}
	return string(b)
}

// Data returns the names, among those known, that the rule looks at, in the
// order of known: they have to be watched for it to work. A rule that names
// something unknown is an *Error.
func (r *Rule) Data(known []string) ([]string, error) {
	needed := map[string]bool{}
	for _, p := range r.paths {
		found := false
		for n := len(p.names); n > 0 && !found; n-- {
			for _, k := range known {
				if k == p.names[n-1] || n == 1 && datasource.Group(k) == p.names[0] {
					needed[k], found = true, true
				}
			}
		}
		if !found {
			return nil, errorAt(r.src, p.pos, "no datum "+quoteCut(p.src), suggest.Nearest(p.parts[0], groupNames(known)))
		}
	}
	var out []string
	for _, k := range known {
		if needed[k] {
			out = append(out, k)
		}
	}
	return out, nil
}

// groupNames returns the first parts of the names, each once.
func groupNames(names []string) []string {
	var out []string
	for _, n := range names {
		if g := datasource.Group(n); !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}
