package models

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// dj is a Django site with django-redis: pickles, some of them compressed,
// beside sessions, Celery and channels in the same database.
var dj = Model{
	Name: "dj",
	Data: map[string]Want{
		"decimal": djWants(func(price float64, _ string) any { return price }),
		"details": djWants(func(price float64, symbol string) any {
			return map[string]any{"symbol": symbol, "name": symbol + " Inc", "price_inr": price}
		}),
		"last":    djWants(func(price float64, _ string) any { return price }),
		"change":  djWants(func(price float64, _ string) any { return map[string]any{"price": price, "chg": .4} }),
		"volume":  value,
		"history": list(200, false),
	},
	Noise:  []string{"asgi*", "_kombu*", "celery*", "unacked*", ":1:django.contrib.sessions*"},
	Secret: []string{"SESSION-VALUE"},
	Write: func(w *Writer) {
		for symbol, base := range djStocks {
			price := w.Price(base, 2)
			w.Do("SETEX", ":1:stock_price_"+symbol, 300, pickled(decimal(fmt.Sprintf("%.2f", price))))
			w.Do("SETEX", ":1:price_"+symbol+".NS", 300, pickled(object{{"symbol", symbol}, {"name", symbol + " Inc"}, {"price_inr", price}}))
			w.Do("SETEX", ":1:last_"+symbol, 300, pickled(price))
			w.Do("SET", ":1:volume_"+symbol, w.Round*100, "EX", 300)
			w.Do("SETEX", ":1:zquote_"+symbol, 300, deflated(pickled(object{{"price", price}, {"chg", .4}})))
			w.Do("LPUSH", "stock:prices:"+symbol, dumps(object{{"price", price}, {"timestamp", w.now.UTC().Format("2006-01-02 15:04:05")}}))
		}
		w.Do("ZADD", "asgispecific.8f3a1b!", w.now.Unix(), "\x01\x02\x03 binary")
		w.Do("ZADD", "asgi:group:stock_updates", w.now.Unix(), "specific.8f3a1b!1")
		w.Do("SADD", "_kombu.binding.celery", "celery\x06\x16\x06\x16celery")
		w.Do("LPUSH", "celery", `{"body": "W1tdLHt9LHt9XQ=="}`)
		w.Do("SETEX", fmt.Sprintf("celery-task-meta-5cbe1a8e-0000-4000-8000-%012d", w.Round), 86400, `{"status": "SUCCESS"}`)
		w.Do("ZADD", "unacked_index", w.now.Unix(), "5cbe1a8e-0000-4000-8000-000000000000")
		w.Do("SETEX", ":1:django.contrib.sessions.cacheabcdef0123456789", 1209600, pickled(object{{"_auth_user_id", "SESSION-VALUE"}}))
	},
}

var djStocks = map[string]float64{"AAPL": 231.2, "MSFT": 424.1, "NVDA": 141.5, "TSLA": 338.6}

// djWants is what the producer pickled last: the test reads no pickles.
func djWants(of func(price float64, symbol string) any) Want {
	return func(r *Reader, key string) any {
		for symbol, base := range djStocks {
			if strings.Contains(key, "_"+symbol) {
				r.do("TYPE", key)
				return of((&Writer{Round: 3}).Price(base, 2), symbol)
			}
		}
		return nil
	}
}

// decimal is Python's Decimal.
type decimal string

// pickled is a value as pickle.dumps(…, 4) writes it.
func pickled(v any) string {
	b := pickle([]byte("\x80\x04"), v)
	return string(append(b, '.'))
}

func pickle(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(append(b, '\x8c', byte(len(v))), v...)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, 'G'), math.Float64bits(v))
	case decimal:
		return append(pickle(append(b, "cdecimal\nDecimal\n"...), string(v)), '\x85', 'R')
	case object:
		b = append(b, '}', '(')
		for _, p := range v {
			b = pickle(pickle(b, p.name), p.value)
		}
		return append(b, 'u')
	}
	panic(fmt.Sprintf("no pickle of %T", v))
}

func deflated(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}
