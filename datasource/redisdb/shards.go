package redisdb

import (
	"context"
	"sync"

	"ticktop/datasource"
)

// runShards subscribes to sharded channels: one session for every node that holds some of
// them, and a plain one for patterns, which cannot be sharded. When one of the
// sessions ends, or SetChannels changes the set, or a slot moves, all end and
// are subscribed anew; nil asks for that without a pause.
func (c *Client) runShards(ctx context.Context, sink datasource.Sink) error {
	channels, version := c.wanted.get()
	groups, err := c.groupByNode(ctx, channels)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.wanted.onChange(cancel)
	defer c.wanted.onChange(nil)
	if _, now := c.wanted.get(); now != version {
		return nil
	}
	all := &sharedSink{sink: sink, subscribed: make([]int, len(groups))}
	var wg sync.WaitGroup
	var once sync.Once
	for i, g := range groups {
		wg.Go(func() {
			want := &wantedChannels{channels: g.channels, version: 1}
			e := c.guard(func() error { return c.runSession(ctx, want, g.sharded, &shardSink{sharedSink: all, i: i}) })
			once.Do(func() { err = e })
			cancel()
		})
	}
	wg.Wait()
	if _, now := c.wanted.get(); now != version {
		return nil
	}
	if err != nil {
		c.cluster.ReloadState(context.WithoutCancel(ctx)) // the map of slots may be old
	}
	return err
}

// shardGroup is what one session joins.
type shardGroup struct {
	channels []string // sorted
	sharded  bool
}

// groupByNode sorts channels by the node that holds them.
func (c *Client) groupByNode(ctx context.Context, channels []string) ([]shardGroup, error) {
	ctx, cancel := context.WithTimeout(ctx, giveUpAfter)
	defer cancel()
	var out []shardGroup
	index := map[string]int{}
	for _, name := range channels {
		node := "" // patterns
		if !isPattern(name) {
			client, err := c.cluster.MasterForKey(ctx, name)
			if err != nil {
				return nil, err
			}
			node = client.Options().Addr
		}
		i, ok := index[node]
		if !ok {
			i = len(out)
			index[node] = i
			out = append(out, shardGroup{sharded: node != ""})
		}
		out[i].channels = append(out[i].channels, name)
	}
	return out, nil
}

// sharedSink makes one Sink's caller of several sessions.
type sharedSink struct {
	mu         sync.Mutex
	sink       datasource.Sink
	subscribed []int
}

// shardSink is one session's share of a joint.
type shardSink struct {
	*sharedSink
	i int
}

// shardRefused marks a session whose channels are all refused: the others do not
// wait for it.
const shardRefused = -1

// Joined is handed on once every session is subscribed.
func (p *shardSink) Joined(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.subscribed[p.i] = n
	p.reportSubscribed()
}

// reportSubscribed is called with the lock held.
func (p *shardSink) reportSubscribed() {
	total := 0
	for _, k := range p.subscribed {
		if k == 0 {
			return
		}
		total += max(k, 0)
	}
	if total > 0 {
		p.sink.Joined(total)
	}
}

func (p *shardSink) Message(channel, pattern string, payload []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sink.Message(channel, pattern, payload)
}

// Lost is called by a session for refused channels only.
func (p *shardSink) Lost(f *datasource.Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.subscribed[p.i] == 0 {
		p.subscribed[p.i] = shardRefused
		p.reportSubscribed()
	}
	p.sink.Lost(f)
}
