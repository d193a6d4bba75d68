package alert

import (
	"strings"

	"ticktop/datasource/suggest"
)

// parser is a recursive descent over the tokens of one expression.
type parser struct {
	src    string
	toks   []token
	i      int
	depth  int
	paths  []*path
	memory int // slots taken
	timed  bool
}

func (p *parser) peek() token { return p.toks[p.i] }

func (p *parser) next() token {
	t := p.toks[p.i]
	if t.kind != tokEnd {
		p.i++
	}
	return t
}

// accept takes the next token when it is one of these operators or words.
func (p *parser) accept(texts ...string) (token, bool) {
	t := p.peek()
	if t.kind == tokOp || t.kind == tokName {
		for _, text := range texts {
			if t.text == text {
				return p.next(), true
			}
		}
	}
	return t, false
}

func (p *parser) failAt(t token, text, hint string) error { return errorAt(p.src, t.pos, text, hint) }

// parseCondition parses an expression that has to be a condition.
func (p *parser) parseCondition() (node, error) {
	start := p.peek()
	n, err := p.parseOr()
	if err != nil {
		return nil, err
	}
	return n, p.wantCondition(start, n)
}

func (p *parser) wantCondition(t token, n node) error {
	switch n.sort() {
	case sortBool, sortAny:
		return nil
	}
	return p.failAt(t, sortNames[n.sort()]+" is no condition, compare it with something", "")
}

func (p *parser) parseOr() (node, error) { return p.parseChain(false, p.parseAnd, "||", "or") }

func (p *parser) parseAnd() (node, error) { return p.parseChain(true, p.parseUnary, "&&", "and") }

func (p *parser) parseChain(and bool, side func() (node, error), words ...string) (node, error) {
	start := p.peek()
	left, err := side()
	if err != nil {
		return nil, err
	}
	for {
		if _, ok := p.accept(words...); !ok {
			return left, nil
		}
		if err := p.wantCondition(start, left); err != nil {
			return nil, err
		}
		at := p.peek()
		right, err := side()
		if err != nil {
			return nil, err
		}
		if err := p.wantCondition(at, right); err != nil {
			return nil, err
		}
		left = &logic{and: and, left: left, right: right}
	}
}

func (p *parser) parseUnary() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.failAt(p.peek(), "nested too deep", "")
	}
	defer func() { p.depth-- }()
	t, ok := p.accept("!", "not")
	if !ok {
		return p.parseComparison()
	}
	n, err := p.parseUnary()
	if err != nil {
		return nil, err
	}
	return &not{n}, p.wantCondition(t, n)
}

func (p *parser) parseComparison() (node, error) {
	left, err := p.parseSum()
	if err != nil {
		return nil, err
	}
	op, ok := p.accept("<", "<=", ">", ">=", "==", "!=")
	if !ok {
		return left, nil
	}
	var right node
	if left.sort() == sortWord {
		right, err = p.parseWord(left)
	} else {
		right, err = p.parseSum()
	}
	if err != nil {
		return nil, err
	}
	n := &compare{op: op.text, left: left, right: right}
	if err := p.checkComparison(op, n); err != nil {
		return nil, err
	}
	return n, p.overClause(n)
}

// parseWord parses what state() or source() is compared with.
func (p *parser) parseWord(left node) (node, error) {
	t := p.next()
	if t.kind != tokName && t.kind != tokText {
		return nil, p.failAt(t, "expects a state here", "fallback")
	}
	words := []string{"loading", "live", "fallback", "stale", "missing", "error"}
	if c, ok := left.(*call); ok && c.name == "source" {
		words = append(words, "redis", "pubsub", "api")
	}
	for _, w := range words {
		if w == t.text {
			return &literal{value: result{known: true, sort: sortWord, text: w}, src: w}, nil
		}
	}
	return nil, p.failAt(t, "unknown state "+quoteCut(t.text)+" (one of "+strings.Join(words, ", ")+")", suggest.Nearest(t.text, words))
}

// checkComparison refuses comparisons that cannot mean anything.
func (p *parser) checkComparison(op token, n *compare) error {
	l, r := n.left.sort(), n.right.sort()
	has := func(s sort) bool { return l == s || r == s }
	equality := op.text == "==" || op.text == "!="
	switch {
	case (has(sortText) || has(sortBool) || has(sortWord)) && !equality:
		return p.failAt(op, "only == and != compare text and conditions", "==")
	case has(sortWord) && l != r:
		return p.failAt(op, "a state compares with a state only", "")
	case has(sortDuration) && l != r:
		return p.failAt(op, "a duration needs a duration on both sides, with its unit", "> 5s")
	case has(sortChange) && has(sortPercent):
		n.percent = true
	case has(sortPercent):
		return p.failAt(op, "a percentage compares with change() only; write 0.8 or 80 as the producer does", "")
	case has(sortChange) && (has(sortText) || has(sortBool)):
		return p.failAt(op, "a change compares with a number or a percentage", "")
	case has(sortText) && has(sortNumber):
		return p.failAt(op, "a number never equals text", "")
	}
	return nil
}

// overClause reads "over 5m" behind a comparison, for the change() in it.
func (p *parser) overClause(n *compare) error {
	t, ok := p.accept("over")
	if !ok {
		return nil
	}
	d, err := p.parseDuration()
	if err != nil {
		return err
	}
	changes := append(changesIn(n.left), changesIn(n.right)...)
	if len(changes) == 0 {
		return p.failAt(t, "over belongs to change()", "change(…) > 1% over 5m")
	}
	for _, c := range changes {
		if c.over == 0 {
			c.over = d
		}
	}
	p.timed = true
	return nil
}

func changesIn(n node) []*call {
	switch n := n.(type) {
	case *call:
		if n.name == "change" {
			return []*call{n}
		}
		if n.name == "abs" {
			return changesIn(n.with)
		}
	case *arithmetic:
		return append(changesIn(n.left), changesIn(n.right)...)
	}
	return nil
}

func (p *parser) parseSum() (node, error) { return p.parseOperations(p.parseProduct, "+", "-") }

func (p *parser) parseProduct() (node, error) { return p.parseOperations(p.parseOperand, "*", "/") }

func (p *parser) parseOperations(side func() (node, error), ops ...string) (node, error) {
	left, err := side()
	if err != nil {
		return nil, err
	}
	for {
		op, ok := p.accept(ops...)
		if !ok {
			return left, nil
		}
		right, err := side()
		if err != nil {
			return nil, err
		}
		for _, s := range [...]sort{left.sort(), right.sort()} {
			if s != sortAny && s != sortNumber && s != sortDuration {
				return nil, p.failAt(op, "cannot calculate with "+sortNames[s], "")
			}
		}
		left = &arithmetic{op: op.text[0], left: left, right: right}
	}
}
