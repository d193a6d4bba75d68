// Package feed draws the messages of channels, lists and streams: a line each
// with its time, its level and its text.
package feed

import (
	"fmt"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// Kind is the widget's name in the configuration.
const Kind = "feed"

// Spec configures the widget.
type Spec struct {
	Data   string            `yaml:"data" doc:"the datum of the messages, or a repeated one: alerts"`
	Title  string            `yaml:"title" doc:"made from data when empty"`
	Order  string            `yaml:"order" doc:"newest (first, the default) or oldest"`
	Wrap   bool              `yaml:"wrap" doc:"long texts take several lines instead of being cut"`
	Text   []string          `yaml:"text" doc:"the fields that are the text of an object; the usual ones when empty"`
	Level  string            `yaml:"level" doc:"the field that is its level; the usual one when empty"`
	Where  map[string]string `yaml:"where" doc:"only messages whose fields have these texts: {type: fill}"`
	Format string            `yaml:"format" doc:"the text of a message with its fields in braces: '{symbol} {side} {volume} @ {price}'; by text when empty"`
	Empty  string            `yaml:"empty" doc:"what is said while there are no messages"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec  Spec
	title datasource.Safe
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
)

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("feed: data is missing: name the datum of the messages, for example data: alerts")
	}
	if s.Title == "" {
		s.Title = field.TitleOf(s.Data)
	}
	if !slices.Contains([]string{"", "newest", "oldest"}, s.Order) {
		return nil, fmt.Errorf("feed: order: %q is neither newest nor oldest", s.Order)
	}
	if slices.Contains(s.Text, "") {
		return nil, fmt.Errorf("feed: text: a field has no name")
	}
	if s.Format != "" && !strings.Contains(s.Format, "{") {
		return nil, fmt.Errorf("feed: format: %q names no field, write {symbol} {side}", s.Format)
	}
	return &Widget{spec: s, title: datasource.Clean(s.Title, 80)}, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return []string{w.spec.Data} }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 40, 4 }
