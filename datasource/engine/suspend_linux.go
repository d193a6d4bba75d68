package engine

import (
	"time"

	"golang.org/x/sys/unix"
)

// suspendedTime returns how long the machine was suspended since it was started: the one
// clock goes on meanwhile, the other does not, and a step of the wall clock moves
// neither.
func suspendedTime() time.Duration { return clockLead(unix.CLOCK_BOOTTIME, unix.CLOCK_MONOTONIC) }
