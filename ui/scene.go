package ui

import (
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// SceneKey identifies a Scene. Two sessions with equal keys see the same
// picture of the same data. It is comparable.
type SceneKey struct {
	dash    *Dashboard
	page    int
	w, h    int
	pal     *theme.Palette
	keys    *Keys
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
	key    SceneKey
	plan   layout.Plan
	views  []widgets.View // by slot
	focus  int            // slot, -1 for none
	topics []string       // data names on this page
	hints  []chrome.Hint
	quiet  map[alertKey]bool
	names  []datasource.Safe // of the pages
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

// compose puts a frame together. It is the only place where a frame is copied.
func (sc *Scene) compose(top []byte, pics []string, footer []byte) string {
	size := len(top) + len(footer) + sc.key.h
	for _, p := range pics {
		size += len(p)
	}
	var out strings.Builder
	out.Grow(size)
	out.Write(top)
	sc.writePanels(&out, pics)
	out.Write(footer)
	return out.String()
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
		Focused: i == sc.focus, Stamps: sc.key.stamps, Private: sc.key.private}
}

// panel returns the picture of slot i, from the cache if somebody has drawn it.
func (sc *Scene) panel(i int, k PanelKey, cache *Cache, log panicLog, snap *datasource.Snapshot, now time.Time) string {
	if pic, ok := cache.Lookup(k); ok {
		return pic
	}
	return cache.Get(k, func() string {
		return renderSafely(sc.plan.Slots[i].Widget, sc.frameOf(i, snap, now), log)
	})
}

// writePanels zips the panels of each band together, line by line.
func (sc *Scene) writePanels(out *strings.Builder, pics []string) {
	slots := sc.plan.Slots
	if len(slots) == 0 {
		k := &sc.key
		out.WriteString(chrome.Card(k.pal, k.w, max(k.h-2-k.bannerLines(), 1), "this page has no panels"))
		out.WriteByte('\n')
	}
	for start := 0; start < len(slots); {
		end := start + 1
		for end < len(slots) && slots[end].Band == slots[start].Band {
			end++
		}
		zip(out, pics[start:end], slots[start].Rect.H)
		start = end
	}
}

// zip writes h lines, each made of one line of every block, each ended by a
// newline.
func zip(out *strings.Builder, blocks []string, h int) {
	var few [16]string
	rest := append(few[:0], blocks...)
	for range h {
		for i, s := range rest {
			n := strings.IndexByte(s, '\n')
			if n < 0 {
				out.WriteString(s)
				rest[i] = ""
				continue
			}
			out.WriteString(s[:n])
			rest[i] = s[n+1:]
		}
		out.WriteByte('\n')
	}
}

// appendTop appends the top bar and the banners, each line with its newline.
func (sc *Scene) appendTop(buf []byte, mm *memo, snap *datasource.Snapshot, now time.Time) []byte {
	k := &sc.key
	bar := chrome.Bar{Pages: sc.names, Active: k.page, Account: account(k.dash), Sources: snap.Sources, Rate: k.rate, Now: now}
	buf, mm.tabs = bar.Append(buf, k.pal, k.w, mm.tabs[:0])
	buf = append(buf, '\n')
	for _, b := range sc.banners(snap) {
		buf = append(b.Append(buf, k.pal, k.w), '\n')
	}
	return buf
}

// bannerLines is how many lines the banners take; it must not depend on data.
func (k *SceneKey) bannerLines() int {
	n := 0
	for _, on := range [...]bool{k.replay, !k.dash.Banner.Empty(), !k.caption.Empty(), !k.notice.Empty(), !k.paused.Empty()} {
		if on {
			n++
		}
	}
	return n
}

func (sc *Scene) banners(snap *datasource.Snapshot) []chrome.Banner {
	k := &sc.key
	if k.bannerLines() == 0 {
		return nil
	}
	var out []chrome.Banner
	if !k.notice.Empty() {
		out = append(out, chrome.Banner{Text: k.notice, Bad: true})
	}
	if !k.caption.Empty() {
		out = append(out, chrome.Banner{Mark: "TOUR", Text: k.caption})
	}
	if !k.dash.Banner.Empty() {
		out = append(out, chrome.Banner{Mark: "CONFIG", Text: k.dash.Banner, Bad: true})
	}
	if k.replay {
		out = append(out, replayBanner(snap.Replay, k.keys))
	}
	if !k.paused.Empty() {
		out = append(out, chrome.Banner{Mark: "PAUSED", Text: k.paused, Keys: []chrome.Hint{{Key: k.keys.Key("pause"), Text: "resume"}}})
	}
	return out
}

func (sc *Scene) appendFooter(buf []byte, mm *memo, snap *datasource.Snapshot, now time.Time) []byte {
	k := &sc.key
	if k.prompt != "" {
		f := chrome.Footer{Hints: []chrome.Hint{{Key: k.prompt}}, Notice: k.toast.text, Role: k.toast.role}
		return f.Append(buf, k.pal, k.w)
	}
	if a := sc.loudest(snap); a != nil {
		b := alertBanner(a, k.private, k.keys, now)
		return b.Append(buf, k.pal, k.w)
	}
	f := chrome.Footer{Hints: sc.hints, Role: theme.Warn}
	if !k.toast.text.Empty() {
		f.Notice, f.Role = k.toast.text, k.toast.role
	} else if text := mm.exceptions(snap); text != "" {
		f.Notice = datasource.Clean(text, datasource.MaxCell)
		f.Hint = chrome.Hint{Key: k.keys.Key("events"), Text: "why"}
	} else if n := len(sc.plan.Dropped); n > 0 && !k.zoomed {
		f.Role = theme.Label
		f.Notice = datasource.Clean(fmt.Sprintf("%d more %s", n, plural("panel", n)), 64)
		f.Hint = chrome.Hint{Key: k.keys.Key("focus-down"), Text: "reach"}
	}
	return f.Append(buf, k.pal, k.w)
}

func (mm *memo) exceptions(snap *datasource.Snapshot) string {
	if mm.oddOf != snap {
		mm.oddOf, mm.odd = snap, exceptions(snap)
	}
	return mm.odd
}

// loudest is the alert for the footer: the most severe one that this session
// has not put to rest.
func (sc *Scene) loudest(snap *datasource.Snapshot) *datasource.Alert {
	for i := range snap.Alerts {
		if a := &snap.Alerts[i]; !sc.quiet[keyOf(a)] {
			return a
		}
	}
	return nil
}

// account returns the first value of the account variable.
func account(d *Dashboard) datasource.Safe {
	if d == nil || len(d.Vars["account"]) == 0 {
		return datasource.Safe{}
	}
	return datasource.Clean(d.Vars["account"][0], 64)
}

func plural(word string, n int) string {
	if n == 1 || strings.HasSuffix(word, "s") {
		return word
	}
	return word + "s"
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
