package models

import (
	"fmt"
	"time"
)

// viabtc is a matching engine that keeps its bars as hashes of time → array,
// without names: open, close, high, low, volume, deal.
var viabtc = Model{
	Name: "viabtc",
	Data: map[string]Want{
		"last": value, "offset": value, "deals": list(200, false), "alerts": list(200, true),
		"seconds": arrayBars, "minutes": arrayBars, "hours": arrayBars, "days": arrayBars,
	},
	Write: func(w *Writer) {
		for _, m := range []struct {
			name string
			base float64
		}{{"BTCUSDT", 97225}, {"ETHUSDT", 3410}, {"LTCBTC", .00093}} {
			price := w.Price(m.base, 8)
			for tf, step := range map[string]int64{"1s": 1, "1m": 60, "1h": 3600, "1d": 86400} {
				now := w.now.Unix() / step * step
				for i := int64(20); i >= 0 && (w.Round == 1 || i == 0); i-- {
					p := m.base * (1 + float64(i%5)*1e-4)
					w.Hash(fmt.Sprintf("k:%s:%s", m.name, tf), now-i*step, dumps([]string{number8(p), number8(p * 1.001), number8(p * 1.002), number8(p * .999), "12.5", "120000.1"}))
				}
			}
			w.Do("SET", "k:"+m.name+":last", number8(price))
			w.Do("LPUSH", "k:"+m.name+":deals", dumps(object{{"id", w.Round}, {"time", w.Seconds()}, {"price", number8(price)}, {"amount", "0.01"}, {"type", "buy"}}))
		}
		w.Do("SET", "k:offset", w.Round)
		w.Do("RPUSH", "alert:message", fmt.Sprintf("matchengine: lag %d", w.Round))
	},
}

func number8(f float64) string { return fmt.Sprintf("%.8f", f) }

// arrayBars are the bars of a hash of time → [open, close, high, low, volume, …].
func arrayBars(r *Reader, key string) any {
	var out []any
	for at, text := range r.Hash(key) {
		a := r.opened(text).([]any)
		out = append(out, map[string]any{"time": epochMS(r.t, at), "open": a[0], "close": a[1], "high": a[2], "low": a[3], "volume": a[4]})
	}
	return byTime(out, func(v any) moment { return v.(map[string]any)["time"].(moment) })
}

// utc is Python's datetime.utcnow().isoformat() with a zone.
func utc(t time.Time) string { return naive(t.UTC()) + "Z" }
