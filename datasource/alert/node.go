package alert

import (
	"math"
	"time"

	"ticktop/datasource"
)

// sort is what an expression yields, as far as it is known before evaluation.
type sort uint8

const (
	sortAny      sort = iota // a path: whatever the producer writes
	sortNumber               //
	sortDuration             // in seconds
	sortPercent              //
	sortChange               // both a difference and a percentage, the other side decides
	sortText                 //
	sortWord                 // of state() and source()
	sortBool                 //
)

var sortNames = [...]string{"a value", "a number", "a duration", "a percentage", "a change", "text", "a word", "a condition"}

// result is what an expression yields. known is false for what cannot be told.
type result struct {
	known  bool
	sort   sort // never sortAny, sortChange
	num    float64
	text   string // sortText
	other  string // sortWord: a second word that is true as well
	truth  bool
	digits datasource.Number // of a path: the producer's digits
}

func numberResult(f float64) result         { return result{known: !math.IsNaN(f), sort: sortNumber, num: f} }
func boolResult(b bool) result              { return result{known: true, sort: sortBool, truth: b} }
func secondsResult(d float64) result        { return result{known: true, sort: sortDuration, num: d} }
func (r result) isTrue() bool               { return r.known && r.truth }
func (r result) isFalse() bool              { return r.known && !r.truth }
func durationResult(d time.Duration) result { return secondsResult(d.Seconds()) }

// node is a part of a compiled expression. Nodes are immutable and shared.
type node interface {
	sort() sort
	eval(s *scope) result
	format(b []byte) []byte // canonical source
}

// literal is a number with its unit, or text.
type literal struct {
	value result
	src   string
}

func (n *literal) sort() sort             { return n.value.sort }
func (n *literal) eval(*scope) result     { return n.value }
func (n *literal) format(b []byte) []byte { return append(b, n.src...) }

// path names a datum and a field of it. Where the datum ends and the field
// begins is known only with a snapshot.
type path struct {
	src   string
	parts []string
	names []string // names[i] is the datum if it has i+1 parts
	pos   int
}

func (n *path) sort() sort             { return sortAny }
func (n *path) format(b []byte) []byte { return append(b, n.src...) }
func (n *path) eval(s *scope) result {
	v, _ := s.valueAt(n)
	return resultOf(v)
}

// resultOf reads a decoded value: of a series the last point, of messages the
// newest.
func resultOf(v *datasource.Value) result {
	if v == nil {
		return result{}
	}
	switch v.Type {
	case datasource.TypeNumber:
		r := numberResult(v.Num.Float())
		r.digits = v.Num
		return r
	case datasource.TypeBool:
		return boolResult(v.Bool)
	case datasource.TypeText:
		return result{known: true, sort: sortText, text: v.Text.String()}
	case datasource.TypeSeries:
		if p, ok := v.Last(); ok {
			r := numberResult(p.V)
			r.digits = datasource.NumberFromFloat(p.V)
			return r
		}
	}
	return result{}
}

// compare is one of < <= > >= == !=.
type compare struct {
	op          string
	left, right node
	percent     bool // a change against a percentage
}

func (n *compare) sort() sort { return sortBool }

func (n *compare) format(b []byte) []byte {
	b = append(appendSide(b, n.left), ' ')
	b = append(append(b, n.op...), ' ')
	return appendSide(b, n.right)
}

// appendSide writes one side of a comparison; a condition in it needs parentheses.
func appendSide(b []byte, n node) []byte {
	switch n.(type) {
	case *compare, *logic, *not:
		return append(n.format(append(b, '(')), ')')
	}
	return n.format(b)
}

func (n *compare) eval(s *scope) result {
	s.percent = n.percent
	l, r := n.left.eval(s), n.right.eval(s)
	s.percent = false
	if !l.known || !r.known {
		return result{}
	}
	switch {
	case l.sort == sortWord || r.sort == sortWord:
		same := l.text == r.text || l.other != "" && l.other == r.text
		return boolResult(same == (n.op == "=="))
	case l.sort == sortText && r.sort == sortText:
		return boolResult((l.text == r.text) == (n.op == "=="))
	case l.sort == sortBool || r.sort == sortBool:
		return boolResult((truthOf(l).truth == truthOf(r).truth) == (n.op == "=="))
	case l.sort == sortText || r.sort == sortText:
		return result{} // a number against text: not what was meant
	}
	return boolResult(isOrdered(n.op, l.num, r.num))
}

func isOrdered(op string, a, b float64) bool {
	switch op {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	case ">=":
		return a >= b
	case "==":
		return a == b
	}
	return a != b
}

// truthOf reads a value as a condition: a bool, a number other than 0, the words
// that mean yes.
func truthOf(r result) result {
	if !r.known {
		return r
	}
	switch r.sort {
	case sortBool:
		return r
	case sortText:
		switch r.text {
		case "true", "True", "TRUE", "on", "On", "ON", "yes", "y", "enabled", "open":
			return boolResult(true)
		}
		return boolResult(false)
	}
	return boolResult(r.num != 0)
}

// logic is && or ||, in the three-valued sense: false && unknown is false.
type logic struct {
	and         bool
	left, right node
}

func (n *logic) sort() sort { return sortBool }

func (n *logic) format(b []byte) []byte {
	b = append(n.left.format(append(b, '(')), ' ')
	if n.and {
		b = append(b, "&& "...)
	} else {
		b = append(b, "|| "...)
	}
	return append(n.right.format(b), ')')
}

// eval evaluates both sides always: each may remember values.
func (n *logic) eval(s *scope) result {
	l, r := truthOf(n.left.eval(s)), truthOf(n.right.eval(s))
	switch {
	case n.and && (l.isFalse() || r.isFalse()):
		return boolResult(false)
	case !n.and && (l.isTrue() || r.isTrue()):
		return boolResult(true)
	case !l.known || !r.known:
		return result{}
	}
	return boolResult(n.and)
}

// not negates a condition.
type not struct{ of node }

func (n *not) sort() sort { return sortBool }
func (n *not) format(b []byte) []byte {
	switch n.of.(type) {
	case *path, *call, *not, *literal:
		return n.of.format(append(b, '!'))
	}
	return append(n.of.format(append(b, "!("...)), ')')
}

func (n *not) eval(s *scope) result {
	r := truthOf(n.of.eval(s))
	r.truth = !r.truth
	return r
}

// arithmetic is one of + - * /. Dividing by zero is unknown.
type arithmetic struct {
	op          byte
	left, right node
}

func (n *arithmetic) sort() sort { return n.left.sort() }

func (n *arithmetic) format(b []byte) []byte {
	b = n.left.format(append(b, '('))
	b = append(b, ' ', n.op, ' ')
	return append(n.right.format(b), ')')
}

func (n *arithmetic) eval(s *scope) result {
	l, r := n.left.eval(s), n.right.eval(s)
	if !l.known || !r.known || l.sort == sortText || r.sort == sortText || l.sort == sortBool || r.sort == sortBool {
		return result{}
	}
	f := 0.0
	switch n.op {
	case '+':
		f = l.num + r.num
	case '-':
		f = l.num - r.num
	case '*':
		f = l.num * r.num
	default:
		if r.num == 0 {
			return result{}
		}
		f = l.num / r.num
	}
	out := numberResult(f)
	if l.sort == sortDuration {
		out.sort = sortDuration
	}
	return out
}
