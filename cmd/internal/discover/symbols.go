package discover

import (
	"strings"
)

// wordSet returns a set of the words of a text.
func wordSet(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(text) {
		out[w] = true
	}
	return out
}

var (
	currencies = wordSet("USD EUR GBP JPY CHF AUD NZD CAD SEK NOK DKK PLN CZK HUF TRY ZAR MXN SGD HKD CNH CNY INR KRW BRL THB ILS RUB XAU XAG XPT XPD XTI XBR XNG")
	stables    = []string{"FDUSD", "BUSD", "TUSD", "USDT", "USDC", "USDD", "PERP", "DAI"}
	quoted     = wordSet("USD EUR GBP JPY AUD CAD CHF KRW TRY BRL INR BTC XBT ETH BNB USDT USDC BUSD FDUSD TUSD DAI SOL USDE PYUSD BRZ UST")
	coins      = wordSet("BTC XBT ETH LTC XRP SOL ADA DOGE DOT BNB AVAX LINK MATIC POL UNI ATOM TRX SHIB PEPE BCH ETC XLM NEAR APT ARB OP SUI FIL INJ TON AAVE ALGO EOS XTZ XMR ZEC DASH ICP HBAR VET FTM SAND MANA GRT MKR CRV LDO RNDR WIF BONK SEI TIA JUP STX KAS FET TAO ONDO ENA")
	indices    = wordSet("US500 US30 US100 NAS100 SPX500 SPX NDX DJI DAX DAX40 GER40 GER30 DE40 UK100 FTSE JP225 NIKKEI HK50 AUS200 FRA40 ESP35 EU50 STOXX50 US2000 RUT VIX DXY USDX WTI BRENT USOIL UKOIL XTIUSD XBRUSD NGAS NATGAS GOLD SILVER COPPER SPY QQQ")
	notSymbols = wordSet("PNL TOTAL BALANCE EQUITY CASH VALUE PRICE VOLUME FEE FEES MARGIN PROFIT LOSS COUNT LAST OPEN HIGH LOW CLOSE BID ASK MIN MAX AVG SUM NET DAILY TRADE TRADES ORDER ORDERS MARKET SYSTEM METRICS STATUS STATE FLAG CONFIG HALT RISK VIEW ALERT ALERTS EVENT LATENCY TICK TICKS BAR BARS OHLC OHLCV USER ACCOUNT POSITION POSITIONS LONG SHORT BUY SELL API KEY SYMBOL SYMBOLS QUOTE QUOTES BOOK DEPTH SIGNAL SIGNALS HEARTBEAT INFO WARN ERROR LIVE PAPER TEST PROD DATA CACHE FEED LOG LOGS HISTORY LIMIT ACTIVE ALL")
	exchanges  = wordSet("BINANCE COINBASE KRAKEN BITFINEX BITMEX BITSTAMP BYBIT OKX OKEX GEMINI KUCOIN HUOBI HTX GATEIO GATE DERIBIT FTX BITGET MEXC POLONIEX BITTREX UPBIT BITHUMB PHEMEX DYDX NASDAQ NYSE ARCA CME CBOE LSE OANDA IG FXCM IBKR ALPACA MT4 MT5")
)

// separatedPair is a pair with a separator, and what exchanges put behind it:
// BTC-USDT, ETH/USD, SOL_USDT, BTC-USDT-SWAP, BTC/USDT:USDT, btc_usdt.
var separatedPair = newPattern(`^([A-Z0-9]{2,12})[-_/]([A-Z]{3,5})((?:[-_](?:SWAP|PERP|PERPETUAL|SPOT|FUTURES?|\d{6}))|:(?:USDT|USDC|USD|BTC))?|^([a-z0-9]{2,12})[-_/]([a-z]{3,5})((?:[-_](?:swap|perp|spot)))?`)

// matchPair returns the length of the pair that s begins with, 0 for none.
func matchPair(s string) int {
	if n := alnumRun(s); n < 2 || n > 12 || n == len(s) || s[n] != '-' && s[n] != '_' && s[n] != '/' {
		return 0 // most words of most keys
	}
	m := separatedPair.FindStringSubmatchIndex(s)
	if m == nil || !endsPiece(s, m[1]) {
		return 0
	}
	group := 1
	if m[2] < 0 {
		group = 4
	}
	base, quote := s[m[2*group]:m[2*group+1]], s[m[2*group+2]:m[2*group+3]]
	upper := strings.ToUpper(base)
	known := coins[upper] || currencies[upper]
	if !quoted[strings.ToUpper(quote)] && !currencies[strings.ToUpper(quote)] || notSymbols[upper] || upper == strings.ToUpper(quote) {
		return 0
	}
	if group == 4 && !known || exchanges[upper] || isDigits(base) {
		return 0
	}
	return m[1]
}

// isSymbol recognises one word as an instrument by its content alone.
func isSymbol(s string) bool {
	if len(s) < 3 || len(s) > 20 {
		return false
	}
	upper := strings.ToUpper(s)
	if s != upper && s != strings.ToLower(s) {
		return false
	}
	upper = strings.TrimSuffix(strings.TrimSuffix(upper, "=X"), "=F")
	if indices[upper] && s != strings.ToLower(s) {
		return true
	}
	if len(upper) == 6 && currencies[upper[:3]] && currencies[upper[3:]] && upper[:3] != upper[3:] {
		return true
	}
	for _, q := range stables {
		if base, ok := strings.CutSuffix(upper, q); ok && len(base) >= 2 && len(base) <= 10 && !notSymbols[base] && isAlnum(base) {
			return s == strings.ToUpper(s) || coins[base] || strings.HasPrefix(base, "1000")
		}
	}
	for i := 3; i <= 4 && i < len(upper)-1; i++ {
		base, quote := upper[:len(upper)-i], upper[len(upper)-i:]
		if quoted[quote] && (coins[base] || currencies[base]) {
			return true
		}
	}
	return false
}

func isAlnum(s string) bool { return alnumRun(s) == len(s) }

// alnumRun is how many letters and digits s begins with.
func alnumRun(s string) int {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return i
		}
	}
	return len(s)
}

var tickerPattern = newPattern(`^[A-Z][A-Z0-9]{0,9}(?:[.=^-][A-Z0-9]{1,4})?$|^\^[A-Z]{2,6}$`)

// isTicker reports whether a word could be a stock's ticker where the context
// says that one stands there.
func isTicker(s string) bool {
	return tickerPattern.MatchString(s) && !notSymbols[s] && !exchanges[s] && !isTimeframe(s)
}

// anySymbol reports whether a text is an instrument, with or without separator.
func anySymbol(s string) bool { return isSymbol(s) || s != "" && matchPair(s) == len(s) }
