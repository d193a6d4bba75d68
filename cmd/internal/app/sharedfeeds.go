package app

import (
	"sync"

	"ticktop/datasource"
)

// sharedFeeds lets everyone that may see the same thing share one feed of it:
// however many sessions there are, its variables are followed and its alerts
// evaluated once.
type sharedFeeds struct {
	mu    sync.Mutex
	feeds map[any]*sharedFeed
}

// sharedFeed is one feed. It lives as long as somebody holds a lease; its
// goroutine ends with it.
type sharedFeed struct {
	owner *sharedFeeds
	key   any
	feed  datasource.Feed
	done  chan struct{}

	mu     sync.Mutex
	leases map[*feedLease]struct{}
}

func newSharedFeeds() *sharedFeeds { return &sharedFeeds{feeds: make(map[any]*sharedFeed)} }

// open returns a lease on the feed of key, which build makes for the first. A
// recording is steered by its sessions, so each has its own.
func (s *sharedFeeds) open(key any, build func() datasource.Feed) datasource.Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feeds[key]
	if f == nil {
		feed := build()
		if _, steered := feed.(datasource.Player); steered {
			return feed
		}
		f = &sharedFeed{owner: s, key: key, feed: feed, done: make(chan struct{}), leases: make(map[*feedLease]struct{})}
		s.feeds[key] = f
		go f.notify()
	}
	l := &feedLease{shared: f, changed: make(chan struct{}, 1)}
	l.changed <- struct{}{} // there may be data already
	f.mu.Lock()
	f.leases[l] = struct{}{}
	f.mu.Unlock()
	return l
}

// notify signals every lease when the feed has something newer.
func (f *sharedFeed) notify() {
	for {
		select {
		case <-f.done:
			return
		case <-f.feed.Changed():
		}
		f.mu.Lock()
		for l := range f.leases {
			select {
			case l.changed <- struct{}{}:
			default:
			}
		}
		f.mu.Unlock()
	}
}

// feedLease is one session's hold on a shared feed.
type feedLease struct {
	shared  *sharedFeed
	changed chan struct{}
	once    sync.Once
}

// Snapshot implements datasource.Feed.
func (l *feedLease) Snapshot() *datasource.Snapshot { return l.shared.feed.Snapshot() }

// Changed implements datasource.Feed.
func (l *feedLease) Changed() <-chan struct{} { return l.changed }

// Refresh implements datasource.Feed.
func (l *feedLease) Refresh(names ...string) { l.shared.feed.Refresh(names...) }

// History implements datasource.Feed.
func (l *feedLease) History(name string) []datasource.Past { return l.shared.feed.History(name) }

// Close implements datasource.Feed. The last one closes what was shared.
func (l *feedLease) Close() {
	l.once.Do(func() {
		f, s := l.shared, l.shared.owner
		s.mu.Lock()
		defer s.mu.Unlock()
		f.mu.Lock()
		delete(f.leases, l)
		last := len(f.leases) == 0
		f.mu.Unlock()
		if last {
			delete(s.feeds, f.key)
			close(f.done)
			f.feed.Close()
		}
	})
}
