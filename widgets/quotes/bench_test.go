package quotes

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/NimbleMarkets/ntcharts/v2/sparkline"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// rows24 is a market of 24 symbols, every one of which has just moved.
func rows24() *datasource.Snapshot {
	var data []widgettest.Datum
	for i := range 24 {
		of := widgettest.Symbols()[i%12]
		name := fmt.Sprintf("%s%02d", of[:3], i)
		data = append(data, widgettest.Live("quote."+name, widgettest.Quote(of)),
			widgettest.Live("price."+name, widgettest.Series(240, 2500*time.Millisecond, widgettest.Walk(uint64(i), 100, 0, 0.1, 5))))
	}
	return widgettest.Snapshot(data...)
}

// BenchmarkRender draws 24 rows with sparklines, all changed, 160 cells wide.
// The budget against BenchmarkNaive is 1/200 (PERFORMANCE).
func BenchmarkRender(b *testing.B) {
	w := market(b)
	f := widgettest.Context(160, 27, rows24(), theme.ProfileTrue)
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}

// BenchmarkRenderSorted is the same with a sorted column.
func BenchmarkRenderSorted(b *testing.B) {
	w := market(b)
	f := widgettest.Context(160, 27, rows24(), theme.ProfileTrue)
	f.View.Sort = "change"
	b.ReportAllocs()
	for b.Loop() {
		w.Render(f)
	}
}

// BenchmarkNaive is the baseline: the same table as one would write it with
// Lip Gloss styles, joins and a border, and a sparkline of ntcharts in each row.
func BenchmarkNaive(b *testing.B) {
	data := rows24()
	b.ReportAllocs()
	for b.Loop() {
		naive(data)
	}
}

func naive(data *datasource.Snapshot) string {
	label := lipgloss.NewStyle().Foreground(lipgloss.Color("#707c8c"))
	strong := lipgloss.NewStyle().Bold(true)
	up := lipgloss.NewStyle().Foreground(lipgloss.Color("#56b4e9"))
	cell := func(s lipgloss.Style, w int, text string) string {
		return s.Width(w).Align(lipgloss.Right).Render(text)
	}
	lines := []string{lipgloss.JoinHorizontal(lipgloss.Top, cell(label, 10, "SYMBOL"), cell(label, 12, "BID"), cell(label, 12, "ASK"), cell(label, 9, "CHG %"))}
	data.Each("quote", func(name string, e *datasource.Entry) {
		bid, _ := e.Value.Field("bid")
		ask, _ := e.Value.Field("ask")
		chg, _ := e.Value.Field("change_pct")
		chart := sparkline.New(80, 1, sparkline.WithStyle(up))
		for _, p := range data.Get("price." + datasource.Item(name)).Value.Points {
			chart.Push(p.V)
		}
		chart.DrawBraille()
		lines = append(lines, lipgloss.JoinHorizontal(lipgloss.Top,
			cell(strong, 10, datasource.Item(name)), cell(lipgloss.NewStyle(), 12, fmt.Sprintf("%.5f", bid.Num.Float())), cell(up, 2, "▲"),
			cell(lipgloss.NewStyle(), 12, fmt.Sprintf("%.5f", ask.Num.Float())), cell(up, 9, fmt.Sprintf("%+.2f", chg.Num.Float())),
			"  ", chart.View(), cell(label, 8, "now")))
	})
	return lipgloss.NewStyle().Border(lipgloss.RoundedBorder()).Width(160).Render(strings.Join(lines, "\n"))
}
