package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// defaultMaxAge is when prices and what is pushed are stale, where max_age
// says nothing.
const defaultMaxAge = time.Minute

// kindKey is a kind and the key that is written for it.
type kindKey struct {
	kind datasource.Kind
	key  string
}

// writtenKinds returns the kinds that are written, with their keys.
func (x *datum) writtenKinds() []kindKey {
	all := [...]kindKey{
		{datasource.KindString, x.String}, {datasource.KindHash, x.Hash}, {datasource.KindZSet, x.ZSet},
		{datasource.KindList, x.List}, {datasource.KindStream, x.Stream}, {datasource.KindChannel, x.Channel},
		{datasource.KindSet, x.Set}, {datasource.KindJSON, x.JSON}, {datasource.KindTimeSeries, x.TimeSeries},
	}
	var out []kindKey
	for _, k := range all {
		if k.key != "" {
			out = append(out, k)
		}
	}
	return out
}

// oneKind returns the datum's one kind and its key; of a join a string and "".
func (x *datum) oneKind() (datasource.Kind, string, error) {
	found := x.writtenKinds()
	switch {
	case len(found) == 1 && len(x.Join) == 0:
		return found[0].kind, found[0].key, nil
	case len(found) == 0 && len(x.Join) > 0:
		return datasource.KindString, "", nil
	case len(found) == 0:
		return 0, "", fmt.Errorf("needs a key: one of %s, or join", strings.Join(datasource.KindNames(), ", "))
	}
	var words []string
	for _, k := range found {
		words = append(words, k.kind.String())
	}
	if len(x.Join) > 0 {
		words = append(words, "join")
	}
	return 0, "", fmt.Errorf("has more than one kind: %s", strings.Join(words, ", "))
}

// inBrackets is a hint after a text that has no own place for one.
func inBrackets(hint string) string {
	if hint == "" {
		return ""
	}
	return " (" + hint + ")"
}

// eachCombination calls f for every combination of the "for" variables, in the order of
// their names; item is "" or ".EURUSD".
func (x *datum) eachCombination(sc scope, f func(sc scope, item string) error) error {
	names := slices.Sorted(maps.Keys(x.For))
	sc.bound = map[string]string{}
	var walk func(i int, item string) error
	walk = func(i int, item string) error {
		if i == len(names) {
			return f(sc, item)
		}
		list, ok := sc.vars[x.For[names[i]]]
		if !ok {
			return fmt.Errorf("for: unknown list variable %q%s", x.For[names[i]], inBrackets(didYouMean(x.For[names[i]], slices.Sorted(maps.Keys(sc.vars)))))
		}
		for _, v := range list {
			sc.bound[names[i]] = v
			if err := walk(i+1, item+"."+v); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(0, "")
}

// fillRef fills in the variables of one reference.
func (x *datum) fillRef(sc scope) (datasource.Ref, error) {
	kind, key, err := x.oneKind()
	if err != nil {
		return datasource.Ref{}, err
	}
	r := datasource.Ref{Kind: kind, Member: datasource.Member(x.Member), Window: x.Window.Std(), Keep: x.Keep}
	set := func(dst *string, fill func(string) (string, error), tmpl string) {
		if err == nil {
			*dst, err = fill(tmpl)
		}
	}
	if kind == datasource.KindChannel {
		set(&r.Key, sc.fillChannel, key)
	} else {
		set(&r.Key, sc.fillText, key)
	}
	set(&r.Live, sc.fillChannel, x.Live.Channel)
	set(&r.Fallback.Path, sc.fillPath, x.Fallback.Path)
	set(&r.Fallback.Pick, sc.fillSteps, x.Fallback.Pick)
	r.Fallback.Time, r.Fallback.Value = x.Fallback.Time, x.Fallback.Value
	set(&r.Push.Pick, sc.fillSteps, x.Live.Pick)
	r.Push.Into = x.Live.Into
	if err == nil {
		r.Push.Where, err = sc.fillPairs(x.Live.Where)
	}
	if err == nil {
		r.Join, err = sc.fillJoin(x.Join)
	}
	if err == nil {
		r.Shape, err = x.fillShape(sc)
	}
	return r, err
}

// fillShape fills in the variables of what says how the value is read.
func (x *datum) fillShape(sc scope) (datasource.Shape, error) {
	s := datasource.Shape{
		Time: x.Time, TimeFormat: x.TimeFormat, Latest: x.Latest, Series: x.Series.seriesFields(),
		Columns: strings.Join(x.Columns, ","), Sep: x.Sep, Decode: strings.Join(x.Decode, ","),
		Market: x.Market, Show: strings.Join(x.Show, ","),
	}
	switch x.Newest {
	case "first":
		s.Newest = datasource.EndFirst
	case "last":
		s.Newest = datasource.EndLast
	}
	var err error
	if s.Pick, err = sc.fillSteps(x.Pick); err != nil {
		return s, err
	}
	if s.Where, err = sc.fillPairs(x.Where); err != nil {
		return s, err
	}
	if s.Fields, err = sc.fillPairs(x.Fields); err != nil {
		return s, err
	}
	var texts []datasource.Pair
	for _, f := range x.Values {
		for _, code := range f.Value {
			texts = append(texts, datasource.Pair{Name: f.Key + "." + code.Key, Values: []string{code.Value}})
		}
	}
	s.Values = datasource.PairsOf(texts)
	return s, nil
}

// fillPairs fills in the variables of the values of a mapping.
func (s scope) fillPairs(in Ordered[[]string]) (datasource.Pairs, error) {
	var out []datasource.Pair
	for _, it := range in {
		p := datasource.Pair{Name: it.Key}
		for _, v := range it.Value {
			text, err := s.fillText(v)
			if err != nil {
				return "", err
			}
			p.Values = append(p.Values, text)
		}
		out = append(out, p)
	}
	return datasource.PairsOf(out), nil
}

// fillJoin fills in the variables of the keys of a join.
func (s scope) fillJoin(in Ordered[string]) (datasource.Pairs, error) {
	var out []datasource.Pair
	for _, it := range in {
		key, err := s.fillText(it.Value)
		if err != nil {
			return "", err
		}
		out = append(out, datasource.Pair{Name: it.Key, Values: []string{key}})
	}
	return datasource.PairsOf(out), nil
}

// names returns the variables that a template names, without dates.
func namesIn(tmpls ...string) map[string]bool {
	out := map[string]bool{}
	for _, tmpl := range tmpls {
		segs, err := splitTemplate(tmpl)
		if err != nil {
			continue
		}
		for _, seg := range segs {
			if seg.name && !isMoment(seg.text) {
				out[seg.text] = true
			}
		}
	}
	return out
}

// keyTemplates returns what of the datum names where it is kept.
func (x *datum) keyTemplates() []string {
	out := make([]string, 0, 2+len(x.Join))
	for _, k := range x.writtenKinds() {
		out = append(out, k.key)
	}
	for _, j := range x.Join {
		out = append(out, j.Value)
	}
	return out
}

// elementOf says which element of its kind a reference is for, and whether only
// messages that name it count: on a channel whose name does not vary with what
// the key varies with.
func (x *datum) elementOf(sc scope, item string) (element string, shared bool) {
	onChannel := namesIn(x.Live.Channel)
	if item != "" {
		shared = x.Live.isDefined()
		for name := range x.For {
			shared = shared && !onChannel[name]
		}
		return item[1:], shared
	}
	if !x.Live.isDefined() {
		return "", false
	}
	for _, name := range slices.Sorted(maps.Keys(namesIn(x.keyTemplates()...))) {
		if onChannel[name] {
			continue
		}
		if v, err := sc.valueOf(name); err == nil {
			return v, true
		}
	}
	return "", false
}

// isSingle reports whether the datum is one value with its own age: what a
// list or a stream holds are messages, each with its own.
func (x *datum) isSingle(kind datasource.Kind) bool {
	return kind != datasource.KindList && kind != datasource.KindStream && kind != datasource.KindChannel || x.Latest || x.Series.seriesFields().Defined()
}

// maxAge returns when the datum is stale, whatever its TTL says.
func (x *datum) maxAge(kind datasource.Kind, price bool) time.Duration {
	switch {
	case x.MaxAge != nil:
		return x.MaxAge.Std()
	case x.isSingle(kind) && (price || x.Live.isDefined()):
		return defaultMaxAge
	}
	return 0
}
