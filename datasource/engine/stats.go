package engine

import "ticktop/datasource/store"

// counters count since the engine was made. They are guarded by Engine.mu.
type counters struct {
	reads, readErrors        uint64
	asked, askErrors, served uint64
	reconnects               uint64
}

// Stats is what the metrics show. Counts are since the engine was made.
type Stats struct {
	store.Stats        // watches, data, publishes, data by state, sources
	Messages    uint64 // received on channels
	Conflated   uint64 // of them replaced by a newer one before being decoded
	Dropped     uint64 // of them lost to a bound; their keys were read again
	Reads       uint64 // pipelines sent to Redis
	ReadErrors  uint64 // pipelines and single data that failed
	Asked       uint64 // requests to the API
	AskErrors   uint64 // of them failed
	Served      uint64 // data that the API answered
	Reconnects  uint64 // times the subscription was lost
	Channels    int    // wanted
}

// Stats counts.
func (e *Engine) Stats() Stats {
	e.mu.Lock()
	defer e.mu.Unlock()
	return Stats{
		Stats:    e.store.Stats(),
		Messages: e.inbox.messages.Load(), Conflated: e.inbox.conflated.Load(), Dropped: e.inbox.dropped.Load(),
		Reads: e.counters.reads, ReadErrors: e.counters.readErrors,
		Asked: e.counters.asked, AskErrors: e.counters.askErrors, Served: e.counters.served,
		Reconnects: e.counters.reconnects, Channels: len(e.pubsub.wanted),
	}
}
