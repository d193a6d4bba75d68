package field

import "strings"

// Class is what kind of figure a field holds.
type Class uint8

// The classes.
const (
	Plain    Class = iota // nothing known: as the producer wrote it
	Money                 // two decimals at least, hidden in private mode
	Signed                // Money that has a direction: a profit, a change
	Percent               // already in per cent
	Change                // Percent that has a direction
	Price                 // the producer's digits; no secret
	Count                 // whole things
	Volume                // lots, sizes
	Duration              // with the unit of its name
	Time                  // epoch or ISO 8601
	Side                  // buy or sell
	Name                  // what the row is called: a symbol, an ID
)

// Private reports whether figures of this class are hidden with balances.
func (c Class) Private() bool { return c == Money || c == Signed }

// Directed reports whether the sign of such a figure says good or bad.
func (c Class) Directed() bool { return c == Signed || c == Change }

// unitSuffixes are the ends of names that say a unit.
var unitSuffixes = []struct{ suffix, unit string }{
	{"_pct", "%"}, {"_percent", "%"}, {"_percentage", "%"}, {"pct", "%"}, {"percent", "%"}, {"_perc", "%"}, {"_bps", "bps"},
	{"_pips", "pips"}, {"_ms", "ms"}, {"_us", "µs"}, {"_ns", "ns"}, {"_sec", "s"}, {"_secs", "s"}, {"_seconds", "s"},
	{"_s", "s"}, {"_minutes", "min"}, {"_bytes", "B"}, {"_mb", "MB"}, {"_hz", "Hz"},
}

// cutUnit splits a name from the unit at its end: "latency_p99_ms" is
// "latency_p99" in "ms".
func cutUnit(name string) (base, unit string) {
	low := strings.ToLower(name)
	for _, u := range unitSuffixes {
		if n := len(low) - len(u.suffix); n > 0 && strings.HasSuffix(low, u.suffix) {
			return strings.TrimRight(name[:n], "_"), u.unit
		}
	}
	return name, ""
}

// byWord classifies names by one of their words; the order is that of
// precedence, so that "pnl_pct" is a change before it is a profit.
var byWord = []struct {
	class Class
	words string // between blanks
}{
	{Signed, " pnl upnl profit change delta net swap gain "},
	{Money, " equity balance margin exposure credit deposit deposits withdrawal withdrawals commission commissions fee fees cash nav notional loss collateral funds value turnover cost premium "},
	{Price, " price bid ask open high low close last mid now entry current mark sl tp stop strike vwap offer market "},
	{Count, " count orders trades fills rejects errors positions sessions users requests messages leverage "},
	{Volume, " volume vol qty quantity size lots lot amount filled remaining "},
	{Time, " time at ts timestamp updated created date opened expires since stamp datetime "},
	{Side, " side direction action "},
	{Name, " symbol id name ticket instrument ticker account order login pair "},
}

// Guess classifies a field by its name and returns the unit that the name
// says, or "".
func Guess(name string) (Class, string) {
	base, unit := cutUnit(name)
	words := Words(base)
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}
	if unit == "" && hasWord(words, "latency", "rtt", "ping") {
		return Duration, ""
	}
	if isPercent(words, unit) {
		if hasWord(words, "change", "chg", "pnl", "return", "delta", "profit") || len(words) == 0 {
			return Change, "%"
		}
		return Percent, "%"
	}
	if unit != "" {
		return Duration, unit
	}
	return byWords(words), ""
}

// isPercent also knows the figures that every platform gives in per cent
// without saying so.
func isPercent(words []string, unit string) bool {
	switch {
	case unit != "":
		return unit == "%"
	case hasWord(words, "pct", "percent", "drawdown"):
		return true
	default:
		return hasWord(words, "margin") && hasWord(words, "level", "use", "usage") || hasWord(words, "win") && hasWord(words, "rate")
	}
}

func byWords(words []string) Class {
	if hasWord(words, "open") && hasWord(words, "orders", "positions", "trades") || hasWord(words, "count") {
		return Count
	}
	if len(words) > 0 && hasWord(words[len(words)-1:], "time", "at", "ts", "timestamp", "date") {
		return Time
	}
	if hasWord(words, "pnl", "upnl", "profit") {
		return Signed
	}
	for _, c := range byWord {
		// The last word is the noun: "order_value" is a value, "open_time" a time.
		if len(words) > 0 && strings.Contains(c.words, " "+words[len(words)-1]+" ") {
			return c.class
		}
	}
	for _, c := range byWord {
		for _, w := range words {
			if strings.Contains(c.words, " "+w+" ") && c.class != Name && c.class != Time {
				return c.class
			}
		}
	}
	return Plain
}

func hasWord(words []string, any ...string) bool {
	for _, w := range words {
		for _, a := range any {
			if w == a {
				return true
			}
		}
	}
	return false
}
