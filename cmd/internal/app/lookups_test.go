package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

const lookupsYAML = `
vars:
  symbols: {keys: "tick:{symbol}", rescan: 1s}
  tickets: {set: "open", rescan: 1s}
data:
  tick: {hash: "tick:{symbol}", for: {symbol: symbols}}
  position: {string: "position:{ticket}", for: {ticket: tickets}}
pages:
  - {name: Desk, rows: [{widgets: [{type: table, data: tick}, {type: table, data: position}]}]}
`

// openLookups starts an app that looks variables up.
func openLookups(t *testing.T, url string) *App {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ticktop.yaml")
	if err := os.WriteFile(path, []byte(lookupsYAML), 0o600); err != nil {
		t.Fatal(err)
	}
	o := config.Options{File: path, Overrides: config.Overrides{Redis: url}}
	c, err := config.Load(o)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{Load: o, Config: c, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// shownStates are the data of a snapshot with their states, sorted.
func shownStates(s *datasource.Snapshot) string {
	var out []string
	for i := range s.Len() {
		name, e := s.Nth(i)
		state := datasource.StateLoading
		if e != nil {
			state = e.State
		}
		out = append(out, name+" "+state.String())
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// fill writes what the lookups find; do is one command.
func fillLookups(do func(args ...any)) {
	for i := range 20 {
		do("HSET", fmt.Sprintf("tick:S%02d", i), "bid", "1.1")
	}
	do("SADD", "open", "7", "8")
	do("SET", "position:7", `{"volume":1}`)
	do("SET", "position:8", `{"volume":2}`)
}

// TestLookups_OnClusterAndSentinel: variables are found on all masters, once and
// while a dashboard is open.
func TestLookups_OnClusterAndSentinel(t *testing.T) {
	t.Parallel()
	for _, topology := range []string{"cluster", "sentinel"} {
		t.Run(topology, func(t *testing.T) {
			t.Parallel()
			var url string
			var do func(args ...any)
			if topology == "cluster" {
				set := servertest.Cluster(t, 3)
				url, do = set.URL(), func(args ...any) { set.Do(args...) }
			} else {
				set := servertest.Sentinel(t)
				url, do = set.URL(), func(args ...any) { set.Master().Do(args...) }
			}
			fillLookups(do)
			a := openLookups(t, url)
			snap, _, err := a.Once(t.Context(), Principal{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := shownStates(snap); strings.Count(got, "live") != 22 || !strings.Contains(got, "tick.S19 live") || !strings.Contains(got, "position.8 live") {
				t.Errorf("once: %s", got)
			}
			_, feed, err := a.Desk(Principal{}).Open(nil)
			if err != nil {
				t.Fatal(err)
			}
			defer feed.Close()
			servertest.Until(t, time.Minute, "all elements", func() bool { return strings.Count(shownStates(feed.Snapshot()), "live") == 22 })
			do("SREM", "open", "7")
			do("DEL", "position:7")
			do("DEL", "tick:S00")
			servertest.Until(t, time.Minute, "what is gone is gone", func() bool {
				got := shownStates(feed.Snapshot())
				return !strings.Contains(got, "position.7") && !strings.Contains(got, "tick.S00 live")
			})
		})
	}
}

// TestLookups_AUserWhoMayNot gets one clear line in the place of the elements,
// once and on an open dashboard, until the right is given.
func TestLookups_AUserWhoMayNot(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "~*", "&*", "+@all", "-scan", "-sscan", "-smembers"))
	fillLookups(func(args ...any) { s.Do(args...) })
	a := openLookups(t, strings.Replace(s.URL(), "redis://", "redis://ana:pw@", 1))
	snap, refs, err := a.Once(t.Context(), Principal{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := shownStates(snap); got != "position error, tick error" || len(refs) != 0 {
		t.Errorf("%s, %d refs", got, len(refs))
	}
	for name, want := range map[string]string{
		"tick":     "variable symbols: no permission (scan); allow it: ACL SETUSER ana +scan",
		"position": "variable tickets: no permission (sscan); allow it: ACL SETUSER ana +sscan",
	} {
		if e := snap.Get(name); e == nil || e.Fault == nil || e.Fault.Error() != want {
			t.Errorf("%s: %+v", name, e)
		}
	}
	_, feed, err := a.Desk(Principal{}).Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Close()
	servertest.Until(t, time.Minute, "the reasons", func() bool { return shownStates(feed.Snapshot()) == "position error, tick error" })
	s.Do("ACL", "SETUSER", "ana", "+scan", "+sscan")
	servertest.Until(t, time.Minute, "the elements", func() bool { return strings.Count(shownStates(feed.Snapshot()), "live") == 22 })
}
