package decode

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ncruces/go-strftime"

	"ticktop/datasource"
	"ticktop/datasource/names"
)

// plan is a compiled Shape: what is done to a value between its decoding and
// its publication. It is immutable.
type plan struct {
	decoders []string
	pick     []string
	where    []condition
	renames  []rename
	texts    map[string]map[string]datasource.Safe // field → code → text
	time     []string
	layout   string         // of Go's time package, for Shape.TimeFormat
	zone     *time.Location // of times without one; nil when it is not known
	latest   bool
	newest   datasource.End
	series   *seriesPlan
	columns  []string
	sep      string
	rows     bool  // rows are asked for: a sorted set is no series then
	err      error // the Shape can't be compiled
}

// condition is one entry of where:.
type condition struct {
	path   []string
	values []string
}

// rename is one entry of fields:.
type rename struct {
	to   datasource.Safe
	from []string
}

// plans keeps compiled Shapes: the same few are asked for with every value. It
// is a cache and nothing else: what it returns depends on the Shape alone.
var plans = struct {
	sync.RWMutex
	m map[datasource.Shape]*plan
}{m: map[datasource.Shape]*plan{}}

// maxPlans bounds the cache; past it, it is begun anew.
const maxPlans = 4096

// isPlain reports whether a Shape takes values as they are.
func isPlain(s *datasource.Shape) bool {
	return s.Pick == "" && s.Where == "" && s.Fields == "" && s.Values == "" && s.Time == "" && s.TimeFormat == "" && s.Zone == "" && !s.Latest &&
		s.Columns == "" && s.Sep == "" && s.Decode == "" && !s.Series.Defined()
}

// planOf returns the plan of a datum, nil when its values are taken as they are.
func planOf(ref *datasource.Ref) *plan {
	if isPlain(&ref.Shape) {
		return nil
	}
	key := ref.Shape
	key.MaxAge, key.Market, key.Show = 0, false, ""
	plans.RLock()
	p := plans.m[key]
	plans.RUnlock()
	if p != nil {
		return p
	}
	p = compile(&key)
	plans.Lock()
	defer plans.Unlock()
	if len(plans.m) >= maxPlans {
		clear(plans.m)
	}
	plans.m[key] = p
	return p
}

func compile(s *datasource.Shape) *plan {
	p := &plan{pick: datasource.SplitPath(s.Pick), time: datasource.SplitPath(s.Time), latest: s.Latest, newest: s.Newest, sep: s.Sep,
		columns: splitList(s.Columns), decoders: splitList(s.Decode)}
	p.rows = s.Pick != "" || s.Where != "" || s.Fields != "" || s.Values != "" || s.Columns != "" || s.Sep != ""
	for _, d := range p.decoders {
		if !slices.Contains(Decoders(), d) {
			p.err = fmt.Errorf("unknown decoder %q (one of %s)", d, strings.Join(Decoders(), ", "))
		}
	}
	for _, w := range s.Where.List() {
		p.where = append(p.where, condition{path: datasource.SplitPath(w.Name), values: w.Values})
	}
	for _, f := range s.Fields.List() {
		p.renames = append(p.renames, rename{to: datasource.Clean(f.Name, datasource.MaxCell), from: f.Values})
	}
	for _, v := range s.Values.List() {
		field, code := v.Name, ""
		if i := strings.LastIndexByte(v.Name, '.'); i >= 0 {
			field, code = v.Name[:i], v.Name[i+1:]
		}
		if len(v.Values) == 0 {
			continue
		}
		if p.texts == nil {
			p.texts = map[string]map[string]datasource.Safe{}
		}
		if p.texts[field] == nil {
			p.texts[field] = map[string]datasource.Safe{}
		}
		p.texts[field][code] = datasource.Clean(v.Values[0], datasource.MaxCell)
	}
	if s.TimeFormat != "" {
		layout, err := strftime.Layout(s.TimeFormat)
		if err != nil {
			p.err = fmt.Errorf("time_format %q: %w", s.TimeFormat, err)
		}
		p.layout = layout
	}
	if s.Zone != "" {
		loc, err := loadZone(s.Zone)
		if err != nil {
			p.err = fmt.Errorf("unknown time zone %q", s.Zone)
		}
		p.zone = loc
	}
	if s.Series.Defined() {
		p.series = compileSeries(s.Series)
	}
	return p
}

func splitList(s string) []string {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// descend follows a path into v, nil when there is nothing. A name that has dots
// itself is found too.
func descend(v *datasource.Value, path []string) *datasource.Value {
	for i := 0; i < len(path); i++ {
		next, err := child(v, path[i])
		if err != nil {
			if whole := strings.Join(path[i:], "."); i+1 < len(path) && v.Type == datasource.TypeObject {
				if f, ok := v.Field(whole); ok {
					return f
				}
			}
			return nil
		}
		v = next
	}
	return v
}

// holds reports whether the conditions hold for a value.
func (p *plan) holds(v *datasource.Value) bool {
	for i := range p.where {
		c := &p.where[i]
		at := descend(v, c.path)
		if at == nil || !slices.ContainsFunc(c.values, func(want string) bool { return saysValue(at, want) }) {
			return false
		}
	}
	return true
}

// saysValue reports whether a scalar is what the configuration writes as want.
func saysValue(v *datasource.Value, want string) bool {
	switch v.Type {
	case datasource.TypeText:
		return v.Text.String() == want
	case datasource.TypeBool:
		return want == "true" && v.Bool || want == "false" && !v.Bool
	case datasource.TypeNumber:
		if v.Num.String() == want {
			return true
		}
		n, ok := datasource.ParseNumber(want)
		return ok && n.Float() == v.Num.Float()
	case datasource.TypeNull:
		return want == "null" || want == ""
	}
	return false
}

// rename gives the fields of an object their standard names.
func (p *plan) rename(v *datasource.Value) {
	for _, r := range p.renames {
		at := -1
		for _, from := range r.from {
			if at = fieldNamed(v, from); at >= 0 {
				break
			}
			if path := datasource.SplitPath(from); len(path) > 1 {
				if nested := descend(v, path); nested != nil {
					value := *nested
					setNamed(v, r.to, value)
					break
				}
			}
		}
		if at < 0 {
			continue
		}
		value := v.Fields[at].Value
		if old := fieldNamed(v, r.to.String()); old >= 0 && old != at {
			v.Fields = slices.Delete(v.Fields, old, old+1)
			if old < at {
				at--
			}
		}
		v.Fields[at] = datasource.Field{Name: r.to, Value: value}
	}
}

func setNamed(v *datasource.Value, name datasource.Safe, value datasource.Value) {
	if i := fieldNamed(v, name.String()); i >= 0 {
		v.Fields[i].Value = value
		return
	}
	v.Fields = append(v.Fields, datasource.Field{Name: name, Value: value})
}

// fieldNamed returns the place of a field, exactly so named or but for case and
// separators; -1 for none.
func fieldNamed(v *datasource.Value, name string) int {
	loose := -1
	for i := range v.Fields {
		switch s := v.Fields[i].Name.String(); {
		case s == name:
			return i
		case loose < 0 && names.Same(s, name):
			loose = i
		}
	}
	return loose
}

// codes puts the texts of values: in the place of codes.
func (p *plan) codes(v *datasource.Value) {
	if p.texts == nil {
		return
	}
	for i := range v.Fields {
		f := &v.Fields[i]
		texts := p.texts[f.Name.String()]
		if texts == nil {
			continue
		}
		code := ""
		switch f.Value.Type {
		case datasource.TypeNumber:
			code = f.Value.Num.String()
			if _, ok := texts[code]; !ok {
				code = strings.TrimSuffix(code, ".0")
			}
		case datasource.TypeText:
			code = f.Value.Text.String()
		case datasource.TypeBool:
			code = map[bool]string{true: "true", false: "false"}[f.Value.Bool]
		default:
			continue
		}
		if t, ok := texts[code]; ok {
			f.Value = datasource.Value{Type: datasource.TypeText, Text: t}
		}
	}
}

// row gives one row its names: of delimited text and arrays by columns, of
// objects by fields; and its codes their texts.
func (p *plan) row(v *datasource.Value) {
	if p.sep != "" && v.Type == datasource.TypeText {
		*v = p.split(v.Text.String())
	}
	if len(p.columns) > 0 && v.Type == datasource.TypeArray && (len(v.Items) == 0 || !isRow(&v.Items[0])) {
		*v = p.named(v.Items)
	}
	if v.Type == datasource.TypeObject {
		p.rename(v)
		p.codes(v)
	}
}

func isRow(v *datasource.Value) bool {
	return v.Type == datasource.TypeArray || v.Type == datasource.TypeObject
}

// split reads delimited text.
func (p *plan) split(s string) datasource.Value {
	parts := strings.SplitN(s, p.sep, datasource.MaxFields)
	v := datasource.Value{Type: datasource.TypeArray, Items: make([]datasource.Value, len(parts))}
	for i, part := range parts {
		v.Items[i] = text(strings.TrimSpace(part))
	}
	return v
}

// named gives the elements of an array the names of columns:; "" and "-" leave
// one out.
func (p *plan) named(items []datasource.Value) datasource.Value {
	v := datasource.Value{Type: datasource.TypeObject}
	for i := range items {
		if i < len(p.columns) && p.columns[i] != "" && p.columns[i] != "-" {
			v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(p.columns[i], datasource.MaxCell), Value: items[i]})
		}
	}
	return v
}
