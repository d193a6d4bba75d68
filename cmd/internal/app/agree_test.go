package app

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/ui/scene"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// deskShot is what the panels of the desk say of one moment, by kind.
type deskShot map[string]string

func shoot(board *scene.Dashboard, snap *datasource.Snapshot, selected string) deskShot {
	out := deskShot{}
	pal := theme.Compile(theme.Default(), theme.ProfileMono, theme.Braille)
	for _, w := range scene.PageWidgets(&board.Pages[0]) {
		f := widgets.Context{W: 130, H: 40, Data: snap, Theme: pal, Now: snap.At.Truncate(time.Second), Selected: datasource.Clean(selected, 16)}
		if w.Kind() == "figures" {
			f.W, f.H = 240, 3
		}
		out[w.Kind()] = ansi.Strip(w.Render(f))
	}
	return out
}

// figure returns the first group of a pattern in a panel, without separators.
func (d deskShot) figure(kind, pattern string) string {
	m := regexp.MustCompile(pattern).FindStringSubmatch(d[kind])
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], ",", "")
}

// TestDesk_FiguresAgree: whatever the moment, what two panels say of the same
// thing is the same: the price, the day's range, the equity, the open result,
// the number of positions and orders, the own size.
func TestDesk_FiguresAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("a demo of some seconds")
	}
	c, err := DemoConfig(config.Options{}, 12)
	if err != nil {
		t.Fatal(err)
	}
	run := StartDemo(DemoOptions{Seed: 1, Rate: 100, Symbols: 12}, quiet)
	defer run.Close()
	a, err := New(Options{Config: c, Demo: run, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	board, feed, err := a.Desk(Principal{}).Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Close()
	const symbol = "EURUSD"
	compared := map[string]int{}
	enough := func() bool {
		return min(compared["the last price"], compared["the equity"], compared["the open result"], compared["the open positions"], compared["the waiting orders"]) >= 30
	}
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end) && !enough(); {
		select {
		case <-feed.Changed():
		case <-time.After(100 * time.Millisecond):
		}
		snap := feed.Snapshot()
		if snap.Get("account") == nil || !snap.Get("account").Known() || !snap.Get("positions").Known() || !snap.Get("quote."+symbol).Known() {
			continue
		}
		d := shoot(board, snap, symbol)
		for _, pair := range []struct{ what, kind1, pattern1, kind2, pattern2 string }{
			{"the last price", "quotes", symbol + ` +([\d.,]+)`, "candles", ` ([\d.,]+) last`},
			{"the equity", "figures", `\n ?([\d,]+\.\d\d)`, "area", `now ([\d,]+\.\d\d)`},
			{"the open result", "figures", `\n.*?  +([-+]?[\d,]+\.\d\d)  `, "positions", `open PnL ([-+]?[\d,]+\.\d\d)`},
			{"the open positions", "figures", `(\d+) positions?`, "positions", `(\d+) open`},
			{"the waiting orders", "figures", `(\d+) orders?`, "positions", `(\d+) order`},
		} {
			one, other := d.figure(pair.kind1, pair.pattern1), d.figure(pair.kind2, pair.pattern2)
			if one == "" || other == "" {
				continue
			}
			if compared[pair.what]++; one != other {
				t.Errorf("%s: %s says %s, %s says %s", pair.what, pair.kind1, one, pair.kind2, other)
			}
		}
		if t.Failed() {
			t.Log(d["figures"] + "\n" + d["quotes"] + "\n" + d["candles"] + "\n" + d["positions"])
			return
		}
	}
	for _, what := range []string{"the last price", "the equity", "the open result", "the open positions", "the waiting orders"} {
		if compared[what] < 5 {
			t.Errorf("%s was compared %d times", what, compared[what])
		}
	}
}
