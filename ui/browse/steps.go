package browse

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// maxFacts bounds what is remembered of keys, factsAge how long.
const (
	maxFacts = 5000
	factsAge = 5 * time.Second
)

// Step returns the next work: a page of the walk, and the facts of the rows on
// screen. apply, called in the session, reports whether anything changed. It
// sleeps first, so that steps one after the other keep to the budget.
func (b *Browser) Step() (work func() (apply func() (changed bool))) {
	w, source := b.walk(), b.source
	pattern, cursor, wants, first := w.pattern, w.cursor, w.wants(), !w.begun
	keys := b.unknownKeys()
	return func() func() bool {
		if !first {
			time.Sleep(stepPause)
		}
		var page Page
		var err error
		if wants {
			page, err = source.Scan(pattern, cursor)
		}
		var facts []Facts
		if len(keys) > 0 {
			facts, _ = source.Look(keys) // the walk says what is wrong
		}
		return func() bool {
			if wants {
				w.take(page, err)
				b.refill()
			}
			b.learn(keys, facts)
			return wants || len(facts) > 0
		}
	}
}

// unknownKeys are the keys on screen that nothing is known of yet, or nothing
// new.
func (b *Browser) unknownKeys() []string {
	if b.reader != nil {
		return nil
	}
	old := time.Since(b.asked) > factsAge
	if old {
		b.asked = time.Now()
	}
	rows := b.rows[min(b.offset, len(b.rows)):min(b.offset+b.lines, len(b.rows))]
	var out []string
	for i := range rows {
		if r := &rows[i]; r.node != nil && !r.Folder() {
			if _, known := b.facts[r.Full]; !known || old {
				out = append(out, r.Full)
			}
		}
	}
	return out
}

// look asks at once for what is not known of the rows on screen.
func (b *Browser) look() tea.Cmd {
	b.offset = scrollTo(b.offset, b.cursor, b.lines, len(b.rows))
	keys := b.unknownKeys()
	if len(keys) == 0 || b.looked {
		return nil
	}
	b.looked = true
	source := b.source
	return b.async(func() func() tea.Cmd {
		facts, _ := source.Look(keys) // the walk says what is wrong
		return func() tea.Cmd {
			b.looked = false
			b.learn(keys, facts)
			return nil
		}
	})
}

// learn remembers the facts of keys, a bounded number.
func (b *Browser) learn(keys []string, facts []Facts) {
	if len(b.facts) > maxFacts {
		clear(b.facts)
	}
	for i := range facts {
		b.facts[keys[i]] = facts[i]
	}
}
