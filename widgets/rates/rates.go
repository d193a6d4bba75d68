// Package rates converts amounts from one currency to another by the quotes
// that a dashboard has. It never guesses: where there is no rate there isn't one.
package rates

import (
	"strings"

	"ticktop/datasource"
	"ticktop/datasource/names"
	"ticktop/widgets/draw"
)

// Table holds the rates of one snapshot.
type Table struct {
	pairs map[[2]string]Rate // from base to quote
}

// Rate is what one unit of a currency is worth in another.
type Rate struct {
	Value float64
	Old   bool // by a quote that is not live
}

// Of reads the quotes of a group: EURUSD, EUR/USD, XAUUSD, BTC-USDT. A symbol
// that is no pair says nothing.
func Of(data *datasource.Snapshot, quotes string) Table {
	t := Table{pairs: map[[2]string]Rate{}}
	if quotes == "" {
		return t
	}
	data.Each(quotes, func(name string, e *datasource.Entry) {
		base, quote, ok := Pair(datasource.Item(name))
		if !ok || !e.Known() {
			return
		}
		if p, ok := names.Price(&e.Value); ok && p > 0 {
			t.pairs[[2]string{base, quote}] = Rate{Value: p, Old: draw.StateOf(e) == datasource.StateStale}
		}
	})
	return t
}

// Pair splits a symbol into what is priced and the currency of its price. It
// takes pairs of currencies, metals and coins; ok is false for all else.
func Pair(symbol string) (base, quote string, ok bool) {
	if base, quote, ok = names.CurrencyPair(symbol); ok {
		return base, quote, true
	}
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune("/-_", r) {
			return -1
		}
		return r
	}, strings.ToUpper(symbol))
	for _, end := range [...]string{"USDT", "USDC", "USD", "EUR", "GBP", "JPY", "CHF"} {
		base, found := strings.CutSuffix(s, end)
		if found && len(base) >= 3 && len(base) <= 5 && isAsset(base) {
			return base, end, true
		}
	}
	return "", "", false
}

// assets are the metals and coins that are quoted as pairs. Others may be the
// beginning of a share's or an index's name.
const assets = " XAU XAG XPT XPD BTC XBT ETH SOL XRP ADA LTC BCH DOT DOGE AVAX BNB TRX LINK UNI ATOM XLM XMR ETC NEAR APT "

func isAsset(s string) bool { return strings.Contains(assets, " "+s+" ") }

// Convert returns what one unit of from is worth in to: by the pair, its
// inverse, or both through one other currency; ok is false without a rate.
func (t Table) Convert(from, to string) (r Rate, ok bool) {
	if from == to && from != "" {
		return Rate{Value: 1}, true
	}
	if r, ok = t.direct(from, to); ok {
		return r, true
	}
	for _, via := range [...]string{"USD", "EUR", "USDT", "GBP", "JPY", "CHF"} {
		a, okA := t.direct(from, via)
		b, okB := t.direct(via, to)
		if okA && okB {
			return Rate{Value: a.Value * b.Value, Old: a.Old || b.Old}, true
		}
	}
	return Rate{}, false
}

func (t Table) direct(from, to string) (Rate, bool) {
	if r, ok := t.pairs[[2]string{from, to}]; ok {
		return r, true
	}
	if r, ok := t.pairs[[2]string{to, from}]; ok {
		return Rate{Value: 1 / r.Value, Old: r.Old}, true
	}
	return Rate{}, false
}
