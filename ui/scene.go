package ui

import (
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// SceneKey identifies a Scene. Two sessions with equal keys see the same
// picture of the same data. It is comparable.
type SceneKey struct {
	dash    *Dashboard
	page    int
	w, h    int
	pal     *theme.Palette
	keys    string // the assignment of keys, as Keys.id
	focus   int
	zoomed  bool
	stamps  bool
	private bool
	replay  bool
	faults  bool
	caption datasource.Safe
	notice  datasource.Safe // of the program
	paused  datasource.Safe // what the pause banner says, "" when data flow
	toast   toast           // a message that goes by itself
	prompt  string          // the filter being typed; "" when none is
	rate    string
	views   string // of the panels on this page
	quiet   string // alerts acknowledged or snoozed
	alone   uint64 // a session's number while it shows something of its own
}

// Scene is everything that a picture depends on except the data and the time.
// It is immutable once built and safe for concurrent use.
type Scene struct {
	key   SceneKey
	keys  *Keys
	plan  layout.Plan
	views []widgets.View // by slot
	focus int            // slot, -1 for none
	hints []chrome.Hint
	quiet map[alertKey]bool
	names []datasource.Safe // of the pages
}

// toast is a message in the footer.
type toast struct {
	text datasource.Safe
	role theme.Role
}

// PanelKey is everything that a panel's picture depends on.
type PanelKey struct {
	Widget  widgets.Widget
	Rev     uint64
	W, H    int
	Palette *theme.Palette
	View    widgets.View
	Flags   uint8
	Second  int64
}

const (
	flagFocused uint8 = 1 << iota
	flagStamps
	flagPrivate
)

// memo is what one viewer of a scene keeps from frame to frame. It belongs to
// one goroutine.
type memo struct {
	scene  *Scene
	keys   []PanelKey
	pics   []string
	chrome []byte // top, banners and footer of the last frame
	odd    string // what is not plain in the snapshot oddOf
	oddOf  *datasource.Snapshot
	buf    []byte
	tabs   []chrome.Span
	frame  string
}

// draw returns the picture of the scene with this data at this time: h lines
// of exactly w cells. It returns the last one when nothing has changed.
func (sc *Scene) draw(mm *memo, cache *Cache, log panicLog, snap *datasource.Snapshot, now time.Time) string {
	same := mm.scene == sc && mm.frame != ""
	if !same {
		n := len(sc.plan.Slots)
		mm.scene, mm.keys, mm.pics = sc, make([]PanelKey, n), make([]string, n)
	}
	for i := range sc.plan.Slots {
		if k := sc.panelKey(i, snap, now); k != mm.keys[i] {
			mm.keys[i], mm.pics[i] = k, sc.panel(i, k, cache, log, snap, now)
			same = false
		}
	}
	top := sc.appendTop(mm.buf[:0], mm, snap, now)
	split := len(top)
	buf := sc.appendFooter(top, mm, snap, now)
	mm.buf = buf
	if same && string(mm.chrome) == string(buf) {
		return mm.frame
	}
	mm.chrome = append(mm.chrome[:0], buf...)
	mm.frame = sc.compose(buf[:split], mm.pics, buf[split:])
	return mm.frame
}

func (sc *Scene) panelKey(i int, snap *datasource.Snapshot, now time.Time) PanelKey {
	slot := &sc.plan.Slots[i]
	k := PanelKey{Widget: slot.Widget, Rev: snap.Rev(slot.Widget.Data()...), W: slot.Rect.W, H: slot.Rect.H,
		Palette: sc.key.pal, View: sc.views[i], Second: now.Unix()}
	if i == sc.focus {
		k.Flags |= flagFocused
	}
	if sc.key.stamps {
		k.Flags |= flagStamps
	}
	if sc.key.private {
		k.Flags |= flagPrivate
	}
	return k
}

// frameOf is what slot i is drawn with.
func (sc *Scene) frameOf(i int, snap *datasource.Snapshot, now time.Time) widgets.Frame {
	r := sc.plan.Slots[i].Rect
	return widgets.Frame{W: r.W, H: r.H, Data: snap, Theme: sc.key.pal, Now: now, View: sc.views[i],
		Focused: i == sc.focus, Stamps: sc.key.stamps}
}

// drawsFields reports whether a widget shows an object as a line for each field:
// with the values hidden the names are left. Others would say that a figure is
// missing.
func drawsFields(w widgets.Widget) bool {
	switch w.Kind() {
	case "account", "counter", "table", "text":
		return true
	}
	return false
}

// allHidden reports whether a panel has nothing to show but hidden values.
func allHidden(w widgets.Widget, snap *datasource.Snapshot) bool {
	some := false
	for _, name := range w.Data() {
		shown := false
		snap.Each(name, func(_ string, e *entry) {
			switch {
			case e == nil || mask.Market(&e.Ref) || e.Value.Type == datasource.TypeObject && drawsFields(w):
				shown = true
			case e.Known():
				some = true
			}
		})
		if shown {
			return false
		}
	}
	return some
}

// hiddenPanel stands where everything that a panel shows is private.
func hiddenPanel(w widgets.Widget, f widgets.Frame) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Title: w.Title(), Focused: f.Focused})
	p.Say("", theme.Label, "hidden")
	return p.String()
}

// panel returns the picture of slot i, from the cache if somebody has drawn it.
func (sc *Scene) panel(i int, k PanelKey, cache *Cache, log panicLog, snap *datasource.Snapshot, now time.Time) string {
	if pic, ok := cache.Lookup(k); ok {
		return pic
	}
	return cache.Get(k, func() string {
		w := sc.plan.Slots[i].Widget
		f := sc.frameOf(i, snap, now)
		if sc.key.private && allHidden(w, snap) {
			return hiddenPanel(w, f)
		}
		return renderSafely(w, f, log)
	})
}

// viewsKey writes the views that differ from the zero one.
func viewsKey(views []widgets.View) string {
	var b strings.Builder
	for i := range views {
		if views[i] != (widgets.View{}) {
			fmt.Fprintf(&b, "%d%+q", i, fmt.Sprint(views[i]))
		}
	}
	return b.String()
}

var sceneSeed = maphash.MakeSeed()

// Hash returns a number for the key, for logs and metrics.
func (k SceneKey) Hash() uint64 { return maphash.Comparable(sceneSeed, k) }
