package config

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"
)

// presetFiles are the configurations for platforms that are known: one file
// each, with a section x-preset that says what it is and how it is recognised.
//
//go:embed presets/*.yaml
var presetFiles embed.FS

// PresetBuiltIn is the name of the built-in dashboard as a preset.
const PresetBuiltIn = "builtin"

// presetPrefix is before a preset's name where a configuration is named.
const presetPrefix = "preset:"

// Preset is a configuration that comes with the program.
type Preset struct {
	Name  string   `yaml:"-"`
	Title string   `yaml:"title"` // one line
	Keys  []string `yaml:"keys"`  // keys that tell it from others; * matches anything
	API   []string `yaml:"api"`   // paths of the API that tell it from others
	text  []byte
}

// YAML returns the preset as a commented file.
func (p Preset) YAML() []byte { return p.text }

// presets are read once: the files cannot change.
var presets = sync.OnceValue(func() []Preset {
	out := []Preset{{
		Name: PresetBuiltIn, Title: "the key names of docs/config.md: account:ID, quote:SYMBOL, positions:ID, …",
		Keys: []string{"quote:*", "account:*", "positions:*", "equity:*"}, text: defaultYAML,
	}}
	files, _ := presetFiles.ReadDir("presets") // embedded: it is there
	for _, f := range files {
		text, _ := presetFiles.ReadFile(path.Join("presets", f.Name()))
		p := Preset{Name: strings.TrimSuffix(f.Name(), ".yaml"), text: text}
		p.readSection(text)
		out = append(out, p)
	}
	return out
})

// readSection reads x-preset.
func (p *Preset) readSection(text []byte) {
	root, err := parseYAML(presetSection(text))
	if err != nil || len(root.Docs) == 0 {
		return
	}
	d := newDecoder(p.Name, text, nil)
	m, ok := root.Docs[0].Body.(ast.MapNode)
	if !ok {
		return
	}
	for it := m.MapRange(); it.Next(); {
		if keyText(it.Key()) == "x-preset" {
			d.decode("x-preset", it.Value(), reflect.ValueOf(p).Elem())
		}
	}
}

// presetSection returns the section x-preset of a file: reading the whole of it
// takes milliseconds of a start.
func presetSection(text []byte) []byte {
	const head = "\nx-preset:"
	from := bytes.Index(append([]byte("\n"), text...), []byte(head))
	if from < 0 {
		return nil
	}
	section := text[from:]
	for i := range section {
		if i > 0 && section[i-1] == '\n' && !bytes.ContainsRune([]byte(" #\n\r"), rune(section[i])) {
			return section[:i]
		}
	}
	return section
}

// Presets returns every preset, the built-in dashboard first.
func Presets() []Preset { return slices.Clone(presets()) }

// PresetNames returns the names of the presets.
func PresetNames() []string {
	var out []string
	for _, p := range presets() {
		out = append(out, p.Name)
	}
	return out
}

// AsPreset returns the same configuration under the name of a preset: the
// built-in one is a preset too, which need not be read again.
func (c *Config) AsPreset(name string) *Config {
	named := *c
	named.Name = presetPrefix + name
	return &named
}

// FindPreset returns a preset by its name, or a mistake with a suggestion.
func FindPreset(name string) (Preset, error) {
	for _, p := range presets() {
		if p.Name == name {
			return p, nil
		}
	}
	return Preset{}, &Error{Msg: fmt.Sprintf("there is no preset %q", name), Hint: didYouMean(name, PresetNames())}
}
