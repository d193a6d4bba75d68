package engine

import (
	"cmp"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
)

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
	r := resolver{d: d, src: src, now: now}
	r.resolve()
	return r.v
}

// resolver decides about one datum at one moment.
type resolver struct {
	d   *datum // only read
	src sourceState
	now time.Time
	v   decision // as far as it is made
}

// resolve goes through the table of states.
func (r *resolver) resolve() {
	d, v := r.d, &r.v
	v.changesAt(r.now, d.key.deadline)
	fault := r.blockingFault()
	keyLive, pushLive := r.keyLive(fault), r.pushLive()
	old := r.tooOld()
	if (keyLive || pushLive) && !old {
		r.decideLive(keyLive, pushLive)
		v.changesAt(r.now, v.expires)
		v.fault = nil
		return
	}
	v.fault = fault
	v.reason = r.redisReason(fault)
	vouched := d.lastConfirmed()
	if keyLive || pushLive {
		v.fault, v.reason = nil, "older than "+format.Interval(d.ref.Shape.MaxAge)
		vouched = d.lastWritten()
	}
	v.askAPI = r.src.hasAPI && d.ref.Fallback.Defined() && (keyLive || pushLive || r.redisGaveUp(fault))
	apiEnd := r.apiFreshUntil()
	answered := !d.api.at.IsZero() && (!d.isKey() || r.wholeEnough()) && !d.api.at.Before(vouched) && (!old || !r.apiOlder())
	known := d.key.have || !d.push.at.IsZero() && r.wholeEnough()
	switch {
	case answered && r.now.Before(apiEnd):
		v.state, v.origin, v.at, v.expires = datasource.StateFallback, datasource.SourceAPI, d.api.at, apiEnd
		v.changesAt(r.now, apiEnd)
	case answered:
		v.state, v.origin, v.at = datasource.StateStale, datasource.SourceAPI, d.api.at
	case known:
		v.state, v.origin, v.at = datasource.StateStale, r.valueSource(), vouched
	default:
		r.decideUnknown()
	}
	if r.hasVanished() {
		v.state = datasource.StateMissing
	}
}

// tooOld reports whether the datum is older than its max_age, and notes when it will be.
func (r *resolver) tooOld() bool {
	until, ok := r.d.freshUntil()
	if !ok || !r.d.key.have && r.d.push.at.IsZero() {
		return false
	}
	r.v.changesAt(r.now, until)
	return !r.now.Before(until)
}

// hasVanished reports whether d is an element of things that come and go, and is
// gone: Redis has no such key, and the API has no such thing or is not configured.
func (r *resolver) hasVanished() bool {
	return r.d.ref.Vanishes && r.d.key.missing && r.v.fault == nil && r.v.state == datasource.StateStale && (!r.v.askAPI || r.d.api.missing)
}

// apiFreshUntil is when the API's answer stops being a fallback. Its own time
// counts where it is known what that means.
func (r *resolver) apiFreshUntil() time.Time {
	a, maxAge := &r.d.api, r.d.ref.Shape.MaxAge
	end := a.at.Add(r.src.cacheTTL)
	if stamp, known := r.d.zone.Resolve(a.stamp); known && maxAge > 0 && !stamp.IsZero() {
		if own := ageLimit(stamp, a.at, maxAge); own.Before(end) {
			return own
		}
	}
	return end
}

// apiOlder reports whether the API's answer is no newer than what is known, by
// the producer's times of both.
func (r *resolver) apiOlder() bool {
	d := r.d
	theirs, known := d.zone.Resolve(d.api.stamp)
	ours, alsoKnown := d.zone.Resolve(d.stamp)
	return known && alsoKnown && !theirs.IsZero() && !ours.IsZero() && !theirs.After(ours)
}

// blockingFault is the fault because of which the key or the channel does not count.
func (r *resolver) blockingFault() *datasource.Fault {
	d := r.d
	switch {
	case !d.isKey() && r.src.pubsub == nil:
		return d.channel.refusal
	case !d.isKey():
		return r.src.pubsub
	case !r.src.hasRedis:
		return errNoRedis
	case r.src.redis != nil:
		return r.src.redis
	case d.key.have && d.key.started.Before(r.src.resumedAt):
		return errSuspended
	case d.key.fault != nil:
		return d.key.fault
	}
	return d.push.fault
}

func (r *resolver) keyLive(fault *datasource.Fault) bool {
	d := r.d
	return d.isKey() && d.key.have && !d.key.missing && fault == nil &&
		(d.key.deadline.IsZero() || r.now.Before(d.key.deadline))
}

// pushLive reports whether the channel alone makes d live.
func (r *resolver) pushLive() bool {
	d := r.d
	if !r.src.subscribed || !d.channel.isSubscribed() || d.push.fault != nil {
		return false
	}
	if !d.isKey() {
		return true
	}
	if d.ref.Vanishes && d.key.missing && !d.push.at.After(d.key.started) {
		return false // what was pushed of it is over
	}
	heard := !d.push.at.IsZero() && r.now.Before(d.push.at.Add(d.pushLifetime(r.src.cacheTTL)))
	return heard && r.wholeEnough()
}

// wholeEnough reports whether what was pushed may be shown: a part of an object
// must not pass for the whole while Redis may still tell the rest.
func (r *resolver) wholeEnough() bool {
	return r.d.key.answered || r.src.redis != nil || !r.src.hasRedis
}

// decideLive fills in the origin, since when and until when.
func (r *resolver) decideLive(keyLive, pushLive bool) {
	d, v := r.d, &r.v
	v.state, v.origin, v.at, v.expires = datasource.StateLive, datasource.SourceRedis, d.key.at, d.key.deadline
	if !d.isKey() {
		v.origin, v.at, v.expires = datasource.SourcePubSub, d.lastConfirmed(), time.Time{}
		return
	}
	if !pushLive || keyLive && !d.push.overlaid {
		v.reason = r.pollingReason()
		return
	}
	v.origin, v.at = datasource.SourcePubSub, d.push.at
	if end := d.push.at.Add(d.pushLifetime(r.src.cacheTTL)); !keyLive || !v.expires.IsZero() && end.After(v.expires) {
		v.expires = end
	}
}

// pollingReason says that a value which its channel should push is only polled, and
// why: the second rung of the ladder.
func (r *resolver) pollingReason() string {
	switch fault := cmp.Or(r.src.pubsub, r.d.channel.refusal); {
	case r.d.ref.Live == "" || fault == nil:
		return ""
	default:
		return "polling · " + datasource.SourcePubSub.String() + ": " + fault.Error()
	}
}

// valueSource returns the source of the merged value of key and channel.
func (r *resolver) valueSource() datasource.SourceID {
	if !r.d.isKey() || r.d.push.overlaid || !r.d.key.have {
		return datasource.SourcePubSub
	}
	return datasource.SourceRedis
}

// redisGaveUp reports whether the API's turn has come. An expiry is Redis' to
// confirm, for a moment; an outage has a second try to pass, unless nothing was
// ever known.
func (r *resolver) redisGaveUp(fault *datasource.Fault) bool {
	d := r.d
	switch {
	case fault != nil && fault == r.src.redis:
		return !d.key.have || r.src.redisFailedTwice
	case fault == errSuspended:
		return r.confirmTimeOver(r.src.resumedAt)
	case fault != nil, d.key.missing:
		return true
	case !d.isKey():
		return false // not subscribed yet
	case d.key.deadline.IsZero():
		return false // not answered yet
	}
	return r.confirmTimeOver(d.key.deadline)
}

// confirmTimeOver reports whether Redis has had its moment to say that what ended at
// end goes on.
func (r *resolver) confirmTimeOver(end time.Time) bool {
	turn := end.Add(confirmLimit)
	r.v.changesAt(r.now, turn)
	return !r.now.Before(turn)
}

// decideUnknown is the state of a datum that never had a value.
func (r *resolver) decideUnknown() {
	d, v := r.d, &r.v
	limit := d.opened.Add(loadingLimit)
	redisOpen := v.fault == nil && !d.key.missing
	apiOpen := v.askAPI && d.api.fault == nil && !d.api.missing
	switch {
	case (redisOpen || apiOpen) && r.now.Before(limit):
		v.state = datasource.StateLoading
		v.changesAt(r.now, limit)
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
func (r *resolver) redisReason(fault *datasource.Fault) string {
	d := r.d
	switch {
	case fault != nil:
		return faultText(fault)
	case d.key.missing && d.key.expired, d.key.have && !d.key.deadline.IsZero() && !r.now.Before(d.key.deadline):
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
