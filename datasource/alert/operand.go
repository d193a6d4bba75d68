package alert

import (
	"strconv"
	"strings"
	"time"

	"ticktop/datasource/suggest"
)

func (p *parser) parseOperand() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.failAt(p.peek(), "nested too deep", "")
	}
	defer func() { p.depth-- }()
	t := p.next()
	switch {
	case t.kind == tokNumber:
		return p.parseLiteral(t, 1)
	case t.kind == tokOp && (t.text == "-" || t.text == "+") && p.peek().kind == tokNumber:
		sign := 1.0
		if t.text == "-" {
			sign = -1
		}
		return p.parseLiteral(p.next(), sign)
	case t.kind == tokText:
		return &literal{value: result{known: true, sort: sortText, text: t.text}, src: inQuotes(t.text)}, nil
	case t.kind == tokOp && t.text == "(":
		n, err := p.parseOr()
		if err != nil {
			return nil, err
		}
		if end, ok := p.accept(")"); !ok {
			return nil, p.failAt(end, "expects ) here", "")
		}
		return n, nil
	case t.kind == tokName && (t.text == "true" || t.text == "false"):
		return &literal{value: boolResult(t.text == "true"), src: t.text}, nil
	case t.kind == tokName:
		if after := p.peek(); after.kind == tokOp && after.text == "(" {
			return p.parseCall(t)
		}
		return p.parsePath(t)
	case t.kind == tokEnd:
		return nil, p.failAt(t, "expects a value, the expression ends", "")
	}
	return nil, p.failAt(t, "expects a value, not "+quoteCut(t.text), "")
}

// inQuotes is text in the quotes that it does not hold itself.
func inQuotes(s string) string {
	if strings.Contains(s, `"`) {
		return "'" + s + "'"
	}
	return `"` + s + `"`
}

func (p *parser) parseLiteral(t token, sign float64) (node, error) {
	n, err := p.parseNumber(t, sign)
	if err != nil {
		return nil, err
	}
	return n, nil
}

// units are what may follow a number: what it is then, and times how much.
var units = map[string]struct {
	sort  sort
	times float64
}{
	"": {sortNumber, 1}, "k": {sortNumber, 1e3}, "K": {sortNumber, 1e3}, "M": {sortNumber, 1e6},
	"%": {sortPercent, 1}, "ms": {sortDuration, 1e-3}, "s": {sortDuration, 1}, "m": {sortDuration, 60},
	"min": {sortDuration, 60}, "h": {sortDuration, 3600}, "d": {sortDuration, 86400},
}

// parseNumber reads a number and its unit.
func (p *parser) parseNumber(t token, sign float64) (*literal, error) {
	digits, unit := splitUnit(t.text)
	f, err := strconv.ParseFloat(strings.ReplaceAll(digits, "_", ""), 64)
	if err != nil {
		return nil, p.failAt(t, quoteCut(t.text)+" is no number", "")
	}
	u, ok := units[unit]
	if !ok {
		return nil, p.failAt(t, "unknown unit "+quoteCut(unit)+" (one of ms s m h d % k M)", suggest.Nearest(unit, []string{"ms", "s", "min", "h", "d", "k", "M"}))
	}
	src := t.text
	if sign < 0 {
		src = "-" + src
	}
	return &literal{value: result{known: true, sort: u.sort, num: sign * f * u.times}, src: src}, nil
}

func (p *parser) parseDuration() (time.Duration, error) {
	t := p.next()
	if t.kind == tokNumber {
		if r, err := p.parseNumber(t, 1); err == nil && r.sort() == sortDuration {
			if d := time.Duration(r.value.num * float64(time.Second)); d > 0 && d <= 30*24*time.Hour {
				return d, nil
			}
			return 0, p.failAt(t, "a duration is over 0 and at most 30d", "")
		}
	}
	return 0, p.failAt(t, "expects a duration here", "5m")
}

// splitUnit cuts a number token before its unit.
func splitUnit(s string) (digits, unit string) {
	i := 0
	for i < len(s) && (isDigit(s[i]) || s[i] == '.' || s[i] == '_') {
		i++
	}
	if i+1 < len(s) && (s[i] == 'e' || s[i] == 'E') && (isDigit(s[i+1]) || i+2 < len(s) && isDigit(s[i+2]) && (s[i+1] == '-' || s[i+1] == '+')) {
		for i += 2; i < len(s) && isDigit(s[i]); {
			i++
		}
	}
	return s[:i], s[i:]
}

func (p *parser) parsePath(t token) (*path, error) {
	if t.kind != tokName {
		return nil, p.failAt(t, "expects the name of a datum here", "")
	}
	n := &path{src: t.text, parts: splitPath(t.text), pos: t.pos}
	for i := range n.parts {
		n.names = append(n.names, strings.Join(n.parts[:i+1], "."))
	}
	p.paths = append(p.paths, n)
	return n, nil
}

// splitPath cuts a dotted name; a part in quotes is one part.
func splitPath(s string) []string {
	var parts []string
	for s != "" {
		if s[0] == '"' {
			end := strings.IndexByte(s[1:], '"') + 1
			parts = append(parts, s[1:end])
			s = strings.TrimPrefix(s[end+1:], ".")
			continue
		}
		part, rest, _ := strings.Cut(s, ".")
		parts = append(parts, part)
		s = rest
	}
	return parts
}

// parseCall parses a function's arguments.
func (p *parser) parseCall(name token) (node, error) {
	f, ok := functions[name.text]
	if !ok {
		return nil, p.failAt(name, "unknown function "+quoteCut(name.text), suggest.Nearest(name.text, functionNames()))
	}
	p.next() // the parenthesis
	n := &call{name: name.text, slot: -1}
	var err error
	if name.text == "abs" {
		n.with, err = p.parseSum()
	} else {
		n.path, err = p.parsePath(p.next())
	}
	if err == nil {
		err = p.parseArguments(n)
	}
	if err != nil {
		return nil, err
	}
	if end, ok := p.accept(")"); !ok {
		return nil, p.failAt(end, "expects ) here: "+f.args, "")
	}
	switch n.name {
	case "age", "silent", "unchanged", "crosses":
		p.timed = true
	case "abs":
		if s := n.with.sort(); s != sortAny && s != sortNumber && s != sortChange {
			return nil, p.failAt(name, "abs() takes a number, not "+sortNames[s], "")
		}
	}
	return n, nil
}

// parseArguments parses what follows the first argument.
func (p *parser) parseArguments(n *call) (err error) {
	switch n.name {
	case "change":
		n.slot = p.newSlot()
		if _, ok := p.accept("over", ","); ok {
			n.over, err = p.parseDuration()
			p.timed = true
		}
	case "crosses":
		n.slot = p.newSlot()
		if t, ok := p.accept(","); !ok {
			return p.failAt(t, "expects a level: "+functions["crosses"].args, "")
		}
		at := p.peek()
		if n.with, err = p.parseSum(); err != nil {
			return err
		}
		if s := n.with.sort(); s != sortNumber && s != sortAny {
			return p.failAt(at, "a level is a number, not "+sortNames[s], "")
		}
		if _, ok := p.accept(","); ok {
			return p.parseDirection(n)
		}
	}
	return err
}

func (p *parser) parseDirection(n *call) error {
	t := p.next()
	switch t.text {
	case "above", "up":
		n.dir = 1
	case "below", "down":
		n.dir = -1
	default:
		return p.failAt(t, "expects above or below", suggest.Nearest(t.text, []string{"above", "below"}))
	}
	return nil
}

func (p *parser) newSlot() int {
	p.memory++
	return p.memory - 1
}

// formatDuration writes a duration as the language reads it.
func formatDuration(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	case d%time.Second == 0:
		return strconv.Itoa(int(d/time.Second)) + "s"
	}
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', -1, 64) + "ms"
}
