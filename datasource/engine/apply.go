package engine

import (
	"hash/maphash"
	"math"
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// applyKey takes in what Redis said about d in a read that began at started.
func (d *datum) applyKey(raw *datasource.Raw, started time.Time) {
	k := &d.key
	before := k.started
	k.answered, k.started = true, started
	switch {
	case raw.Err != nil:
		k.fault, d.wantWhole = datasource.AsFault(raw.Err, datasource.SourceRedis), true
		return
	case raw.Missing:
		d.keyGone(raw.At)
		return
	}
	if d.ref.Kind == datasource.KindList && !d.order.observe(raw) {
		d.wantRead = true // at its other end
		return
	}
	k.missing, k.expired = false, false
	k.setDeadline(raw.TTL, started)
	changed := false
	if sum := fingerprint(raw); sum != k.sum && !nothingNew(raw) {
		k.sum = sum
		changed = d.readBase(raw, started)
	}
	if k.fault = k.decodeFault; k.fault != nil {
		return
	}
	k.at = raw.At
	if !d.push.faultAt.After(started) {
		d.push.fault = nil
	}
	if d.settleOverlay(before) || changed {
		d.rebuildValue()
	}
}

// keyGone notes that there is no such key. What it held stays known.
func (d *datum) keyGone(at time.Time) {
	k := &d.key
	if !k.missing {
		k.expired = k.have && !k.deadline.IsZero() && !at.Add(preRead).Before(k.deadline)
	}
	k.missing, k.fault, k.decodeFault, k.sum, k.deadline = true, nil, nil, 0, time.Time{}
	d.wantWhole = true
}

// renewalLeast is the least that a deadline moves by when somebody has written
// the key; less is the time that reads took.
const renewalLeast = 500 * time.Millisecond

// setDeadline counts the TTL from the start of the read, so that the deadline
// is never later than Redis' own.
func (k *keySide) setDeadline(ttl time.Duration, started time.Time) {
	if ttl < 0 {
		k.deadline, k.longestTTL = time.Time{}, 0
		return
	}
	deadline := started.Add(ttl)
	if deadline.Sub(k.deadline) > renewalLeast {
		k.renewed = started
	}
	k.deadline = deadline
	k.longestTTL = max(k.longestTTL, ttl)
}

// readBase decodes what the key holds and reports whether that worked.
func (d *datum) readBase(raw *datasource.Raw, started time.Time) bool {
	k := &d.key
	read, err := decodeKey(&k.base, raw)
	if err != nil {
		k.decodeFault, d.wantWhole = datasource.AsFault(err, datasource.SourceRedis), true
		return false
	}
	d.observe(read.Stamp, raw.At)
	v := decode.Moved(d.valueOrNil(), read.Value, raw.At) // still ours alone: marked without a copy
	k.base, k.stamp, k.have, k.decodeFault, k.unchangedSince = v, read.Stamp, true, nil, started
	if k.marks = read.Marks | k.marks; !isIncremental(raw) {
		k.marks = read.Marks
	}
	k.raw = inspectorBytes(raw)
	if d.ref.Kind.IsSeries() {
		k.since = lastScore(raw, k.since)
		if v.Type != datasource.TypeSeries || read.Marks.Has(datasource.MarkMixedUnits) {
			k.since = math.NaN() // the highest score is not the newest: read whole
		}
		if !isIncremental(raw) {
			k.wholeAt = started
		}
	}
	return true
}

// decodeKey decodes an answer of Redis; the newer members of a series are added
// to what is known of it.
func decodeKey(base *datasource.Value, raw *datasource.Raw) (read decode.Decoded, err error) {
	defer recoverDecoder(&err)
	if !raw.Ref.Kind.IsSeries() || !isIncremental(raw) {
		return decode.Read(raw)
	}
	return decode.Append(base, raw)
}

// applyAPI takes in the API's answer to a question of the time asked.
func (d *datum) applyAPI(raw *datasource.Raw, asked, now time.Time, cacheTTL time.Duration) {
	a := &d.api
	fail := raw.Err
	if fail == nil && !raw.Missing {
		text, sum := boundedRaw(raw.Bytes), apiSum(raw)
		read, err := decode.Decoded{Value: a.value, Stamp: a.stamp, Marks: a.marks}, error(nil)
		if sum == 0 || sum != a.sum {
			read, err = decodeAPI(raw)
		}
		if fail = err; err == nil {
			at := now // or before: the answer may have been fetched by another dashboard
			if !raw.At.IsZero() && raw.At.Before(now) {
				at = raw.At
			}
			*a = apiSide{asked: asked, at: at, value: read.Value, stamp: read.Stamp, marks: read.Marks, raw: text, note: raw.Note, sum: sum, next: asked.Add(cacheTTL)}
			if answeredBefore(raw, asked) {
				a.next = at.Add(cacheTTL)
			}
			d.observe(read.Stamp, at)
			d.adoptMessages()
			return
		}
	}
	if fail == nil || datasource.ClassOf(fail) == datasource.ClassMissing {
		a.missing, a.fault, a.failures, a.asked, a.next = true, nil, 0, asked, asked.Add(min(missingFor, cacheTTL))
		if believed := raw.At.Add(raw.TTL); raw.Missing && raw.TTL > 0 && believed.After(now) {
			a.next = believed
		}
		return
	}
	d.apiFailed(datasource.AsFault(fail, datasource.SourceAPI), now)
}

// apiSum tells two answers apart, so that what has not changed is not decoded
// again, nor held twice meanwhile. That of a series depends on the time too, by
// its window, so it has none: 0.
func apiSum(raw *datasource.Raw) uint64 {
	if raw.Ref.Kind.IsSeries() {
		return 0
	}
	return maphash.Bytes(seed, raw.Bytes) | 1
}

// answeredBefore reports whether an answer was there before the question: another
// dashboard's, which is as old as it is.
func answeredBefore(raw *datasource.Raw, asked time.Time) bool {
	return !raw.At.IsZero() && raw.At.Before(asked)
}

// boundedRaw cuts what is only kept for the inspector.
func boundedRaw(b []byte) []byte {
	if len(b) <= datasource.MaxValueBytes {
		return b
	}
	return slices.Clone(b[:datasource.MaxValueBytes])
}

func decodeAPI(raw *datasource.Raw) (read decode.Decoded, err error) {
	defer recoverDecoder(&err)
	return decode.Read(raw)
}

// apiFailed puts the next question off: as long as the API says, or ever longer.
// A refused token has no next try to count down to: the client asks again when
// there is another one, and only has to be reminded to look.
func (d *datum) apiFailed(f *datasource.Fault, now time.Time) {
	a := &d.api
	a.failures++
	a.next = now.Add(backoff(a.failures, apiRetryMin, apiRetryMax))
	if f.RetryAt.After(now) {
		a.next = f.RetryAt
	}
	g := *f
	g.RetryAt = a.next
	if f.Class == datasource.ClassAuth {
		a.next, g.RetryAt = now.Add(backoff(1, tokenRecheck, tokenRecheck)), time.Time{}
	}
	a.fault, a.missing = &g, false
}

// adoptMessages makes the API's messages the beginning of a channel that has
// not spoken yet, for they must not vanish when it is subscribed.
func (d *datum) adoptMessages() {
	if !d.isKey() && len(d.value.Messages) == 0 {
		d.value = d.api.value
	}
}

// recoverDecoder turns a panic of a decoder into an error: it costs one value.
func recoverDecoder(err *error) {
	if p := recover(); p != nil {
		*err = &datasource.Fault{Class: datasource.ClassDecode, Text: datasource.Clean("unreadable: internal error", 0)}
	}
}
