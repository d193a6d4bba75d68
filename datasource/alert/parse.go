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

func (p *parser) fail(t token, text, hint string) error { return fail(p.src, t.pos, text, hint) }

// condition parses an expression that has to be a condition.
func (p *parser) condition() (node, error) {
	start := p.peek()
	n, err := p.or()
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
	return p.fail(t, sortNames[n.sort()]+" is no condition, compare it with something", "")
}

func (p *parser) or() (node, error) { return p.chain(false, p.and, "||", "or") }

func (p *parser) and() (node, error) { return p.chain(true, p.unary, "&&", "and") }

func (p *parser) chain(and bool, side func() (node, error), words ...string) (node, error) {
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

func (p *parser) unary() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(p.peek(), "nested too deep", "")
	}
	defer func() { p.depth-- }()
	t, ok := p.accept("!", "not")
	if !ok {
		return p.comparison()
	}
	n, err := p.unary()
	if err != nil {
		return nil, err
	}
	return &not{n}, p.wantCondition(t, n)
}

func (p *parser) comparison() (node, error) {
	left, err := p.sum()
	if err != nil {
		return nil, err
	}
	op, ok := p.accept("<", "<=", ">", ">=", "==", "!=")
	if !ok {
		return left, nil
	}
	var right node
	if left.sort() == sortWord {
		right, err = p.word(left)
	} else {
		right, err = p.sum()
	}
	if err != nil {
		return nil, err
	}
	n := &compare{op: op.text, left: left, right: right}
	if err := p.check(op, n); err != nil {
		return nil, err
	}
	return n, p.overClause(n)
}

// word parses what state() or source() is compared with.
func (p *parser) word(left node) (node, error) {
	t := p.next()
	if t.kind != tokName && t.kind != tokText {
		return nil, p.fail(t, "expects a state here", "fallback")
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
	return nil, p.fail(t, "unknown state "+quote(t.text)+" (one of "+strings.Join(words, ", ")+")", suggest.Nearest(t.text, words))
}

// check refuses comparisons that cannot mean anything.
func (p *parser) check(op token, n *compare) error {
	l, r := n.left.sort(), n.right.sort()
	has := func(s sort) bool { return l == s || r == s }
	equality := op.text == "==" || op.text == "!="
	switch {
	case (has(sortText) || has(sortBool) || has(sortWord)) && !equality:
		return p.fail(op, "only == and != compare text and conditions", "==")
	case has(sortWord) && l != r:
		return p.fail(op, "a state compares with a state only", "")
	case has(sortDuration) && l != r:
		return p.fail(op, "a duration needs a duration on both sides, with its unit", "> 5s")
	case has(sortChange) && has(sortPercent):
		n.percent = true
	case has(sortPercent):
		return p.fail(op, "a percentage compares with change() only; write 0.8 or 80 as the producer does", "")
	case has(sortChange) && (has(sortText) || has(sortBool)):
		return p.fail(op, "a change compares with a number or a percentage", "")
	case has(sortText) && has(sortNumber):
		return p.fail(op, "a number never equals text", "")
	}
	return nil
}

// overClause reads "over 5m" behind a comparison, for the change() in it.
func (p *parser) overClause(n *compare) error {
	t, ok := p.accept("over")
	if !ok {
		return nil
	}
	d, err := p.duration()
	if err != nil {
		return err
	}
	changes := append(changesIn(n.left), changesIn(n.right)...)
	if len(changes) == 0 {
		return p.fail(t, "over belongs to change()", "change(…) > 1% over 5m")
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

func (p *parser) sum() (node, error) { return p.operations(p.product, "+", "-") }

func (p *parser) product() (node, error) { return p.operations(p.operand, "*", "/") }

func (p *parser) operations(side func() (node, error), ops ...string) (node, error) {
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
				return nil, p.fail(op, "cannot calculate with "+sortNames[s], "")
			}
		}
		left = &arithmetic{op: op.text[0], left: left, right: right}
	}
}
