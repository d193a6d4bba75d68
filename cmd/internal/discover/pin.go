package discover

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ticktop/datasource/redisdb"
)

// Sampler looks into keys; *redisdb.Client is one.
type Sampler interface {
	Samples(ctx context.Context, keys []redisdb.Key) ([]redisdb.Sample, error)
}

// PinLine is one entry of vars or data: its name and its YAML in flow style.
type PinLine struct{ Name, Text string }

// Pin is what shows a key, or a family of keys, as parts of a configuration.
type Pin struct {
	Vars, Data []PinLine
	Panels     []string // YAML in flow style
}

// maxPinned bounds the data that one family becomes.
const maxPinned = 6

// PinKey makes the parts that show one key, by its own name. taken are the names
// that the configuration has already.
func PinKey(ctx context.Context, source Sampler, key redisdb.Key, taken []string) (*Pin, error) {
	if !writable(key.Name) {
		return nil, errors.New("a key of this name cannot be written in a configuration")
	}
	f := &family{kind: key.Type, parts: []piece{{class: pieceWord, text: key.Name}}, keys: []string{key.Name}}
	if configKind[f.kind] == "" {
		return nil, fmt.Errorf("a key of type %s cannot be shown", key.Type)
	}
	var err error
	if f.samples, err = source.Samples(ctx, []redisdb.Key{key}); err != nil {
		return nil, err
	}
	x, left := describe(f)
	if left != nil {
		return nil, fmt.Errorf("not pinned: %s", left.reason)
	}
	return pinsOf([]*finding{x}, &variables{names: map[string]bool{}}, taken)
}

// PinFamily makes the parts that show keys that are alike.
func PinFamily(ctx context.Context, source Source, keys []redisdb.Key, taken []string) (*Pin, error) {
	slices.SortFunc(keys, func(a, b redisdb.Key) int { return strings.Compare(a.Name, b.Name) })
	s, err := look(ctx, source, &redisdb.Discovery{Keys: keys})
	if err != nil {
		return nil, err
	}
	vs := &variables{names: map[string]bool{}}
	for _, name := range taken {
		vs.names[name] = true
	}
	rankFindings(s.findings)
	findings := s.findings[:min(len(s.findings), maxPinned)]
	vs.assign(findings)
	for _, v := range vs.all {
		v.role = roleOther // every element is shown, owners too
	}
	if len(findings) == 0 {
		if len(s.left) > 0 {
			return nil, fmt.Errorf("not pinned: %s", s.left[0].reason)
		}
		return nil, errors.New("there is no such key")
	}
	return pinsOf(findings, vs, taken)
}

func pinsOf(findings []*finding, vs *variables, taken []string) (*Pin, error) {
	p := &plan{vars: vs, names: map[string]bool{}}
	for _, name := range taken {
		p.names[name] = true
	}
	out := &Pin{}
	for _, x := range findings {
		if e := p.add(x, x.words(), nil); e != nil {
			out.Data = append(out.Data, PinLine{e.name, e.line})
			out.Panels = append(out.Panels, general(e))
		}
	}
	if len(out.Data) == 0 {
		return nil, fmt.Errorf("not pinned: the dashboard would read more than %d keys", maxRefs)
	}
	for _, v := range vs.sorted() {
		text := "{" + v.source
		if v.filter != "" && strings.HasPrefix(v.source, "keys:") {
			text += ", filter: " + quote(v.filter)
		}
		if limit := p.limit(v); limit > 0 {
			text += fmt.Sprintf(", limit: %d", limit)
		}
		out.Vars = append(out.Vars, PinLine{v.name, text + "}"})
	}
	return out, nil
}
