package main

import (
	"fmt"
	"strings"

	"ticktop/widgets/theme"
)

// picture says what is drawn: a scene of the tape, and what a trader has open.
type picture struct {
	name  string
	title string // for screen readers
	scene string
	page  string
	keys  []string

	w, h    int
	theme   string
	profile theme.Profile
	symbols theme.Symbols
	alerts  bool // with conditions that hold
	replay  bool // as a recording
}

// The size of a picture in the documentation.
const (
	docW = 160
	docH = 45
)

// pagePictures are the built-in ones.
func pagePictures() []picture {
	var out []picture
	for _, p := range [][3]string{
		{"overview", "Desk", "The desk: key figures, watchlist, linked chart, positions and orders, equity, activity, book, platform"},
		{"book", "Book", "Book: the chart of the selected symbol, its book and tape, positions, closed trades"},
		{"market", "Market", "Market: quotes with spreads and sparklines, a heat map, candles, and all symbols on one chart"},
		{"health", "Health", "Health: the sources with round trip, rate and cause, and every datum that is not plain"},
	} {
		out = append(out, picture{name: p[0], title: p[2], scene: "live", page: p[1]})
	}
	return out
}

// degradedPictures are the states in which something is not plain, on the page that
// shows it best.
func degradedPictures() []picture {
	s := func(scene, page, title string) picture {
		return picture{name: "state-" + scene, title: title, scene: scene, page: page}
	}
	return []picture{
		s("starting", "Desk", "Starting: every panel says that it waits for its first value"),
		s("unavailable", "Desk", "Neither Redis nor the API has ever answered: every panel says why and when it is tried again"),
		s("fallback", "Desk", "Keys have expired: account, positions, orders, flags and counters come from the API, marked, with their time left"),
		s("redis-stopped", "Desk", "Redis is stopped: values come from the API, what it does not have stays and ages, the bar says refused"),
		s("redis-hung", "Desk", "Redis hangs: no answer within the limit, and the screen goes on"),
		s("pubsub-cut", "Desk", "Pub/sub is cut alone: quotes are polled"),
		s("silent", "Market", "The tick channels are up but silent past their usual rhythm, and are marked so"),
		{name: "state-wrong-type", scene: "wrong-type", page: "Health",
			title: "A key has the wrong type: its value comes from the API, the inspector says why, all others go on"},
		s("hostile", "Desk", "Escape sequences in the data are shown as symbols and do nothing"),
		s("storm", "Desk", "Ten thousand ticks a second: conflated, none dropped"),
		s("api-500", "Desk", "Keys expired and the API has answered 500 too often: the breaker is open, last values stay, marked stale"),
		s("api-429", "Desk", "Keys expired and the API throttles: the countdown to the next try"),
		s("api-401", "Desk", "Keys expired and the API refuses the token"),
		s("last-known", "Health", "Both sources are gone: last known values with their ages, and when each source is tried again"),
	}
}

// overlayPictures are the boxes that a trader can open.
func overlayPictures() []picture {
	o := func(name, scene, page, title string, keys ...string) picture {
		return picture{name: name, title: title, scene: scene, page: page, keys: keys}
	}
	alerting := o("alerts", "live", "Desk", "Alerts: what holds now, to be acknowledged or snoozed", "!")
	alerting.alerts = true
	replay := o("replay", "live", "Desk", "A recording at four times its speed, with its place and its end")
	replay.replay = true
	return []picture{
		o("help", "live", "Desk", "Help: every key, searchable", "?"),
		o("palette", "live", "Desk", "The palette: actions, pages, accounts and symbols by a few letters", ":", "a", "c", "c"),
		o("inspector", "live", "Desk", "The inspector: details of the selected value", "J", "j", "j", "i"),
		o("inspector-fallback", "fallback", "Desk", "The inspector of a value that came from the API, and why", "i"),
		o("events", "healed", "Desk", "The event log: every change of state of every source and datum", "E"),
		alerting,
		o("themes", "live", "Desk", "The theme picker, with a live preview", "T", "j"),
		o("faults", "redis-stopped", "Desk", "The demo's fault menu", "F"),
		o("zoom", "live", "Desk", "One panel on the whole screen", "L", "z"),
		o("paused", "live", "Desk", "Paused: the picture is held, and says so", "p"),
		o("filter", "live", "Market", "A filter over the quotes", "/", "U", "S", "D"),
		o("private", "live", "Desk", "Balances hidden", "x"),
		replay,
	}
}

// themePictures are the themes, the symbol sets and the sizes.
func themePictures() []picture {
	var out []picture
	for _, name := range theme.Names()[1:] {
		out = append(out, picture{name: "theme-" + name, title: "The desk in the theme " + name, scene: "live", page: "Desk", theme: name})
	}
	for _, s := range []theme.Symbols{theme.Block, theme.ASCII} {
		out = append(out, picture{name: "symbols-" + s.String(), title: "The desk with the symbol set " + s.String(), scene: "live", page: "Desk", symbols: s})
	}
	out = append(out, picture{name: "no-color", title: "The desk with NO_COLOR", scene: "fallback", page: "Desk", profile: theme.ProfileMono})
	for _, size := range sizes {
		out = append(out, picture{name: fmt.Sprintf("overview-%dx%d", size[0], size[1]), title: fmt.Sprintf("The desk at %d by %d", size[0], size[1]),
			scene: "live", page: "Desk", w: size[0], h: size[1]})
	}
	return out
}

// sizes are those that every page and state is held to by golden frames.
var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

// chapter is a heading of docs/gallery.md and what stands under it.
type chapter struct {
	title    string
	pictures []picture
}

func galleryChapters() []chapter {
	return []chapter{{"Pages", pagePictures()}, {"Degraded states", degradedPictures()}, {"What can be opened", overlayPictures()}, {"Themes, symbols, sizes", themePictures()}}
}

// galleryIndex is docs/gallery.md: all pictures with what they show.
func galleryIndex() []byte {
	var b strings.Builder
	b.WriteString("# Every picture\n\nDrawn by the program from a recording of the demo: `make pictures`. `go test ./cmd/internal/docgen` holds them to it.\n")
	for _, c := range galleryChapters() {
		fmt.Fprintf(&b, "\n## %s\n", c.title)
		for _, p := range c.pictures {
			fmt.Fprintf(&b, "\n### %s\n\n![%[1]s](img/%s.svg)\n", p.title, p.name)
		}
	}
	return []byte(b.String())
}

// allPictures are all that go into the documentation.
func allPictures() []picture {
	var out []picture
	for _, c := range galleryChapters() {
		for _, p := range c.pictures {
			if p.w == 0 {
				p.w, p.h = docW, docH
			}
			if p.theme == "" {
				p.theme = theme.Default().Name
			}
			if p.profile == theme.ProfileNone {
				p.profile = theme.ProfileTrue
			}
			out = append(out, p)
		}
	}
	return out
}

// drawAll draws all pictures: SVG by name.
func (s *studio) drawAll() (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, p := range allPictures() {
		screen, err := s.draw(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		out[p.name] = drawSVG(p.title, screen, paperOf(p.theme, p.profile))
	}
	moving, err := s.drawMoving()
	if err != nil {
		return nil, err
	}
	out[movingName] = moving
	return out, nil
}
