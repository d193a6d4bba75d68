package datasource

import (
	"slices"
	"time"
)

// Sleep is a suspend of the machine that has been noticed. The monotonic clock,
// by which every age is measured, stands still meanwhile: what was read before would
// look as young as when the lid was closed. The zero Sleep isn't one.
type Sleep struct {
	For  time.Duration
	Seen time.Time // when it was noticed, with a monotonic reading
}

// Shift returns t as it is to be held from now on: a time of before the sleep
// lies back by it on the monotonic clock too, and keeps what it shows on the
// wall. It may be a deadline that lies ahead. Any other comes back as it is: one
// of after the waking, one without a monotonic reading, the zero time.
//
// Of the two clocks only the wall's went on, so what differs between them tells
// before from after; a step of the wall clock alone does not reach half a sleep
// unless there is both.
func (s Sleep) Shift(t time.Time) time.Time {
	if s.For <= 0 || t.IsZero() {
		return t
	}
	since := s.Seen.Sub(t)
	if apart := s.Seen.Round(0).Sub(t.Round(0)) - since; apart < s.For/2 {
		return t
	}
	return s.Seen.Add(-since - s.For)
}

// ShiftValue shifts the times at which messages came.
func (s Sleep) ShiftValue(v Value) Value {
	if s.For <= 0 || len(v.Messages) == 0 {
		return v
	}
	v.Messages = slices.Clone(v.Messages)
	for i := range v.Messages {
		v.Messages[i].At = s.Shift(v.Messages[i].At)
	}
	return v
}

// ShiftFault shifts the next try. Faults are shared, so it may be another one.
func (s Sleep) ShiftFault(f *Fault) *Fault {
	if f == nil || f.RetryAt.IsZero() {
		return f
	}
	g := *f
	g.RetryAt = s.Shift(f.RetryAt)
	return &g
}

// Waker is a Reader or Listener that remembers something by the clock: a rest, an
// answer that is still good, a connection. Woke is called once after each sleep,
// so that nothing of before passes for new and everything is tried at once. It
// returns at once and calls nothing back.
type Waker interface {
	Woke(s Sleep)
}
