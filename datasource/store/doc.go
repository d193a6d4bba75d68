// Package store holds the only mutable data of ticktop: the newest Entry of
// every datum that somebody shows, its short history, the states of the sources
// and the log of events.
//
// One writer calls Apply; any number of viewers read. A viewer's Watch hands
// out immutable snapshots and a channel of capacity 1 that is poked when there
// is a newer one: a slow viewer skips snapshots and never blocks another.
//
// What a publish costs: viewers of the same refs share one view, a snapshot is
// put together when it is first asked for, and a datum knows the views that
// show it. So Apply with k changed data costs k, plus one notification for each
// viewer of something that changed; a snapshot costs one pointer per datum, once per
// view, and nothing for viewers that don't look.
package store
