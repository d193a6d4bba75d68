// Package facts is what the panels of names and values share: reading them
// from an object or from a repeated datum, and drawing one on a line.
package facts

import (
	"slices"
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/format"
	"ticktop/widgets/draw"
	"ticktop/widgets/field"
	"ticktop/widgets/list"
)

// Fact is one name with its value.
type Fact struct {
	Datum string            // "account", "counter.rejects"
	Path  string            // of the field in an object, dotted; "" for the whole datum
	Name  string            // the item's or the field's own name, made safe
	Label string            // as it is shown
	Value *datasource.Value // nil when there isn't one
	Entry *datasource.Entry // nil while the datum loads
	Form  field.Format      //
	Meter *Meter            // draw a bar instead of the value
}

// Depth and number of the fields read from one datum.
const (
	maxDepth = 2
	maxFacts = datasource.MaxFields
)

// Collect reads a datum: the fields of an object, those of objects in it with
// dotted paths; or the items of a repeated datum, each its own fact.
// Items that are objects give their fields. What is nothing of this is one
// fact, also when it has no value.
func Collect(s *datasource.Snapshot, name string) []Fact {
	out := make([]Fact, 0, 16)
	s.Each(name, func(datum string, e *datasource.Entry) {
		label := datasource.Item(datum)
		if label == "" {
			label = datum
		}
		label = datasource.Clean(label, datasource.MaxCell).String()
		switch {
		case !e.Known():
			out = append(out, newFact(datum, "", label, nil, e))
		case e.Value.Type == datasource.TypeObject && len(e.Value.Fields) > 0:
			prefix := ""
			if datum != name {
				prefix = label + " "
			}
			first := len(out)
			out = appendFields(out, datum, "", prefix, &e.Value, e, 1)
			tellApart(out[first:], prefix)
			scaleRates(out[first:])
		default:
			out = append(out, newFact(datum, "", label, &e.Value, e))
		}
	})
	return out
}

func appendFields(out []Fact, datum, path, prefix string, v *datasource.Value, e *datasource.Entry, depth int) []Fact {
	for i := range v.Fields {
		f := &v.Fields[i]
		name := f.Name.String()
		if len(out) >= maxFacts {
			break
		}
		if f.Value.Type == datasource.TypeObject && depth < maxDepth && len(f.Value.Fields) > 0 {
			out = appendFields(out, datum, path+name+".", prefix+name+" ", &f.Value, e, depth+1)
			continue
		}
		x := newFact(datum, path+name, name, &f.Value, e)
		if prefix != "" {
			x.Label = prefixedLabel(prefix, name)
		}
		out = append(out, x)
	}
	return out
}

// tellApart gives facts of one object whose labels are the same the names that
// the producer gave them: "bid" and "Bid" are two things. A loss and a loss in
// per cent are distinguished by their unit.
func tellApart(all []Fact, prefix string) {
	type look struct {
		label  string
		unit   draw.Unit
		suffix string
	}
	of := func(x *Fact) look { return look{x.Label, x.Form.Unit, x.Form.Suffix} }
	seen := make(map[look]int, len(all))
	for i := range all {
		k := of(&all[i])
		first, twice := seen[k]
		if !twice {
			seen[k] = i
			continue
		}
		all[first].Label, all[i].Label = prefix+all[first].Path, prefix+all[i].Path
	}
}

func newFact(datum, path, name string, v *datasource.Value, e *datasource.Entry) Fact {
	return Fact{Datum: datum, Path: path, Name: name, Label: field.Label(name), Value: v, Entry: e, Form: field.Guessed(name)}
}

// prefixedLabel is the label of a field in an object of that name. Names that are
// data stay as they are written.
func prefixedLabel(prefix, name string) string {
	if !field.IsData(name) && !field.IsData(strings.TrimSpace(prefix)) {
		return field.Label(prefix + name)
	}
	return prefix + name
}

// scaleRates decides for the rates of one object, from all of them, whether
// they are fractions or per cents.
func scaleRates(all []Fact) {
	beside := make([]format.Rate, 0, len(all))
	for i := range all {
		if n, ok := all[i].Value.Number(); ok {
			beside = append(beside, format.Rate{Name: all[i].Name, Value: n})
		}
	}
	for i := range all {
		if _, ok := all[i].Value.Number(); ok {
			all[i].Form = all[i].Form.Scaled(all[i].Name, beside)
		}
	}
}

// Entries returns the entries behind the facts, each once, for draw.Note.
func Entries(all []Fact) []*datasource.Entry {
	out := make([]*datasource.Entry, 0, len(all))
	for i := range all {
		if i == 0 || all[i].Datum != all[i-1].Datum {
			out = append(out, all[i].Entry)
		}
	}
	return out
}

// Known reports whether any fact has a value, so that there is more to show
// than why there isn't one.
func Known(all []Fact) bool {
	return slices.ContainsFunc(all, func(x Fact) bool { return x.Value != nil })
}

// Filtered returns the facts that a filter keeps by label, name or text.
func Filtered(all []Fact, filter list.Filter) []Fact {
	if !filter.Active() {
		return all
	}
	var text []byte
	return slices.DeleteFunc(slices.Clone(all), func(x Fact) bool {
		text = append(append(append(append(text[:0], x.Label...), ' '), x.Name...), ' ')
		if x.Value != nil {
			text = append(text, x.Value.Text.String()...)
		}
		return !filter.Keep(text)
	})
}
