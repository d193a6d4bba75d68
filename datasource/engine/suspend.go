package engine

import (
	"context"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/store"
)

// minSuspend is the shortest suspend that is noticed.
const minSuspend = time.Second

// suspendState is what is known of system suspends.
type suspendState struct {
	total       time.Duration    // suspended in all, at the last check
	last        datasource.Sleep // the newest
	unpublished datasource.Sleep // that the store has yet to hear of
	count       int              // suspends noticed: requests from before one are dropped after it
}

// errSuspended keeps a key from passing for live until it has been read again.
var errSuspended = &datasource.Fault{Class: datasource.ClassTimeout, Source: datasource.SourceRedis,
	Text: datasource.Clean("not read since the system was suspended", 0)}

// checkSuspend notices that the system was suspended since the last check, and has all that
// is known judged and read anew. It costs two readings of a clock.
func (e *Engine) checkSuspend(now time.Time) {
	s := &e.suspend
	total := e.o.Suspended()
	slept := total - s.total
	if slept < minSuspend {
		if slept < 0 {
			s.total = total
		}
		return
	}
	s.total = total
	s.last = datasource.Sleep{For: slept, Seen: now}
	s.unpublished = datasource.Sleep{For: slept + s.unpublished.For, Seen: now}
	s.count++
	e.afterSuspend(now)
}

// afterSuspend puts every time that is held where it belongs after the suspend, and makes
// everything due: what was read is as old as it is, what was put off for a while
// has been waited for, and what is under way may hang on a dead connection.
func (e *Engine) afterSuspend(now time.Time) {
	s := e.suspend.last
	e.shiftTimes(s)
	e.inbox.shiftTimes(s, now)
	e.redis.polled = time.Time{}
	if r := &e.redis; r.fault != nil {
		r.fault = retryAt(r.fault, now)
	}
	if e.ctx != nil {
		e.restartRequests()
	}
	for _, d := range e.list {
		d.wantRead, d.wantWhole = true, true
		d.api.endWait()
		e.markDirty(d)
	}
	e.keptAnswers.endWaits()
	for _, w := range [...]any{e.o.Listener, e.o.API} {
		if w, ok := w.(datasource.Waker); ok {
			w.Woke(s)
		}
	}
	text := "was suspended for " + format.Span(s.For) + ", everything is read again"
	e.events = append(e.events, store.Event{Event: datasource.Event{At: now, Subject: safeText("machine"), Text: safeText(text)}})
	e.o.Logger.Info("machine", "text", text)
}

// restartRequests ends what is under way, and makes the context of requests until the
// next suspend.
func (e *Engine) restartRequests() {
	if e.cancelRequests != nil {
		e.cancelRequests()
	}
	e.requestCtx, e.cancelRequests = context.WithCancel(e.ctx)
}

// endWait ends a wait that was ours. One that the API asked for goes on, if it is
// not over.
func (a *apiSide) endWait() {
	if f := a.fault; f != nil && f.Class == datasource.ClassRateLimited {
		return
	}
	a.next, a.failures = time.Time{}, 0
}

// retryAt is f with another time of the next try.
func retryAt(f *datasource.Fault, at time.Time) *datasource.Fault {
	g := *f
	g.RetryAt = at
	return &g
}

// shiftTimes shifts every time that the engine holds, but for the inbox.
func (e *Engine) shiftTimes(s datasource.Sleep) {
	shiftAll(s, &e.redis.started, &e.redis.polled, &e.pubsub.gapBegan, &e.pubsub.gapEnded, &e.api.asked,
		&e.pacing.flushed, &e.pacing.nextChange, &e.pacing.figures.taken)
	for i := range e.pacing.published {
		shiftAll(s, &e.pacing.published[i])
	}
	for i := range e.pacing.figures.past {
		shiftAll(s, &e.pacing.figures.past[i].at)
	}
	for i := range e.pacing.statuses {
		l := &e.pacing.statuses[i]
		l.Since, l.Fault = s.Shift(l.Since), s.ShiftFault(l.Fault)
	}
	for i := range e.events {
		shiftAll(s, &e.events[i].At)
	}
	for _, f := range []**datasource.Fault{&e.redis.fault, &e.pubsub.fault, &e.pubsub.refusal, &e.api.fault} {
		*f = s.ShiftFault(*f)
	}
	e.keptAnswers.shiftTimes(s)
	for _, d := range e.list {
		d.shiftTimes(s)
	}
}

func shiftAll(s datasource.Sleep, times ...*time.Time) {
	for _, t := range times {
		*t = s.Shift(*t)
	}
}

// shiftTimes leaves opened: it counts how long the machine ran to get an answer.
func (d *datum) shiftTimes(s datasource.Sleep) {
	k, p := &d.key, &d.push
	shiftAll(s, &d.lastRequested, &d.lastRefresh, &d.lastHeard, &d.nextChange, &d.stamp, &d.stamped, &k.renewed,
		&k.wholeAt, &k.at, &k.deadline, &k.started, &k.unchangedSince, &k.stamp, &p.at, &p.faultAt, &p.gap)
	k.fault, k.decodeFault, p.fault, d.channel.refusal = s.ShiftFault(k.fault), s.ShiftFault(k.decodeFault), s.ShiftFault(p.fault), s.ShiftFault(d.channel.refusal)
	d.value, k.base = s.ShiftValue(d.value), s.ShiftValue(k.base)
	for i := range p.overlays {
		o := &p.overlays[i]
		shiftAll(s, &o.at, &o.stamp, &o.payload.at, &o.message.At)
	}
	d.api.shiftTimes(s)
}

func (a *apiSide) shiftTimes(s datasource.Sleep) {
	shiftAll(s, &a.asked, &a.at, &a.stamp, &a.next)
	a.value, a.fault = s.ShiftValue(a.value), s.ShiftFault(a.fault)
}

// shiftTimes shifts what waits for a frame. The silence of a channel was ours.
func (b *inbox) shiftTimes(s datasource.Sleep, now time.Time) {
	b.mu.Lock()
	for _, q := range b.dirty {
		for i := range q.newest {
			shiftAll(s, &q.newest[i].at)
		}
		for i := range q.all {
			shiftAll(s, &q.all[i].at)
		}
	}
	b.mu.Unlock()
	b.restartCadences(now)
}
