// Package clocktest moves one clock and leaves the other, for tests of what a
// step of the wall clock or a sleep of the machine does to ages and deadlines.
package clocktest

import (
	"time"
	"unsafe"
)

// Step returns t with its wall clock moved by whole seconds and its monotonic
// reading as it was, as after the administrator's date -s; a time of before a
// sleep is Step(t, -slept), seen from after it. No function of package time does
// that; t must have a monotonic reading, and how it is laid out is checked by
// what comes out.
func Step(t time.Time, by time.Duration) time.Time {
	out := t
	wall := (*uint64)(unsafe.Pointer(&out)) // 33 bits of seconds above 30 of nanoseconds
	*wall = uint64(int64(*wall) + int64(by/time.Second)<<30)
	if out.Sub(t) != 0 || out.Round(0).Sub(t.Round(0)) != by {
		panic("clocktest: time.Time is laid out in another way, or has no monotonic reading")
	}
	return out
}
