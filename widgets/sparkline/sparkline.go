// Package sparkline draws series as rows: a name, a line scaled to what is on
// it, the last value and its change over the time shown.
package sparkline

import (
	"fmt"
	"math"
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Kind is the widget's name in the configuration.
const Kind = "sparkline"

// Spec configures the widget.
type Spec struct {
	Data   string        `yaml:"data" doc:"a series, or a group of them: price"`
	More   []string      `yaml:"more" doc:"other series, below it"`
	Title  string        `yaml:"title" doc:"from the datum's name when empty"`
	Range  time.Duration `yaml:"range" doc:"how far back; all there is when 0"`
	Format string        `yaml:"format" doc:"of the values, by name: text, number, fixed, money, signed, percent, ratio, price, count, volume, duration, compact"`
}

// gapFactor is how many usual distances make a gap.
const gapFactor = 5

// Widget is the panel. See widgets.Widget for its guarantees.
type Widget struct {
	spec   Spec
	title  datasource.Safe
	data   []string
	format field.Format
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
		return nil, fmt.Errorf("sparkline: data is missing: name a series or a group of them, for example data: price")
	}
	if s.Range < 0 {
		return nil, fmt.Errorf("sparkline: range %v is negative", s.Range)
	}
	format, err := field.Parse(s.Format, datasource.Group(s.Data))
	if err != nil {
		return nil, fmt.Errorf("sparkline: %w", err)
	}
	w := &Widget{spec: s, format: format, data: append([]string{s.Data}, s.More...), title: datasource.Clean(s.Title, 80)}
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
func (w *Widget) Data() []string { return slices.Clone(w.data) }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 24, 3 }

// row is one series.
type row struct {
	name  string // of the datum
	label string
	entry *datasource.Entry
	pts   []datasource.Point // in the window
	from  int64
	to    int64
	gap   int64
	last  datasource.Point
	ok    bool    // there is a last value
	delta float64 // since the first sample shown, in per cent
}

// look is a frame worked out.
type look struct {
	rows    []row // those that the filter keeps
	all     int
	entries []*datasource.Entry
	filter  list.Filter
	win     list.Window
}

func (w *Widget) lookAt(f *widgets.Context) look {
	k := look{filter: list.NewFilter(f.View.Filter)}
	for _, name := range w.data {
		f.Data.Each(name, func(name string, e *datasource.Entry) {
			k.all++
			k.entries = append(k.entries, e)
			r := row{name: name, entry: e, label: datasource.Item(name)}
			if r.label == "" {
				r.label = field.Label(name)
			}
			r.label = datasource.Clean(r.label, 80).String()
			if k.filter.KeepString(r.label) {
				k.rows = append(k.rows, r)
			}
		})
	}
	_, lines := list.Inside(*f)
	k.win = list.Fit(f.View, len(k.rows), lines)
	for i := k.win.First; i < k.win.End(); i++ {
		w.read(&k.rows[i], f.Now)
	}
	return k
}

// read works out what a row shows.
func (w *Widget) read(r *row, now time.Time) {
	if !r.entry.Known() || r.entry.Value.Type != datasource.TypeSeries || len(r.entry.Value.Points) == 0 {
		return
	}
	pts := r.entry.Value.Points
	r.gap = draw.GapOf(pts, gapFactor)
	r.from, r.to = pts[0].MS, pts[len(pts)-1].MS+1
	if w.spec.Range > 0 {
		if t := now.UnixMilli(); r.to < t && r.to > t-w.spec.Range.Milliseconds() {
			r.to = t
		}
		r.from = r.to - w.spec.Range.Milliseconds()
	}
	r.pts = draw.Window(pts, r.from, r.to)
	r.last, r.ok = (&datasource.Value{Points: r.pts}).Last()
	for _, p := range r.pts {
		if p.V != 0 && !math.IsNaN(p.V) {
			r.delta = (r.last.V/p.V - 1) * 100
			break
		}
	}
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions() }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, _ rune) widgets.View {
	k := w.lookAt(&f)
	_, lines := list.Inside(f)
	return list.Move(f.View, a, len(k.rows), lines)
}

// Target implements widgets.Pointer: the series under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	k := w.lookAt(&f)
	if k.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	return widgets.Target{Name: k.rows[k.win.Cursor].name, Row: -1}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	k := w.lookAt(&f)
	return k.win.At(y - list.Top(f))
}
