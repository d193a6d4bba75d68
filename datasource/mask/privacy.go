// Package mask hides what a viewer must not be told: secrets, told by their
// names, which nobody sees (see SecretField), and under a privacy policy a
// trader's figures.
//
// Privacy is one rule, not a list of names: under a privacy policy everything is
// hidden but what the configuration marks as market data (market: true). It is
// applied to the snapshot, before anything draws, copies, prints or records it.
package mask

import (
	"strings"

	"ticktop/datasource"
)

// Text stands where something is hidden.
const Text = "***"

// AlertText is what an alert about hidden data says behind its datum's name.
const AlertText = "(balances are hidden)"

var hidden = datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(Text, 0)}

// Market reports whether a datum is shown under a privacy policy.
func Market(r *datasource.Ref) bool { return r.Shape.Market }

// Entry returns e as a privacy policy lets it be seen: e itself where it is
// market data, else without its value. The state, the age and the names of an
// object's fields stay.
func Entry(e *datasource.Entry) *datasource.Entry {
	if e == nil || Market(e.Ref) {
		return e
	}
	m := *e
	m.Value, m.Raw = hideValue(&e.Value), nil
	m.Fault, m.APIFault = hideFault(e.Fault), hideFault(e.APIFault)
	if m.Marks.Has(datasource.MarkPartsUnread) || m.Fault != e.Fault || m.APIFault != e.APIFault {
		m.Why = datasource.Safe{} // it counts rows, or quotes a fault
	}
	return &m
}

// hideValue keeps no more than the names of an object's fields: how many rows,
// points or messages there are tells of an account too.
func hideValue(v *datasource.Value) datasource.Value {
	switch v.Type {
	case datasource.TypeNone:
		return *v
	case datasource.TypeObject:
		out := datasource.Value{Type: datasource.TypeObject}
		for i := range v.Fields {
			if plainName(v.Fields[i].Name.String()) {
				out.Fields = append(out.Fields, datasource.Field{Name: v.Fields[i].Name, Value: hidden})
			}
		}
		if len(out.Fields) > 0 {
			return out
		}
	}
	return hidden
}

// plainName reports whether a field's name is a word, and no value: hashes are
// also kept by price, ticket or time.
func plainName(s string) bool {
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			if digits++; i == 0 || digits > 2 {
				return false
			}
		case r == '_' || r == '-' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		default:
			return false
		}
	}
	return s != "" && len(s) <= 40
}

// hideFault drops the text of faults that quote or measure the value.
func hideFault(f *datasource.Fault) *datasource.Fault {
	if f == nil {
		return nil
	}
	switch f.Class {
	case datasource.ClassDecode, datasource.ClassBadReply, datasource.ClassTooBig, datasource.ClassUnknown, datasource.ClassRedirect:
		g := *f
		g.Text, g.Hint, g.Err = datasource.Clean(f.Class.String(), 0), datasource.Safe{}, nil
		return &g
	}
	return f
}

// AlertVisible reports whether an alert is about market data alone: neither the
// datum it fired for nor any other that its condition names is private.
func AlertVisible(a *datasource.Alert, s *datasource.Snapshot) bool {
	about := s.Get(a.Name.String())
	if about == nil || !Market(about.Ref) {
		return false
	}
	said := a.When.String() + " " + a.Text.String()
	for i := range s.Len() {
		name, e := s.Nth(i)
		if (e == nil || !Market(e.Ref)) && strings.Contains(said, datasource.Group(name)) {
			return false
		}
	}
	return true
}

// Alert returns a as a privacy policy shows it.
func Alert(a datasource.Alert, s *datasource.Snapshot) datasource.Alert {
	if !AlertVisible(&a, s) {
		a.Text = datasource.Clean(strings.TrimSpace(a.Name.String()+" "+AlertText), datasource.MaxCell)
		a.When = a.Text
	}
	return a
}

// Snapshot returns s as a privacy policy lets it be seen.
func Snapshot(s *datasource.Snapshot) *datasource.Snapshot {
	var v View
	return v.Of(s)
}

// View hides snapshot after snapshot, and keeps the entries that have not
// changed. It belongs to one goroutine.
type View struct{ seen, shown *datasource.Snapshot }

// Of returns s as a privacy policy lets it be seen.
func (v *View) Of(s *datasource.Snapshot) *datasource.Snapshot {
	if s == nil || s == v.seen || s == v.shown {
		return v.shown
	}
	entries := make([]*datasource.Entry, s.Len())
	for i := range entries {
		_, e := s.Nth(i)
		if v.seen != nil && i < v.seen.Len() {
			if _, before := v.seen.Nth(i); e == before {
				_, entries[i] = v.shown.Nth(i)
				continue
			}
		}
		entries[i] = Entry(e)
	}
	out := s.With(entries)
	if len(s.Alerts) > 0 {
		out.Alerts = make([]datasource.Alert, len(s.Alerts))
		for i := range s.Alerts {
			out.Alerts[i] = Alert(s.Alerts[i], s)
		}
	}
	out.Events = hideEvents(s)
	v.seen, v.shown = s, out
	return out
}

// hideEvents drops the texts of private data's changes of state, which may quote
// a fault; that they changed is kept.
func hideEvents(s *datasource.Snapshot) []datasource.Event {
	events := make([]datasource.Event, len(s.Events))
	for i, ev := range s.Events {
		if !isSource(ev.Subject.String()) {
			if e := s.Get(ev.Subject.String()); e == nil || !Market(e.Ref) {
				ev.Text = datasource.Safe{}
			}
		}
		events[i] = ev
	}
	return events
}

func isSource(subject string) bool {
	for id := range datasource.NumSources {
		if id.String() == subject {
			return true
		}
	}
	return false
}
