// Package figures draws the few numbers that a trader looks at first, side by
// side and without borders: what it is, the figure, and a line about it. A
// figure may have a spark, or a bar against its limit.
package figures

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// Kind is the widget's name in the configuration.
const Kind = "figures"

// Spec configures the widget.
type Spec struct {
	Title   string   `yaml:"title" doc:"of the panel where it has to be named; Figures when empty"`
	Figures []Figure `yaml:"figures" doc:"from left to right; what has no space is left out from the right"`
}

// Figure is one of the numbers. A path is a datum's name and a field of it:
// "account.equity"; a datum that is one number is named alone.
type Figure struct {
	Title  string `yaml:"title" doc:"what it is called; from the field's name when empty"`
	Value  string `yaml:"value" doc:"path of the figure"`
	Format string `yaml:"format" doc:"of the figure; guessed from the field's name when empty"`
	Delta  string `yaml:"delta" doc:"path of its change, shown below it with its sign"`
	Base   string `yaml:"base" doc:"path of what the change is measured by: adds per cent"`
	Suffix string `yaml:"suffix" doc:"a word after the change: today"`
	Spark  string `yaml:"spark" doc:"a series beside the figure"`
	Limit  string `yaml:"limit" doc:"path of its limit, or a number: draws a bar in the figure's place"`
	Loss   bool   `yaml:"loss" doc:"the figure is a result, and only a loss counts against the limit"`
	Note   string `yaml:"note" doc:"a line below, with paths in angle brackets: \"level <account.margin_level>\""`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	title   datasource.Safe
	figures []figure
	data    []string
}

// figure is one checked Figure.
type figure struct {
	Figure
	title  string
	format field.Format
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
	_ widgets.Fitter  = (*Widget)(nil)
)

var inBrackets = regexp.MustCompile(`<([a-z][^<> ]*)>`)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if len(s.Figures) == 0 {
		return nil, fmt.Errorf("figures: figures is missing: list at least one, for example figures: [{value: account.equity}]")
	}
	w := &Widget{title: datasource.Clean(s.Title, 80)}
	if s.Title == "" {
		w.title = datasource.Clean("Figures", 0)
	}
	for i, g := range s.Figures {
		if g.Value == "" {
			return nil, fmt.Errorf("figures: figure %d has no value: name a field, for example value: account.equity", i+1)
		}
		last := g.Value[strings.LastIndexByte(g.Value, '.')+1:]
		format, err := field.Parse(g.Format, last)
		if err != nil {
			return nil, fmt.Errorf("figures: %w", err)
		}
		title := g.Title
		if title == "" {
			title = field.Label(last)
		}
		w.figures = append(w.figures, figure{Figure: g, title: datasource.Clean(title, 40).String(), format: format})
		w.addData(g.Value, g.Delta, g.Base, g.Spark, g.Limit)
		for _, m := range inBrackets.FindAllStringSubmatch(g.Note, -1) {
			w.addData(m[1])
		}
	}
	return w, nil
}

// addData notes the data that paths lead to.
func (w *Widget) addData(paths ...string) {
	for _, path := range paths {
		name := datasource.Group(path)
		if _, isNumber := datasource.ParseNumber(path); name == "" || isNumber || slices.Contains(w.data, name) {
			continue
		}
		w.data = append(w.data, name)
	}
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return slices.Clone(w.data) }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 20, 2 }

// Fit implements widgets.Fitter: three lines say all there is.
func (w *Widget) Fit(func(string) int) int { return 3 }

// Target implements widgets.Pointer: the first figure.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	name, path := splitPath(w.figures[0].Value, f.Data)
	return widgets.Target{Name: name, Field: path, Row: -1}, f.Data.Get(name) != nil
}

// RowAt implements widgets.Pointer: figures are no rows.
func (w *Widget) RowAt(widgets.Context, int) (int, bool) { return 0, false }

// splitPath divides a path into the datum and the field in it.
func splitPath(path string, data *datasource.Snapshot) (name, rest string) {
	if data.Get(path) != nil {
		return path, ""
	}
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' && data.Get(path[:i]) != nil {
			return path[:i], path[i+1:]
		}
	}
	name, rest, _ = strings.Cut(path, ".")
	return name, rest
}

// valueAt returns what a path leads to, and the entry that holds it.
func valueAt(path string, data *datasource.Snapshot) (*datasource.Value, *datasource.Entry) {
	name, rest := splitPath(path, data)
	e := data.Get(name)
	if !e.Known() {
		return nil, e
	}
	if rest == "" {
		return &e.Value, e
	}
	return field.At(&e.Value, rest), e
}

// numberAt returns the number at a path, or that the path is.
func numberAt(path string, data *datasource.Snapshot) (datasource.Number, *datasource.Entry, bool) {
	if n, ok := datasource.ParseNumber(path); ok {
		return n, nil, true
	}
	v, e := valueAt(path, data)
	n, ok := v.Number()
	return n, e, ok && n.Finite()
}
