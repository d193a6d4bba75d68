package draw

import (
	"time"

	"ticktop/datasource/format"
)

// Age formats how old something is, see format.Age.
func Age(d time.Duration) string { return format.Age(d) }

// Left formats a time that counts down, see format.Left.
func Left(d time.Duration) string { return format.Left(d) }

// Clock formats a time of day, see format.Clock.
func Clock(t, now time.Time) string { return format.Clock(t, now) }

// AgeOrClock is Age of a time, or with stamps its Clock.
func AgeOrClock(t, now time.Time, stamps bool) string {
	if stamps || t.IsZero() {
		return Clock(t, now)
	}
	return Age(now.Sub(t))
}
