package config

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Line is one entry of a section: a name and its YAML in flow style.
type Line struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Addition is what is put into a configuration: variables, data, and a page of
// panels. Panels are YAML in flow style.
type Addition struct {
	Vars   []Line   `json:"vars,omitempty"`
	Data   []Line   `json:"data,omitempty"`
	Page   string   `json:"-"`
	Panels []string `json:"panels,omitempty"`
}

// panelsInRow is how many added panels share a row.
const panelsInRow = 2

// Source is the text that a configuration was read from.
func (c *Config) Source() []byte { return []byte(strings.Join(c.dec.lines, "\n")) }

// With returns the configuration with something added: exactly what the text of
// Added would be.
func (c *Config) With(a Addition, o Options) (*Config, error) {
	text, err := c.Added(a)
	if err != nil {
		return nil, err
	}
	name := c.Name
	if name == BuiltIn {
		name = "the built-in dashboard" // whose text Parse would not look at
	}
	out, err := Parse(name, text, o)
	if err != nil {
		return nil, err
	}
	out.Name, out.Path = c.Name, c.Path
	return out, nil
}

// Added returns the text of the configuration with something added, everything
// else as its author wrote it. What the built-in dashboard gives a file that
// leaves parts out is written down, because it would no longer be given.
func (c *Config) Added(a Addition) ([]byte, error) {
	text := string(c.Source())
	var err error
	if text, err = c.completed(text); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		name  string
		lines []Line
	}{{"vars", a.Vars}, {"data", a.Data}} {
		if len(s.lines) == 0 {
			continue
		}
		entries := make([]string, len(s.lines))
		for i, l := range s.lines {
			entries[i] = l.Name + ": " + l.Text
		}
		if text, err = addEntries(text, s.name, entries, false); err != nil {
			return nil, err
		}
	}
	if len(a.Panels) > 0 {
		var rows []string
		for row := range slices.Chunk(a.Panels, panelsInRow) {
			rows = append(rows, "{widgets: ["+strings.Join(row, ", ")+"]}")
		}
		page := "{name: " + c.freePage(a.Page) + ", rows: [" + strings.Join(rows, ", ") + "]}"
		if text, err = addEntries(text, "pages", []string{page}, true); err != nil {
			return nil, err
		}
	}
	return []byte(text), nil
}

// freePage is a name that no page has.
func (c *Config) freePage(name string) string {
	have := c.PageNames()
	for base, i := name, 2; slices.Contains(have, name); i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	return name
}

// completed writes down the sections that fillIn gives to a file without them.
func (c *Config) completed(text string) (string, error) {
	if c.Name == BuiltIn {
		return text, nil
	}
	own, _ := parseFile(c.Name, []byte(text), c.dec.env)
	text = strings.TrimRight(text, "\n") + "\n"
	if len(own.Data) == 0 {
		text += "\n" + sectionOf(string(Default()), "data")
		var missing []string
		builtin, _ := parseFile(BuiltIn, Default(), c.dec.env)
		for _, it := range builtin.Vars {
			if _, ok := own.Vars.Get(it.Key); !ok {
				missing = append(missing, strings.TrimSpace(entryOf(sectionOf(string(Default()), "vars"), it.Key)))
			}
		}
		var err error
		if text, err = addEntries(text, "vars", missing, false); err != nil {
			return "", err
		}
		if len(own.Pages) == 0 {
			return text + "\n" + sectionOf(string(Default()), "pages"), nil
		}
	}
	if len(own.Pages) == 0 {
		text += "\n" + string(autoPages(own.Data))
	}
	return text, nil
}

// headOf finds the line that a section begins with; -1 for none.
func headOf(lines []string, name string) int {
	head := regexp.MustCompile(`^["']?` + name + `["']?\s*:(\s|$)`)
	return slices.IndexFunc(lines, head.MatchString)
}

// endOf is the line behind the last line of the section that begins at head:
// blank lines and comments behind it belong to what follows.
func endOf(lines []string, head int) int {
	end := head + 1
	for i := head + 1; i < len(lines); i++ {
		l := lines[i]
		if l != "" && !strings.ContainsAny(l[:1], " \t#-}]") || strings.HasPrefix(l, "---") {
			break
		}
		if t := strings.TrimSpace(l); t != "" && !strings.HasPrefix(t, "#") {
			end = i + 1
		}
	}
	return end
}

// sectionOf is the text of a section in block style.
func sectionOf(text, name string) string {
	lines := strings.Split(text, "\n")
	head := headOf(lines, name)
	if head < 0 {
		return ""
	}
	return strings.Join(lines[head:endOf(lines, head)], "\n") + "\n"
}

// entryOf is the line of an entry in a section.
func entryOf(section, name string) string {
	for line := range strings.Lines(section) {
		if strings.HasPrefix(strings.TrimSpace(line), name+":") {
			return line
		}
	}
	return ""
}

var errLayout = errors.New("the layout of this configuration cannot be added to: write vars, data and pages at the beginning of a line")

// addEntries puts entries at the end of a section; list says that it is a list.
func addEntries(text, section string, entries []string, list bool) (string, error) {
	if len(entries) == 0 {
		return text, nil
	}
	lines := strings.Split(text, "\n")
	head := headOf(lines, section)
	mark := ""
	if list {
		mark = "- "
	}
	block := func(indent string) []string {
		out := make([]string, len(entries))
		for i, e := range entries {
			out[i] = indent + mark + e
		}
		return out
	}
	if head < 0 {
		if bytes.HasPrefix(bytes.TrimSpace([]byte(text)), []byte("{")) {
			return "", errLayout
		}
		return strings.TrimRight(text, "\n") + "\n\n" + section + ":\n" + strings.Join(block("  "), "\n") + "\n", nil
	}
	_, rest, _ := strings.Cut(lines[head], ":")
	switch rest = strings.TrimSpace(rest); {
	case strings.HasPrefix(rest, "{"), strings.HasPrefix(rest, "["):
		return addFlow(text, section, entries)
	case rest != "" && !strings.HasPrefix(rest, "#"):
		return "", errLayout
	}
	end, indent := endOf(lines, head), "  "
	for _, l := range lines[head+1 : end] {
		if t := strings.TrimLeft(l, " "); t != "" && !strings.HasPrefix(t, "#") {
			indent = l[:len(l)-len(t)]
			break
		}
	}
	return strings.Join(slices.Insert(lines, end, block(indent)...), "\n"), nil
}

// addFlow puts entries before the bracket that closes a section in flow style.
func addFlow(text, section string, entries []string) (string, error) {
	root, err := parseYAML([]byte(text))
	if err != nil || len(root.Docs) == 0 {
		return "", errLayout
	}
	m, ok := root.Docs[0].Body.(ast.MapNode)
	if !ok {
		return "", errLayout
	}
	var closing *token.Token
	for it := m.MapRange(); it.Next(); {
		if keyText(it.Key()) != section {
			continue
		}
		switch n := it.Value().(type) {
		case *ast.MappingNode:
			closing = n.End
		case *ast.SequenceNode:
			closing = n.End
		}
	}
	if closing == nil {
		return "", errLayout
	}
	lines := strings.Split(text, "\n")
	at := tokenPos(closing)
	if at.Line < 1 || at.Line > len(lines) {
		return "", errLayout
	}
	runes := []rune(lines[at.Line-1])
	if at.Col < 1 || at.Col > len(runes) || runes[at.Col-1] != '}' && runes[at.Col-1] != ']' {
		return "", errLayout
	}
	before := strings.TrimRight(strings.Join(lines[:at.Line-1], "\n")+"\n"+string(runes[:at.Col-1]), " \n")
	glue := ", "
	if strings.HasSuffix(before, ",") || strings.HasSuffix(before, "{") || strings.HasSuffix(before, "[") {
		glue = " "
	}
	lines[at.Line-1] = string(runes[:at.Col-1]) + glue + strings.Join(entries, ", ") + string(runes[at.Col-1:])
	return strings.Join(lines, "\n"), nil
}
