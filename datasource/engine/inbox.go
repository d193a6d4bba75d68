package engine

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of what waits for a frame.
const (
	maxShapes  = 64      // payloads of different shape a subscription; no producer writes that many
	maxPending = 1 << 20 // bytes a subscription
	maxEach    = 1000    // payloads a subscription and frame, for charts
)

// subscription is one subscribed channel or pattern. It is guarded by inbox.mu.
type subscription struct {
	name    string
	whole   *queue   // for data that take every message as it is; nil for none
	routes  []*route // for data that look for what is theirs
	cadence cadence
}

// inbox takes the messages of the one subscription. It finds out whose they are
// and conflates before anything is decoded: of payloads of the same shape only
// the newest stays, and of messages only as many as are shown. So a burst costs
// a look-up and a copy a message, and only the first message wakes the loop.
//
// Lock order: Engine.mu before inbox.mu.
type inbox struct {
	wake func() // the first message after a take

	mu            sync.Mutex
	subscriptions map[string]*subscription
	elements      map[string]int // elements of all data, normalized, and how many have them
	dirty         []*queue

	current message // the one that is being filed

	messages  atomic.Uint64
	conflated atomic.Uint64
	dropped   atomic.Uint64
}

func newInbox(wake func()) *inbox {
	return &inbox{wake: wake, subscriptions: map[string]*subscription{}, elements: map[string]int{}}
}

// receive files one payload; it is copied.
func (b *inbox) receive(channel, pattern string, p []byte, now time.Time) {
	name := channel
	if pattern != "" {
		name = pattern
	}
	b.messages.Add(1)
	b.mu.Lock()
	l := b.subscriptions[name]
	if l == nil { // nobody shows it any more
		b.mu.Unlock()
		return
	}
	l.cadence.noteMessage(now)
	idle := len(b.dirty) == 0
	m := &b.current
	*m = message{body: plainText(p)}
	if len(l.routes) > 0 && pattern != "" {
		m.matched = matchedPart(pattern, channel)
	}
	if q := l.whole; q != nil {
		if q.merge {
			m.shape = shapeOf(m.body)
		}
		b.queuePayload(q, m.body, m.shape, now)
	}
	for _, r := range l.routes {
		b.deliver(r, m, now)
	}
	*m = message{}
	wake := idle && len(b.dirty) > 0
	b.mu.Unlock()
	if wake {
		b.wake()
	}
}

// plainText returns the JSON that a payload holds where it is JSON text in a
// JSON string, else the payload.
func plainText(p []byte) []byte {
	if len(p) < 4 || p[0] != '"' {
		return p
	}
	return openText(p)
}

// delivery is what one queue had waiting.
type delivery struct {
	data   []*datum
	newest []payload // oldest first; the receiver owns the bytes
	each   []payload // oldest first
	lost   bool
}

// takeDeliveries empties the inbox.
func (b *inbox) takeDeliveries() []delivery {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]delivery, 0, len(b.dirty))
	for i, q := range b.dirty {
		out = append(out, delivery{q.data, q.newest, q.all[q.head:], q.lost})
		q.newest, q.all, q.head, q.size, q.allSize, q.lost, q.dirty = nil, nil, 0, 0, 0, false, false
		b.dirty[i] = nil
	}
	b.dirty = b.dirty[:0]
	return out
}

// hasPending reports whether there is anything to take.
func (b *inbox) hasPending() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.dirty) > 0
}

// countElement counts an element among the known ones, or, with -1, no longer.
func (b *inbox) countElement(element string, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range partsOf(element) {
		if b.elements[p] += n; b.elements[p] <= 0 {
			delete(b.elements, p)
		}
	}
}

// setData sets which data a channel feeds; without any its subscription is dropped. What
// waits for data that stay is kept.
func (b *inbox) setData(name string, data []*datum) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(data) == 0 {
		delete(b.subscriptions, name)
		return
	}
	l := b.subscriptions[name]
	if l == nil {
		l = &subscription{name: name}
		b.subscriptions[name] = l
	}
	old := l.emptiedQueues()
	l.whole, l.routes = nil, nil
	for _, d := range data {
		q := old[queueKey{d.route, d.sharedElement()}]
		if q == nil {
			q = &queue{}
		}
		old[queueKey{d.route, d.sharedElement()}] = q
		l.addDatum(d, q)
	}
	for _, q := range old {
		for len(q.all)-q.head > q.each {
			b.dropOldest(q)
		}
	}
}

// queueKey tells the queues of a subscription apart.
type queueKey struct {
	route   routeKey
	element string
}

// emptiedQueues returns the queues of a subscription, without their data.
func (l *subscription) emptiedQueues() map[queueKey]*queue {
	out := map[queueKey]*queue{}
	if l.whole != nil {
		out[queueKey{}] = l.whole
	}
	for _, r := range l.routes {
		if r.every != nil {
			out[queueKey{route: r.key}] = r.every
		}
		for _, q := range r.byElement {
			out[queueKey{r.key, q.element}] = q
		}
	}
	for _, q := range out {
		q.data, q.merge, q.each = nil, false, 0
	}
	return out
}

// addDatum has a queue fill a datum.
func (l *subscription) addDatum(d *datum, q *queue) {
	q.data = append(q.data[:len(q.data):len(q.data)], d)
	q.merge = q.merge || d.isState()
	q.each = max(q.each, d.maxQueued())
	if d.route == (routeKey{}) {
		l.whole = q
		return
	}
	i := slices.IndexFunc(l.routes, func(r *route) bool { return r.key == d.route })
	if i < 0 {
		i = len(l.routes)
		l.routes = append(l.routes, newRoute(d.route))
	}
	q.element = d.sharedElement()
	l.routes[i].addElement(d.ref.Element, q)
}

// eachCadence copies what is known of each channel's cadence into f.
func (b *inbox) eachCadence(f func(name string, c cadence)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, l := range b.subscriptions {
		f(name, l.cadence)
	}
}

// restartCadences tells the cadences that a silence was ours.
func (b *inbox) restartCadences(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.subscriptions {
		l.cadence.restart(now)
	}
}
