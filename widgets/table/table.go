// Package table draws rows of objects: positions, orders, fills. The rows come
// from an array, from a hash that holds an object in each field, from messages
// or from a repeated datum; the columns are those of the spec, or are found in
// the data.
package table

import (
	"fmt"
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// Kind is the widget's name in the configuration.
const Kind = "table"

// Spec configures the widget.
type Spec struct {
	Data    string   `yaml:"data" doc:"the datum of the rows: positions"`
	Title   string   `yaml:"title" doc:"made from data when empty"`
	Columns []Column `yaml:"columns" doc:"found in the data when empty"`
	Sort    string   `yaml:"sort" doc:"the field sorted by at first; '-' before it turns it round"`
	Empty   string   `yaml:"empty" doc:"what is said when there are no rows"`
	Noun    string   `yaml:"noun" doc:"what the rows are, for the line of totals: open"`
	Totals  string   `yaml:"totals" doc:"auto (profits, fees: the default), off, or by columns alone: columns"`
}

// Column is one column.
type Column struct {
	Field  string `yaml:"field" doc:"of a row, dotted inside objects"`
	Label  string `yaml:"label" doc:"made from the field when empty"`
	Format string `yaml:"format" doc:"text, number, fixed, money, signed, percent, change, ratio, bps, price, count, volume, duration, compact, time or side, then :decimals or :unit; by the name when empty"`
	Align  string `yaml:"align" doc:"left or right; by the format when empty"`
	Total  bool   `yaml:"total" doc:"add it up below the rows"`
	Width  int    `yaml:"width" doc:"at least so many cells"`
	Weight int    `yaml:"weight" doc:"lower goes first when there is no space; 0 by the format"`
}

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	widgets.Base
	spec Spec
	cols []column // as configured; empty: from the data
	sort string
	desc bool
}

var (
	_ widgets.Widget  = (*Widget)(nil)
	_ widgets.Actor   = (*Widget)(nil)
	_ widgets.Pointer = (*Widget)(nil)
	_ widgets.Sizer   = (*Widget)(nil)
)

// maxWidth bounds Column.Width.
const maxWidth = 200

// New checks a spec and makes the widget.
func New(s Spec) (*Widget, error) {
	if s.Data == "" {
		return nil, fmt.Errorf("table: data is missing: name the datum of the rows, for example data: positions")
	}
	if s.Title == "" {
		s.Title = field.TitleOf(s.Data)
	}
	if !slices.Contains([]string{"", "auto", "off", "columns"}, s.Totals) {
		return nil, fmt.Errorf("table: totals: %q is not auto, off or columns", s.Totals)
	}
	w := &Widget{spec: s, Base: widgets.NewBase(Kind, s.Title, s.Data)}
	for i, c := range s.Columns {
		if slices.ContainsFunc(w.cols, func(o column) bool { return o.Key == c.Field }) {
			return nil, fmt.Errorf("table: columns: %s is there twice", c.Field)
		}
		col, err := c.compileColumn()
		if err != nil {
			return nil, fmt.Errorf("table: columns[%d]: %w", i, err)
		}
		w.cols = append(w.cols, col)
	}
	w.sort, w.desc = strings.CutPrefix(s.Sort, "-")
	if w.sort != "" && len(w.cols) > 0 && !slices.ContainsFunc(w.cols, func(c column) bool { return c.Key == w.sort }) {
		return nil, fmt.Errorf("table: sort: there is no column %q", w.sort)
	}
	return w, nil
}

// compileColumn checks a column and fills in what its name suggests.
func (c Column) compileColumn() (column, error) {
	switch {
	case c.Field == "":
		return column{}, fmt.Errorf("field is missing")
	case strings.Contains(c.Field, ","):
		return column{}, fmt.Errorf("%s: a column's field has no comma", c.Field)
	case c.Width < 0 || c.Width > maxWidth:
		return column{}, fmt.Errorf("%s: width %d is not between 0 and %d", c.Field, c.Width, maxWidth)
	case c.Weight < 0:
		return column{}, fmt.Errorf("%s: weight %d is below 0", c.Field, c.Weight)
	case !slices.Contains([]string{"", "left", "right"}, c.Align):
		return column{}, fmt.Errorf("%s: align %q is neither left nor right", c.Field, c.Align)
	}
	form, err := field.Parse(c.Format, lastPart(c.Field))
	if err != nil {
		return column{}, fmt.Errorf("%s: %w", c.Field, err)
	}
	col := newColumn(c.Field, form)
	if c.Label != "" {
		col.head = datasource.Clean(c.Label, datasource.MaxCell).String()
	}
	if c.Align != "" {
		col.left = c.Align == "left"
		col.aligned = true
	}
	if c.Weight > 0 {
		col.Weight = c.Weight
	}
	col.total, col.min = c.Total, c.Width
	return col, nil
}

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 40, 6 }
