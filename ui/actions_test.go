package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/browse"
	"ticktop/ui/keymap"
	"ticktop/ui/overlay"
	"ticktop/widgets"
)

// menu is a fault menu for tests.
type menu struct{ on bool }

func (f *menu) List() []Fault {
	return []Fault{{ID: "redis", Title: "stop Redis", Text: "values stay, dimmed", On: f.on}}
}

func (f *menu) Set(id string, on bool) error {
	if id != "redis" {
		return errors.New("no such fault")
	}
	f.on = on
	return nil
}

// bench is what one action is tried on.
type bench struct {
	*Model
	t      *testing.T
	desk   *fakeDesk
	feed   *fakeFeed
	player *fakePlayer
	cmd    tea.Cmd // what the last key answered
}

func (b *bench) focusedTitle() string      { return b.focusedSlot().Widget.Title().String() }
func (b *bench) focusedView() widgets.View { return b.views[b.focusedSlot().Widget] }

// actionCase types keys on a fresh session and looks at what came of it. The
// name is the action's; every action must have a case.
type actionCase struct {
	action keymap.Action
	before []string // typed first
	keys   []string
	check  func(b *bench) string // "" when all is well
}

func want(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func sees(text string) func(*bench) string {
	return func(b *bench) string {
		return want(strings.Contains(plainScreen(b.Model), text), "%q is not on the screen", text)
	}
}

func focusIs(title string) func(*bench) string {
	return func(b *bench) string {
		return want(b.focusedTitle() == title, "focus on %s, want %s", b.focusedTitle(), title)
	}
}

func viewIs(v widgets.View) func(*bench) string {
	return func(b *bench) string { return want(b.focusedView() == v, "view %+v, want %+v", b.focusedView(), v) }
}

var actionCases = []actionCase{
	{action: "page", keys: []string{"3"}, check: sees("All quotes")},
	{action: "next-page", keys: []string{"tab"}, check: sees("Positions")},
	{action: "previous-page", keys: []string{"shift+tab"}, check: sees("╭─ Health")},
	{action: "focus-right", keys: []string{"L"}, check: focusIs("Flags")},
	{action: "focus-right", keys: []string{"ctrl+right"}, check: focusIs("Flags")},
	{action: "focus-left", before: []string{"L"}, keys: []string{"H"}, check: focusIs("Account")},
	{action: "focus-down", keys: []string{"J"}, check: focusIs("Quotes")},
	{action: "focus-up", before: []string{"J"}, keys: []string{"K"}, check: focusIs("Account")},
	{action: "palette", keys: []string{":"}, check: sees("─ Go to ─")},
	{action: "account", keys: []string{"a"}, check: sees("ACC-2002")},
	{action: "watchlists", keys: []string{"w"}, check: sees("enter adds")},
	{action: "undo", keys: []string{"u"}, check: sees("nothing to undo")},
	{action: "down", before: []string{"J"}, keys: []string{"j", "down"}, check: viewIs(widgets.View{Cursor: 2})},
	{action: "up", before: []string{"J", "j", "j"}, keys: []string{"k"}, check: viewIs(widgets.View{Cursor: 1})},
	{action: "left", keys: []string{"h"}, check: viewIs(widgets.View{})},
	{action: "right", keys: []string{"l"}, check: viewIs(widgets.View{})},
	{action: "top", keys: []string{"g"}, check: viewIs(widgets.View{Sort: "top"})},
	{action: "bottom", keys: []string{"G"}, check: viewIs(widgets.View{Sort: "bottom"})},
	{action: "page-up", keys: []string{"ctrl+u"}, check: viewIs(widgets.View{Sort: "page up"})},
	{action: "page-down", keys: []string{"ctrl+d"}, check: viewIs(widgets.View{Sort: "page down"})},
	{action: "sort", keys: []string{"s"}, check: viewIs(widgets.View{Sort: "next"})},
	{action: "sort-flip", keys: []string{"o"}, check: viewIs(widgets.View{Desc: true})},
	{action: "sort-column", keys: []string{"S"}, check: viewIs(widgets.View{Sort: "S"})},
	{action: "hide-column", keys: []string{"c"}, check: viewIs(widgets.View{Hidden: "one"})},
	{action: "shorter", keys: []string{"["}, check: viewIs(widgets.View{Range: -1})},
	{action: "longer", keys: []string{"]", "]"}, check: viewIs(widgets.View{Range: 2})},
	{action: "zoom-in", keys: []string{"="}, check: viewIs(widgets.View{Zoom: 1})},
	{action: "zoom-out", keys: []string{"-"}, check: viewIs(widgets.View{Zoom: -1})},
	{action: "interval", keys: []string{"v"}, check: viewIs(widgets.View{Sort: "interval"})},
	{action: "filter", before: []string{"J"}, keys: []string{"/", "U", "S", "D"}, check: viewIs(widgets.View{Filter: "USD"})},
	{action: "filter", before: []string{"J", "J"}, keys: []string{"/", "U"}, check: func(b *bench) string {
		return want(b.filter == nil && b.focusedView() == widgets.View{} && strings.Contains(plainScreen(b.Model), "nothing to filter in Log"), "nothing is said")
	}},
	{action: "next-symbol", before: []string{"J"}, keys: []string{"n"}, check: viewIs(widgets.View{Cursor: 1})},
	{action: "previous-symbol", before: []string{"J", "n", "n"}, keys: []string{"N"}, check: viewIs(widgets.View{Cursor: 1})},
	{action: "inspect", before: []string{"J", "j"}, keys: []string{"i"}, check: sees("key:quote.GBPUSD")},
	{action: "open", before: []string{"J"}, keys: []string{"enter"}, check: sees("1 Overview › EURUSD")},
	{action: "add-alert", keys: []string{"+"}, check: sees("no alerts can be made here")},
	{action: "indicators", keys: []string{"e"}, check: sees("no chart with indicators")},
	{action: "options", keys: []string{"O"}, check: sees("─ Options ─")},
	{action: "browse", keys: []string{"B"}, check: sees("no rights limit")},
	{action: "write-config", keys: []string{"W"}, check: sees("from a file already")},
	{action: "zoom", before: []string{"J"}, keys: []string{"z"}, check: func(b *bench) string {
		return want(b.focusedSlot().Rect.W == b.w && len(b.currentScene().Plan.Slots) == 1, "not on the whole screen: %+v", b.focusedSlot())
	}},
	{action: "events", keys: []string{"E"}, check: sees("Degraded")},
	{action: "alerts", keys: []string{"!"}, check: sees("no alert is firing")},
	{action: "copy", before: []string{"L"}, keys: []string{"y"}, check: func(b *bench) string {
		return sent(b, "dHJ1ZQ==") // true
	}},
	{action: "copy-row", before: []string{"J"}, keys: []string{"Y"}, check: func(b *bench) string {
		return sent(b, "eyJiaWQiOjEuMDgzNDIsImFzayI6MS4wODM1M30=") // {"bid":1.08342,"ask":1.08353}
	}},
	{action: "theme", keys: []string{"T"}, check: sees("colour-blind")},
	{action: "stamps", keys: []string{"t"}, check: sees("times of day")},
	{action: "private", keys: []string{"x"}, check: sees("balances hidden")},
	{action: "mouse", keys: []string{"m"}, check: func(b *bench) string { return want(b.View().MouseMode == tea.MouseModeNone, "the mouse is still on") }},
	{action: "redraw", keys: []string{"ctrl+l"}, check: func(b *bench) string { return want(b.cmd != nil, "no command") }},
	{action: "pause", keys: []string{"p"}, check: sees("PAUSED")},
	{action: "pause", keys: []string{"space"}, check: sees("PAUSED")},
	{action: "refresh", before: []string{"J"}, keys: []string{"r"}, check: func(b *bench) string {
		return want(slices.Equal(b.feed.refreshed, []string{"quote.EURUSD", "quote.GBPUSD", "quote.USDCHF"}), "refreshed %v", b.feed.refreshed)
	}},
	{action: "refresh-all", keys: []string{"R"}, check: func(b *bench) string { return want(b.feed.all == 1, "refreshed %d times", b.feed.all) }},
	{action: "step", keys: []string{"."}, check: func(b *bench) string { return want(slices.Equal(b.player.steps, []int{1}), "steps %v", b.player.steps) }},
	{action: "step-back", keys: []string{","}, check: func(b *bench) string {
		return want(slices.Equal(b.player.steps, []int{-1}), "steps %v", b.player.steps)
	}},
	{action: "seek", keys: []string{">"}, check: func(b *bench) string {
		return want(slices.Equal(b.player.seeks, []time.Duration{time.Minute}), "seeks %v", b.player.seeks)
	}},
	{action: "seek-back", keys: []string{"<"}, check: func(b *bench) string {
		return want(slices.Equal(b.player.seeks, []time.Duration{-time.Minute}), "seeks %v", b.player.seeks)
	}},
	{action: "faster", keys: []string{"+"}, check: func(b *bench) string { return want(b.player.speed == 4, "speed %v", b.player.speed) }},
	{action: "slower", keys: []string{"_"}, check: func(b *bench) string { return want(b.player.speed == 1, "speed %v", b.player.speed) }},
	{action: "help", keys: []string{"?"}, check: sees("─ Help ─")},
	{action: "back", before: []string{"z"}, keys: []string{"esc"}, check: func(b *bench) string { return want(!b.place.zoomed, "still zoomed") }},
	{action: "faults", keys: []string{"F"}, check: sees("stop Redis")},
	{action: "suspend", keys: []string{"ctrl+z"}, check: func(b *bench) string {
		_, ok := b.cmd().(tea.SuspendMsg)
		return want(ok, "not suspended")
	}},
	{action: "quit", keys: []string{"q"}, check: quits},
	{action: "quit", keys: []string{"ctrl+c"}, check: quits},
	{action: "quit", before: []string{"?"}, keys: []string{"ctrl+c"}, check: quits},
}

func quits(b *bench) string {
	if b.cmd == nil {
		return "no command"
	}
	_, ok := b.cmd().(tea.QuitMsg)
	return want(ok, "does not quit")
}

// sent reports whether the last command writes the text, in base64, to the
// clipboard.
func sent(b *bench, base64 string) string {
	if b.cmd == nil {
		return "no command"
	}
	raw, ok := b.cmd().(tea.RawMsg)
	return want(ok && fmt.Sprint(raw.Msg) == "\x1b]52;c;"+base64+"\x07", "sent %q", raw.Msg)
}

func newBench(t *testing.T, action keymap.Action) *bench {
	b := &bench{t: t}
	m, desk, feed := session(t, 160, 45, func(o *Options) { o.Faults = &menu{} })
	b.Model, b.desk, b.feed = m, desk, feed
	if slices.ContainsFunc(keymap.Bindings(), func(k keymap.Binding) bool { return k.Action == action && k.Group == keymap.GroupReplay }) {
		b.player = &fakePlayer{fakeFeed: feed}
		feed.snap.Replay = &datasource.Replay{At: at, From: at.Add(-time.Hour), To: at.Add(time.Hour), Speed: 2}
		m.watch.feed = b.player
		m.markChanged()
	}
	return b
}

// TestActions types the keys of every action.
func TestActions(t *testing.T) {
	tried := map[keymap.Action]bool{}
	for _, c := range actionCases {
		tried[c.action] = true
		t.Run(string(c.action)+" "+strings.Join(c.keys, ""), func(t *testing.T) {
			b := newBench(t, c.action)
			press(b.Model, c.before...)
			exact(t, screen(b.Model), 160, 45)
			b.cmd = press(b.Model, c.keys...)
			exact(t, screen(b.Model), 160, 45)
			if why := c.check(b); why != "" {
				t.Errorf("%v then %v: %s\n%s", c.before, c.keys, why, plainScreen(b.Model))
			}
		})
	}
	for _, b := range keymap.Bindings() {
		if !tried[b.Action] {
			t.Errorf("no case for action %s", b.Action)
		}
	}
}

// TestPaletteReachesEverything: each action, page, panel, account, symbol and
// theme is found by its name, stands first or nearly so, and shows its key.
func TestPaletteReachesEverything(t *testing.T) {
	m, _, _ := session(t, 160, 45, func(o *Options) { o.Faults = &menu{} })
	for _, c := range paletteChoices(m) {
		press(m, ":")
		typeText(m, c.Kind+" "+c.Name)
		p := m.overlay.(*overlay.Picker)
		found := slices.IndexFunc(p.Shown(), func(o overlay.Choice) bool { return o.Kind == c.Kind && o.Name == c.Name })
		if found < 0 || found > 2 {
			t.Errorf("%s %s stands at %d", c.Kind, c.Name, found)
		}
		press(m, "esc")
	}
	for _, b := range keymap.Bindings() {
		if slices.Contains([]keymap.Action{keymap.Page, keymap.SortColumn, keymap.Palette, keymap.Back, keymap.Browse, keymap.WriteConfig}, b.Action) || b.Group == keymap.GroupReplay {
			continue
		}
		if !slices.ContainsFunc(paletteChoices(m), func(c overlay.Choice) bool { return c.Name == string(b.Action) && c.Keys == b.ShowKeys() }) {
			t.Errorf("%s with its key is not in the palette", b.Action)
		}
	}
}

// TestHelpNamesEverything: a newcomer finds every action from '?' alone.
func TestHelpNamesEverything(t *testing.T) {
	b := newBench(t, "step")
	b.opt.Faults, b.opt.Browser, b.opt.Write = &menu{}, noBrowser{}, func() (string, error) { return "", nil }
	text := ""
	for _, row := range newHelp(b.Model).(*overlay.Pager).Rows(200) {
		for _, s := range row {
			text += s.Text + " "
		}
	}
	for _, k := range keymap.Bindings() {
		if !strings.Contains(text, k.Help) || !strings.Contains(text, k.ShowKeys()) {
			t.Errorf("%s (%s) is not in the help", k.Action, k.Help)
		}
	}
}

// noBrowser is a Browser of an empty Redis.
type noBrowser struct{}

func (noBrowser) Scan(string, string) (browse.Page, error) { return browse.Page{}, nil }
func (noBrowser) Look(keys []string) ([]browse.Facts, error) {
	return make([]browse.Facts, len(keys)), nil
}
func (noBrowser) Inspect(browse.Request) (browse.Piece, error) { return browse.Piece{}, nil }
func (noBrowser) Pin(string, bool) (browse.Pinned, error)      { return browse.Pinned{}, nil }
func (noBrowser) Pins() []string                               { return nil }
func (noBrowser) Pattern(prefix, _ string) string              { return prefix + "*" }
