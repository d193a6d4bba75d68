package app

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// namesOf returns the names of a snapshot's data of one group.
func namesOf(s *datasource.Snapshot, group string) string {
	var out []string
	s.Each(group, func(name string, e *datasource.Entry) {
		if e.Known() {
			out = append(out, datasource.Item(name))
		}
	})
	return strings.Join(out, " ")
}

// Variables from Redis: what appears is shown, what vanishes leaves, without the
// feed being opened again; a user's own variables filter them; alerts follow.
func TestVariablesFromRedis(t *testing.T) {
	s := servertest.Redis(t)
	for _, sym := range []string{"EURUSD", "GBPUSD"} {
		s.Do("SET", "tick:"+sym, `{"bid":1}`)
	}
	s.Do("SADD", "positions:active", "9001", "9002")
	s.Do("HSET", "position:9001", "volume", "1")
	s.Do("HSET", "position:9002", "volume", "2")
	c := parse(t, fmt.Sprintf(`
redis: {url: %q, poll: 200ms}
vars:
  symbols: {keys: "tick:{symbol}", rescan: 1s}
  tickets: {set: "positions:active"}
data:
  quote: {string: "tick:{symbol}", for: {symbol: symbols}}
  position: {hash: "position:{ticket}", for: {ticket: tickets}}
alerts:
  - {when: "position.volume > 5"}
pages:
  - {name: A, rows: [{widgets: [{type: quotes, data: quote}, {type: table, data: position}]}]}
`, s.URL()))
	a, err := New(Options{Config: c, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	open := func(p Principal) datasource.Feed {
		t.Helper()
		_, f, err := a.Desk(p).Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(f.Close)
		return f
	}
	f, same := open(Principal{}), open(Principal{})
	if n := a.dashboards.feeds.count(); n != 1 {
		t.Errorf("%d feeds for two who see the same", n)
	}
	limited := open(Principal{Name: "ana", Bound: true, Vars: vars("symbols=GBPUSD,XAUUSD")})
	until := func(what string, cond func() bool) {
		t.Helper()
		servertest.Until(t, 20*time.Second, what, cond)
	}
	until("the first values", func() bool {
		return namesOf(f.Snapshot(), "quote") == "EURUSD GBPUSD" && namesOf(same.Snapshot(), "position") == "9001 9002"
	})
	until("a user's own", func() bool { return namesOf(limited.Snapshot(), "quote") == "GBPUSD" })
	s.Do("SET", "tick:XAUUSD", `{"bid":3}`)
	s.Do("SADD", "positions:active", "9003")
	s.Do("SREM", "positions:active", "9001")
	s.Do("HSET", "position:9003", "volume", "9")
	until("what appeared and vanished", func() bool {
		return namesOf(f.Snapshot(), "quote") == "EURUSD GBPUSD XAUUSD" && namesOf(f.Snapshot(), "position") == "9002 9003"
	})
	until("the alert on what appeared", func() bool {
		alerts := f.Snapshot().Alerts
		return len(alerts) == 1 && alerts[0].Name.String() == "position.9003"
	})
	until("another's filter", func() bool { return namesOf(limited.Snapshot(), "quote") == "GBPUSD XAUUSD" })

	snap, refs, err := a.Once(context.Background(), Principal{}, nil)
	if err != nil || len(refs) != 5 || namesOf(snap, "quote") != "EURUSD GBPUSD XAUUSD" {
		t.Errorf("once: %d refs, %q, %v", len(refs), namesOf(snap, "quote"), err)
	}
}

// A user without SCAN gets one clear line.
func TestVariablesFromRedis_WithoutScan(t *testing.T) {
	s := servertest.Redis(t, servertest.User("ro", "on", ">pw", "~*", "&*", "-@all", "+@read", "-scan", "+@connection", "+subscribe"))
	s.Do("SET", "tick:EURUSD", `{"bid":1}`)
	url := strings.Replace(s.URL(), "redis://", "redis://ro:pw@", 1)
	cfg := parse(t, fmt.Sprintf(`
redis: {url: %q}
vars: {symbols: {keys: "tick:{symbol}"}}
data: {quote: {string: "tick:{symbol}", for: {symbol: symbols}}}
`, url))
	a, err := New(Options{Config: cfg, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	_, f, err := a.Desk(Principal{}).Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	servertest.Until(t, 10*time.Second, "the line", func() bool {
		n := 0
		for _, e := range f.Snapshot().Events {
			if e.Subject.String() == "variable symbols" && e.Text.String() == "no permission (scan)" {
				n++
			}
		}
		return n == 1
	})
}
