//go:build !linux && !darwin

package engine

import "time"

// suspended is not known here. On Windows nothing is missing: its monotonic clock
// goes on while the machine sleeps.
func suspended() time.Duration { return 0 }
