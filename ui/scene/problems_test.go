package scene

import (
	"testing"
	"time"

	"ticktop/datasource"
)

var at = time.Date(2026, 11, 23, 9, 31, 7, 0, time.UTC)

func TestProblems(t *testing.T) {
	names := []string{"flag.a", "flag.b", "quote.X", "account"}
	mk := func(states ...datasource.State) *datasource.Snapshot {
		entries := make([]*datasource.Entry, len(names))
		for i, s := range states {
			if s != datasource.StateLoading {
				entries[i] = &datasource.Entry{Ref: &datasource.Ref{}, State: s}
			}
		}
		return datasource.NewSnapshot(at, 1, names, nil, entries)
	}
	const L, F, S, M, E, W = datasource.StateLive, datasource.StateFallback, datasource.StateStale, datasource.StateMissing, datasource.StateError, datasource.StateLoading
	for _, c := range []struct {
		states []datasource.State
		want   string
	}{
		{[]datasource.State{L, L, L, L}, ""},
		{[]datasource.State{W, L, L, W}, "waiting for 2 of 4"},
		{[]datasource.State{F, F, L, L}, "2 flags on the API"},
		{[]datasource.State{F, L, S, L}, "1 quote stale, 1 flag on the API"},
		{[]datasource.State{L, L, L, E}, "account failed"},
		{[]datasource.State{S, L, S, M}, "account missing, 2 values stale"},
	} {
		if got := problemsText(mk(c.states...)); got != c.want {
			t.Errorf("%v: %q, want %q", c.states, got, c.want)
		}
	}
	snap := mk(L, L, M, M)
	for i := 2; i < 4; i++ {
		_, e := snap.Nth(i)
		e.Ref.Optional = true
	}
	if got := problemsText(snap); got != "" {
		t.Errorf("optional data that are missing: %q", got)
	}
	for _, c := range []struct {
		quiet  []int
		states []datasource.State
		want   string
	}{
		{[]int{2}, []datasource.State{L, L, L, L}, "1 quote silent"},
		{[]int{3}, []datasource.State{L, L, L, L}, "account silent"},
		{[]int{0, 1}, []datasource.State{L, L, S, L}, "1 quote stale, 2 flags silent"},
		{[]int{2}, []datasource.State{L, L, F, L}, "1 quote on the API"},
	} {
		snap := mk(c.states...)
		for _, i := range c.quiet {
			_, e := snap.Nth(i)
			e.Quiet = true
		}
		if got := problemsText(snap); got != c.want {
			t.Errorf("%v, quiet %v: %q, want %q", c.states, c.quiet, got, c.want)
		}
	}
}
