package feed

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

func widget(t testing.TB, s Spec) *Widget {
	t.Helper()
	w, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// long is a feed whose last message does not fit on a line.
func long() *datasource.Snapshot {
	v := widgettest.Notifications()
	v.Messages = append(v.Messages, datasource.Message{At: widgettest.Now.Add(-time.Hour), Value: widgettest.Object("level", "error",
		"text", "the venue refused the order because the price moved away while it was on its way, so it was sent again and filled")})
	return widgettest.Snapshot(widgettest.Live("alerts", v))
}

// mixed are channels in each state.
func mixed() *datasource.Snapshot {
	var data []widgettest.Datum
	for _, s := range widgettest.States() {
		data = append(data, widgettest.In(s, "alerts."+s.String(), widgettest.Notifications()))
	}
	return widgettest.Snapshot(data...)
}

func TestGolden(t *testing.T) {
	cut, wrap := widget(t, Spec{Data: "alerts", Title: "Notifications"}), widget(t, Spec{Data: "alerts", Wrap: true, Order: "oldest"})
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		for _, size := range [][2]int{{80, 8}, {30, 6}} {
			shot := func(name string, w *Widget, d *datasource.Snapshot, v widgets.View) {
				f := widgettest.Context(size[0], size[1], d, profile)
				f.View, f.Focused = v, v != widgets.View{}
				widgettest.Golden(t, fmt.Sprintf("%s-%s-%dx%d", name, profile, f.W, f.H), w.Render(f), f.W, f.H)
			}
			for _, s := range widgettest.States() {
				shot(s.String(), cut, widgettest.Desk(s), widgets.View{})
			}
			shot("mixed", cut, mixed(), widgets.View{})
			shot("cut", cut, long(), widgets.View{Cursor: 8})
			shot("wrapped", wrap, long(), widgets.View{})
			shot("filtered", cut, long(), widgets.View{Filter: "fill", Cursor: 1})
		}
	}
}

func TestSweep(t *testing.T) {
	all := []*datasource.Snapshot{mixed(), long(), widgettest.Snapshot(), widgettest.Snapshot(widgettest.Live("alerts", datasource.Value{Type: datasource.TypeMessages}))}
	for _, s := range widgettest.States() {
		all = append(all, widgettest.Desk(s))
	}
	widgettest.Sweep(t, widget(t, Spec{Data: "alerts"}), all...)
	widgettest.Sweep(t, widget(t, Spec{Data: "alerts", Wrap: true, Order: "oldest", Level: "level", Text: []string{"text"}}), all...)
}

func TestHostile(t *testing.T) {
	widgettest.Hostile(t, widget(t, Spec{Data: "alerts"}), long())
	widgettest.Hostile(t, widget(t, Spec{Data: "alerts", Wrap: true, Text: []string{"none"}}), mixed())
}

func TestNewRefuses(t *testing.T) {
	for want, s := range map[string]Spec{
		"data is missing":           {},
		"neither newest nor oldest": {Data: "a", Order: "up"},
		"text: a field has no name": {Data: "a", Text: []string{""}},
	} {
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
}

// TestMessages: time, level and text of everything that producers send.
func TestMessages(t *testing.T) {
	at := widgettest.Now.Add(-5 * time.Second)
	tests := []struct {
		name  string
		spec  Spec
		at    time.Time
		value datasource.Value
		want  string
	}{
		{"level and text", Spec{}, at, widgettest.Object("level", "warning", "text", "silent"), "09:31:02 WARN silent"},
		{"own time", Spec{}, at, widgettest.Object("ts", "1795426200", "severity", "critical", "message", "halt"), "09:30:00 CRIT halt"},
		{"another day", Spec{}, at, widgettest.Object("ts", "1795326200", "msg", "old"), "22 Nov old"},
		{"title and body", Spec{}, at, widgettest.Object("title", "Fill", "body", "0.10 @ 2,411.30"), "09:31:02 Fill · 0.10 @ 2,411.30"},
		{"no text", Spec{}, at, widgettest.Object("type", "order_filled", "symbol", "EURUSD", "qty", "0.50", "legs", widgettest.Array(widgettest.Num("1"))), "09:31:02 FILL symbol=EURUSD qty=0.50 legs=[1]"},
		{"a line of a log", Spec{}, time.Time{}, widgettest.Text("[error] disk full"), "ERROR disk full"},
		{"a word that is no level", Spec{}, time.Time{}, widgettest.Text("Error of mine"), "Error of mine"},
		{"plain text", Spec{}, at, widgettest.Text("hello"), "09:31:02 hello"},
		{"a number", Spec{}, at, widgettest.Num("1.10"), "09:31:02 1.10"},
		{"null", Spec{}, at, datasource.Value{Type: datasource.TypeNull}, "09:31:02 null"},
		{"configured", Spec{Level: "grade", Text: []string{"note"}}, at, widgettest.Object("grade", "alert", "note", "x", "text", "y"), "09:31:02 ALERT x"},
	}
	for _, tt := range tests {
		tt.spec.Data = "alerts"
		v := datasource.Value{Type: datasource.TypeMessages, Messages: []datasource.Message{{At: tt.at, Value: tt.value}}}
		f := widgettest.Context(80, 3, widgettest.Snapshot(widgettest.Live("alerts", v)), theme.ProfileNone)
		line := strings.Split(widget(t, tt.spec).Render(f), "\n")[1]
		if got := strings.Join(strings.Fields(strings.Trim(line, "│")), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestColumns: what is before the texts, where there is little space and where
// the messages on the panel have no level.
func TestColumns(t *testing.T) {
	at := widgettest.Now.Add(-5 * time.Second)
	plain := func(text string) datasource.Message {
		return datasource.Message{At: at, Value: widgettest.Text(text)}
	}
	levelled := func(level, text string) datasource.Message {
		return datasource.Message{At: at, Value: widgettest.Object("level", level, "text", text)}
	}
	old := datasource.Message{At: at.Add(-48 * time.Hour), Value: widgettest.Text("[info] a text of some length")}
	const long = "a text that goes on and on and does not fit"
	for _, c := range []struct {
		name     string
		w        int
		view     widgets.View
		messages []datasource.Message
		want     string // the first line
	}{
		{"no level", 60, widgets.View{}, []datasource.Message{plain("hello")}, "09:31:02  hello"},
		{"a blank level", 60, widgets.View{}, []datasource.Message{levelled("   ", "hello")}, "09:31:02  hello"},
		{"a level out of sight", 60, widgets.View{}, []datasource.Message{plain("hello"), plain("b"), levelled("rejected", "c")}, "09:31:02  hello"},
		{"a level in sight", 60, widgets.View{}, []datasource.Message{plain("hello"), levelled("rejected", "c")}, "09:31:02            hello"},
		{"scrolled to it", 60, widgets.View{Offset: 1, Cursor: 1}, []datasource.Message{plain("a"), plain("b"), levelled("warn", "c")}, "09:31:02        b"},
		{"narrow without a level", 33, widgets.View{}, []datasource.Message{plain(long)}, "09:31:02  a text that goes o…"},
		{"narrow with one", 33, widgets.View{}, []datasource.Message{levelled("info", long)}, "09:31  INFO  a text that goe…"},
		{"narrow and short", 33, widgets.View{}, []datasource.Message{levelled("info", "off quotes")}, "09:31:02  INFO  off quotes"},
		{"of another day", 34, widgets.View{}, []datasource.Message{old}, "21 Nov  INFO  a text of some …"},
		{"narrower", 30, widgets.View{}, []datasource.Message{levelled("info", long)}, "INFO  a text that goes on…"},
		{"narrowest", 16, widgets.View{}, []datasource.Message{levelled("info", long)}, "a text that…"},
	} {
		v := datasource.Value{Type: datasource.TypeMessages, Messages: c.messages}
		f := widgettest.Context(c.w, 4, widgettest.Snapshot(widgettest.Live("alerts", v)), theme.ProfileNone)
		f.View = c.view
		line := strings.Split(widget(t, Spec{Data: "alerts"}).Render(f), "\n")[1]
		if got := strings.TrimSpace(strings.Trim(line, "│")); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestPrivate: amounts in fields are hidden.
func TestPrivate(t *testing.T) {
	v := datasource.Value{Type: datasource.TypeMessages, Messages: []datasource.Message{{Value: widgettest.Object("pnl", "-580.25", "symbol", "EURUSD")}}}
	f := widgettest.Context(60, 3, widgettest.Snapshot(widgettest.Live("alerts", v)), theme.ProfileNone)
	f.Private = true
	if got := widget(t, Spec{Data: "alerts"}).Render(f); strings.Contains(got, "580") || !strings.Contains(got, "pnl=••• symbol=EURUSD") {
		t.Errorf("private:\n%s", got)
	}
}

// TestOrder: channels are put together by time, and turned round on request.
func TestOrder(t *testing.T) {
	message := func(ago time.Duration, text string) datasource.Value {
		return datasource.Value{Type: datasource.TypeMessages, Messages: []datasource.Message{{At: widgettest.Now.Add(-ago), Value: widgettest.Text(text)}}}
	}
	d := widgettest.Snapshot(widgettest.Live("log.a", message(9*time.Second, "older")), widgettest.Live("log.b", message(time.Second, "newer")))
	f := widgettest.Context(60, 4, d, theme.ProfileNone)
	for _, order := range []string{"newest", "oldest"} {
		w := widget(t, Spec{Data: "log", Order: order})
		lines := strings.Split(w.Render(f), "\n")
		want := map[string]string{"newest": "newer", "oldest": "older"}[order]
		if !strings.Contains(lines[1], want) {
			t.Errorf("%s first: %s", order, lines[1])
		}
		if got, _ := w.Target(f); got.Name != map[string]string{"newest": "log.b", "oldest": "log.a"}[order] || got.Row != 0 {
			t.Errorf("%s first points at %+v", order, got)
		}
	}
}

// TestWrapped: the cursor's message is on the panel with all its lines, and
// each of them is the message's for the mouse.
func TestWrapped(t *testing.T) {
	w := widget(t, Spec{Data: "alerts", Wrap: true})
	f := widgettest.Context(50, 7, long(), theme.ProfileNone)
	f.View = w.Act(f, widgets.ActBottom, 0)
	got := w.Render(f)
	if !strings.Contains(got, "sent again and filled") {
		t.Errorf("the end of the last message is not there:\n%s", got)
	}
	last, _ := w.Target(f)
	for y := 1; y < 6; y++ {
		if row, ok := w.RowAt(f, y); !ok || y > 2 && row != last.Row {
			t.Errorf("line %d is message %d %v, want %d", y, row, ok, last.Row)
		}
	}
	if _, ok := w.RowAt(f, 6); ok {
		t.Error("the border is a message")
	}
}

func BenchmarkRender(b *testing.B) {
	v := datasource.Value{Type: datasource.TypeMessages}
	for range 25 {
		v.Messages = append(v.Messages, widgettest.Notifications().Messages...)
	}
	w := widget(b, Spec{Data: "alerts"})
	f := widgettest.Context(96, 20, widgettest.Snapshot(widgettest.Live("alerts", v)), theme.ProfileTrue)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}

// TestKinds: the kinds are gone through one by one and back to all; words of
// which there are too many are no kinds.
func TestKinds(t *testing.T) {
	kinds, v := []string{"FILL", "REJECT"}, widgets.View{Cursor: 3}
	var seen []string
	for range 4 {
		v = nextKind(v, kinds)
		seen = append(seen, kindsLine(kinds, v.Sort))
	}
	want := []string{"all · [fill] · reject", "all · fill · [reject]", "[all] · fill · reject", "all · [fill] · reject"}
	if !slices.Equal(seen, want) {
		t.Errorf("%q", seen)
	}
	if v := nextKind(widgets.View{Sort: "GONE"}, kinds); v.Sort != "FILL" {
		t.Errorf("after one that is gone: %q", v.Sort)
	}
	if kindsLine(nil, "") != "" || nextKind(widgets.View{}, nil).Sort != "" {
		t.Error("nothing to choose from")
	}
}
