package redisdb

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// DiscoverOptions bounds a discovery.
type DiscoverOptions struct {
	Match    string         // SCAN's pattern; "" means every key
	MaxKeys  int            // how many keys at most; 0 means all
	KeysOnly bool           // neither the version nor the channels
	Listen   time.Duration  // how long to hear what is published; 0 means not at all
	Progress func(keys int) // called with the number of keys seen so far, from one goroutine at a time; may be nil
}

// Discovery is what a look around found. Names and values are the server's
// bytes: nothing in it is safe to print.
type Discovery struct {
	Version   string    // "7.0.15"; "" when the user may not ask
	Keys      []Key     // sorted by name
	Truncated bool      // there are more keys than MaxKeys
	Channels  []Channel // sorted by name
	Notes     []string  // what could not be looked at, and why; safe to print
}

// Key is one key.
type Key struct {
	Name string
	Type string // as TYPE says
}

// Channel is one pub/sub channel.
type Channel struct {
	Name        string
	Subscribers int64    // at the time of the look; 0 when only heard
	Messages    int      // heard while listening
	Heard       [][]byte // the first payloads of at most MaxCell bytes; nil when nothing was heard
}

const (
	scanCount    = 1000
	maxChannels  = 10_000
	keptMessages = 24 // of one channel
)

// Discover looks at what a Redis holds: SCAN (never KEYS) and TYPE of every
// key, the active channels, and what is published while it listens. What the
// user may not do becomes a note. The error is a *datasource.Fault: nothing
// could be looked at.
func (c *Client) Discover(ctx context.Context, o DiscoverOptions) (*Discovery, error) {
	o.Match = or(o.Match, "*")
	d := &Discovery{}
	look := discoverer{c: c, o: o, d: d}
	var err error
	if o.KeysOnly {
		d.Keys, d.Truncated, err = look.scanTypedKeys(ctx)
	} else {
		err = look.discoverAll(ctx)
	}
	if err == nil {
		return d, nil
	}
	f := c.fault(err, "scan", o.Match)
	if isServerFault(f) {
		return nil, f
	}
	d.Notes = append(d.Notes, "keys cannot be listed: "+withHint(f))
	return d, nil
}

// discoverer is one Discover at work.
type discoverer struct {
	c *Client
	o DiscoverOptions
	d *Discovery
}

// withHint is a fault with its remedy, in one line.
func withHint(f *datasource.Fault) string {
	if f.Hint.Empty() {
		return f.Error()
	}
	return f.Error() + "; " + f.Hint.String()
}

// discoverAll looks at the version, the keys and the channels. The error is about
// the keys.
func (l *discoverer) discoverAll(ctx context.Context) (err error) {
	d := l.d
	d.Version = l.c.serverVersion(ctx)
	heard := make(chan *channelRecorder, 1)
	go func() { heard <- l.recordChannels(ctx) }()
	d.Keys, d.Truncated, err = l.scanTypedKeys(ctx)
	d.Channels = l.activeChannels(ctx)
	r := <-heard
	if r.note != "" {
		d.Notes = append(d.Notes, r.note)
	}
	d.Channels = mergeChannels(d.Channels, r.heard)
	return err
}

// serverVersion returns the server's version, "" when it cannot be asked.
func (c *Client) serverVersion(ctx context.Context) string {
	info, err := c.rdb.Info(ctx, "server").Result()
	if err != nil {
		return ""
	}
	return infoField(info, "redis_version")
}

func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), name+":"); ok {
			return v
		}
	}
	return ""
}

// scanTypedKeys lists the keys of all masters, with their types.
func (l *discoverer) scanTypedKeys(ctx context.Context) (keys []Key, truncated bool, err error) {
	c, o := l.c, &l.o
	var mu sync.Mutex
	types := map[string]string{} // one copy of each type's name
	collect := func(names []string, found []*redis.StatusCmd) (full bool) {
		mu.Lock()
		defer mu.Unlock()
		for i, name := range names {
			kind := found[i].Val()
			if kind == "none" || found[i].Err() != nil { // gone meanwhile, or not allowed
				continue
			}
			if o.MaxKeys > 0 && len(keys) >= o.MaxKeys {
				truncated = true
				break
			}
			if types[kind] == "" {
				types[kind] = kind
			}
			keys = append(keys, Key{Name: name, Type: types[kind]})
		}
		if o.Progress != nil {
			o.Progress(len(keys))
		}
		return truncated
	}
	node := func(ctx context.Context, rdb redis.UniversalClient) error {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		pages, failed := scanAhead(ctx, rdb, o.Match)
		for names := range pages {
			pipe := rdb.Pipeline()
			found := make([]*redis.StatusCmd, len(names))
			for i, name := range names {
				found[i] = pipe.Type(ctx, name)
			}
			if _, err := pipe.Exec(ctx); err != nil && isServerFault(c.fault(err, "type", "")) {
				return err
			}
			if collect(names, found) {
				return nil
			}
		}
		return <-failed
	}
	err = c.guard(func() error {
		if c.cluster != nil {
			return c.cluster.ForEachMaster(ctx, func(ctx context.Context, n *redis.Client) error { return node(ctx, n) })
		}
		return node(ctx, c.rdb)
	})
	slices.SortFunc(keys, func(a, b Key) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(keys, func(a, b Key) bool { return a.Name == b.Name }), truncated, err // SCAN may name a key twice
}

// scanAhead scans one node while the types of the pages before are asked for. It
// ends with its context; failed gets the error, or nil, when pages is closed.
func scanAhead(ctx context.Context, rdb redis.UniversalClient, match string) (pages <-chan []string, failed <-chan error) {
	out, result := make(chan []string, 4), make(chan error, 1)
	go func() {
		defer close(out)
		count := scanCount
		for cursor := "0"; ; {
			page, err := scanOnce(ctx, rdb, cursor, match, 0, &count)
			if err != nil {
				result <- err
				return
			}
			select {
			case out <- page.names:
			case <-ctx.Done():
				result <- ctx.Err()
				return
			}
			if page.next == "0" {
				result <- nil
				return
			}
			cursor = page.next
		}
	}()
	return out, result
}
