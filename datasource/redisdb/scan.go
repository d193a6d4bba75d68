package redisdb

import (
	"context"
	"strconv"
	"sync"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// maxScanned bounds how many keys one listing looks at: a pattern that matches
// little must not walk through millions of others again and again.
const maxScanned = 2_000_000

// ScanKeys lists the keys that a pattern matches, of one kind or of any, on all
// masters of a cluster: at most limit, and whether there are more. It never uses
// KEYS. The error is a *datasource.Fault.
func (c *Client) ScanKeys(ctx context.Context, pattern string, kind datasource.Kind, limit int) (names []string, more bool, err error) {
	var mu sync.Mutex
	seen := map[string]struct{}{}
	scanNode := func(ctx context.Context, rdb redis.UniversalClient) error {
		looked, count := 0, scanCount
		for cursor := "0"; ; {
			page, err := scanOnce(ctx, rdb, cursor, pattern, kind, &count)
			if err != nil {
				return err
			}
			mu.Lock()
			for _, k := range page.names { // SCAN may name a key twice
				if _, known := seen[k]; !known && len(seen) >= limit {
					more = true
					break
				}
				seen[k] = struct{}{}
			}
			full := more
			mu.Unlock()
			looked += count
			if cursor = page.next; cursor == "0" || full {
				return nil
			}
			if looked >= maxScanned {
				mu.Lock()
				more = true
				mu.Unlock()
				return nil
			}
		}
	}
	err = c.guard(func() error {
		if c.cluster != nil {
			return c.cluster.ForEachMaster(ctx, func(ctx context.Context, n *redis.Client) error { return scanNode(ctx, n) })
		}
		return scanNode(ctx, c.rdb)
	})
	if err != nil {
		return nil, false, c.fault(err, "scan", pattern)
	}
	names = make([]string, 0, len(seen))
	for k := range seen {
		names = append(names, k)
	}
	return names, more, nil
}

// scanReply is what one SCAN answered.
type scanReply struct {
	names   []string
	next    string // "0" at the end
	bytes   int64
	skipped int // names that are too long to be held
}

// scanOnce asks for the keys from a cursor on. Names so long that the reply does
// not fit are asked for in smaller numbers, which count keeps for the next time;
// what does not even fit alone is passed over.
func scanOnce(ctx context.Context, rdb redis.UniversalClient, cursor, pattern string, kind datasource.Kind, count *int) (out scanReply, err error) {
	for {
		args := []any{"scan", cursor, "match", pattern, "count", strconv.Itoa(*count)}
		if kind != 0 {
			args = append(args, "type", kind.Info().RedisType)
		}
		s := slot{}
		s.reset(&buffer{})
		if err := rdb.Process(ctx, redis.NewRawWriteToCmd(ctx, &s, args...)); err != nil {
			return out, err
		}
		out.bytes += int64(len(s.bytes())) + s.discarded
		if s.discarded > 0 && *count > 1 {
			*count = max(*count/8, 1)
			continue
		}
		r := resp.NewReader(s.bytes())
		if n, err := r.Array(); err != nil || n != 2 {
			return out, orBad(err)
		}
		at, _, err := r.Bytes()
		if err != nil {
			return out, err
		}
		out.next = string(at)
		if err := out.take(r); err != nil && s.discarded == 0 {
			return out, err
		}
		return out, nil
	}
}

// take keeps the names of a reply; what is cut off counts as passed over.
func (out *scanReply) take(r *resp.Reader) error {
	n, err := r.Array()
	if err != nil {
		return err
	}
	for i := range n {
		name, _, err := r.Bytes()
		if err != nil {
			out.skipped += n - i
			return err
		}
		if len(name) > maxKeyName {
			out.skipped++
			continue
		}
		out.names = append(out.names, string(name))
	}
	return nil
}
