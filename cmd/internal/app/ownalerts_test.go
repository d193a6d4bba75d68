package app

import (
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/alert"
)

func TestOwnAlerts(t *testing.T) {
	now := time.Date(2026, 11, 27, 10, 31, 49, 0, time.UTC)
	quote := func(bid string) *datasource.Snapshot {
		n, _ := datasource.ParseNumber(bid)
		e := &datasource.Entry{Ref: &datasource.Ref{Name: "quote.EURUSD"}, State: datasource.StateLive, At: now, Value: datasource.Value{Type: datasource.TypeObject,
			Fields: []datasource.Field{{Name: datasource.Clean("bid", 8), Value: datasource.Value{Type: datasource.TypeNumber, Num: n}}}}}
		return datasource.NewSnapshot(now, 1, []string{"quote.EURUSD"}, nil, []*datasource.Entry{e})
	}
	config, _ := alert.Compile("quote.EURUSD.bid > 2", datasource.LevelCritical)
	o := &ownAlerts{configured: func() []*alert.Rule { return []*alert.Rule{config} }}
	for when, want := range map[string]string{
		"quote.EURUSD.bid > 1.0843":     "not true now: 1.08395 now, 0.00035 away",
		"quote.EURUSD.bid < 2":          "true now: ",
		"quote.NOPE.bid > 1":            "!",
		"quote.EURUSD.bid >":            "!",
		"quote.EURUSD.bid < 1 for 10s":  "not true now: 1.08395 now, 0.08395 away",
		"change(quote.EURUSD.bid) > 1%": "not true now",
	} {
		says, err := o.Test(when, quote("1.08395"))
		if want == "!" != (err != nil) || err == nil && !strings.HasPrefix(says, want) {
			t.Errorf("%s: %q, %v, want %q", when, says, err, want)
		}
	}
	id, err := o.Add(" quote.EURUSD.bid > 1.0843 ")
	if err != nil {
		t.Fatal(err)
	}
	if fired := o.Evaluate(quote("1.08395"), now); len(fired) != 0 {
		t.Errorf("fired: %v", fired)
	}
	fired := o.Evaluate(quote("1.08440"), now.Add(time.Second))
	if len(fired) != 1 || fired[0].Rule < ownRuleBase || !strings.Contains(fired[0].Text.String(), "1.08440") {
		t.Errorf("fired: %+v", fired)
	}
	list := o.List(quote("1.08440"))
	if len(list) != 2 || list[0].Own || !list[1].Own || !list[1].Firing || list[1].When != "quote.EURUSD.bid > 1.0843" {
		t.Errorf("list: %+v", list)
	}
	if err := o.Edit(id, "quote.EURUSD.bid > 3"); err != nil || len(o.Evaluate(quote("1.1"), now.Add(2*time.Second))) != 0 {
		t.Errorf("edited: %v", err)
	}
	if err := o.Remove(id); err != nil || o.Remove(id) == nil || len(o.List(quote("1"))) != 1 {
		t.Errorf("removed: %v", err)
	}
}
