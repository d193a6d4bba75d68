package store

import "ticktop/datasource"

// maxRoundEvents bounds the events of data in one Apply: when a thousand keys
// expire at once, the log says so in one line and keeps its older lines.
const maxRoundEvents = 20

// recentEvents keeps the newest MaxEvents events in a slice that only ever grows
// at its end, so that a snapshot can share it; when it is full the newest move
// to a new one.
type recentEvents struct{ list []datasource.Event }

func (t *recentEvents) add(e datasource.Event) {
	if len(t.list) == cap(t.list) && len(t.list) >= datasource.MaxEvents {
		next := make([]datasource.Event, datasource.MaxEvents-1, 2*datasource.MaxEvents)
		copy(next, t.list[len(t.list)-len(next):])
		t.list = next
	}
	t.list = append(t.list, e)
}

// lastEvents returns the last MaxEvents events, oldest first; callers must not append.
func (t *recentEvents) lastEvents() []datasource.Event {
	from := max(0, len(t.list)-datasource.MaxEvents)
	return t.list[from:len(t.list):len(t.list)]
}

// eventLog is the ring of events of everything, for views that open later.
type eventLog struct {
	ring []Event
	next int
}

func (l *eventLog) add(e Event) {
	if len(l.ring) < datasource.MaxEvents {
		l.ring = append(l.ring, e)
		return
	}
	l.ring[l.next] = e
	l.next = (l.next + 1) % len(l.ring)
}

// all returns the events, oldest first.
func (l *eventLog) all() []Event {
	out := make([]Event, 0, len(l.ring))
	out = append(out, l.ring[l.next:]...)
	return append(out, l.ring[:l.next]...)
}
