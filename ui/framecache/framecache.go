// Package framecache is a bounded memo of rendered pictures, shared by every
// session of the process: what one session has drawn, another with the same
// data, size, theme and view does not draw again.
package framecache

import (
	"hash/maphash"
	"sync"
	"time"
)

// DefaultBytes bounds a cache made with no size: some 1,000 panels of a
// 200×50 screen.
const DefaultBytes = 16 << 20

// overhead is what an entry costs beside its picture: the key in the map, the
// entry, the string header.
const overhead = 320

// turnAfter is how old the young generation gets. Most pictures are of data or
// of a second that has gone by: nobody will ask for them again, and without an
// age they would stay until the cache is full, however few sessions there are.
const turnAfter = 5 * time.Second

const numShards = 16

// Cache keeps pictures by key. K holds everything that a picture depends on;
// choosing it is the caller's business.
//
// All methods are safe for concurrent use. Concurrent calls of Get with one key
// render once: the others wait for that picture. Pictures leave in two
// generations, so one in use is never thrown out for a burst of others that are
// asked for once; what nobody has asked for during two generations is gone.
type Cache[K comparable] struct {
	seed   maphash.Seed
	shards [numShards]shard[K]
}

type shard[K comparable] struct {
	mu         sync.Mutex
	young, old map[K]*entry
	bytes, max int       // of young
	turned     time.Time // when young was empty
	hits, miss uint64
}

// entry is one picture. ready is closed when pic and ok are final.
type entry struct {
	ready chan struct{}
	pic   string
	ok    bool // false: the renderer panicked
}

// New makes a cache that holds at most about maxBytes of pictures.
func New[K comparable](maxBytes int) *Cache[K] {
	if maxBytes <= 0 {
		maxBytes = DefaultBytes
	}
	c := &Cache[K]{seed: maphash.MakeSeed()}
	now := time.Now()
	for i := range c.shards {
		c.shards[i] = shard[K]{young: map[K]*entry{}, max: max(1, maxBytes/numShards/2), turned: now}
	}
	return c
}

// Lookup returns the picture of k when it is there and finished. It never
// waits and allocates nothing.
func (c *Cache[K]) Lookup(k K) (string, bool) {
	s := c.shardOf(k)
	s.mu.Lock()
	e := s.findEntry(k)
	if e == nil {
		s.mu.Unlock()
		return "", false
	}
	s.hits++
	s.mu.Unlock()
	select {
	case <-e.ready:
		return e.pic, e.ok
	default:
		return "", false
	}
}

// Get returns the picture of k and calls render when it is not there. A panic
// of render reaches its own caller and nobody else: who waited for it renders
// for itself.
func (c *Cache[K]) Get(k K, render func() string) string {
	s := c.shardOf(k)
	s.mu.Lock()
	if e := s.findEntry(k); e != nil {
		s.hits++
		s.mu.Unlock()
		if <-e.ready; e.ok {
			return e.pic
		}
		return render()
	}
	e := &entry{ready: make(chan struct{})}
	s.young[k] = e
	s.miss++
	s.mu.Unlock()

	defer s.finishEntry(k, e)
	e.pic = render()
	e.ok = true
	return e.pic
}

// Stats returns how often a picture was there, how often it was not, and about
// how many bytes are kept.
func (c *Cache[K]) Stats() (hits, misses uint64, bytes int) {
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		hits, misses = hits+s.hits, misses+s.miss
		bytes += s.bytes
		for _, e := range s.old {
			bytes += e.size()
		}
		s.mu.Unlock()
	}
	return hits, misses, bytes
}

func (c *Cache[K]) shardOf(k K) *shard[K] {
	return &c.shards[maphash.Comparable(c.seed, k)%numShards]
}

// findEntry looks in both generations and takes what it finds in the old one into
// the young one. s.mu is held.
func (s *shard[K]) findEntry(k K) *entry {
	if e := s.young[k]; e != nil {
		return e
	}
	e := s.old[k]
	if e != nil {
		delete(s.old, k)
		s.young[k] = e
		s.addYoung(e)
	}
	return e
}

// finishEntry makes the picture known, or forgets a failed one.
func (s *shard[K]) finishEntry(k K, e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(e.ready)
	switch {
	case e.ok:
		s.addYoung(e)
	case s.young[k] == e:
		delete(s.young, k)
	default:
		delete(s.old, k)
	}
}

// addYoung counts e into the young generation, which becomes the old one when it
// is full or old enough.
func (s *shard[K]) addYoung(e *entry) {
	s.bytes += e.size()
	if now := time.Now(); s.bytes > s.max || now.Sub(s.turned) >= turnAfter {
		s.old, s.young, s.bytes, s.turned = s.young, make(map[K]*entry, len(s.young)), 0, now
	}
}

// size is called only on finished entries or by Stats under the lock, where an
// unfinished one counts as empty.
func (e *entry) size() int {
	select {
	case <-e.ready:
		return len(e.pic) + overhead
	default:
		return overhead
	}
}
