package redisdb

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// DiscoverOptions bounds a discovery. The zero value is sensible.
type DiscoverOptions struct {
	Match   string        // SCAN's pattern; "" means every key
	MaxKeys int           // how many keys at most; 0 means 10,000
	Samples int           // how many keys of a family are read; 0 means 3
	Listen  time.Duration // how long to hear what is published; 0 means not at all
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
	Name   string
	Type   string          // as TYPE says
	Kind   datasource.Kind // 0 for a type that ticktop cannot show
	TTL    time.Duration   // NoTTL when it does not expire
	Sample *datasource.Raw // for the first keys of a family; bounded as every read
}

// Channel is one pub/sub channel.
type Channel struct {
	Name        string
	Subscribers int64  // at the time of the look; 0 when only heard
	Messages    int    // heard while listening
	Last        []byte // the last payload, cut to MaxCell; nil when none was heard
}

// Family returns the part of a key that its kin share: what stands before its
// first colon, or the whole key.
func Family(key string) string {
	family, _, _ := strings.Cut(key, ":")
	return family
}

const (
	defaultMaxKeys = 10_000
	defaultSamples = 3
	scanCount      = 500
	sampleKeep     = 20
	maxChannels    = 10_000
)

// Discover looks at what a Redis holds: SCAN (never KEYS), TYPE and PTTL of
// every key, a bounded sample of a few of each family, the active channels, and
// what is published while it listens. What the user may not do becomes a note.
// The error is a *datasource.Fault: nothing could be looked at.
func (c *Client) Discover(ctx context.Context, o DiscoverOptions) (*Discovery, error) {
	o.MaxKeys, o.Samples, o.Match = or(o.MaxKeys, defaultMaxKeys), or(o.Samples, defaultSamples), or(o.Match, "*")
	d := &Discovery{Version: c.version(ctx)}
	heard := make(chan []Channel, 1)
	go func() {
		channels, note := c.eavesdrop(ctx, o.Listen)
		if note != "" {
			channels = append(channels, Channel{Name: "", Last: []byte(note)})
		}
		heard <- channels
	}()
	names, truncated, err := c.scan(ctx, o.Match, o.MaxKeys)
	d.Truncated = truncated
	if err == nil {
		d.Keys, err = c.describe(ctx, names)
	}
	if err == nil {
		err = c.sample(ctx, d.Keys, o.Samples)
	}
	d.Channels = c.channels(ctx, d)
	for _, ch := range <-heard {
		if ch.Name == "" && len(ch.Last) > 0 && ch.Messages == 0 {
			d.Notes = append(d.Notes, string(ch.Last))
			continue
		}
		d.Channels = mergeChannel(d.Channels, ch)
	}
	slices.SortFunc(d.Channels, func(a, b Channel) int { return strings.Compare(a.Name, b.Name) })
	if err == nil {
		return d, nil
	}
	f := c.fault(err, "scan", o.Match)
	if whole(f) {
		return nil, f
	}
	d.Notes = append(d.Notes, "keys: "+f.Error())
	return d, nil
}

// version returns the server's version, "" when it cannot be asked.
func (c *Client) version(ctx context.Context) string {
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

// scan lists keys, of all masters of a cluster.
func (c *Client) scan(ctx context.Context, match string, limit int) (names []string, truncated bool, err error) {
	var mu sync.Mutex
	seen := map[string]struct{}{}
	node := func(ctx context.Context, rdb redis.Cmdable) error {
		for cursor := uint64(0); ; {
			keys, next, err := rdb.Scan(ctx, cursor, match, scanCount).Result()
			if err != nil {
				return err
			}
			mu.Lock()
			for _, k := range keys { // SCAN may name a key twice
				if len(seen) < limit {
					seen[k] = struct{}{}
				} else if _, known := seen[k]; !known {
					truncated = true
				}
			}
			full := truncated
			mu.Unlock()
			if cursor = next; cursor == 0 || full {
				return nil
			}
		}
	}
	err = c.guard(func() error {
		if c.cluster != nil {
			return c.cluster.ForEachMaster(ctx, func(ctx context.Context, n *redis.Client) error { return node(ctx, n) })
		}
		return node(ctx, c.rdb)
	})
	for k := range seen {
		names = append(names, k)
	}
	slices.Sort(names)
	return names, truncated, err
}

// describe asks for the type and the time to live of every key.
func (c *Client) describe(ctx context.Context, names []string) ([]Key, error) {
	keys := make([]Key, 0, len(names))
	for chunk := range slices.Chunk(names, scanCount) {
		pipe := c.rdb.Pipeline()
		types, ttls := make([]*redis.StatusCmd, len(chunk)), make([]*redis.DurationCmd, len(chunk))
		for i, name := range chunk {
			types[i], ttls[i] = pipe.Type(ctx, name), pipe.PTTL(ctx, name)
		}
		if err := c.guard(func() error { _, err := pipe.Exec(ctx); return err }); err != nil && whole(c.fault(err, "type", "")) {
			return keys, err
		}
		for i, name := range chunk {
			k := Key{Name: name, Type: types[i].Val(), TTL: datasource.NoTTL}
			if k.Type == "none" || types[i].Err() != nil { // gone meanwhile, or not allowed
				continue
			}
			k.Kind, _ = datasource.ParseKind(k.Type)
			if ttl := ttls[i].Val(); ttl > 0 {
				k.TTL = ttl
			}
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// sample reads the first few keys of each family.
func (c *Client) sample(ctx context.Context, keys []Key, per int) error {
	taken := map[string]int{}
	var picked []int
	var reqs []datasource.Request
	for i, k := range keys {
		family := k.Type + " " + Family(k.Name)
		if k.Kind == 0 || taken[family] >= per {
			continue
		}
		taken[family]++
		picked = append(picked, i)
		reqs = append(reqs, datasource.Request{
			Ref:   datasource.Ref{Name: k.Name, Kind: k.Kind, Key: k.Name, Keep: sampleKeep},
			Since: math.Inf(-1),
		})
	}
	const chunk = 100
	for at := 0; at < len(reqs); at += chunk {
		end := min(at+chunk, len(reqs))
		raws, err := c.Read(ctx, reqs[at:end])
		if err != nil {
			return err
		}
		for j := range raws {
			keys[picked[at+j]].Sample = &raws[j]
		}
	}
	return nil
}

// channels lists the channels that somebody subscribes to.
func (c *Client) channels(ctx context.Context, d *Discovery) []Channel {
	names, err := c.rdb.PubSubChannels(ctx, "*").Result()
	if err != nil {
		d.Notes = append(d.Notes, "channels: "+c.fault(err, "pubsub", "").Error())
		return nil
	}
	if len(names) > maxChannels {
		names = names[:maxChannels]
	}
	counts := map[string]int64{}
	if len(names) > 0 {
		counts, _ = c.rdb.PubSubNumSub(ctx, names...).Result() // a count is a nicety
	}
	out := make([]Channel, len(names))
	for i, n := range names {
		out[i] = Channel{Name: n, Subscribers: counts[n]}
	}
	return out
}

// eavesdrop hears everything for a while.
func (c *Client) eavesdrop(ctx context.Context, d time.Duration) (channels []Channel, note string) {
	if d <= 0 {
		return nil, ""
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	h := &hearing{heard: map[string]*Channel{}, denied: cancel}
	ear := c.twin()
	ear.SetChannels([]string{"*"})
	_ = ear.Listen(ctx, h) // ends with its context
	for _, ch := range h.heard {
		channels = append(channels, *ch)
	}
	return channels, h.note
}

// twin is a client of the same connections with a subscription of its own.
func (c *Client) twin() *Client {
	t := &Client{rdb: c.rdb, masters: c.masters, cluster: c.cluster, user: c.user, shown: c.shown, log: c.log}
	t.wanted.changed = make(chan struct{}, 1)
	return t
}

// hearing is the Sink of eavesdrop.
type hearing struct {
	heard  map[string]*Channel
	denied func()
	note   string
}

func (h *hearing) Joined(int) { h.note = "" }

func (h *hearing) Message(channel, _ string, payload []byte) {
	ch := h.heard[channel]
	if ch == nil {
		if len(h.heard) >= maxChannels {
			return
		}
		ch = &Channel{Name: channel}
		h.heard[channel] = ch
	}
	ch.Messages++
	ch.Last = append(ch.Last[:0], payload[:min(len(payload), datasource.MaxCell)]...)
}

func (h *hearing) Lost(f *datasource.Fault) {
	h.note = "listening: " + f.Error()
	if f.Class == datasource.ClassPermission {
		h.denied()
	}
}

func mergeChannel(channels []Channel, heard Channel) []Channel {
	for i := range channels {
		if channels[i].Name == heard.Name {
			channels[i].Messages, channels[i].Last = heard.Messages, heard.Last
			return channels
		}
	}
	return append(channels, heard)
}
