package alert

import (
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/suggest"
)

// reading is one thing that a rule looks at.
type reading struct {
	written string // as written in the condition
	data    string // the datum, or the group of a repeated one
	field   string // the path in it, "" for the datum itself
	pos     int
}

// readings returns what the rule looks at. known are the names of the data: where
// a datum ends and its field begins depends on them.
func (r *Rule) readings(known []string) []reading {
	var out []reading
	for _, p := range r.paths {
		x := reading{written: p.src, data: p.names[0], field: strings.Join(p.parts[1:], "."), pos: p.pos}
		for n := len(p.names); n > 0; n-- {
			if slices.Contains(known, p.names[n-1]) {
				x.data, x.field = p.names[n-1], strings.Join(p.parts[n:], ".")
				break
			}
		}
		out = append(out, x)
	}
	return out
}

// Absent returns why the rule can never fire on what a snapshot holds, an *Error
// for each of its names: no such datum, no such element of a group, or a field
// that no value has. What has no value yet is not held against it.
func (r *Rule) Absent(snap *datasource.Snapshot) []error {
	var out []error
	names := snap.Names()
	for _, x := range r.readings(names) {
		if e := snap.Get(x.data); e != nil {
			if e.Known() && x.field != "" && !hasField(&e.Value, x.field) {
				out = append(out, errorAt(r.src, x.pos, "no field "+quoteCut(x.field)+" in "+x.data, suggest.Nearest(x.field, fieldNames(&e.Value))))
			}
			continue
		}
		if err := r.absentInGroup(snap, x, names); err != nil {
			out = append(out, err)
		}
	}
	return out
}

// absentInGroup looks for a reading among the elements of a group.
func (r *Rule) absentInGroup(snap *datasource.Snapshot, x reading, names []string) error {
	var elements, fields []string
	known, found := 0, false
	snap.Each(x.data, func(name string, e *datasource.Entry) {
		elements = append(elements, datasource.Item(name))
		if e.Known() {
			known++
			found = found || x.field == "" || hasField(&e.Value, x.field)
			fields = append(fields, fieldNames(&e.Value)...)
		}
	})
	switch {
	case len(elements) == 0:
		return errorAt(r.src, x.pos, "no datum "+quoteCut(x.written), suggest.Nearest(x.data, groupNames(names)))
	case found || known == 0:
		return nil
	}
	first, _, _ := strings.Cut(x.field, ".")
	return errorAt(r.src, x.pos, "neither an element nor a field "+quoteCut(first)+" in "+x.data, suggest.Nearest(first, append(elements, fields...)))
}

func hasField(v *datasource.Value, field string) bool {
	return followFields(v, strings.Split(field, ".")) != nil
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
