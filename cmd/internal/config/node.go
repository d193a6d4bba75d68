package config

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// spend counts a node; false when the file is larger than any dashboard.
func (d *decoder) spend(n ast.Node, path string) bool {
	d.nodes++
	if d.nodes > maxNodes || strings.Count(path, ".")+strings.Count(path, "[") > maxDepth {
		if d.nodes <= maxNodes+1 {
			d.fail(n, "too large or too deep", "")
		}
		return false
	}
	return true
}

// resolve follows anchors, aliases and tags to what they stand for. Aliases
// only reach back to anchors already read, so there are no loops.
func (d *decoder) resolve(n ast.Node) ast.Node {
	for range maxDepth {
		switch t := n.(type) {
		case *ast.AnchorNode:
			n = t.Value
		case *ast.TagNode:
			n = t.Value
		case *ast.AliasNode:
			target, ok := d.anchors[t.Value.GetToken().Value]
			if !ok {
				d.fail(t, "unknown anchor *"+t.Value.GetToken().Value, "")
				return nil
			}
			n = target
		default:
			return n
		}
	}
	d.fail(n, "too deep", "")
	return nil
}

// pair is one entry of a mapping.
type pair struct {
	key   string
	keyAt Pos
	value ast.Node
}

// pairs returns the entries of a mapping in the order of the file, merge keys
// filled in; repeated keys are mistakes.
func (d *decoder) pairs(n ast.Node) ([]pair, bool) {
	m, ok := n.(ast.MapNode)
	if !ok {
		d.fail(n, "expected a mapping (key: value), found "+describe(n), "")
		return nil, false
	}
	var out, merged []pair
	seen := map[string]bool{}
	for it := m.MapRange(); it.Next(); {
		key := it.Key()
		if key.IsMergeKey() {
			merged = append(merged, d.merge(it.Value())...)
			continue
		}
		k := keyText(key)
		if seen[k] {
			d.fail(key, fmt.Sprintf("key %q is there twice", k), "")
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

func (d *decoder) merge(n ast.Node) []pair {
	n = d.resolve(n)
	if n == nil || !d.spend(n, "") {
		return nil
	}
	p, _ := d.pairs(n)
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
