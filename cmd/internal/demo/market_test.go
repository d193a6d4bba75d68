package demo

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestSameSeedSameMarket(t *testing.T) {
	film := func(seed uint64, start time.Time) string {
		m, s := NewMarket(MarketOptions{Seed: seed, Start: start}), newSheet()
		s.keep = true
		if err := m.Fill(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		run(t, m, s, 2*time.Minute)
		return s.log.String()
	}
	first := film(7, noon)
	if film(7, noon) != first {
		t.Error("the same seed gave another market")
	}
	if film(8, noon) == first {
		t.Error("another seed gave the same market")
	}
	prices := func(m *Market) (p []int64) {
		for _, q := range m.quotes {
			p = append(p, q.bid, q.ask)
		}
		return p
	}
	a, onA := filled(t, MarketOptions{Seed: 7})
	b, onB := filled(t, MarketOptions{Seed: 7, Start: noon.Add(77*time.Hour + 37300*time.Millisecond)})
	run(t, a, onA, time.Minute)
	run(t, b, onB, time.Minute)
	if !slices.Equal(prices(a), prices(b)) {
		t.Error("the seed alone does not determine the prices")
	}
}

// TestAccountsAddUp checks the sums of every account as a trader would, from
// what is in Redis: to the cent, at each moment.
func TestAccountsAddUp(t *testing.T) {
	m, s := filled(t, MarketOptions{Seed: 3})
	cents := func(v string) int64 {
		t.Helper()
		whole, frac, _ := strings.Cut(v, ".")
		if len(frac) != 2 {
			t.Fatalf("%q has no two decimals", v)
		}
		n, err := strconv.ParseInt(whole+frac, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for second := range 900 {
		run(t, m, s, time.Second)
		for _, id := range AccountIDs() {
			h := s.hashes["account:"+id]
			var positions []struct {
				PNL    json.Number
				Symbol string
				Side   string
			}
			if err := json.Unmarshal([]byte(s.values["positions:"+id]), &positions); err != nil {
				t.Fatal(err)
			}
			sum := int64(0)
			for _, p := range positions {
				sum += cents(p.PNL.String())
			}
			if pnl := cents(h["pnl_open"]); pnl != sum {
				t.Fatalf("second %d: %s: pnl_open %d, positions have %d", second, id, pnl, sum)
			}
			if e := cents(h["equity"]); e != cents(h["balance"])+sum {
				t.Fatalf("second %d: %s: equity %d, balance %s + %d", second, id, e, h["balance"], sum)
			}
			if f := cents(h["free_margin"]); f != cents(h["equity"])-cents(h["margin"]) {
				t.Fatalf("second %d: %s: free margin %d", second, id, f)
			}
			if n := h["open_positions"]; n != strconv.Itoa(len(positions)) {
				t.Fatalf("second %d: %s: %s positions, %d listed", second, id, n, len(positions))
			}
			if n := h["open_orders"]; n != strconv.Itoa(len(s.hashes["orders:"+id])) {
				t.Fatalf("second %d: %s: %s orders, %d listed", second, id, n, len(s.hashes["orders:"+id]))
			}
		}
	}
	fills := 0
	for _, p := range s.published {
		if strings.Contains(p, `"level":"FILL"`) {
			fills++
		}
	}
	if fills < 20 {
		t.Errorf("only %d fills in a quarter of an hour", fills)
	}
}

// TestPnLByHand checks one position of each kind of conversion.
func TestPnLByHand(t *testing.T) {
	m := NewMarket(MarketOptions{Start: noon, Symbols: 64})
	set := func(symbol string, bid, ask int64) *quote {
		q := m.byName[symbol]
		q.bid, q.ask = bid, ask
		return q
	}
	set("EURUSD", 108_340, 108_350) // mid 1.08345
	for _, tc := range []struct {
		account string
		p       position
		want    int64
	}{
		{"ACC-1001", position{quote: set("EURUSD", 108_340, 108_350), side: buy, volume: 50, open: 108_110}, 115_00},
		{"ACC-1001", position{quote: set("XAUUSD", 240_560, 240_585), side: sell, volume: 10, open: 241_130}, 54_50},
		{"ACC-1001", position{quote: set("USDJPY", 156_400, 156_420), side: buy, volume: 20, open: 156_600}, -25_57}, // -4,000 JPY at 156.410
		{"ACC-1002", position{quote: set("US500", 59_814, 59_820), side: buy, volume: 100, open: 59_574}, 221_51},    // 240 USD at 1.08345
		{"ACC-1002", position{quote: set("GER40", 192_400, 192_414), side: sell, volume: 100, open: 192_514}, 10_00},
	} {
		a := m.desk.accountsNamed(tc.account)[0]
		a.positions, a.balance = []position{tc.p}, 1000_00
		a.revalue(m)
		if got := a.positions[0].pnl; got != tc.want || a.sums.equity != 1000_00+tc.want {
			t.Errorf("%s %s: pnl %s, want %s", tc.p.side, tc.p.quote.name, formatFixed(got, 2), formatFixed(tc.want, 2))
		}
	}
}

func TestPlausible(t *testing.T) {
	m := NewMarket(MarketOptions{Seed: 11, Start: noon, Symbols: 64})
	const minutes = 3 * 24 * 60
	paths := make([][]float64, len(m.quotes))
	for range minutes {
		m.passSeconds(60)
		for i, q := range m.quotes {
			paths[i] = append(paths[i], math.Log(float64(q.midPrice())))
			if q.ask <= q.bid || q.midPrice() < q.low || q.midPrice() > q.high {
				t.Fatalf("%s: bid %d ask %d low %d high %d", q.name, q.bid, q.ask, q.low, q.high)
			}
			// Four usual deviations of where reversion lets it go, jumps included.
			if off := math.Abs(math.Log(float64(q.midPrice()) * q.point / q.base)); off > 8*q.dayMove() {
				t.Fatalf("%s ran away: %.1f %%", q.name, off*100)
			}
		}
		for _, a := range m.desk.accounts {
			if ratio := float64(a.sums.equity) / float64(a.profile.balance); ratio < 0.6 || ratio > 1.6 {
				t.Fatalf("%s ran away: equity %s of %s", a.id, formatFixed(a.sums.equity, 2), formatFixed(a.profile.balance, 2))
			}
		}
	}
	returns := func(symbol string) (r []float64) {
		i := slices.Index(SymbolNames(64), symbol)
		for k := 5; k < minutes; k += 5 {
			r = append(r, paths[i][k]-paths[i][k-5])
		}
		return r
	}
	for _, tc := range []struct {
		a, b     string
		min, max float64
	}{
		{"EURUSD", "GBPUSD", 0.4, 0.9}, {"EURUSD", "USDCHF", -0.9, -0.4}, {"US500", "NAS100", 0.6, 0.95},
		{"BTCUSD", "ETHUSD", 0.5, 0.9}, {"XAUUSD", "XAGUSD", 0.4, 0.9}, {"WTI", "USDCHF", -0.4, 0.2},
	} {
		if c := correlation(returns(tc.a), returns(tc.b)); c < tc.min || c > tc.max {
			t.Errorf("%s and %s correlate by %.2f, want %.1f to %.1f", tc.a, tc.b, c, tc.min, tc.max)
		}
	}
	eurgbp := m.byName["EURGBP"]
	implied := float64(m.byName["EURUSD"].midPrice()) / float64(m.byName["GBPUSD"].midPrice())
	if got := float64(eurgbp.midPrice()) * eurgbp.point; math.Abs(got/implied-1) > 5e-4 {
		t.Errorf("EURGBP %.5f, its legs say %.5f", got, implied)
	}
}

func correlation(a, b []float64) float64 {
	var sa, sb, saa, sbb, sab float64
	for i := range a {
		sa, sb, saa, sbb, sab = sa+a[i], sb+b[i], saa+a[i]*a[i], sbb+b[i]*b[i], sab+a[i]*b[i]
	}
	n := float64(len(a))
	return (sab - sa*sb/n) / math.Sqrt((saa-sa*sa/n)*(sbb-sb*sb/n))
}

// TestHourOfTrading steps through an hour: what is in Redis stays what the
// series say, nothing piles up, and every key is renewed in time.
func TestHourOfTrading(t *testing.T) {
	m, s := filled(t, MarketOptions{Seed: 5})
	run(t, m, s, 5*time.Minute)
	sizes := func() string {
		var b strings.Builder
		for _, key := range slices.Sorted(func(yield func(string) bool) {
			for k := range s.zsets {
				if !yield(k) {
					return
				}
			}
		}) {
			n, least, most := len(s.zsets[key]), 530, 550
			if strings.HasPrefix(key, "candles:") {
				least, most = keepBars-1, keepBars
			}
			if n < least || n > most {
				t.Errorf("%s has %d members", key, n)
			}
			fmt.Fprintf(&b, "%s ", key)
		}
		return b.String()
	}
	before, heap := sizes(), inUse()
	for range 55 {
		s.published = s.published[:0]
		run(t, m, s, time.Minute)
		for _, q := range m.quotes {
			if late := m.clock.UnixMilli() - q.writtenMS; late > quoteTTL.Milliseconds()/2 {
				t.Fatalf("quote:%s was last written %d ms ago", q.name, late)
			}
		}
	}
	if after := sizes(); after != before {
		t.Errorf("series %s, were %s", after, before)
	}
	if grown := inUse() - heap; grown > 1<<20 {
		t.Errorf("heap grew by %d KB", grown>>10)
	}
	for _, q := range m.quotes {
		checkSeries(t, s.zsets["price:"+q.name], &q.series)
	}
	for _, a := range m.desk.accounts {
		checkSeries(t, s.zsets["equity:"+a.id], &a.series)
	}
	if len(m.past) > maxPast {
		t.Errorf("%d notifications kept", len(m.past))
	}
	for key, ttl := range s.ttl {
		if family, _, _ := strings.Cut(key, ":"); (ttl == "") != (family == "flag") {
			t.Errorf("%s has ttl %q", key, ttl)
		}
	}
}

func TestRateIsKept(t *testing.T) {
	for _, rate := range []float64{1, 40, 1000, 7777} {
		m, s := filled(t, MarketOptions{Rate: rate})
		run(t, m, s, 10*time.Second)
		ticks := 0
		for _, p := range s.published {
			if strings.HasPrefix(p, "ticks:") {
				ticks++
			}
		}
		if want := rate * 10; math.Abs(float64(ticks)-want) > 1 {
			t.Errorf("rate %v: %d ticks in 10 s", rate, ticks)
		}
	}
}

func TestPayloadsAreJSON(t *testing.T) {
	m, s := filled(t, MarketOptions{Seed: 2, Symbols: 64})
	run(t, m, s, 3*time.Minute)
	for key, v := range s.values {
		if !json.Valid([]byte(v)) {
			t.Errorf("%s is %s", key, v)
		}
		if !m.Owns(key) {
			t.Errorf("writes %s, which it does not own", key)
		}
	}
	for key := range s.hashes {
		if !m.Owns(key) {
			t.Errorf("writes %s, which it does not own", key)
		}
	}
	for _, p := range s.published {
		_, v, _ := strings.Cut(p, " ")
		if !json.Valid([]byte(v)) {
			t.Errorf("published %s", p)
		}
	}
	for _, q := range m.quotes {
		var v struct{ Bid, Ask json.Number }
		if err := json.Unmarshal([]byte(s.values["quote:"+q.name]), &v); err != nil {
			t.Fatal(err)
		}
		for _, n := range []json.Number{v.Bid, v.Ask} {
			if _, frac, _ := strings.Cut(n.String(), "."); len(frac) != q.digits {
				t.Errorf("%s is quoted %s, want %d decimals", q.name, n, q.digits)
			}
		}
	}
}

func TestForeign(t *testing.T) {
	m := NewMarket(MarketOptions{Start: noon})
	for _, tc := range []struct {
		keys, want []string
	}{
		{nil, nil},
		{[]string{"quote:EURUSD"}, []string{"quote:EURUSD"}}, // a real platform's
		{[]string{MarkerKey, "quote:EURUSD", "equity:ACC-1002"}, nil},
		{[]string{"ticktop:api:x", "quote:EURUSD"}, []string{"ticktop:api:x", "quote:EURUSD"}},
		{[]string{MarkerKey, "ticktop:api:x"}, nil},
		{[]string{MarkerKey, "quote:EURUSD", "session:9"}, []string{"session:9"}},
		{[]string{MarkerKey, "account:ACC-9", "quote:", "flag", "counter:x"}, []string{"account:ACC-9", "quote:", "flag", "counter:x"}},
	} {
		if got := m.Foreign(tc.keys); !slices.Equal(got, tc.want) {
			t.Errorf("foreign of %q: %q, want %q", tc.keys, got, tc.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, tc := range []struct {
		v      int64
		digits int
		plain  string
		comma  string
	}{
		{0, 2, "0.00", "0.00"}, {5, 2, "0.05", "0.05"}, {-5, 2, "-0.05", "-0.05"}, {108340, 5, "1.08340", "1.08340"},
		{241130, 2, "2411.30", "2,411.30"}, {-123456789, 2, "-1234567.89", "-1,234,567.89"}, {38640, 0, "38640", "38,640"},
		{-100000, 2, "-1000.00", "-1,000.00"}, {99900, 2, "999.00", "999.00"}, {-99900, 2, "-999.00", "-999.00"},
	} {
		if got := formatFixed(tc.v, tc.digits); got != tc.plain {
			t.Errorf("fixed(%d, %d) = %s, want %s", tc.v, tc.digits, got, tc.plain)
		}
		if got := formatGrouped(tc.v, tc.digits); got != tc.comma {
			t.Errorf("grouped(%d, %d) = %s, want %s", tc.v, tc.digits, got, tc.comma)
		}
	}
}
