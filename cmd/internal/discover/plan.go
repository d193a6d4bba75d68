package discover

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ticktop/datasource/redisdb"
)

// entry is one datum of the configuration.
type entry struct {
	name, line, remark string
	x                  *finding
	group              bool // repeated for each element
	series             bool // a series: for charts and sparks
	refs               int
}

// plan is the configuration that is to be written.
type plan struct {
	version        string
	keys, channels int
	truncated      bool
	notes          []string
	left           []*note
	vars           *variables
	data           []*entry
	names          map[string]bool
	refs           int
	apiURL         string
	guessed        int // fallbacks found in the API
	pages          []page
	dropped        int // data left out because the dashboard would read too much
}

// maxRefs bounds what the dashboard reads in all.
const maxRefs = 4200

// shownElements is how many elements of a variable are shown.
func (p *plan) shownElements(v *variable) int { return min(max(len(v.values), 1), elementLimit(v)) }

func elementLimit(v *variable) int {
	if v.role == roleSymbol {
		return 1000
	}
	return 200
}

// writtenLimit is what the variable's limit is written as; 0 for the default.
func (p *plan) writtenLimit(v *variable) int {
	if v.role == roleSymbol || len(v.values) < 100 {
		return 0
	}
	return elementLimit(v)
}

// fixedVariables returns the variables of a finding that mean their selected value
// only: owners, and the rest where there would be too many elements.
func (p *plan) fixedVariables(x *finding) map[*variable]bool {
	out := map[*variable]bool{}
	product := 1
	for _, v := range x.vars {
		switch {
		case v.role == roleOwner:
			out[v] = true
		case product*p.shownElements(v) > 1000:
			out[v] = true
		default:
			product *= p.shownElements(v)
		}
	}
	return out
}

func (p *plan) countRefs(x *finding, fixed map[*variable]bool) int {
	n := 1
	for _, v := range x.vars {
		if !fixed[v] {
			n *= p.shownElements(v)
		}
	}
	return n
}

// addDatum takes a finding up as a datum; extra are further keys of its line. It
// returns nil where the dashboard would read too much.
func (p *plan) addDatum(x *finding, name string, change func(*finding)) *entry {
	fixed := p.fixedVariables(x)
	n := p.countRefs(x, fixed)
	if p.refs+n > maxRefs {
		p.dropped++
		return nil
	}
	p.refs += n
	shown := *x
	shown.lead = slices.Clone(x.lead)
	if change != nil {
		change(&shown)
	}
	e := &entry{name: p.freeName(name), line: shown.datumLine(fixed), remark: shown.commentText(), x: &shown, refs: n, series: shown.series != ""}
	for _, v := range x.vars {
		v.used = true
		e.group = e.group || !fixed[v]
	}
	p.data = append(p.data, e)
	return e
}

// freeName returns a name that no datum has.
func (p *plan) freeName(name string) string {
	if name == "" {
		name = "data"
	}
	if len(name) > 40 {
		name = strings.Trim(name[:40], "_")
	}
	for base, i := name, 2; p.names[name]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	p.names[name] = true
	return name
}

// keyWords is the name that the key's own words make.
func (x *finding) keyWords() string {
	var out []string
	for _, part := range x.parts {
		if part.class != pieceWord || isDigits(part.text) && len(out) == 0 {
			continue
		}
		w := toIdentifier(part.text)
		if len(out) > 0 { // digits may follow
			w = strings.TrimPrefix(toIdentifier("x"+part.text), "x")
		}
		if w != "" && (len(out) == 0 || out[len(out)-1] != w) {
			out = append(out, w)
		}
	}
	if x.part != "" && (len(out) == 0 || out[len(out)-1] != x.part) {
		out = append(out, x.part)
	}
	return strings.Join(out, "_")
}

// leftOut counts what is not shown, by reason.
func (p *plan) leftOut() []string {
	counts := map[string]*note{}
	var order []string
	for _, n := range p.left {
		if counts[n.reason] == nil {
			counts[n.reason] = &note{reason: n.reason, sample: n.sample}
			order = append(order, n.reason)
		}
		counts[n.reason].keys += n.keys
	}
	slices.SortFunc(order, func(a, b string) int { return counts[b].keys - counts[a].keys })
	var out []string
	for _, reason := range order {
		n := counts[reason]
		if reason == "secrets" || reason == "sessions" {
			out = append(out, fmt.Sprintf("%s, %s", counted(n.keys, "key"), reason))
			continue
		}
		out = append(out, fmt.Sprintf("%s, %s (%s)", counted(n.keys, "key"), reason, withoutIDs(n.sample)))
	}
	if p.dropped > 0 {
		out = append(out, fmt.Sprintf("%s: the dashboard would read more than %d keys", Count(p.dropped), maxRefs))
	}
	return out
}

// withoutIDs is a key with its varying parts as "…".
func withoutIDs(key string) string {
	var b strings.Builder
	for _, part := range splitKey(key) {
		if part.class == pieceWord || part.class == pieceSep {
			b.WriteString(part.text)
		} else {
			b.WriteString("…")
		}
	}
	return b.String()
}

// keySet is the sorted names of all keys.
type keySet []redisdb.Key

func (ks keySet) has(name string) bool {
	_, ok := slices.BinarySearchFunc(ks, name, func(k redisdb.Key, s string) int { return strings.Compare(k.Name, s) })
	return ok
}

// listedBySets finds sets whose members complete the keys of a family:
// positions:active lists 12345:okx:BTC-USDT:long of positions:…. The set is
// then the better variable, because it says what is there now.
func listedBySets(findings []*finding, sets []redisdb.Sample, keys keySet, vs *variables) []*finding {
	for i := range sets {
		s := &sets[i]
		if len(s.First) == 0 || len(splitKeyElements(s.Key.Name)) > 0 || !isWritable(s.Key.Name) {
			continue
		}
		member := string(s.First[0].Member)
		if len(member) < 4 || !strings.ContainsAny(member, ":-_/|") {
			continue
		}
		var into *finding
		for _, x := range findings {
			prefix, ok := x.prefixBefore(member)
			if !ok || !allPrefixed(s, prefix, keys) || x.subject != subjectPosition && x.subject != subjectOrder && x.subject != subjectQuote && x.subject != subjectTrade {
				continue
			}
			if into == nil {
				into = x
				parts := splitKey(prefix)
				one := vs.freeName(toIdentifier(singular(lastWord(parts))))
				v := &variable{name: plural(one), one: one, role: roleID, source: "set: " + quoteYAML(s.Key.Name), best: 1 << 30}
				for _, m := range s.First {
					v.values = append(v.values, string(m.Member))
				}
				slices.Sort(v.values)
				vs.names[v.one], vs.names[v.name] = true, true
				vs.all = append(vs.all, v)
				x.parts = append(parts, piece{class: pieceElement, text: member})
				x.vars = []*variable{v}
			} else {
				into.keys = append(into.keys, x.keys...)
				x.keys = nil
			}
		}
	}
	return slices.DeleteFunc(findings, func(x *finding) bool { return len(x.keys) == 0 })
}

func lastWord(parts []piece) string {
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i].class == pieceWord {
			return parts[i].text
		}
	}
	return "item"
}

// prefixBefore is what is before a member in one of the family's keys.
func (x *finding) prefixBefore(member string) (string, bool) {
	for _, key := range x.keys[:min(len(x.keys), 5000)] {
		if prefix, ok := strings.CutSuffix(key, member); ok && prefix != "" {
			return prefix, true
		}
	}
	return "", false
}

func allPrefixed(s *redisdb.Sample, prefix string, keys keySet) bool {
	hits := 0
	for _, m := range s.First {
		if keys.has(prefix + string(m.Member)) {
			hits++
		}
	}
	return hits*10 >= len(s.First)*4
}
