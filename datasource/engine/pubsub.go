package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/store"
)

// pubsubState is what is known of the subscription.
type pubsubState struct {
	wanted   []string // channels asked for, sorted
	changed  bool     // the listener has yet to be told
	joined   bool
	channels int               // confirmed
	fault    *datasource.Fault // while not joined
	denied   *datasource.Fault // while joined: some channels are refused
	lost     time.Time         // when the gap began; zero while there is none
	gap      time.Duration     // length of the last gap, until its keys are re-read
	rejoinAt time.Time         // end of that gap; zero when its keys are re-read
}

// sink is what the listener sees of the engine.
type sink struct{ e *Engine }

// Message files a payload in the inbox.
func (s sink) Message(channel, pattern string, payload []byte) {
	s.e.in.message(channel, pattern, payload, time.Now())
}

// Joined has the keys read again that the channels feed: what was published
// while nobody listened is in there.
func (s sink) Joined(channels int) {
	e := s.e
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	defer e.poke()
	p := &e.pubsub
	if channels == 0 { // nothing is wanted: that is no join, and no gap
		*p = pubsubState{wanted: p.wanted, changed: p.changed}
		return
	}
	after := !p.lost.IsZero()
	if after {
		p.gap, p.rejoinAt = now.Sub(p.lost), now
	}
	p.joined, p.channels, p.fault, p.denied, p.lost = true, channels, nil, nil, time.Time{}
	e.in.resume(now)
	for _, data := range e.feeds {
		for _, d := range data {
			d.join(now, after, channels >= len(p.wanted))
			e.touch(d)
		}
	}
	if r := &e.redis; r.fault != nil { // it is back: no need to wait
		f := *r.fault
		f.RetryAt = now
		r.fault = &f
	}
}

// join notes that the channel of d is confirmed, and has its key read unless it
// was confirmed before and nothing was missed. sure is false when fewer
// channels are confirmed than are wanted: then d's own may be among those to
// come, and its key is read again with the next confirmation.
func (d *datum) join(now time.Time, gap, sure bool) {
	d.want = d.want || gap || !d.sure
	d.whole = d.whole || gap || !d.joined
	d.rejoining = gap && d.isKey()
	d.joined, d.sure, d.denied = true, sure || d.sure && !gap, nil
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
	defer e.poke()
	p := &e.pubsub
	if f == nil {
		f = lost
	}
	if p.joined && f.Class == datasource.ClassPermission {
		e.denied(f)
		return
	}
	if p.joined {
		p.lost = time.Now()
		e.count.reconnects++
		if e.redis.fault == nil { // is it all of Redis? the next poll would tell too late
			e.redis.polled = time.Time{}
		}
	}
	p.joined, p.channels, p.fault = false, 0, f
	for _, data := range e.feeds {
		for _, d := range data {
			e.touch(d)
		}
	}
}

// denied notes the channels that are refused while the others go on: those that
// the fault names.
func (e *Engine) denied(f *datasource.Fault) {
	e.pubsub.denied = f
	for name, data := range e.feeds {
		if f.Channels != nil && !slices.Contains(f.Channels, name) || f.Channels == nil && !strings.Contains(f.Text.String(), clean(name).String()) {
			continue
		}
		own := f.Only(func(channel string) bool { return channel == name })
		for _, d := range data {
			d.joined, d.sure, d.denied = false, false, own
			e.touch(d)
		}
	}
}

// lost stands in for a cause that the listener did not give.
var lost = &datasource.Fault{Class: datasource.ClassClosed, Source: datasource.SourcePubSub, Text: datasource.Clean("connection lost", 0)}

// rejoined logs the end of a gap once its keys have been re-read by a read that
// began after it.
func (e *Engine) rejoined(now, started time.Time) {
	p := &e.pubsub
	if p.rejoinAt.IsZero() || started.Before(p.rejoinAt) {
		return
	}
	n := 0
	for _, d := range e.list {
		if d.rejoining {
			d.rejoining = false
			n++
		}
	}
	text := fmt.Sprintf("rejoined after %s, %d keys re-read", seconds(p.gap), n)
	e.sourceEvent(datasource.SourcePubSub, now, datasource.LightDown, datasource.LightUp, text, datasource.LevelInfo)
	p.rejoinAt = time.Time{}
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

// rewire tells the inbox which data some channels feed.
func (e *Engine) rewire(channels map[string]bool) {
	for ch := range channels {
		e.in.wire(ch, e.feeds[ch])
	}
}

// rejoin finds out whether these slots have changed the channels.
func (e *Engine) rejoin(changed []*store.Slot) {
	if e.o.Listener == nil || !slices.ContainsFunc(changed, func(s *store.Slot) bool {
		r := s.Ref()
		return r.Live != "" || r.Kind == datasource.KindChannel
	}) {
		return
	}
	wanted := make([]string, 0, len(e.feeds))
	for ch := range e.feeds {
		wanted = append(wanted, ch)
	}
	slices.Sort(wanted)
	if !slices.Equal(wanted, e.pubsub.wanted) {
		e.pubsub.wanted, e.pubsub.changed = wanted, true
		return
	}
	for _, s := range changed { // another datum on a channel that is joined
		if d := e.data[s]; d != nil && d.channel() != "" && e.pubsub.joined {
			d.join(time.Now(), false, true)
		}
	}
}

// tellListener hands the channels to the listener, by the loop alone and
// without the mutex, for the listener may be waiting for it in a sink.
func (e *Engine) tellListener() {
	e.mu.Lock()
	changed, wanted := e.pubsub.changed, e.pubsub.wanted
	e.pubsub.changed = false
	e.mu.Unlock()
	if changed {
		e.o.Listener.SetChannels(slices.Clone(wanted))
	}
}
