package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"ticktop/datasource"
)

// Bounds of a decode: anchors must not make a small file large.
const (
	maxNodes = 100_000
	maxDepth = 64
	maxErrs  = 20
)

// decoder fills Go values from YAML nodes, strictly: unknown and repeated keys
// are mistakes with a place. Environment variables are filled in after
// parsing, so that their content can never become YAML.
//
// It remembers where every value stood, by path ("pages[0].rows[1].height"),
// so that what is checked later can still point at its line.
type decoder struct {
	file    string
	lines   []string
	env     *Env
	expand  func(string) (string, error) // variables of strings, nil for none
	anchors map[string]ast.Node
	pos     map[string]Pos
	zero    map[string]bool // where a span was written that isn't one: 0, 0s
	errs    Errors
	nodes   int

	expanded []expansion // the ${…} that were filled in
}

// nodeDecoder is implemented by types that read a node themselves.
type nodeDecoder interface {
	decodeNode(d *decoder, path string, n ast.Node)
}

// textDecoder is implemented by types written as one word.
type textDecoder interface {
	decodeText(s string) error
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	safeType     = reflect.TypeFor[datasource.Safe]()
)

// failNode records a mistake at the node.
func (d *decoder) failNode(n ast.Node, msg, hint string) {
	d.failAt(posOf(n), msg, hint)
}

func (d *decoder) failAt(p Pos, msg, hint string) {
	if len(d.errs) >= maxErrs {
		return
	}
	e := &Error{File: d.file, Pos: p, Msg: msg, Hint: hint}
	if p.Line >= 1 && p.Line <= len(d.lines) {
		e.Source = redactLine(strings.TrimRight(d.lines[p.Line-1], "\r"))
	}
	d.errs = append(d.errs, e)
}

// failPath records a mistake at a value read earlier, or at the nearest thing
// around it.
func (d *decoder) failPath(path, msg, hint string) {
	for p := path; ; {
		if at, ok := d.pos[p]; ok {
			d.failAt(at, msg, hint)
			return
		}
		i := strings.LastIndexAny(p, ".[")
		if i < 0 {
			d.failAt(Pos{}, path+": "+msg, hint)
			return
		}
		p = p[:i]
	}
}

func posOf(n ast.Node) Pos {
	switch t := n.(type) {
	case nil:
		return Pos{}
	case *ast.MappingNode: // its own token is the first ':' in block style
		if !t.IsFlowStyle && len(t.Values) > 0 {
			return posOf(t.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return posOf(t.Key)
	}
	return tokenPos(n.GetToken())
}

func tokenPos(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{}
	}
	return Pos{Line: t.Position.Line, Col: t.Position.Column}
}

// decode fills v from n. A null leaves v as it is.
func (d *decoder) decode(path string, n ast.Node, v reflect.Value) {
	n = d.resolveNode(n)
	if n == nil || !d.spendNode(n, path) {
		return
	}
	d.pos[path] = posOf(n)
	if v.CanAddr() {
		if nd, ok := v.Addr().Interface().(nodeDecoder); ok {
			nd.decodeNode(d, path, n)
			return
		}
	}
	if n.Type() == ast.NullType {
		return
	}
	if v.CanAddr() {
		if td, ok := v.Addr().Interface().(textDecoder); ok {
			if s, ok := d.scalarText(n); ok {
				d.checkNode(n, td.decodeText(s))
				if _, span := v.Addr().Interface().(*Duration); span && s != "" && v.IsZero() && d.zero != nil {
					d.zero[path] = true
				}
			}
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.decode(path, n, v.Elem())
	case reflect.Struct:
		if v.Type() == safeType {
			d.scalarInto(n, v)
			return
		}
		d.decodeStruct(path, n, v)
	case reflect.Slice:
		d.decodeSlice(path, n, v)
	case reflect.Map:
		d.decodeMap(path, n, v)
	default:
		d.scalarInto(n, v)
	}
}

func (d *decoder) decodeStruct(path string, n ast.Node, v reflect.Value) {
	if _, ok := n.(ast.MapNode); !ok {
		if f, ok := structFields(v.Type()).shorthandField(); ok && n.Type() != ast.SequenceType {
			d.scalarInto(n, v.FieldByIndex(f.index))
			return
		}
	}
	pairs, ok := d.mappingPairs(n)
	if !ok {
		return
	}
	fields := structFields(v.Type())
	for _, p := range pairs {
		f, ok := fields.byName(p.key)
		if !ok && strings.HasPrefix(p.key, "x-") {
			continue // the user's own: anchors, notes
		}
		if !ok {
			d.failAt(p.keyAt, fmt.Sprintf("unknown key %q", p.key), didYouMean(p.key, fields.names()))
			continue
		}
		d.decode(joinPath(path, p.key), p.value, v.FieldByIndex(f.index))
	}
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// decodeSlice reads a sequence; a single scalar is a sequence of one.
func (d *decoder) decodeSlice(path string, n ast.Node, v reflect.Value) {
	items := []ast.Node{n}
	if seq, ok := n.(*ast.SequenceNode); ok {
		items = seq.Values
	} else if _, ok := n.(ast.MapNode); ok && v.Type().Elem().Kind() != reflect.Struct {
		d.failNode(n, "expected a list, found a mapping", "")
		return
	} else if ok {
		d.failNode(n, "expected a list, found a mapping", `start each item with "- "`)
		return
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		d.decode(path+"["+strconv.Itoa(i)+"]", item, out.Index(i))
	}
	v.Set(out)
}

// keyMark after the path of a map's item is the place of its key.
const keyMark = ".\x00"

func (d *decoder) decodeMap(path string, n ast.Node, v reflect.Value) {
	pairs, ok := d.mappingPairs(n)
	if !ok {
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(pairs)))
	for _, p := range pairs {
		item := reflect.New(v.Type().Elem()).Elem()
		key := reflect.New(v.Type().Key()).Elem()
		if td, ok := key.Addr().Interface().(textDecoder); ok {
			if err := td.decodeText(p.key); err != nil {
				d.failAt(p.keyAt, err.Error(), "")
				continue
			}
		} else {
			key.SetString(p.key)
		}
		d.pos[joinPath(path, p.key)+keyMark] = p.keyAt
		d.decode(joinPath(path, p.key), p.value, item)
		v.SetMapIndex(key, item)
	}
}
