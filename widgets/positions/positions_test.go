package positions

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

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

var deskSpec = Spec{Data: "positions", Orders: "orders", Quote: "quote", Currency: "account.currency", Units: map[string]string{"NAS100": "pt", "XAUUSD": "ct"}}

func array(items ...datasource.Value) datasource.Value {
	return datasource.Value{Type: datasource.TypeArray, Items: items}
}

func holding(symbol, side, volume, open, price, sl, tp, pnl, opened string) datasource.Value {
	return widgettest.Object("ticket", "9001", "symbol", symbol, "side", side, "volume", volume, "open_price", open, "price", price,
		"sl", sl, "tp", tp, "pnl", pnl, "opened_at", opened)
}

func desk(s datasource.State) *datasource.Snapshot {
	return widgettest.Snapshot(
		widgettest.In(s, "positions", array(
			holding("EURUSD", "BUY", "0.50", "1.08320", "1.08389", "1.08250", "1.08460", "34.50", "2026-11-23T09:22:07Z"),
			holding("NAS100", "BUY", "0.30", "20925.4", "20936.0", "20898.0", "20985.0", "6.36", "2026-11-23T09:29:00Z"),
			holding("USDJPY", "BUY", "0.15", "156.874", "156.928", "156.794", "157.060", "5.16", "2026-11-23T09:26:00Z"),
			holding("GBPUSD", "SELL", "0.20", "1.27092", "1.27085", "1.27172", "1.26940", "1.40", "2026-11-23T09:22:00Z"),
			holding("US500", "SELL", "0.12", "5964.1", "5967.6", "5971.6", "5946.0", "-4.20", "2026-11-23T09:30:30Z"))),
		widgettest.In(s, "orders", array(
			widgettest.Object("symbol", "XAUUSD", "side", "BUY", "type", "LIMIT", "volume", "0.07", "price", "2399.91"),
			widgettest.Object("symbol", "EURUSD", "side", "BUY", "type", "LIMIT", "volume", "0.30", "price", "1.08290"),
			widgettest.Object("symbol", "EURUSD", "side", "SELL", "type", "STOP", "volume", "0.30", "price", "1.08370"))),
		widgettest.Live("quote.EURUSD", widgettest.Object("bid", "1.08389", "ask", "1.08400")),
		widgettest.Live("quote.XAUUSD", widgettest.Object("bid", "2404.02", "ask", "2404.30")),
		widgettest.Live("account", widgettest.Object("currency", "USD")),
	)
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{}, "data is missing"},
		{Spec{Data: "positions", Currency: "account"}, "names no field"},
	} {
		if _, err := New(c.spec); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%+v): %v, want %q", c.spec, err, c.want)
		}
	}
}

func TestGolden(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, state := range []datasource.State{datasource.StateLive, datasource.StateFallback, datasource.StateStale} {
		for _, size := range [][2]int{{92, 12}, {66, 12}, {38, 11}} {
			for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
				got := w.Render(widgettest.Context(size[0], size[1], desk(state), profile))
				name := fmt.Sprintf("desk-%s-%dx%d-%s", state, size[0], size[1], profile)
				widgettest.Golden(t, name, got, size[0], size[1])
				if dir := os.Getenv("TICKTOP_LOOK"); dir != "" {
					if err := os.WriteFile(dir+"/pos-"+name+".ansi", []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

func plain(w *Widget, f widgets.Context) string { return ansi.Strip(w.Render(f)) }

// TestFigures_AreTheProducers: each figure by hand.
func TestFigures_AreTheProducers(t *testing.T) {
	got := plain(mustNew(t, deskSpec), widgettest.Context(104, 14, desk(datasource.StateLive), theme.ProfileNone))
	for _, want := range []string{
		"open PnL +43.22 USD", // 34.50 + 6.36 + 5.16 + 1.40 - 4.20
		"+1.0",                // 6.9 pip of 7.0 risked
		"13.9 pip",            // 1.08389 to the stop at 1.08250
		"7.1 pip",             // and to the target at 1.08460
		"38.0 pt", "439 ct",   // 2404.30 is 4.39 above the order
		"11.0 pip", // the ask to the limit order
		"1.9 pip",  // the bid to the stop order
		"4 up · 1 down · 3 long · 2 short", "5 open · 3 orders",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not on the panel:\n%s", want, got)
		}
	}
	if nearest := strings.Index(got, "SELL STOP"); nearest < 0 || nearest > strings.Index(got, "BUY LIMIT") {
		t.Errorf("the nearest order is not first:\n%s", got)
	}
}

// TestShapes_OfOtherProducers reads positions as other platforms write them.
func TestShapes_OfOtherProducers(t *testing.T) {
	mt5 := widgettest.Object("ticket", "9001", "symbol", "EURUSD", "type", "0", "volume", "0.5", "price_open", "1.0811", "price_current", "1.0834",
		"profit", "115.0", "sl", "1.079", "tp", "1.09")
	crypto := widgettest.Object("instId", "BTC-USDT", "side", "short", "size", "0.1", "entry_price", "97225.1", "current_price", "97000.0", "unrealized_pnl", "22.5100")
	for name, data := range map[string]*datasource.Snapshot{
		"array":  widgettest.Snapshot(widgettest.Live("positions", array(mt5, crypto))),
		"object": widgettest.Snapshot(widgettest.Live("positions", datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: datasource.Clean("a", 0), Value: mt5}, {Name: datasource.Clean("b", 0), Value: crypto}}})),
		"group":  widgettest.Snapshot(widgettest.Live("positions.9001", mt5), widgettest.Live("positions.9002", crypto)),
	} {
		got := plain(mustNew(t, Spec{Data: "positions"}), widgettest.Context(100, 9, data, theme.ProfileNone))
		for _, want := range []string{"2 open", "EURUSD", "BUY", "1.0834", "+115.00", "44.0 pip", "BTC-USDT", "SELL", "97,000.0", "+22.51"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not on the panel:\n%s", name, want, got)
			}
		}
	}
}

func TestPrivate_ShowsNoFigure(t *testing.T) {
	f := widgettest.Context(104, 14, desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	got := plain(mustNew(t, deskSpec), f)
	for _, secret := range []string{"0.50", "1.08320", "1.08389", "34.50", "43.22", "13.9", "●", "2399.91", "2,399.91", "4 up", "439"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is shown:\n%s", secret, got)
		}
	}
}

func TestCursor_SelectsTheSymbol(t *testing.T) {
	w := mustNew(t, deskSpec)
	f := widgettest.Context(66, 14, desk(datasource.StateLive), theme.ProfileNone)
	for _, want := range []string{"EURUSD", "NAS100", "USDJPY", "GBPUSD", "US500", "EURUSD"} {
		if got, ok := w.Selects(f); !ok || got.String() != want {
			t.Errorf("row %d selects %q, want %q", f.View.Cursor, got, want)
		}
		if _, ok := w.Target(f); !ok {
			t.Errorf("row %d has no target", f.View.Cursor)
		}
		f.View = w.Act(f, widgets.ActDown, 0)
	}
}

func TestSweep(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Hostile(t, w, desk(datasource.StateLive))
}
