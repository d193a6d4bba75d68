package candles

import (
	"testing"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// BenchmarkRender is the chart of the built-in desk at its size on 160×45.
func BenchmarkRender(b *testing.B) {
	w := mustNew(b, deskSpec)
	f := widgettest.Context(68, 21, deskData(datasource.StateLive, "1.08395"), theme.ProfileTrue)
	f.Selected = datasource.Clean("EURUSD", 0)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}
