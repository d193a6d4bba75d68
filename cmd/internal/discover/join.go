package discover

import (
	"slices"
	"strings"
)

// joinKey is one key of a join and the field that it becomes.
type joinKey struct {
	field string
	x     *finding // the family of the key
}

const maxJoined = 40

// attributeWords are what keys beside an element hold of it: EURUSD.bid.
var attributeWords = wordSet("bid ask last price mid mark open high low close volume vol time ts timestamp updated change spread size qty position side pnl profit entry status state enabled equity balance margin count ratio rate value signal score")

// joinScalars makes objects of single scalars that belong together: those that
// are attributes of the same elements (EURUSD.bid, EURUSD.ask), and those that
// share the beginning of their keys (METRICS:CASH, METRICS:TOTAL_VALUE).
func joinScalars(findings []*finding) []*finding {
	return joinPrefixes(joinAttributes(findings))
}

// isScalar reports whether a key of the family holds one number, text or switch.
func (x *finding) isScalar() bool {
	if x.kind != "string" || x.container != containOne || x.object != nil || x.part != "" {
		return false
	}
	switch x.subject {
	case subjectCounter, subjectFlag, subjectOther, subjectQuote:
		return true
	}
	return false
}

// joinAttributes joins families of scalars with one element whose keys differ
// in the word that says which attribute it is.
func joinAttributes(findings []*finding) (rest []*finding) {
	groups := map[string][]*finding{}
	at := map[*finding]int{}
	var order []string
	for _, x := range findings {
		word := x.attributePart()
		if word < 0 {
			rest = append(rest, x)
			continue
		}
		id := templateOf(x.parts[:word]) + "\x04" + templateOf(x.parts[word+1:])
		if groups[id] == nil {
			order = append(order, id)
		}
		groups[id], at[x] = append(groups[id], x), word
	}
	for _, id := range order {
		g := groups[id]
		if len(g) < 2 || len(g) > maxJoined {
			rest = append(rest, g...)
			continue
		}
		n := &node{kind: nodeObject}
		out := &finding{family: &family{kind: "join", parts: g[0].parts, keys: g[0].keys, samples: g[0].samples}}
		for _, x := range g {
			if len(x.keys) > len(out.keys) {
				out.keys, out.parts = x.keys, x.parts
			}
			field := toIdentifier(x.parts[at[x]].text)
			n.names, n.kids = append(n.names, field), append(n.kids, readNode(x.fullestSample().Bytes))
			out.joins = append(out.joins, joinKey{field, x})
			out.expires = out.expires || x.expires
		}
		out.row = classifyRow(n, out.keyHints())
		if out.object == nil {
			out.object = n
		}
		out.pick = ""
		rest = append(rest, out)
	}
	return rest
}

// attributePart returns the place of the word that says what a family of scalars
// holds of its one element; -1 where there isn't one.
func (x *finding) attributePart() int {
	if !x.isScalar() || len(x.varyingParts()) != 1 {
		return -1
	}
	for i := len(x.parts) - 1; i >= 0; i-- {
		if p := x.parts[i]; p.class == pieceWord {
			if attributeWords[strings.ToLower(p.text)] {
				return i
			}
			return -1
		}
	}
	return -1
}

// joinPrefixes joins single scalars that share the beginning of their keys, the
// longest that at least two share.
func joinPrefixes(findings []*finding) (rest []*finding) {
	counts := map[string]int{}
	for _, x := range findings {
		for _, prefix := range x.scalarPrefixes() {
			counts[prefix]++
		}
	}
	groups := map[string][]*finding{}
	var order []string
	for _, x := range findings {
		prefixes := x.scalarPrefixes()
		i := slices.IndexFunc(prefixes, func(p string) bool { return counts[p] > 1 })
		if i < 0 {
			rest = append(rest, x)
			continue
		}
		if prefix := prefixes[i]; groups[prefix] == nil {
			order = append(order, prefix)
		}
		groups[prefixes[i]] = append(groups[prefixes[i]], x)
	}
	for _, prefix := range order {
		if len(groups[prefix]) == 1 {
			rest = append(rest, groups[prefix]...)
			continue
		}
		for chunk := range slices.Chunk(groups[prefix], maxJoined) {
			rest = append(rest, joinedScalars(prefix, chunk))
		}
	}
	return rest
}

// scalarPrefixes are what a single scalar's key begins with, the longest first:
// up to its main separators.
func (x *finding) scalarPrefixes() (out []string) {
	if !x.isScalar() || len(x.keys) != 1 || len(x.varyingParts()) > 0 {
		return nil
	}
	main := mainSeparator(x.parts)
	for i := len(x.parts) - 1; i > 0; i-- {
		if p := x.parts[i]; p.class == pieceSep && (main == "" || p.text == main) {
			out = append(out, templateOf(x.parts[:i]))
		}
	}
	return out
}

// joinedScalars is the finding that several scalars make.
func joinedScalars(prefix string, g []*finding) *finding {
	n := &node{kind: nodeObject}
	out := &finding{family: &family{kind: "join", parts: splitKey(prefix), keys: g[0].keys}}
	taken := map[string]bool{}
	for _, x := range g {
		name := toIdentifier(strings.TrimPrefix(x.keyWith(nil), prefix))
		if name == "" || taken[name] {
			continue
		}
		taken[name] = true
		n.names, n.kids = append(n.names, name), append(n.kids, readNode(x.fullestSample().Bytes))
		out.joins = append(out.joins, joinKey{name, x})
		out.expires = out.expires || x.expires
	}
	out.row = classifyRow(n, out.keyHints())
	if out.subject != subjectAccount && out.subject != subjectFlag && (out.subject != subjectQuote || !n.has("bid")) {
		out.row = row{subject: subjectMetrics, object: n}
	}
	return out
}

// joinText writes the keys of a join.
func (x *finding) joinText(fixed map[*variable]bool) string {
	pairs := make([]string, len(x.joins))
	for i, j := range x.joins {
		key := *j.x
		if len(key.vars) == 0 {
			key.vars = x.vars
		}
		pairs[i] = j.field + ": " + quoteYAML(key.keyWith(fixed))
	}
	return "join: {" + strings.Join(pairs, ", ") + "}"
}
