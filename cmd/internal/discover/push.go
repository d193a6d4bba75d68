package discover

import (
	"slices"
	"strings"
)

// push is a channel that updates a datum.
type push struct {
	channel string   // template
	pick    string   // path into its messages
	where   []string // "event: tick"
}

// matchChannels finds the channels that push updates of findings, and returns
// the others as findings of their own.
func matchChannels(channels []*family, findings []*finding, vs *variables) (rest []*finding, left []*note) {
	for _, ch := range channels {
		if what := noiseReason(ch); what != "" {
			left = append(left, &note{reason: what, keys: len(ch.keys), sample: ch.keys[0]})
			continue
		}
		x := &finding{family: ch, container: containHistory}
		msg := firstReadable(ch.heard)
		x.row = classifyRow(msg, x.keyHints())
		for n, values := range x.elementValues() {
			r, word := x.roleOf(n, values)
			x.vars = append(x.vars, vs.findOrAdd(r, word, values))
		}
		if msg != nil && msg.kind == nodeObject && pushesInto(x, findings) {
			continue
		}
		rest = append(rest, x)
	}
	return rest, left
}

func firstReadable(heard [][]byte) *node {
	for _, b := range heard {
		if n := readNode(b); n.kind == nodeObject || n.kind == nodeArray {
			return n
		}
	}
	return nil
}

// pushesInto gives the channel to every datum that its messages are of.
func pushesInto(ch *finding, findings []*finding) bool {
	matched := false
	for _, x := range findings {
		if x.live != nil || x.kind == "set" || x.kind == "zset" && x.ranking || x.subject == subjectOther || x.object == nil || ch.object == nil {
			continue
		}
		if x.subject != ch.subject || !sameFields(x.object, ch.object) && !ch.hasPricesOf(x) || !ch.fitsDatum(x) {
			continue
		}
		matched = true
		if x.container != containOne {
			continue // its entries are read anyway; a push would show each twice
		}
		x.live = &push{channel: ch.keyTemplate(), pick: ch.pick, where: ch.discriminatorField()}
		x.alsoNamed(ch.fields)
	}
	return matched
}

// hasPricesOf reports whether the messages carry what a quote's own value does,
// under whatever names. News of orders and fills are no quotes, though they have
// prices too.
func (x *finding) hasPricesOf(of *finding) bool {
	if of.container != containOne || of.subject != subjectQuote && of.subject != subjectTrade || x.object.fieldFor("last", isNumber) == "" && !x.object.has("bid") {
		return false
	}
	for _, name := range x.object.names {
		switch canonicalName(name) {
		case "orderid", "clordid", "clientorderid", "accountid", "account", "userid", "positionid", "ticket":
			return false
		}
	}
	if hasHint(x.keyHints(), "event", "events", "fill", "fills", "exec", "execution", "executions", "order", "orders", "audit", "log") {
		return false
	}
	twoSided := func(n *node) bool { return n.has("bid") && n.has("ask") }
	return !twoSided(of.object) || twoSided(x.object)
}

// alsoNamed adds the names that the pushes have for standard fields.
func (x *finding) alsoNamed(pushed []string) {
	for _, f := range pushed {
		if !slices.Contains(x.fields, f) {
			x.fields = append(x.fields, f)
		}
	}
}

func sameFields(a, b *node) bool {
	names := func(n *node) []string {
		out := make([]string, len(n.names))
		for i, name := range n.names {
			out[i] = canonicalName(name)
		}
		slices.Sort(out)
		return out
	}
	return overlapShare(names(a), names(b)) >= 0.5
}

// fitsDatum reports whether the channel's elements are those of the datum: the same
// variables, or none while the messages name the symbol.
func (x *finding) fitsDatum(of *finding) bool {
	if len(x.vars) == 0 {
		symbols := slices.ContainsFunc(of.vars, func(v *variable) bool { return v.role == roleSymbol })
		return len(of.vars) == 0 || len(of.vars) == 1 && symbols && x.object.fieldFor("symbol", anyScalar) != ""
	}
	for _, v := range x.vars {
		if !slices.Contains(of.vars, v) {
			return false
		}
	}
	return len(x.vars) == len(of.vars)
}

// discriminatorField is the field that tells kinds of messages on one channel
// apart, with the value of those that classify like the first.
func (x *finding) discriminatorField() []string {
	values := map[string]map[string]bool{}
	mixed := false
	for _, b := range x.heard {
		n := readNode(b)
		if n.kind != nodeObject {
			continue
		}
		alike := classifyRow(n, x.keyHints()).subject == x.subject
		mixed = mixed || !alike
		for _, name := range []string{"type", "event", "e", "kind", "channel", "topic", "stream", "msg_type"} {
			k := n.field(name)
			if k == nil || !k.isScalar() {
				continue
			}
			if values[name] == nil {
				values[name] = map[string]bool{}
			}
			values[name][k.text] = values[name][k.text] || alike
			if !alike {
				values[name][k.text] = false
			}
		}
	}
	if !mixed {
		return nil
	}
	for _, name := range []string{"type", "event", "e", "kind", "channel", "topic", "stream", "msg_type"} {
		var good []string
		for v, alike := range values[name] {
			if alike {
				good = append(good, v)
			}
		}
		if len(good) > 0 && len(good) < 6 {
			slices.Sort(good)
			for i := range good {
				good[i] = quoteYAML(good[i])
			}
			value := good[0]
			if len(good) > 1 {
				value = "[" + strings.Join(good, ", ") + "]"
			}
			return []string{scalarYAML(name) + ": " + value}
		}
	}
	return nil
}
