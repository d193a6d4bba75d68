package ui

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/ui/overlay"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// at is the time that every test's clock shows.
var at = time.Date(2026, 11, 23, 9, 31, 7, 0, time.UTC)

func safe(s string) datasource.Safe { return datasource.Clean(s, datasource.MaxCell) }

func num(s string) datasource.Value {
	n, _ := datasource.ParseNumber(s)
	return datasource.Value{Type: datasource.TypeNumber, Num: n}
}

func object(pairs ...string) datasource.Value {
	v := datasource.Value{Type: datasource.TypeObject}
	for i := 0; i+1 < len(pairs); i += 2 {
		f := datasource.Field{Name: safe(pairs[i]), Value: num(pairs[i+1])}
		if f.Value.Num.String() == "" {
			f.Value = datasource.Value{Type: datasource.TypeText, Text: safe(pairs[i+1])}
		}
		v.Fields = append(v.Fields, f)
	}
	return v
}

// rows is a fake widget: one line for each of its data, with a cursor.
type rows struct {
	title, data string
	w, h        int
	panics      bool
}

func (r *rows) Kind() string           { return "rows" }
func (r *rows) Title() datasource.Safe { return safe(r.title) }
func (r *rows) Data() []string         { return []string{r.data} }
func (r *rows) MinSize() (w, h int)    { return r.w, r.h }
func (r *rows) Acts() []widgets.Action {
	var all []widgets.Action
	for a := widgets.ActUp; a <= widgets.ActHideColumn; a++ {
		all = append(all, a)
	}
	return all
}

func (r *rows) names(f widgets.Context) []string {
	re, err := regexp.Compile(strings.TrimPrefix(f.View.Filter, "!"))
	var out []string
	f.Data.Each(r.data, func(name string, _ *datasource.Entry) {
		if err == nil && f.View.Filter != "" && re.MatchString(name) == strings.HasPrefix(f.View.Filter, "!") {
			return
		}
		out = append(out, name)
	})
	return out
}

func (r *rows) Render(f widgets.Context) string {
	if r.panics {
		panic("a fault of the test")
	}
	head := draw.Head{Title: r.Title(), Focused: f.Focused}
	worst, why := datasource.StateLive, ""
	p := draw.NewPanel(f.Theme, f.W, f.H, head)
	for i, name := range r.names(f) {
		e := f.Data.Get(name)
		if i == f.View.Cursor && f.Focused {
			p.On(theme.Selected)
		}
		p.Cell(theme.Label, datasource.Clean(name, 64).String(), 16)
		state := datasource.StateLoading
		if e != nil {
			state = e.State
		}
		if e.Known() {
			text := string(overlay.AppendJSON(nil, &e.Value, -1))
			p.Lit(theme.Strong, text).Lit(theme.Dim, " "+draw.Age(e.Age(f.Now)))
		}
		if state != datasource.StateLive {
			worst, why = state, state.String()
		}
		glyph, role := draw.Mark(f.Theme, state)
		p.Lit(role, " "+glyph)
		p.EndLine()
	}
	_, _ = worst, why
	return p.String()
}

func (r *rows) Act(f widgets.Context, a widgets.Action, arg rune) widgets.View {
	v, n := f.View, len(r.names(f))
	switch a {
	case widgets.ActUp:
		v.Cursor = max(v.Cursor-1, 0)
	case widgets.ActDown:
		v.Cursor = min(v.Cursor+1, max(n-1, 0))
	case widgets.ActSort:
		v.Sort = "next"
	case widgets.ActSortColumn:
		v.Sort = string(arg)
	case widgets.ActShorter:
		v.Range--
	case widgets.ActLonger:
		v.Range++
	case widgets.ActZoomIn:
		v.Zoom++
	case widgets.ActZoomOut:
		v.Zoom--
	case widgets.ActSortFlip:
		v.Desc = !v.Desc
	case widgets.ActHideColumn:
		v.Hidden = "one"
	default:
		v.Sort = map[widgets.Action]string{widgets.ActTop: "top", widgets.ActBottom: "bottom", widgets.ActPageUp: "page up",
			widgets.ActPageDown: "page down", widgets.ActInterval: "interval"}[a]
	}
	return v
}

func (r *rows) Target(f widgets.Context) (widgets.Target, bool) {
	names := r.names(f)
	if f.View.Cursor >= len(names) {
		return widgets.Target{}, false
	}
	return widgets.Target{Name: names[f.View.Cursor], Row: -1}, true
}

func (r *rows) RowAt(f widgets.Context, y int) (int, bool) {
	return y - 1, y >= 1 && y <= len(r.names(f))
}

// plainPanel is a fake widget with no optional method.
type plainPanel struct{ title, data string }

func (p *plainPanel) Kind() string           { return "plain" }
func (p *plainPanel) Title() datasource.Safe { return safe(p.title) }
func (p *plainPanel) Data() []string         { return []string{p.data} }
func (p *plainPanel) Render(f widgets.Context) string {
	return draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Title: p.Title(), Focused: f.Focused}).String()
}

// fakeFeed is a Feed whose snapshots are set by the test.
type fakeFeed struct {
	mu        sync.Mutex
	snap      *datasource.Snapshot
	changed   chan struct{}
	refreshed []string
	all       int
	closed    bool
	past      []datasource.Past
}

func newFeed(s *datasource.Snapshot) *fakeFeed {
	return &fakeFeed{snap: s, changed: make(chan struct{}, 1)}
}

func (f *fakeFeed) Snapshot() *datasource.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.snap
}
func (f *fakeFeed) Changed() <-chan struct{} { return f.changed }
func (f *fakeFeed) Refresh(names ...string) {
	f.refreshed = append(f.refreshed, names...)
	if len(names) == 0 {
		f.all++
	}
}
func (f *fakeFeed) History(string) []datasource.Past { return f.past }
func (f *fakeFeed) Close()                           { f.closed = true }

func (f *fakeFeed) put(s *datasource.Snapshot) {
	f.mu.Lock()
	f.snap = s
	f.mu.Unlock()
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

// fakePlayer is a feed that can be steered.
type fakePlayer struct {
	*fakeFeed
	paused bool
	speed  float64
	steps  []int
	seeks  []time.Duration
}

func (p *fakePlayer) SetSpeed(x float64)   { p.speed = x }
func (p *fakePlayer) SetPaused(on bool)    { p.paused = on }
func (p *fakePlayer) Step(n int)           { p.steps = append(p.steps, n) }
func (p *fakePlayer) Seek(d time.Duration) { p.seeks = append(p.seeks, d) }
func (p *fakePlayer) SeekTo(time.Time)     {}

// fakeDesk opens one dashboard, whatever the variables, unless refuse is set.
type fakeDesk struct {
	dash   *Dashboard
	feed   datasource.Feed
	refuse error
	opened []map[string][]string
	reload chan struct{}
}

func (d *fakeDesk) Open(vars map[string][]string) (*Dashboard, datasource.Feed, error) {
	d.opened = append(d.opened, vars)
	if d.refuse != nil {
		return nil, nil, d.refuse
	}
	if vars == nil {
		return d.dash, d.feed, nil
	}
	next := *d.dash
	next.Vars = vars
	return &next, d.feed, nil
}
func (d *fakeDesk) Changed() <-chan struct{} { return d.reload }

// market is the fixture: a desk with four pages and every state.
func market() (*fakeDesk, *fakeFeed) {
	names := []string{"account", "quote.EURUSD", "quote.GBPUSD", "quote.USDCHF", "flag.kill", "orders", "log"}
	fault := &datasource.Fault{Class: datasource.ClassWrongType, Source: datasource.SourceRedis, Text: safe("expected hash, is zset"), Hint: safe("look at the key")}
	mk := func(i int, state datasource.State, v datasource.Value) *datasource.Entry {
		return &datasource.Entry{Ref: &datasource.Ref{Name: names[i], Kind: datasource.KindHash, Key: "key:" + names[i], Live: "ticks:x", Shape: datasource.Shape{Market: datasource.Group(names[i]) == "quote"}},
			State: state, Value: v, Rev: uint64(i + 1), At: at.Add(-time.Duration(i) * time.Second), Changed: at.Add(-time.Minute), Raw: []byte(`{"raw":1}`)}
	}
	entries := []*datasource.Entry{
		mk(0, datasource.StateLive, object("equity", "48911.20", "open_orders", "3")),
		mk(1, datasource.StateLive, object("bid", "1.08342", "ask", "1.08353")),
		mk(2, datasource.StateLive, object("bid", "1.27113", "ask", "1.27126")),
		mk(3, datasource.StateStale, object("bid", "0.88214", "ask", "0.88223")),
		mk(4, datasource.StateFallback, datasource.Value{Type: datasource.TypeBool, Bool: true}),
		mk(5, datasource.StateError, datasource.Value{}),
		nil,
	}
	entries[0].Expires = at.Add(48 * time.Second)
	entries[4].Origin, entries[4].Why = datasource.SourceAPI, safe("key expired")
	entries[5].Fault = fault
	s := datasource.NewSnapshot(at, 7, names, nil, entries)
	s.Sources[datasource.SourceRedis] = datasource.Status{Light: datasource.LightUp, RTT: 300 * time.Microsecond, Since: at.Add(-time.Hour)}
	s.Sources[datasource.SourcePubSub] = datasource.Status{Light: datasource.LightUp, Rate: 1012, Channels: 3, Since: at.Add(-time.Hour)}
	s.Sources[datasource.SourceAPI] = datasource.Status{Light: datasource.LightDegraded, Since: at.Add(-5 * time.Second),
		Fault: &datasource.Fault{Class: datasource.ClassRateLimited, Text: safe("throttled (429)"), RetryAt: at.Add(12 * time.Second)}}
	s.Events = []datasource.Event{
		{At: at.Add(-5 * time.Second), Subject: safe("api"), From: safe("up"), To: safe("degraded"), Text: safe("throttled (429)"), Level: datasource.LevelWarning},
		{At: at.Add(-2 * time.Second), Subject: safe("quote.USDCHF"), From: safe("live"), To: safe("stale"), Text: safe("silent for 30 s"), Level: datasource.LevelWarning},
	}
	feed := newFeed(s)
	page := func(name string, rs ...layout.Row) layout.Page { return layout.Page{Name: name, Rows: rs} }
	row := func(ws ...widgets.Widget) layout.Row {
		r := layout.Row{}
		for i, w := range ws {
			r.Cells = append(r.Cells, layout.Cell{Widget: w, Weight: i})
		}
		return r
	}
	dash := &Dashboard{
		Name: safe("built-in"), Vars: map[string][]string{"account": {"ACC-1001"}, "symbols": {"EURUSD", "GBPUSD", "USDCHF"}},
		Choices: map[string][]string{"account": {"ACC-1001", "ACC-2002"}, "symbols": {"EURUSD", "GBPUSD", "USDCHF", "XAUUSD"}},
		Pages: []layout.Page{
			page("Overview", row(&rows{title: "Account", data: "account", w: 30, h: 6}, &rows{title: "Flags", data: "flag", w: 24, h: 5}),
				row(&rows{title: "Quotes", data: "quote", w: 40, h: 8}, &rows{title: "Orders", data: "orders", w: 30, h: 5}),
				row(&plainPanel{"Log", "log"})),
			page("Positions", row(&rows{title: "Positions", data: "orders", w: 40, h: 8})),
			page("Market", row(&rows{title: "All quotes", data: "quote", w: 40, h: 8})),
			page("Health", row(&plainPanel{"Health", "account"})),
		},
	}
	return &fakeDesk{dash: dash, feed: feed, reload: make(chan struct{})}, feed
}

// session makes a session of the fixture at a size.
func session(t testing.TB, w, h int, change ...func(*Options)) (*Model, *fakeDesk, *fakeFeed) {
	t.Helper()
	desk, feed := market()
	o := Options{Desk: desk, Width: w, Height: h, Profile: theme.ProfileTrue, Theme: "dark", Local: true, Clock: func() time.Time { return at }}
	for _, f := range change {
		f(&o)
	}
	m := New(o)
	t.Cleanup(m.Close)
	return m, desk, feed
}

// press types keys, each in the spelling of the key table, and runs no command.
func press(m *Model, keys ...string) (cmd tea.Cmd) {
	for _, k := range keys {
		_, cmd = m.Update(keyMsg(k))
	}
	return cmd
}

// typeText types every character of a text.
func typeText(m *Model, text string) {
	for _, r := range text {
		press(m, string(r))
	}
}

// keyMsg is the message that Bubble Tea sends for a key.
func keyMsg(key string) tea.KeyPressMsg {
	codes := map[string]rune{"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome,
		"end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "tab": tea.KeyTab, "enter": tea.KeyEnter, "esc": tea.KeyEsc,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete}
	var mod tea.KeyMod
	base := key
	for _, p := range []struct {
		text string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if rest, ok := strings.CutPrefix(base, p.text); ok && rest != "" {
			base, mod = rest, mod|p.mod
		}
	}
	if base == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " ", Mod: mod}
	}
	if c, ok := codes[base]; ok {
		return tea.KeyPressMsg{Code: c, Mod: mod}
	}
	r := []rune(base)[0]
	if mod != 0 {
		return tea.KeyPressMsg{Code: r, Mod: mod}
	}
	return tea.KeyPressMsg{Code: r, Text: base}
}

// run runs a command and gives what it answers back to the model; batches are
// run one after the other. Commands that wait must not be run with it.
func run(t testing.TB, m *Model, cmd tea.Cmd) {
	t.Helper()
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			run(t, m, c)
		}
	case openedMsg, faultMsg:
		m.Update(msg)
	case nil:
	default:
		t.Logf("command answered %T", msg)
	}
}

func screen(m *Model) string { return m.View().Content }

// plainScreen is the picture without styles.
func plainScreen(m *Model) string { return stripStyles(screen(m)) }

var sgrRE = regexp.MustCompile("\x1b\\[[0-9;:]*m")

func stripStyles(s string) string { return sgrRE.ReplaceAllString(s, "") }

// mustSee fails unless the picture holds every text.
func mustSee(t testing.TB, m *Model, texts ...string) {
	t.Helper()
	s := plainScreen(m)
	for _, text := range texts {
		if !strings.Contains(s, text) {
			t.Errorf("not on the screen: %q\n%s", text, s)
		}
	}
}

func mustNotSee(t testing.TB, m *Model, texts ...string) {
	t.Helper()
	s := plainScreen(m)
	for _, text := range texts {
		if strings.Contains(s, text) {
			t.Errorf("on the screen: %q\n%s", text, s)
		}
	}
}

// exact fails unless the picture is exactly w×h cells and holds no sequence but
// those that a widget may write.
func exact(t testing.TB, pic string, w, h int) {
	t.Helper()
	if err := widgettest.Examine(pic, w, h); err != nil {
		t.Fatalf("%v\n%s", err, stripStyles(pic))
	}
}

func clock(d time.Duration) secondMsg { return secondMsg{at.Add(d)} }
