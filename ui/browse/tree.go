package browse

import (
	"cmp"
	"slices"
	"strings"
)

// Tree groups keys by the parts of their names. It holds at most so many names
// that millions of keys cost a bounded amount of memory; the others are counted.
type Tree struct {
	root   node
	nodes  int
	opened bool // folders begin open
}

// Bounds of what a tree holds.
const (
	maxNodes = 200_000
	maxKids  = 5000 // of one folder
	maxDepth = 32
)

// node is a folder, or a key.
type node struct {
	name   string // its own part, a folder's with the separator
	full   string // the key, or what all keys below begin with
	folder bool
	open   bool
	keys   int // of a folder: below it, those that are not held too
	unheld int // keys below that are not held here
	kids   map[kidID]*node
	sorted []*node // nil: to be sorted
}

// separators are what names are split at; dots only where there isn't one.
const separators = ":/|"

// nextPart returns where the first part of a name ends, with its separator; 0
// when there is only one.
func nextPart(name string, dots bool) int {
	set := separators
	if dots {
		set = "."
	}
	i := strings.IndexAny(name, set)
	if i < 0 || i == len(name)-1 {
		return 0
	}
	return i + 1
}

// Add takes a key in. One that is there already changes nothing.
func (t *Tree) Add(key string) {
	at, rest := &t.root, key
	t.root.folder, t.root.open = true, true
	path := make([]*node, 0, 8)
	path = append(path, at)
	dots := !strings.ContainsAny(key, separators)
	for depth := 0; depth < maxDepth; depth++ {
		end := nextPart(rest, dots)
		if end == 0 {
			break
		}
		next := t.kid(at, rest[:end], key[:len(key)-len(rest)+end], true)
		if next == nil {
			break
		}
		at, rest = next, rest[end:]
		path = append(path, at)
	}
	if at.kids[kidID{rest, false}] != nil {
		return
	}
	if t.kid(at, rest, key, false) == nil {
		at.unheld++
	}
	for _, n := range path {
		n.keys++
	}
}

// kidID tells a key from a folder of the same name.
type kidID struct {
	name   string
	folder bool
}

// kid returns a child, made where there isn't one; nil where there are too many.
func (t *Tree) kid(of *node, name, full string, folder bool) *node {
	id := kidID{name, folder}
	if n := of.kids[id]; n != nil {
		return n
	}
	if t.nodes >= maxNodes || len(of.kids) >= maxKids {
		return nil
	}
	if of.kids == nil {
		of.kids = map[kidID]*node{}
	}
	n := &node{name: name, full: full, folder: folder, open: t.opened}
	of.kids[id], of.sorted = n, nil
	t.nodes++
	return n
}

// Keys is how many keys were taken in.
func (t *Tree) Keys() int { return t.root.keys }

// Row is one line of the tree.
type Row struct {
	node  *node
	Depth int
	Name  string // unsafe: as the server has it
	Full  string // unsafe: the key, or what all keys below begin with
	More  int    // keys that are not held: the row counts them
	Flat  bool   // a result of a search
}

// Folder reports whether the row has keys below it.
func (r *Row) Folder() bool { return r.node != nil && r.node.folder }

// Open reports whether the keys below are shown.
func (r *Row) Open() bool { return r.node != nil && r.node.open }

// Keys is how many keys are below a folder.
func (r *Row) Keys() int {
	if r.node == nil {
		return 0
	}
	return r.node.keys
}

// Rows are the lines of the open folders, folders first.
func (t *Tree) Rows() []Row {
	return appendRows(nil, &t.root, 0)
}

func appendRows(out []Row, of *node, depth int) []Row {
	for _, n := range of.children() {
		shown, name := only(n)
		out = append(out, Row{node: shown, Depth: depth, Name: name, Full: shown.full})
		if shown.folder && shown.open {
			out = appendRows(out, shown, depth+1)
		}
	}
	if of.unheld > 0 {
		out = append(out, Row{Depth: depth, Full: of.full, More: of.unheld})
	}
	return out
}

// only follows folders that hold nothing but one folder or key: a:b:c: is one
// row.
func only(n *node) (*node, string) {
	name := n.name
	for n.folder && len(n.kids) == 1 && n.unheld == 0 {
		for _, k := range n.kids {
			n = k
		}
		name += n.name
	}
	return n, name
}

// children are the folders, then the keys, by name.
func (n *node) children() []*node {
	if n.sorted == nil && len(n.kids) > 0 {
		n.sorted = make([]*node, 0, len(n.kids))
		for _, k := range n.kids {
			n.sorted = append(n.sorted, k)
		}
		slices.SortFunc(n.sorted, func(a, b *node) int {
			if a.folder != b.folder {
				if a.folder {
					return -1
				}
				return 1
			}
			return compareNames(a.name, b.name)
		})
	}
	return n.sorted
}

// compareNames compares names as people count: k2 comes before k10.
func compareNames(a, b string) int {
	for a != "" && b != "" {
		if i, j := digits(a), digits(b); i > 0 && j > 0 {
			x, y := strings.TrimLeft(a[:i], "0"), strings.TrimLeft(b[:j], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y), cmp.Compare(i, j)); c != 0 {
				return c
			}
			a, b = a[i:], b[j:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits is how many bytes at the beginning are digits.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// maxFound bounds what a search shows.
const maxFound = 1000

// Find are the keys held that contain every word of a text, in any case.
func (t *Tree) Find(text string) []Row {
	words := strings.Fields(strings.ToLower(text))
	var out []Row
	var walk func(n *node)
	walk = func(n *node) {
		for _, k := range n.children() {
			if len(out) >= maxFound {
				return
			}
			if k.folder {
				walk(k)
			} else if containsAll(strings.ToLower(k.full), words) {
				out = append(out, Row{node: k, Name: k.full, Full: k.full, Flat: true})
			}
		}
	}
	walk(&t.root)
	return out
}

func containsAll(s string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(s, w) })
}
