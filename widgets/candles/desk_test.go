package candles

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// deskSpec is the chart of the selected symbol as the built-in desk has it.
var deskSpec = Spec{Data: "candle", Quote: "quote", Positions: "positions", Orders: "orders", Indicators: []string{"ema 20", "vwap", "rsi 14"}}

// minutes are bars as a list or a sorted set holds them, newest first.
func minutes(n int, base float64, digits int) datasource.Value {
	wander := widgettest.Walk(7, base, 0, base*0.0001, digits)
	closes := make([]float64, n)
	for i := range closes {
		closes[i] = wander(i)
	}
	shift := base - closes[n-1] // the last one is at base
	for i := range closes {
		closes[i] += shift
	}
	v := datasource.Value{Type: datasource.TypeMessages}
	text := func(f float64) string { return strconv.FormatFloat(f, 'f', digits, 64) }
	open := closes[0]
	for i := range n {
		c := closes[i]
		up, down := base*1e-5*float64(i%3), base*1e-5*float64(i%4)
		at := widgettest.Now.Truncate(time.Minute).Add(-time.Duration(n-1-i) * time.Minute)
		v.Messages = append([]datasource.Message{{Value: widgettest.Object("ts", strconv.FormatInt(at.UnixMilli(), 10), "open", text(open),
			"high", text(max(open, c)+up), "low", text(min(open, c)-down), "close", text(c), "volume", strconv.Itoa(200+(i*37)%190))}}, v.Messages...)
		open = c
	}
	return v
}

// deskData is a symbol with its bars, its quote, a position and an order. The
// quote stands at price.
func deskData(state datasource.State, price string) *datasource.Snapshot {
	rows := func(objects ...datasource.Value) datasource.Value {
		return datasource.Value{Type: datasource.TypeArray, Items: objects}
	}
	return widgettest.Snapshot(
		widgettest.In(state, "candle.EURUSD", minutes(90, 1.0838, 5)),
		widgettest.In(state, "candle.XAUUSD", minutes(90, 2405.9, 2)),
		widgettest.In(state, "quote.EURUSD", widgettest.Object("last", price, "bid", price, "ask", price, "open", "1.08300", "high", "1.08481", "low", "1.08100")),
		widgettest.Live("positions", rows(
			widgettest.Object("symbol", "EURUSD", "side", "BUY", "open_price", "1.08320", "sl", "1.08250", "tp", "1.08460"),
			widgettest.Object("symbol", "XAUUSD", "side", "SELL", "open_price", "2400.00"))),
		widgettest.Live("orders", widgettest.Object("700103", "")),
	)
}

func TestDesk_Golden(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, state := range []datasource.State{datasource.StateLive, datasource.StateStale} {
		for _, size := range [][2]int{{68, 20}, {54, 20}, {38, 10}, {110, 32}} {
			for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
				f := widgettest.Context(size[0], size[1], deskData(state, "1.08395"), profile)
				f.Selected = datasource.Clean("EURUSD", 0)
				got := w.Render(f)
				name := fmt.Sprintf("desk-%s-%dx%d-%s", state, size[0], size[1], profile)
				widgettest.Golden(t, name, got, size[0], size[1])
				if dir := os.Getenv("TICKTOP_LOOK"); dir != "" {
					if err := os.WriteFile(dir+"/"+name+".ansi", []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

func TestDesk_FollowsTheSelection(t *testing.T) {
	w := mustNew(t, deskSpec)
	if !w.Follows() || mustNew(t, Spec{Data: "candle.EURUSD"}).Follows() {
		t.Error("a group follows the selection, one symbol does not")
	}
	f := widgettest.Context(68, 20, deskData(datasource.StateLive, "1.08395"), theme.ProfileNone)
	for _, c := range []struct{ selected, want, not string }{
		{"", "EURUSD · 1m", "XAUUSD"}, // the first
		{"EURUSD", "EURUSD · 1m", "XAUUSD"},
		{"XAUUSD", "XAUUSD · 1m", "EURUSD"},
		{"NOPE", "EURUSD · 1m", "XAUUSD"},
	} {
		f.Selected = datasource.Clean(c.selected, 0)
		if got := ansi.Strip(w.Render(f)); !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("selected %q:\n%s", c.selected, got)
		}
	}
}

// TestDesk_OneLastPrice: the last candle and the tag say what the quote says.
func TestDesk_OneLastPrice(t *testing.T) {
	w := mustNew(t, deskSpec)
	f := widgettest.Context(68, 20, deskData(datasource.StateLive, "1.08412"), theme.ProfileNone)
	got := ansi.Strip(w.Render(f))
	head, rest, _ := strings.Cut(got, "\n")
	if !strings.Contains(head, "C 1.08412") || !strings.Contains(rest, "1.08412") {
		t.Errorf("the quote says 1.08412:\n%s", got)
	}
}

func TestDesk_OwnPricesArePrivate(t *testing.T) {
	w := mustNew(t, deskSpec)
	f := widgettest.Context(68, 20, deskData(datasource.StateLive, "1.08395"), theme.ProfileNone)
	if got := ansi.Strip(w.Render(f)); !strings.Contains(got, "entry") || !strings.Contains(got, "stop") || !strings.Contains(got, "target") {
		t.Errorf("own prices are missing:\n%s", got)
	}
	f.Private = true
	if got := ansi.Strip(w.Render(f)); strings.Contains(got, "entry") || strings.Contains(got, "stop") || strings.Contains(got, "1.08320") {
		t.Errorf("own prices are shown:\n%s", got)
	}
}

// TestTicks_LastOfZeroIsNoPrice is case 3: forex producers write last 0.0.
func TestTicks_LastOfZeroIsNoPrice(t *testing.T) {
	for _, c := range []struct {
		fields []any
		want   float64
		ok     bool
	}{
		{[]any{"bid", "1.0834", "ask", "1.0835", "last", "0.0"}, 1.08345, true},
		{[]any{"bid", "1.0834", "last", "0"}, 1.0834, true},
		{[]any{"ask", "1.0835", "bid", "0", "last", "0"}, 1.0835, true},
		{[]any{"last", "0"}, 0, true}, // all there is
		{[]any{"price", "97225.1"}, 97225.1, true},
		{[]any{"volume", "5"}, 0, false},
	} {
		v := widgettest.Object(c.fields...)
		if got, ok := priceOf(&v, ""); ok != c.ok || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v: %v %v, want %v", c.fields, got, ok, c.want)
		}
	}
}

func TestDesk_Sweep(t *testing.T) {
	w := mustNew(t, deskSpec)
	for _, s := range widgettest.States() {
		widgettest.Sweep(t, w, deskData(s, "1.08395"))
	}
	widgettest.Hostile(t, w, deskData(datasource.StateLive, "NaN"))
}

// TestBars_OutOfOrder: bars are sorted by their times, whatever the order of the list.
func TestBars_OutOfOrder(t *testing.T) {
	v := minutes(5, 100, 2)
	v.Messages[0], v.Messages[3] = v.Messages[3], v.Messages[0]
	h := historyOf(&v, "")
	for i := 1; i < len(h.bars); i++ {
		if h.bars[i].MS <= h.bars[i-1].MS {
			t.Errorf("bar %d begins at %d, the one before at %d", i, h.bars[i].MS, h.bars[i-1].MS)
		}
	}
	if got := h.groupInto(5*time.Minute, 0); len(got) == 0 || got[0].Volume == 0 {
		t.Errorf("five minutes are %v", got)
	}
}
