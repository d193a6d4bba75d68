package scene

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/ui/chrome"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// Memo is what one viewer of a scene keeps from frame to frame. It belongs to
// one goroutine; the zero Memo is empty.
type Memo struct {
	scene      *Scene
	keys       []PanelKey
	panels     []string
	chrome     []byte // top, banners and footer of the last frame
	problems   string // of the snapshot problemsOf
	problemsOf *datasource.Snapshot
	causeOf    *datasource.Snapshot // what causeless was made of
	causeless  *datasource.Snapshot
	buf        []byte
	tabs       []chrome.Span
	frame      string
}

// Tabs returns where the last frame's page tabs are.
func (mm *Memo) Tabs() []chrome.Span { return mm.tabs }

// Draw returns the frame of the scene with this data at this time: H lines of
// exactly W cells. It returns the last one when nothing has changed.
func (sc *Scene) Draw(mm *Memo, cache *Cache, log *slog.Logger, snap *datasource.Snapshot, now time.Time) string {
	same := mm.scene == sc && mm.frame != ""
	if !same {
		n := len(sc.Plan.Slots)
		mm.scene, mm.keys, mm.panels = sc, make([]PanelKey, n), make([]string, n)
	}
	again := same // every panel was drawn for this scene before
	outage := sc.Key.Outage && RedisDown(snap)
	for i := range sc.Plan.Slots {
		shown := snap
		if d, ok := sc.Plan.Slots[i].Widget.(widgets.Diagnoser); outage && (!ok || !d.TellsCauses()) {
			shown = mm.withoutCause(snap)
		}
		if k := sc.panelKey(i, shown, now); k != mm.keys[i] && (!again || !sc.keepsPicture(k, mm.keys[i], mm.panels[i])) {
			mm.keys[i], mm.panels[i] = k, sc.renderPanel(i, k, cache, log, shown, now)
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
	mm.frame = sc.compose(buf[:split], mm.panels, buf[split:])
	return mm.frame
}

// withoutCause returns a snapshot whose old values do not repeat in every panel
// what the banner says: that Redis is down, and when the next try is. Panels that
// diagnose, like health, are not drawn from it.
func (mm *Memo) withoutCause(snap *datasource.Snapshot) *datasource.Snapshot {
	if mm.causeOf == snap {
		return mm.causeless
	}
	entries := make([]*datasource.Entry, snap.Len())
	for i := range entries {
		_, e := snap.Nth(i)
		if e != nil && e.Fault != nil && e.Fault.Source != datasource.SourceAPI && e.State != datasource.StateError && e.State != datasource.StateMissing {
			copied := *e
			copied.Fault, copied.Why = nil, datasource.Safe{}
			e = &copied
		}
		entries[i] = e
	}
	mm.causeOf, mm.causeless = snap, snap.With(entries)
	return mm.causeless
}

// keepsPicture reports whether a panel that is drawn in pixels stays as it is:
// a picture is drawn, and sent, once a second at most, unless something other
// than its data has changed. That bounds the bytes of a terminal.
func (sc *Scene) keepsPicture(k, old PanelKey, panel string) bool {
	if k.Palette.Graphics.Protocol == theme.NoPixels || !strings.Contains(panel, draw.PictureBegin) {
		return false
	}
	k.Rev = old.Rev
	return k == old
}

// Renderer returns a function that draws the scene for a group of sessions. The
// lock is for the moment in which one group ends and the next begins with it.
func (sc *Scene) Renderer(cache *Cache, log *slog.Logger) func(*datasource.Snapshot, time.Time) string {
	var mu sync.Mutex
	var mm Memo
	var hiding mask.View
	return func(s *datasource.Snapshot, now time.Time) string {
		mu.Lock()
		defer mu.Unlock()
		if sc.Key.Private {
			s = hiding.Of(s)
		}
		if s.Replay != nil {
			now = s.Replay.At
		}
		return sc.Draw(&mm, cache, log, s, WholeSecond(now))
	}
}

// WholeSecond cuts t to the second and keeps its monotonic reading, so that
// ages do not jump with the wall clock.
func WholeSecond(t time.Time) time.Time { return t.Add(-time.Duration(t.Nanosecond())) }

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
