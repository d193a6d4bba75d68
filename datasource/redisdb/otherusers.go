package redisdb

import (
	"context"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// OtherUsers are other clients of the same Redis. Channels know no database: what
// is published from one is heard by the listeners of all.
type OtherUsers struct {
	Listened  []string // channels with subscribers
	Databases []string // other databases that hold keys: "db0 with 12 keys"
}

// OtherUsers looks for other clients of the same Redis. What the user may not ask
// is left out; the error is a *datasource.Fault.
func (c *Client) OtherUsers(ctx context.Context) (out OtherUsers, err error) {
	err = c.guard(func() error {
		if out.Listened, err = c.rdb.PubSubChannels(ctx, "*").Result(); err != nil {
			return err
		}
		info, err := c.rdb.Info(ctx, "keyspace").Result()
		if err != nil {
			return err
		}
		out.Databases = otherDatabases(info, c.databaseNumber())
		return nil
	})
	if err != nil {
		return out, c.fault(err, "info", "")
	}
	return out, nil
}

// databaseNumber returns the number of the database that is used.
func (c *Client) databaseNumber() int {
	if one, ok := c.rdb.(*redis.Client); ok {
		return one.Options().DB
	}
	return 0
}

// otherDatabases reads INFO keyspace: "db0:keys=12,expires=0,avg_ttl=0".
func otherDatabases(info string, own int) (out []string) {
	for line := range strings.Lines(info) {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), ":keys=")
		if !ok || name == fmt.Sprintf("db%d", own) {
			continue
		}
		keys, _, _ := strings.Cut(rest, ",")
		out = append(out, name+" with "+keys+" keys")
	}
	return out
}
