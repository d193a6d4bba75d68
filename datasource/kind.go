package datasource

import (
	"fmt"
	"strings"
)

// Kind is the Redis shape that a datum is kept in. What is known of a kind
// is in one table, see KindInfo.
type Kind uint8

// The kinds of the configuration's data section.
const (
	KindString     Kind = iota + 1 // GET: a number, text or JSON
	KindHash                       // HGETALL: an object of fields
	KindZSet                       // ZRANGE: a series, the score is the time
	KindList                       // LRANGE: newest first
	KindStream                     // XREVRANGE: entries with an ID
	KindChannel                    // SUBSCRIBE: messages, never stored
	KindSet                        // SSCAN: members without an order
	KindJSON                       // JSON.GET: a document of RedisJSON
	KindTimeSeries                 // TS.REVRANGE: samples of RedisTimeSeries
	numKinds       = iota + 1
)

// Payload says which field of a Raw holds what Redis delivered.
type Payload uint8

// The payloads.
const (
	PayloadNone    Payload = iota // a channel: nothing is stored
	PayloadBytes                  // Raw.Bytes
	PayloadFields                 // Raw.Fields
	PayloadMembers                // Raw.Members
	PayloadItems                  // Raw.Items
	PayloadEntries                // Raw.Entries
)

// PushEffect says what a message on the live channel of a datum does to it.
type PushEffect uint8

// The effects.
const (
	PushMerges  PushEffect = iota + 1 // only the newest counts: an object merges, all else replaces
	PushPoints                        // every message adds points to the series
	PushMessage                       // every message becomes the newest message
	PushRereads                       // the message only says that the key has changed
)

// KindInfo is what is known of a kind: the one place where a kind is described
// for every package. Package redisdb adds how a kind is asked for, package
// decode how it is decoded; their tests hold both complete over Kinds.
type KindInfo struct {
	Name      string     // in the configuration and in snapshots
	RedisType string     // what TYPE answers; "" for channels
	Payload   Payload    // what of a Raw is set
	Push      PushEffect // what messages on the live channel do
	Read      string     // the command that people know it by, for the texts of faults
	Bounded   string     // the command that reads it within limits
	Measure   string     // the command that tells its size
	MaxCount  int        // most fields, members or entries that are read; 0 where bytes are counted
	Series    bool       // points in time, read by increments
	Module    string     // the Redis module that it needs; "" for none
	What      string     // one line for help, schema and docs
}

var kinds = [numKinds]KindInfo{
	KindString: {Name: "string", RedisType: "string", Payload: PayloadBytes, Push: PushMerges,
		Read: "get", Bounded: "getrange", Measure: "strlen", What: "a number, text or JSON"},
	KindHash: {Name: "hash", RedisType: "hash", Payload: PayloadFields, Push: PushMerges,
		Read: "hgetall", Bounded: "hscan", Measure: "hlen", MaxCount: MaxFields, What: "an object of fields"},
	KindZSet: {Name: "zset", RedisType: "zset", Payload: PayloadMembers, Push: PushPoints,
		Read: "zrange", Bounded: "zrange", Measure: "zcard", MaxCount: MaxMembers, Series: true, What: "a series, the score is the time"},
	KindList: {Name: "list", RedisType: "list", Payload: PayloadItems, Push: PushMessage,
		Read: "lrange", Bounded: "lrange", Measure: "llen", MaxCount: MaxMembers, What: "items, newest first"},
	KindStream: {Name: "stream", RedisType: "stream", Payload: PayloadEntries, Push: PushMessage,
		Read: "xrevrange", Bounded: "xrevrange", Measure: "xlen", MaxCount: MaxMembers, What: "entries, newest first"},
	KindChannel: {Name: "channel", Payload: PayloadNone, Push: PushMessage,
		Read: "subscribe", MaxCount: MaxMembers, What: "messages as they are published, nothing stored"},
	KindSet: {Name: "set", RedisType: "set", Payload: PayloadItems, Push: PushRereads,
		Read: "sscan", Bounded: "sscan", Measure: "scard", MaxCount: MaxMembers, What: "members without an order, shown sorted"},
	KindJSON: {Name: "json", RedisType: "ReJSON-RL", Payload: PayloadBytes, Push: PushMerges,
		Read: "json.get", Bounded: "json.get", Measure: "json.debug", Module: "RedisJSON", What: "a document of RedisJSON"},
	KindTimeSeries: {Name: "timeseries", RedisType: "TSDB-TYPE", Payload: PayloadMembers, Push: PushPoints,
		Read: "ts.revrange", Bounded: "ts.revrange", Measure: "ts.info", MaxCount: MaxMembers, Series: true, Module: "RedisTimeSeries", What: "samples of RedisTimeSeries"},
}

// Kinds returns every kind, in the order of the vocabulary.
func Kinds() []Kind {
	out := make([]Kind, 0, numKinds-1)
	for k := Kind(1); k < numKinds; k++ {
		out = append(out, k)
	}
	return out
}

// Info returns what is known of k, the zero KindInfo for no kind.
func (k Kind) Info() KindInfo {
	if k >= numKinds {
		return KindInfo{}
	}
	return kinds[k]
}

// Valid reports whether k is one of Kinds.
func (k Kind) Valid() bool { return k > 0 && k < numKinds }

// IsSeries reports whether k holds points in time, read by increments.
func (k Kind) IsSeries() bool { return k.Valid() && kinds[k].Series }

// Push returns what a message on the live channel of a k does.
func (k Kind) Push() PushEffect {
	if !k.Valid() {
		return 0
	}
	return kinds[k].Push
}

// String returns the name that the configuration and snapshots use.
func (k Kind) String() string {
	if !k.Valid() {
		return "unknown"
	}
	return kinds[k].Name
}

// ParseKind is the inverse of Kind.String.
func ParseKind(s string) (Kind, error) {
	for k := Kind(1); k < numKinds; k++ {
		if kinds[k].Name == s {
			return k, nil
		}
	}
	return 0, fmt.Errorf("unknown kind %q (one of %s)", s, strings.Join(KindNames(), ", "))
}

// KindNames returns the names of all kinds.
func KindNames() []string {
	out := make([]string, 0, numKinds-1)
	for k := Kind(1); k < numKinds; k++ {
		out = append(out, kinds[k].Name)
	}
	return out
}
