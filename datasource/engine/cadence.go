package engine

import "time"

// Learning of a channel's cadence.
const (
	quietAtLeast = 5 * time.Second        // no silence shorter than this is remarked on
	quietTimes   = 10                     // times the usual gap
	cadenceGaps  = 5                      // gaps heard before silence means anything
	sameBeat     = 100 * time.Millisecond // messages closer than this are one beat
)

// cadence learns how often a channel usually speaks: the gaps between its beats,
// averaged with a weight of 1/8 on the newest. A channel that speaks in volleys
// has long gaps that are quite usual, so the longest one of late counts too.
type cadence struct {
	heard   time.Time     // last message
	beat    time.Time     // first message of the last beat
	usual   time.Duration // average gap between beats
	longest time.Duration // longest gap, fading
	gaps    int           // gaps learnt
}

// noteMessage notes a message.
func (c *cadence) noteMessage(now time.Time) {
	c.heard = now
	if c.beat.IsZero() {
		c.beat = now
		return
	}
	gap := now.Sub(c.beat)
	if gap < sameBeat {
		return
	}
	c.beat = now
	if c.gaps >= cadenceGaps {
		gap = min(gap, c.maxSilence()) // a failure must not become the usual
	}
	if c.gaps++; c.gaps == 1 {
		c.usual = gap
	} else {
		c.usual += (gap - c.usual) / 8
	}
	c.longest = max(gap, c.longest-c.longest/64)
}

// maxSilence is the longest silence that is nothing to speak of.
func (c *cadence) maxSilence() time.Duration {
	return max(quietAtLeast, quietTimes*c.usual, c.longest+c.longest/2)
}

// quietAt is when the silence becomes remarkable; ok is false for a channel
// with too few messages to know its usual cadence.
func (c *cadence) quietAt() (at time.Time, ok bool) {
	if c.gaps < cadenceGaps {
		return time.Time{}, false
	}
	return c.heard.Add(c.maxSilence()), true
}

// restart starts the count again after a gap that was ours, not the channel's.
func (c *cadence) restart(now time.Time) {
	if !c.heard.IsZero() {
		c.heard, c.beat = now, now
	}
}
