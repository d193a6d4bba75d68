package gauge

import (
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

func mustNew(t testing.TB, s Spec) *Widget {
	t.Helper()
	w, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var limits = Spec{Data: "account", Title: "Limits", Rows: []Row{
	{Field: "margin_used_pct", Label: "Margin use"},
	{Field: "daily_loss", Limit: "daily_loss_limit", Loss: true},
	{Field: "exposure", Limit: "15000"},
	{Field: "margin_level", Limit: "10000", Low: true},
}}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{}, "data is missing"},
		{Spec{Data: "a", Rows: []Row{{}}}, "rows[0]: field is missing"},
		{Spec{Data: "a", Rows: []Row{{Field: "x", Limit: "0"}}}, "limit 0 is not above zero"},
		{Spec{Data: "a", Rows: []Row{{Field: "x", Limit: "NaN"}}}, "is not above zero"},
		{Spec{Data: "a", Rows: []Row{{Field: "x", Warn: 90, Critical: 80}}}, "wrong way round"},
		{Spec{Data: "a", Rows: []Row{{Field: "x", Warn: 10, Critical: 80, Low: true}}}, "wrong way round"},
		{Spec{Data: "a", Rows: []Row{{Field: "x", Format: "y"}}}, "unknown format"},
	} {
		if _, err := New(c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%+v): %v, want %q", c.spec, err, c.want)
		}
	}
	w := mustNew(t, Spec{Data: "account", Rows: []Row{{Field: "x", Limit: "limits:max"}}})
	if got := w.Data(); len(got) != 2 || got[1] != "limits" {
		t.Errorf("Data() = %v", got)
	}
}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "limits", mustNew(t, limits), widgettest.Desk, [2]int{62, 6}, [2]int{30, 6})
}

func TestSweep(t *testing.T) {
	w := mustNew(t, limits)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, widgettest.Desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Sweep(t, mustNew(t, Spec{Data: "positions"}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, w, widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, mustNew(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateStale))
}

// line renders one row of an object.
func line(t *testing.T, r Row, pairs ...any) string {
	t.Helper()
	w := mustNew(t, Spec{Data: "x", Rows: []Row{r}})
	f := widgettest.Context(60, 3, widgettest.Snapshot(widgettest.Live("x", widgettest.Object(pairs...))), theme.ProfileNone)
	return strings.TrimSpace(strings.Trim(strings.Split(w.Render(f), "\n")[1], "│"))
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		name  string
		row   Row
		pairs []any
		want  string // the end of the line
	}{
		{"calm", Row{Field: "a"}, []any{"a", "49"}, "─  49%"},
		{"warning", Row{Field: "a"}, []any{"a", "50"}, "50% !"},
		{"critical", Row{Field: "a"}, []any{"a", "80"}, "80% !!"},
		{"over", Row{Field: "a"}, []any{"a", "130"}, "130% !!"},
		{"far over", Row{Field: "a"}, []any{"a", "1e9"}, ">9999% !!"},
		{"own thresholds", Row{Field: "a", Warn: 90, Critical: 95}, []any{"a", "89"}, "89%"},
		{"without its sign", Row{Field: "a", Limit: "b"}, []any{"a", "-580", "b", "1000"}, "-580 of 1,000  58% !"},
		{"a gain is no loss", Row{Field: "a", Limit: "b", Loss: true}, []any{"a", "580", "b", "1000"}, "580 of 1,000   0%"},
		{"little is bad", Row{Field: "a", Low: true}, []any{"a", "15"}, "15% !!"},
		{"enough is good", Row{Field: "a", Low: true}, []any{"a", "90"}, "90%"},
		{"no field", Row{Field: "a"}, []any{"b", "1"}, "no a"},
		{"no limit", Row{Field: "a", Limit: "b"}, []any{"a", "1"}, "no limit: no b"},
		{"a limit of zero", Row{Field: "a", Limit: "b"}, []any{"a", "1", "b", "0"}, "no limit: no b"},
		{"no figure", Row{Field: "a"}, []any{"a", "NaN"}, "a is NaN"},
		{"no number", Row{Field: "a"}, []any{"a", widgettest.Text("1,234.5")}, "a is text"},
		{"null", Row{Field: "a"}, []any{"a", datasource.Value{Type: datasource.TypeNull}}, "a is null"},
	} {
		if got := line(t, c.row, c.pairs...); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: %q, want it to end with %q", c.name, got, c.want)
		}
	}
}

func TestPrivate(t *testing.T) {
	f := widgettest.Context(62, 6, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := mustNew(t, limits).Render(f); strings.Contains(got, "580") || strings.Contains(got, "12,500") || !strings.Contains(got, "58%") {
		t.Errorf("money is shown, or a share is not:\n%s", got)
	}
}

func TestCursor(t *testing.T) {
	w := mustNew(t, limits)
	f := widgettest.Context(62, 6, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.View = w.Act(f, widgets.ActDown, 0)
	if got, ok := w.Target(f); !ok || got.Field != "daily_loss" {
		t.Errorf("the cursor is on %+v", got)
	}
}
