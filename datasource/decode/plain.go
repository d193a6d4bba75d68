package decode

import (
	"strings"

	"ticktop/datasource"
)

// Limits of the hand-written parser; past them encoding/json takes over.
const (
	plainDepth  = 4
	plainFields = 24 // names are compared one by one up to here
)

// parsePlain decodes the JSON that producers send all day: objects of a few
// fields and arrays of such, with numbers, words and strings of printable ASCII
// without an escape. ok is false for anything else, also for bad JSON: the
// caller then asks encoding/json, which knows why. limit is set when it is too
// big, so that nobody has to try again.
//
// Digits, texts and names are parts of s, so a tick costs one allocation for
// its fields; s is kept as long as the value is.
func parsePlain(s string) (v datasource.Value, ok bool, limit error) {
	p := plain{s: s}
	if !p.value(&v, 0) {
		return datasource.Value{}, false, p.limit
	}
	p.space()
	return v, p.i == len(s), nil
}

type plain struct {
	s     string
	i     int
	nodes int
	hint  int   // fields of the last object: its neighbour has as many
	limit error // set when it is too big for anybody
}

// tooBig gives up for good.
func (p *plain) tooBig(format string, most int) bool {
	p.limit = tooBig(format, most)
	return false
}

func (p *plain) space() {
	for p.i < len(p.s) && isSpace(p.s[p.i]) {
		p.i++
	}
}

// value decodes into a zero v.
func (p *plain) value(v *datasource.Value, depth int) bool {
	p.space()
	if p.i >= len(p.s) {
		return false
	}
	if p.nodes++; p.nodes > maxNodes/2 && p.nodes > mostNodes(len(p.s)) {
		return p.tooBig("over %d values", mostNodes(len(p.s)))
	}
	switch c := p.s[p.i]; {
	case c == '"':
		return p.text(v)
	case c == '-' || c >= '0' && c <= '9':
		return p.number(v)
	case c == '{':
		return depth < plainDepth && p.object(v, depth+1)
	case c == '[':
		return depth < plainDepth && p.array(v, depth+1)
	case c == 't':
		v.Type, v.Bool = datasource.TypeBool, true
		return p.word("true")
	case c == 'f':
		v.Type = datasource.TypeBool
		return p.word("false")
	case c == 'n':
		v.Type = datasource.TypeNull
		return p.word("null")
	}
	return false
}

func (p *plain) word(w string) bool {
	if !strings.HasPrefix(p.s[p.i:], w) {
		return false
	}
	p.i += len(w)
	return true
}

func (p *plain) text(v *datasource.Value) bool {
	s, ok := p.quoted()
	if !ok || len(s) > datasource.MaxCell || holdsJSON(s) {
		return false
	}
	if len(s) > 0 && mayBeNumber(s[0]) {
		if n, ok := number(s); ok {
			v.Type, v.Num = datasource.TypeNumber, n.AsQuoted()
			return true
		}
	}
	v.Type, v.Text = datasource.TypeText, datasource.Clean(s, 0)
	return true
}

// quoted reads a string of printable ASCII without an escape.
func (p *plain) quoted() (string, bool) {
	start := p.i + 1
	for i := start; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == '"':
			p.i = i + 1
			return p.s[start:i], true
		case c == '\\' || c < 0x20 || c >= 0x7f:
			return "", false
		}
	}
	return "", false
}

func (p *plain) number(v *datasource.Value) bool {
	i := p.i
	for i < len(p.s) {
		if c := p.s[i]; c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E' {
			i++
			continue
		}
		break
	}
	if i-p.i > maxDigits {
		return false
	}
	n, ok := datasource.ParseNumber(p.s[p.i:i])
	v.Type, v.Num = datasource.TypeNumber, n
	p.i = i
	return ok
}

func (p *plain) array(v *datasource.Value, depth int) bool {
	v.Type = datasource.TypeArray
	p.i++
	if p.space(); p.i < len(p.s) && p.s[p.i] == ']' {
		p.i++
		return true
	}
	v.Items = p.room()
	for {
		if len(v.Items) == datasource.MaxMembers {
			return p.tooBig("over %d items", datasource.MaxMembers)
		}
		if !p.value(grow(&v.Items), depth) {
			return false
		}
		if done, ok := p.separator(']'); !ok || done {
			return ok
		}
	}
}

// space makes place for the items of an array here; of plain values, which have
// no commas of their own, there are as many as there are commas, and one.
func (p *plain) room() []datasource.Value {
	if c := p.s[min(p.i, len(p.s)-1)]; c == '{' || c == '[' {
		return nil
	}
	rest := p.s[p.i:]
	if end := strings.IndexByte(rest, ']'); end >= 0 {
		rest = rest[:end]
	}
	return make([]datasource.Value, 0, min(strings.Count(rest, ",")+1, datasource.MaxMembers))
}

func (p *plain) object(v *datasource.Value, depth int) bool {
	v.Type = datasource.TypeObject
	p.i++
	if p.space(); p.i < len(p.s) && p.s[p.i] == '}' {
		p.i++
		return true
	}
	v.Fields = make([]datasource.Field, 0, p.guess())
	for {
		name, ok := p.name()
		if !ok || len(v.Fields) == plainFields || has(v.Fields, name) {
			return false
		}
		f := grow(&v.Fields)
		f.Name = datasource.Clean(name, 0)
		if !p.value(&f.Value, depth) {
			return false
		}
		if done, ok := p.separator('}'); !ok || done {
			p.hint = len(v.Fields)
			return ok
		}
	}
}

// grow adds a zero element and returns it. Where there is space nothing is
// copied: a Field is 176 bytes.
func grow[T any](s *[]T) *T {
	if n := len(*s); n < cap(*s) {
		*s = (*s)[:n+1]
	} else {
		var zero T
		*s = append(*s, zero)
	}
	return &(*s)[len(*s)-1]
}

// name reads a field's name and its colon.
func (p *plain) name() (string, bool) {
	if p.space(); p.i >= len(p.s) || p.s[p.i] != '"' {
		return "", false
	}
	name, ok := p.quoted()
	if p.space(); !ok || len(name) > datasource.MaxCell || p.i >= len(p.s) || p.s[p.i] != ':' {
		return "", false
	}
	p.i++
	return name, true
}

// separator reads a comma, or the end of a container.
func (p *plain) separator(end byte) (done, ok bool) {
	if p.space(); p.i >= len(p.s) {
		return false, false
	}
	c := p.s[p.i]
	p.i++
	return c == end, c == end || c == ','
}

// guess is how many fields the object here has, from its commas.
func (p *plain) guess() int {
	if p.hint > 0 {
		return p.hint
	}
	return min(strings.Count(p.s, ",")+1, plainFields)
}

func has(fields []datasource.Field, name string) bool {
	for i := range fields {
		if fields[i].Name.String() == name {
			return true
		}
	}
	return false
}
