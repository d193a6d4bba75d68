package store

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
)

func ref(name string) datasource.Ref {
	return datasource.Ref{Name: name, Kind: datasource.KindString, Key: "k:" + name}
}

func number(s string) datasource.Value {
	n, _ := datasource.ParseNumber(s)
	return datasource.Value{Type: datasource.TypeNumber, Num: n}
}

func text(s string) datasource.Value {
	return datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(s, 0)}
}

func object(pairs ...any) datasource.Value {
	v := datasource.Value{Type: datasource.TypeObject}
	for i := 0; i < len(pairs); i += 2 {
		v.Fields = append(v.Fields, datasource.Field{Name: datasource.Clean(pairs[i].(string), 0), Value: pairs[i+1].(datasource.Value)})
	}
	return v
}

func array(items ...datasource.Value) datasource.Value {
	return datasource.Value{Type: datasource.TypeArray, Items: items}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// put publishes one live value.
func put(s *Store, slot *Slot, v datasource.Value, at time.Time) {
	e := &datasource.Entry{Ref: slot.Ref(), State: datasource.StateLive, Value: v, At: at}
	s.Apply(Batch{At: at, Changes: []Change{{slot, e}}})
}

func poked(w *Watch) bool {
	select {
	case <-w.Changed():
		return true
	default:
		return false
	}
}

func TestWatch(t *testing.T) {
	s := New()
	a, opened := s.Watch([]datasource.Ref{ref("x"), ref("y"), ref("x")})
	if len(opened) != 2 || a.Snapshot().Len() != 2 {
		t.Fatalf("%d slots, %d data", len(opened), a.Snapshot().Len())
	}
	other := ref("x")
	other.Name = "z"
	b, more := s.Watch([]datasource.Ref{other})
	if len(more) != 0 {
		t.Error("the same datum has two slots")
	}
	if e := a.Snapshot().Get("x"); e == nil || e.State != datasource.StateLoading {
		t.Errorf("at first: %+v", e)
	}
	put(s, opened[0], number("1"), noon)
	if !poked(a) || !poked(b) || poked(a) {
		t.Error("each is poked once")
	}
	if first, again := a.Snapshot(), a.Snapshot(); first != again || b.Snapshot().Get("z") != first.Get("x") {
		t.Error("snapshots share nothing")
	}
	put(s, opened[1], number("1"), noon)
	if !poked(a) || poked(b) {
		t.Error("a view that does not show a datum is not notified")
	}
	last := a.Snapshot()
	if closed := a.Close(); len(closed) != 1 || closed[0].Ref().Name != "y" {
		t.Errorf("closed %v", closed)
	}
	if a.Close() != nil || a.Snapshot() != last {
		t.Error("a closed watch changes")
	}
	if closed := b.Close(); len(closed) != 1 || len(s.slots) != 0 || len(s.views) != 0 {
		t.Errorf("closed %v, left %v %v", closed, s.slots, s.views)
	}
}

// Rev grows with what can be seen, and only with that.
func TestRev(t *testing.T) {
	s := New()
	w, opened := s.Watch([]datasource.Ref{ref("x")})
	base := datasource.Entry{Ref: new(ref("x")), State: datasource.StateLive, Value: object("a", number("1")), At: noon}
	f := func(c datasource.Class) *datasource.Fault { return &datasource.Fault{Class: c} }
	for _, c := range []struct {
		name  string
		do    func(e *datasource.Entry)
		grows bool
	}{
		{"first", func(e *datasource.Entry) {}, true},
		{"read again", func(e *datasource.Entry) { e.At = noon.Add(time.Second) }, false},
		{"equal value", func(e *datasource.Entry) { e.Value = object("a", number("1")) }, false},
		{"other digits", func(e *datasource.Entry) { e.Value = object("a", number("1.0")) }, true},
		{"back", func(e *datasource.Entry) {}, true},
		{"ttl", func(e *datasource.Entry) { e.Expires = noon.Add(time.Minute) }, true},
		{"renewed", func(e *datasource.Entry) { e.Expires = noon.Add(2 * time.Minute) }, false},
		{"state", func(e *datasource.Entry) { e.State = datasource.StateStale }, true},
		{"fault", func(e *datasource.Entry) { e.State, e.Fault = datasource.StateStale, f(datasource.ClassRefused) }, true},
		{"same fault", func(e *datasource.Entry) { e.State, e.Fault = datasource.StateStale, f(datasource.ClassRefused) }, false},
		{"quiet", func(e *datasource.Entry) { e.Quiet = true }, true},
	} {
		before := w.Snapshot().Get("x").Rev
		e := base
		c.do(&e)
		s.Apply(Batch{At: noon, Changes: []Change{{opened[0], &e}}})
		if now := w.Snapshot().Get("x").Rev; now > before != c.grows || now < before {
			t.Errorf("%s: rev %d to %d", c.name, before, now)
		}
	}
}

func TestChanged(t *testing.T) {
	s := New()
	w, opened := s.Watch([]datasource.Ref{ref("x")})
	for i, c := range []struct {
		v    string
		want int // seconds
	}{{"1", 0}, {"1", 0}, {"2", 2}, {"2", 2}, {"3", 4}} {
		put(s, opened[0], text(c.v), noon.Add(time.Duration(i)*time.Second))
		if got := w.Snapshot().Get("x").Changed.Sub(noon); got != time.Duration(c.want)*time.Second {
			t.Errorf("%d: changed after %v", i, got)
		}
	}
	past := w.History("x")
	if len(past) != 3 || past[0].Value.Text.String() != "3" || past[2].Value.Text.String() != "1" {
		t.Errorf("history %v", past)
	}
	if w.History("nothing") != nil {
		t.Error("history of nothing")
	}
	for i := range 100 {
		put(s, opened[0], number(fmt.Sprint(i)), noon)
	}
	if past = w.History("x"); len(past) != ringSize || past[0].Value.Num.String() != "99" {
		t.Errorf("%d values, the first %v", len(past), past[0].Value)
	}
}

// The history holds on to little, whatever passes through.
func TestAbridge(t *testing.T) {
	points := datasource.Value{Type: datasource.TypeSeries, Points: []datasource.Point{{MS: 1, V: 1}, {MS: 2, V: 2}}}
	if v := shorten(points); len(v.Points) != 1 || v.Points[0].MS != 2 {
		t.Errorf("series %v", v.Points)
	}
	many := array(make([]datasource.Value, 5000)...)
	if v := shorten(many); v.Type != datasource.TypeText {
		t.Errorf("large value %v", v.Type)
	}
	if v := object("a", number("1")); shorten(v).Type != datasource.TypeObject {
		t.Error("a small value is not kept")
	}
}

func TestMoves(t *testing.T) {
	up, down, none := datasource.Move{Dir: 1, MS: noon.UnixMilli()}, datasource.Move{Dir: -1, MS: noon.UnixMilli()}, datasource.Move{}
	old := datasource.Move{Dir: 1, MS: 5}
	moved := func(s string, m datasource.Move) datasource.Value { v := number(s); v.Move = m; return v }
	row := func(id, symbol, pnl string) datasource.Value {
		return object("ticket", number(id), "symbol", text(symbol), "pnl", number(pnl))
	}
	pnl := func(i int) func(v datasource.Value) datasource.Move {
		return func(v datasource.Value) datasource.Move { return v.Items[i].Fields[2].Value.Move }
	}
	self := func(v datasource.Value) datasource.Move { return v.Move }
	first := func(v datasource.Value) datasource.Move { return v.Fields[0].Value.Move }
	for _, c := range []struct {
		name       string
		prev, next datasource.Value
		look       func(v datasource.Value) datasource.Move
		want       datasource.Move
	}{
		{"up", number("1"), number("2"), self, up},
		{"down", moved("1", old), number("0.5"), self, down},
		{"same keeps its mark", moved("1", old), number("1"), self, old},
		{"other digits, same amount", moved("1.1", old), number("1.10"), self, old},
		{"nan", moved("1", old), number("NaN"), self, old},
		{"first", datasource.Value{}, number("1"), self, none},
		{"was text", text("x"), number("1"), self, none},
		{"field", object("a", number("1")), object("a", number("2")), first, up},
		{"field in another place", object("b", number("9"), "a", number("1")), object("a", number("0")), first, down},
		{"nested", object("o", object("a", number("1"))), object("o", object("a", number("2"))),
			func(v datasource.Value) datasource.Move { return v.Fields[0].Value.Fields[0].Value.Move }, up},
		{"row by ticket", array(row("1", "A", "5"), row("2", "A", "7")), array(row("2", "A", "8"), row("1", "A", "5")), pnl(0), up},
		{"row by ticket, unchanged", array(row("1", "A", "5"), row("2", "A", "7")), array(row("2", "A", "8"), row("1", "A", "5")), pnl(1), none},
		{"new row", array(row("1", "A", "5")), array(row("3", "A", "4")), pnl(0), none},
		{"row by place", array(number("1"), number("2")), array(number("1"), number("1")),
			func(v datasource.Value) datasource.Move { return v.Items[1].Move }, down},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.look(Moves(&c.prev, c.next, noon)); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

// What was published is not written to when it is published again: an object
// goes from A to B and back to the very same A.
func TestPublishedIsNotWrittenTo(t *testing.T) {
	s := New()
	w, opened := s.Watch([]datasource.Ref{ref("x")})
	a, b := object("n", number("1")), object("n", number("2"))
	put(s, opened[0], a, noon)
	kept := w.Snapshot().Get("x")
	put(s, opened[0], b, noon)
	put(s, opened[0], a, noon)
	if m := kept.Value.Fields[0].Value.Move; m.Dir != 0 {
		t.Errorf("the first snapshot has a move now: %v", m)
	}
	if m := w.Snapshot().Get("x").Value.Fields[0].Value.Move; m.Dir != -1 {
		t.Errorf("move %v", m)
	}
}

// Each view sees its own events and those of the sources, under its own names.
func TestEvents(t *testing.T) {
	s := New()
	a, opened := s.Watch([]datasource.Ref{ref("x")})
	other := ref("x")
	other.Name = "mine"
	b, _ := s.Watch([]datasource.Ref{other})
	c, _ := s.Watch([]datasource.Ref{ref("secret")})
	word := func(s string) datasource.Safe { return datasource.Clean(s, 0) }
	s.Apply(Batch{At: noon, Events: []Event{
		{Slot: opened[0], Event: datasource.Event{Text: word("one")}},
		{Event: datasource.Event{Subject: word("redis"), Text: word("two")}},
	}})
	late, _ := s.Watch([]datasource.Ref{other, ref("y")})
	for _, v := range []struct {
		name string
		w    *Watch
		want string
	}{{"a", a, "x one redis two "}, {"b", b, "mine one redis two "}, {"c", c, "redis two "}, {"late", late, "mine one redis two "}} {
		got := ""
		for _, e := range v.w.Snapshot().Events {
			got += e.Subject.String() + " " + e.Text.String() + " "
		}
		if got != v.want {
			t.Errorf("%s sees %q, want %q", v.name, got, v.want)
		}
	}
	for i := range 3000 {
		old := a.Snapshot().Events
		was := len(old)
		s.Apply(Batch{At: noon, Events: []Event{{Event: datasource.Event{Text: word(fmt.Sprint(i))}}}})
		events := a.Snapshot().Events
		if len(events) > datasource.MaxEvents || events[len(events)-1].Text.String() != fmt.Sprint(i) || len(old) != was {
			t.Fatalf("%d events, the last %v", len(events), events[len(events)-1])
		}
	}
	if n := len(c.Snapshot().Events); n != datasource.MaxEvents {
		t.Errorf("%d events", n)
	}
}

// A herd fills no log: a view notes a few of its events and the number of the
// others, whatever happens to data that it does not show.
func TestEventsOfAHerd(t *testing.T) {
	s := New()
	var refs []datasource.Ref
	for i := range 1000 {
		refs = append(refs, ref(fmt.Sprint(i)))
	}
	a, opened := s.Watch(refs)
	b, _ := s.Watch(refs[999:])
	var events []Event
	for _, slot := range opened {
		events = append(events, Event{Slot: slot, Event: datasource.Event{At: noon}})
	}
	for range 2 {
		s.Apply(Batch{At: noon, Events: events})
	}
	got := a.Snapshot().Events
	if n := len(got); n != 2*(maxRoundEvents+1) || got[n-1].Text.String() != "980 more changed state" {
		t.Errorf("%d events, the last %q", n, got[n-1].Text)
	}
	if n := len(b.Snapshot().Events); n != 2 {
		t.Errorf("a viewer of one datum sees %d events", n)
	}
}

// Viewers come, look and go while data are published; what they hold does not
// change. The race detector watches.
func TestManyViewers(t *testing.T) {
	s := New()
	refs := []datasource.Ref{ref("a"), ref("b"), ref("c")}
	keep, opened := s.Watch(refs)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			for n := 0; ; n++ {
				w, _ := s.Watch(refs[i%3:])
				snap := w.Snapshot()
				rev := snap.Rev("a", "b", "c")
				w.History("c")
				if w.Close(); snap.Rev("a", "b", "c") != rev {
					t.Error("a snapshot has changed")
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for i := range 300 {
		put(s, opened[i%3], object("n", number(fmt.Sprint(i))), time.Now())
	}
	close(stop)
	wg.Wait()
	if keep.Close(); len(s.slots) != 0 || len(s.views) != 0 || s.watches != 0 {
		t.Errorf("left: %d slots, %d views, %d watches", len(s.slots), len(s.views), s.watches)
	}
}

// Publishing one datum costs the same however many data there are, and little
// for each viewer.
func BenchmarkApply(b *testing.B) {
	for _, data := range []int{10, 1000} {
		for _, viewers := range []int{1, 1000} {
			b.Run(fmt.Sprintf("data=%d/viewers=%d", data, viewers), func(b *testing.B) {
				s := New()
				var refs []datasource.Ref
				for i := range data {
					refs = append(refs, ref(fmt.Sprint(i)))
				}
				_, opened := s.Watch(refs)
				for range viewers - 1 {
					s.Watch(refs)
				}
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					put(s, opened[i%data], object("bid", number("1"), "ask", number("2")), noon)
				}
			})
		}
	}
}

// BenchmarkSnapshot is the cost of a snapshot to viewers: the first of a view puts
// it together, the others share it.
func BenchmarkSnapshot(b *testing.B) {
	s := New()
	var refs []datasource.Ref
	for i := range 200 {
		refs = append(refs, ref(fmt.Sprint(i)))
	}
	w, opened := s.Watch(refs)
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.mu.Lock()
			w.view.Load().version.Add(1)
			s.mu.Unlock()
			w.Snapshot()
		}
	})
	put(s, opened[0], number("1"), noon)
	b.Run("shared", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w.Snapshot()
		}
	})
}
