package figures

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
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

var deskSpec = Spec{Figures: []Figure{
	{Title: "EQUITY", Value: "account.equity", Delta: "account.pnl_day", Base: "account.day_start_equity", Suffix: "today", Spark: "equity"},
	{Title: "OPEN PnL", Value: "account.pnl_open", Note: "<account.open_positions> positions · <account.open_orders> orders"},
	{Title: "REALISED TODAY", Value: "account.pnl_realised", Note: "<account.fills_today> fills · <account.rejects_today> rejects"},
	{Title: "DAY LOSS", Value: "account.pnl_day", Loss: true, Limit: "account.day_loss_limit"},
	{Title: "MARGIN USE", Value: "account.margin_use", Limit: "100", Note: "level <account.margin_level> · free <account.free_margin>"},
	{Title: "EXPOSURE", Value: "account.exposure"},
}}

func desk(s datasource.State) *datasource.Snapshot {
	return widgettest.Snapshot(
		widgettest.In(s, "account", widgettest.Object("equity", "48005.77", "pnl_day", "-244.98", "day_start_equity", "48250.75", "pnl_open", "43.22",
			"open_positions", "5", "open_orders", "6", "pnl_realised", "-288.20", "fills_today", "518", "rejects_today", "33", "day_loss_limit", "1000.00",
			"margin_use", "2.79", "margin_level", "3581.20", "free_margin", "46665.00", "exposure", "114300.00")),
		widgettest.In(s, "equity", widgettest.Series(60, time.Minute, func(i int) float64 { return 48250 - float64(i)*4 })),
	)
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{}, "figures is missing"},
		{Spec{Figures: []Figure{{Title: "x"}}}, "has no value"},
		{Spec{Figures: []Figure{{Value: "a.b", Format: "furlongs"}}}, "unknown format"},
	} {
		if _, err := New(c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%+v): %v, want %q", c.spec, err, c.want)
		}
	}
	if got := strings.Join(mustNew(t, deskSpec).Data(), " "); got != "account equity" {
		t.Errorf("it uses %s", got)
	}
}

func TestGolden(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, state := range []datasource.State{datasource.StateLive, datasource.StateFallback, datasource.StateStale} {
		for _, size := range [][2]int{{160, 3}, {120, 3}, {80, 2}} {
			for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
				got := w.Render(widgettest.Context(size[0], size[1], desk(state), profile))
				name := fmt.Sprintf("desk-%s-%dx%d-%s", state, size[0], size[1], profile)
				widgettest.Golden(t, name, got, size[0], size[1])
				if dir := os.Getenv("TICKTOP_LOOK"); dir != "" {
					if err := os.WriteFile(dir+"/fig-"+name+".ansi", []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

func TestFigures_AreTheProducers(t *testing.T) {
	got := ansi.Strip(mustNew(t, deskSpec).Render(widgettest.Context(160, 3, desk(datasource.StateLive), theme.ProfileNone)))
	for _, want := range []string{"48,005.77", "-244.98  -0.51% today", "+43.22", "5 positions · 6 orders", "-288.20", "24% of 1,000", "755.02 left", "MARGIN USE  3%", "114,300.00"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
}

func TestPrivate_ShowsNoFigure(t *testing.T) {
	f := widgettest.Context(160, 3, desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := ansi.Strip(mustNew(t, deskSpec).Render(f)); strings.ContainsAny(got, "0123456789━") {
		t.Errorf("figures are shown:\n%s", got)
	}
}

// TestMissing_IsNotZero: what is not there is a dash, never 0.
func TestMissing_IsNotZero(t *testing.T) {
	data := widgettest.Snapshot(widgettest.Live("account", widgettest.Object("equity", "1")))
	if got := ansi.Strip(mustNew(t, deskSpec).Render(widgettest.Context(160, 3, data, theme.ProfileNone))); strings.Contains(strings.ReplaceAll(got, "1.00", ""), "0") {
		t.Errorf("a zero out of nothing:\n%s", got)
	}
}

func TestSweep(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, desk(s))
	}
	widgettest.Sweep(t, w, widgettest.Snapshot())
	widgettest.Hostile(t, w, desk(datasource.StateStale))
}
