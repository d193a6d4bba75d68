package discover

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkRun_200kKeys: a platform of 500 symbols and 40 accounts, the reading
// from Redis left out. What Redis and the network take is shown by make
// bench-discover.
func BenchmarkRun_200kKeys(b *testing.B) {
	f := largePlatform(500, 40, 80_000)
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		r, err := Run(context.Background(), f, Options{})
		if err != nil {
			b.Fatal(err)
		}
		size = len(r.Config)
	}
	b.ReportMetric(float64(len(f.keys)), "keys")
	b.ReportMetric(float64(size), "config-bytes")
}

// largePlatform has quotes and statistics by symbol, positions, limits and PnL by
// account and symbol, orders by uuid, and marks that are noise.
func largePlatform(symbols, accounts, marks int) *fakeRedis {
	f := &fakeRedis{}
	for a := range accounts {
		account := fmt.Sprintf("ACC-%04d", 1000+a)
		f.hash("account:"+account, "equity", "1000", "balance", "1000", "margin", "10")
		for s := range symbols {
			symbol := tickerName(s)
			f.hash("position:"+account+":"+symbol, "symbol", symbol, "size", "1", "entry_price", "100", "pnl", "1.5")
			f.text("pnl:"+account+":"+symbol, "1.5")
			f.text("limit:"+account+":"+symbol, `{"max_size":10,"max_loss":100}`)
		}
		for o := range 1500 {
			f.hash(fmt.Sprintf("order:%08x-0000-4000-8000-%012d", a, o), "id", "1", "account", account, "side", "buy", "qty", "1", "price", "99.5", "status", "open")
		}
	}
	for s := range symbols {
		f.text("quote:"+tickerName(s), `{"symbol":"`+tickerName(s)+`","bid":100.1,"ask":100.2,"ts":1764000000}`)
	}
	for m := range marks {
		f.text(fmt.Sprintf("seen:%032x", m*7919), "1")
	}
	return f
}

// tickerName is the n-th of many tickers of four letters.
func tickerName(n int) string {
	return string([]byte{'A' + byte(n/676%26), 'A' + byte(n/26%26), 'A' + byte(n%26), 'Q'})
}
