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
	count slot // KindList: its length, while its newest end is unknown

	askAt       string      // the node that a moving slot's key is asked at
	step        *stepFields // modeStep: how the fields are written
	askedFields []string    // modeStep: the fields asked for, newest first

	probeTarget probeTarget // where its probe is asked; the zero value: it needs no probe
	worked      bool        // it could be read last time

	// The commands are made once and used by every poll.
	key                        any // req.Ref.Key, boxed once
	valueCmd, ttlCmd, countCmd redis.Cmder
	counted, untimed           bool        // whether count is asked for, and ttl is not
	args                       []any       // of valueCmd
	madeFor                    mode        // what valueCmd is for
	askedScore                 float64     // the score that args holds
	end                        *seriesTail // shared by all polls, guarded by memory.mu
}

// mode is how a datum is read.
type mode uint8

const (
	modeRead    mode = iota // its value
	modeNewer               // a series: the last known score and what is above it
	modeMeasure             // it was too big: only its size
	modeSkip                // nothing is asked
	modePlain               // the unbounded command, where the bounded one is not to be had
	modeTail                // a list: its last items
	modeLearn               // a hash of times: a few of its fields, to see how they are written
	modeStep                // a hash of times: its newest fields by name
)

// Arguments that never change are boxed once.
var (
	argZero        any = "0"
	argOverLimit   any = strconv.Itoa(datasource.MaxMembers + 1)
	argPlusInf     any = "+inf"
	argLastByte    any = strconv.Itoa(datasource.MaxValueBytes) // inclusive: one byte over the limit
	argManyFields  any = strconv.Itoa(2 * datasource.MaxFields)
	argManyMembers any = strconv.Itoa(2 * datasource.MaxMembers)
	argLast        any = "-1"
	argMembers     any = strconv.Itoa(datasource.MaxMembers) // inclusive rank: one over the limit
)

// Names of commands, boxed once.
var (
	cmdGetRange, cmdGet, cmdStrLen  any = "getrange", "get", "strlen"
	cmdHScan, cmdHGetAll, cmdHLen   any = "hscan", "hgetall", "hlen"
	cmdZRange, cmdZCard             any = "zrange", "zcard"
	cmdLRange, cmdLLen              any = "lrange", "llen"
	cmdXRevRange, cmdXLen           any = "xrevrange", "xlen"
	cmdPTTL                         any = "pttl"
	cmdSScan, cmdSMembers, cmdSCard any = "sscan", "smembers", "scard"
	cmdHMGet                        any = "hmget"
	cmdJSONGet, cmdJSONDebug        any = "json.get", "json.debug"
	cmdTSGet, cmdTSRevRange         any = "ts.get", "ts.revrange"
	argMemory                       any = "memory"
	optCount, optREV, optWithScores any = "count", "rev", "withscores"
	optByScore, optLimit            any = "byscore", "limit"
	streamNewest, streamOldest      any = "+", "-"
)

// sinceArg is where a series' command holds the score.
const sinceArg = 2

// seriesArgs asks for the newest members by rank, or for those from the last
// known score on. That score itself is asked for again: see seriesTail. More of
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

// commandName returns the name under which people know what the datum needs.
func commandName(k datasource.Kind) string { return k.Info().Read }
