// Package alertbook keeps what one session has seen of the alerts and done
// about them.
package alertbook

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/mask"
)

// Key tells alerts apart. It does not hold when they fired: two feeds of the
// same data may report that a moment apart.
type Key struct {
	Rule int
	Name datasource.Safe
}

// KeyOf returns an alert's key.
func KeyOf(a *datasource.Alert) Key { return Key{a.Rule, a.Name} }

// SnoozeFor is how long a snooze lasts.
const SnoozeFor = 10 * time.Minute

const maxHistory = 200

// Book belongs to one session and is not safe for concurrent use. The zero Book
// is empty.
type Book struct {
	Active  []datasource.Alert // firing, as of the last Follow
	History []datasource.Alert // ended, newest first

	acked   map[Key]time.Time // when the acknowledged firing began, by this feed
	snoozed map[Key]time.Time // until when
}

// Follow takes the alerts of a newer snapshot and returns those that are new.
func (b *Book) Follow(alerts []datasource.Alert, now time.Time) (fresh []datasource.Alert) {
	if len(alerts) == 0 && len(b.Active) == 0 {
		return nil
	}
	was, is := firingSince(b.Active), firingSince(alerts)
	for i := range b.Active {
		a := &b.Active[i]
		if since, on := is[KeyOf(a)]; !on || !since.Equal(a.Since) {
			b.endAlert(*a, now)
			delete(b.acked, KeyOf(a))
		}
	}
	for i := range alerts {
		a := &alerts[i]
		if since, on := was[KeyOf(a)]; !on || !since.Equal(a.Since) {
			fresh = append(fresh, *a)
		}
	}
	b.Active = alerts
	return fresh
}

// Resumed shifts the book's times as those of the alerts are shifted after a
// system suspend: no alert is new because of it, and snoozes have gone on.
func (b *Book) Resumed(by datasource.Sleep) {
	for _, list := range []*[]datasource.Alert{&b.Active, &b.History} {
		*list = slices.Clone(*list)
		for i := range *list {
			a := &(*list)[i]
			a.Since, a.Ended = by.Shift(a.Since), by.Shift(a.Ended)
		}
	}
	for _, times := range []map[Key]time.Time{b.acked, b.snoozed} {
		for k, t := range times {
			times[k] = by.Shift(t)
		}
	}
}

// firingSince returns since when each alert fires.
func firingSince(alerts []datasource.Alert) map[Key]time.Time {
	m := make(map[Key]time.Time, len(alerts))
	for i := range alerts {
		m[KeyOf(&alerts[i])] = alerts[i].Since
	}
	return m
}

func (b *Book) endAlert(a datasource.Alert, now time.Time) {
	if a.Ended.IsZero() {
		a.Ended = now
	}
	b.History = append([]datasource.Alert{a}, b.History...)
	b.History = b.History[:min(len(b.History), maxHistory)]
}

// Acknowledge marks one firing as seen. It stays counted and marked until it
// ends.
func (b *Book) Acknowledge(a *datasource.Alert) {
	if b.acked == nil {
		b.acked = map[Key]time.Time{}
	}
	b.acked[KeyOf(a)] = a.Since
}

// AcknowledgeAll acknowledges every active alert that is not snoozed: a snooze
// says more, and stays.
func (b *Book) AcknowledgeAll(now time.Time) {
	for i := range b.Active {
		if a := &b.Active[i]; !b.Snoozed(KeyOf(a), now) {
			b.Acknowledge(a)
		}
	}
}

// Snoozed reports whether a rule is snoozed.
func (b *Book) Snoozed(k Key, now time.Time) bool { return b.snoozed[k].After(now) }

// ToggleSnooze keeps a rule quiet for SnoozeFor, also when it fires anew, or ends
// its snooze.
func (b *Book) ToggleSnooze(a *datasource.Alert, now time.Time) (on bool) {
	k := KeyOf(a)
	if b.Snoozed(k, now) {
		delete(b.snoozed, k)
		return false
	}
	b.SnoozeUntil(k, now.Add(SnoozeFor))
	return true
}

// SnoozeUntil snoozes a rule until then.
func (b *Book) SnoozeUntil(k Key, until time.Time) {
	if b.snoozed == nil {
		b.snoozed = map[Key]time.Time{}
	}
	b.snoozed[k] = until
}

// Snoozes returns the snoozes that have not run out.
func (b *Book) Snoozes(now time.Time) map[Key]time.Time {
	out := map[Key]time.Time{}
	for k, until := range b.snoozed {
		if until.After(now) {
			out[k] = until
		}
	}
	return out
}

// HasSnoozes reports whether the book changes by time alone.
func (b *Book) HasSnoozes() bool { return len(b.snoozed) > 0 }

// State says what was done about an alert, "" for nothing.
func (b *Book) State(a *datasource.Alert, now time.Time) string {
	k := KeyOf(a)
	if b.Snoozed(k, now) {
		return "snoozed " + format.Left(b.snoozed[k].Sub(now))
	}
	if _, ok := b.acked[k]; ok {
		return "acknowledged"
	}
	return ""
}

// Handled returns the active alerts that were acknowledged or snoozed, and a
// string that is the same for the same set.
func (b *Book) Handled(now time.Time) (map[Key]bool, string) {
	if len(b.acked) == 0 && len(b.snoozed) == 0 {
		return nil, ""
	}
	set := map[Key]bool{}
	var names []string
	for i := range b.Active {
		if b.State(&b.Active[i], now) != "" {
			k := KeyOf(&b.Active[i])
			set[k] = true
			names = append(names, fmt.Sprint(k.Rule, k.Name.String()))
		}
	}
	sort.Strings(names)
	return set, strings.Join(names, "\x00")
}

// Unhandled counts the active alerts that are neither acknowledged nor snoozed.
func (b *Book) Unhandled(now time.Time) int {
	n := 0
	for i := range b.Active {
		if b.State(&b.Active[i], now) == "" {
			n++
		}
	}
	return n
}

// Text is what an alert says: what was seen, or else the condition. With
// balances hidden it names the datum and no figure, unless that datum is the
// market's.
func Text(a *datasource.Alert, private bool, snap *datasource.Snapshot) datasource.Safe {
	shown := *a
	if private {
		shown = mask.Alert(*a, snap)
	}
	if shown.Text.Empty() {
		return shown.When
	}
	return shown.Text
}
