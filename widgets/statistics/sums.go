package statistics

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/names"
	"ticktop/widgets"
	"ticktop/widgets/field"
)

// deal is a closed trade.
type deal struct {
	symbol string
	result float64
	cents  datasource.Number // the result as written
	at     time.Time         // closed; zero when it does not say
	held   time.Duration
}

// group is what some of the trades amount to.
type group struct {
	name   string
	n, won int
	sum    float64
}

// sums is what all of them amount to.
type sums struct {
	entry    *datasource.Entry
	usable   bool
	undated  int // trades that do not say when they were closed
	left     int // trades of other days
	unread   int // rows without a result
	decimals int

	n, won, lost     int
	gained, given    float64 // sums of the gains and of the losses, both positive
	best, worst      float64
	streak           int // longest run of losses
	held             time.Duration
	timed            int // trades that say how long they were open
	hours, symbols   []group
	commission, swap float64 // where the producer tells them apart
}

func (s *sums) net() float64 { return s.gained - s.given }

// add reads the trades and adds them up.
func (w *Widget) add(f *widgets.Context) sums {
	s := sums{entry: f.Data.Get(w.spec.Data), usable: true, best: math.Inf(-1), worst: math.Inf(1)}
	if !s.entry.Known() {
		return s
	}
	deals := s.read(f)
	if !w.spec.All {
		deals = s.today(deals, f.Now)
	}
	slices.SortStableFunc(deals, func(a, b deal) int { return a.at.Compare(b.at) })
	run := 0
	for i := range deals {
		d := &deals[i]
		s.n++
		s.decimals = min(max(s.decimals, d.cents.Decimals()), 8)
		s.best, s.worst = max(s.best, d.result), min(s.worst, d.result)
		switch {
		case d.result > 0:
			s.won++
			s.gained += d.result
			run = 0
		case d.result < 0:
			s.lost++
			s.given -= d.result
			run++
			s.streak = max(s.streak, run)
		}
		if d.held > 0 {
			s.held += d.held
			s.timed++
		}
		if d.symbol != "" {
			s.symbols = tally(s.symbols, d.symbol, d.result)
		}
		if !d.at.IsZero() {
			hour := d.at.In(f.Now.Location()).Hour()
			s.hours = tally(s.hours, strconv.Itoa(hour/10)+strconv.Itoa(hour%10), d.result)
		}
	}
	slices.SortStableFunc(s.symbols, func(a, b group) int { return cmp.Compare(b.sum, a.sum) })
	slices.SortStableFunc(s.hours, func(a, b group) int { return cmp.Compare(a.name, b.name) })
	return s
}

func tally(groups []group, name string, result float64) []group {
	i := slices.IndexFunc(groups, func(g group) bool { return g.name == name })
	if i < 0 {
		groups, i = append(groups, group{name: name}), len(groups)
	}
	g := &groups[i]
	g.n++
	g.sum += result
	if result > 0 {
		g.won++
	}
	return groups
}

// today keeps the trades that were closed since midnight where the viewer is.
// Where none has a time nothing can be told apart, and all are kept.
func (s *sums) today(deals []deal, now time.Time) []deal {
	if s.undated == len(deals) {
		return deals
	}
	y, m, d := now.Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	kept := deals[:0]
	for _, x := range deals {
		if !x.at.Before(midnight) {
			kept = append(kept, x)
		}
	}
	s.left = len(deals) - len(kept)
	return kept
}

// read finds the trades in an array, an object of objects, or messages.
func (s *sums) read(f *widgets.Context) (deals []deal) {
	add := func(v *datasource.Value) {
		if d, ok := readDeal(v); ok {
			deals = append(deals, d)
			if d.at.IsZero() {
				s.undated++
			}
			s.commission += s.cost(v, names.Commission)
			s.swap += s.cost(v, names.Swap)
			return
		}
		s.unread++
	}
	v := &s.entry.Value
	switch v.Type {
	case datasource.TypeArray:
		for i := range v.Items {
			add(&v.Items[i])
		}
	case datasource.TypeMessages:
		for i := range v.Messages {
			add(&v.Messages[i].Value)
		}
	case datasource.TypeObject:
		if _, ok := names.Find(v, names.Profit); ok {
			add(v)
			break
		}
		for i := range v.Fields {
			add(&v.Fields[i].Value)
		}
	default:
		s.usable = false
	}
	return deals
}

// cost is a part of a trade that producers tell apart from its result.
func (s *sums) cost(v *datasource.Value, part names.Standard) float64 {
	n, ok := names.Number(v, part)
	if !ok || !n.Finite() {
		return 0
	}
	s.decimals = min(max(s.decimals, n.Decimals()), 8)
	return n.Float()
}

// closedNames are the producers' names of when a trade was closed, the most
// telling first.
var closedNames = []string{"closedat", "closetime", "timeclose", "closets", "exittime", "exitat", "executedat", "filledat"}

// openedNames are those of when it was opened.
var openedNames = []string{"openedat", "opentime", "timeopen", "opents", "entrytime", "entryat"}

func readDeal(v *datasource.Value) (d deal, ok bool) {
	d.cents, ok = names.Number(v, names.Profit)
	if !ok || !d.cents.Finite() {
		return d, false
	}
	d.result = d.cents.Float()
	if f, ok := names.Find(v, names.Symbol); ok && f.Type == datasource.TypeText {
		d.symbol = datasource.Clean(f.Text.String(), 24).String()
	}
	opened, hasOpened := timeNamed(v, openedNames)
	closed, hasClosed := timeNamed(v, closedNames)
	if !hasClosed {
		if f, ok := names.Find(v, names.Time); ok && !hasOpened {
			closed, hasClosed = field.TimeOf(f)
		}
	}
	if hasClosed {
		d.at = closed
		if hasOpened && closed.After(opened) {
			d.held = closed.Sub(opened)
		}
	}
	return d, true
}

func timeNamed(v *datasource.Value, called []string) (time.Time, bool) {
	best, at := len(called), time.Time{}
	for i := range v.Fields {
		n := slices.Index(called, names.Fold(v.Fields[i].Name.String()))
		if n < 0 || n >= best {
			continue
		}
		if t, ok := field.TimeOf(&v.Fields[i].Value); ok {
			best, at = n, t
		}
	}
	return at, best < len(called)
}
