package decode

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"ticktop/datasource"
)

// Some producers publish str() of a Python dict: {'bid': 1.1, 'ok': True}. It is
// read where it is plain data from its first to its last byte; nothing of it is
// ever evaluated.

// fromPython reads the literal of a Python dict, list or tuple. ok is false for
// everything else.
func fromPython(s string) (v datasource.Value, ok bool) {
	p := python{s: s, nodes: nodes{most: mostNodes(len(s))}}
	v, err := p.value(0)
	p.space()
	return v, err == nil && p.i == len(s) && p.quotes
}

// python reads a literal. quotes says that it can't be JSON: a text in single
// quotes, a tuple, or one of Python's words was seen.
type python struct {
	s      string
	i      int
	quotes bool
	nodes
}

var errNotPython = fmt.Errorf("not a Python literal")

func (p *python) space() {
	for p.i < len(p.s) && isSpace(p.s[p.i]) {
		p.i++
	}
}

func (p *python) peek() byte {
	if p.space(); p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}

func (p *python) value(depth int) (datasource.Value, error) {
	if err := p.count(depth); err != nil {
		return datasource.Value{}, err
	}
	switch c := p.peek(); {
	case c == '{':
		return p.dict(depth)
	case c == '[':
		return p.list(']', depth)
	case c == '(':
		p.quotes = true
		return p.list(')', depth)
	case c == '\'' || c == '"':
		s, err := p.text()
		return text(s), err
	case c == '-' || c == '+' || c >= '0' && c <= '9':
		return p.number()
	}
	return p.word(depth)
}

func (p *python) dict(depth int) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeObject}
	p.i++
	for {
		if p.peek() == '}' {
			p.i++
			return v, nil
		}
		name, err := p.key()
		if err != nil {
			return v, err
		}
		if p.peek() != ':' {
			return v, errNotPython
		}
		p.i++
		item, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		if setField(&v, name, item); len(v.Fields) > datasource.MaxFields {
			return v, tooBig("over %d fields", datasource.MaxFields)
		}
		if !p.next('}') {
			return v, errNotPython
		}
	}
}

// next reads a comma, or is before the end.
func (p *python) next(end byte) bool {
	switch p.peek() {
	case ',':
		p.i++
		return true
	case end:
		return true
	}
	return false
}

func (p *python) key() (string, error) {
	if c := p.peek(); c == '\'' || c == '"' {
		return p.text()
	}
	v, err := p.number()
	return v.Num.String(), err
}

func (p *python) list(end byte, depth int) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeArray}
	p.i++
	for {
		if p.peek() == end {
			p.i++
			return v, nil
		}
		item, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		if v.Items = append(v.Items, item); len(v.Items) > datasource.MaxMembers {
			return v, tooBig("over %d items", datasource.MaxMembers)
		}
		if !p.next(end) {
			return v, errNotPython
		}
	}
}

// text reads a text in either kind of quotes with the usual escapes.
func (p *python) text() (string, error) {
	quote := p.s[p.i]
	p.quotes = p.quotes || quote == '\''
	rest := p.s[p.i+1:]
	var b []byte
	for len(rest) > 0 {
		if rest[0] == quote {
			p.i = len(p.s) - len(rest) + 1
			return string(b), nil
		}
		r, multibyte, tail, err := strconv.UnquoteChar(rest, quote)
		if err != nil {
			if len(rest) > 1 && rest[0] == '\\' && (rest[1] == '\'' || rest[1] == '"') {
				b, rest = append(b, rest[1]), rest[2:]
				continue
			}
			return "", errNotPython
		}
		if r < utf8.RuneSelf || !multibyte {
			b = append(b, byte(r))
		} else {
			b = utf8.AppendRune(b, r)
		}
		rest = tail
	}
	return "", errNotPython
}

func (p *python) number() (datasource.Value, error) {
	p.space()
	start := p.i
	for p.i < len(p.s) && strings.IndexByte("+-.eE0123456789", p.s[p.i]) >= 0 {
		p.i++
	}
	n, ok := number(strings.TrimSuffix(p.s[start:p.i], "."))
	if !ok {
		return datasource.Value{}, errNotPython
	}
	return datasource.Value{Type: datasource.TypeNumber, Num: n}, nil
}

// word reads Python's words, and the calls that numbers print as: Decimal('1.2')
// and np.float64(1.2).
func (p *python) word(depth int) (datasource.Value, error) {
	rest := p.s[p.i:]
	for _, w := range [...]struct {
		text  string
		value datasource.Value
	}{
		{"True", datasource.Value{Type: datasource.TypeBool, Bool: true}}, {"False", datasource.Value{Type: datasource.TypeBool}},
		{"None", datasource.Value{Type: datasource.TypeNull}}, {"nan", text("nan")}, {"inf", text("inf")},
	} {
		if strings.HasPrefix(rest, w.text) {
			p.i += len(w.text)
			p.quotes = true
			return w.value, nil
		}
	}
	for _, call := range [...]string{"Decimal(", "np.float64(", "np.int64(", "np.float32("} {
		if strings.HasPrefix(rest, call) {
			p.i += len(call)
			p.quotes = true
			v, err := p.value(depth + 1)
			if err != nil || v.Type != datasource.TypeNumber || p.peek() != ')' {
				return v, errNotPython
			}
			p.i++
			return v, nil
		}
	}
	return datasource.Value{}, errNotPython
}
