package discover

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"ticktop/datasource/redisdb"
)

// variable is a set of elements that families share, looked up in Redis.
type variable struct {
	name   string // "symbols"
	one    string // "symbol"
	role   role
	values []string
	source string // `keys: "quote:{symbol}"`, `set: "binance:symbols"`
	filter string
	best   int // how good the source is
	used   bool
}

// role is what the elements of a variable are.
type role uint8

const (
	roleOther role = iota
	roleSymbol
	roleOwner // accounts, users: a dashboard shows one at a time
	roleID    // appears and vanishes: orders, tickets
)

// ownerWords are before the element that says whose data it is.
var ownerWords = []string{"account", "accounts", "acct", "acc", "user", "users", "login", "client", "clients", "trader", "portfolio", "wallet", "uid", "customer", "subaccount", "member", "summary", "accountsummary", "konto", "depot", "kunde", "compte", "cuenta", "conta", "cliente"}

func isOwnerWord(w string) bool {
	return slices.Contains(ownerWords, strings.TrimSuffix(w, "id")) || slices.Contains(ownerWords, w)
}

// variables makes the variables of the findings.
type variables struct {
	all   []*variable
	names map[string]bool // taken
}

// assignAll gives every varying part of every finding its variable.
func (vs *variables) assignAll(findings []*finding) {
	values := map[*finding][][]string{}
	for _, x := range findings {
		if x.vars == nil {
			values[x] = x.elementValues()
			x.vars = make([]*variable, len(values[x]))
		}
	}
	// Symbols and owners first: their values tell what others are.
	for _, strong := range []bool{true, false} {
		for _, x := range findings {
			for n, elements := range values[x] {
				r, word := x.roleOf(n, elements)
				if isStrong := r == roleSymbol || r == roleOwner; isStrong != strong {
					continue
				}
				x.vars[n] = vs.findOrAdd(r, word, elements)
				vs.offerKeys(x, n, x.vars[n], elements)
			}
		}
	}
}

// findOrAdd returns the variable with about the same elements, or a new one.
func (vs *variables) findOrAdd(r role, word string, values []string) *variable {
	for _, v := range vs.all {
		if v.role == roleOwner && r != roleSymbol && (len(values) <= len(v.values)*2 && containsAll(values, v.values) || containsAll(v.values, values) && !slices.ContainsFunc(values, isPlainWord)) {
			return v
		}
		if v.role == roleSymbol && len(values) > 1 && r != roleOwner && overlapShare(values, v.values) >= 0.8 {
			return v
		}
		if v.role != r || r == roleID {
			continue
		}
		if o := overlapShare(values, v.values); o >= 0.3 || r == roleOwner && o > 0 || containsAll(v.values, values) || containsAll(values, v.values) {
			v.values = union(v.values, values)
			return v
		}
	}
	v := &variable{role: r, values: values, one: vs.freeName(word)}
	v.name = plural(v.one)
	vs.names[v.one], vs.names[v.name] = true, true
	vs.all = append(vs.all, v)
	return v
}

// isPlainWord reports whether a value is a word or a small number, which may
// well be there by chance.
func isPlainWord(s string) bool { return len(s) < 4 || !strings.ContainsAny(s, "0123456789") }

func containsAll(whole, part []string) bool {
	for _, s := range part {
		if _, ok := slices.BinarySearch(whole, s); !ok {
			return false
		}
	}
	return true
}

func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

// freeName returns a name that no variable has.
func (vs *variables) freeName(word string) string {
	for base, i := word, 2; vs.names[word] || vs.names[plural(word)]; i++ {
		word = base + string(rune('0'+i%10))
	}
	return word
}

func plural(word string) string {
	switch {
	case strings.HasSuffix(word, "s"), strings.HasSuffix(word, "x"):
		return word + "es"
	case strings.HasSuffix(word, "y"):
		return word[:len(word)-1] + "ies"
	}
	return word + "s"
}

func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies") && len(word) > 4:
		return word[:len(word)-3] + "y"
	case strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"), strings.HasSuffix(word, "is"):
		return word
	case strings.HasSuffix(word, "s") && len(word) > 3:
		return word[:len(word)-1]
	}
	return word
}

// roleOf decides what the n-th element of a family is.
func (x *finding) roleOf(n int, values []string) (role, string) {
	at := x.varyingParts()[n]
	before := ""
	for i := at - 1; i >= 0; i-- {
		if x.parts[i].class == pieceWord && !isDigits(x.parts[i].text) {
			w := splitWords(x.parts[i].text)
			if len(w) > 0 {
				before = w[len(w)-1]
			}
			break
		}
	}
	symbols, tickers := 0, 0
	for _, v := range values {
		if anySymbol(v) {
			symbols++
		} else if isTicker(v) {
			tickers++
		}
	}
	market := x.subject == subjectQuote || x.subject == subjectBar || x.subject == subjectBook || x.subject == subjectTrade
	switch {
	case symbols > 0 && (symbols+tickers)*10 >= len(values)*7:
		return roleSymbol, "symbol"
	case isOwnerWord(before) && (strings.HasSuffix(before, "summary") || accountLike(values)):
		return roleOwner, "account"
	case isOwnerWord(before):
		return roleOwner, singular(strings.TrimSuffix(before, "id"))
	case tickers*10 >= len(values)*7 && (market || hasHint(x.keyHints(), "stock", "ticker", "symbol", "volume", "rsi", "intradayprices", "dailyrsi", "prices") || len(values) > 0 && x.object.fieldFor("symbol", func(k *node) bool { return slices.Contains(values, k.text) }) != ""):
		return roleSymbol, "symbol"
	case market && isUpperWords(values):
		return roleSymbol, "symbol"
	case x.ownedBy(values), accountLike(values):
		return roleOwner, "account"
	case (x.subject == subjectAccount || x.subject == subjectPosition && x.container == containRows) && len(x.varyingParts()) == 1:
		return roleOwner, "account"
	case x.subject == subjectFlag && x.kind == "string":
		return roleOther, "flag"
	}
	word := toIdentifier(singular(before))
	if word == "" {
		word = "item"
	}
	if (x.subject == subjectPosition || x.subject == subjectOrder) && n == 0 && len(x.varyingParts()) > 1 && len(values) <= 200 {
		return roleOwner, "account"
	}
	if x.subject == subjectOrder || x.subject == subjectPosition || x.subject == subjectTrade {
		return roleID, word
	}
	return roleOther, word
}

var accountForm = newPattern(`^(?i:ACC|ACCT|ACCOUNT|DU|MT4|MT5|LOGIN|USER|USR|CLIENT|TRADER)[-_]?\d+$`)

// accountLike reports whether values are written like numbers of accounts.
func accountLike(values []string) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !accountForm.MatchString(v) })
}

func isUpperWords(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return v != strings.ToUpper(v) || isDigits(v) || len(v) > 24 })
}

// ownedBy reports whether the values say that the element is an account.
func (x *finding) ownedBy(values []string) bool {
	if x.object == nil {
		return false
	}
	for i, name := range x.object.names {
		if isOwnerWord(canonicalName(name)) && x.object.kids[i].isScalar() && slices.Contains(values, x.object.kids[i].text) {
			return true
		}
	}
	return false
}

// offerKeys offers the family's own keys as the source of the variable: the
// better, the more elements they show and the fewer other parts vary.
func (vs *variables) offerKeys(x *finding, n int, v *variable, values []string) {
	if x.kind == kindChannel {
		return
	}
	at := x.varyingParts()[n]
	var b strings.Builder
	stars := 0
	for i, p := range x.parts {
		switch {
		case i == at:
			b.WriteString("{" + v.one + "}")
		case p.class == pieceElement, p.class == pieceInstant:
			b.WriteByte('*')
			stars++
		case p.class == pieceDate:
			b.WriteString("{now:" + p.form + "}")
			stars++
		default:
			b.WriteString(doubleBraces(p.text))
		}
	}
	score := len(values)*10 - stars*3
	switch x.subject {
	case subjectQuote:
		score += 15
	case subjectTrade, subjectAccount:
		score += 8
	}
	filter := ""
	if x.splitsValues(at, values) {
		score -= 2
		filter = shapesOf(values)
	} else if v.role == roleSymbol {
		filter = symbolFilter(values)
	}
	if v.source == "" || score > v.best {
		v.source, v.filter, v.best = "keys: "+quoteYAML(b.String()), filter, score
	}
}

// splitsValues reports whether values hold the separator that stands beside
// them in the key, so that a filter has to say where they end.
func (x *finding) splitsValues(at int, values []string) bool {
	beside := ""
	for _, i := range []int{at - 1, at + 1} {
		if i >= 0 && i < len(x.parts) && x.parts[i].class == pieceSep {
			beside += x.parts[i].text
		}
	}
	return beside != "" && slices.ContainsFunc(values, func(v string) bool { return strings.ContainsAny(v, beside) })
}

// shapesOf is a filter for values that look like these: BTC-USD and ETH-EUR
// are "^[A-Z0-9]+-[A-Z0-9]+$".
func shapesOf(values []string) string {
	var shapes []string
	for _, v := range values {
		shape := shapeOf(v)
		if !slices.Contains(shapes, shape) {
			shapes = append(shapes, shape)
		}
		if len(shapes) > 6 {
			return ".+"
		}
	}
	slices.Sort(shapes)
	return "^(" + strings.Join(shapes, "|") + ")$"
}

func shapeOf(v string) string {
	var b strings.Builder
	for i := 0; i < len(v); {
		end := i
		for end < len(v) && isAlnum(v[end:end+1]) {
			end++
		}
		switch run := v[i:end]; {
		case run == "":
			b.WriteString(regexp.QuoteMeta(v[i : i+1]))
			end = i + 1
		case run == strings.ToUpper(run):
			b.WriteString("[A-Z0-9]+")
		case run == strings.ToLower(run):
			b.WriteString("[a-z0-9]+")
		default:
			b.WriteString("[A-Za-z0-9]+")
		}
		i = end
	}
	return b.String()
}

// offerSets replaces the source by a set that lists the same elements.
func (vs *variables) offerSets(sets []redisdb.Sample) {
	for _, v := range vs.all {
		for i := range sets {
			s := &sets[i]
			if s.Len < 1 || s.Len > 5000 || int(s.Len)*10 < len(v.values)*8 || int(s.Len) > len(v.values)*2+2 {
				continue
			}
			hits := 0
			for _, m := range s.First {
				if _, ok := slices.BinarySearch(v.values, string(m.Member)); ok {
					hits++
				}
			}
			if hits > 0 && hits*10 >= len(s.First)*8 && len(splitKeyElements(s.Key.Name)) == 0 {
				v.source, v.filter, v.best = "set: "+quoteYAML(s.Key.Name), "", 1<<30
				break
			}
		}
	}
}

func splitKeyElements(key string) []piece {
	return slices.DeleteFunc(splitKey(key), func(p piece) bool { return p.class == pieceWord || p.class == pieceSep })
}

var upperOnly = newPattern(`^[A-Z0-9]+$`)

// symbolFilter keeps other words out of a variable of symbols, where all of
// them have one form.
func symbolFilter(values []string) string {
	if !slices.ContainsFunc(values, func(v string) bool { return !upperOnly.MatchString(v) }) {
		return "^[A-Z0-9]+$"
	}
	return ""
}

// sortedUsed returns the variables that are used, symbols first.
func (vs *variables) sortedUsed() []*variable {
	var out []*variable
	for _, v := range vs.all {
		if v.used {
			out = append(out, v)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out
}
