package models

import (
	"fmt"
	"slices"
	"strings"
)

// z1 is an earlier version of the same bridge: nested ticks, lists written
// with LPUSH, sorted sets of whole ticks, hashes of JSON, and a channel whose
// messages are Python's str() of a dict.
var z1 = Model{
	Name: "z1",
	Data: map[string]Want{
		"quote": value, "enriched": value, "live": value, "account": hash, "analysis": hash, "last_update": hash,
		"history": list(20, false),
		"ticks": func(r *Reader, key string) any {
			var out []any
			for _, e := range r.Sorted(key) {
				out = append(out, []any{epochMS(r.t, e.Score), at(func(*Reader, string) any { return e.Value }, "bid")(r, "")})
			}
			return out
		},
		"messages": nothing, "python": nothing,
	},
	Write: func(w *Writer) {
		for _, p := range pairs {
			bid, key := w.Price(p.base, 5), "mt5:"+p.symbol
			enriched := object{{"mid_price", bid}, {"spread", .8}, {"volatility", .00021}, {"momentum", .12}, {"trend", "UPTREND"}, {"support", bid * .99}, {"resistance", bid * 1.01}}
			tick := object{{"symbol", p.symbol}, {"bid", bid}, {"ask", bid * 1.0001}, {"timestamp", w.Seconds()}, {"volume", object{{"tick", 1 + w.Round%40}, {"real", 0}}},
				{"indicators", object{{"ma", object{{"fast", bid}, {"slow", bid * .999}}}, {"rsi", 55.1}}}, {"enriched", enriched}}
			w.Do("SETEX", key+":latest", 300, dumps(tick))
			w.Do("LPUSH", key+":history", dumps(tick))
			w.Do("SETEX", key+":enriched", 300, dumps(enriched))
			w.Do("PUBLISH", key, dumps(tick))
			w.Do("SETEX", "live:"+p.symbol, 60, dumps(append(slices.Clone(tick), pair{"server_timestamp", naive(w.now.UTC())})))
			w.Do("ZADD", "timeseries:"+p.symbol, fmt.Sprintf("%.6f", w.Seconds()), dumps(tick))
			w.Do("PUBLISH", "ticks:"+p.symbol, strings.ReplaceAll(fmt.Sprintf(`{"bid": %v, "ok": True}`, bid), `"`, "'"))
			w.Hash("last_update", p.symbol, w.now.Unix())
			w.Hash("analysis:"+p.symbol, "wyckoff", `{"phase": "C", "score": 0.7, "events": ["spring"]}`, "smc", `{"bos": true, "order_blocks": [[1.08, 1.081]]}`)
		}
		w.Hash("account:info", "login", 70423, "balance", 48250.75, "equity", w.Price(48900.1, 2), "margin", 1210.0, "free_margin", 47690.1, "profit", 650.2)
	},
}
