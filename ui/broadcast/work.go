package broadcast

import (
	"math"
	"slices"
	"sync"
	"time"
)

// workQueue shares the processors among the owners of work: a user, or a group
// that several users look at. The group that has used least in the last seconds is
// next, so an owner that floods the queue waits for itself, and one that has
// been quiet waits for at most one piece of work. It is safe for concurrent use.
type workQueue struct {
	perOwner int // pieces of work of one owner at a time

	mu      sync.Mutex
	free    int
	owners  map[any]*workOwner
	waiting []*workOwner // those with somebody waiting
}

// workOwner is one owner's account.
type workOwner struct {
	used    float64   // seconds of work, halved every workHalfLife
	at      time.Time // when used was right
	running int
	waiting []chan struct{} // closed when it is the waiter's turn
}

// workHalfLife is how fast used time is forgotten.
const workHalfLife = time.Second

// newWorkQueue returns a queue for so many processors. One of several is kept
// from any single owner.
func newWorkQueue(processors int) *workQueue {
	return &workQueue{free: processors, perOwner: max(1, processors-1), owners: make(map[any]*workOwner)}
}

// acquire waits for owner's turn. release ends it; ok is false when canceled
// was closed first.
func (q *workQueue) acquire(owner any, canceled <-chan struct{}) (release func(), ok bool) {
	select {
	case <-canceled:
		return nil, false
	default:
	}
	q.mu.Lock()
	o := q.owners[owner]
	if o == nil {
		o = &workOwner{at: time.Now()}
		q.owners[owner] = o
	}
	if q.free > 0 && len(o.waiting) == 0 && o.running < q.perOwner { // whoever else waits may not work now
		o.running++
		q.free--
		q.mu.Unlock()
		return q.started(owner), true
	}
	turn := make(chan struct{})
	if o.waiting = append(o.waiting, turn); len(o.waiting) == 1 {
		q.waiting = append(q.waiting, o)
	}
	q.mu.Unlock()
	select {
	case <-turn:
	case <-canceled:
		if q.withdraw(owner, turn) {
			return nil, false
		}
		q.finish(owner, 0) // its turn came at the same moment
		return nil, false
	}
	return q.started(owner), true
}

// started returns what ends a piece of work that begins now.
func (q *workQueue) started(owner any) (release func()) {
	start := time.Now()
	return func() { q.finish(owner, time.Since(start)) }
}

// withdraw takes a waiter out of the queue; it reports false when its turn has come.
func (q *workQueue) withdraw(owner any, turn chan struct{}) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	o := q.owners[owner]
	for i, w := range o.waiting {
		if w == turn {
			o.waiting = append(o.waiting[:i], o.waiting[i+1:]...)
			q.leftWaiting(o)
			q.dropIdle(owner, o)
			return true
		}
	}
	return false
}

// finish ends a piece of work that took so long.
func (q *workQueue) finish(owner any, took time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	o, now := q.owners[owner], time.Now()
	o.used, o.at = o.usedAt(now)+took.Seconds(), now
	o.running--
	q.free++
	q.dropIdle(owner, o)
	q.startNext()
}

// startNext hands free processors to those who have used least.
func (q *workQueue) startNext() {
	for q.free > 0 {
		var next *workOwner
		least, now := math.Inf(1), time.Now()
		for _, o := range q.waiting {
			if o.running >= q.perOwner {
				continue
			}
			if used := o.usedAt(now); used < least {
				next, least = o, used
			}
		}
		if next == nil {
			return
		}
		close(next.waiting[0])
		next.waiting = next.waiting[1:]
		q.leftWaiting(next)
		next.running++
		q.free--
	}
}

// leftWaiting takes an owner off the list of those with somebody waiting.
func (q *workQueue) leftWaiting(o *workOwner) {
	if len(o.waiting) == 0 {
		q.waiting = slices.DeleteFunc(q.waiting, func(w *workOwner) bool { return w == o })
	}
}

// usedAt returns what is still remembered of the owner's work.
func (o *workOwner) usedAt(now time.Time) float64 {
	if o.used == 0 {
		return 0
	}
	return o.used * math.Exp2(-float64(now.Sub(o.at))/float64(workHalfLife))
}

// dropIdle forgets an owner that has nothing to do and has used next to nothing.
func (q *workQueue) dropIdle(owner any, o *workOwner) {
	if o.running == 0 && len(o.waiting) == 0 && o.usedAt(time.Now()) < 1e-4 {
		delete(q.owners, owner)
	}
}

// forgetIdle drops the owners whose work is long ago. It is called now and then.
func (q *workQueue) forgetIdle() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for owner, o := range q.owners {
		q.dropIdle(owner, o)
	}
}
