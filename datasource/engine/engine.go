package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/store"
)

// Engine keeps the data of one process fresh. All methods are safe for
// concurrent use.
//
// Run owns its goroutines: the caller's is the loop, one more runs the listener,
// and there is one for the read and for each API request under way. It waits for
// all of them. Listings of keys for variables run beside it, at most
// scanParallel, each bounded by scanTimeout.
type Engine struct {
	o     Options
	store *store.Store
	inbox *inbox
	wake  chan struct{} // capacity 1: there is work for the loop
	wg    sync.WaitGroup

	mu             sync.Mutex
	running        bool
	ctx            context.Context // Run's; nil while it does not run
	requestCtx     context.Context // ends with ctx, and after a system suspend
	cancelRequests func()          // ends requestCtx
	data           map[*store.Slot]*datum
	list           []*datum            // in the order of opening
	byChannel      map[string][]*datum // by channel
	events         eventLog            // to publish
	redis          redisState
	pubsub         pubsubState
	api            apiState
	keptAnswers    keptAnswers
	pacing         pacingState
	suspend        suspendState
	counters       counters

	scans keyScans
}

// pacingState is when the loop did what.
type pacingState struct {
	flushed    time.Time               // the inbox
	published  [publishBurst]time.Time // the last few
	publishes  int
	nextChange time.Time                                // when the next datum changes by time alone; zero: never
	dirty      []*datum                                 // to publish, each once
	statuses   [datasource.NumSources]datasource.Status // as published
	figures    figures
}

// ErrRunning is returned by a second Run.
var ErrRunning = errors.New("the engine runs already")

// New returns an engine that does nothing until Run or Once.
func New(o Options) *Engine {
	e := &Engine{
		o:           o.withDefaults(),
		store:       store.New(),
		wake:        make(chan struct{}, 1),
		data:        make(map[*store.Slot]*datum),
		byChannel:   make(map[string][]*datum),
		keptAnswers: make(keptAnswers),
	}
	e.scans.scanner, e.scans.recent, e.scans.slots = e.o.Scanner, map[scanKey]*keyScan{}, make(chan struct{}, scanParallel)
	e.suspend.total = e.o.Suspended()
	e.inbox = newInbox(e.wakeLoop)
	return e
}

// wakeLoop wakes the loop.
func (e *Engine) wakeLoop() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Run keeps the data fresh until ctx ends, then waits for what is under way,
// at most the two seconds of a read that does not honour its context. Watches
// keep their last snapshot.
func (e *Engine) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := e.startRun(ctx); err != nil {
		return err
	}
	defer e.finishRun()
	if e.updateListener(); e.o.Listener != nil {
		e.wg.Go(func() { e.listen(ctx) })
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(e.runDue(time.Now()))
		e.updateListener()
		select {
		case <-ctx.Done():
			return nil
		case <-e.wake:
		case <-timer.C:
		}
	}
}

func (e *Engine) startRun(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running {
		return ErrRunning
	}
	e.running, e.ctx = true, ctx
	e.restartRequests()
	now := time.Now()
	for _, d := range e.list {
		d.opened, d.wantRead, d.wantWhole = now, true, true
		e.markDirty(d)
	}
	e.redis.polled = time.Time{}
	return nil
}

func (e *Engine) finishRun() {
	e.wg.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cancelRequests()
	e.running, e.ctx, e.requestCtx, e.cancelRequests = false, nil, nil, nil
}

// runDue does all that is due and returns how long nothing more will be. It is
// called by the loop alone, so it is the only writer of the store.
func (e *Engine) runDue(now time.Time) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	next := now.Add(time.Hour)
	e.checkSuspend(now)
	e.flush(now, &next)
	e.passTime(now, &next)
	e.publish(now, &next)
	e.poll(now, &next)
	e.startAPIRequests(now)
	return max(0, next.Sub(now))
}

// flush applies what the channels brought: at once after quiet, once a frame in
// a burst.
func (e *Engine) flush(now time.Time, next *time.Time) {
	if !e.inbox.hasPending() {
		return
	}
	if at := e.pacing.flushed.Add(e.o.Frame); now.Before(at) {
		setEarlier(next, at)
		return
	}
	e.pacing.flushed = now
	for _, in := range e.inbox.takeDeliveries() {
		for _, d := range in.data {
			if d.released {
				continue
			}
			d.applyPush(&in)
			e.events.endSilence(d, now)
			e.markDirty(d)
		}
	}
}

// passTime looks at the data that time alone has changed.
func (e *Engine) passTime(now time.Time, next *time.Time) {
	if due := e.pacing.nextChange; !due.IsZero() && !now.Before(due) {
		e.pacing.nextChange = time.Time{}
		for _, d := range e.list {
			if !d.nextChange.IsZero() && !now.Before(d.nextChange) {
				e.markDirty(d)
			} else {
				e.pacing.dueAt(d.nextChange)
			}
		}
	}
	e.updateFigures(now, next)
	if !e.pacing.nextChange.IsZero() {
		setEarlier(next, e.pacing.nextChange)
	}
}

// dueAt notes that some datum changes at t.
func (p *pacingState) dueAt(t time.Time) {
	if !t.IsZero() && (p.nextChange.IsZero() || t.Before(p.nextChange)) {
		p.nextChange = t
	}
}

// markDirty marks d for the next publish.
func (e *Engine) markDirty(d *datum) {
	if !d.dirty {
		d.dirty = true
		e.pacing.dirty = append(e.pacing.dirty, d)
	}
}

func (e *Engine) markAllDirty() {
	for _, d := range e.list {
		e.markDirty(d)
	}
}

// sourceState returns what all states depend on.
func (e *Engine) sourceState() sourceState {
	return sourceState{
		redis: e.redis.fault, redisFailedTwice: e.redis.failures > 1,
		pubsub: e.pubsub.fault, subscribed: e.pubsub.subscribed,
		resumedAt: e.suspend.last.Seen, hasRedis: e.o.Redis != nil, hasAPI: e.o.API != nil, cacheTTL: e.o.CacheTTL,
	}
}

// open begins to keep the data of new slots.
func (e *Engine) open(slots []*store.Slot) {
	now := time.Now()
	rewired := map[string]bool{}
	for _, s := range slots {
		d := newDatum(s, now)
		d.api = e.keptAnswers.take(d.ref.ID())
		e.data[s] = d
		e.list = append(e.list, d)
		e.markDirty(d)
		if d.ref.Element != "" {
			e.inbox.countElement(d.ref.Element, +1)
		}
		if ch := d.channelName(); ch != "" {
			e.byChannel[ch] = append(e.byChannel[ch], d)
			rewired[ch] = true
		}
	}
	e.updateInbox(rewired)
	e.updateChannels(slots)
}

// close forgets the data of slots that nobody shows.
func (e *Engine) close(slots []*store.Slot) {
	if len(slots) == 0 {
		return
	}
	rewired := map[string]bool{}
	for _, s := range slots {
		d := e.data[s]
		d.released = true
		e.keptAnswers.keep(d)
		delete(e.data, s)
		if d.ref.Element != "" {
			e.inbox.countElement(d.ref.Element, -1)
		}
		if ch := d.channelName(); ch != "" {
			rewired[ch] = true
		}
	}
	for ch := range rewired {
		e.byChannel[ch] = slices.DeleteFunc(e.byChannel[ch], func(d *datum) bool { return d.released })
		if len(e.byChannel[ch]) == 0 {
			delete(e.byChannel, ch)
		}
	}
	e.updateInbox(rewired)
	e.list = slices.DeleteFunc(e.list, func(d *datum) bool { return d.released })
	e.updateChannels(slots)
}

// setEarlier makes t the next time if it is earlier.
func setEarlier(next *time.Time, t time.Time) {
	if t.Before(*next) {
		*next = t
	}
}

// backoff returns the wait before try n (from 1): doubling between lo and hi,
// with a jitter of half, so that many clients do not come at once.
func backoff(n int, lo, hi time.Duration) time.Duration {
	d := hi
	if n < 16 {
		d = min(hi, lo<<(max(1, n)-1))
	}
	return d/2 + rand.N(d/2+1)
}
