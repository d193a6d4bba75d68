package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// onShared is a quote whose channel is everybody's.
func onShared(symbol string, push datasource.Push) datasource.Ref {
	push.Shared = true
	return datasource.Ref{Name: "quote." + symbol, Kind: datasource.KindString, Key: "q:" + symbol, Live: "prices", Element: symbol, Push: push}
}

func where(name string, values ...string) datasource.Pairs {
	return datasource.PairsOf([]datasource.Pair{{Name: name, Values: values}})
}

// Case 2: on a shared channel a message counts only for the element that it names.
func TestPush_SharedChannelCountsForTheNamedElement(t *testing.T) {
	for _, c := range []struct {
		name   string
		push   datasource.Push
		pushed []string
		want   map[string]string
	}{
		{"case 2: symbol", datasource.Push{}, []string{`{"symbol":"EURGBP","bid":0.85}`}, map[string]string{"EURGBP": "{bid=0.85 symbol=EURGBP}"}},
		{"case 2: envelope", datasource.Push{Pick: "data"}, []string{`{"stream":"x","data":{"s":"BTCUSDT","p":"97225.1"}}`},
			map[string]string{"BTC/USDT": "{bid=1 s=BTCUSDT p=97225.1}"}},
		{"case 2: where on the envelope", datasource.Push{Pick: "data", Where: where("stream", "y")},
			[]string{`{"stream":"x","data":{"s":"EURUSD","bid":2}}`, `{"stream":"y","data":{"s":"EURUSD","bid":3}}`, `{"stream":"x","data":{"s":"EURUSD","bid":4}}`},
			map[string]string{"EURUSD": "{bid=3 s=EURUSD}"}},
		{"where inside of the part", datasource.Push{Pick: "data", Where: where("e", "ticker", "24hr")},
			[]string{`{"data":{"s":"EURUSD","e":"24hr","bid":3}}`, `{"data":{"s":"EURUSD","e":"trade","bid":4}}`},
			map[string]string{"EURUSD": "{bid=3 s=EURUSD e=24hr}"}},
		{"json text in json", datasource.Push{Pick: "data"}, []string{`{"data":"{\"s\":\"EURUSD\",\"bid\":7}"}`}, map[string]string{"EURUSD": "{bid=7 s=EURUSD}"}},
		{"a message that is a json string", datasource.Push{}, []string{`"{\"s\":\"EURUSD\",\"bid\":7}"`}, map[string]string{"EURUSD": "{bid=7 s=EURUSD}"}},
		{"an array of several", datasource.Push{}, []string{`[{"pair":"eur-usd","bid":5},{"pair":"EURGBP","bid":6}]`},
			map[string]string{"EURUSD": "{bid=5 pair=eur-usd}", "EURGBP": "{bid=6 pair=EURGBP}"}},
		{"other spellings", datasource.Push{}, []string{`{"instId":"btc_usdt","bid":5}`}, map[string]string{"BTC/USDT": "{bid=5 instId=btc_usdt}"}},
		{"another's, none's, unknown", datasource.Push{}, []string{`{"symbol":"XAUUSD","bid":5}`, `{"bid":5}`, `5`, `null`, `{"symbol":{"x":1},"bid":9}`, `{"bid":`}, nil},
		{"read before conflation", datasource.Push{}, []string{`{"symbol":"EURUSD","bid":5}`, `{"symbol":"EURGBP","bid":6}`, `{"symbol":"EURUSD","bid":7}`},
			map[string]string{"EURUSD": "{bid=7 symbol=EURUSD}", "EURGBP": "{bid=6 symbol=EURGBP}"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(w *world) {
				symbols := []string{"EURUSD", "EURGBP", "BTC/USDT", "US500"}
				var refs []datasource.Ref
				for _, s := range symbols {
					w.redis.set("q:"+s, `{"bid":1}`, 0)
					refs = append(refs, onShared(s, c.push))
				}
				f := w.e.Watch(refs)
				defer f.Close()
				w.after(ms(200))
				for _, p := range c.pushed {
					w.sub.push("prices", p)
				}
				w.after(ms(200))
				for _, s := range symbols {
					want := c.want[s]
					if want == "" {
						want = "{bid=1}"
					}
					w.is(f, "quote."+s, live, want)
				}
			})
		})
	}
}

// On a channel that varies with the element a message that names another known
// element is dropped; one that names no known element counts.
func TestPush_VaryingChannelDropsTheMessagesOfOthers(t *testing.T) {
	run(t, func(w *world) {
		var refs []datasource.Ref
		for _, s := range []string{"EURUSD", "GBPUSD"} {
			w.redis.set("quote:"+s, `{"bid":1}`, 0)
			r := quote(s)
			r.Element = s
			refs = append(refs, r)
		}
		f := w.e.Watch(refs)
		defer f.Close()
		w.after(ms(200))
		w.sub.push("ticks:EURUSD", `{"symbol":"GBPUSD","bid":9}`)
		w.after(ms(200))
		w.is(f, "quote.EURUSD", live, "{bid=1}")
		w.sub.push("ticks:EURUSD", `{"symbol":"eur/usd","pair":"GBPUSD","bid":2}`)
		w.after(ms(200))
		w.is(f, "quote.EURUSD", live, "{bid=2 symbol=eur/usd pair=GBPUSD}")
		w.sub.push("ticks:EURUSD", `{"symbol":"EURUSD.m","bid":3}`)
		w.after(ms(200))
		w.is(f, "quote.EURUSD", live, "{bid=3 symbol=EURUSD.m pair=GBPUSD}")
	})
}

// into: puts each message into the field that it names; messages for different
// fields do not hide one another.
func TestPush_IntoTheFieldThatTheMessageNames(t *testing.T) {
	run(t, func(w *world) {
		w.redis.put("prices", &fakeKey{fields: []datasource.RawField{{Name: "EURUSD", Value: []byte(`{"bid":1,"ask":2}`)}}})
		f := w.e.Watch([]datasource.Ref{{Name: "prices", Kind: datasource.KindHash, Key: "prices", Live: "p",
			Push: datasource.Push{Pick: "data", Into: "symbol"}}})
		defer f.Close()
		w.after(ms(200))
		w.sub.push("p", `{"data":{"symbol":"EURUSD","bid":3}}`)
		w.sub.push("p", `{"data":{"symbol":"GBPUSD","bid":4}}`)
		w.sub.push("p", `{"data":{"symbol":"EURUSD","bid":5}}`)
		w.sub.push("p", `{"data":{"bid":6}}`)
		w.after(ms(200))
		w.is(f, "prices", live, "{EURUSD={bid=5 ask=2 symbol=EURUSD} GBPUSD={symbol=GBPUSD bid=4}}")
		w.after(3 * time.Second) // polls do not end it: the key does not hold it yet
		w.is(f, "prices", live, "{EURUSD={bid=5 ask=2 symbol=EURUSD} GBPUSD={symbol=GBPUSD bid=4}}")
	})
}

// An element of several parts is found by all of them.
func TestPush_ElementOfSeveralParts(t *testing.T) {
	run(t, func(w *world) {
		var refs []datasource.Ref
		for _, e := range []string{"EURUSD.1m", "EURUSD.1h"} {
			w.redis.set("q:"+e, `{"bid":1}`, 0)
			refs = append(refs, onShared(e, datasource.Push{}))
		}
		f := w.e.Watch(refs)
		defer f.Close()
		w.after(ms(200))
		w.sub.push("prices", `{"symbol":"EURUSD","tf":"1h","bid":5}`)
		w.after(ms(200))
		w.is(f, "quote.EURUSD.1h", live, "{bid=5 symbol=EURUSD tf=1h}")
		w.is(f, "quote.EURUSD.1m", live, "{bid=1}")
	})
}

func FuzzRoute(f *testing.F) {
	for _, s := range []string{`{"symbol":"A","d":[1,{"x":"\"]"}]}`, `[{"s":"A"},{"s":`, `"{\"s\":\"A\"}"`, `{"data":"{\"s\":1}"}`, "\xef\xbb\xbf{}", `{"a"`, `{"a":}`, `[`, `{"s":"\u0041"}`} {
		f.Add(s, "data.0.'a.b'")
	}
	f.Fuzz(func(t *testing.T, payload, path string) {
		in := newInbox(func() {})
		r := onShared("A", datasource.Push{Pick: path, Where: where("x", "1")})
		in.setData("prices", []*datum{{ref: &r, route: routeKeyOf(&r)}})
		in.receive("prices", "", []byte(payload), time.Now())
		r = onShared("A", datasource.Push{Into: "s"})
		in.setData("prices", []*datum{{ref: &r, route: routeKeyOf(&r)}})
		in.receive("prices", "", []byte(payload), time.Now())
		for _, d := range in.takeDeliveries() {
			for _, p := range d.newest {
				if len(p.bytes) > 8*len(payload)+16 {
					t.Errorf("%d bytes out of %d", len(p.bytes), len(payload))
				}
			}
		}
	})
}

// BenchmarkRoute is a message on one channel for 500 symbols, against one on a
// separate channel.
func BenchmarkRoute(b *testing.B) {
	msgs := make([][]byte, 500)
	var shared, own []*datum
	for i := range msgs {
		s := fmt.Sprintf("SYM%03d", i)
		msgs[i] = fmt.Appendf(nil, `{"e":"24hr","symbol":%q,"bid":1.0834%d,"ask":1.0835%d,"ts":1795424400%03d,"vol":%d}`, s, i%10, i%10, i, i)
		r := onShared(s, datasource.Push{Where: where("e", "24hr")})
		shared = append(shared, &datum{ref: &r, route: routeKeyOf(&r)})
		r = quote(s)
		r.Element = s
		own = append(own, &datum{ref: &r, route: routeKeyOf(&r)})
	}
	env := make([][]byte, len(msgs))
	for i := range env {
		env[i] = fmt.Appendf(nil, `{"stream":"x","data":%s}`, msgs[i])
	}
	one := func(b *testing.B, data []*datum, msgs [][]byte) {
		in := newInbox(func() {})
		byChannel := map[string][]*datum{}
		for _, d := range data {
			byChannel[d.ref.Live] = append(byChannel[d.ref.Live], d)
			in.countElement(d.ref.Element, 1)
		}
		for ch, data := range byChannel {
			in.setData(ch, data)
		}
		now := time.Now()
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			in.receive(data[i%500].ref.Live, "", msgs[i%500], now)
			if i%1000 == 0 {
				in.takeDeliveries()
			}
		}
	}
	b.Run("own", func(b *testing.B) { one(b, own, msgs) })
	b.Run("shared+where", func(b *testing.B) { one(b, shared, msgs) })
	for _, d := range shared {
		d.ref.Push.Pick = "data"
		d.route = routeKeyOf(d.ref)
	}
	b.Run("shared+where+pick", func(b *testing.B) { one(b, shared, env) })
	_ = strings.Repeat
}
