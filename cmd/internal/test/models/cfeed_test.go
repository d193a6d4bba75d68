package models

import "fmt"

// cfeed is cryptofeed's Redis backend: sorted sets and streams whose names end
// in a symbol with a dash.
var cfeed = Model{
	Name: "cfeed",
	Data: map[string]Want{
		"quote":         newestSorted,
		"price":         sortedPoints("price"),
		"trades":        sortedMessages(),
		"ticker":        sortedPoints("bid"),
		"book":          renamed(renamed(newestSorted, "bid", "bids"), "ask", "asks"),
		"funding":       sortedPoints("rate"),
		"stream_trades": stream(100),
		"stream_price":  streamPoints("price"),
		"stream_book":   renamed(renamed(at(newestEntry, "data"), "bid", "bids"), "ask", "asks"),
	},
	Write: func(w *Writer) {
		for _, m := range []struct {
			name string
			base float64
		}{{"BTC-USD", 97225}, {"ETH-USD", 3410}} {
			price, at := w.Price(m.base, 2), w.Seconds()
			score := fmt.Sprintf("%.6f", at)
			bids, asks := object{}, object{}
			for i := range 5 {
				bids = append(bids, pair{fmt.Sprintf("%.2f", price-float64(i)), .5 + float64(i)})
				asks = append(asks, pair{fmt.Sprintf("%.2f", price+1+float64(i)), .7 + float64(i)})
			}
			w.Do("ZADD", "trades-COINBASE-"+m.name, score, dumps(object{{"feed", "COINBASE"}, {"pair", m.name}, {"id", fmt.Sprint(w.Round)}, {"timestamp", at}, {"receipt_timestamp", at + .02}, {"side", "buy"}, {"amount", .031}, {"price", price}}))
			w.Do("ZADD", "ticker-COINBASE-"+m.name, score, dumps(object{{"feed", "COINBASE"}, {"pair", m.name}, {"bid", price}, {"ask", price + .01}, {"receipt_timestamp", at}, {"timestamp", at}}))
			w.Do("ZADD", "book-COINBASE-"+m.name, score, dumps(object{{"timestamp", at}, {"receipt_timestamp", at}, {"delta", false}, {"bid", bids}, {"ask", asks}}))
			w.Do("ZADD", "funding-BITMEX-"+m.name, score, dumps(object{{"feed", "BITMEX"}, {"pair", m.name}, {"timestamp", at}, {"rate", .0001}, {"interval", 28800}}))
			w.Stream("trades-KRAKEN-"+m.name, "feed", "KRAKEN", "pair", m.name, "id", w.Round, "timestamp", at, "receipt_timestamp", at, "side", "sell", "amount", .02, "price", price)
			w.Stream("book-KRAKEN-"+m.name, "data", dumps(object{{"timestamp", at}, {"bid", object{{"97000.5", 1.5}}}, {"ask", object{{"97001", 2.5}}}}))
		}
	},
}

// newestSorted is the member with the highest score.
func newestSorted(r *Reader, key string) any {
	all := r.Sorted(key)
	return all[len(all)-1].Value
}

// newestEntry is the newest entry of a stream.
func newestEntry(r *Reader, key string) any {
	all := r.Stream(key)
	return all[len(all)-1].Value
}
