package discover

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

// fakeRedis is a Source of what a test says.
type fakeRedis struct {
	keys     []redisdb.Key
	samples  map[string]redisdb.Sample
	channels []redisdb.Channel
}

func (f *fakeRedis) Discover(context.Context, redisdb.DiscoverOptions) (*redisdb.Discovery, error) {
	slices.SortFunc(f.keys, func(a, b redisdb.Key) int { return strings.Compare(a.Name, b.Name) })
	return &redisdb.Discovery{Version: "7.0.15", Keys: f.keys, Channels: f.channels}, nil
}

func (f *fakeRedis) Samples(_ context.Context, keys []redisdb.Key) ([]redisdb.Sample, error) {
	out := make([]redisdb.Sample, len(keys))
	for i, k := range keys {
		out[i] = f.samples[k.Name]
		out[i].Key = k
	}
	return out, nil
}

func (f *fakeRedis) String() string { return "redis://h:1/0" }

func (f *fakeRedis) add(kind, name string, s redisdb.Sample) {
	if f.samples == nil {
		f.samples = map[string]redisdb.Sample{}
	}
	s.TTL = datasource.NoTTL
	f.keys, f.samples[name] = append(f.keys, redisdb.Key{Name: name, Type: kind}), s
}

func (f *fakeRedis) text(name, value string) {
	f.add("string", name, redisdb.Sample{Bytes: []byte(value), Len: int64(len(value))})
}

func (f *fakeRedis) hash(name string, pairs ...string) {
	s := redisdb.Sample{Len: int64(len(pairs) / 2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		s.Fields = append(s.Fields, datasource.RawField{Name: pairs[i], Value: []byte(pairs[i+1])})
	}
	f.add("hash", name, s)
}

// discovered runs a discovery and checks that its configuration can be used.
func discovered(t *testing.T, f *fakeRedis) string {
	t.Helper()
	r, err := Run(context.Background(), f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := config.Parse("x.yaml", r.Config, config.Options{}); err != nil {
		t.Fatalf("%v\n%s", err, r.Config)
	}
	return string(r.Config)
}

func wantLines(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line) {
			t.Errorf("missing: %s\n%s", line, text)
		}
	}
}

func TestRun_PartsWhereverTheyStand(t *testing.T) {
	quoteOf := func(s string) string { return `{"symbol":"` + s + `","bid":1.1,"ask":1.2,"ts":1764000000}` }
	for _, c := range []struct {
		name, a, b string
		want       string
	}{
		{"at the end", "quote:EURUSD", "quote:GBPUSD", `string: "quote:{symbol}"`},
		{"in the middle", "mt5:EURUSD:latest", "mt5:GBPUSD:latest", `string: "mt5:{symbol}:latest"`},
		{"at the start", "EURUSD:tick", "GBPUSD:tick", `string: "{symbol}:tick"`},
		{"dashes", "ticker-KRAKEN-BTC-USD", "ticker-KRAKEN-ETH-USD", `string: "ticker-KRAKEN-{symbol}"`},
		{"underscores", "GEMINI_BTCUSD_q", "GEMINI_ETHUSD_q", `string: "GEMINI_{symbol}_q"`},
		{"slashes", "md/BTC-USDT/l1", "md/ETH-USDT/l1", `string: "md/{symbol}/l1"`},
		{"pipes", "px|AAPL", "px|MSFT", `string: "px|{symbol}"`},
		{"dots", "prices.AAPL.last", "prices.MSFT.last", `string: "prices.{symbol}.last"`},
		{"lower case", "binance:btcusdt:tick", "binance:ethusdt:tick", `string: "binance:{symbol}:tick"`},
		{"a cluster's hash tag", "tick:{BTCUSDT}", "tick:{ETHUSDT}", `string: "tick:{{{symbol}}}"`},
		{"names that nobody knows", "quote:SYM001", "quote:SYM002", `string: "quote:{symbol}"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fakeRedis{}
			f.text(c.a, quoteOf("x"))
			f.text(c.b, quoteOf("y"))
			wantLines(t, discovered(t, f), c.want, "for: {symbol: symbols}", "{type: quotes, data: quote")
		})
	}
}

func TestRun_DatesFollowTheClock(t *testing.T) {
	for key, want := range map[string]string{
		"equity:20251127":       "equity:{now:%Y%m%d}",
		"equity:2025-11-27":     "equity:{now:%Y-%m-%d}",
		"risk:20251127_13":      "risk:{now:%Y%m%d_%H}",
		"risk:2025-11-27T13":    "risk:{now:%Y-%m-%dT%H}",
		"stats/2025/11/27":      "stats/{now:%Y/%m/%d}",
		"stats:2025-11":         "stats:{now:%Y-%m}",
		"pnl:{2025-11-27}:desk": "pnl:{{{now:%Y-%m-%d}}}:desk",
	} {
		f := &fakeRedis{}
		f.text(key, `{"equity":1,"balance":2}`)
		text := discovered(t, f)
		wantLines(t, text, `"`+want+`"`)
		if strings.Contains(text, "2025") {
			t.Errorf("%s is pinned\n%s", key, text)
		}
	}
}

func TestRun_NothingSecretOrNoisy(t *testing.T) {
	f := &fakeRedis{}
	f.hash("user:1234:api:keys", "api_key", "AKIA", "api_secret", "S3CRET", "passphrase", "pp")
	f.hash("okx:user:1234", "api_key", "AKIA", "leverage", "20", "is_running", "1", "grid", "3")
	f.text("celery-task-meta-5cbe1a8e-0000-4000-8000-000000000000", "{}")
	f.text("lock:order:77", "1")
	f.text(":1:django.contrib.sessions.cacheabcdef", "x")
	f.text("dedup:9f86d081884c7d65", "1")
	f.text("cache:blob", "\x00\x01\x02\xff")
	f.text("quote:EURUSD", `{"bid":1,"ask":2}`)
	text := discovered(t, f)
	for _, never := range []string{"AKIA", "S3CRET", "5cbe1a8e", "9f86d081", "cacheabcdef", "1234:", "api_key", "lock:order:77\"}"} {
		if strings.Contains(text, never) {
			t.Errorf("%q is in\n%s", never, text)
		}
	}
	wantLines(t, text, "fields: [leverage, is_running, grid]", "1 field named like secrets", "# Left out: 1 key, secrets", "task results", "locks", "sessions", "dedupe marks", "binary that cannot be read")
}

func TestRun_ChannelsPushOrAreFeeds(t *testing.T) {
	f := &fakeRedis{}
	for _, s := range []string{"EURUSD", "GBPUSD"} {
		f.text("quote:"+s, `{"symbol":"`+s+`","bid":1,"ask":2}`)
		f.channels = append(f.channels, redisdb.Channel{Name: "ticks:" + s, Messages: 1, Heard: [][]byte{[]byte(`{"symbol":"` + s + `","bid":1,"ask":2}`)}})
	}
	f.channels = append(f.channels, redisdb.Channel{Name: "news", Messages: 1, Heard: [][]byte{[]byte(`{"headline":"x","level":"info"}`)}})
	wantLines(t, discovered(t, f), `live: "ticks:{symbol}"`, `{channel: "news"`)

	f.channels = []redisdb.Channel{{Name: "bus", Messages: 2, Heard: [][]byte{
		[]byte(`{"event":"tick","data":{"symbol":"EURUSD","bid":1,"ask":2}}`), []byte(`{"event":"login","data":{"who":"ana"}}`)}}}
	wantLines(t, discovered(t, f), `live: {channel: "bus", pick: "data", where: {event: "tick"}}`)
}

func TestRun_ManySymbolsAreLinearAndSmall(t *testing.T) {
	f := &fakeRedis{}
	for i := range 500 {
		s := fmt.Sprintf("SYM%03d", i)
		f.text("quote:"+s, `{"bid":1,"ask":2}`)
		for a := range 40 {
			f.text(fmt.Sprintf("pos:ACC-%04d:%s", a, s), `{"size":1,"entry_price":2,"pnl":3}`)
		}
	}
	text := discovered(t, f)
	wantLines(t, text, `string: "quote:{symbol}"`, `string: "pos:{accounts}:{symbol}"`, "500 now", "40 now")
	if len(text) > 10_000 {
		t.Errorf("%d bytes", len(text))
	}
}

func TestRun_NothingThere(t *testing.T) {
	wantLines(t, discovered(t, &fakeRedis{}), "is the producer running")
}

// FuzzRun: whatever keys and values hold, what is printed is a valid
// configuration without control characters.
func FuzzRun(f *testing.F) {
	f.Add("quote:EURUSD", "ticks:EURUSD", uint8(0), `{"bid":1,"ask":2}`)
	f.Add("${HOME}:{x}", "a:b:c", uint8(2), `{"p":1}`)
	f.Add(":", "::", uint8(1), "")
	f.Add("a\": x #", "- ? &a *b", uint8(4), "\"")
	f.Add("account:..", "symbols:.", uint8(3), "[[1764000000000,1,2,3,4,5]]")
	f.Add("%Y:{now:%Y}", "{{", uint8(5), "1764000000:1.5")
	kinds := []string{"string", "hash", "list", "zset", "stream", "set", "ReJSON-RL", "TSDB-TYPE"}
	f.Fuzz(func(t *testing.T, a, b string, kind uint8, value string) {
		r := &fakeRedis{}
		k := kinds[int(kind)%len(kinds)]
		member := []datasource.RawMember{{Score: float64(len(a)) * 1e8, Member: []byte(value)}}
		fields := []datasource.RawField{{Name: b, Value: []byte(value)}, {Name: value, Value: []byte("1")}}
		s := redisdb.Sample{Bytes: []byte(value), Fields: fields, First: member, Last: member, Recent: []datasource.RawEntry{{ID: "1-1", Fields: fields}}, Len: 1}
		switch k {
		case "string", "ReJSON-RL":
			s = redisdb.Sample{Bytes: []byte(value)}
		case "hash":
			s = redisdb.Sample{Fields: fields}
		case "stream":
			s = redisdb.Sample{Recent: s.Recent}
		default:
			s = redisdb.Sample{First: member, Last: member, Len: 1}
		}
		for _, name := range []string{a, b, a + ":" + b, a + ":x", a + ":y"} {
			if name != "" && r.samples[name].Key.Name == "" && !slices.ContainsFunc(r.keys, func(k redisdb.Key) bool { return k.Name == name }) {
				r.add(k, name, s)
			}
		}
		r.channels = []redisdb.Channel{{Name: a, Heard: [][]byte{[]byte(value)}}, {Name: b}}
		out, err := Run(context.Background(), r, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.IndexFunc(out.Config, func(r rune) bool {
			return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
		}); i >= 0 {
			t.Fatalf("printed %+q of\n%s", out.Config[i:min(len(out.Config), i+8)], out.Config)
		}
		if _, err := config.Parse("x.yaml", out.Config, config.Options{}); err != nil {
			t.Fatalf("%v\n%s", err, out.Config)
		}
	})
}

// TestRun_FallbacksFromTheAPI: what the API's root or its OpenAPI document lists
// is asked, and taken where it answers with the same kind of thing.
func TestRun_FallbacksFromTheAPI(t *testing.T) {
	answers := map[string]string{
		"/api/accounts/ACC-1001/":         `{"equity":1,"balance":2}`,
		"/api/quotes/EURUSD/":             `{"bid":1.1,"ask":1.2}`,
		"/api/positions/":                 `{"count":1,"results":[{"symbol":"EURUSD","side":"buy","volume":1,"price_open":1.1,"profit":2}]}`,
		"/v2/account-info/ACC-1001":       `{"data":{"equity":1,"balance":2}}`,
		"/v2/ticks/?symbol=EURUSD":        `{"results":[{"bid":1.1,"ask":1.2}]}`,
		"/v2/positions":                   `[{"symbol":"EURUSD","side":"buy","volume":1,"price_open":1.1,"profit":2}]`,
		"/api/orders/":                    `<html>`,
		"/api/accounts/?account=ACC-1001": `[]`,
	}
	for _, c := range []struct {
		name, path, listing string
		want                []string
	}{
		{"the root of Django REST framework", "/api/", `{"accounts":"http://h/api/accounts/","quotes":"http://h/api/quotes/","positions":"http://h/api/positions/","orders":"http://h/api/orders/"}`,
			[]string{`fallback: {path: "/api/accounts/{accounts}/"}`, `fallback: {path: "/api/quotes/{symbol}/"}`, `fallback: {path: "/api/positions/", pick: "results"}`}},
		{"OpenAPI", "/openapi.json", `{"openapi":"3.1.0","paths":{"/v2/account-info/{account_id}":{"get":{}},"/v2/ticks/":{"get":{}},"/v2/positions":{"get":{}},"/v2/orders":{"post":{}}}}`,
			[]string{`fallback: {path: "/v2/account-info/{accounts}", pick: "data"}`, `fallback: {path: "/v2/ticks/?symbol={symbol}", pick: "results.0"}`, `fallback: {path: "/v2/positions"}`}},
		{"nothing that lists", "/nowhere", `{}`, []string{"each datum needs a fallback"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &fakeRedis{}
			f.hash("account:ACC-1001", "equity", "1", "balance", "2", "margin", "1")
			f.text("quote:EURUSD", `{"symbol":"EURUSD","bid":1,"ask":2}`)
			f.text("quote:GBPUSD", `{"symbol":"GBPUSD","bid":1,"ask":2}`)
			f.text("open_positions", `[{"symbol":"EURUSD","side":"buy","volume":1,"price_open":1.1,"profit":2}]`)
			asked := 0
			get := func(_ context.Context, path string) []byte {
				asked++
				if path == c.path {
					return []byte(c.listing)
				}
				return []byte(answers[path])
			}
			r, err := Run(context.Background(), f, Options{API: get, APIName: "http://h"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := config.Parse("x.yaml", r.Config, config.Options{}); err != nil {
				t.Fatalf("%v\n%s", err, r.Config)
			}
			wantLines(t, string(r.Config), c.want...)
			if asked > maxAPIAnswers+len(schemaPaths)+len(rootPaths) {
				t.Errorf("the API was asked %d times", asked)
			}
		})
	}
}
