// Package record writes what a dashboard shows to a file, and plays it back
// as a Feed. It records published entries and not raw bytes, so a replay shows
// the same screens as the live session did and raises the same alerts.
//
// # Format
//
// A recording is JSON lines under zstd; `zstdcat FILE | jq` reads it. It is a
// sequence of blocks (zstd frames), one about every 30 s. Each begins with the header
// and a keyframe, so that seeking costs one block, and is flushed every second,
// so that a killed process loses no more than that. A block that ends early is
// read as far as it goes.
//
//	{"ticktop":"recording","version":1,"created":"2026-11-23T09:00:00Z","names":["account", …], …}
//	{"t":0,"key":true}
//	{"t":0,"n":0,"e":{"r":{…},"s":"live","o":"redis","v":{…},"at":-1200000,"ex":58000000000, …}}
//	{"t":0,"src":[{"light":"up","rtt":300000}, …]}
//	{"t":51000000,"n":4,"e":{"rev":77,"s":"live","o":"pubsub","v":{"bid":1.0834,"ask":1.0835}}}
//	{"t":51000000,"ev":[{"at":-100,"subject":"redis","from":"up","to":"down", …}]}
//	{"t":9000000000,"end":"closed"}
//
// "ev" are new events; those of a keyframe, marked "all", replace what was
// known. t is nanoseconds since created. The lines of one t are one published
// snapshot: one step. Times inside a line are nanoseconds relative to its t,
// but for the producer's stamp, which is epoch nanoseconds. An entry has all
// that is known of its datum, except that r is given only where it changed
// since the last line of the same n in its block, and that a series or a list
// of messages that only moved on gives its difference: how many fell off and
// what was added.
//
// Alerts are not recorded; a replay evaluates them again.
package record
