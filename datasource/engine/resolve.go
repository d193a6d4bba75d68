package engine

import (
	"cmp"
	"strings"
	"time"

	"ticktop/datasource"
)

// outside is what a datum's state depends on beside the datum itself.
type outside struct {
	redis    *datasource.Fault // Redis as a whole cannot be read
	lasting  bool              // and a second try has failed too
	pubsub   *datasource.Fault // the channels cannot be heard
	joined   bool              // the subscription stands
	woke     time.Time         // when the machine was last seen to have slept
	hasRedis bool
	hasAPI   bool
	cacheTTL time.Duration
}

// verdict is what follows for one datum at one moment.
type verdict struct {
	state   datasource.State
	origin  datasource.SourceID
	at      time.Time
	expires time.Time
	fault   *datasource.Fault
	why     string
	due     time.Time // when time alone changes the verdict; zero: never
	askAPI  bool      // the API should be asked, not before api.next
}

// resolve is the table of states. The first line that holds counts:
//
//	the key was read, there, and within its TTL or without one        live
//	its channel is joined, and spoke within the key's life            live
//	(neither once the value is older than its max_age)
//	the API answered less than cache_ttl ago, and nothing newer came  fallback
//	some value is known, from whomever                                stale
//	somebody has not answered yet, and there is still time            loading
//	Redis says missing, and the API says missing or is not there      missing
//	anything else                                                     error
//
// A channel datum has no key: it is live while its channel is joined.
func resolve(d *datum, out outside, now time.Time) verdict {
	var v verdict
	v.soonest(now, d.key.deadline)
	fault := d.cause(out)
	keyLive, pushLive := d.keyLive(fault, now), d.pushLive(out, now)
	old := d.tooOld(now, &v)
	if (keyLive || pushLive) && !old {
		d.live(&v, out, keyLive, pushLive)
		v.soonest(now, v.expires)
		v.fault = nil
		return v
	}
	v.fault = fault
	v.why = d.why(fault, now)
	vouched := d.vouched()
	if keyLive || pushLive {
		v.fault, v.why = nil, "older than "+limitText(d.ref.Shape.MaxAge)
		vouched = d.arrived()
	}
	v.askAPI = out.hasAPI && d.ref.Fallback.Defined() && (keyLive || pushLive || d.redisGaveUp(out, fault, now, &v))
	apiEnd := d.api.freshEnd(out.cacheTTL, d.ref.Shape.MaxAge)
	answered := !d.api.at.IsZero() && (!d.isKey() || d.wholeEnough(out)) && !d.api.at.Before(vouched) && (!old || !d.api.olderThan(d.stamp))
	known := d.key.have || !d.push.at.IsZero() && d.wholeEnough(out)
	switch {
	case answered && now.Before(apiEnd):
		v.state, v.origin, v.at, v.expires = datasource.StateFallback, datasource.SourceAPI, d.api.at, apiEnd
		v.soonest(now, apiEnd)
	case answered:
		v.state, v.origin, v.at = datasource.StateStale, datasource.SourceAPI, d.api.at
	case known:
		v.state, v.origin, v.at = datasource.StateStale, d.source(), vouched
	default:
		d.unknown(&v, out, now)
	}
	if d.hasVanished(&v) {
		v.state = datasource.StateMissing
	}
	return v
}

// tooOld reports whether d is older than its max_age, and notes when it will be.
func (d *datum) tooOld(now time.Time, v *verdict) bool {
	until, ok := d.freshUntil()
	if !ok || !d.key.have && d.push.at.IsZero() {
		return false
	}
	v.soonest(now, until)
	return !now.Before(until)
}

// hasVanished reports whether d is an element of things that come and go, and is
// gone: Redis has no such key, and the API none either or is not there.
func (d *datum) hasVanished(v *verdict) bool {
	return d.ref.Vanishes && d.key.missing && v.fault == nil && v.state == datasource.StateStale && (!v.askAPI || d.api.missing)
}

// freshEnd is when the API's answer stops being a fallback.
func (a *apiSide) freshEnd(cacheTTL, maxAge time.Duration) time.Time {
	end := a.at.Add(cacheTTL)
	if maxAge > 0 && !a.stamp.IsZero() {
		if own := ageLimit(a.stamp, a.at, maxAge); own.Before(end) {
			return own
		}
	}
	return end
}

// olderThan reports whether the API's answer is no newer than a stamp.
func (a *apiSide) olderThan(stamp time.Time) bool {
	return !a.stamp.IsZero() && !stamp.IsZero() && !a.stamp.After(stamp)
}

// limitText writes a max_age as the configuration does.
func limitText(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

// soonest notes that t, if it lies ahead, changes the verdict.
func (v *verdict) soonest(now, t time.Time) {
	if t.After(now) && (v.due.IsZero() || t.Before(v.due)) {
		v.due = t
	}
}

// cause is what keeps the key's or channel's word from counting.
func (d *datum) cause(out outside) *datasource.Fault {
	switch {
	case !d.isKey() && out.pubsub == nil:
		return d.denied
	case !d.isKey():
		return out.pubsub
	case !out.hasRedis:
		return errNoRedis
	case out.redis != nil:
		return out.redis
	case d.key.have && d.key.started.Before(out.woke):
		return errSlept
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
func (d *datum) pushLive(out outside, now time.Time) bool {
	if !out.joined || !d.joined || d.push.fault != nil {
		return false
	}
	if !d.isKey() {
		return true
	}
	if d.ref.Vanishes && d.key.missing && !d.push.at.After(d.key.started) {
		return false // what was pushed of it is over
	}
	heard := !d.push.at.IsZero() && now.Before(d.push.at.Add(d.life(out.cacheTTL)))
	return heard && d.wholeEnough(out)
}

// wholeEnough reports whether what was pushed may be shown: a part of an object
// must not pass for the whole while Redis may still tell the rest.
func (d *datum) wholeEnough(out outside) bool {
	return d.key.answered || out.redis != nil || !out.hasRedis
}

// live fills in who vouches, since when and until when.
func (d *datum) live(v *verdict, out outside, keyLive, pushLive bool) {
	v.state, v.origin, v.at, v.expires = datasource.StateLive, datasource.SourceRedis, d.key.at, d.key.deadline
	if !d.isKey() {
		v.origin, v.at, v.expires = datasource.SourcePubSub, d.vouched(), time.Time{}
		return
	}
	if !pushLive || keyLive && !d.push.overlap {
		v.why = d.polling(out)
		return
	}
	v.origin, v.at = datasource.SourcePubSub, d.push.at
	if end := d.push.at.Add(d.life(out.cacheTTL)); !keyLive || !v.expires.IsZero() && end.After(v.expires) {
		v.expires = end
	}
}

// polling says that a value which its channel should push is only polled, and
// why: the second rung of the ladder.
func (d *datum) polling(out outside) string {
	switch fault := cmp.Or(out.pubsub, d.denied); {
	case d.ref.Live == "" || fault == nil:
		return ""
	default:
		return "polling · " + datasource.SourcePubSub.String() + ": " + fault.Error()
	}
}

// source is who gave what the key and the channel together say.
func (d *datum) source() datasource.SourceID {
	if !d.isKey() || d.push.overlap || !d.key.have {
		return datasource.SourcePubSub
	}
	return datasource.SourceRedis
}

// redisGaveUp reports whether the API's turn has come. An expiry is Redis' to
// confirm, for a moment; an outage has a second try to pass, unless nothing was
// ever known.
func (d *datum) redisGaveUp(out outside, fault *datasource.Fault, now time.Time, v *verdict) bool {
	switch {
	case fault != nil && fault == out.redis:
		return !d.key.have || out.lasting
	case fault == errSlept:
		return d.confirmed(out.woke, now, v)
	case fault != nil, d.key.missing:
		return true
	case !d.isKey():
		return false // not joined yet
	case d.key.deadline.IsZero():
		return false // not answered yet
	}
	return d.confirmed(d.key.deadline, now, v)
}

// confirmed reports whether Redis has had its moment to say that what ended at
// end goes on.
func (d *datum) confirmed(end, now time.Time, v *verdict) bool {
	turn := end.Add(confirmLimit)
	v.soonest(now, turn)
	return !now.Before(turn)
}

// unknown is the state of a datum that never had a value.
func (d *datum) unknown(v *verdict, out outside, now time.Time) {
	limit := d.opened.Add(loadingLimit)
	redisOpen := v.fault == nil && !d.key.missing
	apiOpen := v.askAPI && d.api.fault == nil && !d.api.missing
	switch {
	case (redisOpen || apiOpen) && now.Before(limit):
		v.state = datasource.StateLoading
		v.soonest(now, limit)
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

// why says in a few words why d is not from Redis.
func (d *datum) why(fault *datasource.Fault, now time.Time) string {
	switch {
	case fault != nil:
		return cause(fault)
	case d.key.missing && d.key.expired, d.key.have && !d.key.deadline.IsZero() && !now.Before(d.key.deadline):
		return "key expired"
	case d.key.missing:
		return "key missing"
	}
	return ""
}

// cause is a fault in its own words: "redis: refused", "redis: masterdown".
func cause(f *datasource.Fault) string {
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
