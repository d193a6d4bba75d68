package engine

import (
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/mask"
	"ticktop/datasource/store"
)

// publish hands everything that has changed to the store.
func (e *Engine) publish(now time.Time, next *time.Time) {
	lights := e.lights(now)
	changed := lights != e.pace.lights
	if len(e.pace.dirty) == 0 && !changed && len(e.events) == 0 {
		return
	}
	slot := &e.pace.published[e.pace.publishes%publishBurst]
	if at := slot.Add(publishBurst * publishGap); now.Before(at) {
		sooner(next, at)
		return
	}
	*slot = now
	e.pace.publishes++
	batch := store.Batch{At: now}
	if changed {
		e.lightEvents(&e.pace.lights, &lights, now)
		e.pace.lights = lights
		batch.Sources = &lights
	}
	batch.Slept, e.sleep.untold = e.sleep.untold, datasource.Sleep{}
	out := e.outside()
	batch.Changes = make([]store.Change, 0, len(e.pace.dirty))
	for i, d := range e.pace.dirty {
		e.pace.dirty[i] = nil
		if d.dirty = false; d.gone {
			continue
		}
		d.shown = e.entry(d, out, now)
		batch.Changes = append(batch.Changes, store.Change{Slot: d.slot, Entry: d.shown})
	}
	e.pace.dirty = e.pace.dirty[:0]
	if !e.pace.due.IsZero() {
		sooner(next, e.pace.due)
	}
	batch.Events, e.events = e.events, nil
	e.store.Apply(batch)
	for i := range batch.Changes {
		e.data[batch.Changes[i].Slot].settle()
	}
}

// entry judges d and says what follows: what is shown, when to look again, what
// to read or ask.
func (e *Engine) entry(d *datum, out outside, now time.Time) *datasource.Entry {
	v := resolve(d, out, now)
	if v.askAPI && !d.asking {
		if at := d.nextAsk(out.cacheTTL); now.Before(at) {
			v.soonest(now, at)
		} else {
			e.enqueue(d)
		}
	}
	e.readDeadline(d, &v, now)
	e.redis.wanted = e.redis.wanted || d.want && d.isKey()
	d.due = v.due
	e.dueAt(v.due)
	e.dataEvent(d, &v, out, now)
	entry := &datasource.Entry{
		Ref: d.ref, State: v.state, Origin: v.origin, At: v.at, Expires: v.expires,
		Value: d.value, Stamp: d.stamp, Raw: d.raw, Marks: d.marks,
		Fault: v.fault, APIFault: d.api.fault, Quiet: d.quiet && v.state == datasource.StateLive,
	}
	if entry.Quiet {
		entry.Heard = d.heard
	}
	if d.order.assumed() && v.origin != datasource.SourceAPI {
		entry.Marks |= datasource.MarkOrderAssumed
	}
	if v.why != "" {
		entry.Why = datasource.Clean(v.why, datasource.MaxCell)
	}
	if v.state == datasource.StateMissing && !out.hasAPI && d.ref.Fallback.Defined() {
		entry.Why = notConfigured
	}
	if v.origin == datasource.SourceAPI {
		entry.Value, entry.Stamp, entry.Raw = d.api.value, d.api.stamp, d.api.raw
		if !d.api.note.Empty() {
			entry.Why = datasource.Clean(strings.TrimPrefix(entry.Why.String()+"; "+d.api.note.String(), "; "), datasource.MaxCell)
			entry.Marks |= datasource.MarkPartsUnread
		}
	}
	stamp, sure := d.zone.Resolve(entry.Stamp)
	if entry.Stamp = stamp; !sure {
		entry.Marks |= datasource.MarkStampUnknown
	}
	entry.Raw = mask.Raw(entry.Raw, d.ref.Key, d.ref.Shape.Show)
	if v.state == datasource.StateLoading || v.state == datasource.StateMissing || v.state == datasource.StateError {
		entry.Value = datasource.Value{}
	}
	if v.state == datasource.StateLive {
		entry.APIFault = nil
	}
	return entry
}

var notConfigured = datasource.Clean("no API configured", 0)

// settle keeps the value as the store published it, so that the next one is
// compared with it part by part only where it differs.
func (d *datum) settle() {
	switch {
	case d.shown.Value.Type == datasource.TypeNone:
	case d.shown.Origin == datasource.SourceAPI:
		d.api.value = d.shown.Value
	default:
		d.value = d.shown.Value
	}
}

// readDeadline has a key that expires read shortly before its deadline, and
// again at it: who renews it late does not make it blink, and who does not is
// found out at once.
func (e *Engine) readDeadline(d *datum, v *verdict, now time.Time) {
	end := d.key.deadline
	if end.IsZero() || d.key.missing {
		return
	}
	early := end.Add(-preRead)
	v.soonest(now, early)
	if !now.Before(early) && d.issued.Before(early) || !now.Before(end) && d.issued.Before(end) {
		d.want = true
	}
}
