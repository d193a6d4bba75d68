package engine

import (
	"math"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
	"ticktop/datasource/store"
)

// datum is all that is known of one slot. It is guarded by Engine.mu.
type datum struct {
	ref      *datasource.Ref // never written to
	slot     *store.Slot
	effect   datasource.PushEffect // what a message on its channel does
	zone     decode.ZoneFinder     // what its times without a zone mean
	zoned    *datasource.Ref       // ref with that zone, for a series; nil until it is found
	route    routeKey              // how it finds what is its own on its channel
	opened   time.Time             // when it was first shown, or the engine started
	released bool                  // nobody shows it any more

	key  keySide
	push pushSide
	api  apiSide

	// What the key and the channel together say.
	value   datasource.Value
	stamp   time.Time // the producer's time in it; zero when the newest part carries none
	stamped time.Time // when that part arrived
	raw     []byte
	order   listOrder

	channel channelState // the subscription to its channel

	// What to read next.
	wantRead       bool      // read at the next opportunity, without waiting for the poll
	wantWhole      bool      // a series: the whole window
	lastRequested  time.Time // start of the last read that asked for it
	rereadAfterGap bool      // counts among the keys to re-read after a gap
	lastRefresh    time.Time // last Refresh
	quiet          bool      // its channel is silent for longer than its usual cadence
	lastHeard      time.Time // when quiet: when it last spoke

	// What was last published about it.
	dirty       bool
	nextChange  time.Time         // when time alone changes something; zero: never
	shown       *datasource.Entry // nil before the first
	loggedState datasource.State  // the state of the last event
	apiPending  bool              // waits for or is with the API
}

// keySide is the witness of the poll.
type keySide struct {
	answered       bool              // Redis has ever said something about it
	have           bool              // base was read at least once
	missing        bool              // the last answer: no such key
	expired        bool              // it went missing at its deadline, or was past it
	fault          *datasource.Fault // of the last answer, nil when it was good
	base           datasource.Value  // what the key holds, without what was pushed
	stamp          time.Time         // in base
	marks          datasource.Marks  // of base
	raw            []byte            // of base, for the inspector
	sum            uint64            // fingerprint of the last answer
	decodeFault    *datasource.Fault // why that answer could not be decoded
	since          float64           // series: the last score, NaN before there is one
	wholeAt        time.Time         // series: last read of the whole window
	at             time.Time         // the last good answer
	deadline       time.Time         // zero: does not expire
	longestTTL     time.Duration     // the longest TTL seen
	started        time.Time         // start of the last read that was applied
	unchangedSince time.Time         // start of the first read that found base as it is
	renewed        time.Time         // start of the first read that found its TTL renewed
}

// pushSide is the witness of the channel.
type pushSide struct {
	at       time.Time         // last good message
	fault    *datasource.Fault // of the last message, nil when it was good
	faultAt  time.Time         // when that message came
	gap      time.Time         // end of the last gap in the subscription
	marks    datasource.Marks  // of what was pushed
	overlays []overlay         // what lies over the key's value, oldest first
	overlaid bool              // over changes what is shown
}

// apiSide is the witness of the API.
type apiSide struct {
	note     datasource.Safe   // what has to be said of value: "api gave 3 of 6 rows"
	asked    time.Time         // start of the last question that was answered well
	at       time.Time         // its answer
	value    datasource.Value  //
	stamp    time.Time         //
	marks    datasource.Marks  //
	raw      []byte            //
	sum      uint64            // fingerprint of that answer, 0 for none
	missing  bool              // the answer: no such thing
	fault    *datasource.Fault // of the last question, nil when it was answered
	next     time.Time         // not before
	failures int
}

func newDatum(slot *store.Slot, now time.Time) *datum {
	ref := slot.Ref()
	d := &datum{ref: ref, slot: slot, route: routeKeyOf(ref), effect: decode.Effect(ref), opened: now, wantRead: true}
	if loc, err := time.LoadLocation(ref.Shape.Zone); err == nil && ref.Shape.Zone != "" {
		d.zone.Assume(loc)
	}
	d.key.since = math.NaN()
	return d
}

// observe learns from the producer's time in what arrived then. Where that tells
// what the times of a series mean, the series is read again.
func (d *datum) observe(stamp, arrived time.Time) {
	if !d.zone.Observe(stamp, arrived, time.Local) || !d.ref.Kind.IsSeries() && !d.ref.Shape.Series.Defined() {
		return
	}
	zoned := *d.ref
	zoned.Shape.Zone = d.zone.Location().String()
	d.zoned = &zoned
	d.key.sum, d.api.sum, d.wantRead, d.wantWhole = 0, 0, true, true
}

// how returns the ref by which what was delivered is decoded.
func (d *datum) how() *datasource.Ref {
	if d.zoned != nil {
		return d.zoned
	}
	return d.ref
}

// isKey reports whether there is a key to read; channels have none.
func (d *datum) isKey() bool { return d.ref.Kind != datasource.KindChannel }

// channelName returns the channel that feeds d, "" for none.
func (d *datum) channelName() string {
	if d.ref.Kind == datasource.KindChannel {
		return d.ref.Key
	}
	return d.ref.Live
}

// maxItems returns how many messages or points d shows at most.
func (d *datum) maxItems() int {
	switch {
	case d.ref.Keep > 0 && d.ref.Keep < datasource.MaxMembers:
		return d.ref.Keep
	case d.ref.Keep > 0 || d.ref.Kind.IsSeries():
		return datasource.MaxMembers
	}
	return datasource.DefaultKeep
}

// maxQueued returns how many single messages of a frame d needs; 0 when only the
// newest state counts.
func (d *datum) maxQueued() int {
	switch d.effect {
	case datasource.PushPoints:
		return min(d.maxItems(), maxEach)
	case datasource.PushMessage:
		return d.maxItems()
	case datasource.PushRereads:
		return 1
	case datasource.PushMerges:
	}
	return 0
}

// sharedElement is the element by which d is found on a shared channel.
func (d *datum) sharedElement() string {
	if d.route.push.Shared {
		return d.ref.Element
	}
	return ""
}

// pushLifetime is how long a push is good for: as long as the key would live, but not
// longer than an answer of the API.
func (d *datum) pushLifetime(cacheTTL time.Duration) time.Duration {
	if d.key.longestTTL > 0 {
		return min(d.key.longestTTL, cacheTTL)
	}
	return cacheTTL
}

// lastConfirmed is when the key or the channel last stood for the value.
func (d *datum) lastConfirmed() time.Time {
	if d.push.at.After(d.key.at) {
		return d.push.at
	}
	return d.key.at
}

// lastWritten is when something of d was last written, as far as can be seen: the
// key changed or was renewed, or its channel spoke.
func (d *datum) lastWritten() time.Time {
	at := d.key.unchangedSince
	for _, t := range [...]time.Time{d.key.renewed, d.push.at} {
		if t.After(at) {
			at = t
		}
	}
	return at
}

// freshUntil is when d becomes older than its max_age: by its own time, or by
// its arrival where it carries none. ok is false where there is no such limit.
func (d *datum) freshUntil() (until time.Time, ok bool) {
	limit := d.ref.Shape.MaxAge
	if limit <= 0 {
		return time.Time{}, false
	}
	stamp, known := d.zone.Resolve(d.stamp)
	if stamp.IsZero() || !known {
		return d.lastWritten().Add(limit), true
	}
	return ageLimit(stamp, d.stamped, limit), true
}

// ageLimit is when what carries this stamp and arrived then is older than a
// limit. It holds through steps of the clock.
func ageLimit(stamp, arrived time.Time, limit time.Duration) time.Time {
	return arrived.Add(limit - max(0, arrived.Round(0).Sub(stamp)))
}
