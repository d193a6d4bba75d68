package models

import (
	"fmt"
	"strings"
	"time"

	"testing"
)

// strangers are models that no configuration was written for: other ways to name
// and to nest the same things. discover alone must make a desk of them.
var strangers = []Model{
	{Name: "prefixed hashes", Write: func(w *Writer) {
		for symbol, base := range coinPrices {
			p := w.Price(base, 2)
			w.Hash("app:prod:ticker:"+symbol, "s", symbol, "c", p, "b", p-.1, "a", p+.1, "v", "1234.5", "E", w.now.UnixMilli())
			w.Hash("app:prod:acct:8812:pos", symbol, dumps(object{{"qty", .5}, {"avgPx", base}, {"upnl", 12.5}, {"side", "LONG"}}))
		}
		w.Hash("app:prod:acct:8812:balances", "USDT", `{"free": "10000.5", "locked": "120.0"}`, "BTC", `{"free": "0.51", "locked": "0"}`)
		w.Do("LPUSH", "app:prod:equity:8812", fmt.Sprintf("[%d, %d]", w.now.UnixMilli(), 10120+w.Round))
	}},
	{Name: "class names", Write: func(w *Writer) {
		for symbol, base := range pairPrices {
			p := w.Price(base, 5)
			w.Do("SET", "com.acme.md.Quote:"+symbol, dumps(object{{"instrumentId", symbol}, {"bidPrice", p}, {"askPrice", p * 1.0001}, {"quoteTime", w.now.UnixMilli()}}))
			w.Do("SET", "com.acme.portfolio.Position:7711:"+symbol, dumps(object{{"instrumentId", symbol}, {"netQuantity", 10000}, {"avgOpenPrice", base}, {"unrealizedPnl", 12.5}}))
		}
		w.Do("SET", "com.acme.account.Account:7711", dumps(object{{"accountId", 7711}, {"cashBalance", 10000.0}, {"equity", 10002.5}, {"marginUsed", 120.0}}))
		w.Do("PUBLISH", "com.acme.events", `{"eventType": "ORDER_FILLED", "orderId": 1, "symbol": "EURUSD", "quantity": 1000, "price": 99.5}`)
	}},
	{Name: "another language", Write: func(w *Writer) {
		for symbol, base := range map[string]float64{"SAP": 210.5, "DBK": 15.2, "VOW3": 98.7} {
			p := w.Price(base, 3)
			w.Hash("kurs:"+symbol, "geld", p, "brief", p+.02, "letzter", p, "zeit", w.now.Format("2006-01-02 15:04:05"))
		}
		w.Hash("konto:4711", "saldo", "25000.00", "eigenkapital", 25100+w.Round, "marge", 500)
		w.Do("SET", "positionen:4711", `[{"wertpapier": "SAP", "stueck": 10, "einstand": 200.0, "kurs": 210.5, "gewinn": 105.0}]`)
	}},
	{Name: "symbols with slashes", Write: func(w *Writer) {
		for symbol, base := range map[string]float64{"BTC/USDT": 97225, "ETH/USDT": 3410} {
			p := w.Price(base, 2)
			w.Do("SET", "px/"+symbol, dumps(object{{"bid", p}, {"ask", p + .5}, {"ts", w.Seconds()}}))
			w.Do("SET", "book/"+symbol, fmt.Sprintf(`{"b": [[%.2f, 1.5], [%.2f, 2]], "a": [[%.2f, 1.2], [%.2f, 3]]}`, p, p-1, p+.5, p+1.5))
		}
		w.Hash("account/main", "equity", 10000+w.Round, "available", 9000, "used_margin", 1000)
		w.Do("SET", "positions/main", `{"BTC/USDT": {"size": 0.1, "entry": 97000.0, "pnl": 22.5}, "ETH/USDT": {"size": -1.0, "entry": 3400.0, "pnl": -10.5}}`)
	}},
	{Name: "books as sorted sets", Write: func(w *Writer) {
		for symbol, base := range coinPrices {
			p := w.Price(base, 1)
			for i := 1; i < 6; i++ {
				for side, sign := range map[string]float64{"bids": -1, "asks": 1} {
					price := p + sign*float64(i)*.5
					w.Do("ZADD", "ob:"+symbol+":"+side, price, fmt.Sprintf("%.1f:%.4f", price, float64(i)*.3))
				}
			}
			w.Hash("px", symbol, p)
			w.Do("ZADD", "trades:"+symbol, w.now.UnixMilli(), fmt.Sprintf("%d|%.1f|0.01|B", w.now.UnixMilli(), p))
		}
		w.Do("ZADD", "pnl:curve", w.now.Unix(), fmt.Sprintf("%d:%d", w.now.Unix(), 10+w.Round))
	}},
	{Name: "days and separated text", Write: func(w *Writer) {
		day := w.now.UTC()
		for symbol, base := range pairPrices {
			p := w.Price(base, 5)
			w.Do("RPUSH", day.Format("ticks:2006-01-02:")+symbol, fmt.Sprintf("%d,%.5f,%.5f", w.now.UnixMilli(), p, p*1.0001))
			w.Do("ZADD", day.Format("bars_20060102_")+symbol, w.now.Unix()/60*60, fmt.Sprintf("%.5f,%.5f,%.5f,%.5f,12", p, p*1.001, p*.999, p))
		}
		for _, account := range []string{"ACC-1001", "ACC-1002"} {
			w.Hash("acct:"+account, "bal", 10000, "eq", 10002+w.Round, "fm", 9000)
			w.Hash("open:"+account, "5001", `{"sym": "EURUSD", "dir": "B", "lots": 0.5, "op": 1.08, "pl": 12.5}`, "5002", `{"sym": "GBPUSD", "dir": "S", "lots": 0.1, "op": 1.28, "pl": -2.5}`)
		}
	}},
	{Name: "one document", Write: func(w *Writer) {
		quotes := object{}
		for _, symbol := range []string{"EURUSD", "GBPUSD", "USDJPY"} {
			p := w.Price(pairPrices[symbol], 5)
			quotes = append(quotes, pair{symbol, object{{"bid", p}, {"ask", p * 1.0001}}})
		}
		w.Do("SET", "state", dumps(object{{"ts", w.Seconds()}, {"account", object{{"balance", 1000.0}, {"equity", 1000.5}, {"margin", 10.0}}}, {"quotes", quotes},
			{"positions", []object{{{"symbol", "EURUSD"}, {"side", "long"}, {"volume", .1}, {"open_price", 1.08}, {"profit", 3.2}}}}, {"orders", []string{}}}))
	}},
	{Name: "a stream for all symbols", Write: func(w *Writer) {
		for symbol, base := range pairPrices {
			p := w.Price(base, 5)
			w.Stream("md.l1", "sym", symbol, "bid", p, "ask", p*1.0001, "ts", w.now.UnixNano())
		}
		w.Stream("exec.fills", "sym", "EURUSD", "px", 1.0834, "qty", 1000, "side", "BUY", "ts", w.now.UnixNano())
		w.Stream("risk.pnl", "ts", w.now.UnixNano(), "pnl", w.Round)
		w.Hash("portfolio", "EURUSD", `{"qty": 1000, "avg_price": 1.08, "pnl": 1.5}`, "GBPUSD", `{"qty": 500, "avg_price": 1.27, "pnl": -1.5}`)
	}},
	{Name: "a key for each attribute", Write: func(w *Writer) {
		for symbol, base := range pairPrices {
			p := w.Price(base, 5)
			w.Do("MSET", symbol+".bid", p, symbol+".ask", p*1.0001, symbol+".time", w.now.Unix())
		}
		w.Do("MSET", "account.balance", 10000, "account.equity", 10010+w.Round, "account.margin", 500)
	}},
	{Name: "hash tags and capitals", Write: func(w *Writer) {
		for symbol, base := range pairPrices {
			p := w.Price(base, 5)
			w.Hash("tick:{"+symbol+"}", "Bid", p, "Ask", p*1.0001, "Time", utc(w.now))
		}
		for _, account := range []string{"{acct:1001}", "{acct:1002}"} {
			w.Hash(account+":summary", "Balance", 5000, "Equity", 5001+w.Round, "FreeMargin", 4000)
			w.Do("ZADD", account+":equity", w.now.UnixMilli(), fmt.Sprintf("%d.25", 5001+w.Round))
			if w.Round == 1 {
				w.Do("RPUSH", account+":positions", `{"Ticket": 1, "Symbol": "EURUSD", "Type": 0, "Lots": 0.1, "OpenPrice": 1.08, "Profit": 2.5}`, `{"Ticket": 2, "Symbol": "GBPUSD", "Type": 1, "Lots": 0.2, "OpenPrice": 1.28, "Profit": -2.5}`)
			}
		}
	}},
}

var (
	coinPrices = map[string]float64{"BTCUSDT": 97225.1, "ETHUSDT": 3410.5, "SOLUSDT": 231.4}
	pairPrices = map[string]float64{"EURUSD": 1.0834, "GBPUSD": 1.2711, "USDJPY": 156.21}
)

func init() {
	coins := []string{`BTCUSDT +97,`, `ETHUSDT +3,4`, `SOLUSDT +23[01]`}
	fx := []string{`EURUSD +1\.08`, `GBPUSD +1\.27`, `USDJPY +156\.`}
	quotes, positions, account := "type: quotes, data: quote", "type: positions, data: positions", "type: account, data: account"
	for name, want := range map[string]found{
		"prefixed hashes":          {config: []string{quotes, positions, "columns: [time, value]", "app:prod:acct:{accts}:pos"}, never: []string{"8812"}, screen: append(coins, `Positions? · 3 open`)},
		"class names":              {config: []string{quotes, positions, account, "price_open: avgOpenPrice"}, never: []string{`live: .*events`, "7711"}, screen: append(fx, `Equity +10,002`)},
		"another language":         {config: []string{"bid: geld", "equity: eigenkapital", positions}, never: []string{"4711"}, screen: []string{`SAP +210`, `DBK +15\.`, `VOW3 +98`, `Equity +25,1`, `Positions · 1 open`}},
		"symbols with slashes":     {config: []string{`"px/{symbol}"`, positions, account, "type: depth"}, never: []string{`pick: "BTC`}, screen: []string{`BTC/USDT +97,`, `ETH/USDT +3,4`, `Positions · 2 open`, `Equity +10,0`}},
		"books as sorted sets":     {config: []string{`hash: "px"`, "columns: [price, size]", "columns: [time, price, size, side]", "type: depth"}, screen: coins},
		"days and separated text":  {config: []string{"{now:%Y-%m-%d}", "{now:%Y%m%d}", "columns: [time, bid, ask]", "columns: [open, high, low, close, volume]", positions}, screen: append(fx, `Equity +10,0`, `Positions · 2 open`)},
		"one document":             {config: []string{`pick: "account"`, `pick: "quotes"`, `pick: "positions"`}, screen: append(fx, `Equity +1,000`, `Positions · 1 open`)},
		"a stream for all symbols": {config: []string{`quote:`, positions}, never: []string{`md\.l1".*series`}, screen: append(fx, `Positions · 2 open`)},
		"a key for each attribute": {config: []string{`join: {ask: "{symbol}.ask", bid: "{symbol}.bid"`, account}, screen: append(fx, `Equity +10,0`)},
		"hash tags and capitals":   {config: []string{`"tick:{{{symbol}}}"`, "values: {Type: {0: BUY, 1: SELL}}", account}, never: []string{"1001"}, screen: append(fx, `Equity +5,0`, `Positions · 2 open`)},
	} {
		discoveries[name] = want
	}
}

// TestStrangers: what discover makes of models that nobody has seen is accepted
// by check, and their first screen shows quotes, accounts and positions.
func TestStrangers(t *testing.T) {
	for i := range strangers {
		m := &strangers[i]
		t.Run(strings.ReplaceAll(m.Name, " ", "_"), func(t *testing.T) {
			s := m.server(t)
			stop := m.produceOn(t, s)
			defer stop()
			time.Sleep(time.Second) // a history has some entries
			file := discovered(t, m, s)
			if out, err := command(t, "check", "--config", file, "--redis", s.URL()); err != nil || strings.Contains(out, "FAIL") {
				t.Errorf("check: %v\n%s", err, out)
			}
			p := openTerminal(t, 120, 40, program(t), "--redis", s.URL(), "--config", file)
			for _, want := range discoveries[m.Name].screen {
				p.waitFor(t, want)
			}
			p.sees(t, `values? failed|no data`, false)
		})
	}
}
