package draw

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
	"github.com/NimbleMarkets/ntcharts/v2/sparkline"

	"ticktop/datasource"
	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// The picture of PERFORMANCE.md: 24 rows with sparklines in 200×50 cells, all
// changed. The budget is 1/200 of lipgloss and ntcharts used as their examples
// do.

const (
	benchRows  = 24
	benchW     = 200
	benchH     = 50
	benchSpark = 40
)

type benchRow struct {
	symbol   string
	bid, ask datasource.Number
	change   datasource.Number
	move     datasource.Move
	pts      []datasource.Point
}

func benchData(b *testing.B) (rows []benchRow) {
	for i := range benchRows {
		s := widgettest.Symbols()[i%12]
		q := widgettest.Quote(s)
		get := func(name string) datasource.Number {
			f, ok := q.Field(name)
			if !ok {
				b.Fatal(name)
			}
			return f.Num
		}
		rows = append(rows, benchRow{s, get("bid"), get("ask"), get("change_pct"), datasource.Move{Dir: 1, MS: widgettest.Now.UnixMilli()},
			widgettest.Series(120, 5*time.Second, widgettest.Walk(uint64(i), 100, 0, 1, 2)).Points})
	}
	return rows
}

func BenchmarkFrame(b *testing.B) {
	rows, pal := benchData(b), theme.Compile(nil, theme.ProfileTrue, theme.Braille)
	from, to := widgettest.Now.Add(-10*time.Minute).UnixMilli(), widgettest.Now.UnixMilli()
	b.ReportAllocs()
	for b.Loop() {
		p := NewPanel(pal, benchW, benchH, Head{Title: safe("Quotes")})
		for i := range rows {
			r := &rows[i]
			p.Cell(theme.Strong, r.symbol, 10).Number(MoveRole(r.move, widgettest.Now, theme.Text), r.bid, Plain, 12).Skip(1).Arrow(r.move, widgettest.Now)
			p.Number(theme.Text, r.ask, Plain, 12)
			p.Number(theme.Direction(Sign(r.change), false), r.change, Fixed(2).Signed(), 10).Skip(2)
			p.Spark(GraphRole(pal, Sign(r.change)), r.pts, from, to, NoGap, benchSpark)
			p.EndLine()
		}
		_ = p.String()
	}
}

// BenchmarkBaselineFrame is the baseline: the same rows with a lipgloss style
// for each cell, lipgloss' table and border, and ntcharts' sparkline View.
func BenchmarkBaselineFrame(b *testing.B) {
	rows := benchData(b)
	style := func(c string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(c)) }
	strong, text, up, down := style("#e8eef5").Bold(true), style("#cdd6e0"), style("#56b4e9"), style("#e69f00")
	b.ReportAllocs()
	for b.Loop() {
		t := table.New().Border(lipgloss.HiddenBorder())
		for i := range rows {
			r := &rows[i]
			line := sparkline.New(benchSpark, 1, sparkline.WithStyle(up))
			for _, p := range r.pts {
				line.Push(p.V)
			}
			line.DrawBraille()
			dir := up
			if r.change.Float() < 0 {
				dir = down
			}
			t.Row(strong.Render(r.symbol), text.Width(12).Align(lipgloss.Right).Render(r.bid.String()), up.Render("▲"),
				text.Width(12).Align(lipgloss.Right).Render(r.ask.String()), dir.Render(fmt.Sprintf("%+.2f", r.change.Float())), line.View())
		}
		box := lipgloss.NewStyle().Border(lipgloss.RoundedBorder()).Width(benchW).Height(benchH)
		_ = lipgloss.JoinVertical(lipgloss.Left, strong.Render("Quotes"), box.Render(t.Render()))
	}
}

func BenchmarkSpark(b *testing.B) {
	rows := benchData(b)
	from, to := widgettest.Now.Add(-10*time.Minute).UnixMilli(), widgettest.Now.UnixMilli()
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendSpark(dst[:0], rows[0].pts, from, to, NoGap, benchSpark, theme.Braille)
	}
}

func BenchmarkNote(b *testing.B) {
	entries := make([]*datasource.Entry, 24)
	for i := range entries {
		entries[i] = in(datasource.StateLive)
	}
	entries[5] = in(datasource.StateStale)
	b.ReportAllocs()
	for b.Loop() {
		Note(entries, widgettest.Now, false)
	}
}

// TestFrameIsCheap holds what a benchmark only shows: one picture is a handful
// of allocations, however many rows it has.
func TestFrameIsCheap(t *testing.T) {
	pal := theme.Compile(nil, theme.ProfileTrue, theme.Braille)
	pts := widgettest.Series(120, 5*time.Second, widgettest.Walk(1, 100, 0, 1, 2)).Points
	n, _ := datasource.ParseNumber("48911.20")
	frame := func(rows int) float64 {
		return testing.AllocsPerRun(20, func() {
			p := NewPanel(pal, 100, rows+2, Head{})
			for range rows {
				p.Lit(theme.Label, "Equity").Number(theme.Strong, n, Plain, 12).Spark(theme.Up, pts, 0, pts[119].MS, NoGap, 20)
				p.EndLine()
			}
			_ = p.String()
		})
	}
	if few, many := frame(2), frame(40); many > few+1 || many > 8 {
		t.Errorf("2 rows cost %v allocations, 40 rows %v", few, many)
	}
	if strings.Contains(string(AppendSpark(nil, pts, 0, 1, NoGap, 3, theme.Braille)), "\x1b") {
		t.Error("a sparkline has its own style")
	}
}
