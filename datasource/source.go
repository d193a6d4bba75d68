package datasource

import (
	"context"
	"time"
)

// SourceID names one of the three things data comes from.
type SourceID uint8

// The sources, in the order of the status bar.
const (
	SourceRedis SourceID = iota
	SourcePubSub
	SourceAPI
	NumSources
)

var sourceNames = [...]string{"redis", "pubsub", "api"}

// String returns the name used on screen and in snapshots.
func (s SourceID) String() string {
	if int(s) < len(sourceNames) {
		return sourceNames[s]
	}
	return "unknown"
}

// Light is the state of a source.
type Light uint8

// The lights. An idle source is one that nobody needed to ask.
const (
	LightIdle Light = iota
	LightConnecting
	LightUp
	LightDegraded // answers, but not everything: throttled, no permission, not ready
	LightDown
	LightOff // not configured
)

var lightNames = [...]string{"idle", "connecting", "up", "degraded", "down", "off"}

// String returns the word used in snapshots.
func (l Light) String() string {
	if int(l) < len(lightNames) {
		return lightNames[l]
	}
	return "unknown"
}

// Status is what is known of one source.
type Status struct {
	Light     Light
	RTT       time.Duration // redis, api: the last round trip
	Rate      float64       // pubsub: messages a second, over the last few seconds
	Channels  int           // pubsub: channels confirmed
	Conflated uint64        // pubsub: messages that a newer one replaced before it was decoded
	Dropped   uint64        // pubsub: messages lost to a full buffer; 0 is the promise
	Since     time.Time     // when Light last changed
	Fault     *Fault        // the cause when degraded or down; its RetryAt counts down
}

// Raw is what a source delivered for one Ref, undecoded. Exactly one of the
// payload fields is set, by the Ref's kind (KindInfo.Payload); none when Missing
// or Err. The bytes belong to the receiver.
//
// A RedisJSON document is the JSON text in Bytes, without the array that a path
// of the "$" kind wraps around it. A sample of RedisTimeSeries is a member whose
// Score is the epoch in milliseconds and whose Member is the number's text. The
// members of a set are Items in any order.
type Raw struct {
	Ref     *Ref          // never nil
	At      time.Time     // when it was received
	TTL     time.Duration // time to live at At; NoTTL when it has none. When Missing: how long that is believed
	Missing bool          // the source says that there is no such thing
	Note    Safe          // what has to be said of it: "3 of 6 rows"; empty for nothing
	Err     error         // a *Fault: this datum could not be read

	Bytes   []byte      // KindString, KindJSON; the API's JSON for any kind (JSON is true)
	JSON    bool        // Bytes is a JSON body of the API, Pick not yet applied
	Fields  []RawField  // KindHash
	Members []RawMember // KindZSet, KindTimeSeries, oldest first
	Since   float64     // KindZSet, KindTimeSeries: Members holds only scores above this one; -Inf when it is the whole window
	Items   [][]byte    // KindList, in the order of Redis, head first; KindSet, in any order
	Newest  End         // KindList: which end of Items is newest; EndUnknown: the times inside tell, else the first is assumed
	Count   int         // KindList: how many items there are, as far as that was asked
	Entries []RawEntry  // KindStream, newest first
}

// NoTTL is the TTL of a datum that does not expire.
const NoTTL time.Duration = -1

// RawField is one field of a hash.
type RawField struct {
	Name  string
	Value []byte
}

// RawMember is one member of a sorted set.
type RawMember struct {
	Score  float64
	Member []byte
}

// RawEntry is one entry of a stream.
type RawEntry struct {
	ID     string
	Fields []RawField
}

// Request asks for one datum. Since is the highest score already known of a
// series (-Inf for the whole window), so that only newer members travel. Newer
// is for a reader that hands out answers again: one of before then is no use.
// Newest is the end of a list to read, as far as it is known: EndLast reads its
// tail, all else its head; the Raw says the same.
type Request struct {
	Ref    *Ref // never nil, and never written to
	Since  float64
	Newer  time.Time
	Newest End
}

// Reader reads data once. redisdb and django implement it.
//
// Read returns one Raw per request, in the same order, and an error (a *Fault)
// only when the source as a whole could not be asked; then no Raw is valid.
// It honours ctx and is safe for concurrent use.
type Reader interface {
	Read(ctx context.Context, reqs []Request) ([]Raw, error)
}

// Sink receives what a Listener hears. Its methods are called from one
// goroutine, in order, and must return quickly.
type Sink interface {
	// Joined says that every channel of the wanted set is confirmed: from here
	// on nothing published is missed, so keys read after it are complete.
	// It is called again after every rejoin, however short the gap, and after
	// every change of the set.
	Joined(channels int)
	// Message delivers one payload. payload is valid only during the call.
	// channel is the channel it was published on; pattern is the subscribed
	// pattern that matched, or "". A message on a channel never asked for is
	// not delivered.
	Message(channel, pattern string, payload []byte)
	// Lost says that the connection is gone or refused; f.RetryAt is the next
	// try. Denied channels alone do not end the others where the server allows.
	Lost(f *Fault)
}

// Listener keeps one subscription for the whole process.
//
// Listen blocks until ctx ends and rejoins by itself after every failure; it
// calls nothing after it has returned. SetChannels replaces the wanted set; a
// name with '*', '?' or '[' is a pattern. It never blocks and may be called at
// any time from any goroutine, also before Listen.
type Listener interface {
	Listen(ctx context.Context, sink Sink) error
	SetChannels(channels []string)
}
