package models

import (
	"fmt"
	"strings"
)

// orders follows trades of an exchange: the newest as a string, the history as
// a sorted set of the exchange's own envelopes, one channel for all symbols.
var orders = Model{
	Name: "orders",
	Data: map[string]Want{
		"quote":      renamed(value, "Price", "last"),
		"trades":     sortedMessages("data"),
		"price":      sortedPoints("data", "p"),
		"volume":     value,
		"reset_time": value,
		"pushed":     nothing,
	},
	Noise: []string{"binance:trade:processed:*", "binance:symbols"}, // the set is the variable
	Write: func(w *Writer) {
		for _, m := range []struct {
			name string
			base float64
		}{{"BTCUSDT", 97225}, {"ETHUSDT", 3410}, {"SOLUSDT", 231}} {
			price, ms := fmt.Sprintf("%.8f", w.Price(m.base, 2)), w.now.UnixMilli()
			w.Do("SADD", "binance:symbols", m.name)
			w.Do("SET", "binance:trade:"+m.name+":latest", dumps(object{{"Symbol", m.name}, {"Price", price}, {"Quantity", "0.01200000"}, {"TradeID", w.Round}, {"Time", utc(w.now)}, {"EventTime", utc(w.now)}, {"IsBuyerMaker", w.Round%2 == 1}}), "EX", 7200)
			event := dumps(object{{"stream", strings.ToLower(m.name) + "@trade"}, {"data", object{{"e", "trade"}, {"E", ms}, {"s", m.name}, {"t", w.Round}, {"p", price}, {"q", "0.01200000"}, {"b", 0}, {"a", 0}, {"T", ms}, {"m", w.Round%2 == 1}, {"M", true}}}})
			w.Do("ZADD", "binance:trade:"+m.name+":history", ms, event)
			w.Do("INCRBYFLOAT", "binance:"+m.name+":volume:running", 1.5)
			w.Do("SET", "binance:"+m.name+":volume:reset_time", w.now.Unix(), "EX", 7200)
			w.Do("SET", fmt.Sprintf("binance:trade:processed:%s:%d", m.name, w.Round), 1, "EX", 3600)
			w.Do("PUBLISH", "trades", event)
		}
	},
}

// renamed is an object with one field under another name.
func renamed(w Want, from, to string) Want {
	return func(r *Reader, key string) any {
		v := r.opened(w(r, key)).(map[string]any)
		v[to] = v[from]
		delete(v, from)
		return v
	}
}

// sortedMessages are the members of a sorted set by time, the newest first; of
// each what stands at the path.
func sortedMessages(path ...string) Want {
	return func(r *Reader, key string) any {
		var out []any
		all := r.Sorted(key)
		for i := len(all) - 1; i >= 0; i-- {
			out = append(out, map[string]any{"at": epochMS(r.t, all[i].Score), "value": at(func(*Reader, string) any { return all[i].Value }, path...)(r, "")})
		}
		return out
	}
}

// sortedPoints are the points of a sorted set by time: what stands at the path.
func sortedPoints(path ...string) Want {
	return func(r *Reader, key string) any {
		var out []any
		for _, e := range r.Sorted(key) {
			out = append(out, []any{epochMS(r.t, e.Score), at(func(*Reader, string) any { return e.Value }, path...)(r, "")})
		}
		return out
	}
}
