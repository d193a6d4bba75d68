package alert

import (
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// Reading is one thing that a rule looks at.
type Reading struct {
	Written string // as written in the condition
	Data    string // the datum, or the group of a repeated one
	Field   string // the path in it, "" for the datum itself
	pos     int
}

// Reads returns what the rule looks at. known are the names of the data: where
// a datum ends and its field begins depends on them.
func (r *Rule) Reads(known []string) []Reading {
	var out []Reading
	for _, p := range r.paths {
		reading := Reading{Written: p.src, Data: p.names[0], Field: strings.Join(p.parts[1:], "."), pos: p.pos}
		for n := len(p.names); n > 0; n-- {
			if slices.Contains(known, p.names[n-1]) {
				reading.Data, reading.Field = p.names[n-1], strings.Join(p.parts[n:], ".")
				break
			}
		}
		out = append(out, reading)
	}
	return out
}

// Absent returns why the rule can never fire on what a snapshot holds, an *Error
// for each of its names: no such datum, no such element of a group, or a field
// that no value has. What has no value yet is not held against it.
func (r *Rule) Absent(snap *datasource.Snapshot) []error {
	var out []error
	names := snap.Names()
	for _, reading := range r.Reads(names) {
		if e := snap.Get(reading.Data); e != nil {
			if e.Known() && reading.Field != "" && !hasField(&e.Value, reading.Field) {
				out = append(out, fail(r.src, reading.pos, "no field "+quote(reading.Field)+" in "+reading.Data, nearest(reading.Field, fieldNames(&e.Value))))
			}
			continue
		}
		if err := r.absentInGroup(snap, reading, names); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// absentInGroup looks for a reading among the elements of a group.
func (r *Rule) absentInGroup(snap *datasource.Snapshot, reading Reading, names []string) error {
	var elements, fields []string
	known, found := 0, false
	snap.Each(reading.Data, func(name string, e *datasource.Entry) {
		elements = append(elements, datasource.Item(name))
		if e.Known() {
			known++
			found = found || reading.Field == "" || hasField(&e.Value, reading.Field)
			fields = append(fields, fieldNames(&e.Value)...)
		}
	})
	switch {
	case len(elements) == 0:
		return fail(r.src, reading.pos, "no datum "+quote(reading.Written), nearest(reading.Data, groups(names)))
	case found || known == 0:
		return nil
	}
	first, _, _ := strings.Cut(reading.Field, ".")
	return fail(r.src, reading.pos, "neither an element nor a field "+quote(first)+" in "+reading.Data, nearest(first, append(elements, fields...)))
}

func hasField(v *datasource.Value, field string) bool {
	return walk(v, strings.Split(field, ".")) != nil
}

func fieldNames(v *datasource.Value) []string {
	if v.Type == datasource.TypeMessages && len(v.Messages) > 0 {
		v = &v.Messages[0].Value
	}
	out := make([]string, len(v.Fields))
	for i := range v.Fields {
		out[i] = v.Fields[i].Name.String()
	}
	return out
}

// Report is how a rule stands on one snapshot.
type Report struct {
	Items   int             // elements that it is looked at for; 1 without a group
	True    int             // of them the condition holds for
	Unknown int             // of them it cannot be told for
	Text    datasource.Safe // what it compares now: "account.equity 48,911.20"
}

// Report evaluates the condition once, without what alerts remember: change and
// crosses are not known then, and "for" is not waited for.
func (r *Rule) Report(snap *datasource.Snapshot, now time.Time) (out Report) {
	defer func() {
		if recover() != nil {
			out = Report{Items: 1, Unknown: 1, Text: datasource.Clean("internal error: this rule cannot be evaluated", 0)}
		}
	}()
	for _, item := range r.items(snap) {
		s := &scope{snap: snap, now: now, item: item, first: now, mem: make([]memory, r.slots)}
		lead := r.lead(s)
		var m leadMemory
		m.see(s, lead)
		cond := truth(r.cond.eval(s))
		text := r.text(s, lead, &m)
		out.Items++
		switch {
		case cond.isTrue():
			if out.True++; out.True == 1 {
				out.Text = text
			}
		case !cond.known:
			out.Unknown++
		}
		if out.Text.Empty() {
			out.Text = text
		}
	}
	return out
}
