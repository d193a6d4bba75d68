package alert

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ticktop/datasource"
)

// scope is what a node may see during one evaluation.
type scope struct {
	snap    *datasource.Snapshot
	now     time.Time
	item    string    // the element of the group that is looked at
	first   time.Time // when this was first looked at
	mem     []memory
	percent bool // the other side of the comparison is a percentage
}

func (s *scope) memoryAt(slot int) *memory { return &s.mem[slot] }

// findDatum returns the datum of a path, its name and the number of parts that name
// it: the longest name wins; where there isn't one it is the group's item.
func (s *scope) findDatum(p *path) (e *datasource.Entry, name string, used int) {
	for n := len(p.names); n > 0; n-- {
		if e := s.snap.Get(p.names[n-1]); e != nil {
			return e, p.names[n-1], n
		}
	}
	if s.item == "" {
		return nil, p.names[0], 1
	}
	name = p.names[0] + "." + s.item
	return s.snap.Get(name), name, 1
}

// valueAt returns the value at a path, nil when there isn't one, and its datum.
func (s *scope) valueAt(p *path) (*datasource.Value, *datasource.Entry) {
	e, _, used := s.findDatum(p)
	if !e.Known() {
		return nil, e
	}
	return followFields(&e.Value, p.parts[used:]), e
}

// followFields follows fields; a number indexes an array. Of messages the newest is
// meant.
func followFields(v *datasource.Value, parts []string) *datasource.Value {
	for len(parts) > 0 {
		switch v.Type {
		case datasource.TypeMessages:
			if len(v.Messages) == 0 {
				return nil
			}
			v = &v.Messages[0].Value
			continue
		case datasource.TypeObject:
			next, ok := v.Field(parts[0])
			if !ok {
				whole, ok := v.Field(strings.Join(parts, "."))
				if !ok {
					return nil
				}
				return whole
			}
			v = next
		case datasource.TypeArray:
			i, err := strconv.Atoi(parts[0])
			if err != nil || i < 0 || i >= len(v.Items) {
				return nil
			}
			v = &v.Items[i]
		default:
			return nil
		}
		parts = parts[1:]
	}
	return v
}

// ruleItems returns the elements for which a rule is evaluated: those of the first
// group it names, or one without a name.
func (r *Rule) ruleItems(snap *datasource.Snapshot) []string {
	for _, p := range r.paths {
		exact := slices.ContainsFunc(p.names, func(n string) bool { return snap.Get(n) != nil })
		if exact {
			continue
		}
		var out []string
		for _, name := range snap.Names() {
			if datasource.Group(name) == p.names[0] && name != p.names[0] {
				out = append(out, datasource.Item(name))
			}
		}
		if out != nil {
			return out
		}
	}
	return []string{""}
}

// memory is what change() and crosses() remember between two evaluations.
type memory struct {
	last, prev   float64
	seen, before bool
	samples      []sample // of the period, oldest first, the first at or before its start
	side         int8
	crossed      time.Time
	dozed, woke  time.Time // the machine slept from then to then
}

type sample struct {
	at time.Time
	v  float64
}

// perPeriod bounds the samples kept for a period.
const perPeriod = 240

// rememberValue remembers the value of this moment.
func (m *memory) rememberValue(now time.Time, v float64, over time.Duration) {
	if !m.seen {
		m.last, m.seen = v, true
	} else if v != m.last {
		m.prev, m.last, m.before = m.last, v, true
	}
	if over <= 0 {
		return
	}
	if n := len(m.samples); n == 0 || now.Sub(m.samples[n-1].at) >= over/perPeriod {
		m.samples = append(slices.Clip(m.samples), sample{now, v}) // the earlier State keeps its own
	}
	start := now.Add(-over)
	for len(m.samples) > 1 && !m.samples[1].at.After(start) {
		m.samples = m.samples[1:]
	}
	if len(m.samples) > 1 && start.After(m.dozed) && start.Before(m.woke) && m.samples[0].at.Before(m.woke) {
		m.samples = m.samples[1:] // what it was at the start nobody has seen
	}
}

// baseValue is the value to compare with: the one before the last change, or the one
// at the start of the period (the oldest known while the period is not full).
func (m *memory) baseValue(now time.Time, over time.Duration) (float64, bool) {
	if over <= 0 {
		return m.prev, m.before
	}
	if len(m.samples) == 0 {
		return 0, false
	}
	return m.samples[0].v, true
}
