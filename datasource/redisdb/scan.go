package redisdb

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
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
	scanNode := func(ctx context.Context, rdb redis.Cmdable) error {
		looked := 0
		for cursor := uint64(0); ; {
			keys, next, err := scanPage(ctx, rdb, cursor, pattern, kind)
			if err != nil {
				return err
			}
			mu.Lock()
			for _, k := range keys { // SCAN may name a key twice
				if _, known := seen[k]; !known && len(seen) >= limit {
					more = true
					break
				}
				seen[k] = struct{}{}
			}
			full := more
			mu.Unlock()
			looked += scanCount
			if cursor = next; cursor == 0 || full {
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

func scanPage(ctx context.Context, rdb redis.Cmdable, cursor uint64, pattern string, kind datasource.Kind) ([]string, uint64, error) {
	if kind == 0 {
		return rdb.Scan(ctx, cursor, pattern, scanCount).Result()
	}
	return rdb.ScanType(ctx, cursor, pattern, scanCount, kind.Info().RedisType).Result()
}
