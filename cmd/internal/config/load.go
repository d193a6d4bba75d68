package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFile bounds a configuration file.
const maxFile = 1 << 20

// Overrides is what the command line says; it wins over everything.
type Overrides struct {
	Redis, API   string
	Vars         map[string]string // a list variable's elements are separated by commas
	Theme, Color string
	Timezone     string
}

// Options says where a configuration comes from.
type Options struct {
	File   string // --config; "" searches
	Preset string // --preset; "" for none
	Env    *Env
	Overrides

	// Trust decides on a found file that would send what it does not hold.
	Trust Asker

	// Keys checks the assignment of keys, whose actions the screen knows; nil
	// checks nothing. Of an error with Mistake() the item says where it stands.
	Keys func(map[string][]string) error
}

// Load finds, reads and checks the configuration. Without any file it is the
// built-in one. Every error is an *Error, or Errors, with its place.
func Load(o Options) (*Config, error) {
	if o.Preset != "" {
		return loadPreset(o)
	}
	paths := FindPaths(o.Env, o.File)
	for _, path := range paths.Search {
		data, err := o.Env.readOnce(path, o.File == "" && !o.Env.namedBy("TICKTOP_CONFIG"))
		if errors.Is(err, fs.ErrNotExist) && len(paths.Search) > 1 {
			continue
		}
		if err != nil {
			return nil, &Error{File: path, Msg: "cannot be read: " + causeOf(err), Hint: "name another with --config or TICKTOP_CONFIG"}
		}
		// Named by nobody but a .env, or by nothing but its place.
		found := o.File == "" && !o.Env.namedBy("TICKTOP_CONFIG") && (path == workingFile || len(paths.Search) == 1)
		if err := foundHere(path, found); err != nil {
			return nil, err
		}
		c, err := Parse(path, data, o)
		if err != nil {
			return nil, err
		}
		return onlyTrusted(c, c.askTrust(path, data, found, o.Trust))
	}
	c, err := Parse(BuiltIn, nil, o)
	if err != nil {
		return nil, err
	}
	return onlyTrusted(c, c.askTrust("", nil, false, o.Trust))
}

// onlyTrusted returns a configuration that no decision forbids.
func onlyTrusted(c *Config, err error) (*Config, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

// loadPreset is Load for a preset.
func loadPreset(o Options) (*Config, error) {
	if o.File != "" {
		return nil, &Error{Msg: "--preset and --config exclude each other"}
	}
	p, err := FindPreset(o.Preset)
	if err != nil {
		return nil, err
	}
	c, err := Parse(presetPrefix+p.Name, p.text, o)
	if err != nil {
		return nil, err
	}
	c.Path = "" // it comes with the program
	return onlyTrusted(c, c.askTrust("", nil, false, o.Trust))
}

// foundHere refuses a configuration that merely lies in the working directory
// unless it is ours.
func foundHere(path string, found bool) error {
	if !found {
		return nil
	}
	info, err := os.Stat(path)
	if err == nil {
		err = checkOwner(info)
	}
	if err != nil {
		return &Error{File: path, Msg: causeOf(err), Hint: "to use it, name it: --config " + path}
	}
	return nil
}

// readOnce reads a file. A pipe that was named (--config <(…)) is read once and
// remembered, because a reload cannot read it again; one that was only found is
// not opened.
func (e *Env) readOnce(path string, found bool) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil || info.Mode().IsRegular() || info.IsDir() {
		return readFile(path)
	}
	if found {
		return nil, errors.New("is not a regular file")
	}
	if e == nil {
		return readFile(path)
	}
	if data, ok := e.pipes[path]; ok {
		return data, nil
	}
	data, err := readFile(path)
	if err == nil {
		if e.pipes == nil {
			e.pipes = map[string][]byte{}
		}
		e.pipes[path] = data
	}
	return data, err
}

// readFile reads a file of at most maxFile bytes.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = errors.New("larger than 1 MiB")
	}
	return data, err
}

// Parse checks the content of a configuration file. name is the file's path, or
// BuiltIn: data is then in the place of Default, nil for Default itself.
func Parse(name string, data []byte, o Options) (*Config, error) {
	text := Default()
	if name == BuiltIn && data != nil {
		text = data
	}
	builtin, d := parseFile(BuiltIn, text, o.Env)
	f := builtin
	if name != BuiltIn {
		f, d = parseFile(name, data, o.Env)
		if len(d.errs) == 0 {
			fillIn(f, builtin, d)
		}
	}
	if len(d.errs) > 0 {
		return nil, d.errs
	}
	c := &Config{Name: name, file: f, dec: d, origin: map[string]string{}}
	c.classifyShown()
	c.collectDates()
	if name != BuiltIn {
		if abs, err := filepath.Abs(name); err == nil && canChange(name) {
			c.Path = abs
		}
	}
	c.assemble(o)
	v := &validator{config: c, dec: d}
	v.validateAll()
	v.validateKeys(o.Keys)
	if len(d.errs) > 0 {
		return nil, d.errs
	}
	return c, nil
}

// canChange reports whether a file can change: a pipe cannot.
func canChange(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

// parseFile reads YAML into the file's structures; what is wrong is in the
// decoder's errs.
func parseFile(name string, data []byte, env *Env) (*file, *decoder) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	d := newDecoder(name, data, env)
	f := new(file)
	if isTooDeep(data) {
		d.failAt(Pos{}, "nested too deep", "")
		return f, d
	}
	root, err := parseYAML(data)
	if err != nil {
		d.recordSyntax(err)
		return f, d
	}
	for i, doc := range root.Docs {
		if doc.Body == nil {
			continue
		}
		if i > 0 {
			d.failNode(doc.Body, "more than one YAML document", `remove what follows "---"`)
			break
		}
		d.collectAnchors(doc.Body)
		d.decode("", doc.Body, reflect.ValueOf(f).Elem())
	}
	for i := range f.Pages {
		f.Pages[i].src = d
	}
	return f, d
}

func newDecoder(name string, data []byte, env *Env) *decoder {
	return &decoder{file: name, lines: strings.Split(string(data), "\n"), env: env, anchors: map[string]ast.Node{}, pos: map[string]Pos{}, zero: map[string]bool{}}
}

// isTooDeep reports nesting that no dashboard has and the parser should not be
// asked to follow.
func isTooDeep(data []byte) bool {
	depth, dashes := 0, 0
	for _, c := range data {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		case '-', '?', ':':
			dashes++
		case ' ', '\t':
		default:
			dashes = 0
		}
		if depth > 200 || dashes > 200 {
			return true
		}
	}
	return false
}

// parseYAML parses; a panic of the parser is an error like any other.
func parseYAML(data []byte) (f *ast.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("not valid YAML")
		}
	}()
	return parser.ParseBytes(data, 0)
}

// recordSyntax records a mistake that the parser found.
func (d *decoder) recordSyntax(err error) {
	var ye yaml.Error
	if errors.As(err, &ye) {
		at, hint := tokenPos(ye.GetToken()), ""
		if at.Line >= 1 && at.Line <= len(d.lines) && strings.HasPrefix(strings.TrimLeft(d.lines[at.Line-1], " "), "\t") {
			hint = "indent with spaces, not tabs"
		}
		d.failAt(at, "not valid YAML: "+ye.GetMessage(), hint)
		return
	}
	d.failAt(Pos{}, err.Error(), "")
}

func (d *decoder) collectAnchors(body ast.Node) { ast.Walk(anchorVisitor(d.anchors), body) }

// anchorVisitor collects the anchors of a document.
type anchorVisitor map[string]ast.Node

// Visit implements ast.Visitor.
func (v anchorVisitor) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok && a.Name != nil {
		v[a.Name.GetToken().Value] = a.Value
	}
	return v
}

func valueOf(ptr any) reflect.Value { return reflect.ValueOf(ptr).Elem() }
