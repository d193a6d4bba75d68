package format

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"ticktop/datasource"
)

// shownAsZero reports whether a text says that something is zero.
func shownAsZero(text string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	return digits != "" && strings.Trim(digits, "0") == ""
}

// TestFormat_NothingButZeroIsZero (case 7): no formatter shows as zero what is
// not zero, however small it is and however few decimals were asked for.
func TestFormat_NothingButZeroIsZero(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	floats := []float64{1e-18, 1.5e-18, -1e-18, 1e-15, 9.99e-16, 1e-300, math.SmallestNonzeroFloat64, 0.004, 0.0049999, -0.4, 1e-5, 0.1 + 0.2}
	for range 20000 {
		floats = append(floats, math.Ldexp(r.Float64()+0.5, -r.IntN(1070)))
	}
	for _, f := range floats {
		for _, n := range []datasource.Number{datasource.NumberFromFloat(f), mustParse(t, strconv.FormatFloat(f, 'g', -1, 64)), mustParse(t, strconv.FormatFloat(f, 'e', -1, 64))} {
			for decimals := Auto; decimals <= 8; decimals += 3 {
				for unit := UnitNone; unit <= UnitCompact; unit++ {
					if text := Number(n, Style{Decimals: decimals, Unit: unit, Thousands: true}); shownAsZero(text) {
						t.Fatalf("%v with %d decimals in unit %d is %q", f, decimals, unit, text)
					}
				}
			}
			if text := string(AppendFit(nil, n, Fixed(2), 9)); shownAsZero(text) {
				t.Fatalf("%v in nine cells is %q", f, text)
			}
			for _, unit := range []SpreadUnit{SpreadAuto, SpreadPip, SpreadPrice, SpreadBP} {
				if text, ok := SpreadOf(n, 1, "EURUSD", unit); ok && shownAsZero(text) {
					t.Fatalf("a spread of %v in unit %d is %q", f, unit, text)
				}
			}
		}
		if Round(f, 5) == 0 || Round(-f, 0) == 0 {
			t.Fatalf("%v is rounded to zero", f)
		}
	}
}

// TestSpread_OfTinyPrices: the distance of tiny prices is one, that of equal ones
// none.
func TestSpread_OfTinyPrices(t *testing.T) {
	for _, c := range []struct{ bid, ask, want string }{
		{"1.5e-18", "1.6e-18", "1e-19"}, // case 7
		{"1.23e-06", "1.24e-06", "0.00000001"},
		{"0.30000000000000004", "0.3", "0.0"},
		{"4e-16", "5e-16", "1e-16"},
	} {
		if got, ok := Spread(mustParse(t, c.bid), mustParse(t, c.ask), "SHIBX", SpreadPrice); !ok || got != c.want {
			t.Errorf("%s to %s: %q, want %q", c.bid, c.ask, got, c.want)
		}
	}
}

func mustParse(t *testing.T, s string) datasource.Number {
	t.Helper()
	n, ok := datasource.ParseNumber(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return n
}
