// Package health draws how things stand: each source with its figure or its
// cause, and each datum with its state, origin, age, time to live and cause,
// the worst on top.
package health

import (
	"slices"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/list"
	"ticktop/widgets/theme"
)

// Kind is the widget's name in the configuration.
const Kind = "health"

// Spec configures the widget.
type Spec struct {
	Data  []string `yaml:"data" doc:"which data; all when empty"`
	Title string   `yaml:"title" doc:"Health when empty"`
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
	_ widgets.Fitter  = (*Widget)(nil)
)

// New makes the widget; every spec is valid.
func New(s Spec) (*Widget, error) {
	if s.Title == "" {
		s.Title = "Health"
	}
	return &Widget{spec: s, title: datasource.Clean(s.Title, 80)}, nil
}

// Kind implements widgets.Widget.
func (w *Widget) Kind() string { return Kind }

// TellsCauses reports true: this is where the cause of each datum is read.
func (w *Widget) TellsCauses() bool { return true }

// Title implements widgets.Widget.
func (w *Widget) Title() datasource.Safe { return w.title }

// Data implements widgets.Widget.
func (w *Widget) Data() []string { return w.spec.Data }

// MinSize implements widgets.Sizer.
func (w *Widget) MinSize() (width, height int) { return 60, 10 }

// Fit implements widgets.Fitter: the three sources, a rule, the heads and a
// line for each datum.
func (w *Widget) Fit(items func(string) int) int {
	n := 0
	for _, name := range w.spec.Data {
		n += items(name)
	}
	if len(w.spec.Data) == 0 {
		n = items("")
	}
	return 2 + 3 + 2 + n
}

// item is one datum.
type item struct {
	name  string // of the datum
	text  string // made safe
	key   string // where it is read, made safe
	entry *datasource.Entry
	cause string
}

// view is everything that a frame makes of the data.
type view struct {
	items   []item
	all     []*datasource.Entry
	filter  list.Filter
	grid    grid
	win     list.Window
	sources int // lines
	rule    int // a rule below them and the column heads: lines
}

// readFrame reads a frame.
func (w *Widget) readFrame(f widgets.Context) view {
	v := view{filter: list.NewFilter(f.View.Filter)}
	v.collectEntries(f.Data, w.spec.Data)
	width, lines := list.Inside(f)
	v.grid = measureGrid(v.items, width, f.View)
	if v.filter.Active() {
		v.items = slices.DeleteFunc(v.items, func(x item) bool {
			return !v.filter.KeepString(x.text + " " + x.key + " " + draw.StateOf(x.entry).String() + " " + x.cause)
		})
	}
	v.sortItems(f.View)
	v.sources = min(int(datasource.NumSources), lines)
	if lines >= v.sources+4 {
		v.rule = 2
	}
	v.win = list.Fit(f.View, len(v.items), lines-v.sources-v.rule)
	return v
}

// collectEntries reads the data, each once.
func (v *view) collectEntries(s *datasource.Snapshot, names []string) {
	add := func(name string, e *datasource.Entry) {
		v.all = append(v.all, e)
		x := item{name: name, text: datasource.Clean(name, datasource.MaxCell).String(), entry: e, cause: causeOf(e)}
		if e != nil {
			x.key = datasource.Clean(e.Ref.Key, datasource.MaxCell).String()
		}
		v.items = append(v.items, x)
	}
	if len(names) == 0 {
		for i := range s.Len() {
			add(s.Nth(i))
		}
		return
	}
	for _, name := range names {
		s.Each(name, add)
	}
}

// waiting is the cause of what has not been answered yet.
const waiting = "waiting for the first answer"

// causeOf says in words why a datum is not live.
func causeOf(e *datasource.Entry) string {
	switch {
	case e == nil:
		return waiting
	case e.State == datasource.StateLive && e.Quiet:
		return "its channel is silent"
	}
	text := draw.Cause(e)
	if e.APIFault != nil { // both sources may have failed
		if api := draw.Cause(&datasource.Entry{APIFault: e.APIFault}); text == "" {
			text = api
		} else if api != text {
			text += " · " + api
		}
	}
	switch {
	case text != "":
	case e.State == datasource.StateMissing:
		text = "neither source has it"
	case e.State == datasource.StateLoading:
		text = waiting
	}
	return text
}

// Render implements widgets.Widget.
func (w *Widget) Render(f widgets.Context) string {
	v := w.readFrame(f)
	head := draw.Head{Title: w.title, Extra: v.win.Extra(len(v.all), v.filter, v.grid.Mark()), Focused: f.Focused}
	head.Note, head.NoteRole = draw.Note(v.all, f.Now, f.Stamps)
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	for id := range datasource.SourceID(v.sources) {
		drawSource(p, &f, id)
		p.EndLine()
	}
	if v.rule > 0 {
		p.Rule()
		v.drawHeads(p, f)
	}
	if len(v.items) == 0 {
		p.Lit(theme.Label, v.emptyReason()).EndLine()
	}
	for i := range v.win.Lines {
		n := v.win.First + i
		if f.Focused && n == v.win.Cursor {
			p.On(theme.Selected)
		}
		v.drawItem(p, &f, &v.items[n])
		p.EndLine()
	}
	return p.String()
}

func (v *view) emptyReason() string {
	if v.filter.Active() {
		return "nothing matches " + v.filter.String()
	}
	return "no data on this dashboard"
}

// Acts implements widgets.Actor.
func (w *Widget) Acts() []widgets.Action { return list.Motions(list.SortActions()...) }

// Act implements widgets.Actor.
func (w *Widget) Act(f widgets.Context, a widgets.Action, arg rune) widgets.View {
	v := w.readFrame(f)
	if moved := list.Move(f.View, a, len(v.items), v.win.Lines); moved != f.View {
		return moved
	}
	return list.Sort(f.View, a, arg, v.grid.cols)
}

// Target implements widgets.Pointer: the datum under the cursor.
func (w *Widget) Target(f widgets.Context) (widgets.Target, bool) {
	v := w.readFrame(f)
	if v.win.Cursor < 0 {
		return widgets.Target{}, false
	}
	return widgets.Target{Name: v.items[v.win.Cursor].name, Row: -1}, true
}

// RowAt implements widgets.Pointer.
func (w *Widget) RowAt(f widgets.Context, y int) (int, bool) {
	v := w.readFrame(f)
	return v.win.At(y - list.Top(f) - v.sources - v.rule)
}
