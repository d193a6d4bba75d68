package feed

import (
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// TestWhereAndFormat: a feed of several things shows one of them, in words of
// the configuration.
func TestWhereAndFormat(t *testing.T) {
	deal := func(kind, symbol string) datasource.Message {
		return datasource.Message{At: widgettest.Now, Value: widgettest.Object("event", kind, "symbol", symbol, "volume", "0.50", "data", widgettest.Object("px", "1.10"))}
	}
	v := datasource.Value{Type: datasource.TypeMessages, Messages: []datasource.Message{deal("fill", "EURUSD"), deal("tick", "GBPUSD"), deal("FILL", "BRK.B")}}
	snap := widgettest.Snapshot(widgettest.Live("log", v))
	w, err := New(Spec{Data: "log", Where: map[string]string{"event": "fill"}, Format: "{symbol} {volume} @ {data.px} {none}"})
	if err != nil {
		t.Fatal(err)
	}
	got := w.Render(widgettest.Context(60, 6, snap, theme.ProfileNone))
	for _, want := range []string{"EURUSD 0.50 @ 1.10 –", "BRK.B 0.50 @ 1.10 –"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "GBPUSD") {
		t.Errorf("a tick is shown:\n%s", got)
	}
	if _, err := New(Spec{Data: "log", Format: "symbol"}); err == nil {
		t.Error("a format without fields is accepted")
	}
	widgettest.Sweep(t, w, snap, widgettest.Snapshot())
	widgettest.Hostile(t, w, snap)
}
