//go:build !linux && !darwin

package engine

import "time"

// suspendedTime is not known here. On Windows nothing is missing: its monotonic clock
// goes on while the machine is suspended.
func suspendedTime() time.Duration { return 0 }
