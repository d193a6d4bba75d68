package scene

import (
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/ui/alertbook"
	"ticktop/ui/chrome"
	"ticktop/ui/keymap"
	"ticktop/widgets/theme"
)

// appendTop appends the top bar and the banners, each line with its newline.
func (sc *Scene) appendTop(buf []byte, mm *Memo, snap *datasource.Snapshot, now time.Time) []byte {
	k := &sc.Key
	bar := chrome.Bar{Pages: sc.names, Active: k.Page, Crumb: k.Crumb, Account: k.Dash.Account(), Sources: snap.Sources,
		Rate: k.Rate, Now: now, Demo: k.Dash.Demo, Markets: k.Dash.Markets}
	buf, mm.tabs = bar.Append(buf, k.Palette, k.W, mm.tabs[:0])
	buf = append(buf, '\n')
	for _, b := range sc.sceneBanners(snap, now) {
		buf = append(b.Append(buf, k.Palette, k.W), '\n')
	}
	return buf
}

// bannerLines is how many lines the banners take; it must not depend on data.
func (k *Key) bannerLines() int {
	n := 0
	for _, on := range [...]bool{k.Replay, !k.Dash.Banner.Empty(), !k.Caption.Empty(), !k.Notice.Empty(), !k.Paused.Empty(),
		k.Outage, k.Outage && k.outageDetail()} {
		if on {
			n++
		}
	}
	return n
}

func (sc *Scene) sceneBanners(snap *datasource.Snapshot, now time.Time) []chrome.Banner {
	k := &sc.Key
	if k.bannerLines() == 0 {
		return nil
	}
	var out []chrome.Banner
	if !k.Notice.Empty() {
		out = append(out, chrome.Banner{Text: k.Notice, Bad: !k.Plain})
	}
	if !k.Caption.Empty() {
		out = append(out, chrome.Banner{Mark: "TOUR", Text: k.Caption})
	}
	if !k.Dash.Banner.Empty() {
		out = append(out, chrome.Banner{Mark: "CONFIG", Text: k.Dash.Banner, Bad: true})
	}
	if k.Outage {
		out = append(out, sc.outageBanners(snap, now)...)
	}
	if k.Replay {
		out = append(out, replayBanner(snap.Replay, sc.Keys))
	}
	if !k.Paused.Empty() {
		out = append(out, chrome.Banner{Mark: "PAUSED", Text: k.Paused, Keys: []chrome.Hint{{Key: sc.Keys.Key(keymap.Pause), Text: "resume"}}})
	}
	return out
}

// RedisDown reports the cause that gets its own banner, instead of a
// note in every panel.
func RedisDown(snap *datasource.Snapshot) bool {
	return snap.Sources[datasource.SourceRedis].Light == datasource.LightDown
}

// outageDetail reports whether there is space to say what still works.
func (k *Key) outageDetail() bool { return k.H >= 30 && k.W >= 80 }

// outageBanners says since when Redis is down and why, when the next try is,
// and what is still shown.
func (sc *Scene) outageBanners(snap *datasource.Snapshot, now time.Time) []chrome.Banner {
	s := &snap.Sources[datasource.SourceRedis]
	first := chrome.Alarm{Mark: "✕ Redis is down"}
	if !RedisDown(snap) { // a session of a group gets it a moment later
		first.Mark = "Redis is back"
	} else {
		text := s.Light.String()
		if s.Fault != nil {
			text = s.Fault.Error()
		}
		if !s.Since.IsZero() {
			text += " · " + format.Age(max(now.Sub(s.Since), time.Second)) + ", since " + s.Since.In(now.Location()).Format("15:04:05")
		}
		first.Text = datasource.Clean(text, datasource.MaxCell).String()
		if s.Fault != nil && s.Fault.RetryAt.After(now) {
			first.Tail = "retry in " + format.Left(s.Fault.RetryAt.Sub(now))
		}
	}
	out := []chrome.Banner{{Alarm: &first, Keys: []chrome.Hint{
		{Key: sc.Keys.Key(keymap.RefreshAll), Text: "now"}, {Key: sc.Keys.Key(keymap.Events), Text: "why"}}}}
	if !sc.Key.outageDetail() {
		return out
	}
	second := chrome.Alarm{Mark: " ", Word: "Still working:", Text: namesIn(snap, datasource.StateFallback, sc.Key.W/2-10) + " from the API", Warn: "Paused:", More: "live ticks"}
	counts := snap.Worst()
	if counts[datasource.StateFallback] == 0 {
		second.Word, second.Text = "Still shown:", namesIn(snap, datasource.StateLive, sc.Key.W/2-10)+" until they expire"
		if counts[datasource.StateLive] == 0 {
			second.Text = "the last known values"
		}
	}
	if n := counts[datasource.StateStale]; n > 0 {
		second.More += ", " + strconv.Itoa(n) + " last known"
	}
	return append(out, chrome.Banner{Alarm: &second})
}

// namesIn names what is in a state, in the order of the configuration: single
// data by their names, repeated ones by their number. What has no space is
// counted.
func namesIn(snap *datasource.Snapshot, state datasource.State, width int) string {
	var groups []string
	count, single := map[string]int{}, map[string]bool{}
	for i := range snap.Len() {
		name, e := snap.Nth(i)
		if e == nil || e.State != state {
			continue
		}
		g := datasource.Group(name)
		if count[g] == 0 {
			groups = append(groups, g)
		}
		count[g]++
		single[g] = datasource.Item(name) == ""
	}
	var parts []string
	used, rest := 0, 0
	for i, g := range groups {
		text := g
		if !single[g] {
			text = strconv.Itoa(count[g]) + " " + Plural(g, count[g])
		}
		text = datasource.Clean(text, 64).String()
		if used += len(text) + 2; used > width && i > 0 {
			rest += count[g]
			continue
		}
		parts = append(parts, text)
	}
	text := strings.Join(parts, ", ")
	if rest > 0 {
		text += " and " + strconv.Itoa(rest) + " more"
	}
	return text
}

func (sc *Scene) appendFooter(buf []byte, mm *Memo, snap *datasource.Snapshot, now time.Time) []byte {
	k := &sc.Key
	if k.Prompt != "" {
		f := chrome.Footer{Hints: []chrome.Hint{{Key: k.Prompt}}, Notice: k.Toast.Text, Role: k.Toast.Role}
		return f.Append(buf, k.Palette, k.W)
	}
	if a := sc.loudestAlert(snap); a != nil {
		b := alertBanner(a, k.Private, snap, sc.Keys, now)
		return b.Append(buf, k.Palette, k.W)
	}
	f := chrome.Footer{Hints: sc.Hints}
	f.Notice, f.Role, f.Hint = sc.footerNotice(mm, snap)
	return f.Append(buf, k.Palette, k.W)
}

// footerNotice is what the right of the footer says: a message, or else the alerts
// that were handled but still fire, and what is not live.
func (sc *Scene) footerNotice(mm *Memo, snap *datasource.Snapshot) (datasource.Safe, theme.Role, chrome.Hint) {
	k := &sc.Key
	if !k.Toast.Text.Empty() {
		return k.Toast.Text, k.Toast.Role, chrome.Hint{}
	}
	text, role := mm.problemsIn(snap)
	if k.Outage {
		text = "" // the banner says it
	}
	hint := chrome.Hint{}
	if text != "" {
		hint = chrome.Hint{Key: sc.Keys.Key(keymap.Events), Text: "why"}
	}
	if n := len(snap.Alerts); n > 0 { // all of them handled, or the footer would be theirs
		alerts := "! " + strconv.Itoa(n) + " " + Plural("alert", n) + " acknowledged"
		if text != "" {
			alerts += " · " + text
		} else {
			hint = chrome.Hint{Key: sc.Keys.Key(keymap.Alerts), Text: "list"}
		}
		text, role = alerts, theme.Warn
	}
	if text != "" {
		return datasource.Clean(text, datasource.MaxCell), role, hint
	}
	if k.Outage {
		return outageLegend, theme.Label, chrome.Hint{}
	}
	if n := len(sc.Plan.Dropped) - sc.Plan.Spares; n > 0 && !k.Zoomed {
		return datasource.Clean(strconv.Itoa(n)+" hidden "+Plural("panel", n), 64), theme.Label,
			chrome.Hint{Key: sc.Keys.Key(keymap.FocusDown), Text: "reach"}
	}
	if k.Armed > 0 {
		return datasource.Clean(strconv.Itoa(k.Armed)+" "+Plural("alert", k.Armed)+" armed · none firing", 64), theme.Label, chrome.Hint{}
	}
	return readOnly, theme.Label, chrome.Hint{}
}

// problemsIn says what is not live in snap. What has merely not come yet is
// no cause for concern.
func (mm *Memo) problemsIn(snap *datasource.Snapshot) (string, theme.Role) {
	if mm.problemsOf != snap {
		mm.problemsOf, mm.problems = snap, problemsText(snap)
	}
	if strings.HasPrefix(mm.problems, waitingFor) {
		return mm.problems, theme.Label
	}
	return mm.problems, theme.Warn
}

// readOnly is what the footer says when all is well: it is a promise.
var readOnly = datasource.Clean("read-only", 16)

// outageLegend explains the marks that an outage brings.
var outageLegend = datasource.Clean("◐ API   ○ last known", 32)

// loudestAlert is the alert for the footer: the most severe one that this session
// has neither acknowledged nor snoozed.
func (sc *Scene) loudestAlert(snap *datasource.Snapshot) *datasource.Alert {
	for i := range snap.Alerts {
		if a := &snap.Alerts[i]; !sc.handled[alertbook.KeyOf(a)] {
			return a
		}
	}
	return nil
}

func alertBanner(a *datasource.Alert, private bool, snap *datasource.Snapshot, keys *keymap.Map, now time.Time) chrome.Banner {
	text := alertbook.Text(a, private, snap)
	lasted := ""
	if !a.Since.IsZero() {
		lasted = " · " + format.Stopwatch(now.Sub(a.Since))
	}
	return chrome.Banner{
		Mark: strings.ToUpper(a.Level.String()),
		Text: datasource.Clean(text.String()+lasted, datasource.MaxCell),
		Keys: []chrome.Hint{{Key: keys.Key(keymap.Alerts), Text: "alerts"}},
		Bad:  a.Level == datasource.LevelCritical,
	}
}
