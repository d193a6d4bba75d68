package alert

import (
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
)

// leadingNode returns the comparison or function that an alert talks about: the first
// that is true, else the first.
func (r *Rule) leadingNode(s *scope) node {
	leaves := leavesOf(r.cond, false, nil)
	if len(leaves) == 1 {
		return leaves[0].node
	}
	quiet := *s
	quiet.mem = append([]memory(nil), s.mem...) // asking must not be remembered
	for _, l := range leaves {
		if v := truthOf(l.eval(&quiet)); v.known && v.truth != l.negated {
			return l.node
		}
	}
	return leaves[0].node
}

// leaf is a comparison or function, under an odd number of negations or not.
type leaf struct {
	node
	negated bool
}

// leavesOf lists what && || ! are made of.
func leavesOf(n node, negated bool, out []leaf) []leaf {
	switch n := n.(type) {
	case *logic:
		return leavesOf(n.right, negated, leavesOf(n.left, negated, out))
	case *not:
		return leavesOf(n.of, !negated, out)
	}
	return append(out, leaf{n, negated})
}

// subjectOf returns the path that a leaf is about, and the function around it.
func subjectOf(n node) (*path, *call) {
	switch n := n.(type) {
	case *path:
		return n, nil
	case *call:
		if n.path != nil {
			return n.path, n
		}
		return subjectOf(n.with)
	case *compare:
		if p, c := subjectOf(n.left); p != nil {
			return p, c
		}
		return subjectOf(n.right)
	case *arithmetic:
		if p, c := subjectOf(n.left); p != nil {
			return p, c
		}
		return subjectOf(n.right)
	case *logic:
		return subjectOf(n.left)
	case *not:
		return subjectOf(n.of)
	}
	return nil, nil
}

// leadMemory is the value that an alert shows, and the one before it.
type leadMemory struct {
	path      *path
	last, was string
}

// noteValue notes the value that a leaf is about; it reports whether the value, and
// so the text, is another than before. What only grows older does not count:
// an alert that counts seconds would never be at rest.
func (m *leadMemory) noteValue(s *scope, lead node) bool {
	p, c := subjectOf(lead)
	if p == nil || c != nil && c.name != "change" && c.name != "crosses" {
		return false
	}
	now := valueAt(s, p)
	switch {
	case m.path != p:
		m.path, m.last, m.was = p, now, ""
		return true
	case now == m.last || now == "": // unknown changes nothing
		return false
	}
	m.last, m.was = now, m.last
	return true
}

// valueAt is the value at a path as it is shown, "" when there isn't one.
func valueAt(s *scope, p *path) string {
	v, _ := s.valueAt(p)
	if v == nil {
		return ""
	}
	switch r := resultOf(v); r.sort {
	case sortNumber:
		return thousands(r.digits.String())
	case sortBool:
		return strconv.FormatBool(r.truth)
	case sortText:
		return datasource.Clean(r.text, 60).String()
	}
	return ""
}

// nameOf is the datum that a leaf is about.
func nameOf(s *scope, lead node) string {
	p, _ := subjectOf(lead)
	if p == nil {
		return ""
	}
	_, name, _ := s.findDatum(p)
	return name
}

// alertText says what was seen: "account.equity 44,910.20 (was 45,012.00)".
func (r *Rule) alertText(s *scope, lead node, m *leadMemory) datasource.Safe {
	line := describeLead(s, lead, m)
	if !r.Label.Empty() {
		line = r.Label.String() + ": " + line
	}
	return datasource.Clean(line, 240)
}

func describeLead(s *scope, lead node, m *leadMemory) string {
	p, c := subjectOf(lead)
	if p == nil {
		return string(lead.format(nil))
	}
	e, name, used := s.findDatum(p)
	if field := strings.Join(p.parts[used:], "."); field != "" {
		name += "." + field
	}
	limit := thresholdText(s, lead, isPercent(p.parts[len(p.parts)-1]))
	if c == nil {
		return name + " " + valueText(m, limit, isPercent(p.parts[len(p.parts)-1]))
	}
	switch c.name {
	case "age":
		return name + " " + spanText(c.eval(s)) + " old" + limit
	case "unchanged":
		return name + " unchanged for " + spanText(c.eval(s)) + limit
	case "silent":
		return name + " silent for " + spanText(c.eval(s)) + limit
	case "quiet":
		return name + " quieter than usual"
	case "missing":
		return name + " missing" + reasonText(e)
	case "state", "source":
		return name + " " + c.eval(s).text + reasonText(e)
	case "crosses":
		return name + " crossed " + string(c.with.format(nil)) + ": " + valueText(m, "", false)
	}
	if limit != "" {
		limit = limit[1:] + " "
	}
	return name + " " + changeText(s, c) + limit + "to " + valueText(m, "", false)
}

// valueText is the value, what it is compared with, and the value before.
func valueText(m *leadMemory, limit string, percent bool) string {
	unit := ""
	if percent {
		unit = "%"
	}
	switch {
	case m.last == "":
		return "unknown"
	case m.was == "":
		return m.last + unit + limit
	}
	return m.last + unit + limit + " (was " + m.was + unit + ")"
}

// thresholdText is what a comparison that is true compares with, with a blank before
// it: " < 45,000". Where it is not true, as while a reset is awaited, it is "".
func thresholdText(s *scope, lead node, percent bool) string {
	n, ok := lead.(*compare)
	if !ok || n.op == "==" || n.op == "!=" { // the value itself says it
		return ""
	}
	quiet := *s
	quiet.mem = append([]memory(nil), s.mem...) // asking must not be remembered
	if !n.eval(&quiet).isTrue() {
		return ""
	}
	op, shown, other := n.op, n.left, n.right
	if p, _ := subjectOf(n.left); p == nil {
		op, shown, other = flipped[op], n.right, n.left
	}
	switch c := shown.(type) {
	case *path:
	case *call:
		if c.name == "abs" || c.name == "change" && !n.percent {
			return "" // another number than the one that is shown
		}
	default:
		return ""
	}
	text := string(other.format(nil))
	switch o := other.(type) {
	case *literal:
		if o.value.sort == sortNumber {
			text = thousands(numberText(o))
			if percent {
				text += "%"
			}
		}
	case *path:
		if now := valueAt(&quiet, o); now != "" {
			text += " " + now
		}
	}
	return " " + op + " " + text
}

// numberText is a literal without its unit: 45k is 45000.
func numberText(n *literal) string {
	if _, unit := splitUnit(strings.TrimPrefix(n.src, "-")); unit == "" {
		return n.src
	}
	return datasource.NumberFromFloat(n.value.num).String()
}

// flipped is an operator seen from its other side.
var flipped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}

// isPercent reports whether a field's name says that it counts per cent.
func isPercent(field string) bool {
	f := strings.ToLower(field)
	return f == "margin_level" || f == "marginlevel" || strings.HasSuffix(f, "_pct") || strings.HasSuffix(f, "_percent") || strings.HasSuffix(f, "pct") || strings.HasSuffix(f, "percent")
}

// changeText is how far a change went, with a blank after it.
func changeText(s *scope, c *call) string {
	quiet := *s
	quiet.mem = append([]memory(nil), s.mem...)
	quiet.percent = true
	r := c.eval(&quiet)
	if !r.known {
		return ""
	}
	sign := ""
	if r.num > 0 {
		sign = "+"
	}
	line := sign + format.Number(datasource.NumberFromFloat(r.num), format.Style{Decimals: 2}) + "% "
	if c.over > 0 {
		line += "over " + formatDuration(c.over) + " "
	}
	return line
}

// reasonText is why a value is not what it should be, in parentheses.
func reasonText(e *datasource.Entry) string {
	switch {
	case e == nil:
		return ""
	case !e.Why.Empty():
		return " (" + e.Why.String() + ")"
	case e.Fault != nil:
		return " (" + e.Fault.Error() + ")"
	}
	return ""
}

// spanText writes a duration in its two largest units.
func spanText(r result) string {
	d := time.Duration(r.num * float64(time.Second)).Truncate(time.Second)
	switch {
	case !r.known:
		return "unknown"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + " s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + " min " + strconv.Itoa(int(d%time.Minute/time.Second)) + " s"
	}
	return strconv.Itoa(int(d/time.Hour)) + " h " + strconv.Itoa(int(d%time.Hour/time.Minute)) + " min"
}

// thousands puts commas between the digits of a plain decimal; its digits stay
// the producer's.
func thousands(s string) string {
	start := 0
	if strings.HasPrefix(s, "-") {
		start = 1
	}
	end := start
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	if end-start <= 3 || strings.ContainsAny(s, "eE") || len(s) > 40 {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:start])
	for i := start; i < end; i++ {
		if i > start && (end-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(s[i])
	}
	b.WriteString(s[end:])
	return b.String()
}
