package format

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"ticktop/datasource"
)

func number(t testing.TB, s string) datasource.Number {
	t.Helper()
	n, ok := datasource.ParseNumber(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return n
}

func TestNumber(t *testing.T) {
	auto := Style{Decimals: Auto}
	for _, c := range []struct {
		in   string
		f    Style
		want string
	}{
		{"48911.2", Fixed(2), "48,911.20"},
		{"48911.2", Plain, "48,911.2"},
		{"1.10", auto, "1.10"},
		{"1.10", Fixed(5), "1.10000"},
		{"0.1", Fixed(0), "0.1"}, // never zero for what is not
		{"0.5", Fixed(0), "0.5"},
		{"0.6", Fixed(0), "1"},
		{"1.5", Fixed(0), "2"},
		{"2.5", Fixed(0), "2"},
		{"2.51", Fixed(0), "3"},
		{"-2.5", Fixed(0), "-2"},
		{"1.005", Fixed(2), "1.00"}, // half to even, and exact: a float says 1.00499…
		{"1.015", Fixed(2), "1.02"},
		{"999.995", Fixed(2), "1,000.00"},
		{"9.999", Fixed(2), "10.00"},
		{"0.009", Fixed(2), "0.01"},
		{"-0.001", Fixed(2), "-0.001"},
		{"-0", auto, "0"},
		{"9007199254740993", Plain, "9,007,199,254,740,993"},
		{"123456789012345678901234567890.12", Fixed(1), "123,456,789,012,345,678,901,234,567,890.1"},
		{"1e3", Plain, "1,000"},
		{"1.25e-3", auto, "0.00125"},
		{"12.5e1", auto, "125"},
		{"1e400", Plain, "1e400"},
		{"NaN", Fixed(2), "NaN"},
		{"412.1", Fixed(2).Signed(), "+412.10"},
		{"-24.04", Fixed(2).Signed(), "-24.04"},
		{"0", Fixed(2).Signed(), "0.00"},
		{"0.004", Fixed(2).Signed(), "+0.004"},
		{"1.23e-06", auto, "0.00000123"}, // case 7
		{"-1.5E-7", auto, "-0.00000015"},
		{"1e-15", auto, "0.000000000000001"},
		{"1.5e-18", auto, "1.5e-18"},
		{"1.5e-18", Fixed(2), "1.5e-18"},
		{"-1.5e-18", Fixed(2).Signed(), "-1.5e-18"},
		{"5e-324", auto, "5e-324"},
		{"1.7976931348623157e+308", auto, "1.79769313486232e308"},
		{"1e20", auto, "100000000000000000000"},
		{"1e22", auto, "1e22"},
		{"231.07000000000002", auto, "231.07"}, // case 8
		{"0.30000000000000004", auto, "0.3"},
		{"97225.12345678", auto, "97225.12345678"},
		{"48211.333333333336", auto, "48211.3333333333"},
		{"0.123456789012345678", auto, "0.123456789012346"},  // more digits than a float: 15 places
		{"1234567890123456789", auto, "1234567890123456789"}, // an id
		{"58", Style{Unit: UnitPercent}, "58%"},
		{"0.0123", Style{Decimals: 1, Unit: UnitFraction}, "1.2%"},
		{"0.0123", Style{Decimals: Auto, Unit: UnitFraction}, "1.23%"},
		{"0.5", Style{Decimals: Auto, Unit: UnitFraction}, "50%"},
		{"-12.5", Style{Decimals: Auto, Unit: UnitBps}, "-12.5 bp"},
		{"41", Style{Suffix: " ms"}, "41 ms"},
		{"48911.2", Style{Decimals: Auto, Unit: UnitCompact}, "48.91k"},
		{"999.5", Style{Decimals: Auto, Unit: UnitCompact}, "999.5"},
		{"999999", Style{Decimals: Auto, Unit: UnitCompact}, "1.00M"},
		{"999499", Style{Decimals: 0, Unit: UnitCompact}, "999k"},
		{"999500", Style{Decimals: 0, Unit: UnitCompact}, "1M"}, // 999.5k, odd digit: up
		{"-1250000000", Style{Decimals: 1, Unit: UnitCompact}, "-1.2B"},
		{"1e18", Style{Decimals: 0, Unit: UnitCompact, Thousands: true}, "1,000,000T"},
	} {
		if got := Number(number(t, c.in), c.f); got != c.want {
			t.Errorf("%s with %+v is %q, want %q", c.in, c.f, got, c.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		in    string
		width int
		want  string
	}{
		{"48911.2", 9, "48,911.20"},
		{"48911.2", 8, "48911.20"},
		{"48911.2", 7, "48.91k"},
		{"48911.2", 5, "48.9k"},
		{"48911.2", 4, "49k"},
		{"48911.2", 3, "49k"},
		{"48911.2", 2, "…"},
		{"48911.2", 0, ""},
		{"1.08342", 3, "…"}, // 1.1 would be a cut without a mark
		{"-123456789", 6, "-123M"},
	} {
		if got := string(AppendFit(nil, number(t, c.in), Fixed(2), c.width)); got != c.want {
			t.Errorf("%s in %d cells is %q, want %q", c.in, c.width, got, c.want)
		}
	}
	percent := Style{Decimals: 1, Unit: UnitPercent}
	if got := string(AppendFit(nil, number(t, "4042.18"), percent, 5)); got != "…" {
		t.Errorf("a percentage that does not fit is %q", got)
	}
}

// FuzzNumber compares the rounding with math/big's rationals.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0", "-0.5", "1.005", "99.995", "1e-7", "12345678901234567890.125", "0.05", "5e1"} {
		for _, places := range []uint8{0, 2, 5} {
			f.Add(s, places)
		}
	}
	f.Fuzz(func(t *testing.T, s string, p uint8) {
		n, ok := datasource.ParseNumber(s)
		places := int(p % 12)
		if !ok || len(s) > 200 {
			return
		}
		got := Number(n, Style{Decimals: places})
		if _, ok := parseDecimal(nil, n.String()); !ok {
			if got != n.String() {
				t.Fatalf("%q is shown as %q", n, got)
			}
			return
		}
		want, _ := new(big.Rat).SetString(n.String())
		if exact := halfEven(want, places); got != exact && !readsBack(got, want) {
			t.Fatalf("%q to %d places is %q, want %q", n, places, got, exact)
		}
		with := Number(n, Fixed(places))
		if strings.ReplaceAll(with, ",", "") != got {
			t.Fatalf("thousands change %q to %q", got, with)
		}
		for w := range 12 {
			if fit := string(AppendFit(nil, n, Fixed(places), w)); utf8.RuneCountInString(fit) > w {
				t.Fatalf("%q is wider than %d cells", fit, w)
			}
		}
	})
}

// readsBack reports whether what is shown is the number within the digits that
// are shown: for numbers that take more places than were asked for.
func readsBack(shown string, want *big.Rat) bool {
	shown = strings.ReplaceAll(shown, ",", "")
	got, ok := new(big.Rat).SetString(shown)
	if !ok || (got.Sign() == 0) != (want.Sign() == 0) {
		return false
	}
	mantissa, exp, _ := strings.Cut(shown, "e")
	places := 0
	if dot := strings.IndexByte(mantissa, '.'); dot >= 0 {
		places = len(mantissa) - dot - 1
	}
	e, _ := strconv.Atoi(exp)
	unit, _ := new(big.Rat).SetString(fmt.Sprintf("1e%d", e-places))
	diff := new(big.Rat).Sub(got, want)
	if noise := new(big.Rat).Mul(new(big.Rat).Abs(want), big.NewRat(5, 1e15)); noise.Cmp(unit) > 0 {
		unit = noise // of a binary fraction, and only that
	}
	return diff.Abs(diff).Cmp(unit) <= 0
}

// halfEven is the textbook: scale, split, compare twice the rest with one.
func halfEven(r *big.Rat, places int) string {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	num := new(big.Int).Mul(new(big.Int).Abs(r.Num()), scale)
	q, rest := new(big.Int).QuoRem(num, r.Denom(), new(big.Int))
	switch c := rest.Lsh(rest, 1).Cmp(r.Denom()); {
	case c > 0, c == 0 && q.Bit(0) == 1:
		q.Add(q, big.NewInt(1))
	}
	sign := ""
	if r.Sign() < 0 && q.Sign() != 0 {
		sign = "-"
	}
	s := fmt.Sprintf("%0*s", places+1, q)
	if places > 0 {
		s = s[:len(s)-places] + "." + s[len(s)-places:]
	}
	return sign + s
}

func TestNumberDoesNotAllocate(t *testing.T) {
	n, dst := number(t, "48911.2"), make([]byte, 0, 64)
	for name, f := range map[string]func(){
		"AppendNumber": func() { AppendNumber(dst, n, Fixed(2)) },
		"AppendFit":    func() { AppendFit(dst, n, Fixed(2), 5) },
	} {
		if got := testing.AllocsPerRun(100, f); got != 0 {
			t.Errorf("%s allocates %v times", name, got)
		}
	}
}

func BenchmarkAppendNumber(b *testing.B) {
	n, dst := number(b, "48911.25"), make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		AppendNumber(dst, n, Fixed(2))
	}
}
