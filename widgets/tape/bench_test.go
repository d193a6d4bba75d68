package tape

import (
	"testing"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// BenchmarkRender is a tape of a hundred trades, as the built-in desk keeps them.
func BenchmarkRender(b *testing.B) {
	w := mustNew(b, Spec{Data: "tape"})
	f := widgettest.Context(48, 14, widgettest.Snapshot(widgettest.In(datasource.StateLive, "tape.EURUSD", printsOf(100))), theme.ProfileTrue)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}
