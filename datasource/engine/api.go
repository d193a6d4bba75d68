package engine

import (
	"context"
	"errors"
	"time"

	"ticktop/datasource"
)

// apiState is what is known of the API as a whole.
type apiState struct {
	queue []*datum          // data whose turn it is, each once
	busy  int               // requests under way
	asked time.Time         // last question
	rtt   time.Duration     // of the last good answer
	good  bool              // it has ever answered well
	fault *datasource.Fault // of the last answer, nil when it was good
}

// enqueue gives d its turn at the API.
func (a *apiState) enqueue(d *datum) {
	if !d.apiPending {
		d.apiPending = true
		a.queue = append(a.queue, d)
	}
}

// startAPIRequests starts as many requests as may be in flight. Data of the same resource
// share one.
func (e *Engine) startAPIRequests(now time.Time) {
	if e.ctx == nil {
		return
	}
	for e.api.busy < askParallel && len(e.api.queue) > 0 {
		path := e.api.queue[0].ref.Fallback.Path
		var data []*datum
		rest := e.api.queue[:0]
		for _, d := range e.api.queue {
			switch {
			case d.released:
				d.apiPending = false
			case d.ref.Fallback.Path != path:
				rest = append(rest, d)
			case !resolve(d, e.sourceState(), now).askAPI: // it came back meanwhile
				d.apiPending = false
				e.markDirty(d)
			default:
				data = append(data, d)
			}
		}
		clear(e.api.queue[len(rest):])
		if e.api.queue = rest; len(data) > 0 {
			e.startAPIRequest(data, now)
		}
	}
}

// startAPIRequest starts one request.
func (e *Engine) startAPIRequest(data []*datum, now time.Time) {
	reqs := make([]datasource.Request, len(data))
	for i, d := range data {
		reqs[i] = datasource.Request{Ref: d.how(), Newer: d.wantsNewer()}
	}
	e.api.busy++
	e.api.asked = now
	e.counters.asked++
	ctx, sleeps := e.requestCtx, e.suspend.count
	e.wg.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		raws, err := readSafely(ctx, e.o.API, reqs)
		e.receiveAPIAnswer(data, raws, now, sleeps, err)
	})
}

// receiveAPIAnswer takes in the API's answer to a question of the time asked, after so
// many suspends.
func (e *Engine) receiveAPIAnswer(data []*datum, raws []datasource.Raw, asked time.Time, sleeps int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.wakeLoop()
	a, now := &e.api, time.Now()
	a.busy--
	e.checkSuspend(now)
	if err != nil && e.ctx.Err() != nil || sleeps != e.suspend.count { // we hung up, not the API
		for _, d := range data {
			if d.apiPending = false; !d.released {
				e.markDirty(d)
			}
		}
		return
	}
	var fail *datasource.Fault
	spoke := err != nil // the API itself, not another dashboard that had asked it
	for i, d := range data {
		raw := datasource.Raw{Ref: d.ref, Err: err}
		if err == nil {
			raw = raws[i]
			raw.Ref = d.ref
			raw.JSON = true
		}
		if raw.Err != nil && isTimeout(raw.Err) && datasource.ClassOf(raw.Err) == datasource.ClassUnknown {
			raw.Err = &datasource.Fault{Class: datasource.ClassTimeout, Source: datasource.SourceAPI,
				Text: datasource.Clean("no answer", 0), Err: raw.Err}
		}
		spoke = spoke || !answeredBefore(&raw, asked)
		d.apiPending = false
		d.applyAPI(&raw, asked, now, e.o.CacheTTL)
		if raw.Err != nil && datasource.ClassOf(raw.Err) != datasource.ClassMissing {
			fail = d.api.fault
		} else {
			e.counters.served++
		}
		if !d.released {
			e.markDirty(d)
		}
	}
	switch {
	case !spoke:
		if !a.good && a.fault == nil && a.busy == 0 {
			a.asked = time.Time{} // nothing is known of it
		}
	case fail == nil:
		a.fault, a.good, a.rtt = nil, true, now.Sub(asked)
	default:
		a.fault = withoutDetails(fail)
		e.counters.askErrors++
	}
}

// wantsNewer is since when an answer has to be to be of use. Polls alone are no
// news of what may be too old.
func (d *datum) wantsNewer() time.Time {
	if d.ref.Shape.MaxAge > 0 {
		return d.lastWritten()
	}
	return d.lastConfirmed()
}

// withoutDetails returns a fault of one datum as every viewer may see it: without
// the answer's content and the address it pointed to.
func withoutDetails(f *datasource.Fault) *datasource.Fault {
	if f.Class != datasource.ClassRedirect && f.Class != datasource.ClassDecode {
		return f
	}
	g := *f
	g.Text, g.Err = datasource.Clean(f.Class.String(), 0), nil
	return &g
}

// nextAsk is when d may be asked for. Redis having delivered something newer
// since and lost it again shortens the wait.
func (d *datum) nextAsk(cacheTTL time.Duration) time.Time {
	a := &d.api
	answer := a.asked
	if !a.missing && a.at.Before(answer) { // fetched by another dashboard
		answer = a.at
	}
	if a.fault == nil && !a.asked.IsZero() && d.wantsNewer().After(answer) {
		if flap := a.asked.Add(min(flapAfter, cacheTTL)); flap.Before(a.next) {
			return flap
		}
	}
	return a.next
}

func isTimeout(err error) bool { return errors.Is(err, context.DeadlineExceeded) }
