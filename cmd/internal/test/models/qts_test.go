package models

import "fmt"

// qts keeps single figures under capital keys, views as JSON arrays, and bars
// as arrays of arrays.
var qts = Model{
	Name: "qts",
	Data: map[string]Want{
		"metrics": joinedWant(map[string]string{"total_value": "METRICS:TOTAL_VALUE", "cash": "METRICS:CASH", "pnl_daily": "METRICS:PNL_DAILY"}),
		"latency": joinedWant(map[string]string{"decision": "METRICS:LATENCY:TICK_TO_DECISION_MS", "fill": "METRICS:LATENCY:TICK_TO_FILL_MS"}),
		"system":  joinedWant(map[string]string{"halt": "SYSTEM:HALT", "heartbeat": "SYSTEM:HEARTBEAT"}),
		"price":   value, "tick": value, "fill_latency": value, "alert": value, "symbols": value, "order": value,
		"orders": value, "positions": value, "portfolio": at(value, "positions"), "cash": value,
		"newest_price": value, "newest_tick": value,
		"bars": func(r *Reader, key string) any {
			var out []any
			for _, x := range parse(r.Get(key)).([]any) {
				a := x.([]any)
				out = append(out, map[string]any{"time": epochMS(r.t, a[0]), "open": a[1], "high": a[2], "low": a[3], "close": a[4], "volume": a[5]})
			}
			return byTime(out, func(v any) moment { return v.(map[string]any)["time"].(moment) })
		},
	},
	Noise: []string{"ALERTS:EVENT:*"},
	Write: func(w *Writer) {
		equity := w.Price(100000, 2)
		w.Do("SET", "SYSTEM:HALT", "false")
		w.Do("SET", "SYSTEM:HEARTBEAT", utc(w.now))
		w.Do("SET", "ALERTS:LAST", dumps(object{{"level", "WARNING"}, {"event", "latency"}, {"message", "tick to fill above 500 ms"}, {"timestamp", utc(w.now)}}))
		w.Do("SET", fmt.Sprintf("ALERTS:EVENT:%d", w.now.UnixMilli()), `{"level": "WARNING"}`)
		for name, v := range map[string]float64{"TOTAL_VALUE": equity, "CASH": 52000.1, "PNL_DAILY": equity/1e5 - 1, "LATENCY:TICK_TO_DECISION_MS": 3.2, "LATENCY:TICK_TO_FILL_MS": 84.2} {
			w.Do("SET", "METRICS:"+name, v)
		}
		w.Do("SET", "MARKET:ACTIVE_SYMBOLS", `["BTC/USDT", "ETH/USDT"]`)
		for symbol, base := range map[string]float64{"BTC_USDT": 97225.1, "ETH_USDT": 3410.5} {
			price := w.Price(base, 2)
			w.Do("SET", "MARKET:LAST_PRICE:"+symbol, price)
			w.Do("SET", "MARKET:LAST_TICK:"+symbol, dumps(object{{"symbol", symbol}, {"price", price}, {"timestamp", utc(w.now)}}))
			w.Do("SET", "METRICS:LATENCY:TICK_TO_FILL_MS:"+symbol, 80.25)
			var bars [][]float64
			for i := 30; i > 0; i-- {
				bars = append(bars, []float64{float64((w.now.Unix()/60*60 - int64(i)*60) * 1000), price, price * 1.001, price * .999, price, 12.5})
			}
			w.Do("SET", "MARKET:OHLCV:"+symbol, dumps(bars))
		}
		w.Do("SET", "MARKET:LAST_PRICE", w.Price(97225.1, 2))
		w.Do("SET", "MARKET:LAST_TICK", dumps(object{{"symbol", "BTC/USDT"}, {"price", w.Price(97225.1, 2)}, {"timestamp", utc(w.now)}}))
		w.Do("SET", "VIEW:ORDERS", dumps([]object{{{"order_id", "o1"}, {"side", "BUY"}, {"qty", .1}, {"price", 110.5}, {"status", "FILLED"}, {"ts", utc(w.now)}}}))
		w.Do("SET", "VIEW:POSITIONS", dumps([]object{{{"instrument_id", "BTC/USDT"}, {"quantity", .5}}, {{"instrument_id", "ETH/USDT"}, {"quantity", -2}}}))
		w.Do("SET", "oms:portfolio", dumps(object{{"cash", 52000.1}, {"positions", object{{"BTC/USDT", object{{"quantity", .5}, {"avg_price", 97000.0}}}}}, {"updated_at", utc(w.now)}}))
		w.Do("SET", fmt.Sprintf("oms:order:5cbe1a8e-0000-4000-8000-%012d", w.Round), dumps(object{{"id", "x"}, {"side", "BUY"}, {"status", "FILLED"}, {"qty", .1}}))
	},
}

// joinedWant is an object out of several strings.
func joinedWant(keys map[string]string) Want {
	return func(r *Reader, _ string) any {
		out := map[string]any{}
		for field, key := range keys {
			out[field] = r.Get(key)
		}
		return out
	}
}
