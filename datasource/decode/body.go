package decode

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ticktop/datasource"
)

// body decodes an answer of the API into the shape that Redis would have given
// for the same datum.
func body(raw *datasource.Raw, p *plan, said *remarks) (datasource.Value, error) {
	b := trim(raw.Bytes)
	if len(b) == 0 {
		return datasource.Value{}, errors.New("the answer is empty")
	}
	doc, err := parse(string(b))
	if err != nil {
		return datasource.Value{}, err
	}
	at := &doc
	if path := raw.Ref.Fallback.Pick; path != "" {
		if at, err = pick(at, path); err != nil {
			return datasource.Value{}, err
		}
	} else {
		at = unpage(at)
	}
	if p != nil {
		return p.body(raw, at, said)
	}
	return byKind(raw, at, said)
}

// body shapes an answer of the API: fallback.pick means pick, and the short
// forms fallback.time and fallback.value for series.
func (p *plan) body(raw *datasource.Raw, v *datasource.Value, said *remarks) (datasource.Value, error) {
	if p.err != nil {
		return datasource.Value{}, p.err
	}
	if raw.Ref.Fallback.Pick == "" && len(p.pick) > 0 {
		if at := descend(v, p.pick); at != nil {
			v = at
		}
	}
	rows := unpage(v)
	switch {
	case p.series != nil && raw.Ref.Fallback.Time == "" && raw.Ref.Fallback.Value == "":
		return p.points(raw.Ref, p.filtered(p.rowsOf(rows), nil), raw.At, said)
	case raw.Ref.Kind.IsSeries() && !p.latest:
		return byKind(raw, rows, said)
	case p.latest && rows.Type == datasource.TypeArray:
		return p.array(rows)
	}
	settled, err := p.settle(raw.Ref, rows, raw.At, said)
	if err != nil || p.latest {
		return settled, err
	}
	return byKind(raw, &settled, said)
}

// byKind turns a decoded answer into what the kind of the datum asks for.
func byKind(raw *datasource.Raw, v *datasource.Value, said *remarks) (datasource.Value, error) {
	rows := unpage(v) // a picked part may be a page as well
	switch kind := raw.Ref.Kind; kind {
	case datasource.KindHash:
		return object(raw, rows)
	case datasource.KindZSet, datasource.KindTimeSeries:
		return pointsOf(raw, rows, said)
	case datasource.KindList, datasource.KindStream, datasource.KindChannel:
		if rows.Type != datasource.TypeArray {
			return datasource.Value{}, fmt.Errorf("expected a list for a %s, is %s", kind, typeName(rows))
		}
		return fromArray(rows.Items, raw.Ref), nil
	case datasource.KindSet:
		return *rows, nil
	case datasource.KindString, datasource.KindJSON:
	}
	return *v, nil
}

// object takes an object, or the only element of a list of one.
func object(raw *datasource.Raw, v *datasource.Value) (datasource.Value, error) {
	if v.Type == datasource.TypeArray {
		switch len(v.Items) {
		case 0:
			return datasource.Value{}, fault(raw, datasource.ClassMissing, "missing: the list is empty")
		case 1:
			v = &v.Items[0]
		}
	}
	if v.Type != datasource.TypeObject {
		return datasource.Value{}, fmt.Errorf("expected an object for a hash, is %s", typeName(v))
	}
	return *v, nil
}

// pointsOf makes a series of an array of objects or pairs.
func pointsOf(raw *datasource.Raw, v *datasource.Value, said *remarks) (datasource.Value, error) {
	if v.Type != datasource.TypeArray {
		return datasource.Value{}, fmt.Errorf("expected a list of points, is %s", typeName(v))
	}
	points := make([]datasource.Point, 0, len(v.Items))
	zone, _ := loadZone(raw.Ref.Shape.Zone)
	for i := range v.Items {
		if t, value, ok := point(&v.Items[i], raw.Ref); ok {
			points = append(points, datasource.Point{MS: said.inZone(t, zone), V: value})
		}
	}
	if len(points) == 0 && len(v.Items) > 0 {
		return datasource.Value{}, errors.New("no point has a time (set time: and value:)")
	}
	return datasource.Value{Type: datasource.TypeSeries, Points: trimPoints(sortPoints(points), raw.Ref, raw.At)}, nil
}

// unpage returns the rows of one of DRF's pages, {count, next, results}, and
// anything else as it is.
func unpage(v *datasource.Value) *datasource.Value {
	rows, ok := v.Field("results")
	if !ok || rows.Type != datasource.TypeArray {
		return v
	}
	for _, mark := range [...]string{"count", "next", "previous"} {
		if _, ok := v.Field(mark); ok {
			return rows
		}
	}
	return v
}

// pick follows a dotted path into v; a number indexes an array, from its end
// when it is negative. A name that has dots itself is found too.
func pick(v *datasource.Value, path string) (*datasource.Value, error) {
	rest := path
	for rest != "" {
		if f, ok := v.Field(rest); ok {
			return f, nil
		}
		var step string
		step, rest, _ = strings.Cut(rest, ".")
		next, err := child(v, step)
		if err != nil {
			return nil, fmt.Errorf("pick %s: %w", path, err)
		}
		v = next
	}
	return v, nil
}

func child(v *datasource.Value, step string) (*datasource.Value, error) {
	switch v.Type {
	case datasource.TypeObject:
		if f, ok := v.Field(step); ok {
			return f, nil
		}
		return nil, fmt.Errorf("no %q in the answer (has %s)", step, fieldList(v))
	case datasource.TypeArray:
		i, err := strconv.Atoi(step)
		if err != nil {
			return nil, fmt.Errorf("%q is no place in a list of %d", step, len(v.Items))
		}
		if i < 0 {
			i += len(v.Items)
		}
		if i < 0 || i >= len(v.Items) {
			return nil, fmt.Errorf("no item %s in a list of %d", step, len(v.Items))
		}
		return &v.Items[i], nil
	}
	return nil, fmt.Errorf("no %q in %s", step, typeName(v))
}

// fieldList lists the first few fields of an object, for a message.
func fieldList(v *datasource.Value) string {
	var b strings.Builder
	for i := range v.Fields {
		if i == 6 {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(datasource.Clean(v.Fields[i].Name.String(), 40).String())
	}
	if b.Len() == 0 {
		return "nothing"
	}
	return b.String()
}

func typeName(v *datasource.Value) string {
	switch v.Type {
	case datasource.TypeNull:
		return "null"
	case datasource.TypeBool:
		return "a bool"
	case datasource.TypeNumber:
		return "a number"
	case datasource.TypeText:
		return "text"
	case datasource.TypeObject:
		return "an object"
	case datasource.TypeArray:
		return fmt.Sprintf("a list of %d", len(v.Items))
	}
	return "nothing"
}
