package store

import (
	"slices"

	"ticktop/datasource"
)

// shiftTimes puts the times of what is shown where they belong after a system suspend. What
// was handed out stays as it is.
func (s *Store) shiftTimes(by datasource.Sleep) {
	s.lastSuspend = by
	for _, slot := range s.slots {
		e := *slot.entry
		e.At, e.Changed, e.Arrived = by.Shift(e.At), by.Shift(e.Changed), by.Shift(e.Arrived)
		e.Expires, e.Heard = by.Shift(e.Expires), by.Shift(e.Heard)
		e.Value = by.ShiftValue(e.Value)
		e.Fault, e.APIFault = by.ShiftFault(e.Fault), by.ShiftFault(e.APIFault)
		slot.entry = &e
		for i := range slot.past.past {
			p := &slot.past.past[i]
			p.At, p.Value = by.Shift(p.At), by.ShiftValue(p.Value)
		}
	}
	for i := range s.log.ring {
		s.log.ring[i].At = by.Shift(s.log.ring[i].At)
	}
	for i := range s.sources {
		src := &s.sources[i]
		src.Since, src.Fault = by.Shift(src.Since), by.ShiftFault(src.Fault)
	}
	for _, same := range s.views {
		for _, v := range same {
			v.events.list = slices.Clone(v.events.lastEvents())
			for i := range v.events.list {
				v.events.list[i].At = by.Shift(v.events.list[i].At)
			}
		}
	}
	s.markAllOutdated()
}
