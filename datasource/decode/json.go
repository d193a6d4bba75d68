package decode

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"ticktop/datasource"
)

// Limits on one document. maxNodes bounds the memory that a small hostile
// payload ("[[],[],…") can ask for to about 9 MB.
const (
	maxDepth = 64
	maxNodes = 50_000
)

// mostNodes is how many values a document of a size may have. It counts itself:
// its texts are parts of it, so it stays in memory with them.
func mostNodes(size int) int { return maxNodes - min(size/128, maxNodes/2) }

// parse decodes a JSON document. The hand-written parser takes what producers
// send all day; whatever it finds unusual goes to encoding/json.
func parse(s string) (datasource.Value, error) {
	v, ok, err := parsePlain(s)
	if ok || err != nil {
		return v, err
	}
	return parseAny(s)
}

// parseAny decodes any JSON document by way of encoding/json's tokens, so that
// depth and size are ours to bound. Of duplicate names the last wins and keeps
// the place of the first; names that differ in case are different.
func parseAny(s string) (datasource.Value, error) {
	if strings.Contains(s, "NaN") || strings.Contains(s, "Infinity") {
		s = quoteNonFinite(s)
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	p := tokens{d: d, most: mostNodes(len(s))}
	v, err := p.next(0)
	if err != nil {
		return datasource.Value{}, p.explain(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return datasource.Value{}, fmt.Errorf("something follows the json at byte %d", d.InputOffset())
	}
	return v, nil
}

// tokens builds a Value from a token stream.
type tokens struct {
	d     *json.Decoder
	nodes int
	most  int
	level int // of JSON text inside JSON text
}

// text reads a string, and the JSON object or array that it holds.
func (p *tokens) text(s string, depth int) datasource.Value {
	if p.level >= opened || depth >= maxDepth || !holdsJSON(s) {
		return text(s)
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	inner := tokens{d: d, nodes: p.nodes, most: p.most, level: p.level + 1}
	v, err := inner.next(depth)
	if err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			p.nodes = inner.nodes
			return v
		}
	}
	return text(s)
}

// holdsJSON reports whether a text looks like a JSON object or array.
func holdsJSON(s string) bool {
	s = strings.Trim(s, " \n\t\r")
	return len(s) > 1 && (s[0] == '{' && s[len(s)-1] == '}' || s[0] == '[' && s[len(s)-1] == ']')
}

func (p *tokens) next(depth int) (datasource.Value, error) {
	if p.nodes++; p.nodes > p.most {
		return datasource.Value{}, tooBig("over %d values", p.most)
	}
	t, err := p.d.Token()
	if err != nil {
		return datasource.Value{}, err
	}
	switch t := t.(type) {
	case nil:
		return datasource.Value{Type: datasource.TypeNull}, nil
	case bool:
		return datasource.Value{Type: datasource.TypeBool, Bool: t}, nil
	case string:
		return p.text(t, depth), nil
	case json.Number:
		return bareNumber(t.String()), nil
	}
	if depth >= maxDepth {
		return datasource.Value{}, fmt.Errorf("json nested deeper than %d", maxDepth)
	}
	if t == json.Delim('{') {
		return p.object(depth + 1)
	}
	return p.array(depth + 1)
}

// bareNumber is a number without quotes, as text where it has too many digits.
func bareNumber(s string) datasource.Value {
	if n, ok := number(s); ok {
		return datasource.Value{Type: datasource.TypeNumber, Num: n}
	}
	return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, datasource.MaxCell)}
}

func (p *tokens) array(depth int) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeArray}
	for p.d.More() {
		item, err := p.next(depth)
		if err != nil {
			return v, err
		}
		if len(v.Items) == datasource.MaxMembers {
			return v, tooBig("over %d items", datasource.MaxMembers)
		}
		v.Items = append(v.Items, item)
	}
	_, err := p.d.Token()
	return v, err
}

func (p *tokens) object(depth int) (datasource.Value, error) {
	v := datasource.Value{Type: datasource.TypeObject}
	at := make(map[string]int) // by raw name: two names may look alike once cleaned
	for p.d.More() {
		t, err := p.d.Token()
		if err != nil {
			return v, err
		}
		name, ok := t.(string)
		if !ok {
			return v, fmt.Errorf("a name is not a string at byte %d", p.d.InputOffset())
		}
		item, err := p.next(depth)
		if err != nil {
			return v, err
		}
		if i, again := at[name]; again {
			v.Fields[i].Value = item
			continue
		}
		if len(v.Fields) == datasource.MaxFields {
			return v, tooBig("over %d fields", datasource.MaxFields)
		}
		at[name] = len(v.Fields)
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(name, datasource.MaxCell), Value: item})
	}
	_, err := p.d.Token()
	return v, err
}

// explain says what is wrong in a trader's words.
func (p *tokens) explain(err error) error {
	var syntax *json.SyntaxError
	var limit *limitError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("json ends early, at byte %d", p.d.InputOffset())
	case errors.As(err, &limit):
		return err
	case errors.As(err, &syntax):
		return fmt.Errorf("bad json at byte %d: %s", syntax.Offset, strings.TrimPrefix(syntax.Error(), "json: "))
	}
	return err
}

// quoteNonFinite puts the words NaN, Infinity and -Infinity, which JSON does
// not have and Python writes, into quotes where they stand outside a string;
// numbers in quotes are numbers anyway.
func quoteNonFinite(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); {
		if s[i] == '"' {
			end := i + 1
			for end < len(s) && s[end] != '"' {
				if s[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(s))
			b.WriteString(s[i:end])
			i = end
			continue
		}
		word := ""
		for _, w := range [...]string{"NaN", "Infinity", "-Infinity"} {
			if strings.HasPrefix(s[i:], w) {
				word = w
			}
		}
		if word != "" {
			b.WriteByte('"')
			b.WriteString(word)
			b.WriteByte('"')
			i += len(word)
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}
