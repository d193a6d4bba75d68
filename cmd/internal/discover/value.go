package discover

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// nodeType is the shape of a node.
type nodeType uint8

const (
	nodeNone nodeType = iota
	nodeUnreadable
	nodeNull
	nodeBool
	nodeNumber
	nodeText
	nodeObject
	nodeArray
)

// node is a value as far as discovery needs it. JSON text inside JSON is
// opened; arrays keep their first and last elements only.
type node struct {
	kind  nodeType
	num   float64
	text  string // of a scalar as it is written
	names []string
	kids  []*node
	size  int // elements of an array, before it was cut
}

const (
	maxNodeDepth  = 8
	maxNodeFields = 200
	maxNodeItems  = 12
)

// readNode reads the bytes of a value.
func readNode(b []byte) *node { return readNested(b, 0) }

func readNested(b []byte, depth int) *node {
	t := bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
	if len(t) == 0 {
		return &node{kind: nodeNull}
	}
	if t[0] == '{' || t[0] == '[' || t[0] == '"' {
		d := json.NewDecoder(bytes.NewReader(t))
		d.UseNumber()
		if n, err := decodeNode(d, depth); err == nil {
			return n
		}
	}
	if !utf8.Valid(t) || bytes.IndexByte(t, 0) >= 0 || t[0] == '{' || t[0] == '[' {
		if depth > 0 {
			return &node{kind: nodeUnreadable}
		}
		return readBinary(b)
	}
	return scalarNode(string(t))
}

func scalarNode(s string) *node {
	switch strings.ToLower(s) {
	case "true", "false":
		return &node{kind: nodeBool, text: s}
	case "null", "none":
		return &node{kind: nodeNull, text: s}
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) && !strings.ContainsAny(s, "xXpP_") {
		return &node{kind: nodeNumber, num: f, text: s}
	}
	return &node{kind: nodeText, text: s}
}

// decodeNode reads one JSON value.
func decodeNode(d *json.Decoder, depth int) (*node, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := tok.(type) {
	case json.Delim:
		return decodeComposite(d, t, depth+1)
	case json.Number:
		return scalarNode(t.String()), nil
	case bool:
		return &node{kind: nodeBool, text: strconv.FormatBool(t)}, nil
	case string:
		if s := strings.TrimSpace(t); depth < maxNodeDepth && len(s) > 1 && (s[0] == '{' || s[0] == '[') {
			if n := readNested([]byte(s), depth+1); n.kind == nodeObject || n.kind == nodeArray {
				return n, nil
			}
		}
		return scalarNode(t), nil
	}
	return &node{kind: nodeNull}, nil
}

func decodeComposite(d *json.Decoder, open json.Delim, depth int) (*node, error) {
	n := &node{kind: nodeArray}
	if open == '{' {
		n.kind = nodeObject
	}
	for d.More() {
		name := ""
		if n.kind == nodeObject {
			tok, err := d.Token()
			if err != nil {
				return nil, err
			}
			name, _ = tok.(string)
		}
		kid, err := decodeNode(d, depth)
		if err != nil {
			return nil, err
		}
		n.addChild(name, kid, depth)
	}
	_, err := d.Token()
	return n, err
}

func (n *node) addChild(name string, kid *node, depth int) {
	n.size++
	switch {
	case depth > maxNodeDepth:
	case n.kind == nodeObject && len(n.kids) < maxNodeFields:
		n.names, n.kids = append(n.names, name), append(n.kids, kid)
	case n.kind == nodeArray && len(n.kids) < maxNodeItems:
		n.kids = append(n.kids, kid)
	case n.kind == nodeArray: // the last element is always there
		n.kids[len(n.kids)-1] = kid
	}
}

// field returns the field of that name; nil for none.
func (n *node) field(name string) *node {
	if n == nil || n.kind != nodeObject {
		return nil
	}
	if i := slices.Index(n.names, name); i >= 0 {
		return n.kids[i]
	}
	return nil
}

func (n *node) isScalar() bool {
	return n != nil && (n.kind == nodeNumber || n.kind == nodeText || n.kind == nodeBool)
}

// signature describes the shape of a node: its fields, or its type.
func (n *node) signature() string {
	if n == nil {
		return ""
	}
	switch n.kind {
	case nodeNull, nodeNone:
		return ""
	case nodeUnreadable:
		return "binary"
	case nodeBool:
		return "bool"
	case nodeNumber:
		return "number"
	case nodeText:
		return "text"
	case nodeArray:
		if len(n.kids) == 0 {
			return "[]"
		}
		return "[]" + n.kids[0].signature()
	}
	names := slices.Clone(n.names)
	slices.Sort(names)
	return "{" + strings.Join(names, ",") + "}"
}

// areSimilar reports whether two signatures are of the same kind of value:
// equal, unknown, or objects that share most of their fields.
func areSimilar(a, b string) bool {
	if a == b || a == "" || b == "" {
		return true
	}
	if strings.HasPrefix(a, "[]") && strings.HasPrefix(b, "[]") {
		return areSimilar(a[2:], b[2:])
	}
	if a[0] != '{' || b[0] != '{' {
		return false
	}
	return overlapShare(strings.Split(a[1:len(a)-1], ","), strings.Split(b[1:len(b)-1], ",")) >= 0.6
}

// overlapShare is the share of two sets' union that is in both; both are sorted.
func overlapShare(a, b []string) float64 {
	both := 0
	for _, s := range a {
		if _, ok := slices.BinarySearch(b, s); ok {
			both++
		}
	}
	if len(a)+len(b) == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
