package engine

import (
	"time"

	"golang.org/x/sys/unix"
)

// suspended returns how long the machine has slept since it was started: the one
// clock goes on meanwhile, the other does not, and a step of the wall clock moves
// neither.
func suspended() time.Duration { return ahead(unix.CLOCK_MONOTONIC_RAW, unix.CLOCK_UPTIME_RAW) }
