package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/datasource/testkit/servertest"
	"ticktop/ui"
	"ticktop/widgets/theme"
)

// setup says how a rig's configuration differs from the usual one.
type setup struct {
	redis    string        // a line of the redis section: url, tls, …
	api      string        // of the api section; "" for none
	cacheTTL time.Duration // default 60 s
}

// rig is a whole ticktop on real servers, and its screen.
type rig struct {
	*screen
	app *app.App
}

// The desk shows one of each kind of datum, so that "never blank" is asked of
// every kind.
const desk = `
redis: {%s, poll: 1s}
%s
cache_ttl: %s
vars: {account: ACC-1001, symbols: [EURUSD, GBPUSD]}
data:
  account:   {hash: "account:{account}", fallback: {path: "/api/accounts/{account}/"}}
  quote:     {string: "quote:{symbol}", for: {symbol: symbols}, live: "ticks:{symbol}", fallback: {path: "/api/quotes/{symbol}/"}}
  positions: {string: "positions:{account}", fallback: {path: "/api/positions/?account={account}", pick: results}}
  equity:    {zset: "equity:{account}", member: "{ts}:{value}", window: 4h,
              fallback: {path: "/api/accounts/{account}/equity/", pick: points, time: ts, value: equity}}
  counter:   {string: "counter:orders_today", fallback: {path: "/api/counters/orders_today/", pick: value}}
  notices:   {channel: "notifications:{account}"}
  tape:      {stream: "tape:{account}", keep: 50}
  log:       {list: "whisper-log", keep: 50}
pages:
  - name: Desk
    rows:
      - height: 9
        widgets:
          - {type: account, data: account, fields: [equity, balance]}
          - {type: chart, data: equity}
      - height: 10
        widgets:
          - {type: quotes, data: quote, columns: [symbol, bid, ask, age]}
          - {type: table, data: positions}
      - height: 7
        widgets:
          - {type: counter, data: counter, title: Orders}
          - {type: feed, data: notices, title: Notices}
          - {type: feed, data: tape, title: Tape}
          - {type: feed, data: log, title: Log}
      - widgets: [{type: health}]
`

// shapes are the values that must stay on the screen: what fill writes, and
// what the Django application says in its place.
var shapes = map[string]string{
	"account":      `48,9\d\d\.\d\d`,
	"EURUSD":       `1\.08\d{3}`,
	"GBPUSD":       `1\.26\d{3}`,
	"positions":    `149\.5\d+`,
	"equity":       `48,[0-2]\d\d`,
	"counter":      `\b42\d?\b`,
	"notice":       `notice \d\d`,
	"stream entry": `trade \d\d`,
	"log line":     `line \d\d`,
}

// newRig fills the platform's Redis, starts ticktop, and waits until everything
// is on the screen and live.
func newRig(t *testing.T, d doer, s setup) *rig {
	t.Helper()
	fill(d, 10)
	r := start(t, s, desk, shapes)
	r.joined(d)
	return r
}

// start starts ticktop on a template of a configuration. It returns at once:
// nothing is on the screen yet.
func start(t *testing.T, s setup, template string, shapes map[string]string) *rig {
	t.Helper()
	if s.cacheTTL == 0 {
		s.cacheTTL = time.Minute
	}
	api := ""
	if s.api != "" {
		api = "api: {" + s.api + ", timeout: 2s}"
	}
	file := filepath.Join(t.TempDir(), "ticktop.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, template, s.redis, api, s.cacheTTL), 0o600); err != nil {
		t.Fatal(err)
	}
	load := config.Options{File: file}
	c, err := config.Load(load)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(app.Options{Load: load, Config: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	m := ui.New(ui.Options{Desk: a.Desk(app.Principal{}), Cache: a.Cache, Profile: theme.ProfileTrue, Width: 150, Height: 47})
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	return &rig{screen: newScreen(t, m, shapes), app: a}
}

func redisURL(u string) string { return fmt.Sprintf("url: %q", u) }

func apiURL(a *servertest.API) string {
	return fmt.Sprintf("url: %q, token: %q", a.URL(), servertest.DjangoToken)
}

// doer runs a command as the platform's producer: a server or a cluster.
type doer interface{ Do(args ...any) any }

// fill writes everything as the platform does, in its n-th state (10 to 99).
// What is written is also published; a subscriber that is away must find it in
// the keys.
func fill(d doer, n int) {
	tick := func(bid string) string { return fmt.Sprintf(`{"bid":"%s%02d1","ask":"%s%02d9"}`, bid, n, bid, n) }
	ms := time.Now().UnixMilli()
	for _, cmd := range [][]any{
		{"HSET", "account:ACC-1001", "equity", fmt.Sprintf("489%02d.10", n), "balance", "50000.00"},
		{"SET", "quote:EURUSD", tick("1.08")},
		{"SET", "quote:GBPUSD", tick("1.26")},
		{"SET", "positions:ACC-1001", fmt.Sprintf(`[{"symbol":"USDJPY","side":"BUY","qty":"0.%02d","entry":"149.501"}]`, n)},
		{"SET", "counter:orders_today", 42},
		{"XADD", "tape:ACC-1001", "MAXLEN", 20, "*", "text", fmt.Sprintf("trade %02d", n)},
		{"LPUSH", "whisper-log", fmt.Sprintf("line %02d", n)},
		{"LTRIM", "whisper-log", 0, 20},
		{"ZADD", "equity:ACC-1001", ms - 60_000, fmt.Sprintf("%d:481%02d.10", ms-60_000, n), ms, fmt.Sprintf("%d:481%02d.10", ms, n)},
		{"PUBLISH", "ticks:EURUSD", tick("1.08")},
		{"PUBLISH", "ticks:GBPUSD", tick("1.26")},
	} {
		d.Do(cmd...)
	}
	notify(d, n)
}

func notify(d doer, n int) {
	d.Do("PUBLISH", "notifications:ACC-1001", fmt.Sprintf(`{"level":"info","text":"notice %02d"}`, n))
}

// trouble are the words of a screen that is not plain.
var trouble = []string{"✕", "◐", "stale", "retry in", "missing", "failed", "loading"}

// calm is the condition that everything is live and in its n-th state.
func calm(n int) func(string) bool {
	values := shows(fmt.Sprintf(`48,9%02d\.10`, n), fmt.Sprintf(`1\.08%02d1`, n), fmt.Sprintf(`1\.26%02d1`, n), fmt.Sprintf(`0\.%02d`, n),
		fmt.Sprintf(`trade %02d`, n), fmt.Sprintf(`line %02d`, n))
	return func(text string) bool {
		bar, rest, _ := strings.Cut(text, "\n")
		for _, light := range []string{"redis ●", "pubsub ●"} {
			if !strings.Contains(bar, light) {
				return false
			}
		}
		for _, word := range trouble {
			if strings.Contains(rest, word) {
				return false
			}
		}
		return values(text)
	}
}

// joined waits until everything is on the screen. Whether the channels are
// joined shows when a notice arrives, so it is sent again and again.
func (r *rig) joined(d doer) {
	r.t.Helper()
	met := r.when(shows(`notice \d\d`))
	servertest.Until(r.t, 20*time.Second, "a notice", func() bool {
		select {
		case <-met:
			return true
		case <-time.After(100 * time.Millisecond):
			notify(d, 10)
			return false
		}
	})
	r.until(patience, "everything is live at first", r.when(calm(10)))
}
