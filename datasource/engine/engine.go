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
type Engine struct {
	o     Options
	store *store.Store
	in    *inbox
	wake  chan struct{} // capacity 1: there is work for the loop
	wg    sync.WaitGroup

	mu      sync.Mutex
	running bool
	ctx     context.Context // Run's; nil while it does not run
	awake   context.Context // ends with ctx, and when the machine has slept
	doze    func()          // ends awake
	data    map[*store.Slot]*datum
	list    []*datum            // in the order of opening
	feeds   map[string][]*datum // by channel
	events  []store.Event       // to publish
	redis   redisState
	pubsub  pubsubState
	api     apiState
	parked  map[datasource.ID]apiSide // answers for data that nobody shows just now
	pace    paceState
	sleep   sleepState
	count   counters

	scans keyScans
}

// paceState is when the loop did what.
type paceState struct {
	flushed   time.Time               // the inbox
	published [publishBurst]time.Time // the last few
	publishes int
	due       time.Time                                // when the next datum changes by time alone; zero: never
	dirty     []*datum                                 // to publish, each once
	lights    [datasource.NumSources]datasource.Status // as published
	figures   figures
}

// ErrRunning is returned by a second Run.
var ErrRunning = errors.New("the engine runs already")

// New returns an engine that does nothing until Run or Once.
func New(o Options) *Engine {
	e := &Engine{
		o:      o.withDefaults(),
		store:  store.New(),
		wake:   make(chan struct{}, 1),
		data:   make(map[*store.Slot]*datum),
		feeds:  make(map[string][]*datum),
		parked: make(map[datasource.ID]apiSide),
	}
	e.scans.recent, e.scans.slots = map[scanKey]*keyScan{}, make(chan struct{}, scanParallel)
	e.sleep.before = e.o.Suspended()
	e.in = newInbox(e.poke)
	return e
}

// poke wakes the loop.
func (e *Engine) poke() {
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
	if err := e.begin(ctx); err != nil {
		return err
	}
	defer e.end()
	if e.tellListener(); e.o.Listener != nil {
		e.wg.Go(func() { e.listen(ctx) })
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(e.step(time.Now()))
		e.tellListener()
		select {
		case <-ctx.Done():
			return nil
		case <-e.wake:
		case <-timer.C:
		}
	}
}

func (e *Engine) begin(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running {
		return ErrRunning
	}
	e.running, e.ctx = true, ctx
	e.rise()
	now := time.Now()
	for _, d := range e.list {
		d.opened, d.want, d.whole = now, true, true
		e.touch(d)
	}
	e.redis.polled = time.Time{}
	return nil
}

func (e *Engine) end() {
	e.wg.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.doze()
	e.running, e.ctx, e.awake, e.doze = false, nil, nil, nil
}

// step does all that is due and returns how long nothing more will be. It is
// called by the loop alone, so it is the only writer of the store.
func (e *Engine) step(now time.Time) time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	next := now.Add(time.Hour)
	e.look(now)
	e.flush(now, &next)
	e.passTime(now, &next)
	e.publish(now, &next)
	e.poll(now, &next)
	e.ask(now)
	return max(0, next.Sub(now))
}

// flush applies what the channels brought: at once after quiet, once a frame in
// a burst.
func (e *Engine) flush(now time.Time, next *time.Time) {
	if !e.in.waiting() {
		return
	}
	if at := e.pace.flushed.Add(e.o.Frame); now.Before(at) {
		sooner(next, at)
		return
	}
	e.pace.flushed = now
	for _, in := range e.in.take() {
		for _, d := range in.data {
			if d.gone {
				continue
			}
			d.applyPush(&in)
			e.spoke(d, now)
			e.touch(d)
		}
	}
}

// passTime looks at the data that time alone has changed.
func (e *Engine) passTime(now time.Time, next *time.Time) {
	if due := e.pace.due; !due.IsZero() && !now.Before(due) {
		e.pace.due = time.Time{}
		for _, d := range e.list {
			if !d.due.IsZero() && !now.Before(d.due) {
				e.touch(d)
			} else {
				e.dueAt(d.due)
			}
		}
	}
	e.measure(now, next)
	if !e.pace.due.IsZero() {
		sooner(next, e.pace.due)
	}
}

// dueAt notes that some datum changes at t.
func (e *Engine) dueAt(t time.Time) {
	if !t.IsZero() && (e.pace.due.IsZero() || t.Before(e.pace.due)) {
		e.pace.due = t
	}
}

// touch marks d for the next publish.
func (e *Engine) touch(d *datum) {
	if !d.dirty {
		d.dirty = true
		e.pace.dirty = append(e.pace.dirty, d)
	}
}

func (e *Engine) touchAll() {
	for _, d := range e.list {
		e.touch(d)
	}
}

// outside returns what all states depend on.
func (e *Engine) outside() outside {
	return outside{
		redis: e.redis.fault, lasting: e.redis.failures > 1,
		pubsub: e.pubsub.fault, joined: e.pubsub.joined,
		woke: e.sleep.last.Seen, hasRedis: e.o.Redis != nil, hasAPI: e.o.API != nil, cacheTTL: e.o.CacheTTL,
	}
}

// open begins to keep the data of new slots.
func (e *Engine) open(slots []*store.Slot) {
	now := time.Now()
	rewired := map[string]bool{}
	for _, s := range slots {
		d := newDatum(s, now)
		d.api = e.unpark(d.ref.ID())
		e.data[s] = d
		e.list = append(e.list, d)
		e.touch(d)
		if d.ref.Element != "" {
			e.in.know(d.ref.Element, +1)
		}
		if ch := d.channel(); ch != "" {
			e.feeds[ch] = append(e.feeds[ch], d)
			rewired[ch] = true
		}
	}
	e.rewire(rewired)
	e.rejoin(slots)
}

// close forgets the data of slots that nobody shows.
func (e *Engine) close(slots []*store.Slot) {
	if len(slots) == 0 {
		return
	}
	rewired := map[string]bool{}
	for _, s := range slots {
		d := e.data[s]
		d.gone = true
		e.park(d)
		delete(e.data, s)
		if d.ref.Element != "" {
			e.in.know(d.ref.Element, -1)
		}
		if ch := d.channel(); ch != "" {
			rewired[ch] = true
		}
	}
	for ch := range rewired {
		e.feeds[ch] = slices.DeleteFunc(e.feeds[ch], func(d *datum) bool { return d.gone })
		if len(e.feeds[ch]) == 0 {
			delete(e.feeds, ch)
		}
	}
	e.rewire(rewired)
	e.list = slices.DeleteFunc(e.list, func(d *datum) bool { return d.gone })
	e.rejoin(slots)
}

// sooner makes t the next time if it is earlier.
func sooner(next *time.Time, t time.Time) {
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
