package config

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// spendNode counts a node; false when the file is larger than any dashboard.
func (d *decoder) spendNode(n ast.Node, path string) bool {
	d.nodes++
	if d.nodes > maxNodes || strings.Count(path, ".")+strings.Count(path, "[") > maxDepth {
		if d.nodes <= maxNodes+1 {
			d.failNode(n, "too large or too deep", "")
		}
		return false
	}
	return true
}

// resolveNode follows anchors, aliases and tags to their nodes. Aliases
// only reach back to anchors already read, so there are no loops.
func (d *decoder) resolveNode(n ast.Node) ast.Node {
	for range maxDepth {
		switch t := n.(type) {
		case *ast.AnchorNode:
			n = t.Value
		case *ast.TagNode:
			n = t.Value
		case *ast.AliasNode:
			target, ok := d.anchors[t.Value.GetToken().Value]
			if !ok {
				d.failNode(t, "unknown anchor *"+t.Value.GetToken().Value, "")
				return nil
			}
			n = target
		default:
			return gluedText(n)
		}
	}
	d.failNode(n, "too deep", "")
	return nil
}

// gluedText returns the text that the parser took for a mapping: inside brackets
// BINANCE:BTCUSDT is a name, because no blank follows the colon.
func gluedText(n ast.Node) ast.Node {
	var mv *ast.MappingValueNode
	switch t := n.(type) {
	case *ast.MappingNode:
		if t.IsFlowStyle || len(t.Values) != 1 {
			return n
		}
		mv = t.Values[0]
	case *ast.MappingValueNode:
		mv = t
	default:
		return n
	}
	key, isText := mv.Key.(*ast.StringNode)
	value := mv.Value
	if !isText || value == nil || key.Token.Type != token.StringType {
		return n
	}
	switch value.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
	default:
		return n
	}
	at, to := posOf(key), posOf(value)
	if at.Line != to.Line || to.Col != at.Col+utf8.RuneCountInString(key.Value)+1 {
		return n
	}
	text := *key
	text.Value = key.Value + ":" + value.GetToken().Value
	return &text
}

// pair is one entry of a mapping.
type pair struct {
	key   string
	keyAt Pos
	value ast.Node
}

// mappingPairs returns the entries of a mapping in the order of the file, merge keys
// filled in; repeated keys are mistakes.
func (d *decoder) mappingPairs(n ast.Node) ([]pair, bool) {
	m, ok := n.(ast.MapNode)
	if !ok {
		d.failNode(n, "expected a mapping (key: value), found "+describeNode(n), "")
		return nil, false
	}
	var out, merged []pair
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key()
		if key.IsMergeKey() {
			merged = append(merged, d.mergedPairs(it.Value())...)
			continue
		}
		k := keyText(key)
		if seen[k] {
			d.failNode(key, fmt.Sprintf("key %q is there twice", k), "")
			continue
		}
		seen[k] = true
		out = append(out, pair{key: k, keyAt: posOf(key), value: it.Value()})
	}
	for _, p := range merged {
		if !seen[p.key] {
			seen[p.key] = true
			out = append(out, p)
		}
	}
	return out, true
}

func (d *decoder) mergedPairs(n ast.Node) []pair {
	n = d.resolveNode(n)
	if n == nil || !d.spendNode(n, "") {
		return nil
	}
	p, _ := d.mappingPairs(n)
	return p
}

func keyText(k ast.MapKeyNode) string {
	if s, ok := any(k).(*ast.StringNode); ok {
		return s.Value
	}
	if t := k.GetToken(); t != nil {
		return t.Value
	}
	return ""
}

// scalarTexts returns the texts of a scalar or of a list of scalars, as written;
// what is neither is left out.
func (d *decoder) scalarTexts(n ast.Node) []string {
	n = d.resolveNode(n)
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		if s, ok := n.(*ast.StringNode); ok {
			return []string{s.Value}
		}
		return nil
	}
	var out []string
	for _, item := range seq.Values {
		if s, ok := d.resolveNode(item).(*ast.StringNode); ok {
			out = append(out, s.Value)
		}
	}
	return out
}

// decodeWords reads the items of a list as texts. A name such as NULL is a
// name; what YAML takes for something else gets the hint to quote it.
func (d *decoder) decodeWords(path string, seq *ast.SequenceNode, out *[]string) {
	for i, item := range seq.Values {
		at := fmt.Sprintf("%s[%d]", path, i)
		n := d.resolveNode(item)
		if n == nil || !d.spendNode(n, at) {
			continue
		}
		d.pos[at] = posOf(n)
		switch t := n.(type) {
		case *ast.NullNode:
			word := t.GetToken().Value
			if !strings.EqualFold(word, "null") {
				d.failNode(item, "an item of the list is empty", `put a name such as "~" in quotes`)
				continue
			}
			*out = append(*out, word)
		case ast.MapNode:
			d.failNode(n, "expected a name, found a mapping", `put a name with ": " in quotes`)
		case *ast.SequenceNode:
			d.failNode(n, "expected a name, found a list", "")
		default:
			if s, ok := d.scalarText(n); ok {
				*out = append(*out, s)
			}
		}
	}
}
