package app

import (
	"sync"

	"ticktop/datasource"
)

// commons lets everyone who may see the same thing share one feed of it, its
// alerts evaluated once, however many sessions there are.
type commons struct {
	mu    sync.Mutex
	feeds map[any]*common
}

// common is one shared feed. Its key stays valid while somebody holds a tap.
type common struct {
	commons *commons
	key     any
	feed    datasource.Feed
	done    chan struct{}

	mu   sync.Mutex
	taps map[*tap]struct{}
}

func newCommons() *commons { return &commons{feeds: make(map[any]*common)} }

// open returns a tap on the feed of key, which build makes for the first.
func (c *commons) open(key any, build func() datasource.Feed) datasource.Feed {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.feeds[key]
	if f == nil {
		f = &common{commons: c, key: key, feed: build(), done: make(chan struct{}), taps: make(map[*tap]struct{})}
		c.feeds[key] = f
		go f.spread()
	}
	t := &tap{common: f, changed: make(chan struct{}, 1)}
	t.changed <- struct{}{} // there may be data already
	f.mu.Lock()
	f.taps[t] = struct{}{}
	f.mu.Unlock()
	return t
}

// spread pokes every tap when the feed has something newer.
func (f *common) spread() {
	for {
		select {
		case <-f.done:
			return
		case <-f.feed.Changed():
		}
		f.mu.Lock()
		for t := range f.taps {
			select {
			case t.changed <- struct{}{}:
			default:
			}
		}
		f.mu.Unlock()
	}
}

// tap is one session's end of a shared feed.
type tap struct {
	common  *common
	changed chan struct{}
	once    sync.Once
}

// Snapshot implements datasource.Feed.
func (t *tap) Snapshot() *datasource.Snapshot { return t.common.feed.Snapshot() }

// Changed implements datasource.Feed.
func (t *tap) Changed() <-chan struct{} { return t.changed }

// Refresh implements datasource.Feed.
func (t *tap) Refresh(names ...string) { t.common.feed.Refresh(names...) }

// History implements datasource.Feed.
func (t *tap) History(name string) []datasource.Past { return t.common.feed.History(name) }

// Close implements datasource.Feed. The last one closes what was shared.
func (t *tap) Close() {
	t.once.Do(func() {
		f, c := t.common, t.common.commons
		c.mu.Lock()
		defer c.mu.Unlock()
		f.mu.Lock()
		delete(f.taps, t)
		last := len(f.taps) == 0
		f.mu.Unlock()
		if last {
			delete(c.feeds, f.key)
			close(f.done)
			f.feed.Close()
		}
	})
}
