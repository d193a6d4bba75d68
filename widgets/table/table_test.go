package table

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

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

// plain renders without escape sequences, the blanks folded.
func plain(w *Widget, f widgets.Context) []string {
	lines := strings.Split(ansi.Strip(w.Render(f)), "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(strings.Trim(lines[i], "│")), " ")
	}
	return lines
}

// mixed is a group with the positions of an account in each state.
func mixed() *datasource.Snapshot {
	var data []widgettest.Datum
	for _, s := range widgettest.States() {
		data = append(data, widgettest.In(s, "positions."+s.String(), widgettest.Positions()))
	}
	return widgettest.Snapshot(data...)
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"positions", "orders"} {
		w := widget(t, Spec{Data: name, Noun: "open"})
		for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
			for _, size := range [][2]int{{70, 9}, {36, 6}} {
				for _, s := range widgettest.States() {
					f := widgettest.Context(size[0], size[1], widgettest.Desk(s), profile)
					widgettest.Golden(t, fmt.Sprintf("%s-%s-%s-%dx%d", name, s, profile, f.W, f.H), w.Render(f), f.W, f.H)
				}
				f := widgettest.Context(size[0], size[1], mixed(), profile)
				widgettest.Golden(t, fmt.Sprintf("%s-mixed-%s-%dx%d", name, profile, f.W, f.H), w.Render(f), f.W, f.H)
				f = widgettest.Context(size[0], size[1], widgettest.Desk(datasource.StateLive), profile)
				f.Focused, f.Private, f.View = true, true, widgets.View{Sort: "symbol", Desc: true, Filter: "usd", Cursor: 1, Hidden: "side"}
				widgettest.Golden(t, fmt.Sprintf("%s-moved-in-private-%s-%dx%d", name, profile, f.W, f.H), w.Render(f), f.W, f.H)
			}
		}
	}
}

// shapes are the values that rows are read from.
func shapes() map[string]datasource.Value {
	return map[string]datasource.Value{
		"array":    widgettest.Positions(),
		"hash":     widgettest.Object("70011", widgettest.Object("symbol", "A", "pnl", "1.5"), "70014", widgettest.Object("symbol", "B", "pnl", "-2.25")),
		"wrapped":  widgettest.Object("count", "2", "results", widgettest.Orders()),
		"scalars":  widgettest.Object("a", "1", "b", "x"),
		"numbers":  widgettest.Array(widgettest.Num("1"), widgettest.Num("2")),
		"messages": widgettest.Notifications(),
		"null":     {Type: datasource.TypeNull},
		"none":     widgettest.Array(),
		"text":     widgettest.Text("nothing like a table"),
		"ragged":   widgettest.Array(widgettest.Object("a", "1"), widgettest.Num("5"), widgettest.Object("b", widgettest.Array(), "c", widgettest.Object("d", "1"))),
		"series":   widgettest.Equity(),
	}
}

func TestSweep(t *testing.T) {
	all := []*datasource.Snapshot{mixed(), widgettest.Snapshot()}
	for _, s := range widgettest.States() {
		all = append(all, widgettest.Desk(s))
	}
	widgettest.Sweep(t, widget(t, Spec{Data: "positions"}), all...)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for k := range shapes() {
			if !yield(k) {
				return
			}
		}
	}) {
		widgettest.Sweep(t, widget(t, Spec{Data: "x"}), widgettest.Snapshot(widgettest.Live("x", shapes()[name])))
	}
}

func TestHostile(t *testing.T) {
	widgettest.Hostile(t, widget(t, Spec{Data: "positions"}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, widget(t, Spec{Data: "x"}), widgettest.Snapshot(widgettest.Live("x", shapes()["hash"])))
	widgettest.Hostile(t, widget(t, Spec{Data: "x"}), widgettest.Snapshot(widgettest.Live("x", shapes()["ragged"])))
}

func TestNewRefuses(t *testing.T) {
	cols := func(c ...Column) Spec { return Spec{Data: "a", Columns: c} }
	for want, s := range map[string]Spec{
		"data is missing":          {},
		"field is missing":         cols(Column{Label: "x"}),
		"x is there twice":         cols(Column{Field: "x"}, Column{Field: "x"}),
		"unknown format":           cols(Column{Field: "x", Format: "?"}),
		"neither left nor right":   cols(Column{Field: "x", Align: "up"}),
		"width -1":                 cols(Column{Field: "x", Width: -1}),
		"weight -1":                cols(Column{Field: "x", Weight: -1}),
		"no comma":                 cols(Column{Field: "x,y"}),
		"not auto, off or columns": {Data: "a", Totals: "some"},
		"sort: there is no column": {Data: "a", Sort: "y", Columns: []Column{{Field: "x"}}},
	} {
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
}

// TestShapes: rows from everything that producers keep rows in.
func TestShapes(t *testing.T) {
	want := map[string][]string{
		"array":    {"SYMBOL SIDE VOL OPEN PRICE PnL", "EURUSD BUY 0.50 1.08110 1.08342 +116.00", "XAUUSD SELL 0.10 2,411.30 2,405.85 +544.45"},
		"hash":     {"NAME SYMBOL PnL", "70011 A +1.50", "70014 B -2.25"},
		"wrapped":  {"SYMBOL SIDE TYPE VOL PRICE STATUS ID", "GBPUSD BUY limit 0.30 1.26800 working 70011"},
		"scalars":  {"NAME VALUE", "a 1", "b x"},
		"numbers":  {"VALUE", "1", "2"},
		"messages": {"TIME LEVEL TEXT", "09:31:02 WARN USDCHF silent for 30 s (usual: 0.4 s)"},
		"text":     {"VALUE", "nothing like a table"},
		"null":     {"no rows"},
		"none":     {"no rows"},
	}
	for name, lines := range want {
		f := widgettest.Context(100, 12, widgettest.Snapshot(widgettest.Live("x", shapes()[name])), theme.ProfileNone)
		got := plain(widget(t, Spec{Data: "x"}), f)[1:]
		for i, line := range lines {
			if got[i] != line {
				t.Errorf("%s: line %d: got %q, want %q", name, i, got[i], line)
			}
		}
	}
}

func TestFormats(t *testing.T) {
	w := widget(t, Spec{Data: "x", Totals: "columns", Noun: "fills", Columns: []Column{
		{Field: "id", Align: "right"}, {Field: "a.b", Label: "Nested", Format: "fixed:1", Total: true}, {Field: "r", Format: "ratio:1"}, {Field: "n", Format: "compact"},
		{Field: "q", Format: "bps"}, {Field: "at", Format: "time"}, {Field: "pnl"},
	}})
	row := func(id, b, r string) datasource.Value {
		return widgettest.Object("id", id, "a", widgettest.Object("b", b), "r", r, "n", "48911", "q", "12.5", "at", "1795426267", "pnl", "-0.004")
	}
	f := widgettest.Context(100, 7, widgettest.Snapshot(widgettest.Live("x", widgettest.Array(row("1", "0.1", "0.015"), row("2", "0.2", "2")))), theme.ProfileNone)
	got := plain(w, f)
	for i, want := range []string{"ID Nested R N Q TIME PnL", "1 0.1 1.5% 48.9k 12.5 bp 09:31:07 -0.004", "2 0.2 200.0% 48.9k 12.5 bp 09:31:07 -0.004"} {
		if got[i+1] != want {
			t.Errorf("line %d: got %q, want %q", i, got[i+1], want)
		}
	}
	if got[5] != "2 fills 0.3" {
		t.Errorf("totals: %q", got[5])
	}
}

// TestTotalIsExact: ten times 0.1 is 1, and no amount is too long to add.
func TestTotalIsExact(t *testing.T) {
	var s sum
	exact := new(big.Rat)
	for _, text := range []string{"0.1", "0.1", "0.1", "-0.3", "123456789.12345678", "99999999999999999999.99", "0.000000001", "-5"} {
		n, ok := datasource.ParseNumber(text)
		if !ok {
			t.Fatal(text)
		}
		s.addNumber(n)
		r, _ := new(big.Rat).SetString(text)
		exact.Add(exact, r)
		got, ok := s.number()
		if !ok {
			t.Fatalf("no sum after %s", text)
		}
		if g, _ := new(big.Rat).SetString(got.String()); g.Cmp(exact) != 0 {
			t.Errorf("after %s: got %s, want %s", text, got, exact.FloatString(10))
		}
	}
	for _, text := range []string{"nan", "1e400", "1e-300000"} {
		bad := s
		n, _ := datasource.ParseNumber(text)
		bad.addNumber(n)
		if got, ok := bad.number(); ok {
			t.Errorf("with %s the sum is %s", text, got)
		}
	}
	if _, ok := new(sum).number(); ok {
		t.Error("nothing has a sum")
	}
}

func FuzzSum(f *testing.F) {
	f.Add("0.1", "-0.25")
	f.Add("922337203685.4775807", "1")
	f.Fuzz(func(t *testing.T, a, b string) {
		var s sum
		exact := new(big.Rat)
		for _, text := range []string{a, b, a} {
			n, ok := datasource.ParseNumber(text)
			if !ok || len(text) > 30 || strings.ContainsAny(text, "eE") || !n.Finite() {
				return
			}
			s.addNumber(n)
			r, _ := new(big.Rat).SetString(n.String())
			exact.Add(exact, r)
		}
		if got, ok := s.number(); !ok || got.String() == "" {
			t.Fatalf("no sum of %s and %s", a, b)
		} else if g, _ := new(big.Rat).SetString(got.String()); g.Cmp(exact) != 0 {
			t.Errorf("%s + %s + %s = %s", a, b, a, got)
		}
	})
}

func TestMoveSortPoint(t *testing.T) {
	w := widget(t, Spec{Data: "positions"})
	f := widgettest.Context(80, 9, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Focused = true
	f.View = w.Act(f, widgets.ActSortColumn, 'P')
	if f.View.Sort != "price" && f.View.Sort != "pnl" {
		t.Fatalf("P sorts by %q", f.View.Sort)
	}
	f.View = widgets.View{Sort: "pnl"}
	if got, ok := w.Target(f); !ok || got != (widgets.Target{Name: "positions", Row: 2}) {
		t.Errorf("the worst is %+v %v, want row 2", got, ok)
	}
	f.View = w.Act(f, widgets.ActSortFlip, 0)
	f.View = w.Act(f, widgets.ActDown, 0)
	if got, _ := w.Target(f); got.Row != 0 {
		t.Errorf("the second best is row %d, want 0", got.Row)
	}
	if row, ok := w.RowAt(f, 3); !ok || row != 1 {
		t.Errorf("line 3 is row %d %v", row, ok)
	}
	if _, ok := w.RowAt(f, 7); ok {
		t.Error("the totals are no row")
	}
	f.View = w.Act(f, widgets.ActHideColumn, 0)
	if got := plain(w, f); strings.Contains(got[1], "PnL") || !strings.Contains(got[0], "+1 col") {
		t.Errorf("the column is not hidden with a mark: %q %q", got[0], got[1])
	}
	hash := widgettest.Context(80, 9, widgettest.Snapshot(widgettest.Live("x", shapes()["hash"])), theme.ProfileNone)
	hash.View.Cursor = 1
	if got, _ := widget(t, Spec{Data: "x"}).Target(hash); got != (widgets.Target{Name: "x", Field: "70014", Row: -1}) {
		t.Errorf("a row of a hash is %+v", got)
	}
}

// TestPrivate: amounts and their totals are hidden, prices are not.
func TestPrivate(t *testing.T) {
	f := widgettest.Context(80, 9, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	got := widget(t, Spec{Data: "positions"}).Render(f)
	if strings.Contains(got, "544.45") || strings.Contains(got, "660.45") || !strings.Contains(got, "2,405.85") {
		t.Errorf("private:\n%s", got)
	}
}

// TestStable: digits may change, columns stay where they are.
func TestStable(t *testing.T) {
	w := widget(t, Spec{Data: "x"})
	draw := func(pnl string) string {
		d := widgettest.Snapshot(widgettest.Live("x", widgettest.Array(widgettest.Object("symbol", "A", "pnl", pnl, "z", "1"), widgettest.Object("symbol", "B", "pnl", "544.45", "z", "2"))))
		lines := strings.Split(w.Render(widgettest.Context(60, 7, d, theme.ProfileNone)), "\n")
		return lines[1] + lines[3]
	}
	for _, pnl := range []string{"9.99", "-9.99", "100", "-999.99"} {
		if got := draw(pnl); got != draw("1.00") {
			t.Errorf("with %s the other row moved:\n%s", pnl, got)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	var rows []datasource.Value
	for range 6 {
		rows = append(rows, widgettest.Positions().Items...)
	}
	w := widget(b, Spec{Data: "positions"})
	f := widgettest.Context(100, 29, widgettest.Snapshot(widgettest.Live("positions", widgettest.Array(rows...))), theme.ProfileTrue)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}
