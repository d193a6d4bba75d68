package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"ticktop/cmd/internal/config"
)

// The reference is in a hand-written page, behind this line.
const generated = "<!-- everything below is made by: make pictures -->\n"

// node is what the reference needs of a JSON schema.
type node struct {
	Description string           `json:"description"`
	Type        any              `json:"type"`
	Const       string           `json:"const"`
	Enum        []string         `json:"enum"`
	Pattern     string           `json:"pattern"`
	Properties  map[string]*node `json:"properties"`
	Items       *node            `json:"items"`
	OneOf       []*node          `json:"oneOf"`
	Additional  json.RawMessage  `json:"additionalProperties"`
}

// configReference writes every key of the configuration, from the schema that the
// program itself prints.
func configReference() ([]byte, error) {
	var root node
	if err := json.Unmarshal(config.Schema(), &root); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(generated + "\n## Every key\n\n| key | value | what it does |\n|---|---|---|\n")
	writeKeys(&b, "", &root)
	kinds := root.findNode("pages", "rows", "widgets")
	if kinds == nil {
		return nil, errors.New("the schema has no widgets")
	}
	b.WriteString("\n## Every widget\n\nA widget has these keys, beside those of its kind:\n\n| key | value | what it does |\n|---|---|---|\n")
	common := sharedKeys(kinds.OneOf)
	fmt.Fprintf(&b, "| `type` | word | kind of widget |\n")
	writeTable(&b, kinds.OneOf[0], common)
	slices.SortFunc(kinds.OneOf, func(a, b *node) int { return strings.Compare(a.widgetKind(), b.widgetKind()) })
	for _, k := range kinds.OneOf {
		fmt.Fprintf(&b, "\n### %s\n\n%s.\n\n| key | value | what it does |\n|---|---|---|\n", k.widgetKind(), asSentence(k.Properties["type"].Description))
		var own []string
		for name := range k.Properties {
			if !slices.Contains(common, name) && name != "type" {
				own = append(own, name)
			}
		}
		slices.Sort(own)
		writeTable(&b, k, own)
	}
	return b.Bytes(), nil
}

func (n *node) widgetKind() string { return n.Properties["type"].Const }

// findNode goes down by key, through lists.
func (n *node) findNode(path ...string) *node {
	for _, name := range path {
		if n.Items != nil {
			n = n.Items
		}
		if n = n.Properties[name]; n == nil {
			return nil
		}
	}
	if n.Items != nil {
		return n.Items
	}
	return n
}

// sharedKeys are the keys that all kinds of widget describe alike.
func sharedKeys(kinds []*node) []string {
	var out []string
	for name, p := range kinds[0].Properties {
		if name == "type" {
			continue
		}
		if !slices.ContainsFunc(kinds, func(k *node) bool {
			return k.Properties[name] == nil || k.Properties[name].Description != p.Description
		}) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// writeKeys writes the rows of a structure and of those in it, by their full names.
func writeKeys(b *bytes.Buffer, prefix string, n *node) {
	for _, name := range slices.Sorted(maps.Keys(n.Properties)) {
		p := n.Properties[name]
		writeLine(b, prefix+name, p)
		inner, mark := p.structureIn()
		if inner != nil && prefix+name != "pages[].rows[].widgets" {
			writeKeys(b, prefix+name+mark, inner)
		}
	}
}

// structureIn returns the structure in a node, and how its place is written.
func (n *node) structureIn() (*node, string) {
	if n.Properties != nil {
		return n, "."
	}
	if n.Items != nil {
		if s, _ := n.Items.structureIn(); s != nil {
			return s, "[]."
		}
	}
	for _, o := range n.OneOf {
		if s, mark := o.structureIn(); s != nil {
			return s, mark
		}
	}
	var each node
	if json.Unmarshal(n.Additional, &each) == nil {
		if s, _ := each.structureIn(); s != nil {
			return s, ".NAME."
		}
	}
	return nil, ""
}

// writeTable writes the rows of some keys of a widget, and of the structures in them.
func writeTable(b *bytes.Buffer, n *node, names []string) {
	for _, name := range names {
		p := n.Properties[name]
		writeLine(b, name, p)
		if inner, mark := p.structureIn(); inner != nil {
			writeKeys(b, name+mark, inner)
		}
	}
}

func writeLine(b *bytes.Buffer, name string, n *node) {
	fmt.Fprintf(b, "| `%s` | %s | %s |\n", name, n.valueInWords(), escapeCell(n.Description))
}

func escapeCell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`).Replace(s)
}

func asSentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// valueInWords says in a word or two what is written there.
func (n *node) valueInWords() string {
	switch {
	case len(n.Enum) > 0:
		return "`" + strings.Join(n.Enum, "` `") + "`"
	case len(n.OneOf) > 0:
		return n.oneOf()
	case n.Items != nil:
		return "list"
	case n.Properties != nil:
		return "section"
	case n.Type == "object":
		return "mapping"
	case n.Type == "integer":
		return "whole number"
	case n.Type == "boolean":
		return "`true` `false`"
	case n.Type == "string":
		return "text"
	case n.Type == "number":
		return "number"
	default:
		return "word"
	}
}

// oneOf names the few combinations that the schema has.
func (n *node) oneOf() string {
	for _, o := range n.OneOf {
		switch {
		case strings.Contains(o.Pattern, "ns|us"):
			return "duration"
		case strings.Contains(o.Pattern, "%"):
			return "size"
		case o.Properties != nil:
			return "text or section"
		case o.Items != nil:
			return "one or a list"
		}
	}
	return "text"
}

// withReference puts the reference behind what is written by hand.
func withReference(path string) (page []byte, err error) {
	old, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	hand, _, ok := strings.Cut(string(old), generated)
	if !ok {
		return nil, fmt.Errorf("%s has no line %q", path, strings.TrimSpace(generated))
	}
	ref, err := configReference()
	if err != nil {
		return nil, err
	}
	return append([]byte(hand), ref...), nil
}
