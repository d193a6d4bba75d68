package statistics

import (
	"testing"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// BenchmarkRender is the statistics of five hundred trades, as many as a list
// of the built-in desk keeps.
func BenchmarkRender(b *testing.B) {
	v := datasource.Value{Type: datasource.TypeArray}
	for len(v.Items) < 500 {
		v.Items = append(v.Items, day().Items[1:]...)
	}
	w := mustNew(b, Spec{Data: "trades"})
	f := widgettest.Context(90, 20, widgettest.Snapshot(widgettest.Live("trades", v)), theme.ProfileTrue)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}
