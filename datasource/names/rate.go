package names

import "strings"

// Rate says what the name of a field tells about a rate.
type Rate uint8

// What a name tells. RateNone: the field is no rate.
const (
	RateNone     Rate = iota
	RatePercent       // the name says per cent: profit_pct
	RateFraction      // the name says that it is a fraction: sharpe isn't one, fill_ratio is one
	RateUnclear       // a rate, and producers write it either way: win_rate, max_drawdown
)

// RateOf tells by a field's name whether it is a rate, and in what. Names that
// say nothing are RateNone.
func RateOf(name string) Rate {
	words := Words(name)
	has := func(any ...string) bool {
		for _, w := range words {
			for _, a := range any {
				if w == a {
					return true
				}
			}
		}
		return false
	}
	folded := Fold(name)
	switch {
	case has("pct", "percent", "percentage", "perc") || strings.HasSuffix(folded, "pct") || strings.HasSuffix(folded, "percent"):
		return RatePercent
	case has("fraction", "frac"):
		return RateFraction
	case has("ratio") && !has("sharpe", "sortino", "calmar", "reward", "profit", "payoff", "risk", "rr"):
		return RateFraction
	case has("win", "hit", "fill", "success", "loss", "strike") && has("rate"), has("winrate", "hitrate"),
		has("drawdown", "dd", "exposure", "utilization", "utilisation", "confidence", "probability", "accuracy"),
		has("risk") && !has("score", "level", "ratio", "reward", "id", "status", "amount", "usd"),
		has("return", "returns", "yield", "volatility", "vol") && has("rate", "annual", "annualized", "daily", "total", "cumulative"),
		has("cagr", "implied"), has("margin") && has("level", "use", "usage"):
		return RateUnclear
	}
	return RateNone
}

// Words splits a name at separators and where a capital begins, in lower case:
// "maxDrawdown_1d" is max, drawdown, 1d.
func Words(name string) []string {
	var words []string
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
		start = -1
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case isSeparator(c) || c == '/' || c == ':':
			flush(i)
			continue
		case c >= 'A' && c <= 'Z' && i > 0 && (isLower(name[i-1]) || i+1 < len(name) && isLower(name[i+1])):
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(name))
	return words
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
