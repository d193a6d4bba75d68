package scene

import (
	"hash/maphash"
	"log/slog"
	"time"

	"ticktop/datasource"
	"ticktop/ui/alertbook"
	"ticktop/ui/chrome"
	"ticktop/ui/framecache"
	"ticktop/ui/keymap"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// Key identifies a Scene. Two sessions with equal keys see the same frame of
// the same data. It is comparable.
type Key struct {
	Dash     *Dashboard
	Page     int
	Crumb    datasource.Safe // the page of a thing that is open on Page; empty: the page itself
	W, H     int
	Items    int    // data in the snapshot: panels end where they do
	Arranged string // how the user arranged the panels, "" as configured
	Palette  *theme.Palette
	Keys     string // the assignment of keys, as keymap.Map.ID
	Focus    int
	Zoomed   bool
	Stamps   bool
	Private  bool
	Replay   bool
	Faults   bool
	Selected datasource.Safe // the element that linked panels show
	Zone     string          // the zone that times are shown in
	Caption  datasource.Safe
	Notice   datasource.Safe // of the program
	Plain    bool            // Notice is no problem
	Paused   datasource.Safe // what the pause banner says, "" when data flow
	Toast    Toast           // a message that goes by itself
	Prompt   string          // the filter being typed; "" when there isn't one
	Rate     string
	Views    string // of the panels on this page
	Alerts   string // those acknowledged or snoozed, as alertbook.Book.Handled
	Armed    int    // alert rules of this session
	Levels   string // of its alerts, for charts, as widgets.Levels writes them
	Outage   bool   // a source is down: its banner takes lines
	Alone    uint64 // a session's number while it shows something private
}

// Toast is a message in the footer.
type Toast struct {
	Text datasource.Safe
	Role theme.Role
}

// Scene is everything that a frame depends on except the data and the time.
// It is immutable once built and safe for concurrent use.
type Scene struct {
	Key   Key
	Keys  *keymap.Map
	Plan  layout.Plan
	Views []widgets.View // by slot
	Focus int            // slot, -1 for none
	Hints []chrome.Hint  // the keys in the footer

	handled map[alertbook.Key]bool
	names   []datasource.Safe // of the pages
}

// New makes the scene of a key. page is what is laid out (nil for none), views
// what the session has done to its panels, handled the alerts that the session
// has acknowledged or snoozed.
func New(k Key, keys *keymap.Map, page *layout.Page, views map[widgets.Widget]widgets.View, handled map[alertbook.Key]bool) *Scene {
	if k.Dash == nil {
		k.Dash = &Dashboard{}
	}
	sc := &Scene{handled: handled, Focus: -1, Keys: keys}
	for i := range k.Dash.Pages {
		sc.names = append(sc.names, datasource.Clean(k.Dash.Pages[i].Name, 64))
	}
	if page != nil {
		sc.Plan = arrangePage(page, &k)
	}
	for i := range sc.Plan.Slots {
		slot := &sc.Plan.Slots[i]
		sc.Views = append(sc.Views, views[slot.Widget])
		if slot.Index == k.Focus {
			sc.Focus = i
		}
	}
	k.Views = viewsKey(sc.Views)
	sc.Key = k
	sc.Hints = sc.footerHints()
	return sc
}

// arrangePage lays the page out between the bars; a zoomed panel has all of it.
func arrangePage(page *layout.Page, k *Key) layout.Plan {
	top := 1 + k.bannerLines()
	area := layout.Rect{X: 0, Y: top, W: k.W, H: max(k.H-top-1, 1)}
	if !k.Zoomed {
		return layout.Arrange(page, area, layout.ClassOf(k.W, k.H), k.Focus)
	}
	if w := PageWidgets(page); k.Focus >= 0 && k.Focus < len(w) {
		return layout.Plan{Slots: []layout.Slot{{Index: k.Focus, Widget: w[k.Focus], Rect: area}}}
	}
	return layout.Plan{}
}

// PageWidgets returns a page's panels in the order of their index.
func PageWidgets(p *layout.Page) []widgets.Widget {
	var out []widgets.Widget
	for r := range p.Rows {
		for c := range p.Rows[r].Cells {
			out = append(out, p.Rows[r].Cells[c].Widget)
		}
	}
	return out
}

// Focused returns the slot that has the focus, or nil.
func (sc *Scene) Focused() *layout.Slot {
	if sc.Focus < 0 {
		return nil
	}
	return &sc.Plan.Slots[sc.Focus]
}

// PanelKey is everything that a panel's cells depend on.
type PanelKey struct {
	Widget   widgets.Widget
	Rev      uint64
	W, H     int
	Palette  *theme.Palette
	View     widgets.View
	Selected datasource.Safe // empty unless the widget follows the selection
	Levels   string          // empty unless the widget draws the alerts' prices
	Flags    uint8
	Second   int64
}

// Cache keeps rendered panels. One is shared by all sessions of a process.
type Cache = framecache.Cache[PanelKey]

const (
	flagFocused uint8 = 1 << iota
	flagStamps
	flagPrivate
)

func (sc *Scene) panelKey(i int, snap *datasource.Snapshot, now time.Time) PanelKey {
	slot := &sc.Plan.Slots[i]
	k := PanelKey{Widget: slot.Widget, Rev: widgets.Revision(slot.Widget, snap), W: slot.Rect.W, H: slot.Rect.H,
		Palette: sc.Key.Palette, View: sc.Views[i], Second: now.Unix()}
	if l, ok := slot.Widget.(widgets.Linked); ok && l.Follows() {
		k.Selected = sc.Key.Selected
	}
	if l, ok := slot.Widget.(widgets.Leveled); ok && l.ShowsLevels() {
		k.Levels = sc.Key.Levels
	}
	if i == sc.Focus {
		k.Flags |= flagFocused
	}
	if sc.Key.Stamps {
		k.Flags |= flagStamps
	}
	if sc.Key.Private {
		k.Flags |= flagPrivate
	}
	return k
}

// Context returns what slot i is drawn with.
func (sc *Scene) Context(i int, snap *datasource.Snapshot, now time.Time) widgets.Context {
	r := sc.Plan.Slots[i].Rect
	return widgets.Context{W: r.W, H: r.H, Data: snap, Theme: sc.Key.Palette, Now: now, View: sc.Views[i], Selected: sc.Key.Selected,
		Levels: sc.Key.Levels, Focused: i == sc.Focus, Stamps: sc.Key.Stamps}
}

// renderPanel returns the cells of slot i, from the cache if a session has drawn it.
func (sc *Scene) renderPanel(i int, k PanelKey, cache *Cache, log *slog.Logger, snap *datasource.Snapshot, now time.Time) string {
	if panel, ok := cache.Lookup(k); ok {
		return panel
	}
	return cache.Get(k, func() string {
		w, f := sc.Plan.Slots[i].Widget, sc.Context(i, snap, now)
		if sc.Key.Private && allHidden(w, snap) {
			return hiddenPanel(w, f)
		}
		return RenderPanel(w, f, log)
	})
}

var hashSeed = maphash.MakeSeed()

// Hash returns a number for the key, for logs and metrics.
func (k Key) Hash() uint64 { return maphash.Comparable(hashSeed, k) }
