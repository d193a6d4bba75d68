package redisdb

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// Strings and hashes are read with GETRANGE and HSCAN, which are bounded. But
// an operator who takes +get or +hgetall away from ticktop's user means that
// strings or hashes are not to be read, and ticktop must respect that. So every Read also asks, once for strings and once for
// hashes, whether the plain command is still allowed. It asks with a key that
// does not exist, the name of one of the data with probeSuffix behind it: Redis
// looks at the rights first, so the answer is a refusal or nothing at all,
// however large the data are.

// probeSuffix makes of a key's name one that does not exist, and that the
// patterns of an ACL mostly treat like the key.
const probeSuffix = ":ticktop?"

const (
	probeLimit = 512              // bytes kept of an answer
	maxBlocked = 8                // data that were refused, each with a line in ACL LOG, before probing rests
	blockedFor = 10 * time.Minute // for so long
	maxNames   = 1024             // tries for a name that lies on the same node
)

// probeTarget is what an answer is about: every node keeps its own rights.
type probeTarget struct {
	kind datasource.Kind
	node string // of a cluster
}

// probe asks whether the plain command for a kind is allowed.
type probe struct {
	probeTarget
	base, key string // the datum's key, and the one made of it
	cmd       redis.Cmder
	arena     buffer
	slot      slot
	refused   error // the server's NOPERM for the command
}

// prober asks which plain commands a client's user is allowed.
type prober struct{ c *Client }

// addProbes adds to the pipeline one probe for every place that the data of this poll
// are read from.
func (b prober) addProbes(ctx context.Context, p *poll) {
	old := p.probes
	p.probes = nil
	for _, i := range p.pending {
		it := &p.items[i]
		if it.probeTarget = (probeTarget{}); it.mode == modeSkip || !readerOf(it.req.Ref.Kind).probe {
			continue
		}
		node, err := b.nodeOf(ctx, it.req.Ref.Key)
		if err != nil { // nothing can be read either
			return
		}
		it.probeTarget = probeTarget{it.req.Ref.Kind, node}
	}
	b.c.memory.mu.Lock()
	defer b.c.memory.mu.Unlock()
	for _, worked := range []bool{true, false} { // what could be read is the better base
		for _, i := range p.pending {
			it := &p.items[i]
			if it.probeTarget.kind == 0 || it.worked != worked || p.probeFor(it.probeTarget) != nil || !b.c.memory.canProbe(it.req.Ref.Key) {
				continue
			}
			if pr := b.prepareProbe(ctx, old, it); pr != nil {
				p.probes = append(p.probes, pr)
				p.cmds = append(p.cmds, pr.cmd)
			}
		}
	}
}

// prepareProbe makes a probe with this datum for its base, or the old one fit.
func (b prober) prepareProbe(ctx context.Context, old []*probe, it *item) *probe {
	pr := &probe{probeTarget: it.probeTarget, base: it.req.Ref.Key}
	for _, o := range old {
		if o.probeTarget == it.probeTarget && o.base == pr.base && b.liesOnNode(ctx, o.key, o.node) {
			pr = o
		}
	}
	if pr.cmd == nil {
		if pr.key = b.probeKey(ctx, pr.base, pr.node); pr.key == "" {
			return nil
		}
		name := cmdGet
		if pr.kind == datasource.KindHash {
			name = cmdHGetAll
		}
		pr.slot.limit = probeLimit
		pr.cmd = redis.NewRawWriteToCmd(ctx, &pr.slot, name, pr.key)
		pr.cmd.SetFirstKeyPos(1)
	}
	pr.arena.bytes, pr.refused = pr.arena.bytes[:0], nil
	pr.slot.reset(&pr.arena)
	pr.cmd.SetErr(nil)
	return pr
}

// probeKey returns a name that begins with the base and lies on its node.
func (b prober) probeKey(ctx context.Context, base, node string) string {
	for n := range maxNames {
		key := base + probeSuffix
		if n > 0 {
			key += strconv.Itoa(n)
		}
		if b.liesOnNode(ctx, key, node) {
			return key
		}
	}
	return ""
}

// nodeOf returns the node of a cluster that holds a key.
func (b prober) nodeOf(ctx context.Context, key string) (string, error) {
	if b.c.cluster == nil {
		return "", nil
	}
	master, err := b.c.cluster.MasterForKey(ctx, key)
	if err != nil {
		return "", err
	}
	return master.Options().Addr, nil
}

func (b prober) liesOnNode(ctx context.Context, key, node string) bool {
	n, err := b.nodeOf(ctx, key)
	return err == nil && n == node
}

// readReplies reads the replies to the probes.
func (b prober) readReplies(p *poll) {
	for _, pr := range p.probes {
		if !pr.slot.begun || pr.cmd.Err() != nil {
			continue
		}
		_, err := resp.NewReader(pr.slot.bytes()).Next()
		switch {
		case !isReply(err, "NOPERM"):
		case forCommand(err):
			pr.refused = err
		default: // the command is allowed; the patterns leave this key out
			b.c.memory.blockBase(pr.base)
		}
	}
}

// forCommand reports whether a NOPERM is about the command, and not about its
// key.
func forCommand(err error) bool { return strings.Contains(err.Error(), "run the") }

// probeFor returns the probe of a place.
func (p *poll) probeFor(at probeTarget) *probe {
	for _, pr := range p.probes {
		if pr.probeTarget == at {
			return pr
		}
	}
	return nil
}

// probeRefusal returns the server's error when the datum is of a kind that may not
// be read any more.
func (p *poll) probeRefusal(it *item) error {
	if it.probeTarget.kind == 0 {
		return nil
	}
	if pr := p.probeFor(it.probeTarget); pr != nil {
		return pr.refused
	}
	return nil
}

// blockedBases are the data whose probe the user's patterns do not cover, because they
// name whole keys.
type blockedBases struct {
	bases map[string]struct{}
	since time.Time
}

// canProbe reports whether a datum may be a probe's base. m is locked.
func (m *memory) canProbe(base string) bool {
	if len(m.blocked.bases) > 0 && time.Since(m.blocked.since) > blockedFor {
		m.blocked = blockedBases{}
	}
	_, closed := m.blocked.bases[base]
	return !closed && len(m.blocked.bases) < maxBlocked
}

func (m *memory) blockBase(base string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.blocked.bases == nil {
		m.blocked = blockedBases{bases: map[string]struct{}{}, since: time.Now()}
	}
	m.blocked.bases[base] = struct{}{}
}
