package engine

import (
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of what waits for a frame.
const (
	maxShapes  = 64      // payloads of different shape a lane; nobody writes that many
	maxPending = 1 << 20 // bytes a lane
	maxEach    = 1000    // payloads a lane and frame for charts
)

// payload is one message that waits to be decoded.
type payload struct {
	at    time.Time
	shape shape
	bytes []byte
}

// lane is one subscribed channel or pattern, and what has arrived on it since
// the last frame. It is guarded by inbox.mu.
type lane struct {
	name    string
	merge   bool      // some datum shows the newest state
	each    int       // some datum shows messages: so many of them at most
	newest  []payload // to merge, in order; one of each shape
	all     []payload // messages, oldest first, from head on
	head    int
	allSize int  // bytes in all
	size    int  // bytes in newest
	lost    bool // something had to be dropped: the key must be read again
	dirty   bool
	beat    rhythm
}

// inbox takes the messages of the one subscription. It conflates before
// anything is decoded: of payloads of the same shape only the newest stays, and
// of messages only as many as are shown. So a burst costs a look-up and a copy
// a message, and wakes nobody but the first time.
//
// Lock order: Engine.mu before inbox.mu.
type inbox struct {
	wake func() // the first message after a take

	mu    sync.Mutex
	lanes map[string]*lane
	dirty []*lane

	messages  atomic.Uint64
	conflated atomic.Uint64
	dropped   atomic.Uint64
}

// message files one payload; it is copied.
func (b *inbox) message(channel, pattern string, p []byte, now time.Time) {
	if pattern != "" {
		channel = pattern
	}
	b.messages.Add(1)
	b.mu.Lock()
	l := b.lanes[channel]
	if l == nil { // nobody shows it any more
		b.mu.Unlock()
		return
	}
	l.beat.hear(now)
	first := len(b.dirty) == 0
	if !l.dirty {
		l.dirty = true
		b.dirty = append(b.dirty, l)
	}
	if l.merge {
		b.keepNewest(l, p, now)
	}
	if l.each > 0 {
		b.keepEach(l, p, now)
	}
	b.mu.Unlock()
	if first {
		b.wake()
	}
}

// keepNewest puts p behind what waits, instead of what it hides.
func (b *inbox) keepNewest(l *lane, p []byte, now time.Time) {
	s := shapeOf(p)
	var buf []byte
	switch s.kind {
	case shapeNothing:
		return
	case shapeReplaces:
		if n := len(l.newest); n > 0 {
			b.conflated.Add(uint64(n))
			buf = l.newest[n-1].bytes
			l.newest, l.size = l.newest[:0], 0
		}
	default:
		for i := range l.newest {
			if l.newest[i].shape == s {
				b.conflated.Add(1)
				buf = l.newest[i].bytes
				l.size -= len(buf)
				l.newest = append(l.newest[:i], l.newest[i+1:]...)
				break
			}
		}
	}
	if len(l.newest) >= maxShapes || l.size+len(p) > maxPending && len(l.newest) > 0 {
		b.dropped.Add(1)
		l.size -= len(l.newest[0].bytes)
		l.newest, l.lost = append(l.newest[:0], l.newest[1:]...), true
	}
	l.size += len(p)
	l.newest = append(l.newest, payload{at: now, shape: s, bytes: append(buf[:0], p...)})
}

// keepEach puts p behind the messages that wait; the oldest give way.
func (b *inbox) keepEach(l *lane, p []byte, now time.Time) {
	var buf []byte
	for l.head < len(l.all) && (len(l.all)-l.head >= l.each || l.allSize+len(p) > maxPending) {
		buf = b.dropOldest(l)
	}
	if l.head > len(l.all)/2 {
		n := copy(l.all, l.all[l.head:])
		clear(l.all[n:])
		l.all, l.head = l.all[:n], 0
	}
	l.allSize += len(p)
	l.all = append(l.all, payload{at: now, bytes: append(buf[:0], p...)})
}

// dropOldest drops a message for newer ones, and returns its buffer.
func (b *inbox) dropOldest(l *lane) (buf []byte) {
	old := &l.all[l.head]
	buf = old.bytes
	l.allSize -= len(buf)
	*old = payload{}
	l.head++
	b.conflated.Add(1)
	return buf
}

// delivery is what one lane had waiting.
type delivery struct {
	name   string
	newest []payload // oldest first; the receiver owns the bytes
	each   []payload // oldest first
	lost   bool
}

// take empties the inbox.
func (b *inbox) take() []delivery {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]delivery, 0, len(b.dirty))
	for i, l := range b.dirty {
		out = append(out, delivery{l.name, l.newest, l.all[l.head:], l.lost})
		l.newest, l.all, l.head, l.size, l.allSize, l.lost, l.dirty = nil, nil, 0, 0, 0, false, false
		b.dirty[i] = nil
	}
	b.dirty = b.dirty[:0]
	return out
}

// waiting reports whether there is anything to take.
func (b *inbox) waiting() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.dirty) > 0
}

// want sets what a channel is listened to for; neither closes its lane.
func (b *inbox) want(name string, merge bool, each int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !merge && each == 0 {
		delete(b.lanes, name)
		return
	}
	l := b.lanes[name]
	if l == nil {
		l = &lane{name: name}
		b.lanes[name] = l
	}
	l.merge, l.each = merge, each
	for len(l.all)-l.head > each {
		b.dropOldest(l)
	}
}

// rhythms copies what is known of each channel's rhythm into f.
func (b *inbox) rhythms(f func(name string, r rhythm)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, l := range b.lanes {
		f(name, l.beat)
	}
}

// resume tells the rhythms that a silence was ours.
func (b *inbox) resume(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.lanes {
		l.beat.resume(now)
	}
}
