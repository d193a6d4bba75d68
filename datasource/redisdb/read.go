package redisdb

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// Read implements datasource.Reader: one pipeline for all, in one round trip
// unless something is out of the ordinary (too big, another type, a rewritten
// series).
//
// A series is read with the members above Request.Since only. Members that are
// added later at a score already known, or below it, are noticed when they
// share the last score; then, as after any rewriting of the end, Raw.Since is
// -Inf and Members holds the whole window. Members inserted further back are
// seen when the window is next read whole. The window ends at the newest
// member, but never after now.
func (c *Client) Read(ctx context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	if len(reqs) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	items := make([]item, len(reqs))
	c.plan(items, reqs)
	raws := make([]datasource.Raw, len(reqs))
	pending := make([]int, len(items))
	for i := range items {
		raws[i].Ref, raws[i].TTL = reqs[i].Ref, datasource.NoTTL
		pending[i] = i
	}
	// Each pass settles most items; those that need another command go round
	// again: measured and fits, wrong type, plain command, rewritten series.
	for pass := 0; len(pending) > 0 && pass < maxPasses; pass++ {
		again, err := c.pass(ctx, items, raws, pending)
		if err != nil {
			return nil, err
		}
		pending = again
	}
	return raws, allFailed(raws)
}

// maxPasses bounds the round trips of one Read.
const maxPasses = 4

func (c *Client) plan(items []item, reqs []datasource.Request) {
	now := time.Now()
	c.memory.mu.Lock()
	defer c.memory.mu.Unlock()
	for i := range items {
		it := &items[i]
		it.req, it.key = reqs[i], reqs[i].Ref.Key
		var f *datasource.Fault
		if it.mode, f = c.memory.mode(&it.req, now); f != nil {
			it.err = f
		}
		if it.req.Ref.Kind == datasource.KindChannel {
			it.mode = modeSkip
		}
	}
}

// pass asks for the pending items and decodes the replies into raws. It
// returns those that have to be asked in another way.
func (c *Client) pass(ctx context.Context, items []item, raws []datasource.Raw, pending []int) (again []int, err error) {
	buf := c.buffers.Get().(*[]byte)
	shared := &arena{b: (*buf)[:0]}
	defer func() {
		if cap(shared.b) <= maxPooled {
			*buf = shared.b[:0]
		}
		c.buffers.Put(buf)
	}()
	cmds := c.commands(ctx, items, pending, shared)
	if err := c.exec(ctx, cmds); err != nil {
		return nil, c.fault(err, "", "")
	}
	at := time.Now()
	c.names.names(func(name func([]byte) string) {
		d := decoder{c: c, name: name, at: at}
		for _, i := range pending {
			raws[i].At = at
			if d.item(&items[i], &raws[i]) {
				again = append(again, i)
			}
		}
	})
	return again, nil
}

// maxPooled is the largest buffer that is kept for the next poll.
const maxPooled = 1 << 20

// commands builds the pipeline: for every item its value and its PTTL.
func (c *Client) commands(ctx context.Context, items []item, pending []int, shared *arena) []redis.Cmder {
	cmds := make([]redis.Cmder, 0, 2*len(pending))
	add := func(s *slot, args []any) {
		*s = slot{arena: shared}
		if c.cluster != nil { // nodes answer at the same time
			s.arena = &arena{}
		}
		cmd := redis.NewRawWriteToCmd(ctx, s, args...)
		cmd.SetFirstKeyPos(1)
		cmds = append(cmds, cmd)
	}
	for _, i := range pending {
		it := &items[i]
		if it.mode == modeSkip {
			continue
		}
		add(&it.value, it.valueArgs())
		add(&it.ttl, []any{cmdPTTL, it.key})
	}
	return cmds
}

// exec runs the pipeline. The error is about all of it; one command's own
// error from the connection is left in its slot.
func (c *Client) exec(ctx context.Context, cmds []redis.Cmder) error {
	if len(cmds) == 0 {
		return nil
	}
	pipe := c.rdb.Pipeline()
	for _, cmd := range cmds {
		_ = pipe.Process(ctx, cmd) // only queues
	}
	err := c.guard(func() error {
		_, err := pipe.Exec(ctx)
		return err
	})
	if err == nil || c.cluster == nil {
		return err
	}
	return c.partly(cmds, err)
}

// partly forgives a cluster's pipeline whose nodes failed only in part: the
// slots without a reply tell which.
func (c *Client) partly(cmds []redis.Cmder, err error) error {
	for _, cmd := range cmds {
		if cmd.Err() == nil {
			return nil
		}
	}
	return err
}

// allFailed returns the fault that every datum shares, when it is the server's.
func allFailed(raws []datasource.Raw) error {
	var first *datasource.Fault
	for i := range raws {
		var f *datasource.Fault
		if !errors.As(raws[i].Err, &f) || !whole(f) || first != nil && f.Class != first.Class {
			return nil
		}
		if first == nil {
			first = f
		}
	}
	if first == nil {
		return nil
	}
	return first
}

// isMoved reports whether a node sent the client elsewhere: raw replies are not
// followed by go-redis, so the next pass asks with a fresh map of slots.
func isMoved(err error) bool {
	var e replyError
	return errors.As(err, &e) && (strings.HasPrefix(string(e), "MOVED ") || strings.HasPrefix(string(e), "ASK "))
}
