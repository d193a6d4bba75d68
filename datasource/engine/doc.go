// Package engine keeps data fresh: one Engine per process reads what somebody
// shows, listens to its channels, counts its expiry down, asks the API where
// Redis has nothing, and publishes immutable snapshots.
//
// # Where a value comes from
//
// A datum has up to three witnesses: its key in Redis (polled), its channel
// (pushed) and its endpoint (asked). Which one is shown follows from what each
// last said; see resolve.go for the table. The rules that take a decision:
//
//   - A deadline is counted from the start of the read that returned the PTTL, so
//     that it is never later than Redis' own. The key is read again shortly
//     before it, so that one renewed meanwhile does not blink, and at once
//     after it. Past its deadline a value from Redis is never live: it is stale
//     until the API has answered, and the API is asked as soon as Redis has
//     confirmed that the key is gone, or has not answered for a quarter of a
//     second.
//   - A push makes its datum live for as long as the key itself would live: the
//     longest TTL seen of that key, at most cache_ttl, and cache_ttl if none was
//     seen. A quote that is pushed but whose key has expired is fresh data
//     from its channel. While the key is there its own deadline counts, if it is
//     later or if it has no deadline.
//   - A push lies over what the key holds until the key has had one whole poll
//     to catch up, then the key counts; times that both carry decide before
//     that. While the key does not change the push stays.
//   - The API is asked once per cache_ttl and datum, and sooner only by Refresh
//     or when Redis has delivered something newer since and lost it again: then
//     after flapAfter.
//   - Redis down means stale at once. The API is asked for data never seen at
//     once, for the others when a second try has failed too.
//
// # Threads
//
// All state is behind one mutex, which is never held during I/O. Run's loop is
// the only one that publishes. Payloads of channels do not pass that mutex:
// they land in the inbox, which costs a map look-up and a copy a message, and
// are decoded once a frame.
package engine
