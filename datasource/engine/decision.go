package engine

import (
	"time"

	"ticktop/datasource"
)

// sourceState is what a datum's state depends on beside the datum itself.
type sourceState struct {
	redis            *datasource.Fault // Redis as a whole cannot be read
	redisFailedTwice bool              // and a second try has failed too
	pubsub           *datasource.Fault // the channels cannot be heard
	subscribed       bool              // the subscription stands
	resumedAt        time.Time         // when the last system suspend was noticed
	hasRedis         bool
	hasAPI           bool
	cacheTTL         time.Duration
}

// decision is what follows for one datum at one moment.
type decision struct {
	state      datasource.State
	origin     datasource.SourceID
	at         time.Time
	expires    time.Time
	fault      *datasource.Fault
	reason     string
	nextChange time.Time // when time alone changes the decision; zero: never
	askAPI     bool      // the API should be asked, not before api.next
}

// changesAt notes that t, if it lies ahead, changes the decision.
func (v *decision) changesAt(now, t time.Time) {
	if t.After(now) && (v.nextChange.IsZero() || t.Before(v.nextChange)) {
		v.nextChange = t
	}
}
