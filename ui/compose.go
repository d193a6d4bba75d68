package ui

import (
	"fmt"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/ui/chrome"
	"ticktop/widgets/theme"
)

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
	if sc.key.pal.Symbols == theme.ASCII {
		return chrome.ASCII(out.String())
	}
	return out.String()
}

// writePanels zips the panels of each band together, line by line.
func (sc *Scene) writePanels(out *strings.Builder, pics []string) {
	slots := sc.plan.Slots
	if len(slots) == 0 {
		k := &sc.key
		out.WriteString(chrome.Card(k.pal, k.w, max(k.h-2-k.bannerLines(), 1), "this page has no panels"))
		out.WriteByte('\n')
	}
	var few [16]strand
	for start := 0; start < len(slots); {
		cols, end, height := few[:0], start, 0
		for ; end < len(slots) && slots[end].Band == slots[start].Band; end++ {
			if end == start || slots[end].Column != slots[end-1].Column {
				cols = append(cols, strand{left: pics[end], next: end + 1})
			}
			if len(cols) == 1 {
				height += slots[end].Rect.H
			}
		}
		zip(out, pics, cols, height)
		start = end
	}
}

// strand is what is still to be written of one column.
type strand struct {
	left string // of the picture being written
	next int    // the picture below it
}

// line returns the strand's next line.
func (s *strand) line(pics []string) string {
	n := strings.IndexByte(s.left, '\n')
	if n >= 0 {
		line := s.left[:n]
		s.left = s.left[n+1:]
		return line
	}
	line := s.left
	s.left = ""
	if s.next < len(pics) {
		s.left = pics[s.next]
		s.next++
	}
	return line
}

// zip writes h lines, each made of one line of every column, each ended by a
// newline. A column that ends takes up the picture after its own, which it never
// writes a line of: all columns are equally high.
func zip(out *strings.Builder, pics []string, cols []strand, h int) {
	for range h {
		for i := range cols {
			out.WriteString(cols[i].line(pics))
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
		out = append(out, replayBanner(snap.Replay, sc.keys))
	}
	if !k.paused.Empty() {
		out = append(out, chrome.Banner{Mark: "PAUSED", Text: k.paused, Keys: []chrome.Hint{{Key: sc.keys.Key("pause"), Text: "resume"}}})
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
		b := alertBanner(a, k.private, snap, sc.keys, now)
		return b.Append(buf, k.pal, k.w)
	}
	f := chrome.Footer{Hints: sc.hints, Notice: readOnly, Role: theme.Label}
	if !k.toast.text.Empty() {
		f.Notice, f.Role = k.toast.text, k.toast.role
	} else if text, role := mm.exceptions(snap); text != "" {
		f.Notice, f.Role = datasource.Clean(text, datasource.MaxCell), role
		f.Hint = chrome.Hint{Key: sc.keys.Key("events"), Text: "why"}
	} else if n := len(sc.plan.Dropped) - sc.plan.Spares; n > 0 && !k.zoomed {
		f.Notice = datasource.Clean(fmt.Sprintf("%d more %s", n, plural("panel", n)), 64)
		f.Hint = chrome.Hint{Key: sc.keys.Key("focus-down"), Text: "reach"}
	}
	return f.Append(buf, k.pal, k.w)
}

// exceptions says what is not plain in snap. What has merely not come yet is
// no cause for concern.
func (mm *memo) exceptions(snap *datasource.Snapshot) (string, theme.Role) {
	if mm.oddOf != snap {
		mm.oddOf, mm.odd = snap, exceptions(snap)
	}
	if strings.HasPrefix(mm.odd, waitingFor) {
		return mm.odd, theme.Label
	}
	return mm.odd, theme.Warn
}

// readOnly is what the footer says when all is well: it is a promise.
var readOnly = datasource.Clean("read-only", 16)

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
