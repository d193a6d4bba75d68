package account

import (
	"fmt"
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

// plain renders without escape sequences, its blanks folded.
func plain(w *Widget, width, height int, d *datasource.Snapshot) []string {
	lines := strings.Split(w.Render(widgettest.Context(width, height, d, theme.ProfileNone)), "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(strings.Trim(lines[i], "│")), " ")
	}
	return lines
}

func TestGolden(t *testing.T) {
	w := widget(t, Spec{Data: "account"})
	for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
		for _, size := range [][2]int{{32, 15}, {20, 6}} {
			for _, s := range widgettest.States() {
				f := widgettest.Context(size[0], size[1], widgettest.Desk(s), profile)
				widgettest.Golden(t, fmt.Sprintf("%s-%s-%dx%d", s, profile, f.W, f.H), w.Render(f), f.W, f.H)
			}
			f := widgettest.Context(size[0], size[1], widgettest.Desk(datasource.StateLive), profile)
			f.Focused, f.Private, f.View = true, true, widgets.View{Cursor: 6, Filter: "margin|pnl"}
			widgettest.Golden(t, fmt.Sprintf("moved-in-private-%s-%dx%d", profile, f.W, f.H), w.Render(f), f.W, f.H)
		}
	}
}

func TestSweep(t *testing.T) {
	all := []*datasource.Snapshot{widgettest.Snapshot(), widgettest.Snapshot(widgettest.Live("account", widgettest.Num("5"))),
		widgettest.Snapshot(widgettest.Live("account", widgettest.Object())), widgettest.Snapshot(widgettest.Live("account", widgettest.Object("limits", widgettest.Object("day", "5"))))}
	for _, s := range widgettest.States() {
		all = append(all, widgettest.Desk(s))
	}
	widgettest.Sweep(t, widget(t, Spec{Data: "account"}), all...)
	widgettest.Sweep(t, widget(t, Spec{Data: "account", Fields: []Field{{Field: "equity"}, {Field: "nothing"}}, Rest: true}), all...)
}

func TestHostile(t *testing.T) {
	widgettest.Hostile(t, widget(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, widget(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateError))
}

func TestNewRefuses(t *testing.T) {
	for want, s := range map[string]Spec{
		"data is missing":         {},
		"field is missing":        {Data: "a", Fields: []Field{{Label: "x"}}},
		"unknown format \"mony\"": {Data: "a", Fields: []Field{{Field: "x", Format: "mony"}}},
		"label is missing":        {Data: "a", Gauges: []Gauge{{Field: "x"}}},
		"exclude each other":      {Data: "a", Gauges: []Gauge{{Field: "x", Label: "x", Limit: "y", Max: 5}}},
		"rising per cents":        {Data: "a", Gauges: []Gauge{{Field: "x", Label: "x", Warn: 90, Bad: 50}}},
		"is no limit":             {Data: "a", Gauges: []Gauge{{Field: "x", Label: "x", Max: -1}}},
	} {
		if _, err := New(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
}

// TestOrder: figures in the order in which they are read, whatever the
// producer's, then gauges, then names and times.
func TestOrder(t *testing.T) {
	d := widgettest.Snapshot(widgettest.Live("account", widgettest.Object("updated_at", "1795426267", "id", "ACC-1001", "zeta", "1", "pnl_day", "-5",
		"margin", "100", "equity", "1000", "balance", "900")))
	got := plain(widget(t, Spec{Data: "account"}), 40, 12, d)[1:9]
	want := []string{"Equity 1,000.00", "Balance 900.00", "Margin 100.00", "PnL day -5.00", "Zeta 1", "Margin use ━──────── 10%", "Updated at 09:31:07", "ID ACC-1001"}
	for i := range want {
		if i == 5 {
			if !strings.HasPrefix(got[i], "Margin use ━") || !strings.HasSuffix(got[i], " 10%") {
				t.Errorf("line %d: %q", i, got[i])
			}
			continue
		}
		if got[i] != want[i] {
			t.Errorf("line %d: got %q, want %q", i, got[i], want[i])
		}
	}
}

func TestListedFields(t *testing.T) {
	w := widget(t, Spec{Data: "account", Fields: []Field{{Field: "limits.day", Label: "Limit", Format: "fixed:1"}, {Field: "gone"}, {Field: "equity", Format: "compact"}}, Plain: true})
	d := widgettest.Snapshot(widgettest.Live("account", widgettest.Object("equity", "48911.2", "balance", "5", "limits", widgettest.Object("day", "1000"))))
	got := plain(w, 30, 6, d)
	for i, want := range []string{"Limit 1,000.0", "Gone –", "Equity 48.9k", ""} {
		if got[i+1] != want {
			t.Errorf("line %d: got %q, want %q", i+1, got[i+1], want)
		}
	}
}

func TestGauges(t *testing.T) {
	tests := []struct {
		name  string
		gauge Gauge
		value datasource.Value
		want  float64
		role  theme.Role
		shown bool
	}{
		{"against a field", Gauge{Field: "m", Limit: "e"}, widgettest.Object("m", "1210", "e", "48911.2"), 2.4738, theme.Good, true},
		{"a loss", Gauge{Field: "p", Limit: "l", Loss: true}, widgettest.Object("p", "-580", "l", "1000"), 58, theme.Warn, true},
		{"a gain is no loss", Gauge{Field: "p", Limit: "l", Loss: true}, widgettest.Object("p", "580", "l", "1000"), 0, theme.Good, true},
		{"a limit below zero", Gauge{Field: "p", Limit: "l", Loss: true}, widgettest.Object("p", "-900", "l", "-1000"), 90, theme.Bad, true},
		{"over the limit", Gauge{Field: "p", Max: 50}, widgettest.Object("p", "75"), 150, theme.Bad, true},
		{"per cent", Gauge{Field: "p", Warn: 10, Bad: 95}, widgettest.Object("p", "60"), 60, theme.Warn, true},
		{"no limit there", Gauge{Field: "p", Limit: "l"}, widgettest.Object("p", "75"), 0, 0, false},
		{"a limit of nothing", Gauge{Field: "p", Limit: "l"}, widgettest.Object("p", "75", "l", "0"), 0, 0, false},
		{"text", Gauge{Field: "p"}, widgettest.Object("p", "much"), 0, 0, false},
		{"no number", Gauge{Field: "p"}, widgettest.Object("p", "NaN"), 0, 0, false},
	}
	for _, tt := range tests {
		pct, ok := tt.gauge.percentOfLimit(&tt.value)
		if ok != tt.shown || ok && (pct < tt.want-0.001 || pct > tt.want+0.001 || tt.gauge.roleNearLimit(pct) != tt.role) {
			t.Errorf("%s: %v %v role %v, want %v %v role %v", tt.name, pct, ok, tt.gauge.roleNearLimit(pct), tt.want, tt.shown, tt.role)
		}
	}
}

// TestPrivate: no digit of an amount is on the screen, nor its length.
func TestPrivate(t *testing.T) {
	w := widget(t, Spec{Data: "account"})
	f := widgettest.Context(40, 20, widgettest.Desk(datasource.StateLive), theme.ProfileTrue)
	f.Private = true
	got := ansi.Strip(w.Render(f))
	for _, secret := range []string{"48,911", "660", "412", "12,500", "580", "1,000"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s is on the screen:\n%s", secret, got)
		}
	}
	if !strings.Contains(got, "4,042%") || !strings.Contains(got, "•••") {
		t.Errorf("per cents are no secret, amounts have a mark:\n%s", got)
	}
}

func TestMoveAndPoint(t *testing.T) {
	w := widget(t, Spec{Data: "account"})
	f := widgettest.Context(32, 6, widgettest.Desk(datasource.StateLive), theme.ProfileNone)
	f.Focused = true
	for range 5 {
		f.View = w.Act(f, widgets.ActDown, 0)
	}
	got, ok := w.Target(f)
	if !ok || got != (widgets.Target{Name: "account", Field: "pnl_open", Row: -1}) || f.View.Offset != 2 {
		t.Errorf("after five steps down: %+v %v, view %+v", got, ok, f.View)
	}
	if row, ok := w.RowAt(f, 1); !ok || row != 2 {
		t.Errorf("line 1 is row %d %v, want 2", row, ok)
	}
	if v := w.Act(f, widgets.ActSort, 0); v != f.View {
		t.Errorf("an account is not sorted: %+v", v)
	}
}
