package accounts

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

var spec = Spec{Data: "accounts", Quote: "quote", DrawdownLimit: "5"}

func account(currency, equity, day, limit, drawdown string) datasource.Value {
	return widgettest.Object("currency", currency, "equity", equity, "pnl_day", day, "pnl_open", "-15.90", "day_loss_limit", limit, "drawdown", drawdown,
		"margin_use", "3.1", "exposure", "98152.80")
}

func desk(s datasource.State) *datasource.Snapshot {
	return widgettest.Snapshot(
		widgettest.Live("accounts.ACC-1001", account("USD", "47997.82", "-252.93", "1000", "-0.55")),
		widgettest.In(s, "accounts.ACC-1002", account("EUR", "126400.00", "-3100.00", "4000", "-2.50")),
		widgettest.In(s, "accounts.ACC-1003", account("USD", "9815.40", "120.10", "400", "0")),
		widgettest.In(s, "quote.EURUSD", widgettest.Quote("EURUSD")))
}

func TestNew(t *testing.T) {
	if _, err := New(Spec{}); err == nil || !strings.HasPrefix(err.Error(), "accounts: ") {
		t.Errorf("without data: %v", err)
	}
}

func TestGallery(t *testing.T) {
	widgettest.Gallery(t, "three", mustNew(t, spec), desk, [2]int{140, 7}, [2]int{80, 7}, [2]int{40, 6})
}

func TestSweep(t *testing.T) {
	w := mustNew(t, spec)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, desk(s))
	}
	widgettest.Sweep(t, mustNew(t, Spec{Data: "account"}), widgettest.Desk(datasource.StateLive), widgettest.Snapshot())
	widgettest.Sweep(t, mustNew(t, Spec{Data: "equity"}), widgettest.Desk(datasource.StateLive))
	widgettest.Hostile(t, w, desk(datasource.StateLive))
	widgettest.Hostile(t, w, desk(datasource.StateStale))
}

// TestSum: the sum is in one currency, says that it is converted, and leaves out
// what has no rate, with a mark.
func TestSum(t *testing.T) {
	w := mustNew(t, spec)
	f := widgettest.Context(140, 8, desk(datasource.StateLive), theme.ProfileNone)
	got := w.Render(f)
	for _, want := range []string{"all in USD ≈", "194,764.46", "25% of 1,000", "78% of 4,000", "50% of 5%"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	got = mustNew(t, Spec{Data: "accounts"}).Render(f)
	for _, want := range []string{"2 of 3 in USD", "57,813.22", "1 not in the sum: no rate to USD"} {
		if !strings.Contains(got, want) {
			t.Errorf("without quotes no %q in\n%s", want, got)
		}
	}
	f.Data = widgettest.Snapshot(widgettest.Live("accounts.A", account("USD", "1", "1", "1", "1")), widgettest.Live("accounts.B", widgettest.Object("currency", "USD", "equity", "2")))
	if got := w.Render(f); !strings.Contains(got, "all in USD") || strings.Contains(got, "≈") || strings.Count(got, "–") < 7 {
		t.Errorf("what one account does not have the sum has not:\n%s", got)
	}
}

func TestMoves(t *testing.T) {
	w := mustNew(t, spec)
	f := widgettest.Context(100, 8, desk(datasource.StateLive), theme.ProfileNone)
	f.View = w.Act(f, widgets.ActDown, 0)
	if target, ok := w.Target(f); !ok || target.Name != "accounts.ACC-1002" {
		t.Errorf("the cursor is on %+v", target)
	}
	if row, ok := w.RowAt(f, 4); !ok || row != 2 {
		t.Errorf("line 4 is row %d, %v", row, ok)
	}
}

func TestPrivate(t *testing.T) {
	f := widgettest.Context(90, 10, desk(datasource.StateLive), theme.ProfileNone)
	f.Private = true
	if got := mustNew(t, spec).Render(f); strings.ContainsAny(got, "0123456789") || !strings.Contains(got, "hidden") {
		t.Errorf("figures under a privacy policy:\n%s", got)
	}
}
