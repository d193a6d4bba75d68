package discover

import (
	"hash/maphash"
	"slices"
	"strings"
)

// span is a run of parts of one family that may be an element: a word, or all
// words of a segment between the main separators.
type span struct {
	family   *family
	from, to int
	text     string
	element  bool // it is recognised as one already
}

// group is families that are the same but for one span.
type group struct {
	id    string
	spans []span
}

const (
	manyFamilies = 1500 // more are thinned out before anything is read
	forcedMerge  = 20   // distinct words in one place that make a variable by their number
)

// varyingSpans lists the places where a family could vary.
func (f *family) varyingSpans() []span {
	var out []span
	for i, p := range f.parts {
		if p.class == pieceWord || p.class == pieceElement {
			out = append(out, span{family: f, from: i, to: i + 1, text: p.text, element: p.class == pieceElement})
		}
	}
	return append(out, f.wordRuns()...)
}

// wordRuns are the runs of several words between the main separators:
// kill_switch in flag:kill_switch.
func (f *family) wordRuns() []span {
	main := mainSeparator(f.parts)
	var out []span
	from := 0
	for i := 0; i <= len(f.parts); i++ {
		if i < len(f.parts) && (f.parts[i].class != pieceSep || f.parts[i].text != main) {
			continue
		}
		if i-from > 2 && allWords(f.parts[from:i]) {
			var b strings.Builder
			for _, p := range f.parts[from:i] {
				b.WriteString(p.text)
			}
			out = append(out, span{family: f, from: from, to: i, text: b.String()})
		}
		from = i + 1
	}
	return out
}

func allWords(parts []piece) bool {
	return !slices.ContainsFunc(parts, func(p piece) bool { return p.class != pieceWord && p.class != pieceSep }) && parts[0].class == pieceWord && parts[len(parts)-1].class == pieceWord
}

// mainSeparator is the one that cuts a key first.
func mainSeparator(parts []piece) string {
	for _, sep := range []string{":", "|", "/", "."} {
		if slices.ContainsFunc(parts, func(p piece) bool { return p.class == pieceSep && p.text == sep }) {
			return sep
		}
	}
	return ""
}

// holeTemplate is the template with one span left open.
func (s *span) holeTemplate() string {
	return s.family.kind + "\x00" + templateOf(s.family.parts[:s.from]) + "\x04" + templateOf(s.family.parts[s.to:])
}

// thinOut merges, where there are very many families, those that differ in one
// word that takes many forms. Nothing has been read of them yet.
func thinOut(families []*family) []*family {
	for round := 0; round < 4 && len(families) > manyFamilies; round++ {
		seed := maphash.MakeSeed()
		counts := map[uint64]int{}
		for _, f := range families {
			for _, s := range f.varyingSpans() {
				counts[maphash.String(seed, s.holeTemplate())]++
			}
		}
		groups := map[string]*group{}
		for _, f := range families {
			best, most := span{}, 0
			for _, s := range f.varyingSpans() {
				if n := counts[maphash.String(seed, s.holeTemplate())]; n > most {
					best, most = s, n
				}
			}
			if most >= forcedMerge {
				id := best.holeTemplate()
				if groups[id] == nil {
					groups[id] = &group{id: id}
				}
				groups[id].spans = append(groups[id].spans, best)
			}
		}
		before := len(families)
		for _, g := range sortedGroups(groups) {
			families = joinFamilies(families, g.spans)
		}
		if len(families) == before {
			break
		}
	}
	return families
}

func sortedGroups(groups map[string]*group) []*group {
	out := make([]*group, 0, len(groups))
	for _, g := range groups {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *group) int { return strings.Compare(a.id, b.id) })
	return out
}

// mergeSimilar merges families that differ in one place, hold the same kind of
// value and have elements rather than words there.
func mergeSimilar(families []*family) []*family {
	signatures := map[*family]string{}
	for _, f := range families {
		signatures[f] = f.signature()
	}
	for range 5 {
		groups := map[string]*group{}
		for _, f := range families {
			for _, s := range f.varyingSpans() {
				id := s.holeTemplate()
				if groups[id] == nil {
					groups[id] = &group{id: id}
				}
				groups[id].spans = append(groups[id].spans, s)
			}
		}
		before := len(families)
		if families = joinAll(families, groups, signatures); len(families) == before {
			return families
		}
	}
	return families
}

func joinAll(families []*family, groups map[string]*group, signatures map[*family]string) []*family {
	type candidate struct {
		spans []span
		score int
	}
	var all []candidate
	for _, g := range sortedGroups(groups) {
		alike := g.alikeSpans(signatures)
		if n := evidenceOf(alike); n > 0 {
			all = append(all, candidate{alike, n})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return b.score - a.score })
	gone := map[*family]bool{}
	for _, c := range all {
		if slices.ContainsFunc(c.spans, func(s span) bool { return gone[s.family] }) {
			continue
		}
		families = joinFamilies(families, c.spans)
		for _, s := range c.spans {
			gone[s.family] = true
		}
		merged := c.spans[0].family
		signatures[merged] = merged.signature()
	}
	return families
}

// alikeSpans returns the spans whose families hold the most common kind of value.
func (g *group) alikeSpans(signatures map[*family]string) []span {
	if len(g.spans) < 2 {
		return nil
	}
	var best []span
	for i := range min(len(g.spans), 8) {
		want := signatures[g.spans[i].family]
		var some []span
		for _, s := range g.spans {
			if areSimilar(want, signatures[s.family]) {
				some = append(some, s)
			}
		}
		if len(some) > len(best) {
			best = some
		}
	}
	if len(best)*10 < len(g.spans)*6 {
		return nil
	}
	return best
}

// sides are words that tell two things apart, whatever they hold.
var sides = wordSet("bid ask bids asks buy sell long short open closed high low close volume last price min max avg mean total count latest history current settings status state info config real demo paper spot swap futures perp raw enriched")

// evidenceOf says how sure it is that spans name elements of one thing; 0 is not.
func evidenceOf(spans []span) int {
	if len(spans) < 2 {
		return 0
	}
	f := spans[0].family
	sig := ""
	elements, tickers, numbers, frames, fixed, uppercase := 0, 0, 0, 0, 0, 0
	for _, s := range spans {
		if sig == "" {
			sig = s.family.signature()
		}
		switch {
		case s.element:
			elements++
		case isTimeframe(s.text):
			frames++
		case sides[strings.ToLower(s.text)]:
			fixed++
		case isDigits(s.text):
			numbers++
		case isTicker(s.text):
			tickers++
		}
		if s.text == strings.ToUpper(s.text) {
			uppercase++
		}
	}
	n := len(spans)
	hints := f.keyHints()
	switch {
	case frames > 0 || fixed > 0:
		return 0
	case elements > 0 && elements+tickers+numbers == n:
		return 1000 + n
	case namedInside(spans):
		return 900 + n
	case tickers == n && n >= 2 && (f.kind == "TSDB-TYPE" || sig != "number" && sig != "text" && sig != "bool" || hasHint(hints, append(priceWords, "volume", "stock", "ticker", "symbol")...) && !hasHint(hints, "latency", "metrics", "count", "stats")):
		return 500 + n
	case numbers == n && !hasHint(hints, "ohlc", "ohlcv", "bar", "bars", "candle", "candles", "kline", "klines", "indicators", "sma", "ema"):
		return 400 + n
	case strings.HasPrefix(sig, "{") && strings.Count(sig, ",") >= 2 && n >= 2 && n*3 >= uppercase && f.kind != kindChannel:
		return 200 + n
	case f.kind == "string" && spans[0].from > 0 && spans[0].to == len(f.parts) && n >= 2 && hasHint(hints, "flag", "flags", "feature", "features", "counter", "counters", "switch", "switches", "toggle"):
		return 100 + n
	case n >= forcedMerge:
		return 50 + n
	}
	return 0
}

// namedInside reports whether the values name the element themselves.
func namedInside(spans []span) bool {
	hits := 0
	for _, s := range spans {
		if len(s.family.samples) == 0 {
			continue
		}
		e := entryOf(&s.family.samples[0])
		if e == nil || e.kind != nodeObject || s.element {
			continue
		}
		for i, k := range e.kids {
			if k.isScalar() && len(s.text) > 1 && strings.EqualFold(canonicalName(k.text), canonicalName(s.text)) && (e.fieldFor("symbol", anyScalar) == e.names[i] || isOwnerWord(canonicalName(e.names[i])) || strings.HasSuffix(canonicalName(e.names[i]), "id") || canonicalName(e.names[i]) == "name") {
				hits++
				break
			}
		}
	}
	return hits >= 2
}

// joinFamilies makes one family of those that differ in a span.
func joinFamilies(families []*family, spans []span) []*family {
	first := spans[0]
	into := first.family
	gone := map[*family]bool{}
	for _, s := range spans {
		if s.element { // one that knows its element has the better parts
			first, into = s, s.family
			break
		}
	}
	for _, s := range spans {
		if s.family == into {
			continue
		}
		gone[s.family] = true
		into.keys = append(into.keys, s.family.keys...)
		into.samples = append(into.samples, s.family.samples...)
		into.heard = append(into.heard, s.family.heard...)
		into.rate += s.family.rate
	}
	if !first.element {
		parts := slices.Clone(into.parts[:first.from])
		parts = append(parts, piece{class: pieceElement, text: first.text})
		into.parts = append(parts, into.parts[first.to:]...)
	}
	slices.Sort(into.keys)
	return slices.DeleteFunc(families, func(f *family) bool { return gone[f] })
}

// foldConstants makes fixed words of numbers that never vary: the 100 of
// bars:EURUSD:M15:100.
func foldConstants(f *family) {
	if len(f.keys) < 2 {
		return
	}
	values := f.elementValues()
	for n, i := range f.varyingParts() {
		if len(values[n]) == 1 && isRoundCount(values[n][0]) {
			f.parts[i] = piece{class: pieceWord, text: values[n][0]}
		}
	}
}

// isRoundCount reports whether a number is rather how many there are than whose
// they are: 15, 100, 5000.
func isRoundCount(s string) bool {
	return isDigits(s) && (len(s) <= 3 || len(s) == 4 && strings.HasSuffix(s, "00"))
}
