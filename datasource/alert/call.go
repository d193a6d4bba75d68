package alert

import (
	"math"
	"time"

	"ticktop/datasource"
)

// CrossHold is how long crosses() stays true after the crossing: long enough to
// be seen, for the values themselves are on the other side at once.
const CrossHold = 10 * time.Second

// function describes one function of the language.
type function struct {
	sort sort
	args string // for messages
}

var functions = map[string]function{
	"age":       {sortDuration, "age(datum)"},
	"unchanged": {sortDuration, "unchanged(datum)"},
	"silent":    {sortDuration, "silent(datum)"},
	"quiet":     {sortBool, "quiet(datum)"},
	"missing":   {sortBool, "missing(datum)"},
	"state":     {sortWord, "state(datum)"},
	"source":    {sortWord, "source(datum)"},
	"change":    {sortChange, "change(value) or change(value over 5m)"},
	"crosses":   {sortBool, "crosses(value, level) or crosses(value, level, above)"},
	"abs":       {sortNumber, "abs(value)"},
}

func functionNames() []string {
	return []string{"age", "unchanged", "silent", "quiet", "missing", "state", "source", "change", "crosses", "abs"}
}

// call is a function and its arguments.
type call struct {
	name string
	path *path         // all but abs
	over time.Duration // change
	with node          // crosses: the level; abs: its argument
	dir  int8          // crosses: +1 above, -1 below, 0 either
	slot int           // change, crosses: place in the track's memory
}

func (n *call) sort() sort {
	if n.name == "abs" {
		return n.with.sort()
	}
	return functions[n.name].sort
}

func (n *call) format(b []byte) []byte {
	b = append(append(b, n.name...), '(')
	if n.path != nil {
		b = n.path.format(b)
	}
	if n.over > 0 {
		b = append(append(b, " over "...), formatDuration(n.over)...)
	}
	if n.with != nil {
		if n.path != nil {
			b = append(b, ", "...)
		}
		b = n.with.format(b)
	}
	switch n.dir {
	case 1:
		b = append(b, ", above"...)
	case -1:
		b = append(b, ", below"...)
	}
	return append(b, ')')
}

func (n *call) eval(s *scope) result {
	switch n.name {
	case "abs":
		r := n.with.eval(s)
		r.num = math.Abs(r.num)
		return r
	case "change":
		return n.changeOf(s)
	case "crosses":
		return n.hasCrossed(s)
	}
	v, e := s.valueAt(n.path)
	if e == nil {
		return result{}
	}
	switch n.name {
	case "age":
		return ageOf(e, s.now)
	case "unchanged":
		if !e.Known() {
			return result{}
		}
		return durationResult(e.SinceChange(s.now))
	case "silent":
		return durationResult(silenceOf(e, s.now, s.first))
	case "quiet":
		return boolResult(e.Quiet)
	case "missing":
		return isMissing(e, v, n.path)
	case "state":
		return result{known: true, sort: sortWord, text: e.State.String()}
	}
	return sourceOf(e)
}

// ageOf is how old the data is: since its origin vouched for it, or, where the
// value carries its producer's time, since that, whichever is longer. A dead
// producer's value in a living Redis is old.
func ageOf(e *datasource.Entry, now time.Time) result {
	if !e.Known() {
		return result{}
	}
	d := e.Age(now)
	if !e.Stamp.IsZero() {
		own, ok := e.ValueAge(now)
		if !ok {
			return result{} // a time without a zone that is known
		}
		d = max(d, own)
	}
	return durationResult(d)
}

// silenceOf is how long nothing was heard: since the newest message, since the
// last push or change, or since we listen.
func silenceOf(e *datasource.Entry, now, first time.Time) time.Duration {
	heard := first
	switch {
	case e.Value.Type == datasource.TypeMessages:
		if len(e.Value.Messages) > 0 && !e.Value.Messages[0].At.IsZero() {
			heard = e.Value.Messages[0].At
		}
	case e.Known() && e.Origin == datasource.SourcePubSub:
		heard = e.At
	case e.Known() && !e.Changed.IsZero():
		heard = e.Changed
	}
	return max(0, now.Sub(heard))
}

// isMissing is true where both sources have no value, or where the value has no
// such field, or null in it. While the datum loads it is unknown.
func isMissing(e *datasource.Entry, v *datasource.Value, p *path) result {
	switch {
	case e.Known():
		return boolResult(v == nil || v.Type == datasource.TypeNull)
	case e.State == datasource.StateLoading:
		return result{}
	}
	return boolResult(true)
}

// sourceOf answers with the origin, and with the state as well: a value from the
// API is "api" and "fallback".
func sourceOf(e *datasource.Entry) result {
	if e.State == datasource.StateLoading {
		return result{}
	}
	r := result{known: true, sort: sortWord, text: e.State.String()}
	if e.Known() {
		r.other = e.Origin.String()
	}
	return r
}

// changeOf is the difference to the value before the last change, or to the one
// at the start of the period; in percent of that value when the other side of
// the comparison is a percentage.
func (n *call) changeOf(s *scope) result {
	v, _ := s.valueAt(n.path)
	r := resultOf(v)
	if !r.known || r.sort != sortNumber {
		return result{}
	}
	m := s.memoryAt(n.slot)
	m.rememberValue(s.now, r.num, n.over)
	base, ok := m.baseValue(s.now, n.over)
	if v.Type == datasource.TypeSeries {
		base, ok = seriesBase(v, n.over)
	}
	if !ok {
		return result{}
	}
	if !s.percent {
		return numberResult(r.num - base)
	}
	if base == 0 {
		return result{}
	}
	p := numberResult((r.num - base) / math.Abs(base) * 100)
	p.sort = sortPercent
	return p
}

// seriesBase finds the value to compare with in the series itself.
func seriesBase(v *datasource.Value, over time.Duration) (float64, bool) {
	last, ok := v.Last()
	if !ok {
		return 0, false
	}
	start, newest := last.MS-over.Milliseconds(), true
	base, found := 0.0, false
	for i := len(v.Points) - 1; i >= 0; i-- {
		p := v.Points[i]
		if math.IsNaN(p.V) {
			continue
		}
		if newest { // last itself
			newest = false
			if over == 0 {
				continue
			}
		}
		base, found = p.V, true
		if over == 0 || p.MS <= start {
			break
		}
	}
	return base, found
}

// hasCrossed is true for CrossHold after the value has come from one side of the
// level to the other.
func (n *call) hasCrossed(s *scope) result {
	v, _ := s.valueAt(n.path)
	r, level := resultOf(v), n.with.eval(s)
	if !r.known || !level.known || r.sort != sortNumber || level.sort != sortNumber {
		return result{}
	}
	m := s.memoryAt(n.slot)
	side := int8(0)
	switch {
	case r.num > level.num:
		side = 1
	case r.num < level.num:
		side = -1
	}
	if side != 0 {
		if m.side != 0 && m.side != side && (n.dir == 0 || n.dir == side) {
			m.crossed = s.now
		}
		m.side = side
	}
	m.rememberValue(s.now, r.num, 0)
	return boolResult(!m.crossed.IsZero() && s.now.Sub(m.crossed) < CrossHold)
}
