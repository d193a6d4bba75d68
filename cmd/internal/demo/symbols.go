package demo

import "math"

// The factors that move several instruments at once.
const (
	facUSD    = iota // the dollar against everything
	facRisk          // appetite for risk: shares up, yen and franc down
	facMetal         // precious metals
	facCrypto        // crypto currencies
	numFactors
)

// class is what an instrument is traded like: its sessions, its contract.
type class uint8

const (
	classFX class = iota
	classMetal
	classEnergy
	classIndex
	classCrypto
	classShare
)

// instrument is what never changes about a symbol.
type instrument struct {
	name     string
	class    class
	base     float64 // the price that everything reverts to
	digits   int     // decimals of a quoted price
	spread   int64   // usual spread, in points of the last digit
	vol      float64 // annual volatility
	load     [numFactors]float64
	currency string  // that the price is in
	contract float64 // units per lot
	margin   float64 // margin as a part of the notional
	cross    bool    // priced from its legs against the dollar; base and vol are theirs
	weight   int     // how often it ticks, relative to others
}

// ownVolatility is the part of the volatility that is the instrument's own.
func (in *instrument) ownVolatility() float64 {
	sum := 0.0
	for _, l := range in.load {
		sum += l * l
	}
	return math.Sqrt(max(0.05, 1-sum))
}

func fxPair(name string, base float64, digits int, spread int64, vol, usd, risk float64, weight int) instrument {
	return instrument{name: name, class: classFX, base: base, digits: digits, spread: spread, vol: vol,
		load: [numFactors]float64{facUSD: usd, facRisk: risk}, currency: name[3:], contract: 100_000, margin: 1.0 / 100, weight: weight}
}

// crossPair is a pair without the dollar; its price follows from the two pairs with
// it, as arbitrage has it.
func crossPair(name string, digits int, spread int64, weight int) instrument {
	return instrument{name: name, class: classFX, digits: digits, spread: spread,
		currency: name[3:], contract: 100_000, margin: 1.0 / 100, weight: weight, cross: true}
}

func metal(name string, base float64, digits int, spread int64, vol, contract float64, weight int) instrument {
	return instrument{name: name, class: classMetal, base: base, digits: digits, spread: spread, vol: vol,
		load: [numFactors]float64{facUSD: -0.4, facRisk: -0.2, facMetal: 0.7}, currency: "USD", contract: contract, margin: 1.0 / 50, weight: weight}
}

func energy(name string, base float64, digits int, spread int64, vol, contract float64, weight int) instrument {
	return instrument{name: name, class: classEnergy, base: base, digits: digits, spread: spread, vol: vol,
		load: [numFactors]float64{facUSD: -0.2, facRisk: 0.4}, currency: "USD", contract: contract, margin: 1.0 / 20, weight: weight}
}

func index(name, currency string, base float64, digits int, spread int64, vol, contract float64, weight int) instrument {
	return instrument{name: name, class: classIndex, base: base, digits: digits, spread: spread, vol: vol,
		load: [numFactors]float64{facRisk: 0.88}, currency: currency, contract: contract, margin: 1.0 / 50, weight: weight}
}

func crypto(name string, base float64, digits int, spread int64, vol float64, weight int) instrument {
	return instrument{name: name, class: classCrypto, base: base, digits: digits, spread: spread, vol: vol,
		load: [numFactors]float64{facRisk: 0.35, facCrypto: 0.75}, currency: "USD", contract: 1, margin: 1.0 / 10, weight: weight}
}

func stockShare(name string, base, vol float64) instrument {
	return instrument{name: name, class: classShare, base: base, digits: 2, spread: 4, vol: vol,
		load: [numFactors]float64{facRisk: 0.65}, currency: "USD", contract: 1, margin: 1.0 / 5, weight: 2}
}

// catalogue lists every instrument; the first twelve are the demo's default.
// Prices, spreads and volatilities are of the order seen at retail brokers.
func catalogue() []instrument {
	return []instrument{
		fxPair("EURUSD", 1.0834, 5, 9, 0.075, -0.85, 0.15, 8),
		fxPair("GBPUSD", 1.2711, 5, 13, 0.085, -0.75, 0.25, 7),
		fxPair("USDJPY", 156.41, 3, 14, 0.095, 0.70, 0.35, 7),
		fxPair("AUDUSD", 0.6612, 5, 8, 0.100, -0.65, 0.50, 5),
		fxPair("USDCHF", 0.8822, 5, 10, 0.075, 0.80, 0.05, 4),
		metal("XAUUSD", 2405.90, 2, 24, 0.150, 100, 8),
		metal("XAGUSD", 28.914, 3, 18, 0.270, 5_000, 4),
		crypto("BTCUSD", 97_120, 1, 97, 0.480, 9),
		crypto("ETHUSD", 3_310, 2, 33, 0.620, 7),
		index("US500", "USD", 5_981, 1, 6, 0.140, 10, 7),
		index("NAS100", "USD", 20_840, 1, 19, 0.190, 2, 7),
		energy("WTI", 71.28, 2, 3, 0.330, 1_000, 4),
		fxPair("USDCAD", 1.3921, 5, 12, 0.065, 0.65, -0.30, 4),
		fxPair("NZDUSD", 0.5914, 5, 11, 0.105, -0.60, 0.50, 4),
		crossPair("EURGBP", 5, 10, 4),
		crossPair("EURJPY", 3, 17, 4),
		crossPair("GBPJPY", 3, 24, 4),
		index("GER40", "EUR", 19_240, 1, 14, 0.150, 1, 5),
		index("US30", "USD", 43_720, 1, 28, 0.125, 1, 5),
		index("UK100", "GBP", 8_260, 1, 12, 0.110, 1, 4),
		index("JPN225", "JPY", 38_640, 0, 9, 0.190, 100, 4),
		energy("BRENT", 75.12, 2, 4, 0.310, 1_000, 4),
		energy("NATGAS", 3.128, 3, 6, 0.580, 10_000, 3),
		crypto("SOLUSD", 238.4, 2, 9, 0.780, 6),
		crossPair("EURCHF", 5, 15, 3),
		crossPair("EURAUD", 5, 19, 3),
		crossPair("EURCAD", 5, 19, 3),
		crossPair("EURNZD", 5, 26, 2),
		crossPair("GBPCHF", 5, 22, 2),
		crossPair("GBPAUD", 5, 25, 2),
		crossPair("GBPCAD", 5, 25, 2),
		crossPair("GBPNZD", 5, 34, 2),
		crossPair("AUDJPY", 3, 18, 3),
		crossPair("AUDCAD", 5, 18, 2),
		crossPair("AUDNZD", 5, 20, 2),
		crossPair("AUDCHF", 5, 17, 2),
		crossPair("CADJPY", 3, 18, 2),
		crossPair("CHFJPY", 3, 21, 2),
		crossPair("NZDJPY", 3, 20, 2),
		crossPair("NZDCAD", 5, 21, 2),
		crossPair("CADCHF", 5, 18, 2),
		fxPair("USDSEK", 10.948, 4, 35, 0.105, 0.75, -0.25, 2),
		fxPair("USDNOK", 11.062, 4, 42, 0.110, 0.70, -0.35, 2),
		fxPair("USDMXN", 20.341, 4, 48, 0.150, 0.35, -0.55, 2),
		fxPair("USDZAR", 18.064, 4, 85, 0.160, 0.40, -0.55, 2),
		fxPair("USDSGD", 1.3452, 5, 20, 0.045, 0.80, -0.15, 2),
		metal("XPTUSD", 962.30, 2, 180, 0.240, 100, 2),
		metal("XPDUSD", 1_004.5, 2, 320, 0.360, 100, 2),
		index("FRA40", "EUR", 7_240, 1, 13, 0.140, 1, 3),
		index("EU50", "EUR", 4_790, 1, 14, 0.145, 1, 3),
		index("HK50", "USD", 19_420, 0, 8, 0.240, 1, 3),
		index("AUS200", "AUD", 8_310, 1, 16, 0.115, 1, 2),
		index("US2000", "USD", 2_310, 1, 5, 0.190, 10, 3),
		crypto("XRPUSD", 1.4120, 4, 22, 0.850, 5),
		crypto("ADAUSD", 0.8140, 4, 18, 0.850, 3),
		crypto("DOGUSD", 0.4010, 5, 60, 0.950, 4),
		crypto("LTCUSD", 89.40, 2, 12, 0.700, 3),
		crypto("LNKUSD", 15.120, 3, 18, 0.800, 3),
		stockShare("AAPL", 229.87, 0.24),
		stockShare("MSFT", 417.10, 0.22),
		stockShare("NVDA", 141.95, 0.46),
		stockShare("AMZN", 197.12, 0.29),
		stockShare("TSLA", 352.56, 0.58),
		stockShare("META", 559.14, 0.34),
	}
}

// DefaultSymbols is how many symbols a demo has when nothing else is asked for.
const DefaultSymbols = 12

// SymbolNames returns the names of the first n instruments, DefaultSymbols of
// them when n is 0 and all there are when n is more.
func SymbolNames(n int) []string {
	all := catalogue()
	names := make([]string, 0, len(all))
	for _, in := range all[:symbolCount(n, len(all))] {
		names = append(names, in.name)
	}
	return names
}

func symbolCount(n, most int) int {
	if n <= 0 {
		n = DefaultSymbols
	}
	return min(n, most)
}
