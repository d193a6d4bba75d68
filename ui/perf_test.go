package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"charm.land/lipgloss/v2"

	"ticktop/datasource"
	"ticktop/ui/layout"
	"ticktop/widgets"
	"ticktop/widgets/draw"
	"ticktop/widgets/theme"
)

// row24 is a dashboard of 24 panels with a figure and a sparkline each, all of
// whose data change with every snapshot: the measure of a frame.
func row24() (*fakeDesk, func(seq uint64) *datasource.Snapshot) {
	var names []string
	page := layout.Page{Name: "Bench"}
	for r := range 6 {
		row := layout.Row{}
		for c := range 4 {
			name := fmt.Sprintf("q%d", r*4+c)
			names = append(names, name)
			row.Cells = append(row.Cells, layout.Cell{Widget: &spark{name}})
		}
		page.Rows = append(page.Rows, row)
	}
	index := map[string]int{}
	for i, n := range names {
		index[n] = i
	}
	snap := func(seq uint64) *datasource.Snapshot {
		entries := make([]*datasource.Entry, len(names))
		for i := range entries {
			entries[i] = &datasource.Entry{Ref: &datasource.Ref{}, State: datasource.StateLive, Value: num(fmt.Sprintf("1.%04d", (int(seq)+i)%10000)), Rev: seq, At: at}
		}
		return datasource.NewSnapshot(at, seq, names, index, entries)
	}
	feed := newFeed(snap(1))
	return &fakeDesk{dash: &Dashboard{Pages: []layout.Page{page}}, feed: feed}, snap
}

// spark is a panel with a figure and a bar of blocks on each line.
type spark struct{ name string }

func (s *spark) Kind() string           { return "spark" }
func (s *spark) Title() datasource.Safe { return safe(s.name) }
func (s *spark) Data() []string         { return []string{s.name} }
func (s *spark) Render(f widgets.Context) string {
	p := draw.NewPanel(f.Theme, f.W, f.H, draw.Head{Title: s.Title(), Focused: f.Focused})
	n, _ := f.Data.Get(s.name).Value.Number()
	for !p.Full() {
		p.Lit(theme.Label, "bid").Right(theme.Strong, n.String(), 12).Skip(1)
		n := max(0, min(p.Left(), len(bars)/3))
		p.Bytes(theme.Up, bars[:3*n], n)
		p.EndLine()
	}
	return p.String()
}

var bars = []byte("▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█")

func benchModel(tb testing.TB) (*Model, func(uint64) *datasource.Snapshot) {
	desk, snap := row24()
	m := New(Options{Desk: desk, Width: 200, Height: 50, Theme: "dark", Profile: theme.ProfileTrue, Clock: func() time.Time { return at }})
	tb.Cleanup(m.Close)
	m.View()
	return m, snap
}

// TestUnchangedViewDoesNotAllocate: a frame without news costs nothing.
func TestUnchangedViewDoesNotAllocate(t *testing.T) {
	m, _ := benchModel(t)
	if n := testing.AllocsPerRun(100, func() { m.View() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestNothingNewIsTheSameString: news of other data leave the frame alone, the
// very string.
func TestNothingNewIsTheSameString(t *testing.T) {
	m, _, feed := session(t, 160, 45)
	a := screen(m)
	showSnapshot(m, laterSnapshot(feed.snap, 5))
	m.Update(clock(500 * time.Millisecond))
	if n := testing.AllocsPerRun(1, func() { m.dirty = true; m.View() }); n > 60 {
		t.Errorf("%v allocations to find that nothing changed", n)
	}
	if b := screen(m); a != b {
		t.Error("another picture")
	}
}

func BenchmarkViewUnchanged(b *testing.B) {
	m, _ := benchModel(b)
	b.ReportAllocs()
	for b.Loop() {
		m.View()
	}
}

// BenchmarkViewAllChanged draws 24 panels of 200×50, all with new data.
func BenchmarkViewAllChanged(b *testing.B) {
	m, snap := benchModel(b)
	snaps := make([]*datasource.Snapshot, 5000)
	for i := range snaps {
		snaps[i] = snap(uint64(i + 2))
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i%len(snaps) == 0 {
			m.opt.Cache = NewCache(0)
		}
		showSnapshot(m, snaps[i%len(snaps)])
		m.View()
		i++
	}
}

// BenchmarkViewOneChanged is the usual frame: one panel of 24 has news.
func BenchmarkViewOneChanged(b *testing.B) {
	m, snap := benchModel(b)
	base := snap(1)
	snaps := make([]*datasource.Snapshot, 5000)
	for i := range snaps {
		entries := make([]*datasource.Entry, 24)
		for j := range entries {
			_, entries[j] = base.Nth(j)
		}
		_, entries[3] = snap(uint64(i + 2)).Nth(3)
		snaps[i] = datasource.NewSnapshot(at, uint64(i+2), base.Names(), nil, entries)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		showSnapshot(m, snaps[i%len(snaps)])
		m.View()
		i++
	}
}

// BenchmarkViewNaive is the baseline: the same 24 panels put together as
// Lip Gloss programs do it, with borders, styles and joins.
func BenchmarkViewNaive(b *testing.B) {
	_, snap := row24()
	border := lipgloss.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(lipgloss.Color("#5c6370"))
	label, strong, up := lipgloss.NewStyle().Foreground(lipgloss.Color("#7a8290")), lipgloss.NewStyle().Bold(true), lipgloss.NewStyle().Foreground(lipgloss.Color("#56b4e9"))
	b.ReportAllocs()
	seq := uint64(1)
	for b.Loop() {
		seq++
		s := snap(seq)
		var rows []string
		for r := range 6 {
			var cells []string
			for c := range 4 {
				n, _ := s.Get(fmt.Sprintf("q%d", r*4+c)).Value.Number()
				var lines []string
				for range 6 {
					lines = append(lines, label.Render("bid")+strong.Width(12).Align(lipgloss.Right).Render(n.String())+" "+up.Render(string(bars[:90])))
				}
				cells = append(cells, border.Width(50).Height(8).Render(strings.Join(lines, "\n")))
			}
			rows = append(rows, lipgloss.JoinHorizontal(lipgloss.Top, cells...))
		}
		_ = lipgloss.JoinVertical(lipgloss.Left, rows...)
	}
}

// BenchmarkPicture is what a session costs that another draws for.
func BenchmarkPicture(b *testing.B) {
	m, snap := benchModel(b)
	s := snap(2)
	b.ReportAllocs()
	for b.Loop() {
		showSnapshot(m, s)
		m.Frame()
	}
}

func BenchmarkFirstFrame(b *testing.B) {
	desk, _ := row24()
	b.ReportAllocs()
	for b.Loop() {
		m := New(Options{Desk: desk, Width: 200, Height: 50, Profile: theme.ProfileTrue})
		m.View()
		m.Close()
	}
}
