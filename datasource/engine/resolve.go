package engine

import (
	"cmp"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
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

// resolve is the table of states. The first line that holds counts:
//
//	the key was read, there, and within its TTL or without one        live
//	its channel is subscribed, and spoke within the key's life        live
//	(neither once the value is older than its max_age)
//	the API answered less than cache_ttl ago, and nothing newer came  fallback
//	some value is known, from whomever                                stale
//	a source has not answered yet, and there is still time            loading
//	Redis says missing, and the API says missing or is not there      missing
//	anything else                                                     error
//
// A channel datum has no key: it is live while its channel is subscribed.
func resolve(d *datum, src sourceState, now time.Time) decision {
	var v decision
	v.changesAt(now, d.key.deadline)
	fault := d.blockingFault(src)
	keyLive, pushLive := d.keyLive(fault, now), d.pushLive(src, now)
	old := d.tooOld(now, &v)
	if (keyLive || pushLive) && !old {
		d.decideLive(&v, src, keyLive, pushLive)
		v.changesAt(now, v.expires)
		v.fault = nil
		return v
	}
	v.fault = fault
	v.reason = d.redisReason(fault, now)
	vouched := d.lastConfirmed()
	if keyLive || pushLive {
		v.fault, v.reason = nil, "older than "+format.Interval(d.ref.Shape.MaxAge)
		vouched = d.lastWritten()
	}
	v.askAPI = src.hasAPI && d.ref.Fallback.Defined() && (keyLive || pushLive || d.redisGaveUp(src, fault, now, &v))
	apiEnd := d.apiFreshUntil(src.cacheTTL)
	answered := !d.api.at.IsZero() && (!d.isKey() || d.wholeEnough(src)) && !d.api.at.Before(vouched) && (!old || !d.apiOlder())
	known := d.key.have || !d.push.at.IsZero() && d.wholeEnough(src)
	switch {
	case answered && now.Before(apiEnd):
		v.state, v.origin, v.at, v.expires = datasource.StateFallback, datasource.SourceAPI, d.api.at, apiEnd
		v.changesAt(now, apiEnd)
	case answered:
		v.state, v.origin, v.at = datasource.StateStale, datasource.SourceAPI, d.api.at
	case known:
		v.state, v.origin, v.at = datasource.StateStale, d.valueSource(), vouched
	default:
		d.decideUnknown(&v, src, now)
	}
	if d.hasVanished(&v) {
		v.state = datasource.StateMissing
	}
	return v
}

// tooOld reports whether d is older than its max_age, and notes when it will be.
func (d *datum) tooOld(now time.Time, v *decision) bool {
	until, ok := d.freshUntil()
	if !ok || !d.key.have && d.push.at.IsZero() {
		return false
	}
	v.changesAt(now, until)
	return !now.Before(until)
}

// hasVanished reports whether d is an element of things that come and go, and is
// gone: Redis has no such key, and the API has no such thing or is not configured.
func (d *datum) hasVanished(v *decision) bool {
	return d.ref.Vanishes && d.key.missing && v.fault == nil && v.state == datasource.StateStale && (!v.askAPI || d.api.missing)
}

// apiFreshUntil is when the API's answer stops being a fallback. Its own time
// counts where it is known what that means.
func (d *datum) apiFreshUntil(cacheTTL time.Duration) time.Time {
	a, maxAge := &d.api, d.ref.Shape.MaxAge
	end := a.at.Add(cacheTTL)
	if stamp, known := d.zone.Resolve(a.stamp); known && maxAge > 0 && !stamp.IsZero() {
		if own := ageLimit(stamp, a.at, maxAge); own.Before(end) {
			return own
		}
	}
	return end
}

// apiOlder reports whether the API's answer is no newer than what is known, by
// the producer's times of both.
func (d *datum) apiOlder() bool {
	theirs, known := d.zone.Resolve(d.api.stamp)
	ours, alsoKnown := d.zone.Resolve(d.stamp)
	return known && alsoKnown && !theirs.IsZero() && !ours.IsZero() && !theirs.After(ours)
}

// changesAt notes that t, if it lies ahead, changes the decision.
func (v *decision) changesAt(now, t time.Time) {
	if t.After(now) && (v.nextChange.IsZero() || t.Before(v.nextChange)) {
		v.nextChange = t
	}
}

// blockingFault is the fault because of which the key or the channel does not count.
func (d *datum) blockingFault(src sourceState) *datasource.Fault {
	switch {
	case !d.isKey() && src.pubsub == nil:
		return d.channel.refusal
	case !d.isKey():
		return src.pubsub
	case !src.hasRedis:
		return errNoRedis
	case src.redis != nil:
		return src.redis
	case d.key.have && d.key.started.Before(src.resumedAt):
		return errSuspended
	case d.key.fault != nil:
		return d.key.fault
	}
	return d.push.fault
}

func (d *datum) keyLive(fault *datasource.Fault, now time.Time) bool {
	return d.isKey() && d.key.have && !d.key.missing && fault == nil &&
		(d.key.deadline.IsZero() || now.Before(d.key.deadline))
}

// pushLive reports whether the channel alone makes d live.
func (d *datum) pushLive(src sourceState, now time.Time) bool {
	if !src.subscribed || !d.channel.isSubscribed() || d.push.fault != nil {
		return false
	}
	if !d.isKey() {
		return true
	}
	if d.ref.Vanishes && d.key.missing && !d.push.at.After(d.key.started) {
		return false // what was pushed of it is over
	}
	heard := !d.push.at.IsZero() && now.Before(d.push.at.Add(d.pushLifetime(src.cacheTTL)))
	return heard && d.wholeEnough(src)
}

// wholeEnough reports whether what was pushed may be shown: a part of an object
// must not pass for the whole while Redis may still tell the rest.
func (d *datum) wholeEnough(src sourceState) bool {
	return d.key.answered || src.redis != nil || !src.hasRedis
}

// decideLive fills in the origin, since when and until when.
func (d *datum) decideLive(v *decision, src sourceState, keyLive, pushLive bool) {
	v.state, v.origin, v.at, v.expires = datasource.StateLive, datasource.SourceRedis, d.key.at, d.key.deadline
	if !d.isKey() {
		v.origin, v.at, v.expires = datasource.SourcePubSub, d.lastConfirmed(), time.Time{}
		return
	}
	if !pushLive || keyLive && !d.push.overlaid {
		v.reason = d.pollingReason(src)
		return
	}
	v.origin, v.at = datasource.SourcePubSub, d.push.at
	if end := d.push.at.Add(d.pushLifetime(src.cacheTTL)); !keyLive || !v.expires.IsZero() && end.After(v.expires) {
		v.expires = end
	}
}

// pollingReason says that a value which its channel should push is only polled, and
// why: the second rung of the ladder.
func (d *datum) pollingReason(src sourceState) string {
	switch fault := cmp.Or(src.pubsub, d.channel.refusal); {
	case d.ref.Live == "" || fault == nil:
		return ""
	default:
		return "polling · " + datasource.SourcePubSub.String() + ": " + fault.Error()
	}
}

// valueSource returns the source of the merged value of key and channel.
func (d *datum) valueSource() datasource.SourceID {
	if !d.isKey() || d.push.overlaid || !d.key.have {
		return datasource.SourcePubSub
	}
	return datasource.SourceRedis
}

// redisGaveUp reports whether the API's turn has come. An expiry is Redis' to
// confirm, for a moment; an outage has a second try to pass, unless nothing was
// ever known.
func (d *datum) redisGaveUp(src sourceState, fault *datasource.Fault, now time.Time, v *decision) bool {
	switch {
	case fault != nil && fault == src.redis:
		return !d.key.have || src.redisFailedTwice
	case fault == errSuspended:
		return d.confirmTimeOver(src.resumedAt, now, v)
	case fault != nil, d.key.missing:
		return true
	case !d.isKey():
		return false // not subscribed yet
	case d.key.deadline.IsZero():
		return false // not answered yet
	}
	return d.confirmTimeOver(d.key.deadline, now, v)
}

// confirmTimeOver reports whether Redis has had its moment to say that what ended at
// end goes on.
func (d *datum) confirmTimeOver(end, now time.Time, v *decision) bool {
	turn := end.Add(confirmLimit)
	v.changesAt(now, turn)
	return !now.Before(turn)
}

// decideUnknown is the state of a datum that never had a value.
func (d *datum) decideUnknown(v *decision, src sourceState, now time.Time) {
	limit := d.opened.Add(loadingLimit)
	redisOpen := v.fault == nil && !d.key.missing
	apiOpen := v.askAPI && d.api.fault == nil && !d.api.missing
	switch {
	case (redisOpen || apiOpen) && now.Before(limit):
		v.state = datasource.StateLoading
		v.changesAt(now, limit)
	case d.key.missing && v.fault == nil && (!v.askAPI || d.api.missing):
		v.state = datasource.StateMissing
	default:
		v.state = datasource.StateError
		switch {
		case v.fault != nil:
		case d.api.fault != nil:
			v.fault = d.api.fault
		default:
			v.fault = errNoAnswer
		}
	}
}

// redisReason says in a few words why d is not from Redis.
func (d *datum) redisReason(fault *datasource.Fault, now time.Time) string {
	switch {
	case fault != nil:
		return faultText(fault)
	case d.key.missing && d.key.expired, d.key.have && !d.key.deadline.IsZero() && !now.Before(d.key.deadline):
		return "key expired"
	case d.key.missing:
		return "key missing"
	}
	return ""
}

// faultText is a fault in its own words: "redis: refused", "redis: masterdown".
func faultText(f *datasource.Fault) string {
	text, source := f.Error(), f.Source.String()+": "
	if strings.HasPrefix(text, source) {
		return text
	}
	return source + text
}

// The faults that the engine itself reports.
var (
	errNoAnswer = &datasource.Fault{Class: datasource.ClassTimeout, Source: datasource.SourceRedis,
		Text: datasource.Clean("no answer yet", 0)}
	errNoRedis = &datasource.Fault{Class: datasource.ClassConfig, Source: datasource.SourceRedis,
		Text: datasource.Clean("no redis configured", 0), Hint: datasource.Clean("set REDIS_URL", 0)}
)
