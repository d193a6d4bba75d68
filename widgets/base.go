package widgets

import "ticktop/datasource"

// Base is what every kind of panel repeats: the name of its kind, its title and
// the names of its data. A widget embeds it.
type Base struct {
	kind  string
	title datasource.Safe
	data  []string
}

// maxTitle is how many characters of a title are kept.
const maxTitle = 80

// NewBase returns the Base of a widget of a kind. Without names the widget shows
// everything that there is, see Widget.Data.
func NewBase(kind, title string, data ...string) Base {
	return Base{kind: kind, title: datasource.Clean(title, maxTitle), data: data}
}

// SetTitle replaces the title, while the widget is made.
func (b *Base) SetTitle(title string) { b.title = datasource.Clean(title, maxTitle) }

// Kind implements Widget.
func (b *Base) Kind() string { return b.kind }

// Title implements Widget.
func (b *Base) Title() datasource.Safe { return b.title }

// Data implements Widget. The caller must not change it.
func (b *Base) Data() []string { return b.data }

// Dataless is a Widget that may need no data: a clock, a note. Then its Data is
// empty, which of other widgets means everything that there is.
type Dataless interface {
	Widget
	NeedsNoData() bool
}

// Revision returns the revision of what a widget shows, see Snapshot.Rev: it is
// always 0 for one that needs no data.
func Revision(w Widget, snap *datasource.Snapshot) uint64 {
	if d, ok := w.(Dataless); ok && d.NeedsNoData() {
		return 0
	}
	return snap.Rev(w.Data()...)
}
