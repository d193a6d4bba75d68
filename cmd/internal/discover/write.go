package discover

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ticktop/datasource"
)

var tsMember = newPattern(`^[0-9]{9,19}(\.[0-9]+)?:-?[0-9.]+$`)

// doubleBraces doubles braces, which mean variables in a configuration.
func doubleBraces(s string) string { return strings.NewReplacer("{", "{{", "}", "}}").Replace(s) }

// keyTemplate is the family's key as a template with its variables.
func (x *finding) keyTemplate() string { return x.keyWith(nil) }

// keyWith fixes the variables that fixed names to their selected value.
func (x *finding) keyWith(fixed map[*variable]bool) string {
	var b strings.Builder
	n := 0
	for _, p := range x.parts {
		switch p.class {
		case pieceElement:
			if v := x.vars[n]; fixed[v] {
				b.WriteString("{" + v.name + "}")
			} else {
				b.WriteString("{" + v.one + "}")
			}
			n++
		case pieceDate:
			b.WriteString("{now:" + p.form + "}")
		default:
			b.WriteString(doubleBraces(p.text))
		}
	}
	return b.String()
}

// quoteYAML writes text as a YAML double-quoted scalar. "${" would be taken for an
// environment variable.
func quoteYAML(s string) string {
	return strings.ReplaceAll(strconv.Quote(s), "${", "$${")
}

var plainScalar = newPattern(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// scalarYAML writes text as a YAML scalar, plain where that is safe.
func scalarYAML(s string) string {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return quoteYAML(s)
	}
	if plainScalar.MatchString(s) {
		return s
	}
	return quoteYAML(s)
}

// cleanComment is untrusted text made fit for a comment.
func cleanComment(s string) string { return datasource.Clean(s, 300).String() }

// toIdentifier makes a name of a datum or variable.
func toIdentifier(s string) string {
	var b strings.Builder
	for _, r := range strings.Trim(s, ":./-_ ") {
		switch {
		case r >= 'a' && r <= 'z', r == '_', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r + 'a' - 'A')
		case b.Len() > 0:
			b.WriteByte('_')
		}
	}
	return strings.Trim(b.String(), "_")
}

// isWritable reports whether a name can be in a configuration as it is.
func isWritable(name string) bool {
	return name != "" && len(name) <= 200 && utf8.ValidString(name) && !strings.ContainsAny(name, "*?[\\") && strings.TrimSpace(name) == name && datasource.Clean(name, 400).String() == name
}

var configKind = map[string]string{"string": "string", "hash": "hash", "list": "list", "set": "set", "zset": "zset", "stream": "stream", "ReJSON-RL": "json", "TSDB-TYPE": "timeseries", kindChannel: "channel"}

// datumLine writes the line of a finding.
func (x *finding) datumLine(fixed map[*variable]bool) string {
	var parts []string
	if x.kind == "join" {
		parts = append(parts, x.joinText(fixed))
	} else {
		parts = append(parts, configKind[x.kind]+": "+quoteYAML(x.keyWith(fixed)))
	}
	var loops []string
	for _, v := range x.vars {
		if item := v.one + ": " + v.name; !fixed[v] && !slices.Contains(loops, item) {
			loops = append(loops, item)
		}
	}
	if len(loops) > 0 {
		parts = append(parts, "for: {"+strings.Join(loops, ", ")+"}")
	}
	if x.pick != "" {
		parts = append(parts, "pick: "+quoteYAML(x.pick))
	}
	parts = append(parts, x.lead...)
	if len(x.fields) > 0 && x.series == "" {
		parts = append(parts, "fields: {"+strings.Join(x.fieldNames(), ", ")+"}")
	}
	if codes := x.sideCodes(); codes != "" {
		parts = append(parts, codes)
	}
	if x.time != "" && x.container == containOne && x.series == "" && !slices.Contains([]string{"ts", "time", "timestamp"}, x.time) {
		parts = append(parts, "time: "+scalarYAML(x.time))
	}
	if x.series != "" && x.series != "own" {
		parts = append(parts, "series: {"+x.series+"}")
	}
	if x.live != nil {
		parts = append(parts, x.live.pushText())
	}
	if x.kind == kindChannel {
		parts = append(parts, "keep: 200")
	} else if x.series != "" && x.container == containHistory && x.kind != "hash" {
		parts = append(parts, "keep: 500")
	}
	if x.fallback != "" {
		parts = append(parts, x.fallback)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// sideCodes are the texts for MetaTrader's codes of a side: 0 buys, 1 sells.
func (x *finding) sideCodes() string {
	if x.subject != subjectPosition || x.object == nil {
		return ""
	}
	name := x.object.fieldFor("side", isNumber)
	if k := x.object.field(name); k == nil || canonicalName(name) != "type" || k.text != "0" && k.text != "1" {
		return ""
	}
	return "values: {" + scalarYAML(name) + ": {0: BUY, 1: SELL}}"
}

// fieldNames writes the producer's names of standard fields.
func (x *finding) fieldNames() []string {
	known := map[string][]string{}
	var order, out []string
	for _, f := range x.fields {
		standard, name, _ := strings.Cut(f, "=")
		if known[standard] == nil {
			order = append(order, standard)
		}
		known[standard] = append(known[standard], scalarYAML(name))
	}
	for _, standard := range order {
		if names := known[standard]; len(names) == 1 {
			out = append(out, standard+": "+names[0])
		} else {
			out = append(out, standard+": ["+strings.Join(names, ", ")+"]")
		}
	}
	return out
}

func (p *push) pushText() string {
	if p.pick == "" && len(p.where) == 0 {
		return "live: " + quoteYAML(p.channel)
	}
	parts := []string{"channel: " + quoteYAML(p.channel)}
	if p.pick != "" {
		parts = append(parts, "pick: "+quoteYAML(p.pick))
	}
	if len(p.where) > 0 {
		parts = append(parts, "where: {"+strings.Join(p.where, ", ")+"}")
	}
	return "live: {" + strings.Join(parts, ", ") + "}"
}

// commentText says what is worth knowing behind the line.
func (x *finding) commentText() string {
	var out []string
	if n := len(x.keys); n > 1 && x.kind != kindChannel {
		out = append(out, strconv.Itoa(n)+" keys")
	}
	if x.kind == kindChannel && x.rate == 0 {
		out = append(out, "has subscribers; nothing was heard")
	}
	if x.expires {
		out = append(out, "expires")
	}
	if x.secrets > 0 {
		out = append(out, counted(x.secrets, "field")+" named like secrets: always masked")
	}
	if x.isMarket() {
		out = append(out, "market: true would show it under --private too")
	}
	if len(out) == 0 {
		return ""
	}
	return "  # " + strings.Join(out, "; ")
}

func (x *finding) isMarket() bool {
	switch x.subject {
	case subjectQuote, subjectBook, subjectBar:
		return true
	case subjectTrade:
		return !hasHint(x.keyHints(), "my", "user", "account", "fills")
	}
	return false
}

func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// write prints the configuration.
func (p *plan) write(redis string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Found in %s", cleanComment(redis))
	if p.version != "" {
		fmt.Fprintf(&b, ", Redis %s", cleanComment(p.version))
	}
	fmt.Fprintf(&b, ": %s, %s.\n", counted(p.keys, "key"), counted(p.channels, "channel"))
	if p.truncated {
		b.WriteString("# There are more keys than were looked at: see --max-keys and --match.\n")
	}
	for _, n := range p.notes {
		fmt.Fprintf(&b, "# Note: %s\n", cleanComment(n))
	}
	for _, line := range p.leftOut() {
		fmt.Fprintf(&b, "# Left out: %s\n", cleanComment(line))
	}
	b.WriteString("# Every name is a guess from keys and values; rename as you like.\n\n")
	b.WriteString("redis: {url: \"${REDIS_URL}\", poll: 1s}\n\n")
	if p.apiURL != "" {
		fmt.Fprintf(&b, "# Asked for keys that are missing or expired; the paths were guessed from what %s lists.\n", cleanComment(p.apiURL))
	} else {
		b.WriteString("# Asked for keys that are missing or expired; each datum needs a fallback for it.\n")
	}
	b.WriteString("api: {url: \"${DJANGO_API_URL}\", token: \"${DJANGO_API_TOKEN}\"}\n\n")
	p.writeVars(&b)
	p.writeData(&b)
	p.writePages(&b)
	return b.Bytes()
}

func (p *plan) writeVars(b *bytes.Buffer) {
	all := p.vars.sortedUsed()
	if len(all) == 0 {
		return
	}
	b.WriteString("vars:\n")
	for _, v := range all {
		fmt.Fprintf(b, "  %s: {%s", v.name, v.source)
		if v.filter != "" && strings.HasPrefix(v.source, "keys:") {
			fmt.Fprintf(b, ", filter: %s", quoteYAML(v.filter))
		}
		if limit := p.writtenLimit(v); limit > 0 {
			fmt.Fprintf(b, ", limit: %d", limit)
		}
		fmt.Fprintf(b, "}  # %d now\n", len(v.values))
	}
	b.WriteByte('\n')
}

func (p *plan) writeData(b *bytes.Buffer) {
	if len(p.data) == 0 && p.keys == 0 && len(p.notes) > 0 {
		b.WriteString("# Nothing could be looked at: the notes above say why.\n")
		return
	}
	if len(p.data) == 0 {
		b.WriteString("# Nothing was found that could be shown: is the producer running, is it the right database?\n")
		return
	}
	width := 0
	for _, d := range p.data {
		width = max(width, len(d.name))
	}
	b.WriteString("data:\n")
	for _, d := range p.data {
		fmt.Fprintf(b, "  %s:%s %s%s\n", d.name, strings.Repeat(" ", width-len(d.name)), d.line, d.remark)
	}
	b.WriteByte('\n')
}
