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
	lights := e.sourceStatuses(now)
	changed := lights != e.pacing.statuses
	if len(e.pacing.dirty) == 0 && !changed && len(e.events) == 0 {
		return
	}
	slot := &e.pacing.published[e.pacing.publishes%publishBurst]
	if at := slot.Add(publishBurst * publishGap); now.Before(at) {
		setEarlier(next, at)
		return
	}
	*slot = now
	e.pacing.publishes++
	batch := store.Batch{At: now}
	if changed {
		e.statusEvents(&e.pacing.statuses, &lights, now)
		e.pacing.statuses = lights
		batch.Sources = &lights
	}
	batch.Slept, e.suspend.unpublished = e.suspend.unpublished, datasource.Sleep{}
	out := e.sourceState()
	batch.Changes = make([]store.Change, 0, len(e.pacing.dirty))
	for i, d := range e.pacing.dirty {
		e.pacing.dirty[i] = nil
		if d.dirty = false; d.released {
			continue
		}
		d.shown = e.buildEntry(d, out, now)
		batch.Changes = append(batch.Changes, store.Change{Slot: d.slot, Entry: d.shown})
	}
	e.pacing.dirty = e.pacing.dirty[:0]
	if !e.pacing.nextChange.IsZero() {
		setEarlier(next, e.pacing.nextChange)
	}
	batch.Events, e.events = e.events, nil
	e.store.Apply(batch)
	for i := range batch.Changes {
		e.data[batch.Changes[i].Slot].adoptPublished()
	}
}

// buildEntry judges d and says what follows: what is shown, when to look again, what
// to read or ask.
func (e *Engine) buildEntry(d *datum, src sourceState, now time.Time) *datasource.Entry {
	v := resolve(d, src, now)
	if v.askAPI && !d.apiPending {
		if at := d.nextAsk(src.cacheTTL); now.Before(at) {
			v.changesAt(now, at)
		} else {
			e.api.enqueue(d)
		}
	}
	e.readDeadline(d, &v, now)
	e.redis.wanted = e.redis.wanted || d.wantRead && d.isKey()
	d.nextChange = v.nextChange
	e.pacing.dueAt(v.nextChange)
	e.events.addChange(d, &v, src, now)
	entry := &datasource.Entry{
		Ref: d.ref, State: v.state, Origin: v.origin, At: v.at, Expires: v.expires,
		Value: d.value, Stamp: d.stamp, Raw: d.raw, Marks: d.key.marks | d.push.marks,
		Fault: v.fault, APIFault: d.api.fault, Quiet: d.quiet && v.state == datasource.StateLive,
		Arrived: d.lastWritten(),
	}
	if entry.Quiet {
		entry.Heard = d.lastHeard
	}
	if d.order.isAssumed() && v.origin != datasource.SourceAPI {
		entry.Marks |= datasource.MarkOrderAssumed
	}
	if v.reason != "" {
		entry.Why = datasource.Clean(v.reason, datasource.MaxCell)
	}
	if v.state == datasource.StateMissing && !src.hasAPI && d.ref.Fallback.Defined() {
		entry.Why = notConfigured
	}
	if v.origin == datasource.SourceAPI {
		entry.Value, entry.Stamp, entry.Raw = d.api.value, d.api.stamp, d.api.raw
		entry.Arrived, entry.Marks = time.Time{}, d.api.marks
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

// adoptPublished keeps the value as the store published it, so that the next one is
// compared with it part by part only where it differs.
func (d *datum) adoptPublished() {
	switch {
	case d.shown.Value.Type == datasource.TypeNone:
	case d.shown.Origin == datasource.SourceAPI:
		d.api.value = d.shown.Value
	default:
		d.value = d.shown.Value
	}
}

// readDeadline has a key that expires read shortly before its deadline, and
// again at it: a late renewal does not flicker, and a missing one is noticed
// immediately.
func (e *Engine) readDeadline(d *datum, v *decision, now time.Time) {
	end := d.key.deadline
	if end.IsZero() || d.key.missing {
		return
	}
	early := end.Add(-preRead)
	v.changesAt(now, early)
	if !now.Before(early) && d.lastRequested.Before(early) || !now.Before(end) && d.lastRequested.Before(end) {
		d.wantRead = true
	}
}
