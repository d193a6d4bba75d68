package engine

import (
	"context"
	"fmt"
	"time"

	"ticktop/datasource"
)

// redisState is what is known of Redis as a whole.
type redisState struct {
	busy     bool              // a read is under way
	wanted   bool              // some datum wants to be read before the next poll
	started  time.Time         // start of the last read
	polled   time.Time         // start of the last read of everything
	answered bool              // it ever answered
	unused   bool              // there is no key to read
	fault    *datasource.Fault // of the last read; RetryAt is the next try
	failures int               // in a row
	rtt      time.Duration
}

// poll starts a read when one is due: of everything each Options.Poll, of what
// is wanted in between. There is never more than one under way.
func (e *Engine) poll(now time.Time, next *time.Time) {
	r := &e.redis
	if e.o.Redis == nil || r.busy || len(e.list) == 0 || e.ctx == nil {
		return
	}
	at, all := r.nextRead(e.o.Poll)
	if now.Before(at) {
		setEarlier(next, at)
		return
	}
	if all = all || !now.Before(r.polled.Add(e.o.Poll)); all {
		r.polled = now
	}
	e.read(now, all)
}

// nextRead returns when the next read is due, and whether it is of everything,
// where everything is read each poll.
func (r *redisState) nextRead(poll time.Duration) (at time.Time, all bool) {
	if r.fault != nil {
		return r.fault.RetryAt, true
	}
	at = r.polled.Add(poll)
	if r.polled.IsZero() {
		return time.Time{}, true
	}
	if soon := r.started.Add(rereadGap); r.wanted && soon.Before(at) {
		at = soon
	}
	return at, false
}

// read starts one read.
func (e *Engine) read(now time.Time, all bool) {
	var data []*datum
	var reqs []datasource.Request
	for _, d := range e.list {
		if !d.isKey() || !all && !d.wantRead {
			continue
		}
		if d.ref.Key == "" && d.ref.Join == "" { // the API alone has it
			d.wantRead = false
			if !d.key.missing {
				d.applyKey(&datasource.Raw{Ref: d.ref, At: now, Missing: true}, now)
				e.markDirty(d)
			}
			continue
		}
		if d.ref.Kind.IsSeries() && now.Sub(d.key.wholeAt) >= wholeEvery {
			d.wantWhole = true
		}
		data, reqs = append(data, d), append(reqs, d.readRequest())
		d.wantRead, d.wantWhole, d.lastRequested = false, false, now
	}
	e.redis.started, e.redis.wanted = now, false
	if e.redis.unused = len(reqs) == 0; e.redis.unused {
		e.logResubscribed(now, now)
		e.wakeLoop() // no answer will
		return
	}
	e.redis.busy = true
	e.counters.reads++
	ctx, sleeps := e.requestCtx, e.suspend.count
	e.wg.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, readTimeout)
		defer cancel()
		raws, err := readSafely(ctx, e.o.Redis, reqs)
		e.readDone(data, raws, now, sleeps, err)
	})
}

// readSafely is Read; a panic and a wrong number of answers are errors.
func readSafely(ctx context.Context, r datasource.Reader, reqs []datasource.Request) (raws []datasource.Raw, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	raws, err = r.Read(ctx, reqs)
	if err == nil && len(raws) != len(reqs) {
		err = fmt.Errorf("%d answers to %d questions", len(raws), len(reqs))
	}
	return raws, err
}

// readDone takes in the answers of a read that began at started, after so many
// suspends. An answer from before a system suspend is dropped: its age is unknown.
func (e *Engine) readDone(data []*datum, raws []datasource.Raw, started time.Time, sleeps int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.wakeLoop()
	now := time.Now()
	e.redis.busy = false
	if e.checkSuspend(now); sleeps != e.suspend.count {
		return
	}
	if err != nil {
		if e.ctx.Err() == nil {
			e.readFailed(data, now, err)
		}
		return
	}
	e.readWorked(now.Sub(started))
	for i, d := range data {
		if d.released {
			continue
		}
		if raws[i].Err != nil {
			e.counters.readErrors++
		}
		raws[i].Ref = d.ref
		d.applyKey(&raws[i], started)
		e.markDirty(d)
	}
	e.logResubscribed(now, started)
	e.takeFigures(now, figuresWithPoll)
}

func (e *Engine) readWorked(rtt time.Duration) {
	r := &e.redis
	if r.fault != nil {
		e.markAllDirty()
	}
	r.answered, r.fault, r.failures, r.rtt = true, nil, 0, rtt
}

// readFailed keeps what the read was for and puts the next try off.
func (e *Engine) readFailed(data []*datum, now time.Time, err error) {
	r := &e.redis
	e.counters.readErrors++
	r.failures++
	f := *datasource.AsFault(err, datasource.SourceRedis)
	if f.Class == datasource.ClassUnknown && isTimeout(err) {
		f.Class, f.Text = datasource.ClassTimeout, datasource.Clean("no answer", 0)
	}
	f.RetryAt = now.Add(backoff(r.failures, backoffMin, backoffMax))
	r.fault = &f
	for _, d := range data {
		d.wantRead, d.wantWhole = true, true
	}
	e.markAllDirty()
}
