// Package redisdb reads and hears Redis: bounded, pipelined reads of strings,
// hashes, sorted sets, lists and streams with their time to live, and one
// subscription that survives everything short of the end of its context. It is
// the only package that imports go-redis.
//
// It never writes to the platform's keys. Share writes below ticktop:api: only,
// and Pipeline is the market simulator's writer.
//
// # Reading
//
// A poll is one pipeline: for every datum its value and its PTTL. What could
// be huge is asked for so that it cannot be: GETRANGE up to the limit, HSCAN
// with a COUNT, ZRANGE and LRANGE by rank, XREVRANGE with COUNT. What turns out
// too big is from then on only measured (STRLEN, HLEN, ZCARD) until it
// fits again. Replies are streamed by go-redis into one buffer of limited size
// and parsed here, so that no reply, however large or malformed, costs memory.
// A poll also asks whether GET and HGETALL are still allowed: see probe.go.
//
// # Listening
//
// go-redis dials, logs in, finds the node, and writes SUBSCRIBE; the bytes that
// come back are read here. Sentinels are asked here, too. Its own PubSub.Channel does not
// notice a hung server, is silent about a refused channel, and panics on
// malformed replies.
package redisdb
