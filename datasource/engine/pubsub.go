package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/datasource/store"
)

// pubsubState is what is known of the subscription.
type pubsubState struct {
	wanted     []string // channels asked for, sorted
	outdated   bool     // the listener does not know them yet
	subscribed bool
	channels   int               // confirmed
	fault      *datasource.Fault // while not subscribed
	refusal    *datasource.Fault // while subscribed: some channels are refused
	gapBegan   time.Time         // when the gap began; zero while there isn't one
	gapLength  time.Duration     // length of the last gap, until its keys are re-read
	gapEnded   time.Time         // end of that gap; zero when its keys are re-read
}

// sink is what the listener sees of the engine.
type sink struct{ e *Engine }

// Message files a payload in the inbox.
func (s sink) Message(channel, pattern string, payload []byte) {
	s.e.inbox.receive(channel, pattern, payload, time.Now())
}

// Joined has the keys read again that the channels feed: what was published
// during the gap is in there.
func (s sink) Joined(channels int) {
	e := s.e
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.wakeLoop()
	p := &e.pubsub
	if channels == 0 { // nothing is wanted: that is no subscription, and no gap
		*p = pubsubState{wanted: p.wanted, outdated: p.outdated}
		return
	}
	after := !p.gapBegan.IsZero()
	if after {
		p.gapLength, p.gapEnded = now.Sub(p.gapBegan), now
	}
	p.subscribed, p.channels, p.fault, p.refusal, p.gapBegan = true, channels, nil, nil, time.Time{}
	e.inbox.restartCadences(now)
	for _, data := range e.byChannel {
		for _, d := range data {
			d.markSubscribed(now, after, channels >= len(p.wanted))
			e.markDirty(d)
		}
	}
	if r := &e.redis; r.fault != nil { // it is back: no need to wait
		f := *r.fault
		f.RetryAt = now
		r.fault = &f
	}
}

// markSubscribed notes that the channel of d is confirmed, and has its key read unless it
// was confirmed before and nothing was missed. all is false when fewer channels
// are confirmed than are wanted: then its key is read again with the next
// confirmation.
func (d *datum) markSubscribed(now time.Time, gap, all bool) {
	d.wantRead = d.wantRead || gap || d.channel.phase != channelConfirmed
	d.wantWhole = d.wantWhole || gap || !d.channel.isSubscribed()
	d.rereadAfterGap = gap && d.isKey()
	d.channel.confirm(all, gap)
	if gap {
		d.push.gap = now
	}
	if d.isKey() {
		return
	}
	d.key.have, d.key.at = true, now
	if d.value.Type == datasource.TypeNone {
		d.value.Type = datasource.TypeMessages
	}
}

// Lost notes the beginning of a gap, or that some channels are refused.
func (s sink) Lost(f *datasource.Fault) {
	e := s.e
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.wakeLoop()
	p := &e.pubsub
	if f == nil {
		f = errConnectionLost
	}
	if p.subscribed && f.Class == datasource.ClassPermission {
		e.markRefused(f)
		return
	}
	if p.subscribed {
		p.gapBegan = time.Now()
		e.counters.reconnects++
		if e.redis.fault == nil { // is it all of Redis? the next poll would tell too late
			e.redis.polled = time.Time{}
		}
	}
	p.subscribed, p.channels, p.fault = false, 0, f
	for _, data := range e.byChannel {
		for _, d := range data {
			e.markDirty(d)
		}
	}
}

// markRefused notes the channels that are refused while the others go on: those that
// the fault names.
func (e *Engine) markRefused(f *datasource.Fault) {
	e.pubsub.refusal = f
	for name, data := range e.byChannel {
		if f.Channels != nil && !slices.Contains(f.Channels, name) || f.Channels == nil && !strings.Contains(f.Text.String(), safeText(name).String()) {
			continue
		}
		own := f.Only(func(channel string) bool { return channel == name })
		for _, d := range data {
			d.channel.refuse(own)
			e.markDirty(d)
		}
	}
}

// errConnectionLost replaces a cause that the listener did not give.
var errConnectionLost = &datasource.Fault{Class: datasource.ClassClosed, Source: datasource.SourcePubSub, Text: datasource.Clean("connection lost", 0)}

// logResubscribed logs the end of a gap once its keys have been re-read by a read that
// began after it.
func (e *Engine) logResubscribed(now, started time.Time) {
	p := &e.pubsub
	if p.gapEnded.IsZero() || started.Before(p.gapEnded) {
		return
	}
	n := 0
	for _, d := range e.list {
		if d.rereadAfterGap {
			d.rereadAfterGap = false
			n++
		}
	}
	text := fmt.Sprintf("resubscribed after %s, %d keys re-read", format.Span(p.gapLength), n)
	e.sourceEvent(datasource.SourcePubSub, now, datasource.LightDown, datasource.LightUp, text, datasource.LevelInfo)
	p.gapEnded = time.Time{}
}

// listen keeps the listener running.
func (e *Engine) listen(ctx context.Context) {
	for n := 1; ctx.Err() == nil; n++ {
		err := listenSafely(ctx, e.o.Listener, sink{e})
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			err = errors.New("listener ended")
		}
		wait := backoff(n, backoffMin, backoffMax)
		f := *datasource.AsFault(err, datasource.SourcePubSub)
		f.RetryAt = time.Now().Add(wait)
		sink{e}.Lost(&f)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

func listenSafely(ctx context.Context, l datasource.Listener, s datasource.Sink) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error: %v", p)
		}
	}()
	return l.Listen(ctx, s)
}

// updateInbox tells the inbox which data some channels feed.
func (e *Engine) updateInbox(channels map[string]bool) {
	for ch := range channels {
		e.inbox.setData(ch, e.byChannel[ch])
	}
}

// updateChannels finds out whether these slots have changed the channels.
func (e *Engine) updateChannels(changed []*store.Slot) {
	if e.o.Listener == nil || !slices.ContainsFunc(changed, func(s *store.Slot) bool {
		r := s.Ref()
		return r.Live != "" || r.Kind == datasource.KindChannel
	}) {
		return
	}
	wanted := make([]string, 0, len(e.byChannel))
	for ch := range e.byChannel {
		wanted = append(wanted, ch)
	}
	slices.Sort(wanted)
	if !slices.Equal(wanted, e.pubsub.wanted) {
		e.pubsub.wanted, e.pubsub.outdated = wanted, true
		return
	}
	for _, s := range changed { // another datum on a channel that is subscribed
		if d := e.data[s]; d != nil && d.channelName() != "" && e.pubsub.subscribed {
			d.markSubscribed(time.Now(), false, true)
		}
	}
}

// updateListener hands the channels to the listener, by the loop alone and
// without the mutex, for the listener may be waiting for it in a sink.
func (e *Engine) updateListener() {
	e.mu.Lock()
	changed, wanted := e.pubsub.outdated, e.pubsub.wanted
	e.pubsub.outdated = false
	e.mu.Unlock()
	if changed {
		e.o.Listener.SetChannels(slices.Clone(wanted))
	}
}
