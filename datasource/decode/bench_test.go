package decode

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// tick is one message of a ticks:{symbol} channel, 106 bytes.
var tick = []byte(`{"symbol":"EURUSD","bid":1.08341,"ask":1.08349,"last":1.08345,"volume":1250000,"ts":1763860000123,"seq":7}`)

// BenchmarkTick is the decoding of one message; the baseline is encoding/json
// into a struct and into a map (PERFORMANCE, point 2).
func BenchmarkTick(b *testing.B) {
	if len(tick) != 106 {
		b.Fatalf("the tick has %d bytes", len(tick))
	}
	b.Run("hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := document(tick); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("merge", func(b *testing.B) {
		ref := &datasource.Ref{Kind: datasource.KindString}
		prev, _, _ := Merge(ref, nil, tick, time.Time{})
		at := time.UnixMilli(1763860000123)
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := Merge(ref, &prev, tick, at); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("tokens", func(b *testing.B) {
		s := string(tick)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := parseAny(s); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("baseline/encoding-json-struct", func(b *testing.B) {
		var v struct {
			Symbol          string
			Bid, Ask, Last  float64
			Volume, TS, Seq int64
		}
		b.ReportAllocs()
		for b.Loop() {
			if err := json.Unmarshal(tick, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("baseline/encoding-json-map", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v map[string]any
			if err := json.Unmarshal(tick, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkPositions is an array of 20 objects, as positions:{account} holds.
func BenchmarkPositions(b *testing.B) {
	var s strings.Builder
	s.WriteByte('[')
	for i := range 20 {
		if i > 0 {
			s.WriteByte(',')
		}
		s.WriteString(`{"symbol":"EURUSD","side":"buy","qty":"1000.00","entry":"1.08340","mark":1.0835,"pnl":"12.` + strconv.Itoa(10+i) + `"}`)
	}
	s.WriteByte(']')
	in := []byte(s.String())
	b.Run("hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := document(in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("baseline/encoding-json-map", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v []map[string]any
			if err := json.Unmarshal(in, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSeries is a window of 240 members, whole and with one newer.
func BenchmarkSeries(b *testing.B) {
	raw := &datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindZSet, Member: datasource.MemberTSValue}, At: noon}
	for i := range 240 {
		ms := noon.Add(time.Duration(i-240) * time.Minute).UnixMilli()
		raw.Members = append(raw.Members, datasource.RawMember{Score: float64(ms), Member: []byte(strconv.FormatInt(ms, 10) + ":48" + strconv.Itoa(100+i) + ".25")})
	}
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := Value(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("append", func(b *testing.B) {
		v, _, _ := Value(raw)
		next := &datasource.Raw{Ref: raw.Ref, At: noon, Since: raw.Members[239].Score,
			Members: []datasource.RawMember{{Score: float64(noon.UnixMilli()), Member: []byte("1:48500.25")}}}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Append(&v, next); err != nil {
				b.Fatal(err)
			}
		}
	})
}
