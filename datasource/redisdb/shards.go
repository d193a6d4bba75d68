package redisdb

import (
	"context"
	"sync"

	"ticktop/datasource"
)

// shards joins sharded channels: one session for every node that holds some of
// them, and a plain one for patterns, which cannot be sharded. When one of the
// sessions ends, or SetChannels changes the set, or a slot moves, all end and
// are joined anew; nil asks for that without a pause.
func (c *Client) shards(ctx context.Context, sink datasource.Sink) error {
	channels, version := c.wanted.get()
	groups, err := c.groups(ctx, channels)
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
	all := &joint{sink: sink, joined: make([]int, len(groups))}
	var wg sync.WaitGroup
	var once sync.Once
	for i, g := range groups {
		wg.Go(func() {
			want := &wanted{channels: g.channels, version: 1}
			e := c.guard(func() error { return c.session(ctx, want, g.sharded, &part{joint: all, i: i}) })
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

// group is what one session joins.
type group struct {
	channels []string // sorted
	sharded  bool
}

// groups sorts channels by the node that holds them.
func (c *Client) groups(ctx context.Context, channels []string) ([]group, error) {
	ctx, cancel := context.WithTimeout(ctx, giveUpAfter)
	defer cancel()
	var out []group
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
			out = append(out, group{sharded: node != ""})
		}
		out[i].channels = append(out[i].channels, name)
	}
	return out, nil
}

// joint makes one Sink's caller of several sessions.
type joint struct {
	mu     sync.Mutex
	sink   datasource.Sink
	joined []int
}

// part is one session's share of a joint.
type part struct {
	*joint
	i int
}

// refusedPart marks a session whose channels are all refused: the others do not
// wait for it.
const refusedPart = -1

// Joined is handed on once every session has joined.
func (p *part) Joined(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.joined[p.i] = n
	p.report()
}

// report is called with the lock held.
func (p *part) report() {
	total := 0
	for _, k := range p.joined {
		if k == 0 {
			return
		}
		total += max(k, 0)
	}
	if total > 0 {
		p.sink.Joined(total)
	}
}

func (p *part) Message(channel, pattern string, payload []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sink.Message(channel, pattern, payload)
}

// Lost is called by a session for refused channels only.
func (p *part) Lost(f *datasource.Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.joined[p.i] == 0 {
		p.joined[p.i] = refusedPart
		p.report()
	}
	p.sink.Lost(f)
}
