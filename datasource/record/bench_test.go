package record

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"ticktop/datasource"
)

// desk is a dashboard's worth of data: quotes, an account, series.
func desk(n int) (*stage, func(i int, now time.Time) *datasource.Snapshot) {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("quote.S%02d", i)
	}
	names[n-1] = "equity"
	s := newStage(names...)
	points := series(0, 600)
	return s, func(i int, now time.Time) *datasource.Snapshot {
		for k := range n - 1 {
			bid := datasource.NumberFromFloat(1.08 + float64((i*7+k)%1000)/1e5)
			s.entries[k] = &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i*n + k + 1), State: datasource.StateLive, Origin: datasource.SourcePubSub, At: now, Changed: now, Stamp: now.Round(0),
				Value: datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{
					{Name: text("symbol"), Value: datasource.Value{Type: datasource.TypeText, Text: text(names[k])}},
					{Name: text("bid"), Value: datasource.Value{Type: datasource.TypeNumber, Num: bid}},
					{Name: text("ask"), Value: datasource.Value{Type: datasource.TypeNumber, Num: bid}},
					{Name: text("volume"), Value: number(fmt.Sprint(i * 3))},
				}}}
		}
		if i%50 == 0 {
			points.Points = append(points.Points[1:len(points.Points):len(points.Points)], datasource.Point{MS: int64(600+i/50) * 1000, V: float64(i)})
			s.entries[n-1] = &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i + 1), State: datasource.StateLive, At: now, Value: points}
		}
		return datasource.NewSnapshot(now, uint64(i), names, nil, append([]*datasource.Entry(nil), s.entries...))
	}
}

// BenchmarkRecord is what recording costs: one published snapshot in which all
// of 24 quotes changed, ten of which make a second of a busy desk. The baseline
// writes each snapshot whole, as a recorder without differences would.
func BenchmarkRecord(b *testing.B) {
	b.Run("changes", func(b *testing.B) { benchmarkRecord(b, false) })
	b.Run("whole", func(b *testing.B) { benchmarkRecord(b, true) })
}

func benchmarkRecord(b *testing.B, whole bool) {
	s, block := desk(25)
	r := NewRecorder(io.Discard, s, Options{MaxBytes: 1 << 60})
	if err := r.open(); err != nil {
		b.Fatal(err)
	}
	at := time.Now()
	snaps := make([]*datasource.Snapshot, 3000) // made before, so that only recording is measured
	for i := range snaps {
		snaps[i] = block(i, at.Add(time.Duration(i)*100*time.Millisecond))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		snap := *snaps[i%len(snaps)]
		snap.At = at.Add(time.Duration(i) * 100 * time.Millisecond)
		if whole {
			clear(r.entries)
		}
		if err := r.record(&snap); err != nil {
			b.Fatal(err)
		}
		if i%10 == 9 {
			if err := r.flush(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(r.out.n)/float64(b.N), "file-B/op")
}

// BenchmarkReplay is one recorded snapshot read, unpacked and published.
func BenchmarkReplay(b *testing.B) {
	_, block := desk(25)
	at := time.Now()
	var snaps []*datasource.Snapshot
	for i := range 3000 {
		snaps = append(snaps, block(i, at.Add(time.Duration(i)*100*time.Millisecond)))
	}
	path := filepath.Join(b.TempDir(), "x")
	if err := WriteFixture(path, Options{}, snaps...); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; {
		err := Each(path, func(*datasource.Snapshot) error {
			if n++; n > b.N {
				return io.EOF
			}
			return nil
		})
		if err != nil && !errors.Is(err, io.EOF) {
			b.Fatal(err)
		}
	}
}

// BenchmarkSeek goes about in a recording of five minutes: in great jumps, and a
// second back at a time, most of them in the block that is loaded already.
func BenchmarkSeek(b *testing.B) {
	b.Run("far", func(b *testing.B) { benchmarkSeek(b, 7919) })
	b.Run("back", func(b *testing.B) { benchmarkSeek(b, 299) })
}

func benchmarkSeek(b *testing.B, stride int) {
	_, block := desk(25)
	at := time.Now()
	var snaps []*datasource.Snapshot
	for i := range 3000 {
		snaps = append(snaps, block(i, at.Add(time.Duration(i)*100*time.Millisecond)))
	}
	path := filepath.Join(b.TempDir(), "x")
	if err := WriteFixture(path, Options{}, snaps...); err != nil {
		b.Fatal(err)
	}
	f, fd, err := openPath(path)
	if err != nil {
		b.Fatal(err)
	}
	defer fd.Close()
	r := newTape(f)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		r.seek(int64(i*stride%300) * int64(time.Second))
	}
}
