package models

import (
	"testing"

	"ticktop/datasource/testkit/servertest"
)

// tsd keeps prices and indicators in RedisTimeSeries and the account in
// RedisJSON.
var tsd = Model{
	Name:   "tsd",
	Server: func(tb testing.TB) []servertest.Option { return []servertest.Option{servertest.JSONAndTimeSeries(tb)} },
	Rounds: 40,
	Data: map[string]Want{
		"account":   document(nil...),
		"positions": document("positions"),
		"nested":    document("limits", "day"),
		"price":     samples(500),
		"newest":    func(r *Reader, key string) any { return samples(1)(r, key).([]any)[0].([]any)[1] },
		"recent":    samples(10),
		"rsi":       samples(500),
	},
	Write: func(w *Writer) {
		for key, base := range map[string]float64{"INTRADAYPRICES:GS": 581.2, "INTRADAYPRICES:CAT": 402.1, "DAILYRSI:GS": 55, "DAILYRSI:CAT": 61} {
			w.Do("TS.ADD", key, w.now.UnixMilli(), w.Price(base, 2))
		}
		w.Do("JSON.SET", "account:70423", "$", dumps(object{{"balance", 1000.5}, {"equity", w.Price(1010.1, 2)}, {"limits", object{{"day", object{{"loss", 250}}}}}, {"positions", []object{{{"symbol", "GS"}, {"qty", 10}}}}}))
	},
}

// document is what stands at a path of a JSON document.
func document(path ...string) Want {
	return at(func(r *Reader, key string) any { return r.do("JSON.GET", key) }, path...)
}

// samples are the newest n of a time series, the oldest first.
func samples(n int) Want {
	return func(r *Reader, key string) any {
		all := r.do("TS.RANGE", key, "-", "+").([]any)
		var out []any
		for _, x := range all[max(0, len(all)-n):] {
			s := x.([]any)
			out = append(out, []any{epochMS(r.t, s[0]), s[1]})
		}
		return out
	}
}
