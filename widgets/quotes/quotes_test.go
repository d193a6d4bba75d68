package quotes

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

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

func market(t testing.TB) *Widget {
	return widget(t, Spec{Data: "quote", Spark: "price", Mine: "positions"})
}

// mixed is the desk with the first quotes each in another state.
func mixed() *datasource.Snapshot {
	var data []widgettest.Datum
	for i, s := range widgettest.Symbols() {
		state := datasource.StateLive
		if all := widgettest.States(); i < len(all) {
			state = all[i]
		}
		data = append(data, widgettest.In(state, "quote."+s, widgettest.Quote(s)))
		data = append(data, widgettest.Live("price."+s, widgettest.Series(120, 10*time.Second, widgettest.Walk(uint64(i+2), widgettest.Start(s), 0, widgettest.Start(s)/2500, 5))))
	}
	data[len(data)-2].Entry.Quiet = true
	return widgettest.Snapshot(data...)
}

func TestGolden(t *testing.T) {
	w := market(t)
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		for _, size := range [][2]int{{96, 16}, {50, 9}, {24, 5}} {
			shot := func(name string, d *datasource.Snapshot, v widgets.View) {
				f := widgettest.Context(size[0], size[1], d, profile)
				f.View, f.Focused = v, v != widgets.View{}
				widgettest.Golden(t, fmt.Sprintf("%s-%s-%dx%d", name, profile, f.W, f.H), w.Render(f), f.W, f.H)
			}
			for _, s := range widgettest.States() {
				shot(s.String(), widgettest.Desk(s), widgets.View{})
			}
			shot("mixed", mixed(), widgets.View{})
			shot("moved-in", mixed(), widgets.View{Sort: "change", Desc: true, Filter: "usd", Hidden: "spread", Cursor: 3})
		}
	}
}

func TestSweep(t *testing.T) {
	all := []*datasource.Snapshot{mixed(), widgettest.Snapshot()}
	for _, s := range widgettest.States() {
		all = append(all, widgettest.Desk(s))
	}
	widgettest.Sweep(t, market(t), all...)
}

func TestHostile(t *testing.T) {
	widgettest.Hostile(t, market(t), mixed())
	widgettest.Hostile(t, widget(t, Spec{Data: "quote", Columns: []string{"symbol", "bid", "ts", "nothing", "last"}}), mixed())
}

func TestNewRefuses(t *testing.T) {
	for want, s := range map[string]Spec{
		"data is missing":          {},
		"\"bid\" is there twice":   {Data: "q", Columns: []string{"bid", "bid"}},
		"spark needs a series":     {Data: "q", Columns: []string{"symbol", "spark"}},
		"no column \"x\"":          {Data: "q", Fields: map[string]string{"x": "b"}},
		"99 is not between":        {Data: "q", Decimals: map[string]int{"A": 99}},
		"sort: there is no column": {Data: "q", Sort: "-x"},
		"not the name of a column": {Data: "q", Columns: []string{"a,b"}},
	} {
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
}

// TestReading: what producers call the figures, and what is made of them.
func TestReading(t *testing.T) {
	tests := []struct {
		name  string
		value datasource.Value
		want  string // symbol bid ask spread change, blanks folded
	}{
		{"pips of five digits", widgettest.Object("bid", "1.0834", "ask", "1.08353", "change_pct", "0.5"), "EURUSD 1.08340 1.08353 1.3 pip +0.50"},
		{"other names", widgettest.Object("b", "2405.85", "a", "2406.09", "chg", "-1"), "EURUSD 2,405.85 2,406.09 2,400.0 pip -1.00"},
		{"change from the open", widgettest.Object("bid", "110.00", "ask", "110.02", "open", "100.00"), "EURUSD 110.00 110.02 200.0 pip +10.01"},
		{"change from the move", widgettest.Object("bid", "110.00", "ask", "110.02", "change", "10"), "EURUSD 110.00 110.02 200.0 pip +10.00"},
		{"a bare number", widgettest.Num("71.28"), "EURUSD – – – –"},
		{"digits of the quote", widgettest.Object("bid", "1.1", "ask", "1.2", "digits", "3"), "EURUSD 1.100 1.200 1,000.0 pip –"},
		{"noise of a float", widgettest.Object("bid", "1.0834200000000001", "ask", "1.08353"), "EURUSD 1.08342 1.08353 1.1 pip –"},
		{"crossed", widgettest.Object("bid", "1.2000", "ask", "1.1999"), "EURUSD 1.2000 1.1999 -1.0 pip –"},
		{"text for a price", widgettest.Object("bid", "halted", "ask", "1.5"), "EURUSD halted 1.5 – –"},
		{"null", widgettest.Object("bid", datasource.Value{Type: datasource.TypeNull}, "ask", "1.5"), "EURUSD – 1.5 – –"},
		{"no change", widgettest.Object("bid", "1.0", "ask", "1.1", "change_pct", "-0.001"), "EURUSD 1.0 1.1 1,000.0 pip -0.001"},
		{"text alone", widgettest.Text("halted"), "EURUSD halted is no quote: text"},
		{"an endless number", widgettest.Object("bid", "1e400", "ask", "nan"), "EURUSD 1e400 NaN – –"},
	}
	w := widget(t, Spec{Data: "quote", Columns: []string{"symbol", "bid", "ask", "spread", "change"}})
	for _, tt := range tests {
		f := widgettest.Context(80, 4, widgettest.Snapshot(widgettest.Live("quote.EURUSD", tt.value)), theme.ProfileNone)
		line := strings.Split(w.Render(f), "\n")[2]
		if got := strings.Join(strings.Fields(strings.Trim(line, "│")), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestStable: digits may change, columns stay where they are.
func TestStable(t *testing.T) {
	w := market(t)
	columns := func(bid string) string {
		d := widgettest.Snapshot(widgettest.Live("quote.A", widgettest.Object("bid", bid, "ask", "10.00", "change_pct", "1")), widgettest.Live("quote.B", widgettest.Quote("XAUUSD")))
		lines := strings.Split(ansi.Strip(w.Render(widgettest.Context(96, 6, d, theme.ProfileTrue))), "\n")
		return lines[1] + lines[3]
	}
	want := columns("9.99")
	for _, bid := range []string{"10.01", "999.9", "1000", "1.23456", "-1.5"} {
		if got := columns(bid); got != want {
			t.Errorf("with %s the other row moved:\n%s\n%s", bid, got, want)
		}
	}
}

// TestFilterKeepsColumns: a filter leaves out rows and moves nothing.
func TestFilterKeepsColumns(t *testing.T) {
	w := market(t)
	f := widgettest.Context(96, 16, mixed(), theme.ProfileNone)
	all := strings.Split(w.Render(f), "\n")
	f.View.Filter = "^wti$"
	one := strings.Split(w.Render(f), "\n")
	if one[2] != all[13] || one[1] != all[1] {
		t.Errorf("the row moved:\n%s\n%s", one[2], all[13])
	}
	if !strings.Contains(one[0], "/^wti$ · 1 of 12") {
		t.Errorf("the title does not tell the filter: %s", one[0])
	}
}

func TestSortAndPoint(t *testing.T) {
	w := market(t)
	f := widgettest.Context(96, 16, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Focused = true
	act := func(a widgets.Action, arg rune) { f.View = w.Act(f, a, arg) }
	target := func() string {
		got, ok := w.Target(f)
		if !ok {
			t.Fatal("there is nothing under the cursor")
		}
		return got.Name
	}
	act(widgets.ActSortColumn, 'c')
	if f.View.Sort != "change" || target() != "quote.ETHUSD" {
		t.Errorf("C sorts by %q, first is %s", f.View.Sort, target())
	}
	act(widgets.ActSortFlip, 0)
	if target() != "quote.EURUSD" {
		t.Errorf("turned round the first is %s", target())
	}
	act(widgets.ActBottom, 0)
	if target() != "quote.ETHUSD" || f.View.Cursor != 11 {
		t.Errorf("the last is %s at %d", target(), f.View.Cursor)
	}
	act(widgets.ActHideColumn, 0)
	if f.View.Hidden != "change" || f.View.Sort != "" || strings.Contains(w.Render(f), "CHG") {
		t.Errorf("the sorted column is not hidden: %+v", f.View)
	}
	act(widgets.ActHideColumn, 0)
	if f.View.Hidden != "" {
		t.Errorf("nothing sorted: all columns must be back, hidden %q", f.View.Hidden)
	}
	if row, ok := w.RowAt(f, 2); !ok || row != 0 {
		t.Errorf("the first row is on line 2, got %d %v", row, ok)
	}
	for _, y := range []int{-1, 0, 1, 14, 15, 99} {
		if row, ok := w.RowAt(f, y); ok {
			t.Errorf("line %d is row %d", y, row)
		}
	}
}

func TestConfiguredOrder(t *testing.T) {
	f := widgettest.Context(96, 16, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	if got, _ := widget(t, Spec{Data: "quote", Sort: "-last"}).Target(f); got.Name != "quote.BTCUSD" {
		t.Errorf("the highest price is %s", got.Name)
	}
}

// TestNarrow: what there is no space for is counted, and the mark of a state
// stays even when the age has gone.
func TestNarrow(t *testing.T) {
	w := market(t)
	for width := 96; width >= 24; width-- {
		got := w.Render(widgettest.Context(width, 16, mixed(), theme.ProfileNone))
		lines := strings.Split(got, "\n")
		if !strings.Contains(lines[1], "AGE") && !strings.Contains(lines[0], "+") && width > 40 {
			t.Errorf("width %d drops columns without a mark: %s", width, lines[0])
		}
		if !strings.Contains(lines[4], "○") || !strings.Contains(lines[3], "◐") {
			t.Errorf("width %d lost the marks:\n%s\n%s", width, lines[3], lines[4])
		}
	}
}

// TestDesk: on a screen of 120 columns the built-in page gives quotes 71, which
// is space for every column.
func TestDesk(t *testing.T) {
	got := market(t).Render(widgettest.Context(71, 16, widgettest.Desk(datasource.StateLive), theme.ProfileNone))
	head, _, _ := strings.Cut(got, "\n")
	if strings.Contains(head, "col") || !strings.Contains(got, "20 MIN") {
		t.Errorf("a column has no space:\n%s", got)
	}
}

func TestDataAndActs(t *testing.T) {
	w := market(t)
	if !slices.Equal(w.Data(), []string{"quote", "price", "positions"}) || w.Kind() != "quotes" || w.Title().String() != "Quotes" {
		t.Errorf("%v %s %s", w.Data(), w.Kind(), w.Title())
	}
	if !slices.Contains(w.Acts(), widgets.ActSort) || !slices.Contains(w.Acts(), widgets.ActDown) {
		t.Errorf("acts: %v", w.Acts())
	}
}
