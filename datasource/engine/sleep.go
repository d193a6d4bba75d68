package engine

import (
	"context"
	"fmt"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/store"
)

// leastSleep is the shortest sleep that is noticed.
const leastSleep = time.Second

// sleepState is what is known of the machine's sleep.
type sleepState struct {
	before time.Duration    // slept in all, when last looked
	last   datasource.Sleep // the newest
	untold datasource.Sleep // that the store has yet to hear of
	count  int              // sleeps noticed: what was asked before one is not answered after it
}

// errSlept keeps a key from passing for live until it has been read again.
var errSlept = &datasource.Fault{Class: datasource.ClassTimeout, Source: datasource.SourceRedis,
	Text: datasource.Clean("not read since the machine slept", 0)}

// look notices that the machine has slept since the last look, and has all that
// is known judged and read anew. It costs two readings of a clock.
func (e *Engine) look(now time.Time) {
	s := &e.sleep
	total := e.o.Suspended()
	slept := total - s.before
	if slept < leastSleep {
		if slept < 0 {
			s.before = total
		}
		return
	}
	s.before = total
	s.last = datasource.Sleep{For: slept, Seen: now}
	s.untold = datasource.Sleep{For: slept + s.untold.For, Seen: now}
	s.count++
	e.woken(now)
}

// woken puts every time that is held where it belongs after the sleep, and makes
// everything due: what was read is as old as it is, what was put off for a while
// has been waited for, and what is under way may hang on a dead connection.
func (e *Engine) woken(now time.Time) {
	s := e.sleep.last
	e.shift(s)
	e.in.shift(s, now)
	e.redis.polled = time.Time{}
	if r := &e.redis; r.fault != nil {
		r.fault = retryAt(r.fault, now)
	}
	if e.ctx != nil {
		e.rise()
	}
	for _, d := range e.list {
		d.want, d.whole = true, true
		d.api.due()
		e.touch(d)
	}
	for id, a := range e.parked {
		a.due()
		e.parked[id] = a
	}
	for _, w := range [...]any{e.o.Listener, e.o.API} {
		if w, ok := w.(datasource.Waker); ok {
			w.Woke(s)
		}
	}
	text := "slept for " + span(s.For) + ", everything is read again"
	e.events = append(e.events, store.Event{Event: datasource.Event{At: now, Subject: clean("machine"), Text: clean(text)}})
	e.o.Logger.Info("machine", "text", text)
}

// rise ends what is under way, and begins what may be asked until the next
// sleep.
func (e *Engine) rise() {
	if e.doze != nil {
		e.doze()
	}
	e.awake, e.doze = context.WithCancel(e.ctx)
}

// due ends a wait that was ours. One that the API asked for goes on, if it is
// not over.
func (a *apiSide) due() {
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

// shift shifts every time that the engine holds, but for the inbox.
func (e *Engine) shift(s datasource.Sleep) {
	shiftAll(s, &e.redis.started, &e.redis.polled, &e.pubsub.lost, &e.pubsub.rejoinAt, &e.api.asked,
		&e.pace.flushed, &e.pace.due, &e.pace.figures.taken)
	for i := range e.pace.published {
		shiftAll(s, &e.pace.published[i])
	}
	for i := range e.pace.figures.past {
		shiftAll(s, &e.pace.figures.past[i].at)
	}
	for i := range e.pace.lights {
		l := &e.pace.lights[i]
		l.Since, l.Fault = s.Shift(l.Since), s.ShiftFault(l.Fault)
	}
	for i := range e.events {
		shiftAll(s, &e.events[i].At)
	}
	for _, f := range []**datasource.Fault{&e.redis.fault, &e.pubsub.fault, &e.pubsub.denied, &e.api.fault} {
		*f = s.ShiftFault(*f)
	}
	for id, a := range e.parked {
		a.shift(s)
		e.parked[id] = a
	}
	for _, d := range e.list {
		d.shift(s)
	}
}

func shiftAll(s datasource.Sleep, times ...*time.Time) {
	for _, t := range times {
		*t = s.Shift(*t)
	}
}

// shift leaves opened: it counts how long the machine was awake to get an answer.
func (d *datum) shift(s datasource.Sleep) {
	k, p := &d.key, &d.push
	shiftAll(s, &d.issued, &d.refreshed, &d.heard, &d.due, &d.stamp, &d.stamped, &k.renewed,
		&k.wholeAt, &k.at, &k.deadline, &k.started, &k.seen, &k.stamp, &p.at, &p.faultAt, &p.gap)
	k.fault, k.unread, p.fault, d.denied = s.ShiftFault(k.fault), s.ShiftFault(k.unread), s.ShiftFault(p.fault), s.ShiftFault(d.denied)
	d.value, k.base = s.ShiftValue(d.value), s.ShiftValue(k.base)
	for i := range p.over {
		o := &p.over[i]
		shiftAll(s, &o.at, &o.stamp, &o.payload.at, &o.message.At)
	}
	d.api.shift(s)
}

func (a *apiSide) shift(s datasource.Sleep) {
	shiftAll(s, &a.asked, &a.at, &a.stamp, &a.next)
	a.value, a.fault = s.ShiftValue(a.value), s.ShiftFault(a.fault)
}

// shift shifts what waits for a frame. The silence of a channel was ours.
func (b *inbox) shift(s datasource.Sleep, now time.Time) {
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
	b.resume(now)
}

// span formats how long the machine slept: 40 s, 12 min, 8 h.
func span(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return seconds(d)
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d h", int(d.Hours()))
}
