package format

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"ticktop/datasource"
)

// printed are the texts of a float64 as Python, JavaScript and Go write it.
func printed(f float64) []string {
	python := strconv.FormatFloat(f, 'g', -1, 64)
	if abs := math.Abs(f); f == 0 || abs >= 1e-4 && abs < 1e16 {
		python = strconv.FormatFloat(f, 'f', -1, 64)
	}
	javascript := strconv.FormatFloat(f, 'e', -1, 64)
	if abs := math.Abs(f); f == 0 || abs >= 1e-6 && abs < 1e21 {
		javascript = strconv.FormatFloat(f, 'f', -1, 64)
	}
	return []string{python, javascript, strconv.FormatFloat(f, 'g', -1, 64), strconv.FormatFloat(f, 'f', -1, 64), datasource.NumberFromFloat(f).String()}
}

func checkShown(t *testing.T, f float64) {
	t.Helper()
	for _, text := range printed(f) {
		n, ok := datasource.ParseNumber(text)
		if !ok {
			t.Fatalf("%q is no number", text)
		}
		want, _ := new(big.Rat).SetString(text)
		for _, decimals := range []int{Auto, 0, 2, 5, Decimals([]datasource.Number{n})} {
			shown := Number(n, Style{Decimals: decimals, Thousands: true})
			if !readsBack(shown, want) {
				t.Fatalf("%s with %d decimals is shown as %q", text, decimals, shown)
			}
		}
		if shown := Number(n, Style{Decimals: Auto}); f != 0 && len(text) < 16 && !strings.ContainsAny(text, "eE") && shown != text && n.Decimals() <= MaxDecimals {
			t.Fatalf("%s is shown as %q: short digits are the producer's", text, shown)
		}
	}
}

func TestNumber_AnyFloatReadsBackWithinTheDigitsShown(t *testing.T) {
	for _, f := range []float64{0, 1, -1, 0.1, 0.2 + 0.1, 1e-6, 1.23e-6, 1e-15, 1e-16, 1.5e-18, 5e-324, math.MaxFloat64, 1e15, 1e16, 1e21, 1e22,
		231.07000000000002, 97225.12345678, math.Pi, 1 / 3.0, 99999.99999999999, 0.09999999999999999, math.SmallestNonzeroFloat64, 9007199254740993} {
		checkShown(t, f)
		checkShown(t, -f)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		f := math.Float64frombits(r.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		checkShown(t, f)
		checkShown(t, math.Ldexp(r.Float64(), r.IntN(80)-40))
	}
}

func FuzzFloat(f *testing.F) {
	for _, x := range []float64{0, 1.23e-6, 231.07000000000002, 1e300, 1 / 3.0} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, x float64) {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			checkShown(t, x)
		}
	})
}
