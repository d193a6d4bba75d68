package main

import (
	"log/slog"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/alert"
	"ticktop/ui"
	"ticktop/widgets/theme"
)

// still is a feed that stands at one scene.
type still struct {
	scene   *scene
	changed chan struct{}
	asked   int // how often the snapshot was taken
}

func newStill(s *scene) *still {
	f := &still{scene: s, changed: make(chan struct{}, 1)}
	f.changed <- struct{}{}
	return f
}

func (f *still) Snapshot() *datasource.Snapshot {
	f.asked++
	return f.scene.snap
}
func (f *still) Changed() <-chan struct{}              { return f.changed }
func (f *still) Refresh(...string)                     {}
func (f *still) History(name string) []datasource.Past { return f.scene.past[name] }
func (f *still) Close()                                {}

// reel is a still in a recording: the replay screens.
type reel struct{ *still }

func (reel) SetSpeed(float64)   {}
func (reel) SetPaused(bool)     {}
func (reel) Step(int)           {}
func (reel) Seek(time.Duration) {}
func (reel) SeekTo(time.Time)   {}

// desk gives the product's own dashboard and the still in the place of its
// data.
type desk struct {
	ui.Desk
	feed datasource.Feed
}

func (d desk) Open(vars map[string][]string) (*ui.Dashboard, datasource.Feed, error) {
	board, feed, err := d.Desk.Open(vars)
	if err != nil {
		return nil, nil, err
	}
	feed.Close()
	return board, d.feed, nil
}

// menu is the demo's fault menu as it was.
type menu []ui.Fault

func (m menu) List() []ui.Fault       { return m }
func (m menu) Set(string, bool) error { return nil }

// studio draws scenes of one tape through the session model.
type studio struct {
	app    *app.App
	scenes map[string]*scene
}

func newStudio(dir string) (*studio, error) {
	n, scenes, err := readTape(dir)
	if err != nil {
		return nil, err
	}
	c, err := config.Parse(config.BuiltIn, nil, config.Options{Overrides: config.Overrides{Vars: map[string]string{"symbols": strings.Join(n.Symbols, ",")}}})
	if err != nil {
		return nil, err
	}
	a, err := app.New(app.Options{Config: c, Player: reel{newStill(&scene{snap: datasource.NewSnapshot(time.Time{}, 0, nil, nil, nil)})}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return &studio{app: a, scenes: scenes}, nil
}

func (s *studio) close() error { return s.app.Close() }

// draw returns the screen of a picture.
func (s *studio) draw(p picture) (string, error) {
	sc := s.scenes[p.scene]
	if p.alerts {
		sc = withAlerts(sc)
	}
	feed := newStill(sc)
	var source datasource.Feed = feed
	now := sc.snap.At
	if p.replay {
		source, feed.scene = reel{feed}, asReplay(sc)
	}
	m := ui.New(ui.Options{
		Desk: desk{s.app.Desk(app.Principal{}), source}, Theme: p.theme, Profile: p.profile, Symbols: p.symbols, Cache: s.app.Cache,
		Width: p.w, Height: p.h, Page: p.page, Faults: menu(sc.faults), Clock: func() time.Time { return now },
		Term: "xterm-256color", FPS: 60,
	})
	defer m.Close()
	if err := m.Err(); err != nil {
		return "", err
	}
	deliverData(m, feed)
	for _, key := range p.keys {
		m.Update(keyPress(key))
	}
	return m.View().Content, nil
}

// deliverData runs what a session starts with until it has taken its data. What
// else it waits for ends when it is closed.
func deliverData(m *ui.Model, feed *still) {
	batch, ok := m.Init()().(tea.BatchMsg)
	if !ok {
		return
	}
	answers := make(chan tea.Msg, len(batch))
	for _, cmd := range batch {
		if cmd != nil {
			go func() { answers <- cmd() }()
		}
	}
	for before := feed.asked; feed.asked == before; {
		m.Update(<-answers)
	}
}

// withAlerts is a scene with conditions that are true of it.
func withAlerts(sc *scene) *scene {
	var rules []*alert.Rule
	for _, r := range []struct {
		when  string
		level datasource.Level
	}{
		{"account.margin_level < 100000", datasource.LevelCritical},
		{"account.open_orders >= 0", datasource.LevelWarning},
		{"quote.EURUSD.bid > 0.5", datasource.LevelInfo},
	} {
		rule, err := alert.Compile(r.when, r.level)
		if err != nil {
			continue // a test looks at the picture
		}
		rules = append(rules, rule)
	}
	snap := *sc.snap
	_, state := alert.Eval(rules, &snap, snap.At.Add(-75*time.Second), nil)
	snap.Alerts, _ = alert.Eval(rules, &snap, snap.At, state)
	return &scene{snap: &snap, past: sc.past, faults: sc.faults}
}

// asReplay is a scene as a recording shows it.
func asReplay(sc *scene) *scene {
	snap := *sc.snap
	snap.Replay = &datasource.Replay{At: snap.At, From: snap.At.Add(-19 * time.Minute), To: snap.At.Add(41 * time.Minute), Speed: 4}
	return &scene{snap: &snap, past: sc.past, faults: sc.faults}
}

// keyPress is the message for a key, in the spelling of the key table.
func keyPress(key string) tea.KeyPressMsg {
	named := map[string]rune{"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "tab": tea.KeyTab,
		"enter": tea.KeyEnter, "esc": tea.KeyEsc}
	if code, ok := named[key]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	return tea.KeyPressMsg{Code: []rune(key)[0], Text: key}
}

// papers are the terminal's own colours where a theme leaves them.
func paperOf(name string, p theme.Profile) paper {
	t, err := theme.Lookup(name)
	if err != nil {
		t = theme.Default()
	}
	text := colour(0xdde3ea)
	if t.Light && p != theme.ProfileMono {
		text = 0x24292f
	}
	return paper{text: text, background: colour(t.Background)}
}
