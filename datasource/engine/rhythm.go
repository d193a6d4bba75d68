package engine

import "time"

// Learning of a channel's rhythm.
const (
	quietAtLeast = 5 * time.Second        // no silence shorter than this is remarked on
	quietTimes   = 10                     // times the usual gap
	rhythmGaps   = 5                      // gaps heard before silence means anything
	sameBeat     = 100 * time.Millisecond // messages closer than this are one beat
)

// rhythm learns how often a channel usually speaks: the gaps between its beats,
// averaged with a weight of 1/8 on the newest. A channel that speaks in volleys
// has long gaps that are quite usual, so the longest one of late counts too.
type rhythm struct {
	heard   time.Time     // last message
	beat    time.Time     // first message of the last beat
	usual   time.Duration // average gap between beats
	longest time.Duration // longest gap, fading
	gaps    int           // gaps learnt
}

// hear notes a message.
func (r *rhythm) hear(now time.Time) {
	r.heard = now
	if r.beat.IsZero() {
		r.beat = now
		return
	}
	gap := now.Sub(r.beat)
	if gap < sameBeat {
		return
	}
	r.beat = now
	if r.gaps >= rhythmGaps {
		gap = min(gap, r.limit()) // a failure must not become the usual
	}
	if r.gaps++; r.gaps == 1 {
		r.usual = gap
	} else {
		r.usual += (gap - r.usual) / 8
	}
	r.longest = max(gap, r.longest-r.longest/64)
}

// limit is the longest silence that is nothing to speak of.
func (r *rhythm) limit() time.Duration {
	return max(quietAtLeast, quietTimes*r.usual, r.longest+r.longest/2)
}

// quietAt is when the silence becomes remarkable; ok is false for a channel
// that has hardly spoken: nobody knows what is usual for it.
func (r *rhythm) quietAt() (at time.Time, ok bool) {
	if r.gaps < rhythmGaps {
		return time.Time{}, false
	}
	return r.heard.Add(r.limit()), true
}

// resume starts the count again after a gap that was ours, not the channel's.
func (r *rhythm) resume(now time.Time) {
	if !r.heard.IsZero() {
		r.heard, r.beat = now, now
	}
}
