package redisdb

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// askedNode returns the address in a node's "ASK slot host:port".
func askedNode(err error) string {
	var e resp.Error
	if !errors.As(err, &e) {
		return ""
	}
	words := strings.Fields(string(e))
	if len(words) < 3 {
		return ""
	}
	return words[2]
}

// followAsk asks for the keys of slots that are on their way to another node
// there, each command behind its own ASKING. It returns the items that
// have to be asked again in another way.
func (c *Client) followAsk(ctx context.Context, p *poll, raws []datasource.Raw, again []int, d *decoder) []int {
	moving := map[string][]int{}
	rest := again[:0]
	for _, i := range again {
		if addr := p.items[i].askAt; addr != "" {
			moving[addr] = append(moving[addr], i)
		} else {
			rest = append(rest, i)
		}
	}
	if len(moving) == 0 {
		return again
	}
	var mu sync.Mutex
	_ = c.guard(func() error { // what could not be asked keeps its fault
		return c.cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
			mu.Lock()
			items := moving[node.Options().Addr]
			mu.Unlock()
			if len(items) == 0 {
				return nil
			}
			return p.askNode(ctx, node, items)
		})
	})
	for _, items := range moving {
		for _, i := range items {
			it := &p.items[i]
			if it.askAt = ""; d.decodeItem(it, &raws[i]) {
				rest = append(rest, i)
			}
		}
	}
	return rest
}

// askNode reads items from the node that imports their slots.
func (p *poll) askNode(ctx context.Context, node *redis.Client, items []int) error {
	pipe := node.Pipeline()
	for _, i := range items {
		it := &p.items[i]
		it.prepareCommands(ctx)
		it.value.reset(&buffer{})
		cmds := []redis.Cmder{it.valueCmd}
		if !it.untimed {
			it.ttl.reset(&buffer{})
			cmds = append(cmds, it.ttlCmd)
		}
		it.counted = false
		for _, cmd := range cmds {
			if err := pipe.BatchProcess(ctx, redis.NewCmd(ctx, "asking"), cmd); err != nil {
				return err
			}
		}
	}
	_, err := pipe.Exec(ctx)
	return err
}
