package redisdb

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
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
	c.masters.watch()
	wanted := reqs
	reqs, joins := splitJoins(wanted)
	p := c.preparePoll(reqs)
	defer c.polls.keep(p)
	raws := make([]datasource.Raw, len(reqs))
	for i := range reqs {
		raws[i].Ref, raws[i].TTL = reqs[i].Ref, datasource.NoTTL
	}
	// Each pass settles most items; those that need another command go round
	// again: measured and fits, wrong type, plain command, rewritten series.
	for pass := 0; len(p.pending) > 0 && pass < maxPasses; pass++ {
		if err := c.runPass(ctx, p, raws, pass == 0); err != nil {
			return nil, err
		}
	}
	if err := allFailed(raws); err != nil {
		return nil, err
	}
	return mergeJoins(wanted, raws, joins), nil
}

// maxPasses bounds the round trips of one Read.
const maxPasses = 4

// poll is one Read at work. It is kept for the next one: while the same data
// are read in the same order, as they are in steady state, their commands are
// used again.
type poll struct {
	items   []item
	pending []int // items that are still to be asked
	cmds    []redis.Cmder
	probes  []*probe
	arena   buffer
}

// preparePoll takes the poll that was kept, or begins a new one, and decides how each
// datum is read.
func (c *Client) preparePoll(reqs []datasource.Request) *poll {
	p := c.polls.take(len(reqs))
	if cap(p.items) < len(reqs) {
		p.items = make([]item, len(reqs))
	}
	p.items, p.pending = p.items[:len(reqs)], p.pending[:0]
	now := time.Now()
	c.memory.mu.Lock()
	defer c.memory.mu.Unlock()
	untimed := c.memory.lacksCommand("pttl", now)
	for i := range p.items {
		it := &p.items[i]
		if ref := reqs[i].Ref; it.req.Ref != ref && (it.req.Ref == nil || *it.req.Ref != *ref) {
			*it = item{key: ref.Key}
		}
		it.req, it.err = reqs[i], nil
		mode := modeSkip
		if why := it.req.Ref.Unresolved; why != "" {
			it.err = newFault(datasource.SourceRedis, datasource.ClassUnknown, why, "", nil)
		} else if it.req.Ref.Kind != datasource.KindChannel {
			var f *datasource.Fault
			if mode, f = c.memory.chooseMode(it, now); f != nil {
				it.err = f
			}
		}
		it.was, it.mode, it.untimed, it.askAt = mode, mode, untimed, ""
		p.pending = append(p.pending, i)
	}
	return p
}

// polls are kept for the next Read: the poll of everything, and the small ones
// between. A sync.Pool would lose them to the garbage collector, which on a
// busy screen comes more often than a poll.
type polls struct {
	mu   sync.Mutex
	free []*poll
}

const (
	maxPolls  = 4       // that are kept
	maxPooled = 1 << 20 // the largest buffer that is kept with one
)

// take returns the poll that was kept of a Read of n data, else another, else a
// new one.
func (ps *polls) take(n int) *poll {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	last := len(ps.free) - 1
	if last < 0 {
		return &poll{}
	}
	at := max(0, slices.IndexFunc(ps.free, func(p *poll) bool { return len(p.items) == n }))
	p := ps.free[at]
	ps.free[at] = ps.free[last]
	ps.free = ps.free[:last]
	return p
}

// keep keeps a poll for the next Read.
func (ps *polls) keep(p *poll) {
	if cap(p.arena.bytes) > maxPooled {
		p.arena.bytes = nil
	}
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if len(ps.free) < maxPolls {
		ps.free = append(ps.free, p)
	}
}

// runPass asks for the pending items and decodes the replies into raws. Those
// that have to be asked in another way stay pending. The first pass also asks
// what may be read at all.
func (c *Client) runPass(ctx context.Context, p *poll, raws []datasource.Raw, first bool) error {
	p.arena.bytes = p.arena.bytes[:0]
	c.buildCommands(ctx, p)
	if first {
		prober{c}.addProbes(ctx, p)
	}
	if err := c.runPipeline(ctx, p.cmds); err != nil {
		return c.fault(err, "", "")
	}
	if first {
		prober{c}.readReplies(p)
	}
	at := time.Now()
	again := p.pending[:0]
	d := decoder{c: c, at: at, refusal: p.probeRefusal}
	c.names.withNames(func(name func([]byte) string) {
		d.name = name
		for _, i := range p.pending {
			raws[i].At = at
			if d.decodeItem(&p.items[i], &raws[i]) {
				again = append(again, i)
			}
		}
	})
	p.pending = c.followAsk(ctx, p, raws, again, &d)
	c.explainWrongTypes(ctx, d.wrongTypes)
	if d.slotMoved {
		c.cluster.ReloadState(ctx)
	}
	return nil
}

// buildCommands builds the pipeline: for every item its value and its PTTL.
func (c *Client) buildCommands(ctx context.Context, p *poll) {
	p.cmds = p.cmds[:0]
	for _, i := range p.pending {
		it := &p.items[i]
		if it.mode == modeSkip {
			continue
		}
		it.prepareCommands(ctx)
		values, ttls := &p.arena, &p.arena
		if c.cluster != nil { // nodes answer at the same time
			values, ttls = &buffer{}, &buffer{}
		}
		it.value.reset(values)
		p.cmds = append(p.cmds, it.valueCmd)
		if !it.untimed {
			it.ttl.reset(ttls)
			p.cmds = append(p.cmds, it.ttlCmd)
		}
		if it.counted {
			it.count.reset(&buffer{})
			p.cmds = append(p.cmds, it.countCmd)
		}
	}
}

// prepareCommands makes the item's commands, or the old ones fit for another use.
func (it *item) prepareCommands(ctx context.Context) {
	if it.ttlCmd == nil {
		it.ttlCmd = it.rawCommand(ctx, &it.ttl, cmdPTTL, it.key)
	}
	if it.valueCmd == nil || it.madeFor != it.mode || it.needsNewCommand() {
		it.args = it.valueArgs()
		it.valueCmd, it.madeFor = it.rawCommand(ctx, &it.value, it.args...), it.mode
	} else if it.mode == modeNewer && it.askedScore != it.req.Since && it.req.Ref.Kind == datasource.KindZSet {
		it.args[sinceArg] = formatScore(it.req.Since)
	}
	it.askedScore = it.req.Since
	ref := it.req.Ref
	if it.counted = ref.Kind == datasource.KindList && it.mode == modeRead && it.req.Newest == datasource.EndUnknown; it.counted {
		if it.countCmd == nil {
			it.countCmd = it.rawCommand(ctx, &it.count, cmdLLen, it.key)
		}
		it.countCmd.SetErr(nil)
	}
	it.valueCmd.SetErr(nil)
	it.ttlCmd.SetErr(nil)
}

// needsNewCommand reports whether a command differs from poll to poll.
func (it *item) needsNewCommand() bool {
	return it.mode == modeStep || it.mode == modeNewer && it.req.Ref.Kind == datasource.KindTimeSeries
}

func (it *item) rawCommand(ctx context.Context, s *slot, args ...any) redis.Cmder {
	cmd := redis.NewRawWriteToCmd(ctx, s, args...)
	cmd.SetFirstKeyPos(1)
	return cmd
}

// runPipeline runs the pipeline. The error is about all of it; one command's own
// error from the connection is left in its slot.
func (c *Client) runPipeline(ctx context.Context, cmds []redis.Cmder) error {
	if len(cmds) == 0 {
		return nil
	}
	pipe := c.rdb.Pipeline()
	if err := pipe.BatchProcess(ctx, cmds...); err != nil { // only queues
		return err
	}
	err := c.guard(func() error {
		_, err := pipe.Exec(ctx)
		return err
	})
	if err == nil || c.cluster == nil {
		return err
	}
	for _, cmd := range cmds { // some nodes of a cluster did answer
		if cmd.Err() == nil {
			return nil
		}
	}
	return err
}

// allFailed returns the server's fault when no datum at all could be read for
// one. Of a cluster the dead node is silent while the others say what is wrong:
// theirs is reported.
func allFailed(raws []datasource.Raw) error {
	var worst *datasource.Fault
	for i := range raws {
		var f *datasource.Fault
		if !errors.As(raws[i].Err, &f) || !isServerFault(f) {
			return nil
		}
		if worst == nil || f.Class == datasource.ClassCluster && worst.Class != f.Class {
			worst = f
		}
	}
	if worst == nil {
		return nil
	}
	return worst
}

// isMoved reports whether a node sent the client elsewhere: raw replies are not
// followed by go-redis, so the next pass asks with a fresh map of slots.
func isMoved(err error) bool {
	var e resp.Error
	return errors.As(err, &e) && (strings.HasPrefix(string(e), "MOVED ") || strings.HasPrefix(string(e), "ASK "))
}
