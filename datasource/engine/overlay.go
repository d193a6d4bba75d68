package engine

import (
	"slices"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// maxOverlays bounds the pushed payloads of different shape that lie over a key.
const maxOverlays = 32

// overlay is one pushed change that the key may not hold yet. For strings and
// hashes it is a payload, for series its points, for lists and streams the
// message that it became.
type overlay struct {
	at      time.Time
	stamp   time.Time
	payload payload
	points  []datasource.Point
	message datasource.Message
}

// applyPush takes in one delivery of the channel that feeds d.
func (d *datum) applyPush(in *delivery) {
	switch d.effect {
	case datasource.PushMerges:
		for i := range in.newest {
			d.pushState(&in.newest[i])
		}
		if in.lost {
			d.wantRead = true
		}
	case datasource.PushPoints:
		for i := range in.each {
			d.pushPoints(&in.each[i])
		}
		d.rebuildValue()
	case datasource.PushRereads:
		d.wantRead = true
	default:
		d.pushMessages(in.each)
	}
}

// pushState merges one payload over the value.
func (d *datum) pushState(p *payload) {
	read, err := mergeSafely(d.how(), d.valueOrNil(), p)
	if err != nil {
		d.pushFailed(p.at, err)
		return
	}
	d.value, d.raw = read.Value, p.bytes
	d.stampOf(read.Stamp, p.at)
	d.push.marks |= read.Marks
	d.addOverlay(overlay{at: p.at, stamp: read.Stamp, payload: *p})
	d.push.overlaid = true
}

// addOverlay lays o over the key, instead of what it hides.
func (d *datum) addOverlay(o overlay) {
	q := &d.push
	q.at, q.fault = o.at, nil
	switch o.payload.shape.kind {
	case shapeReplaces:
		q.overlays = q.overlays[:0]
	case shapeObject:
		q.overlays = slices.DeleteFunc(q.overlays, func(old overlay) bool { return old.payload.shape == o.payload.shape })
	case shapeNothing, shapeUnclear:
	}
	if len(q.overlays) >= maxOverlays && d.isState() {
		q.overlays = slices.Delete(q.overlays, 0, 1)
	}
	q.overlays = append(q.overlays, o)
}

func (d *datum) pushFailed(at time.Time, err error) {
	d.push.fault, d.push.faultAt = datasource.AsFault(err, datasource.SourcePubSub), at
	d.wantRead = true // the key may still be readable
}

// pushPoints keeps the points of one payload for rebuild.
func (d *datum) pushPoints(p *payload) {
	read, err := mergeSafely(d.how(), nil, p)
	if err != nil {
		d.pushFailed(p.at, err)
		return
	}
	if len(read.Value.Points) == 0 {
		return
	}
	stamp := read.Stamp
	d.observe(stamp, p.at)
	if stamp.UnixMilli() == p.at.UnixMilli() {
		stamp = time.Time{} // not the producer's
	}
	d.push.at, d.push.fault, d.raw = p.at, nil, p.bytes
	d.push.overlays = append(d.push.overlays, overlay{at: p.at, stamp: stamp, points: read.Value.Points})
	if extra := len(d.push.overlays) - d.maxItems(); extra > 0 {
		d.push.overlays = slices.Delete(d.push.overlays, 0, extra)
	}
}

// stampOf notes the producer's time of what arrived at some time. What carries
// none is as old as its arrival, regardless of the key's time.
func (d *datum) stampOf(stamp, arrived time.Time) {
	d.observe(stamp, arrived)
	if stamp.IsZero() || stamp.After(d.stamp) {
		d.stamp, d.stamped = stamp, arrived
	}
}

// settleOverlay drops what the key has caught up with, after a read; before is
// when the read before that began. It reports whether anything was dropped.
//
// Where both carry the producer's time, that decides. Otherwise a push stays
// while the key is as it was before the push, and for one more poll after the
// key has changed, for a producer may publish first and write later. A gap in
// the subscription ends the doubt: then the key is newer.
func (d *datum) settleOverlay(before time.Time) bool {
	k, n := &d.key, len(d.push.overlays)
	d.push.overlays = slices.DeleteFunc(d.push.overlays, func(o overlay) bool {
		switch {
		case !o.stamp.IsZero() && !k.stamp.IsZero():
			return !o.stamp.After(k.stamp)
		case !o.at.Before(k.started), !o.at.Before(k.unchangedSince):
			return false
		case d.push.gap.After(o.at):
			return true
		}
		return o.at.Before(before)
	})
	return len(d.push.overlays) != n
}

// rebuildValue puts the value together again: what the key holds, and over it what
// was pushed since.
func (d *datum) rebuildValue() {
	k, q := &d.key, &d.push
	v := k.base
	d.stamp, d.stamped = k.stamp, k.unchangedSince
	switch d.effect {
	case datasource.PushPoints:
		v = d.withPoints()
	case datasource.PushMessage:
		v = d.withMessages()
	default:
		for i := range q.overlays {
			if next, err := mergeSafely(d.how(), nilIfNone(&v), &q.overlays[i].payload); err == nil {
				v = next.Value
			}
		}
	}
	for i := range q.overlays {
		stamp := q.overlays[i].stamp
		if d.effect == datasource.PushPoints {
			stamp = decode.Stamp(&v)
		}
		d.stampOf(stamp, q.overlays[i].at)
	}
	if len(q.overlays) == 0 {
		d.raw, q.marks = k.raw, 0
	}
	q.overlaid = len(q.overlays) > 0 && !v.Equal(&k.base)
	d.value = v
}

// withPoints returns the key's series with the pushed points that are newer
// than its last.
func (d *datum) withPoints() datasource.Value {
	base := d.key.base.Points
	last := int64(0)
	if len(base) > 0 {
		last = base[len(base)-1].MS
	}
	var tail []datasource.Point
	for i := range d.push.overlays {
		for _, p := range d.push.overlays[i].points {
			if p.MS > last || len(base) == 0 {
				tail = append(tail, p)
			}
		}
	}
	if len(tail) == 0 {
		return d.key.base
	}
	slices.SortStableFunc(tail, func(a, b datasource.Point) int { return int(min(1, max(-1, a.MS-b.MS))) })
	out := make([]datasource.Point, 0, len(base)+len(tail))
	out = append(out, base...)
	for _, p := range tail {
		if n := len(out); n > len(base) && out[n-1].MS == p.MS {
			out[n-1] = p // the newer value of the same moment
			continue
		}
		out = append(out, p)
	}
	return datasource.Value{Type: datasource.TypeSeries, Points: d.inWindow(out)}
}

// inWindow trims points as the decoder does.
func (d *datum) inWindow(p []datasource.Point) []datasource.Point {
	p = p[max(0, len(p)-d.maxItems()):]
	if d.ref.Window > 0 && len(p) > 0 {
		p = p[len(pointsBefore(p, p[len(p)-1].MS-d.ref.Window.Milliseconds())):]
	}
	return p
}

// pointsBefore returns the points before a time; they are sorted.
func pointsBefore(p []datasource.Point, ms int64) []datasource.Point {
	i, _ := slices.BinarySearchFunc(p, ms, func(p datasource.Point, ms int64) int {
		switch {
		case p.MS < ms:
			return -1
		case p.MS > ms:
			return 1
		}
		return 0
	})
	return p[:i:i]
}

// valueOrNil returns the value, nil when there is none.
func (d *datum) valueOrNil() *datasource.Value { return nilIfNone(&d.value) }

func nilIfNone(v *datasource.Value) *datasource.Value {
	if v.Type == datasource.TypeNone {
		return nil
	}
	return v
}

// isState reports whether d shows a state, to which messages are merged.
func (d *datum) isState() bool { return d.effect == datasource.PushMerges }

func mergeSafely(ref *datasource.Ref, prev *datasource.Value, p *payload) (read decode.Decoded, err error) {
	defer recoverDecoder(&err)
	return decode.Push(ref, prev, p.bytes, p.at)
}
