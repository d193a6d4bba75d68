package demo

import "time"

// TourStep is one step of what `demo --tour` does: a walk through the faults with captions.
type TourStep struct {
	After   time.Duration // since the step before
	Fault   string        // the fault's ID; "" only shows the caption
	On      bool
	Caption string
}

// Tour returns the steps of about a minute and a half. Every fault that it
// turns on it turns off again.
func Tour() []TourStep {
	s := func(sec int, fault string, on bool, caption string) TourStep {
		return TourStep{time.Duration(sec) * time.Second, fault, on, caption}
	}
	return []TourStep{
		s(2, "", false, "all data are live: Redis holds the values, pub/sub pushes the ticks"),
		s(6, FaultExpireAccount, true, "the account's keys expire: at their deadline the Django API takes over, marked api"),
		s(9, FaultExpireAccount, false, "the keys are back: live again, by itself"),
		s(5, FaultCutPubSub, true, "pub/sub is cut alone: quotes are polled until it has rejoined"),
		s(8, FaultCutPubSub, false, "rejoined: keys are read again, so nothing was missed"),
		s(5, FaultStopRedis, true, "Redis is stopped: every value stays, its age counts, the bar says why"),
		s(9, FaultStopRedis, false, "Redis is back"),
		s(5, FaultExpireAccount, true, "now both at once: the keys expire …"),
		s(1, FaultAPI429, true, "… and the API throttles: what was known stays, the wait counts down"),
		s(9, FaultAPI429, false, "the API answers again"),
		s(1, FaultExpireAccount, false, "and the keys are back"),
		s(4, FaultWrongType, true, "somebody wrote a string over the account's hash: one panel says so, the others go on"),
		s(6, FaultWrongType, false, "repaired"),
		s(3, FaultHostile, true, "escape sequences in values and notifications: shown as pictures, nothing reaches the terminal"),
		s(7, FaultHostile, false, "gone again"),
		s(2, FaultStorm, true, "ten thousand ticks a second: conflated, none dropped, the screen stays smooth"),
		s(8, FaultStorm, false, "that was the tour: F opens the fault menu, ? lists every key"),
	}
}
