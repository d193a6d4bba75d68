package discover

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ticktop/datasource/redisdb"
)

// Source is the Redis that is looked at; *redisdb.Client is one.
type Source interface {
	Discover(ctx context.Context, o redisdb.DiscoverOptions) (*redisdb.Discovery, error)
	Samples(ctx context.Context, keys []redisdb.Key) ([]redisdb.Sample, error)
	String() string
}

// Result is what was found.
type Result struct {
	Config   []byte   // a configuration
	Families int      // data in it
	Summary  []string // what was found, what was left out and why; safe to print
	Notes    []string // what could not be looked at; safe to print
}

// Options bounds a discovery and says what is left out of it.
type Options struct {
	redisdb.DiscoverOptions
	Choose  func([]Family) []Family // lets a person choose and name families; nil takes all
	API     Getter                  // asks the API, for fallbacks; nil without one
	APIName string                  // its address, safe to print
}

// Run looks at a Redis and writes a configuration for it.
func Run(ctx context.Context, source Source, o Options) (*Result, error) {
	found, err := source.Discover(ctx, o.DiscoverOptions)
	if err != nil {
		return nil, err
	}
	s, err := surveyKeys(ctx, source, found)
	if err != nil {
		return nil, err
	}
	p := s.planConfig(ctx, o)
	return &Result{Config: p.write(source.String()), Families: len(p.data), Summary: p.summaryLines(), Notes: found.Notes}, nil
}

// survey is what was seen.
type survey struct {
	found    *redisdb.Discovery
	findings []*finding
	sets     []redisdb.Sample
	left     []*note
	channels []*family
}

const (
	samplesEach = 3    // of one family
	maxFamilies = 3000 // that are looked into
)

// surveyKeys groups the keys and reads samples of every family.
func surveyKeys(ctx context.Context, source Source, found *redisdb.Discovery) (*survey, error) {
	s := &survey{found: found}
	families := thinOut(groupKeys(found.Keys))
	families = slices.DeleteFunc(families, s.leaveOut)
	if len(families) > maxFamilies {
		slices.SortStableFunc(families, func(a, b *family) int { return len(b.keys) - len(a.keys) })
		for _, f := range families[maxFamilies:] {
			s.left = append(s.left, &note{reason: "too many families", keys: len(f.keys), sample: f.keys[0]})
		}
		families = families[:maxFamilies]
	}
	var keys []redisdb.Key
	for _, f := range families {
		foldConstants(f)
		keys = append(keys, f.sampleKeys(samplesEach)...)
	}
	samples, err := source.Samples(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, f := range families {
		n := min(samplesEach, len(f.keys))
		f.samples, samples = samples[:n:n], samples[n:]
	}
	for _, f := range mergeSimilar(families) {
		foldConstants(f)
		x, left := describeFamily(f)
		if left != nil {
			s.left = append(s.left, left)
			continue
		}
		if f.kind == "set" {
			s.sets = append(s.sets, f.samples...)
		}
		s.findings = append(s.findings, x)
		s.findings = append(s.findings, x.documentParts()...)
	}
	s.channels = mergeSimilar(groupChannels(found.Channels))
	return s, nil
}

// leaveOut notes families that are never shown.
func (s *survey) leaveOut(f *family) bool {
	reason := noiseReason(f)
	if reason == "" && configKind[f.kind] == "" {
		reason = "of a type that cannot be shown"
	}
	if reason == "" && slices.ContainsFunc(f.parts, func(p piece) bool { return p.class != pieceElement && !isWritable("x"+p.text+"x") }) {
		reason = "with names that cannot be written"
	}
	if reason != "" {
		s.left = append(s.left, &note{reason: reason, keys: len(f.keys), sample: f.keys[0]})
	}
	return reason != ""
}

// planConfig decides what the configuration holds.
func (s *survey) planConfig(ctx context.Context, o Options) *plan {
	p := &plan{version: s.found.Version, keys: len(s.found.Keys), channels: len(s.found.Channels), truncated: s.found.Truncated,
		notes: s.found.Notes, left: s.left, vars: &variables{names: map[string]bool{}}, names: map[string]bool{}}
	findings := joinScalars(s.findings)
	findings = listedBySets(findings, s.sets, keySet(s.found.Keys), p.vars)
	p.vars.assignAll(findings)
	p.vars.offerSets(s.sets)
	findings = slices.DeleteFunc(findings, func(x *finding) bool { return p.isIndex(x) })
	rankFindings(findings)
	rest, left := matchChannels(s.channels, findings, p.vars)
	p.left = append(p.left, left...)
	for _, x := range rest {
		if isWritable(x.keys[0]) && p.isResolvable(x) {
			findings = append(findings, x)
		}
	}
	rankFindings(findings)
	findings = chooseFindings(findings, o.Choose)
	if p.guessFallbacks(ctx, findings, o.API); p.guessed > 0 {
		p.apiURL = o.APIName
	}
	p.composePages(findings)
	return p
}

// isIndex reports whether a set only lists what a variable is looked up in.
func (p *plan) isIndex(x *finding) bool {
	if x.kind != "set" {
		return false
	}
	source := "set: " + quoteYAML(x.keys[0])
	return slices.ContainsFunc(p.vars.all, func(v *variable) bool { return v.source == source }) || len(x.vars) > 1
}

// isResolvable reports whether all variables of a channel can be looked up.
func (p *plan) isResolvable(x *finding) bool {
	return !slices.ContainsFunc(x.vars, func(v *variable) bool { return v.source == "" })
}

// summaryLines says in a few lines what was found.
func (p *plan) summaryLines() []string {
	names := make([]string, 0, len(p.data))
	for _, d := range p.data {
		names = append(names, d.name)
	}
	out := []string{fmt.Sprintf("%s, %s: %s", counted(p.keys, "key"), counted(p.channels, "channel"), Count(len(p.data)))}
	if len(names) > 0 {
		out = append(out, "found: "+strings.Join(names, ", "))
	}
	if p.guessed > 0 {
		out = append(out, fmt.Sprintf("fallbacks guessed from the API: %d", p.guessed))
	}
	for _, line := range p.leftOut() {
		out = append(out, "left out: "+cleanComment(line))
	}
	return out
}

// Count is a number of families in words.
func Count(n int) string {
	if n == 1 {
		return "1 family"
	}
	return fmt.Sprintf("%d families", n)
}
