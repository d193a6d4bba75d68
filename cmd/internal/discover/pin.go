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
	if !isWritable(key.Name) {
		return nil, errors.New("a key of this name cannot be written in a configuration")
	}
	f := &family{kind: key.Type, parts: []piece{{class: pieceWord, text: key.Name}}, keys: []string{key.Name}}
	if configKind[f.kind] == "" {
		return nil, fmt.Errorf("a key of type %s cannot be shown", key.Type)
	}
	if reason := noiseReason(&family{kind: key.Type, parts: splitKey(key.Name), keys: f.keys}); reason == "secrets" || reason == "sessions" {
		return nil, errors.New("not pinned: " + reason)
	}
	var err error
	if f.samples, err = source.Samples(ctx, []redisdb.Key{key}); err != nil {
		return nil, err
	}
	x, left := describeFamily(f)
	if left != nil {
		return nil, fmt.Errorf("not pinned: %s", left.reason)
	}
	return pinsOf([]*finding{x}, &variables{names: map[string]bool{}}, taken)
}

// PinFamily makes the parts that show keys that are alike.
func PinFamily(ctx context.Context, source Sampler, keys []redisdb.Key, taken []string) (*Pin, error) {
	slices.SortFunc(keys, func(a, b redisdb.Key) int { return strings.Compare(a.Name, b.Name) })
	families := groupKeys(keys)
	slices.SortStableFunc(families, func(a, b *family) int { return len(b.keys) - len(a.keys) })
	var findings []*finding
	why := "there is no such key"
	for _, f := range families[:min(len(families), maxLooked)] {
		x, reason, err := pinned(ctx, source, f)
		switch {
		case err != nil:
			return nil, err
		case x == nil:
			why = "not pinned: " + reason
		case len(findings) < maxPinned:
			findings = append(findings, x)
		}
	}
	if len(findings) == 0 {
		return nil, errors.New(why)
	}
	vs := &variables{names: map[string]bool{}}
	for _, name := range taken {
		vs.names[name] = true
	}
	rankFindings(findings)
	vs.assignAll(findings)
	for _, v := range vs.all {
		v.role = roleOther // every element is shown, owners too
	}
	return pinsOf(findings, vs, taken)
}

// pinned finds out what a family is about. Whoever pins keys wants to see them:
// only secrets and what cannot be read are left out.
func pinned(ctx context.Context, source Sampler, f *family) (x *finding, leftOut string, err error) {
	reason := noiseReason(f)
	switch {
	case reason == "secrets" || reason == "sessions":
		return nil, reason, nil
	case configKind[f.kind] == "":
		return nil, "keys of type " + f.kind + " cannot be shown", nil
	case slices.ContainsFunc(f.parts, func(p piece) bool { return p.class != pieceElement && !isWritable("x"+p.text+"x") }):
		return nil, "names that cannot be written in a configuration", nil
	}
	foldConstants(f)
	if f.samples, err = source.Samples(ctx, f.sampleKeys(samplesEach)); err != nil {
		return nil, "", err
	}
	x, left := describeFamily(f)
	if left != nil {
		return nil, left.reason, nil
	}
	return x, "", nil
}

// maxLooked bounds the families that are looked into for one pin.
const maxLooked = 40

func pinsOf(findings []*finding, vs *variables, taken []string) (*Pin, error) {
	p := &plan{vars: vs, names: map[string]bool{}}
	for _, name := range taken {
		p.names[name] = true
	}
	out := &Pin{}
	for _, x := range findings {
		if e := p.addDatum(x, x.keyWords(), nil); e != nil {
			out.Data = append(out.Data, PinLine{e.name, e.line})
			out.Panels = append(out.Panels, strings.Replace(generalPanel(e), titleOption(e), "title: "+quoteYAML(titleCase(x.keyWords())), 1))
		}
	}
	if len(out.Data) == 0 {
		return nil, fmt.Errorf("not pinned: the dashboard would read more than %d keys", maxRefs)
	}
	for _, v := range vs.sortedUsed() {
		text := "{" + v.source
		if v.filter != "" && strings.HasPrefix(v.source, "keys:") {
			text += ", filter: " + quoteYAML(v.filter)
		}
		if limit := p.writtenLimit(v); limit > 0 {
			text += fmt.Sprintf(", limit: %d", limit)
		}
		out.Vars = append(out.Vars, PinLine{v.name, text + "}"})
	}
	return out, nil
}
