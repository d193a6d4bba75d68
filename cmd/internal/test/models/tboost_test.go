package models

import (
	"fmt"
	"strings"
)

// tboost runs bots for many users: hashes of positions listed by a set, orders
// by uuid, days as members of sorted sets, and the users' secrets beside it all.
var tboost = Model{
	Name: "tboost",
	Data: map[string]Want{
		"position": emptied, "order": hash, "price": value, "settings": hash, "bot": value, "socket": value,
		"running": value, "grid": emptied, "placed": hash, "swap": value,
		"user":       masked("api_key", "api_secret", "password"),
		"user_pnl":   memberPoints,
		"day_volume": memberPoints,
		"ladder":     scoredRows,
		"held":       members,
		"open":       members,
	},
	Noise:  []string{"user:*:api:keys", "okx:user_ids", "positions:active"}, // the sets are variables
	Secret: []string{"AKIA-", "SECRET-"},
	Write: func(w *Writer) {
		for _, u := range []string{"12345", "67890", "24680"} {
			w.Hash("user:"+u+":settings", "direction", "long", "leverage", "10", "entry_option", "rsi", "initial_capital", "1000.0", "risk_per_trade", "2.5")
			w.Hash("user:"+u+":api:keys", "api_key", "AKIA-"+u, "api_secret", "SECRET-"+u, "passphrase", "p")
			w.Hash("okx:user:"+u, "api_key", "AKIA-"+u, "api_secret", "SECRET-"+u, "password", "SECRET-pw", "initial_capital", "[100.0,200.0]", "is_running", "1", "leverage", "20", "running_symbols", `["BTC-USDT","ETH-USDT"]`, "grid_num", "20", "stop_task_only", "0", "last_updated_time", naive(w.now))
			w.Do("SET", "user:"+u+":bot:status", "enabled")
			w.Do("SADD", "okx:user_ids", u)
			w.Do("SET", "running_symbols:okx:"+u, `["BTC-USDT", "ETH-USDT"]`)
			w.Do("SET", "websocket:"+u+":okx:status", "connected")
			for symbol, base := range map[string]float64{"BTC-USDT": 97225.1, "ETH-USDT": 3410.5} {
				writeTboostPosition(w, u, symbol, base)
			}
		}
		for i := range 4 {
			id := fmt.Sprintf("5cbe1a8e-0000-4000-8000-%012d", i)
			w.Hash("orders:"+id, "id", id, "user_id", "12345", "exchange", "okx", "symbol", "BTC-USDT", "side", "buy", "order_type", "limit", "quantity", "0.1", "price", 97000-i*50, "filled_qty", "0", "status", "open", "reduce_only", "False", "created_at", utc(w.now))
			w.Do("SADD", "orders:open:okx:BTC-USDT", id)
		}
	},
}

func writeTboostPosition(w *Writer, u, symbol string, base float64) {
	price := w.Price(base, 2)
	name := u + ":okx:" + symbol + ":long"
	w.Hash("positions:"+name, "id", "7d0c-"+u, "user_id", u, "exchange", "okx", "symbol", symbol, "side", "long", "size", "0.1", "entry_price", base, "current_price", price, "exit_price", "", "leverage", "10", "liquidation_price", base*.9,
		"unrealized_pnl", fmt.Sprintf("%.4f", (price-base)*.1), "realized_pnl", "0", "fees", "0.52", "status", "open", "metadata", `{"strategy":"hyperrsi"}`, "created_at", utc(w.now), "updated_at", utc(w.now), "closed_at", "", "grid_level", "3")
	w.Do("SADD", "positions:active", name)
	w.Do("SETEX", "position:"+u+":okx:"+symbol+"-SWAP:long", 300, dumps(object{{"size", .1}, {"entry", base}, {"pnl", 1.2}}))
	w.Do("SADD", "positions:index:"+u+":okx", symbol+":long")
	for d := range 5 {
		day := w.now.AddDate(0, 0, -d).Format("2006-01-02")
		w.Do("ZADD", "okx:user:"+u+":pnl:"+symbol, 12.5*float64(d)-50, day)
		w.Do("ZADD", "okx:symbol:"+symbol, 900+100*d, day)
	}
	for l := range 3 {
		level := base - float64(l*10)
		w.Hash(fmt.Sprintf("okx:user:%s:symbol:%s:active_grid:%d", u, symbol, l), "entry_price", level, "position_size", "0.01", "grid_count", "2", "pnl", "1.5", "execution_time", `"`+naive(w.now)+`"`)
		w.Hash("orders:okx:user:"+u+":symbol:"+symbol+":order_placed", l, "1")
		w.Do("ZADD", "orders:okx:user:"+u+":symbol:"+symbol+":orders", level, fmt.Sprint(level))
	}
	w.Do("SET", "price:okx:"+symbol, dumps(object{{"price", price}, {"timestamp", w.Seconds()}}), "EX", 60)
}

// masked is a hash whose secrets are hidden.
func masked(fields ...string) Want {
	return func(r *Reader, key string) any {
		out := r.Hash(key)
		for _, f := range fields {
			out[f] = "***"
		}
		return out
	}
}

// emptied is a hash with nothing for empty texts, and JSON texts without their
// quotes.
func emptied(r *Reader, key string) any {
	out := r.Hash(key)
	for f, v := range out {
		switch text := v.(string); {
		case text == "":
			out[f] = nil
		case text[0] == '"':
			out[f] = parse(text)
		}
	}
	return out
}

// memberPoints are the points of a sorted set whose members are days and whose
// scores are the values.
func memberPoints(r *Reader, key string) any {
	var out []any
	for _, e := range r.Sorted(key) {
		ms := epochMS(r.t, strings.TrimSpace(fmt.Sprint(e.Value)))
		out = append(out, []any{ms, parse(e.Score)})
	}
	return byTime(out, func(v any) moment { return v.([]any)[0].(moment) })
}

// scoredRows are the members and scores of a sorted set that is no series.
func scoredRows(r *Reader, key string) any {
	var out []any
	for _, e := range r.Sorted(key) {
		out = append(out, map[string]any{"score": parse(e.Score), "member": e.Value})
	}
	return out
}

// members are those of a set, sorted.
func members(r *Reader, key string) any {
	var out []any
	for _, m := range texts(r.do("SORT", key, "ALPHA")) {
		out = append(out, m)
	}
	return out
}
