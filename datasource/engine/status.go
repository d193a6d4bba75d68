package engine

import (
	"time"

	"ticktop/datasource"
)

// The figures of the status bar are taken once a second: together with a poll
// where there is one, so that an idle dashboard is drawn once a second.
const (
	figuresWithPoll = 900 * time.Millisecond
	figuresAlone    = 1500 * time.Millisecond
	rateSpan        = 5 // measurements
)

// figures is what the sources' status shows beside up or down.
type figures struct {
	taken     time.Time
	rate      float64
	conflated uint64
	dropped   uint64
	rtt       time.Duration
	past      [rateSpan]struct {
		at       time.Time
		messages uint64
	}
	n int
}

// updateFigures takes the figures when no poll has done so.
func (e *Engine) updateFigures(now time.Time, next *time.Time) {
	e.takeFigures(now, figuresAlone)
	setEarlier(next, e.pacing.figures.taken.Add(figuresAlone))
}

func (e *Engine) takeFigures(now time.Time, every time.Duration) {
	f := &e.pacing.figures
	if now.Sub(f.taken) < every {
		return
	}
	f.taken = now
	f.conflated, f.dropped, f.rtt = e.inbox.conflated.Load(), e.inbox.dropped.Load(), e.redis.rtt
	n := e.inbox.messages.Load()
	slot := &f.past[f.n%rateSpan]
	old := *slot
	if f.n < rateSpan {
		old = f.past[0]
	}
	slot.at, slot.messages = now, n
	if f.n++; !old.at.IsZero() && now.After(old.at) {
		f.rate = float64(n-old.messages) / now.Sub(old.at).Seconds()
	}
	e.watchSilence(now)
}

// sourceStatuses returns what is known of the sources.
func (e *Engine) sourceStatuses(now time.Time) (s [datasource.NumSources]datasource.Status) {
	f := &e.pacing.figures
	idle := datasource.Status{Light: datasource.LightIdle}
	redis, pubsub, api := idle, idle, datasource.Status{Light: datasource.LightOff}
	if e.o.Redis != nil {
		redis = e.redis.status(f.rtt)
	}
	if e.o.Listener != nil {
		pubsub = e.pubsub.status()
	}
	if e.o.API != nil {
		api = e.api.status(now, e.o.CacheTTL)
	}
	pubsub.Rate, pubsub.Conflated, pubsub.Dropped = f.rate, f.conflated, f.dropped
	s[datasource.SourceRedis], s[datasource.SourcePubSub], s[datasource.SourceAPI] = redis, pubsub, api
	for i := range s {
		old := &e.pacing.statuses[i]
		if s[i].Since = old.Since; s[i].Light != old.Light || old.Since.IsZero() {
			s[i].Since = now
		}
	}
	return s
}

// status is shown with the round trip that the figures have taken.
func (r *redisState) status(rtt time.Duration) datasource.Status {
	switch {
	case r.unused && !r.answered:
		return datasource.Status{Light: datasource.LightIdle}
	case r.fault != nil:
		return datasource.Status{Light: faultLight(r.fault), Fault: r.fault}
	case r.answered:
		return datasource.Status{Light: datasource.LightUp, RTT: rtt}
	}
	return datasource.Status{Light: datasource.LightConnecting}
}

func (p *pubsubState) status() datasource.Status {
	switch {
	case len(p.wanted) == 0:
		return datasource.Status{Light: datasource.LightIdle}
	case p.subscribed && p.refusal != nil:
		return datasource.Status{Light: datasource.LightDegraded, Channels: p.channels, Fault: p.refusal}
	case p.subscribed:
		return datasource.Status{Light: datasource.LightUp, Channels: p.channels}
	case p.fault != nil:
		return datasource.Status{Light: faultLight(p.fault), Fault: p.fault}
	}
	return datasource.Status{Light: datasource.LightConnecting}
}

// status is idle when the API was not needed for a while.
func (a *apiState) status(now time.Time, cacheTTL time.Duration) datasource.Status {
	waiting := a.fault != nil && a.fault.RetryAt.After(now)
	switch {
	case a.asked.IsZero() || a.busy == 0 && !waiting && now.Sub(a.asked) > cacheTTL:
		return datasource.Status{Light: datasource.LightIdle}
	case a.fault != nil:
		return datasource.Status{Light: faultLight(a.fault), Fault: a.fault}
	case a.good:
		return datasource.Status{Light: datasource.LightUp, RTT: a.rtt}
	}
	return datasource.Status{Light: datasource.LightConnecting}
}

// faultLight tells a source that answers, but not with data, from one that does
// not answer.
func faultLight(f *datasource.Fault) datasource.Light {
	switch f.Class {
	case datasource.ClassLoading, datasource.ClassPermission, datasource.ClassRateLimited, datasource.ClassRedirect,
		datasource.ClassWrongType, datasource.ClassTooBig, datasource.ClassDecode:
		return datasource.LightDegraded
	}
	return datasource.LightDown
}
