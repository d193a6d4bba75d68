package names

import "strings"

// currencies are the ISO 4217 codes of money. The metals (XAU, XAG, XPT, XPD)
// are left out: they are quoted as prices, not in pips.
const currencies = " AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD " +
	"CAD CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD " +
	"HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD " +
	"MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR " +
	"RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS " +
	"UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL "

// likeYen are the currencies whose pairs are quoted with two or three decimals.
const likeYen = " JPY HUF KRW THB CLP COP IDR ISK VND KZT "

// IsCurrency reports whether code is a currency of ISO 4217, in capitals.
func IsCurrency(code string) bool {
	return len(code) == 3 && strings.IndexByte(code, ' ') < 0 && strings.Contains(currencies, " "+code+" ")
}

// LikeYen reports whether a pip of pairs quoted in this currency is 0.01.
func LikeYen(code string) bool {
	return len(code) == 3 && strings.Contains(likeYen, " "+code+" ")
}

// CurrencyPair splits a symbol of two currencies: EURUSD, EUR/USD, eur_usd,
// OANDA:EUR-USD, EURUSD=X, EURUSD.pro, FX.EURUSD. ok is false for everything
// else: metals, crypto, shares, indices.
func CurrencyPair(symbol string) (base, quote string, ok bool) {
	s := strings.ToUpper(symbol)
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		s = s[i+1:]
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "FX."), "C.")
	if len(s) >= 7 && (s[3] == '/' || s[3] == '_' || s[3] == '-' || s[3] == '.') {
		s = s[:3] + s[4:]
	}
	if len(s) < 6 || !IsCurrency(s[:3]) || !IsCurrency(s[3:6]) {
		return "", "", false
	}
	switch rest := s[6:]; {
	case rest == "", rest == "=X", len(rest) == 1 && isLower(symbol[len(symbol)-1]), strings.ContainsAny(rest[:1], "._-#+"):
		return s[:3], s[3:6], true
	}
	return "", "", false
}
