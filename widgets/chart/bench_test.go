package chart

import (
	"testing"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/NimbleMarkets/ntcharts/v2/linechart/timeserieslinechart"

	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// The picture of PERFORMANCE.md: 100×15 cells, 240 points. The budget is a
// twentieth of ntcharts' View, which styles every cell for itself.

func BenchmarkRender(b *testing.B) {
	w := mustNew(b, Spec{Data: "equity"})
	f := widgettest.Context(100, 15, equity(widgettest.Equity()), theme.ProfileTrue)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}

func BenchmarkRender5000(b *testing.B) {
	w := mustNew(b, Spec{Data: "equity"})
	f := widgettest.Context(100, 15, equity(widgettest.Series(5000, time.Second, widgettest.Walk(3, 100, 0, 1, 2))), theme.ProfileTrue)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}

// BenchmarkBaselineView is the baseline: the same data in ntcharts' own time
// series chart, drawn and viewed as its examples do.
func BenchmarkBaselineView(b *testing.B) {
	points := widgettest.Equity().Points
	style := lipgloss.NewStyle().Foreground(lipgloss.Color("#56b4e9"))
	axis := lipgloss.NewStyle().Foreground(lipgloss.Color("#8793a3"))
	b.ReportAllocs()
	for b.Loop() {
		c := timeserieslinechart.New(100, 15, timeserieslinechart.WithAxesStyles(axis, axis), timeserieslinechart.WithStyle(style))
		for _, p := range points {
			c.Push(timeserieslinechart.TimePoint{Time: p.Time(), Value: p.V})
		}
		c.DrawBraille()
		_ = c.View()
	}
}
