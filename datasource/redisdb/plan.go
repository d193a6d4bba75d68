package redisdb

import (
	"math"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// item is one datum of a poll: what is asked for it, and what came back.
type item struct {
	req   datasource.Request
	mode  mode
	was   mode // in the pass before
	err   error
	value slot
	ttl   slot

	place  place // where its probe is asked; the zero value: it needs none
	worked bool  // it could be read last time

	// The commands are made once and used by every poll.
	key              any // req.Ref.Key, boxed once
	valueCmd, ttlCmd redis.Cmder
	args             []any   // of valueCmd
	made             mode    // what valueCmd is for
	asked            float64 // the score that args holds
	end              *tail   // KindZSet: shared by all polls, guarded by memory.mu
}

// mode is how a datum is read.
type mode uint8

const (
	modeRead    mode = iota // its value
	modeNewer               // a series: the last known score and what is above it
	modeMeasure             // it was too big: only its size
	modeSkip                // nothing is asked
	modePlain               // GET or HGETALL, for users who may not GETRANGE or HSCAN
)

// Arguments that never change are boxed once.
var (
	argZero       any = "0"
	argOverLimit  any = strconv.Itoa(datasource.MaxMembers + 1)
	argPlusInf    any = "+inf"
	argLastByte   any = strconv.Itoa(datasource.MaxValueBytes) // inclusive: one byte over the limit
	argManyFields any = strconv.Itoa(2 * datasource.MaxFields)
	argMembers    any = strconv.Itoa(datasource.MaxMembers) // inclusive rank: one over the limit
)

// Names of commands, boxed once.
var (
	cmdGetRange, cmdGet, cmdStrLen  any = "getrange", "get", "strlen"
	cmdHScan, cmdHGetAll, cmdHLen   any = "hscan", "hgetall", "hlen"
	cmdZRange, cmdZCard             any = "zrange", "zcard"
	cmdLRange, cmdLLen              any = "lrange", "llen"
	cmdXRevRange, cmdXLen           any = "xrevrange", "xlen"
	cmdPTTL                         any = "pttl"
	optCount, optREV, optWithScores any = "count", "rev", "withscores"
	optByScore, optLimit            any = "byscore", "limit"
	streamNewest, streamOldest      any = "+", "-"
)

// valueArgs returns the command that reads or measures the datum.
func (it *item) valueArgs() []any {
	ref := &it.req.Ref
	if it.mode == modeMeasure {
		return it.sizeArgs()
	}
	switch ref.Kind {
	case datasource.KindString:
		if it.mode == modePlain {
			return []any{cmdGet, it.key}
		}
		return []any{cmdGetRange, it.key, argZero, argLastByte}
	case datasource.KindHash:
		if it.mode == modePlain {
			return []any{cmdHGetAll, it.key}
		}
		// A small hash is one listpack and comes whole; a large one comes by
		// COUNT buckets, and its cursor says that there is more.
		return []any{cmdHScan, it.key, argZero, optCount, argManyFields}
	case datasource.KindZSet:
		return it.seriesArgs()
	case datasource.KindList:
		return []any{cmdLRange, it.key, argZero, strconv.Itoa(keepItems(ref) - 1)}
	default:
		return []any{cmdXRevRange, it.key, streamNewest, streamOldest, optCount, strconv.Itoa(keepItems(ref))}
	}
}

// sinceArg is where a series' command holds the score.
const sinceArg = 2

// seriesArgs asks for the newest members by rank, or for those from the last
// known score on. That score itself is asked for again: see tail. More of
// them than fit are asked for by rank instead.
func (it *item) seriesArgs() []any {
	if it.mode == modeNewer {
		since := formatScore(it.req.Since)
		return []any{cmdZRange, it.key, since, argPlusInf, optByScore, optLimit, argZero, argOverLimit, optWithScores}
	}
	last := argMembers
	if k := it.req.Ref.Keep; k > 0 && k <= datasource.MaxMembers {
		last = strconv.Itoa(k - 1)
	}
	return []any{cmdZRange, it.key, argZero, last, optREV, optWithScores}
}

func (it *item) sizeArgs() []any {
	ref := &it.req.Ref
	switch ref.Kind {
	case datasource.KindString:
		return []any{cmdStrLen, it.key}
	case datasource.KindHash:
		return []any{cmdHLen, it.key}
	case datasource.KindZSet:
		return []any{cmdZCard, it.key}
	case datasource.KindList:
		return []any{cmdLLen, it.key}
	default:
		return []any{cmdXLen, it.key}
	}
}

// command returns the name under which people know what the datum needs.
func command(k datasource.Kind) string {
	switch k {
	case datasource.KindString:
		return "get"
	case datasource.KindHash:
		return "hgetall"
	case datasource.KindZSet:
		return "zrange"
	case datasource.KindList:
		return "lrange"
	}
	return "xrevrange"
}

// keepItems is how many items of a list or stream are read.
func keepItems(ref *datasource.Ref) int {
	if ref.Keep <= 0 {
		return datasource.DefaultKeep
	}
	return min(ref.Keep, datasource.MaxMembers)
}

// formatScore writes a score as Redis reads it; -Inf and +Inf included.
func formatScore(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "+inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	return strconv.FormatFloat(f, 'g', 17, 64)
}

// scoreOf converts a duration to the unit of a score that is an epoch time. ok
// is false for scores that are no time.
func scoreOf(d time.Duration, score float64) (span float64, ok bool) {
	unit, ok := datasource.EpochUnit(score)
	if !ok {
		return 0, false
	}
	return float64(d) / float64(unit), true
}
