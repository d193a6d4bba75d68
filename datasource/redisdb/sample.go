package redisdb

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// Sample is a bounded look into one key: enough to tell what it holds, never
// all of it. Which fields are set depends on the type.
type Sample struct {
	Key    Key
	TTL    time.Duration // datasource.NoTTL when it does not expire
	Len    int64         // bytes, fields, members or entries
	Bytes  []byte        // string, JSON document
	Fields []datasource.RawField
	First  []datasource.RawMember // list, set, sorted set, time series: the first few
	Last   []datasource.RawMember // list, sorted set, time series: the last few
	Recent []datasource.RawEntry  // stream: newest first
}

const (
	sampleChunk  = 100 // keys of one pipeline
	sampleItems  = 4   // of each end
	sampleFields = 60
)

// Samples looks into keys, in their order. A key that is gone or may not be
// read has a Sample of nothing. The error says that Redis could not be asked.
func (c *Client) Samples(ctx context.Context, keys []Key) ([]Sample, error) {
	out := make([]Sample, 0, len(keys))
	for chunk := range slices.Chunk(keys, sampleChunk) {
		pipe := c.rdb.Pipeline()
		collect := make([]func(*Sample), len(chunk))
		ttls := make([]*redis.DurationCmd, len(chunk))
		for i, k := range chunk {
			collect[i] = askSample(ctx, pipe, k)
			ttls[i] = pipe.PTTL(ctx, k.Name)
		}
		if err := c.guard(func() error { _, err := pipe.Exec(ctx); return err }); err != nil && isServerFault(c.fault(err, "sample", "")) {
			return out, c.fault(err, "sample", "")
		}
		for i, k := range chunk {
			s := Sample{Key: k, TTL: datasource.NoTTL}
			if ttl := ttls[i].Val(); ttl > 0 {
				s.TTL = ttl
			}
			collect[i](&s)
			out = append(out, s)
		}
	}
	return out, nil
}

// askSample queues the commands for one key and returns what takes their
// replies.
func askSample(ctx context.Context, pipe redis.Pipeliner, k Key) func(*Sample) {
	switch k.Type {
	case "string":
		size, text := pipe.StrLen(ctx, k.Name), pipe.GetRange(ctx, k.Name, 0, datasource.MaxValueBytes)
		return func(s *Sample) { s.Len, s.Bytes = size.Val(), []byte(text.Val()) }
	case "hash":
		size, fields := pipe.HLen(ctx, k.Name), pipe.HScan(ctx, k.Name, 0, "", sampleFields)
		return func(s *Sample) { s.Len, s.Fields = size.Val(), pairFields(fields) }
	case "list":
		size, first, last := pipe.LLen(ctx, k.Name), pipe.LRange(ctx, k.Name, 0, sampleItems-1), pipe.LRange(ctx, k.Name, -sampleItems, -1)
		return func(s *Sample) {
			s.Len, s.First, s.Last = size.Val(), plainMembers(first.Val()), plainMembers(last.Val())
		}
	case "set":
		size, some := pipe.SCard(ctx, k.Name), pipe.SScan(ctx, k.Name, 0, "", sampleFields)
		return func(s *Sample) {
			names, _ := some.Val()
			s.Len, s.First = size.Val(), plainMembers(names[:min(len(names), 4*sampleFields)])
		}
	case "zset":
		size, first, last := pipe.ZCard(ctx, k.Name), pipe.ZRangeWithScores(ctx, k.Name, 0, sampleItems-1), pipe.ZRangeWithScores(ctx, k.Name, -sampleItems, -1)
		return func(s *Sample) {
			s.Len, s.First, s.Last = size.Val(), scoredMembers(first.Val()), scoredMembers(last.Val())
		}
	case "stream":
		size, entries := pipe.XLen(ctx, k.Name), pipe.XRevRangeN(ctx, k.Name, "+", "-", sampleItems)
		return func(s *Sample) { s.Len, s.Recent = size.Val(), recentEntries(entries.Val()) }
	case "ReJSON-RL":
		text := pipe.Do(ctx, "JSON.GET", k.Name)
		return func(s *Sample) { body, _ := text.Text(); s.Bytes, s.Len = []byte(body), int64(len(body)) }
	case "TSDB-TYPE":
		last := pipe.Do(ctx, "TS.GET", k.Name)
		return func(s *Sample) { s.Last = timeSeriesPoint(last); s.Len = int64(len(s.Last)) }
	}
	return func(*Sample) {}
}

func pairFields(cmd *redis.ScanCmd) []datasource.RawField {
	pairs, _ := cmd.Val()
	out := make([]datasource.RawField, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs) && len(out) < datasource.MaxFields; i += 2 {
		out = append(out, datasource.RawField{Name: pairs[i], Value: []byte(pairs[i+1])})
	}
	return out
}

func plainMembers(items []string) []datasource.RawMember {
	out := make([]datasource.RawMember, len(items))
	for i, it := range items {
		out[i].Member = []byte(it)
	}
	return out
}

func scoredMembers(items []redis.Z) []datasource.RawMember {
	out := make([]datasource.RawMember, len(items))
	for i, it := range items {
		text, _ := it.Member.(string)
		out[i] = datasource.RawMember{Score: it.Score, Member: []byte(text)}
	}
	return out
}

func recentEntries(messages []redis.XMessage) []datasource.RawEntry {
	out := make([]datasource.RawEntry, 0, len(messages))
	for _, m := range messages {
		e := datasource.RawEntry{ID: m.ID}
		for name, v := range m.Values {
			text, _ := v.(string)
			e.Fields = append(e.Fields, datasource.RawField{Name: name, Value: []byte(text)})
		}
		slices.SortFunc(e.Fields, func(a, b datasource.RawField) int { return strings.Compare(a.Name, b.Name) })
		out = append(out, e)
	}
	return out
}

func timeSeriesPoint(cmd *redis.Cmd) []datasource.RawMember {
	reply, _ := cmd.Slice()
	if len(reply) != 2 {
		return nil
	}
	at, ok := reply[0].(int64)
	text := toString(reply[1])
	if !ok {
		return nil
	}
	return []datasource.RawMember{{Score: float64(at), Member: []byte(text)}}
}
