package redisdb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/redisdb/resp"
)

// SharePrefix begins every key that Share may write.
const SharePrefix = "ticktop:api:"

// maxShared bounds a shared value: an API's answer is at most 2 MiB.
const maxShared = 2 << 20

// Share keeps an API's answer for other ticktops, by SETEX: the only command
// that a user needs leave for to write. It refuses every key outside
// SharePrefix, so that it cannot touch the platform's data.
func (c *Client) Share(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	switch {
	case !strings.HasPrefix(key, SharePrefix):
		return fmt.Errorf("share %q: only keys under %s are written", datasource.Clean(key, 80), SharePrefix)
	case len(value) > maxShared:
		return fmt.Errorf("share: value of %s is too big", format.Bytes(int64(len(value))))
	case ttl < time.Second:
		return errors.New("share: needs a second to live")
	}
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	if err := c.guard(func() error { return c.rdb.SetEx(ctx, key, value, ttl.Truncate(time.Second)).Err() }); err != nil {
		return c.fault(err, "setex", key)
	}
	return nil
}

// Shared reads what Share wrote, in one pipeline: nil where there is nothing,
// with the time each value still lives. The error is about all of them.
func (c *Client) Shared(ctx context.Context, keys []string) ([][]byte, []time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	slots := make([]slot, 2*len(keys))
	cmds := make([]redis.Cmder, 0, len(slots))
	for i, key := range keys {
		slots[2*i], slots[2*i+1] = slot{buf: &buffer{}, limit: maxShared + 64}, slot{buf: &buffer{}, limit: maxReply}
		value := redis.NewRawWriteToCmd(ctx, &slots[2*i], cmdGetRange, key, argZero, maxShared)
		ttl := redis.NewRawWriteToCmd(ctx, &slots[2*i+1], cmdPTTL, key)
		value.SetFirstKeyPos(1)
		ttl.SetFirstKeyPos(1)
		cmds = append(cmds, value, ttl)
	}
	if err := c.runPipeline(ctx, cmds); err != nil {
		return nil, nil, c.fault(err, "get", SharePrefix+"*")
	}
	values, ttls := make([][]byte, len(keys)), make([]time.Duration, len(keys))
	for i := range keys {
		b, _, err := resp.NewReader(slots[2*i].bytes()).Bytes()
		ms, ttlErr := resp.NewReader(slots[2*i+1].bytes()).Int()
		if isReply(err, "NOPERM") || isReply(ttlErr, "NOPERM") {
			return nil, nil, c.fault(errors.Join(err, ttlErr), "get", SharePrefix+"*")
		}
		if err == nil && ttlErr == nil && ms > 0 && len(b) <= maxShared {
			values[i], ttls[i] = b, time.Duration(ms)*time.Millisecond
		}
	}
	return values, ttls, nil
}

// Pipeline writes. It is the market simulator's hand, and nothing else uses it.
// The first error of any command is returned.
func (c *Client) Pipeline(ctx context.Context, cmds [][]any) error {
	if len(cmds) == 0 {
		return nil
	}
	pipe := c.rdb.Pipeline()
	for _, args := range cmds {
		pipe.Do(ctx, args...)
	}
	var done []redis.Cmder
	err := c.guard(func() (err error) {
		done, err = pipe.Exec(ctx)
		return err
	})
	for _, cmd := range done { // redis.Nil is an answer, and may hide an error after it
		if e := cmd.Err(); e != nil && !errors.Is(e, redis.Nil) {
			return c.fault(e, cmd.Name(), firstKey(cmd.Args()))
		}
	}
	if err != nil && !errors.Is(err, redis.Nil) {
		return c.fault(err, "", "")
	}
	return nil
}

func firstKey(args []any) string {
	if len(args) < 2 {
		return ""
	}
	return fmt.Sprint(args[1])
}
