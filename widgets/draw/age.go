package draw

import (
	"strconv"
	"time"
)

// Age formats how old something is, in at most 7 cells: "now" under a second,
// "34 s", "12 min", "3 h", "2 d".
func Age(d time.Duration) string { return string(AppendAge(make([]byte, 0, 16), d)) }

// AppendAge appends what Age returns.
func AppendAge(dst []byte, d time.Duration) []byte {
	unit := func(n time.Duration, name string) []byte {
		return append(strconv.AppendInt(dst, int64(n), 10), name...)
	}
	switch {
	case d < time.Second:
		return append(dst, "now"...)
	case d < 2*time.Minute:
		return unit(d/time.Second, " s")
	case d < 2*time.Hour:
		return unit(d/time.Minute, " min")
	case d < 48*time.Hour:
		return unit(d/time.Hour, " h")
	default:
		return unit(min(d/(24*time.Hour), 9999), " d")
	}
}

// Left formats a time that counts down, rounded up, so that it says "1 s" to
// its end and never shows what is over: "12 s", "3 min". Nothing left is "0 s".
func Left(d time.Duration) string {
	switch {
	case d <= 0:
		return "0 s"
	case d < 2*time.Minute:
		return strconv.Itoa(int((d+time.Second-1)/time.Second)) + " s"
	default:
		return Age(d)
	}
}

// Clock formats a time of day, "09:31:07", in the location of now. A time more
// than half a day from now has its date: "21 Nov 09:31".
func Clock(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	t = t.In(now.Location())
	if d := now.Sub(t); d > 12*time.Hour || d < -12*time.Hour {
		return t.Format("2 Jan 15:04")
	}
	return t.Format(time.TimeOnly)
}

// AgeOrClock is Age of a time, or with stamps its Clock.
func AgeOrClock(t, now time.Time, stamps bool) string {
	if stamps || t.IsZero() {
		return Clock(t, now)
	}
	return Age(now.Sub(t))
}
