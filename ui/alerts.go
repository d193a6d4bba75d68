package ui

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/ui/chrome"
)

// alertKey tells one firing of a rule from the next.
type alertKey struct {
	rule  int
	name  datasource.Safe
	since int64 // 0 in a snooze, which is for the rule and not for one firing
}

func keyOf(a *datasource.Alert) alertKey { return alertKey{a.Rule, a.Name, a.Since.UnixNano()} }

const (
	snoozeFor  = 10 * time.Minute
	maxHistory = 200
)

// alertBook is what one session has seen of the alerts and done about them.
type alertBook struct {
	active  []datasource.Alert
	history []datasource.Alert // ended, newest first
	acked   map[alertKey]bool
	snoozed map[alertKey]time.Time // until when
}

// follow takes the alerts of a newer snapshot and returns those that are new.
func (b *alertBook) follow(alerts []datasource.Alert, now time.Time) (fresh []datasource.Alert) {
	if len(alerts) == 0 && len(b.active) == 0 {
		return nil
	}
	was := make(map[alertKey]bool, len(b.active))
	for i := range b.active {
		was[keyOf(&b.active[i])] = true
	}
	is := make(map[alertKey]bool, len(alerts))
	for i := range alerts {
		k := keyOf(&alerts[i])
		is[k] = true
		if !was[k] {
			fresh = append(fresh, alerts[i])
		}
	}
	for i := range b.active {
		if k := keyOf(&b.active[i]); !is[k] {
			b.end(b.active[i], now)
			delete(b.acked, k)
		}
	}
	b.active = alerts
	return fresh
}

func (b *alertBook) end(a datasource.Alert, now time.Time) {
	if a.Ended.IsZero() {
		a.Ended = now
	}
	b.history = append([]datasource.Alert{a}, b.history...)
	b.history = b.history[:min(len(b.history), maxHistory)]
}

func (b *alertBook) ack(a *datasource.Alert) {
	if b.acked == nil {
		b.acked = map[alertKey]bool{}
	}
	b.acked[keyOf(a)] = true
}

// snooze keeps a rule quiet for a while, also when it fires anew; again, it
// wakes it.
func (b *alertBook) snooze(a *datasource.Alert, now time.Time) (on bool) {
	k := keyOf(a)
	k.since = 0
	if until, ok := b.snoozed[k]; ok && until.After(now) {
		delete(b.snoozed, k)
		return false
	}
	if b.snoozed == nil {
		b.snoozed = map[alertKey]time.Time{}
	}
	b.snoozed[k] = now.Add(snoozeFor)
	return true
}

// state says what was done about an alert.
func (b *alertBook) state(a *datasource.Alert, now time.Time) string {
	k := keyOf(a)
	if b.acked[k] {
		return "acknowledged"
	}
	k.since = 0
	if until, ok := b.snoozed[k]; ok && until.After(now) {
		return "snoozed " + chrome.Countdown(until.Sub(now))
	}
	return ""
}

// quiet returns the active alerts that must not be loud, and a string that is
// the same for the same set.
func (b *alertBook) quiet(now time.Time) (map[alertKey]bool, string) {
	if len(b.acked) == 0 && len(b.snoozed) == 0 {
		return nil, ""
	}
	set := map[alertKey]bool{}
	var names []string
	for i := range b.active {
		if b.state(&b.active[i], now) != "" {
			k := keyOf(&b.active[i])
			set[k] = true
			names = append(names, fmt.Sprint(k.rule, k.name.String(), k.since))
		}
	}
	sort.Strings(names)
	return set, strings.Join(names, "\x00")
}

// loud counts the active alerts that are neither acknowledged nor snoozed.
func (b *alertBook) loud(now time.Time) int {
	n := 0
	for i := range b.active {
		if b.state(&b.active[i], now) == "" {
			n++
		}
	}
	return n
}

// alertText is what an alert says: what was seen, or else the condition. With
// balances hidden it says of which datum it is and no figure, unless that datum
// is the market's.
func alertText(a *datasource.Alert, private bool) datasource.Safe {
	switch {
	case private && !ofMarket(a.Name.String()):
		return datasource.Clean(strings.TrimSpace(a.Name.String()+" (balances are hidden)"), datasource.MaxCell)
	case a.Text.Empty():
		return a.When
	default:
		return a.Text
	}
}

func alertBanner(a *datasource.Alert, private bool, keys *Keys, now time.Time) chrome.Banner {
	text := alertText(a, private)
	for_ := ""
	if !a.Since.IsZero() {
		for_ = " · " + chrome.Clock(now.Sub(a.Since))
	}
	return chrome.Banner{
		Mark: strings.ToUpper(a.Level.String()),
		Text: datasource.Clean(text.String()+for_, datasource.MaxCell),
		Keys: []chrome.Hint{{Key: keys.Key("alerts"), Text: "alerts"}},
		Bad:  a.Level == datasource.LevelCritical,
	}
}
