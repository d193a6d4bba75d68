package discover

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// variable is a list or a single value that families share.
type variable struct {
	name  string // "symbols"; what one element is called is one
	one   string // "symbol"; "" for a variable that is not a list
	items []string
}

// maxListed bounds the elements of a list variable; more are in a comment.
const maxListed = 40

// perAccount are the families that belong to one account: a dashboard shows one
// at a time.
var perAccount = []string{"account", "position", "order", "equity", "balance", "notification", "trade", "margin", "portfolio", "wallet", "user", "session"}

// perSymbol are the families that there is one of for each symbol.
var perSymbol = []string{"quote", "price", "tick", "candle", "ohlc", "bar", "market", "spread", "depth", "book"}

// Config writes a configuration for a discovery. redis is how the Redis is
// called, without secrets.
func Config(d *redisdb.Discovery, redis string) []byte {
	w := &writer{used: map[string]bool{}}
	fams := families(d)
	vars := w.variables(fams)
	live, rest := pushes(fams)
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Found in %s", comment(redis))
	if d.Version != "" {
		fmt.Fprintf(&b, ", Redis %s", comment(d.Version))
	}
	fmt.Fprintf(&b, ": %s, %s.\n", counted(len(d.Keys), "key"), counted(len(d.Channels), "channel"))
	if d.Truncated {
		b.WriteString("# There are more keys than were looked at: see --max-keys and --match.\n")
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "# Note: %s\n", comment(n))
	}
	if names, n := leftOut(d); n > 0 {
		fmt.Fprintf(&b, "# Left out, for their type or their name: %d of the keys (%q", n, names[0])
		for _, name := range names[1:] {
			fmt.Fprintf(&b, ", %q", name)
		}
		if n > len(names) {
			b.WriteString(", …")
		}
		b.WriteString(")\n")
	}
	b.WriteString("# Every name is a guess from the keys; rename as you like.\n\n")
	b.WriteString("redis: {url: \"${REDIS_URL}\", poll: 1s}\n\n")
	b.WriteString("# Asked for keys that are missing or expired; each datum needs a fallback for it.\napi: {url: \"${DJANGO_API_URL}\", token: \"${DJANGO_API_TOKEN}\"}\n\n")
	writeVars(&b, vars)
	w.writeData(&b, rest, live, vars)
	b.WriteString("\n# Without pages there is one, with a panel for each datum. For pages of your own\n# see: ticktop config default\n")
	return b.Bytes()
}

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// comment is untrusted text made fit for a comment.
func comment(s string) string { return datasource.Clean(s, 300).String() }

type writer struct {
	used map[string]bool // names of data
}

// variables finds what families have in common.
func (w *writer) variables(fams []*family) map[*family]*variable {
	out := map[*family]*variable{}
	account, symbols := &variable{name: "account"}, &variable{name: "symbols", one: "symbol"}
	for _, f := range fams {
		switch {
		case len(f.items) == 0:
		case like(f.prefix, perAccount):
			account.items = union(account.items, f.items)
			out[f] = account
		case like(f.prefix, perSymbol) && f.kind != datasource.KindChannel:
			symbols.items = union(symbols.items, f.items)
			out[f] = symbols
		}
	}
	for _, f := range fams {
		if out[f] != nil || len(f.items) == 0 {
			continue
		}
		if len(symbols.items) > 0 && within(f.items, symbols.items) || like(f.prefix, perSymbol) {
			symbols.items = union(symbols.items, f.items)
			out[f] = symbols
			continue
		}
		out[f] = w.ownVariable(f, out)
	}
	return out
}

// ownVariable makes a list for one family, or finds another's with the same
// elements.
func (w *writer) ownVariable(f *family, all map[*family]*variable) *variable {
	taken := map[string]bool{"account": true, "symbols": true, "symbol": true}
	for _, v := range all {
		if v.one != "" && slices.Equal(v.items, f.items) {
			return v
		}
		taken[v.name], taken[v.one] = true, true
	}
	one := f.name()
	for base, i := one, 2; taken[one] || taken[one+"s"]; i++ {
		one = base + strconv.Itoa(i)
	}
	return &variable{name: one + "s", one: one, items: f.items}
}

func like(prefix string, words []string) bool {
	name := strings.ToLower(strings.Trim(prefix, ":"))
	for _, w := range words {
		if name == w || name == w+"s" || strings.HasSuffix(name, ":"+w) || strings.HasSuffix(name, ":"+w+"s") || name == w+"es" {
			return true
		}
	}
	return false
}

func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}

func within(part, whole []string) bool {
	for _, s := range part {
		if !slices.Contains(whole, s) {
			return false
		}
	}
	return true
}

// pushes finds the channels that push updates of a string or a hash: "ticks:"
// for "quote:". They are not data of their own.
func pushes(fams []*family) (live map[*family]*family, rest []*family) {
	live = map[*family]*family{}
	for _, f := range fams {
		target := pushed(f, fams)
		if f.kind != datasource.KindChannel || target == nil || live[target] != nil {
			rest = append(rest, f)
			continue
		}
		live[target] = f
	}
	return live, rest
}

func pushed(ch *family, fams []*family) *family {
	var quote *family
	for _, f := range fams {
		if f.kind != datasource.KindString && f.kind != datasource.KindHash || len(f.items) == 0 || len(ch.items) == 0 {
			continue
		}
		if f.prefix == ch.prefix {
			return f
		}
		if like(f.prefix, []string{"quote", "price", "market"}) && like(ch.prefix, perSymbol) {
			quote = f
		}
	}
	return quote
}

func writeVars(b *bytes.Buffer, vars map[*family]*variable) {
	var all []*variable
	for _, v := range vars {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(a, b *variable) int { return strings.Compare(a.name, b.name) })
	b.WriteString("vars:\n")
	for _, v := range all {
		if v.one == "" {
			fmt.Fprintf(b, "  %s: %s\n", v.name, quote(v.items[0]))
			continue
		}
		listed := v.items[:min(len(v.items), maxListed)]
		quoted := make([]string, len(listed))
		for i, s := range listed {
			quoted[i] = quote(s)
		}
		fmt.Fprintf(b, "  %s: [%s]", v.name, strings.Join(quoted, ", "))
		if more := len(v.items) - len(listed); more > 0 {
			fmt.Fprintf(b, "  # and %d more", more)
		}
		b.WriteByte('\n')
	}
	for _, v := range all {
		if v.one == "" && len(v.items) > 1 {
			quoted := make([]string, 0, len(v.items))
			for _, s := range v.items[:min(len(v.items), maxListed)] {
				quoted = append(quoted, quote(s))
			}
			fmt.Fprintf(b, "choices: {%s: [%s]}\n", v.name, strings.Join(quoted, ", "))
		}
	}
	b.WriteByte('\n')
}

func (w *writer) writeData(b *bytes.Buffer, fams []*family, live map[*family]*family, vars map[*family]*variable) {
	if len(fams) == 0 {
		b.WriteString("# Nothing was found that could be shown: is the producer running, is it the right database?\n")
		return
	}
	b.WriteString("data:\n")
	for _, f := range fams {
		v := vars[f]
		fmt.Fprintf(b, "  %s: {%s: %s", w.name(f), f.kind, quote(template(f, v)))
		if v != nil && v.one != "" {
			fmt.Fprintf(b, ", for: {%s: %s}", v.one, v.name)
		}
		if ch := live[f]; ch != nil {
			fmt.Fprintf(b, ", live: %s", quote(template(ch, v)))
		}
		if m := member(f.sample); m != "" && f.kind == datasource.KindZSet {
			fmt.Fprintf(b, ", member: %s", quote(m))
		}
		b.WriteString("}")
		b.WriteString(remark(f) + "\n")
	}
}

// name makes the name of a datum that no other has.
func (w *writer) name(f *family) string {
	name := f.name()
	if w.used[name] {
		name += "_" + f.kind.String()
	}
	for base, i := name, 2; w.used[name]; i++ {
		name = base + strconv.Itoa(i)
	}
	w.used[name] = true
	return name
}

// template is the key with its last part as a variable.
func template(f *family, v *variable) string {
	prefix := strings.NewReplacer("{", "{{", "}", "}}").Replace(f.prefix)
	switch {
	case v == nil:
		return prefix
	case v.one == "":
		return prefix + "{" + v.name + "}"
	default:
		return prefix + "{" + v.one + "}"
	}
}

func remark(f *family) string {
	switch {
	case f.kind == datasource.KindChannel && f.heard > 0:
		return fmt.Sprintf("  # %d messages heard", f.heard)
	case f.kind == datasource.KindChannel:
		return "  # has subscribers; nothing was heard"
	case f.ttl:
		return "  # expires"
	default:
		return ""
	}
}

var tsMember = regexp.MustCompile(`^[0-9]{9,19}(\.[0-9]+)?:-?[0-9.]+$`)

// member guesses how a sorted set's member holds its value; "" is a number.
func member(sample *datasource.Raw) string {
	if sample == nil || len(sample.Members) == 0 {
		return ""
	}
	m := string(sample.Members[0].Member)
	if tsMember.MatchString(m) {
		return string(datasource.MemberTSValue)
	}
	if !strings.HasPrefix(m, "{") {
		return ""
	}
	for _, field := range []string{"value", "equity", "price", "close", "mid", "last", "bid", "balance", "v", "c", "p"} {
		if strings.Contains(m, strconv.Quote(field)) {
			return string(datasource.MemberJSON) + field
		}
	}
	return ""
}

// quote writes text as a YAML double-quoted scalar. "${" would be taken for an
// environment variable.
func quote(s string) string {
	return strings.ReplaceAll(strconv.Quote(s), "${", "$${")
}
