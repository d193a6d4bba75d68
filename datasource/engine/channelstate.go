package engine

import "ticktop/datasource"

// channelPhase is how far the subscription to one datum's channel has come. A
// subscription that is lost as a whole changes no phase: sourceState says so.
type channelPhase uint8

const (
	channelUnconfirmed channelPhase = iota
	channelTentative                // some channels are confirmed, its own may be among those to come
	channelConfirmed
	channelRefused
)

// channelState is the subscription to the channel of one datum.
type channelState struct {
	phase   channelPhase
	refusal *datasource.Fault // channelRefused: why
}

// confirm notes a confirmation: of all channels that are wanted or of some, after
// a gap or not.
func (c *channelState) confirm(all, gap bool) {
	if all || c.phase == channelConfirmed && !gap {
		*c = channelState{phase: channelConfirmed}
		return
	}
	*c = channelState{phase: channelTentative}
}

// refuse notes that the server refuses this channel.
func (c *channelState) refuse(f *datasource.Fault) {
	*c = channelState{phase: channelRefused, refusal: f}
}

// isSubscribed reports whether messages of the channel arrive, as far as is known.
func (c *channelState) isSubscribed() bool {
	return c.phase == channelTentative || c.phase == channelConfirmed
}
