//go:build linux || darwin

package engine

import (
	"time"

	"golang.org/x/sys/unix"
)

// clockLead returns by how much the one clock is ahead of the other, 0 where either
// cannot be read.
func clockLead(clock, of int32) time.Duration {
	var a, b unix.Timespec
	if unix.ClockGettime(clock, &a) != nil || unix.ClockGettime(of, &b) != nil {
		return 0
	}
	return time.Duration(a.Nano() - b.Nano())
}
