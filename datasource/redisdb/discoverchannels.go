package redisdb

import (
	"context"
	"slices"
	"strings"

	"ticktop/datasource"
)

// activeChannels lists the channels that have subscribers.
func (l *discoverer) activeChannels(ctx context.Context) []Channel {
	names, err := l.c.rdb.PubSubChannels(ctx, "*").Result()
	if err != nil {
		l.d.Notes = append(l.d.Notes, "channels cannot be listed: "+withHint(l.c.fault(err, "pubsub", "")))
		return nil
	}
	if len(names) > maxChannels {
		names = names[:maxChannels]
	}
	counts := map[string]int64{}
	if len(names) > 0 {
		counts, _ = l.c.rdb.PubSubNumSub(ctx, names...).Result() // a count is a nicety
	}
	out := make([]Channel, len(names))
	for i, n := range names {
		out[i] = Channel{Name: n, Subscribers: counts[n]}
	}
	return out
}

// recordChannels hears everything for a while.
func (l *discoverer) recordChannels(ctx context.Context) *channelRecorder {
	r := &channelRecorder{heard: map[string]*Channel{}}
	if l.o.Listen <= 0 {
		return r
	}
	ctx, cancel := context.WithTimeout(ctx, l.o.Listen)
	defer cancel()
	r.denied = cancel
	listener := l.c.withOwnSubscription()
	listener.SetChannels([]string{"*"})
	_ = listener.Listen(ctx, r) // ends with its context
	return r
}

// channelRecorder is the Sink of recordChannels.
type channelRecorder struct {
	heard  map[string]*Channel
	denied func()
	note   string
}

func (r *channelRecorder) Joined(int) { r.note = "" }

func (r *channelRecorder) Message(channel, _ string, payload []byte) {
	ch := r.heard[channel]
	if ch == nil {
		if len(r.heard) >= maxChannels {
			return
		}
		ch = &Channel{Name: channel}
		r.heard[channel] = ch
	}
	ch.Messages++
	if len(ch.Heard) < keptMessages && len(payload) <= datasource.MaxCell {
		ch.Heard = append(ch.Heard, slices.Clone(payload))
	}
}

func (r *channelRecorder) Lost(f *datasource.Fault) {
	r.note = "listening: " + f.Error()
	if f.Class == datasource.ClassPermission {
		r.denied()
	}
}

// mergeChannels adds what was heard to the channels that have subscribers.
func mergeChannels(channels []Channel, heard map[string]*Channel) []Channel {
	for i := range channels {
		ch := &channels[i]
		if h := heard[ch.Name]; h != nil {
			ch.Messages, ch.Heard = h.Messages, h.Heard
			delete(heard, ch.Name)
		}
	}
	for _, h := range heard {
		channels = append(channels, *h)
	}
	slices.SortFunc(channels, func(a, b Channel) int { return strings.Compare(a.Name, b.Name) })
	return channels
}
