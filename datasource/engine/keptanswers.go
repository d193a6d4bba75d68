package engine

import (
	"time"

	"ticktop/datasource"
)

// maxKeptAnswers bounds the answers that are kept for data that nobody shows.
const maxKeptAnswers = 1000

// keptAnswers are the API's answers for data that nobody shows just now, so that
// viewers that come and go do not cause more requests than one that stays.
type keptAnswers map[datasource.ID]apiSide

// keep keeps the answer for d until the datum is shown again.
func (k keptAnswers) keep(d *datum) {
	if d.api.next.IsZero() {
		return
	}
	if len(k) >= maxKeptAnswers {
		now := time.Now()
		for id, a := range k {
			if !now.Before(a.next) {
				delete(k, id)
			}
		}
	}
	if len(k) < maxKeptAnswers {
		k[d.ref.ID()] = d.api
	}
}

// take returns what is kept of a datum, and forgets it.
func (k keptAnswers) take(id datasource.ID) apiSide {
	a := k[id]
	delete(k, id)
	return a
}

// endWaits ends the waits that were ours.
func (k keptAnswers) endWaits() {
	for id, a := range k {
		a.endWait()
		k[id] = a
	}
}

func (k keptAnswers) shiftTimes(s datasource.Sleep) {
	for id, a := range k {
		a.shiftTimes(s)
		k[id] = a
	}
}
