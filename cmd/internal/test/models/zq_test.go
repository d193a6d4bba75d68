package models

import (
	"fmt"
	"time"
)

// zq is a MetaTrader 5 bridge with a Django API and a risk engine.
var zq = Model{
	Name: "zq",
	Data: map[string]Want{
		"account": value, "positions": value, "quote": value, "status": value, "gates": value, "risk": value, "sod": value, "prefs": value,
		"equity":           points(list(2880, true), "ts", "equity"),
		"price":            streamPoints("bid"),
		"pulse_ticks":      streamPoints("bid"),
		"tape":             list(5, true),
		"ticks":            points(value, "time", "bid"),
		"bar":              hash,
		"minute_bars":      bars(rows, "timestamp", "open", "high", "low", "close", "volume"),
		"five_minute_bars": bars(rows, "timestamp", "open", "high", "low", "close", "volume"),
		"ohlc":             bars(at(value, "data"), "time", "open", "high", "low", "close", "tick_volume"),
		"cached_bars":      bars(value, "time", "open", "high", "low", "close", "tick_volume"),
		"indicators":       at(value, "indicators"),
		"indicator_names":  hash,
		"aggregate":        hash,
		"position_changes": stream(200), "alerts": stream(200), "decisions": stream(200),
		"gate_hits": list(300, true), "whispers": list(200, true), "whisper_log": list(200, true),
		"risk_metrics": hash,
		"notices":      nothing, "feeds": nothing,
	},
	// The bars of five minutes are read from their stream: the minute in their keys
	// is not that of now.
	Noise: []string{"tick_hash:*", "cooldown:*", "journal:*", "processed:*", "bar:5m:*"},
	Write: writeZQ,
}

// nothing was said on a channel since the snapshot began.
func nothing(*Reader, string) any { return []any{} }

// rows are the entries of a stream without their IDs.
func rows(r *Reader, key string) any {
	var out []any
	for _, e := range r.Stream(key) {
		out = append(out, e.Value)
	}
	return out
}

// streamPoints are the points of a stream at the times of its IDs.
func streamPoints(field string) Want {
	return func(r *Reader, key string) any {
		var out []any
		for _, e := range r.Stream(key) {
			out = append(out, []any{e.MS, e.Value.(map[string]any)[field]})
		}
		return out
	}
}

var pairs = []struct {
	symbol string
	base   float64
}{{"EURUSD", 1.0834}, {"GBPUSD", 1.2711}, {"USDJPY", 156.21}, {"XAUUSD", 2405.85}}

// naive is Python's datetime.now().isoformat().
func naive(t time.Time) string { return t.Format("2006-01-02T15:04:05.000000") }

func writeZQ(w *Writer) {
	for _, p := range pairs {
		bid := w.Price(p.base, 5)
		writeZQTick(w, p.symbol, bid)
		for tf, step := range map[string]time.Duration{"1m": time.Minute, "5m": 5 * time.Minute} {
			from := w.now.Truncate(step)
			bar := object{{"open", bid}, {"high", bid * 1.0001}, {"low", bid * .9999}, {"close", bid}, {"volume", 12.0}, {"tick_count", w.Round}, {"timestamp", from.Format("2006-01-02T15:04:05")}}
			w.Hash("bar:"+tf+":"+p.symbol+":"+from.Format("2006-01-02T15:04:05"), bar.flat()...)
			w.Stream("stream:bar:"+tf+":"+p.symbol, bar.flat()...)
		}
		w.Do("SETEX", "pulse_status:"+p.symbol, 5, dumps(gatesOf(.6421)))
		writeZQBars(w, p.symbol, p.base)
	}
	w.Do("SETEX", "pulse:status", 5, dumps(gatesOf(.64)))
	writeZQDesk(w)
}

func writeZQTick(w *Writer, symbol string, bid float64) {
	tick := object{{"symbol", symbol}, {"time", w.now.Unix()}, {"bid", bid}, {"ask", bid * 1.00008}, {"last", 0.0}, {"volume", w.Round % 10}, {"timestamp", naive(w.now)}}
	w.Stream("tick_stream:"+symbol, tick.flat()...)
	w.Stream("stream:pulse:ticks:"+symbol, tick.flat()...)
	w.Do("SETEX", "latest_tick:"+symbol, 300, dumps(tick))
	w.Do("PUBLISH", "pulse:ticks:"+symbol, dumps(tick))
	w.Do("RPUSH", "ticks:hot:"+symbol, dumps(tick))
	w.Do("SETEX", fmt.Sprintf("tick_hash:%s%d", symbol, w.Round), 3600, 1)
	w.Hash("processed:"+symbol+":"+w.now.Format("20060102"), fmt.Sprintf("%d-0", w.now.UnixMilli()), dumps(tick))
}

func gatesOf(confidence float64) object {
	return object{{"context", 1}, {"liquidity", 0}, {"structure", 1}, {"imbalance", 1}, {"risk", 1}, {"wyckoff", 0}, {"confluence", 1}, {"confidence", confidence}}
}

// writeZQBars writes what the bridge's API caches.
func writeZQBars(w *Writer, symbol string, base float64) {
	var ms, named, ticks []object
	quarter := 15 * time.Minute
	for i := 40; i > 0; i-- {
		from := w.now.Truncate(quarter).Add(-time.Duration(i) * quarter)
		rest := object{{"open", base}, {"high", base * 1.001}, {"low", base * .999}, {"close", base * (1 + float64(i%7-3)*1e-4)}, {"tick_volume", 50 + i}, {"spread", 1}, {"real_volume", 0}}
		ms = append(ms, append(object{{"time", from.UnixMilli()}}, rest...))
		named = append(named, append(object{{"time", from.Format("2006-01-02 15:04:05")}}, rest...))
	}
	for i := range 20 {
		ticks = append(ticks, object{{"time", w.now.Add(time.Duration(i-20) * time.Second).Format("2006-01-02 15:04:05")}, {"bid", base * (1 + float64(i)*1e-5)}, {"ask", base}, {"last", 0.0}, {"volume", 0}, {"flags", 6}})
	}
	w.Do("SETEX", "ohlc:"+symbol+":15", 3600, dumps(object{{"data", dumps(ms)}, {"last_update", naive(w.now.UTC())}, {"count", len(ms)}}))
	w.Do("SETEX", "ticks:"+symbol+":100", 5, dumps(ticks))
	w.Do("SETEX", "bars:"+symbol+":M15:100", 30, dumps(named))
	w.Do("SETEX", "latest_indicators:"+symbol+":15", 300, dumps(object{{"symbol", symbol}, {"timeframe", 15}, {"indicators", object{{"12", 1.0831}, {"17", 55.2}}}}))
	w.Hash("aggregate:"+symbol+":5m", w.now.Format("200601021504"),
		dumps(object{{"open", 1.08}, {"high", 1.09}, {"low", 1.07}, {"close", 1.085}, {"volume", 330.0}, {"avg_spread", .0001}, {"tick_count", 3000}, {"timestamp", naive(w.now.UTC())}}))
}

// writeZQDesk writes the account, positions, risk and logs.
func writeZQDesk(w *Writer) {
	equity := w.Price(48911.2, 2)
	day := w.now.Format("20060102")
	w.Do("SETEX", "account_info", 60, dumps(object{{"balance", 48250.75}, {"equity", equity}, {"margin", 1210.0}, {"free_margin", equity - 1210}, {"profit", equity - 48250.75}, {"currency", "USD"}, {"leverage", 100}, {"timestamp", naive(w.now.UTC())}}))
	open := []object{
		{{"ticket", 9001}, {"symbol", "EURUSD"}, {"type", "BUY"}, {"volume", .5}, {"price_open", 1.0811}, {"price_current", w.Price(1.0834, 5)}, {"profit", 115.5}, {"sl", 1.079}, {"tp", 1.09}, {"time", w.now.Unix() - 3600}, {"timestamp", naive(w.now.UTC())}},
		{{"ticket", 9002}, {"symbol", "XAUUSD"}, {"type", "SELL"}, {"volume", .1}, {"price_open", 2411.3}, {"price_current", w.Price(2405.85, 2)}, {"profit", 54.4}, {"sl", 2420.0}, {"tp", 2380.0}, {"time", w.now.Unix() - 7200}, {"timestamp", naive(w.now.UTC())}},
	}
	w.Do("SETEX", "open_positions", 60, dumps(open))
	for _, o := range open {
		w.Stream("position_stream", o.flat()...)
	}
	w.Do("RPUSH", "equity:intraday:"+day, dumps(object{{"ts", naive(w.now)}, {"equity", equity}}))
	w.Hash("risk_metrics:"+w.now.Format("20060102_15"), "drawdown", "1.37", "account_risk", "0.5", "position_risk", "2.1", "risk_score", "14.2")
	w.Do("SET", "pulse:risk:latest", dumps(object{{"daily_risk_used", 12.5}, {"risk_left", 87.5}, {"trades_left", 3}, {"status", "Stable"}, {"warnings", []string{}}}), "EX", 30)
	w.Stream("pulse:decisions", "symbol", "EURUSD", "action", "signal", "confidence", "78", "reasons", `["High confluence"]`)
	w.Stream("alerts_stream", "type", "stop_loss_warning", "ticket", 9001, "symbol", "EURUSD", "profit_pct", -2.31, "message", "Position 9001 on EURUSD is down -2.31%")
	w.Do("RPUSH", "whispers", dumps(object{{"id", fmt.Sprintf("e%07d", w.Round)}, {"ts", w.Seconds()}, {"category", "discipline"}, {"severity", "warn"}, {"message", "Three losses in a row - pause?"}, {"reasons", []object{{{"key", "streak"}, {"value", -3}}}}, {"actions", []string{}}}))
	w.Do("RPUSH", "whisper-log", dumps(object{{"ts", w.Seconds()}, {"text", fmt.Sprintf("ACK: a%d - ok", w.Round)}}))
	w.Do("RPUSH", "pulse:gate_hits", dumps(object{{"ts", w.Seconds()}, {"timestamp", naive(w.now.UTC()) + "Z"}, {"symbol", "EURUSD"}, {"gate", "risk"}, {"passed", true}, {"score", .64}}))
	w.Do("SETEX", "sod_equity:"+day, 72*3600, "48250.75")
	w.Do("SET", "user:prefs", `{"favorite_symbol": "XAUUSD"}`)
	w.Hash("indicator_registry", "12", `{"name": "SMA_20"}`, "17", `{"name": "RSI_14"}`)
	w.Do("SET", fmt.Sprintf("cooldown:%06x", w.Round), 1, "EX", 300)
	w.Do("SET", fmt.Sprintf("journal:%s:%f", day, w.Seconds()), `{"symbol": "EURUSD", "action": "watch"}`, "EX", 600)
}
