package datasource

import "time"

// State says what a value is worth now. Every datum has exactly one.
type State uint8

// The states of the contract. StateLoading is before the first answer.
const (
	StateLoading  State = iota
	StateLive           // read from Redis or pushed on its channel, within its TTL or without one
	StateFallback       // key missing or expired; the API's value, younger than cache_ttl
	StateStale          // the last known value; neither source has a newer one
	StateMissing        // both sources say there is no such thing, and there never was a value
	StateError          // never had a value; Fault says why
)

var stateNames = [...]string{"loading", "live", "fallback", "stale", "missing", "error"}

// String returns the word of the contract.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// ParseState is the inverse of State.String.
func ParseState(s string) (State, bool) {
	for i, n := range stateNames {
		if n == s {
			return State(i), true
		}
	}
	return 0, false
}

// Entry is what is known of one datum at one moment. It is immutable: every
// change is a new Entry with a higher Rev.
type Entry struct {
	Ref    *Ref     // as the engine reads it; its Name is the first viewer's. Never nil, and never written to
	State  State    //
	Origin SourceID // who gave Value: SourceRedis, SourcePubSub or SourceAPI
	Value  Value    // the last known value; never blanked
	Rev    uint64   // grows with every change of what can be seen, ages and countdowns excepted

	At      time.Time // when Origin last vouched for Value (monotonic where it can be)
	Changed time.Time // when Value last became different
	Arrived time.Time // when it was last written, as far as was seen, also as it was: its key changed or was renewed, its channel spoke; zero for the API's
	Stamp   time.Time // the producer's own time in Value, wall clock; zero when it has none
	Expires time.Time // when Value expires at its origin; zero when it does not

	Fault    *Fault    // what keeps the state from being live, if anything failed
	APIFault *Fault    // what the API said when it was asked for this datum and failed
	Why      Safe      // why this is not from Redis: "key expired", "redis: refused"
	Quiet    bool      // its live channel is connected but silent past its usual rhythm
	Heard    time.Time // when Quiet: when that channel last spoke

	Marks Marks // what the reader has to be told about Value

	Raw []byte // the last payload, undecoded and unsafe, bounded by MaxValueBytes; for the inspector
}

// Marks are what has to be said about a value that is not simply what its
// producer wrote.
type Marks uint8

// The marks.
const (
	MarkStampUnknown  Marks = 1 << iota // the producer's time has no zone, and none fits yet: the age is unknown, shown as "?"
	MarkOrderAssumed                    // nothing tells which end of the list is newest: the first is assumed
	MarkMixedUnits                      // the times of the series are in several units, told apart by their size
	MarkPartsUnread                     // some rows could not be read and were left out
	MarkSecretsMasked                   // fields that look like secrets were masked
)

// markNames are the marks as scripts read them, in their order.
var markNames = [...]string{"age_unknown", "order_assumed", "mixed_units", "parts_unread", "secrets_masked"}

// Names returns the names of the marks, as snapshots have them.
func (m Marks) Names() []string {
	var out []string
	for i, name := range markNames {
		if m&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// Has reports whether m contains all of o.
func (m Marks) Has(o Marks) bool { return m&o == o }

// Known reports whether there is a value to show.
func (e *Entry) Known() bool { return e != nil && e.Value.Type != TypeNone }

// Vanished reports whether e is an element of things that come and go
// (positions, orders) and is gone: it belongs in no row and no total.
func (e *Entry) Vanished() bool {
	return e != nil && e.Ref != nil && e.Ref.Vanishes && e.State == StateMissing
}

// Age is how long ago the value's origin last vouched for it.
func (e *Entry) Age(now time.Time) time.Duration {
	if e.At.IsZero() {
		return 0
	}
	return max(0, now.Sub(e.At))
}

// SinceChange is how long the value has been what it is: by the producer's own
// time where the value carries one, else since the change was seen.
func (e *Entry) SinceChange(now time.Time) time.Duration {
	if e.Changed.IsZero() {
		return 0
	}
	lag := time.Duration(0)
	if !e.Stamp.IsZero() {
		lag = max(0, e.Changed.Round(0).Sub(e.Stamp))
	}
	return max(0, now.Sub(e.Changed)) + lag
}

// ValueAge is how old the value is: by its producer's own time where it carries
// one, else by its arrival, also when that brought nothing new. ok is false when
// there is no value, or its time has no zone that is known.
func (e *Entry) ValueAge(now time.Time) (age time.Duration, ok bool) {
	if !e.Known() || e.Marks.Has(MarkStampUnknown) {
		return 0, false
	}
	arrived := e.Changed
	if e.Arrived.After(arrived) {
		arrived = e.Arrived
	}
	if arrived.IsZero() {
		arrived = e.At
	}
	if arrived.IsZero() {
		return 0, e.Stamp.IsZero()
	}
	age = max(0, now.Sub(arrived))
	if !e.Stamp.IsZero() {
		age += max(0, arrived.Round(0).Sub(e.Stamp))
	}
	return age, true
}

// TTL is the time left until the value expires, at least 0; ok is false when
// it does not expire.
func (e *Entry) TTL(now time.Time) (left time.Duration, ok bool) {
	if e.Expires.IsZero() {
		return 0, false
	}
	return max(0, e.Expires.Sub(now)), true
}

// Past is one earlier value of a datum, for the inspector.
type Past struct {
	At     time.Time
	State  State
	Origin SourceID
	Value  Value
}
