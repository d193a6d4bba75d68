// Package area draws one series as an area above and below the value that it
// began with: an account's equity since the day's start, with the limit, the
// drawdown below it, and the result of each hour.
package area

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// Kind is the widget's name in the configuration.
const Kind = "area"

// Spec configures the widget.
type Spec struct {
	Data   string        `yaml:"data" doc:"a series: \"equity\""`
	Title  string        `yaml:"title" doc:"the datum's name when empty"`
	Range  time.Duration `yaml:"range" doc:"how far back; all of today when 0"`
	Format string        `yaml:"format" doc:"of the values, as in field.Parse; guessed from the datum's name when empty"`
	Start  string        `yaml:"start" doc:"a field with the value that it began with: \"account.day_start_equity\"; the first sample when empty"`
	Now    string        `yaml:"now" doc:"a field with the value now, so that two panels never tell two: account.equity"`
	Limit  string        `yaml:"limit" doc:"a field with the loss that is allowed since then: \"account.day_loss_limit\""`
	NoLoss bool          `yaml:"no_loss" doc:"leaves the drawdown and the hours out"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec   Spec
	title  datasource.Safe
	format field.Format
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("area: data is missing: name a series, for example data: equity")
	}
	if s.Range < 0 {
		return nil, fmt.Errorf("area: range %v is negative", s.Range)
	}
	for name, path := range map[string]string{"start": s.Start, "limit": s.Limit, "now": s.Now} {
		if path != "" && !strings.Contains(path, ".") {
			return nil, fmt.Errorf("area: %s %q names no field: write it as datum.field", name, path)
		}
	}
	format, err := field.Parse(s.Format, datasource.Group(s.Data))
	if err != nil {
		return nil, fmt.Errorf("area: %w", err)
	}
	w := &Widget{spec: s, format: format, title: datasource.Clean(s.Title, 80)}
	if s.Title == "" {
		w.title = datasource.Clean(field.TitleOf(s.Data), 80)
	}
	return w, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string {
	names := []string{w.spec.Data}
	for _, path := range []string{w.spec.Start, w.spec.Limit, w.spec.Now} {
		if name := datasource.Group(path); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 28, 7 }

// Target implements widgets.Pointer.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	return widgets.Target{Name: w.spec.Data, Row: -1}, f.Data.Get(w.spec.Data) != nil
}

// RowAt implements widgets.Pointer: an area has no rows.
func (w *Widget) RowAt(widgets.Context, int) (int, bool) { return 0, false }

// numberAt reads "datum.field" as a number.
func numberAt(data *datasource.Snapshot, path string) (float64, bool) {
	name, rest, ok := strings.Cut(path, ".")
	e := data.Get(name)
	if !ok || !e.Known() {
		return 0, false
	}
	n, ok := field.At(&e.Value, rest).Number()
	return n.Float(), ok && n.Finite()
}
