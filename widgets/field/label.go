// Package field knows what the names of fields say: how to call "free_margin"
// on a screen, that it is money, and that a "pnl_day" has a sign. The names are
// those that trading systems share (CONTRACT: what the platform keeps in
// Redis); whatever they don't tell, a widget's spec does.
package field

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spelling holds words that are not written in plain lower case.
var spelling = map[string]string{
	"pnl": "PnL", "upnl": "uPnL", "pl": "P&L", "roi": "ROI", "var": "VaR", "nav": "NAV", "api": "API", "id": "ID",
	"ttl": "TTL", "rtt": "RTT", "cpu": "CPU", "fx": "FX", "otc": "OTC", "vwap": "VWAP", "twap": "TWAP", "atr": "ATR",
	"ohlc": "OHLC", "usd": "USD", "eur": "EUR", "gbp": "GBP", "jpy": "JPY", "chf": "CHF", "btc": "BTC", "eth": "ETH",
	"sl": "SL", "tp": "TP", "url": "URL", "utc": "UTC", "ip": "IP", "qty": "qty", "http": "HTTP", "ws": "WS",
}

// wholes holds names that are read otherwise than word by word.
var wholes = map[string]string{
	"pct": "percent", "margin_free": "Free margin", "margin_used": "Used margin", "daily_pnl": "PnL day",
	"day_pnl": "PnL day", "open_pnl": "PnL open", "unrealized_pnl": "PnL open", "unrealised_pnl": "PnL open",
	"realized_pnl": "PnL realized", "realised_pnl": "PnL realised", "leverage": "Leverage",
}

// Label makes a field's name readable: words for snake_case and camelCase,
// the first one with a capital, PnL and its like as the trade writes them, and
// without the unit that Guess finds in the name. The runes of the result are
// those of name or ASCII, so a safe name gives a safe label.
//
// Names that are data are never reworded: prices (97258.50), symbols (BRK.B,
// EUR/USD, BTC-USDT), ids and times stay as they are written.
func Label(name string) string {
	if IsData(name) {
		return name
	}
	base, _ := cutUnit(name)
	if s, ok := wholes[strings.ToLower(base)]; ok {
		return s
	}
	words := Words(base)
	if len(words) == 0 {
		return name
	}
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch s, ok := spelling[strings.ToLower(w)]; {
		case ok:
			b.WriteString(s)
		case i == 0:
			b.WriteString(capitalize(w))
		default:
			b.WriteString(w)
		}
	}
	return b.String()
}

// IsData reports whether a name is one that a program made of its data rather
// than one that a programmer gave a field.
func IsData(name string) bool {
	lower, separated := false, false
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z' || c >= 0x80:
			lower = true
		case c >= 'A' && c <= 'Z', c == '_':
		case c >= '0' && c <= '9':
			if i == 0 {
				return true
			}
		case c == '.' || c == '-' || c == ' ':
			separated = true
		default: // / : @ # = and the like
			return true
		}
	}
	return !lower && separated || !lower && strings.ContainsRune(name, '_') && strings.ContainsAny(name, "0123456789")
}

// TitleOf is the title of a panel that shows a datum: the label of its group,
// and the name of the item as it is written: "Price SHIB/USDT".
func TitleOf(data string) string {
	group, item, found := strings.Cut(data, ".")
	if !found {
		return Label(data)
	}
	return strings.TrimSpace(Label(group) + " " + item)
}

// Words splits a name at '_', '-', '.', ':', blanks and where a capital follows
// a small letter. Words are lower case unless they are all capitals.
func Words(name string) []string {
	name = strings.ReplaceAll(name, "PnL", "Pnl")
	var words []string
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start {
			words = append(words, plainCase(name[start:end]))
		}
		start = -1
	}
	prev := rune(0)
	for i, r := range name {
		if strings.ContainsRune("_-.:/ ", r) {
			flush(i)
			prev = r
			continue
		}
		if unicode.IsUpper(r) && (unicode.IsLower(prev) || unicode.IsDigit(prev)) {
			flush(i)
		}
		if start < 0 {
			start = i
		}
		prev = r
	}
	flush(len(name))
	return words
}

// plainCase lowers a word that begins with a capital ("Margin"), and leaves
// symbols and codes ("EURUSD", "ACC-1", "é") alone.
func plainCase(w string) string {
	if len(w) > 1 && w[0] >= 'A' && w[0] <= 'Z' && w[1] >= 'a' && w[1] <= 'z' {
		return string(w[0]+'a'-'A') + w[1:]
	}
	return w
}

// capitalize raises a leading ASCII letter.
func capitalize(w string) string {
	if r, _ := utf8.DecodeRuneInString(w); r >= 'a' && r <= 'z' {
		return string(w[0]-'a'+'A') + w[1:]
	}
	return w
}
