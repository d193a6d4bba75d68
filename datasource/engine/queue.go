package engine

import (
	"time"
)

// payload is one message that waits to be decoded.
type payload struct {
	at    time.Time
	shape shape
	bytes []byte
}

// queue is what has arrived for some data since the last frame. It is guarded
// by inbox.mu, but for data, which are guarded by Engine.mu.
type queue struct {
	data    []*datum
	element string    // of a shared channel
	merge   bool      // some datum shows the newest state
	each    int       // some datum shows messages: so many of them at most
	newest  []payload // to merge, in order; one of each shape
	all     []payload // messages, oldest first, from head on
	head    int
	allSize int  // bytes in all
	size    int  // bytes in newest
	lost    bool // something had to be dropped: the key must be read again
	dirty   bool
}

// queuePayload puts a payload into a queue.
func (b *inbox) queuePayload(q *queue, p []byte, s shape, now time.Time) {
	if !q.dirty {
		q.dirty = true
		b.dirty = append(b.dirty, q)
	}
	if q.merge {
		b.keepNewest(q, p, s, now)
	}
	if q.each > 0 {
		b.keepEach(q, p, now)
	}
}

// keepNewest puts p behind what waits, instead of what it hides.
func (b *inbox) keepNewest(q *queue, p []byte, s shape, now time.Time) {
	var buf []byte
	switch s.kind {
	case shapeNothing:
		return
	case shapeReplaces:
		if n := len(q.newest); n > 0 {
			b.conflated.Add(uint64(n))
			buf = q.newest[n-1].bytes
			q.newest, q.size = q.newest[:0], 0
		}
	default:
		for i := range q.newest {
			if q.newest[i].shape == s {
				b.conflated.Add(1)
				buf = q.newest[i].bytes
				q.size -= len(buf)
				q.newest = append(q.newest[:i], q.newest[i+1:]...)
				break
			}
		}
	}
	if len(q.newest) >= maxShapes || q.size+len(p) > maxPending && len(q.newest) > 0 {
		b.dropped.Add(1)
		q.size -= len(q.newest[0].bytes)
		q.newest, q.lost = append(q.newest[:0], q.newest[1:]...), true
	}
	q.size += len(p)
	q.newest = append(q.newest, payload{at: now, shape: s, bytes: append(buf[:0], p...)})
}

// keepEach puts p behind the messages that wait; the oldest give way.
func (b *inbox) keepEach(q *queue, p []byte, now time.Time) {
	var buf []byte
	for q.head < len(q.all) && (len(q.all)-q.head >= q.each || q.allSize+len(p) > maxPending) {
		buf = b.dropOldest(q)
	}
	if q.head > len(q.all)/2 {
		n := copy(q.all, q.all[q.head:])
		clear(q.all[n:])
		q.all, q.head = q.all[:n], 0
	}
	q.allSize += len(p)
	q.all = append(q.all, payload{at: now, bytes: append(buf[:0], p...)})
}

// dropOldest drops a message for newer ones, and returns its buffer.
func (b *inbox) dropOldest(q *queue) (buf []byte) {
	old := &q.all[q.head]
	buf = old.bytes
	q.allSize -= len(buf)
	*old = payload{}
	q.head++
	b.conflated.Add(1)
	return buf
}
