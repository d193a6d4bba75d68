// Package flags draws feature flags: the items of a repeated datum or the
// fields of an object, each on or off.
package flags

import (
	"fmt"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/facts"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// Kind is the widget's name in the configuration.
const Kind = "flags"

// Spec configures the widget.
type Spec struct {
	Data  string   `yaml:"data" doc:"a repeated datum or an object: flag"`
	Title string   `yaml:"title" doc:"Flags when empty"`
	Alarm []string `yaml:"alarm" doc:"flags that are an alarm when they are on; by their names when empty: kill_switch, halt, …"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	widgets.Base
	spec Spec
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
	_ widgets.Fitter  = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("flags: data is missing: name the datum of the flags, for example data: flag")
	}
	if s.Title == "" {
		s.Title = "Flags"
	}
	return &Widget{spec: s, Base: widgets.NewBase(Kind, s.Title, s.Data)}, nil
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 24, 4 }

// Fit implements widgets.Fitter: a line for each flag, as far as they are
// known beforehand.
func (w *Widget) Fit(items func(string) int) int {
	n := items(w.spec.Data)
	if n <= 1 {
		return 0
	}
	return 2 + n
}

// readBoard reads a frame. Names are put into words; the inspector has them as they are written.
func (w *Widget) readBoard(f widgets.Context) *facts.Board {
	all := facts.Collect(f.Data, w.spec.Data)
	for i := range all {
		x := &all[i]
		x.Label = field.Label(x.Name)
		if item := datasource.Item(x.Datum); item != "" && x.Path != "" {
			x.Label = field.Label(datasource.Clean(item, datasource.MaxCell).String())
			if !isSwitch(x.Path) {
				x.Label += " " + x.Name
			}
		}
	}
	return facts.NewBoard(f, w.Title(), w.spec.Data, all, len(all) > 0 && all[0].Datum != w.spec.Data)
}

// isSwitch reports whether a field of an object says if the flag is on.
func isSwitch(name string) bool {
	return slices.Contains([]string{"enabled", "on", "active", "value", "state"}, strings.ToLower(name))
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	b := w.readBoard(f)
	return b.Render(func(p *draw.Panel, x *facts.Fact) {
		on, known := read(x.Value)
		if !known {
			b.Line(p, x)
			return
		}
		word, role := "off", theme.Dim
		if on {
			word, role = "on", theme.Good
			if w.isAlarming(x.Name) || w.isAlarming(datasource.Item(x.Datum)) {
				role = theme.Bad
			}
		}
		p.Cell(draw.Faded(x.Entry, theme.Text), x.Label, p.Left()-wordWidth).Right(draw.Faded(x.Entry, role), word, wordWidth-2)
		p.Skip(1).Mark(x.Entry)
	})
}

// wordWidth is the space for a blank, "off", a blank and a mark.
const wordWidth = 6

// read tells whether a value says on or off, in any of the ways that producers
// write it. known is false for everything else: a text, a percentage.
func read(v *datasource.Value) (on, known bool) {
	if v == nil {
		return false, false
	}
	switch v.Type {
	case datasource.TypeBool:
		return v.Bool, true
	case datasource.TypeNumber:
		switch v.Num.Float() {
		case 0:
			return false, true
		case 1:
			return true, true
		}
	case datasource.TypeText:
		switch strings.ToLower(v.Text.String()) {
		case "true", "on", "yes", "y", "t", "enabled", "active":
			return true, true
		case "false", "off", "no", "n", "f", "disabled", "inactive":
			return false, true
		}
	}
	return false, false
}

// isAlarming reports whether a flag is one that should be off.
func (w *Widget) isAlarming(name string) bool {
	if len(w.spec.Alarm) > 0 {
		return slices.Contains(w.spec.Alarm, name)
	}
	name = strings.ToLower(name)
	for _, word := range [...]string{"kill", "halt", "panic", "emergency", "maintenance", "circuit_breaker"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	return w.readBoard(f).Act(a)
}

// Target implements widgets.Pointer: the flag under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) { return w.readBoard(f).Target() }

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) { return w.readBoard(f).RowAt(y) }
