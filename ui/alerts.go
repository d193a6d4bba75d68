package ui

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/ui/chrome"
)

// alertKey tells alerts apart. It does not hold when they fired: two feeds of
// the same data may tell that a moment apart.
type alertKey struct {
	rule int
	name datasource.Safe
}

func keyOf(a *datasource.Alert) alertKey { return alertKey{a.Rule, a.Name} }

const (
	snoozeFor  = 10 * time.Minute
	maxHistory = 200
)

// alertBook is what one session has seen of the alerts and done about them.
type alertBook struct {
	active  []datasource.Alert
	history []datasource.Alert     // ended, newest first
	acked   map[alertKey]time.Time // when the acknowledged firing began, by this feed
	snoozed map[alertKey]time.Time // until when
}

// follow takes the alerts of a newer snapshot and returns those that are new.
func (b *alertBook) follow(alerts []datasource.Alert, now time.Time) (fresh []datasource.Alert) {
	if len(alerts) == 0 && len(b.active) == 0 {
		return nil
	}
	was, is := firings(b.active), firings(alerts)
	for i := range b.active {
		a := &b.active[i]
		if since, on := is[keyOf(a)]; !on || !since.Equal(a.Since) {
			b.end(*a, now)
			delete(b.acked, keyOf(a))
		}
	}
	for i := range alerts {
		a := &alerts[i]
		if since, on := was[keyOf(a)]; !on || !since.Equal(a.Since) {
			fresh = append(fresh, *a)
		}
	}
	b.active = alerts
	return fresh
}

// slept puts the times of the book where those of the alerts are after a sleep
// of the machine: none of them is new by it, and a snooze has gone on.
func (b *alertBook) slept(by datasource.Sleep) {
	for _, list := range []*[]datasource.Alert{&b.active, &b.history} {
		*list = slices.Clone(*list)
		for i := range *list {
			a := &(*list)[i]
			a.Since, a.Ended = by.Shift(a.Since), by.Shift(a.Ended)
		}
	}
	for _, times := range []map[alertKey]time.Time{b.acked, b.snoozed} {
		for k, t := range times {
			times[k] = by.Shift(t)
		}
	}
}

// firings returns since when each alert is on.
func firings(alerts []datasource.Alert) map[alertKey]time.Time {
	m := make(map[alertKey]time.Time, len(alerts))
	for i := range alerts {
		m[keyOf(&alerts[i])] = alerts[i].Since
	}
	return m
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
		b.acked = map[alertKey]time.Time{}
	}
	b.acked[keyOf(a)] = a.Since
}

// snooze keeps a rule quiet for a while, also when it fires anew; again, it
// wakes it.
func (b *alertBook) snooze(a *datasource.Alert, now time.Time) (on bool) {
	k := keyOf(a)
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
	if _, ok := b.acked[k]; ok {
		return "acknowledged"
	}
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
			names = append(names, fmt.Sprint(k.rule, k.name.String()))
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
func alertText(a *datasource.Alert, private bool, snap *datasource.Snapshot) datasource.Safe {
	switch {
	case private:
		told := mask.Alert(*a, snap)
		if told.Text.Empty() {
			return told.When
		}
		return told.Text
	case a.Text.Empty():
		return a.When
	default:
		return a.Text
	}
}

func alertBanner(a *datasource.Alert, private bool, snap *datasource.Snapshot, keys *Keys, now time.Time) chrome.Banner {
	text := alertText(a, private, snap)
	lasted := ""
	if !a.Since.IsZero() {
		lasted = " · " + chrome.Clock(now.Sub(a.Since))
	}
	return chrome.Banner{
		Mark: strings.ToUpper(a.Level.String()),
		Text: datasource.Clean(text.String()+lasted, datasource.MaxCell),
		Keys: []chrome.Hint{{Key: keys.Key("alerts"), Text: "alerts"}},
		Bad:  a.Level == datasource.LevelCritical,
	}
}
