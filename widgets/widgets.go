// Package widgets is the contract between the screen and what it shows. The
// concrete widgets live in the folders below it, one kind each.
package widgets

import (
	"time"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

// Widget draws one panel of a dashboard.
//
// A Widget is made once from its Spec, shared by every session and never
// written to afterwards: it has no clock, no lock, no goroutine and no memory
// of what it drew. Everything that differs between two pictures comes in
// through the Context. All methods are safe for concurrent use.
type Widget interface {
	// Kind is the name of the widget's kind in the configuration.
	Kind() string
	// Title is what the panel is called, without the item count or range that
	// Render may add.
	Title() datasource.Safe
	// Data lists the names of the data that the widget shows; a group's name
	// means all its items, and no name at all for everything there is. Its
	// picture depends on nothing else in the snapshot, so it can be kept as long
	// as Snapshot.Rev of these is the same.
	Data() []string
	// Render returns the panel with its border: exactly f.H lines, joined by
	// "\n", each exactly f.W cells wide, each ending with all styles reset.
	// It must work for every size from 1×1 up, for every state of every datum
	// and for a snapshot that has none of its data.
	Render(f Context) string
}

// Context is everything that a rendered panel depends on.
type Context struct {
	W, H     int                  // cells, border included
	Data     *datasource.Snapshot // never nil
	Theme    *theme.Palette       // never nil
	Now      time.Time            // whole seconds: ages and countdowns are computed from it
	View     View                 // what this session has done to the widget
	Selected datasource.Safe      // the element that linked panels show ("EURUSD"); empty for none
	Levels   string               // prices of the session's alerts as Levels writes them, for a Leveled widget
	Focused  bool                 // this panel has the focus
	Stamps   bool                 // show times of day instead of ages ('t')
	Private  bool                 // hide what is not market data. ui leaves it false: it takes that out of Data (datasource/mask)
}

// View is what one session has done to one widget. It is comparable, so that
// two sessions that see the same thing share a picture; the zero View is the
// widget as configured.
type View struct {
	Cursor int    // selected row, from 0; -1 after "none"
	Offset int    // first row shown, before clamping
	Sort   string // column sorted by, "" as configured
	Desc   bool   // sort descending
	Filter string // regular expression, a leading '!' inverts; "" shows all
	Hidden string // hidden columns, comma separated
	Range  int    // steps from the configured time range: + longer, - shorter
	Zoom   int    // steps of magnification
	Cross  int    // crosshair: points back from the newest, 0 is off

	Overlays string // indicators and lines switched on and off: "+rsi 14,-vwap"; "" as configured
}

// Action is what a key asks a widget to do.
type Action uint8

// The actions inside a widget. The keys that ask for them are in ui.
const (
	ActNone Action = iota
	ActUp
	ActDown
	ActLeft
	ActRight
	ActTop
	ActBottom
	ActPageUp
	ActPageDown
	ActSort       // next sort column
	ActSortFlip   // other direction
	ActSortColumn // needs no Context: Arg is the letter of the column
	ActShorter    // '['
	ActLonger     // ']'
	ActZoomIn     // '='
	ActZoomOut    // '-'
	ActInterval   // candles: next interval
	ActHideColumn // hide the sorted column; again after the last shows all
)

// Actor is a Widget that can be moved about in.
type Actor interface {
	// Act returns the view after the action, clamped to what there is to see.
	// arg is the letter of ActSortColumn, else 0.
	Act(f Context, a Action, arg rune) View
	// Acts lists the actions that do something here, for the help.
	Acts() []Action
}

// Overlaid is a Widget with indicators or lines that a session can switch.
type Overlaid interface {
	// Overlays lists what can be switched, and what is on in the frame's view.
	Overlays(f Context) []Overlay
	// SwitchOverlay returns the view with one of them switched.
	SwitchOverlay(v View, name string) View
}

// Overlay is an indicator or a line of a chart.
type Overlay struct {
	Name string // "rsi 14"
	Text string // what it is, in a few words
	On   bool
}

// Leveled is a Widget that draws lines at the prices of the session's alerts:
// those are no data of the snapshot, so they come with the Context.
type Leveled interface {
	// ShowsLevels reports whether the widget has such lines.
	ShowsLevels() bool
}

// Crosser is a Widget with a crosshair that the mouse can set.
type Crosser interface {
	// CrossAt returns the view with the crosshair at a cell of the panel, its
	// border included; off where there is nothing to read. ok is false where the
	// cell is not in the chart.
	CrossAt(f Context, x, y int) (v View, ok bool)
}

// Target is the datum under a widget's cursor, for inspecting and copying.
type Target struct {
	Name  string // of the datum: "quote.EURUSD"
	Field string // of an object, dotted; "" for the whole
	Row   int    // of an array or a message list; -1 for none
}

// Pointer is a Widget that has something under its cursor.
type Pointer interface {
	// Target returns what the cursor is on; ok is false on an empty panel.
	Target(f Context) (t Target, ok bool)
	// RowAt returns the row drawn at line y of the panel (0 is its top border),
	// for the mouse; ok is false where there isn't one.
	RowAt(f Context, y int) (row int, ok bool)
}

// Linked is a Widget that takes part in the selection that the panels of a
// session share: a watchlist drives it, a chart or an order book follows it.
type Linked interface {
	// Follows reports whether the panel depends on Context.Selected, so that it
	// belongs to the key under which a picture is kept.
	Follows() bool
	// Selects returns the element under the cursor, which becomes
	// Context.Selected; ok is false where the cursor is on none.
	Selects(f Context) (element datasource.Safe, ok bool)
}

// Diagnoser is a Widget that tells the cause of every datum, also in an outage,
// when a banner tells the one cause for all other panels.
type Diagnoser interface {
	// TellsCauses reports whether the widget does.
	TellsCauses() bool
}

// Sizer is a Widget that knows how much space it needs.
type Sizer interface {
	// MinSize is the smallest size, border included, at which nothing that
	// matters is cut.
	MinSize() (w, h int)
}

// Fitter is a Widget whose content ends somewhere: on a large screen what it
// cannot use goes to charts.
type Fitter interface {
	// Fit returns the height, border included, beyond which the panel would
	// only be blank; 0 when it can use any. items tells how many items a datum
	// has, 1 when it is not repeated, and of "" how many there are in all. The
	// answer depends on the configuration alone, so that nothing moves when
	// data change.
	Fit(items func(data string) int) int
}

// Element returns which item of a datum a widget that follows the selection
// shows, and that item's name: the selected one of a repeated datum, its first
// when it has none of that name. A datum that is named whole is itself.
func Element(f *Context, data string) (element, name string) {
	if f.Data.Get(data) != nil {
		return datasource.Item(data), data
	}
	if want := f.Selected.String(); want != "" {
		if name = data + "." + want; f.Data.Get(name) != nil {
			return want, name
		}
	}
	name = ""
	f.Data.Each(data, func(item string, _ *datasource.Entry) {
		if name == "" {
			name = item
		}
	})
	if name == "" {
		return datasource.Item(data), data
	}
	return datasource.Item(name), name
}
