package datasource

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "-0", "1.10": "1.10", "-1.5": "-1.5", "+1.5": "1.5", "123456789012345": "123456789012345",
		"1234567890123456": "1234567890123456", "0.000000000000001": "0.000000000000001", "9007199254740993": "9007199254740993",
		"1e400": "1e400", "1E+5": "1E+5", "NaN": "NaN", "nan": "NaN", "inf": "+Inf", "-Infinity": "-Inf",
		"": "", "-": "", ".": "", "1.": "", ".5": "", "01": "", "-01": "", "00": "", "1.2.3": "", "--1": "", "+-1": "", "++1": "",
		"0x10": "", "1,234.5": "", "１": "", "1 ": "", " 1": "", "1e": "", "e5": "", "1_000": "", "0x1p-2": "", "infi": "",
	} {
		n, ok := ParseNumber(in)
		if n.String() != want || ok != (want != "") {
			t.Errorf("%q: got %q %v, want %q", in, n, ok, want)
		}
	}
}

func TestNumberDecimals(t *testing.T) {
	for in, want := range map[string]int{"1": 0, "1.10": 2, "-0.00001": 5, "1e3": 0, "NaN": 0} {
		if n, _ := ParseNumber(in); want != n.Decimals() {
			t.Errorf("%q: %d decimals, want %d", in, n.Decimals(), want)
		}
	}
}

// FuzzParseNumber: the float is strconv's to the last bit, and what is accepted
// is JSON's grammar with a '+', NaN and ±inf besides.
func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"1.10", "-0", "123456789012345", "0.123456789012345", "1e400", "NaN", "+1", "01", "1.", "99999999999999.9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := ParseNumber(s)
		want, err := strconv.ParseFloat(strings.TrimPrefix(s, "+"), 64)
		if !ok {
			if isJSONNumber(s) {
				t.Fatalf("%q refused", s)
			}
			return
		}
		if err != nil && !math.IsInf(want, 0) {
			t.Fatalf("%q accepted, strconv says %v", s, err)
		}
		if math.Float64bits(n.Float()) != math.Float64bits(want) && !(math.IsNaN(want) && math.IsNaN(n.Float())) {
			t.Fatalf("%q is %v, strconv says %v", s, n.Float(), want)
		}
		if again, ok := ParseNumber(n.String()); !ok || again.String() != n.String() {
			t.Fatalf("%q becomes %q, which becomes %q", s, n, again)
		}
	})
}

func BenchmarkParseNumber(b *testing.B) {
	b.Run("price", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ParseNumber("1.08341")
		}
	})
	b.Run("baseline/strconv", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = strconv.ParseFloat("1.08341", 64)
		}
	})
}
