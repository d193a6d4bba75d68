package demo

import "time"

// TourStep is one step of what `demo --tour` does: a walk through the faults with captions.
type TourStep struct {
	After   time.Duration // since the step before
	Fault   string        // the fault's ID; "" only shows the caption
	On      bool
	Caption string
}

// Tour returns the steps of a minute. Every fault that it
// turns on it turns off again.
func Tour() []TourStep {
	s := func(sec int, fault string, on bool, caption string) TourStep {
		return TourStep{time.Duration(sec) * time.Second, fault, on, caption}
	}
	return []TourStep{
		s(2, "", false, "everything is live: Redis holds the values, pub/sub pushes the ticks"),
		s(5, FaultExpireAccount, true, "the account's keys expire: at their deadline the API takes over, marked ◐ api"),
		s(7, FaultExpireAccount, false, "the keys are back: live again, by itself"),
		s(3, FaultCutPubSub, true, "pub/sub is cut alone: quotes are polled until it has subscribed again"),
		s(5, FaultCutPubSub, false, "subscribed again: keys were read again, nothing was missed"),
		s(3, FaultStopRedis, true, "Redis is stopped: every value stays, its age counts, one banner says why"),
		s(7, FaultStopRedis, false, "Redis is back"),
		s(3, FaultExpireAccount, true, "now both at once: the keys expire …"),
		s(1, FaultAPI429, true, "… and the API throttles: known values stay, the wait counts down"),
		s(6, FaultAPI429, false, "the API answers again"),
		s(1, FaultExpireAccount, false, "and the keys are back"),
		s(2, FaultHostile, true, "escape sequences in values: shown as symbols, none reaches the terminal"),
		s(5, FaultHostile, false, "gone again"),
		s(1, FaultStorm, true, "ten thousand ticks a second: conflated, none dropped, the screen stays smooth"),
		s(7, FaultStorm, false, "that was the tour: F opens the fault menu, ? lists every key"),
	}
}
