package names_test

import (
	"testing"

	"ticktop/datasource"
	"ticktop/datasource/decode"
	. "ticktop/datasource/names"
)

func value(t *testing.T, json string) *datasource.Value {
	t.Helper()
	v, _, err := decode.Value(&datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindString}, Bytes: []byte(json)})
	if err != nil {
		t.Fatal(err)
	}
	return &v
}

// oneOf is what OfQuote is for quotes, for these names.
func oneOf(standards ...Standard) func(string) (Standard, bool) {
	return func(name string) (Standard, bool) {
		for _, s := range standards {
			if Is(s, name) {
				return s, true
			}
		}
		return None, false
	}
}

func TestOf_ProducersNames(t *testing.T) {
	for _, c := range []struct {
		of   func(string) (Standard, bool)
		name string
		want Standard
	}{
		{OfQuote, "bidPrice", Bid}, {OfQuote, "b", Bid}, {OfQuote, "BID_PRICE", Bid}, {OfQuote, "best-bid", Bid},
		{OfQuote, "B", BidSize}, {OfQuote, "A", AskSize}, {OfQuote, "a", Ask}, {OfQuote, "offer", Ask}, {OfQuote, "ltp", Last}, {OfQuote, "p", Last}, {OfQuote, "Price", Last}, {OfQuote, "c", Last},
		{OfQuote, "s", Symbol}, {OfQuote, "instId", Symbol}, {OfQuote, "change_pct", ChangePct}, {OfQuote, "v", Volume},
		{oneOf(Open, Close, Volume, Time), "o", Open}, {oneOf(Open, Close, Volume, Time), "c", Close}, {oneOf(Open, Close, Volume, Time), "tick_volume", Volume}, {oneOf(Open, Close, Volume, Time), "t", Time},
		{oneOf(EntryPrice, Profit, StopLoss, Side, Ticket, Volume, CurrentPrice), "price_open", EntryPrice}, {oneOf(EntryPrice, Profit, StopLoss, Side, Ticket, Volume, CurrentPrice), "entryPrice", EntryPrice}, {oneOf(EntryPrice, Profit, StopLoss, Side, Ticket, Volume, CurrentPrice), "unrealized_pnl", Profit}, {oneOf(EntryPrice, Profit, StopLoss, Side, Ticket, Volume, CurrentPrice), "stopLoss", StopLoss},
		{oneOf(EntryPrice, Profit, StopLoss, Side, Ticket, Volume, CurrentPrice), "type", Side}, {oneOf(EntryPrice, Profit, StopLoss, Side, Ticket, Volume, CurrentPrice), "ticket", Ticket}, {oneOf(EntryPrice, Profit, StopLoss, Side, Ticket, Volume, CurrentPrice), "lots", Volume}, {oneOf(EntryPrice, Profit, StopLoss, Side, Ticket, Volume, CurrentPrice), "market_price", CurrentPrice},
		{oneOf(FreeMargin, Balance, Account), "freeMargin", FreeMargin}, {oneOf(FreeMargin, Balance, Account), "wallet_balance", Balance}, {oneOf(FreeMargin, Balance, Account), "login", Account},
	} {
		if got, ok := c.of(c.name); !ok || got != c.want {
			t.Errorf("%s is %q, want %q", c.name, got, c.want)
		}
	}
	for _, name := range []string{"", "foo", "bidder", "asking"} {
		if got, ok := OfQuote(name); ok {
			t.Errorf("%q is taken for %s", name, got)
		}
	}
}

func TestPrice_ZeroLastIsNone(t *testing.T) {
	for _, c := range []struct {
		json string
		want float64
		ok   bool
	}{
		{`{"bid":1.0834,"ask":1.0836,"last":0.0}`, 1.0835, true}, // case 3
		{`{"b":1.5,"a":2.5,"p":0}`, 2, true},
		{`{"bid":0,"ask":0,"last":0}`, 0, true},
		{`{"s":"BTCUSDT","p":"97225.1"}`, 97225.1, true},
		{`{"bid":10}`, 10, true},
		{`42.5`, 42.5, true},
		{`{"text":"hello"}`, 0, false},
		{`{"close":5}`, 5, true},
	} {
		got, ok := Price(value(t, c.json))
		if ok != c.ok || got-c.want > 1e-12 || c.want-got > 1e-12 {
			t.Errorf("%s: %v %v, want %v", c.json, got, ok, c.want)
		}
	}
}

func TestFind_TheMostTellingSpellingWins(t *testing.T) {
	v := value(t, `{"t":1,"time":2,"ts":3,"b":4,"bidPrice":5}`)
	for _, c := range []struct {
		s    Standard
		want string
	}{{Time, "2"}, {Bid, "5"}} {
		if n, ok := Number(v, c.s); !ok || n.String() != c.want {
			t.Errorf("%s is %s, want %s", c.s, n, c.want)
		}
	}
}

func TestCurrencyPair(t *testing.T) {
	for _, s := range []string{"EURUSD", "EUR/USD", "eur_usd", "OANDA:EUR-USD", "EURUSD=X", "EURUSD.pro", "EURUSDm", "FX.EURUSD"} {
		if base, quote, ok := CurrencyPair(s); !ok || base != "EUR" || quote != "USD" {
			t.Errorf("%s is no pair", s)
		}
	}
	for _, s := range []string{"XAUUSD", "BTCUSD", "AAPL", "US500", "EURUSDT", "", "EUR", "USDMUSD", "BINANCE:BTCUSDT", "ETH-EUR"} {
		if base, quote, ok := CurrencyPair(s); ok {
			t.Errorf("%s is the pair %s %s", s, base, quote)
		}
	}
}

func TestSpellings_AreFolded(t *testing.T) {
	for _, s := range Standards() {
		for _, name := range Spellings(s) {
			if Fold(name) != name {
				t.Errorf("%s: %q is not folded, so it never matches", s, name)
			}
			if !Is(s, name) {
				t.Errorf("%q is not %s", name, s)
			}
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"bidPrice", "EUR/USD", "\xff", "a__b", "OANDA:EUR_USD"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if Fold(Fold(s)) != Fold(s) {
			t.Fatalf("folding %q twice differs", s)
		}
		OfQuote(s)
		RateOf(s)
		CurrencyPair(s)
	})
}
