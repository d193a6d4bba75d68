package config

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// refsAt returns the references of a configuration by name.
func refsAt(t *testing.T, c *Config, vars map[string][]string, now time.Time) map[string]datasource.Ref {
	t.Helper()
	refs, err := c.Refs(vars, now)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]datasource.Ref{}
	for _, r := range refs {
		out[r.Name] = r
	}
	return out
}

func TestLanguage_FillsShape(t *testing.T) {
	c := mustParse(t, `
source_timezone: Europe/London
vars: {account: ACC-1, symbols: [EURUSD, BRK.B]}
data:
  quote:
    string: "q:{symbol}"
    for: {symbol: symbols}
    live: {channel: prices, pick: data, where: {event: quote, symbol: "{symbol}"}}
    pick: "'a.b'.{symbol}"
    fields: {last: [Price, p], bid: b}
    values: {type: {0: BUY, 1: SELL}}
    time: stamp
    time_format: "%Y%m%d%H%M"
    market: true
  book:  {hash: "book:{symbol}", for: {symbol: symbols}, live: {channel: "b:{symbol}", into: price}, max_age: 0}
  bars:  {hash: "agg:{symbol}", for: {symbol: symbols}, series: {time: "@field", open: o, high: h, low: l, close: c, volume: v, step: 1m}}
  log:   {list: log, newest: last, decode: [base64, zlib], columns: [time, text], sep: "|", show: [session], where: {kind: [a, b]}}
  last:  {stream: s, latest: true, live: s}
  both:  {join: {bid: "{symbol}:bid", ask: "{symbol}:ask"}, for: {symbol: symbols}}
  doc:   {json: "doc:{account}", pick: a.0}
  tags:  {set: tags}
  temp:  {timeseries: temp, window: 1h}
  feed:  {channel: feed, where: {type: x}}
pages:
  - name: A
    rows: [{widgets: [{type: quotes, data: quote}, {type: depth, data: both}]}]
`, Options{})
	got := refsAt(t, c, c.Vars, validationTime)
	q := got["quote.BRK.B"]
	want := datasource.Shape{
		Pick:   "'a.b'.'BRK.B'",
		Fields: datasource.PairsOf([]datasource.Pair{{Name: "last", Values: []string{"Price", "p"}}, {Name: "bid", Values: []string{"b"}}}),
		Values: datasource.PairsOf([]datasource.Pair{{Name: "type.0", Values: []string{"BUY"}}, {Name: "type.1", Values: []string{"SELL"}}}),
		Time:   "stamp", TimeFormat: "%Y%m%d%H%M", Zone: "Europe/London", Market: true, MaxAge: time.Minute,
	}
	if q.Shape != want {
		t.Errorf("shape of quote:\n got %+v\nwant %+v", q.Shape, want)
	}
	push := datasource.Push{Pick: "data", Shared: true, Where: datasource.PairsOf([]datasource.Pair{{Name: "event", Values: []string{"quote"}}, {Name: "symbol", Values: []string{"BRK.B"}}})}
	if q.Push != push || q.Element != "BRK.B" || q.Live != "prices" {
		t.Errorf("push %+v, element %q, live %q", q.Push, q.Element, q.Live)
	}
	for name, ok := range map[string]bool{
		"into":                      got["book.EURUSD"].Push == datasource.Push{Into: "price"},
		"max_age 0 turns it off":    got["book.EURUSD"].Shape.MaxAge == 0,
		"bars":                      got["bars.EURUSD"].Shape.Series == datasource.SeriesFields{Time: "@field", Open: "o", High: "h", Low: "l", Close: "c", Volume: "v", Step: time.Minute},
		"newest":                    got["log"].Shape.Newest == datasource.EndLast,
		"decode":                    got["log"].Shape.Decode == "base64,zlib",
		"columns":                   got["log"].Shape.Columns == "time,text" && got["log"].Shape.Sep == "|",
		"show":                      got["log"].Shape.Show == "session",
		"where with several values": got["log"].Shape.Where == datasource.PairsOf([]datasource.Pair{{Name: "kind", Values: []string{"a", "b"}}}),
		"latest with live is aged":  got["last"].Shape.Latest && got["last"].Shape.MaxAge == time.Minute,
		"join":                      got["both.EURUSD"].Join == datasource.PairsOf([]datasource.Pair{{Name: "bid", Values: []string{"EURUSD:bid"}}, {Name: "ask", Values: []string{"EURUSD:ask"}}}),
		"join has no key":           got["both.EURUSD"].Key == "" && got["both.EURUSD"].Kind == datasource.KindString,
		"depth is aged":             got["both.EURUSD"].Shape.MaxAge == time.Minute,
		"json":                      got["doc"].Kind == datasource.KindJSON && got["doc"].Key == "doc:ACC-1" && got["doc"].Shape.Pick == "a.0",
		"set":                       got["tags"].Kind == datasource.KindSet,
		"timeseries":                got["temp"].Kind == datasource.KindTimeSeries && got["temp"].Window == time.Hour,
		"channel":                   got["feed"].Shape.Where != "" && got["feed"].Shape.MaxAge == 0,
	} {
		if !ok {
			t.Errorf("%s: not as configured", name)
		}
	}
}

// TestLanguage_SharedChannels: only messages that name the element count on a
// channel that does not vary with it (case 2).
func TestLanguage_SharedChannels(t *testing.T) {
	c := mustParse(t, `
vars: {account: ACC-1, symbols: [A, B], tfs: [1m]}
data:
  shared:  {string: "q:{symbol}", for: {symbol: symbols}, live: prices}
  own:     {string: "q:{symbol}", for: {symbol: symbols}, live: "t:{symbol}"}
  pattern: {string: "q:{symbol}", for: {symbol: symbols}, live: "t:*"}
  partly:  {string: "q:{symbol}:{tf}", for: {symbol: symbols, tf: tfs}, live: "t:{symbol}"}
  account: {hash: "account:{account}", live: accounts}
  named:   {hash: "account:{account}", live: "a:{account}"}
  single:  {hash: account, live: accounts}
`, Options{})
	got := refsAt(t, c, c.Vars, validationTime)
	for name, want := range map[string]struct {
		shared  bool
		element string
	}{
		"shared.A": {true, "A"}, "own.A": {false, "A"}, "pattern.B": {true, "B"}, "partly.A.1m": {false, "A.1m"},
		"account": {true, "ACC-1"}, "named": {false, ""}, "single": {false, ""},
	} {
		if r := got[name]; r.Push.Shared != want.shared || r.Element != want.element {
			t.Errorf("%s: shared %v, element %q; want %v %q", name, r.Push.Shared, r.Element, want.shared, want.element)
		}
	}
}

// TestLanguage_Vanishes: positions and orders leave when their key is gone, a
// quote keeps its last value (case 14).
func TestLanguage_Vanishes(t *testing.T) {
	c := mustParse(t, `
vars: {tickets: {set: "positions:active"}, ids: [1, 2], symbols: {keys: "tick:{symbol}"}, bots: {hash: bots}}
data:
  position: {hash: "position:{ticket}", for: {ticket: tickets}}
  order:    {hash: "o:{id}", for: {id: ids}}
  x:        {hash: "orders:{id}", for: {id: ids}}
  book:     {hash: "order_book:{id}", for: {id: ids}}
  counter:  {string: "counter:{id}", for: {id: ids}}
  quote:    {string: "tick:{symbol}", for: {symbol: symbols}}
  bot:      {hash: "bot:{bot}", for: {bot: bots}}
  all:      {hash: "positions:all"}
pages:
  - name: A
    rows: [{widgets: [{type: quotes, data: quote}]}]
`, Options{})
	vars := map[string][]string{"tickets": {"9001"}, "ids": {"1"}, "symbols": {"A"}, "bots": {"b"}}
	got := refsAt(t, c, vars, validationTime)
	for name, want := range map[string]bool{
		"position.9001": true, "order.1": true, "x.1": true, "book.1": false, "counter.1": false, "quote.A": false, "bot.b": true, "all": false,
	} {
		if got[name].Vanishes != want {
			t.Errorf("%s: vanishes %v, want %v", name, got[name].Vanishes, want)
		}
	}
	sources, err := c.VarSources(vars, validationTime)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		if s.Keeps != (s.Name == "symbols") {
			t.Errorf("%s keeps %v", s.Name, s.Keeps)
		}
	}
}

func TestLanguage_Dates(t *testing.T) {
	c := mustParse(t, `
source_timezone: America/New_York
data:
  equity: {list: "equity:intraday:{now:%Y%m%d}"}
  risk:   {hash: "risk_metrics:{now:%Y%m%d_%H}"}
  before: {string: "sod:{now-1d:%Y%m%d}", fallback: {path: "/api/{today}/?d={now-1mo:%Y-%m}"}}
  feed:   {channel: "feed:{now+2h:%H}:*"}
`, Options{})
	at := func(s string) time.Time {
		tm, err := time.ParseInLocation("2006-01-02 15:04:05", s, c.SourceZone)
		if err != nil {
			t.Fatal(err)
		}
		return tm
	}
	now := at("2026-03-31 23:15:10").UTC()
	got := refsAt(t, c, c.Vars, now)
	for name, want := range map[string]string{
		"equity": "equity:intraday:20260331", "risk": "risk_metrics:20260331_23", "before": "sod:20260330", "feed": "feed:01:*",
	} {
		if got[name].Key != want {
			t.Errorf("%s is %q, want %q", name, got[name].Key, want)
		}
	}
	if p, want := got["before"].Fallback.Path, "/api/2026-03-31/?d=2026-02"; p != want {
		t.Errorf("path %q, want %q", p, want)
	}
	if next, want := c.NextRollover(now), at("2026-04-01 00:00:00"); !next.Equal(want) {
		t.Errorf("next rollover %s, want %s", next, want)
	}
	if next := mustParse(t, "data: {a: {string: a}}", Options{}).NextRollover(now); !next.IsZero() {
		t.Errorf("without dates the next rollover is %s", next)
	}
}

// TestMoment_NextIsWhenTextChanges: through a day on which clocks change, the
// text is the same until the rollover and another one then.
func TestMoment_NextIsWhenTextChanges(t *testing.T) {
	for _, zone := range []string{"UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"now:%Y%m%d", "now:%Y%m%d_%H", "now-1d:%Y%m%d", "now-1mo:%Y%m", "now+1w:%F", "today", "now:%H%M", "now-3h:%d %H", "now:%Y", "now-1y:%Y"} {
			m, err := parseMoment(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, start := range []string{"2026-03-28T20:11:07Z", "2026-10-24T22:00:00Z", "2026-03-08T05:59:59Z", "2026-11-01T04:30:00Z", "2024-02-29T23:59:00Z", "2026-12-31T23:59:59Z", "2026-04-04T14:10:00Z"} {
				now, _ := time.Parse(time.RFC3339, start)
				now = now.In(loc)
				for range 5 {
					next := m.next(now)
					if !next.After(now) {
						t.Fatalf("%s %s at %s: next is %s", zone, name, now, next)
					}
					if was, is := m.formatTime(now), m.formatTime(next.Add(-time.Second)); next.Sub(now) > time.Second && was != is {
						t.Errorf("%s %s at %s: %q becomes %q before the rollover %s", zone, name, now, was, is, next)
					}
					now = next
				}
			}
		}
	}
}

func TestLookups(t *testing.T) {
	c := mustParse(t, `
api: {url: "http://h"}
vars:
  account: ACC-1
  symbols: {keys: "latest_tick:{symbol}"}
  venue:   {keys: "{account}:*:q-{venue}-x", filter: "^[A-Z.]+$", rescan: 30s, limit: 5, type: hash}
  dated:   {keys: "bars:{now:%Y%m%d}:{sym}"}
  dashed:  {keys: "ticker-X-{pair}", filter: "^[A-Z]+-[A-Z]+$"}
  loose:   {keys: "ticker-Y-{pair}", filter: "USD"}
  tickets: {set: "positions:{account}"}
  names:   {list: names}
  fields:  {hash: h}
  text:    {string: s, pick: a.items.name}
  doc:     {json: d, pick: a}
  remote:  {api: {path: "/api/{account}/symbols/", pick: results.symbol}}
  short:   {api: "/api/symbols/"}
  nested:  {set: "of:{symbols}"}
data:
  quote: {string: "latest_tick:{s}", for: {s: symbols}}
  first: {string: "first:{symbols}"}
`, Options{})
	sources, err := c.VarSources(c.Vars, validationTime)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]VarSource{}
	for _, s := range sources {
		by[s.Name] = s
	}
	for name, want := range map[string]VarSource{
		"symbols": {Kind: VarKeys, Key: "latest_tick:*", Type: datasource.KindString, Rescan: 10 * time.Second, Limit: 1000},
		"venue":   {Kind: VarKeys, Key: "ACC-1:*:q-*-x", Type: datasource.KindHash, Rescan: 30 * time.Second, Limit: 5},
		"dated":   {Kind: VarKeys, Key: "bars:20260102:*", Rescan: 10 * time.Second, Limit: 1000},
		"tickets": {Kind: VarSet, Key: "positions:ACC-1", Rescan: 10 * time.Second, Limit: 1000},
		"names":   {Kind: VarList, Key: "names", Rescan: 10 * time.Second, Limit: 1000},
		"fields":  {Kind: VarHash, Key: "h", Rescan: 10 * time.Second, Limit: 1000},
		"text":    {Kind: VarString, Key: "s", Pick: "a.items.name", Rescan: 10 * time.Second, Limit: 1000},
		"doc":     {Kind: VarJSON, Key: "d", Pick: "a", Rescan: 10 * time.Second, Limit: 1000},
		"remote":  {Kind: VarAPI, Path: "/api/ACC-1/symbols/", Pick: "results.symbol", Rescan: 10 * time.Second, Limit: 1000},
		"short":   {Kind: VarAPI, Path: "/api/symbols/", Rescan: 10 * time.Second, Limit: 1000},
	} {
		got := by[name]
		if got.Kind != want.Kind || got.Key != want.Key || got.Type != want.Type || got.Path != want.Path || got.Pick != want.Pick || got.Rescan != want.Rescan || got.Limit != want.Limit {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
		}
	}
	if _, ok := by["nested"]; ok {
		t.Error("a lookup that depends on a variable without values is there")
	}
	for _, k := range []struct{ source, key, want string }{
		{"symbols", "latest_tick:EURUSD", "EURUSD"}, {"symbols", "latest_tick:BRK.B", "BRK.B"}, {"symbols", "latest_tick:EUR/USD", "EUR/USD"},
		{"symbols", "latest_tick:A:B", ""}, {"symbols", "other:EURUSD", ""}, {"symbols", "latest_tick:", ""},
		{"venue", "ACC-1:x:q-BRK.B-x", "BRK.B"}, {"venue", "ACC-1:x:q-low-x", ""}, {"venue", "ACC-2:x:q-A-x", ""}, {"tickets", "anything", ""},
		{"dashed", "ticker-X-BTC-USD", "BTC-USD"}, {"dashed", "ticker-X-BTC", ""}, {"dashed", "ticker-X-BTC-USD-old", ""}, {"loose", "ticker-Y-USD", "USD"}, {"loose", "ticker-Y-BTC-USD", ""},
	} {
		if got, _ := by[k.source].Value(k.key); got != k.want {
			t.Errorf("%s of %q is %q, want %q", k.source, k.key, got, k.want)
		}
	}
	if n := len(refsAt(t, c, c.Vars, validationTime)); n != 0 {
		t.Errorf("%d data before anything was found", n)
	}
	vars := map[string][]string{"account": {"ACC-1"}, "symbols": {"X", "Y"}}
	if got := refsAt(t, c, vars, validationTime); got["quote.Y"].Key != "latest_tick:Y" || got["first"].Key != "first:X" {
		t.Errorf("found values are not used: %v", got)
	}
	if sources, _ = c.VarSources(vars, validationTime); !strings.Contains(sources[len(sources)-1].Key, "of:X") {
		t.Errorf("the nested lookup is %+v", sources[len(sources)-1])
	}
	if _, err := c.Pages(c.Vars, nil); err != nil {
		t.Error(err)
	}
	// What the command line names is not looked up.
	named := mustParse(t, "vars: {symbols: {keys: \"t:{s}\"}}\ndata: {q: {string: \"t:{s}\", for: {s: symbols}}}", Options{Overrides: Overrides{Vars: map[string]string{"symbols": "A,B"}}})
	if sources, _ := named.VarSources(named.Vars, validationTime); len(sources) != 0 || len(named.Vars["symbols"]) != 2 {
		t.Errorf("--symbols: %v %v", sources, named.Vars)
	}
}

// TestNames_AsWritten: names that YAML reads as something else (case 28).
func TestNames_AsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"vars: {symbols: [BINANCE:BTCUSDT]}":                     "BINANCE:BTCUSDT",
		"vars: {symbols: [BTC/USDT:USDT, BRK.B]}":                "BTC/USDT:USDT BRK.B",
		"\ufeffvars: {symbols: [A]}":                             "A",
		"vars: {symbols: [NULL, TRUE, 007, ON, 1e5, NO]}":        "NULL TRUE 007 ON 1e5 NO",
		"vars:\n  symbols:\n    - BINANCE:BTCUSDT\n    - NULL\n": "BINANCE:BTCUSDT NULL",
		"vars: {symbols: [0x10, 1_000, 2026-01-02, .5]}":         "0x10 1_000 2026-01-02 .5",
	} {
		if got := strings.Join(mustParse(t, text, Options{}).Vars["symbols"], " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestAlerts_ThatNeverFire are warned about (case 31).
func TestAlerts_ThatNeverFire(t *testing.T) {
	for when, warned := range map[string]bool{"quote.NOPE.bid > 1": true, "quote.EURUSD.bid > 1": false, "quote.bid > 1": false, "age(quote.GBPUSDX) > 5s": true, "account.equity < 1": false} {
		c := mustParse(t, "alerts: [{when: '"+when+"'}]", Options{})
		if (len(c.Warnings) > 0) != warned || len(c.Alerts) != 1 {
			t.Errorf("%s: warnings %v", when, c.Warnings)
		}
	}
}

// TestAlerts_OnLookedUpData: which elements there are is only known later.
func TestAlerts_OnLookedUpData(t *testing.T) {
	const data = "vars: {symbols: {keys: \"t:{s}\"}}\ndata: {quote: {string: \"t:{s}\", for: {s: symbols}}}\n"
	c := mustParse(t, data+"alerts: [{when: \"quote.EURUSD.bid > 1\"}, {when: \"quote.bid > 1\"}, {when: \"age(quote.X) > 5s\"}]\n", Options{})
	if len(c.Alerts) != 3 {
		t.Errorf("%d alerts", len(c.Alerts))
	}
	if _, err := Parse("x.yaml", []byte(data+"alerts: [{when: \"qoute.bid > 1\"}]\n"), Options{Env: envOf(t)}); err == nil {
		t.Error("an alert on nothing is accepted")
	}
}

// TestPages_VariableWithoutValue: a widget whose datum is that of a variable's
// first value shows the group until a value is known.
func TestPages_VariableWithoutValue(t *testing.T) {
	c := mustParse(t, `
vars: {symbols: {keys: "book:{symbol}"}}
data: {book: {hash: "book:{symbol}", for: {symbol: symbols}}}
pages: [{name: P, rows: [{widgets: [{type: depth, data: "book.{symbols}"}]}]}]
`, Options{})
	for _, k := range []struct {
		vars map[string][]string
		want string
	}{{c.Vars, "book"}, {map[string][]string{"symbols": {"X", "Y"}}, "book.X"}} {
		pages, err := c.Pages(k.vars, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := pages[0].Rows[0].Cells[0].Widget.Data()[0]; got != k.want {
			t.Errorf("the panel shows %q, want %q", got, k.want)
		}
	}
}
