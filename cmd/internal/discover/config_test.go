package discover

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/redisdb"
)

func key(name string, kind datasource.Kind, members ...string) redisdb.Key {
	k := redisdb.Key{Name: name, Kind: kind, TTL: datasource.NoTTL}
	if len(members) > 0 {
		k.Sample = &datasource.Raw{}
		for _, m := range members {
			k.Sample.Members = append(k.Sample.Members, datasource.RawMember{Member: []byte(m)})
		}
	}
	return k
}

func TestConfig(t *testing.T) {
	d := &redisdb.Discovery{Version: "7.0.15", Keys: []redisdb.Key{
		key("acct:ACC-1", datasource.KindHash), key("account:ACC-1", datasource.KindHash), key("account:ACC-2", datasource.KindHash),
		key("equity:ACC-1", datasource.KindZSet, "1763860000000:48210.5"),
		key("px:EURUSD", datasource.KindString), key("quote:EURUSD", datasource.KindString), key("quote:GBPUSD", datasource.KindString),
		key("curve", datasource.KindZSet, `{"value":1}`), key("log", datasource.KindList), key("a{b}:${HOME}", datasource.KindString),
		key("bad\xff", datasource.KindString), key("bad\n", datasource.KindString), key("bad*", datasource.KindString),
		{Name: "aset"}, // a type that there is no kind for
	}, Channels: []redisdb.Channel{{Name: "ticks:EURUSD", Messages: 3}, {Name: "ticks:GBPUSD"}, {Name: "news"}}, Notes: []string{"note\x1b[2J"}}
	d.Keys[5].TTL = 5 * time.Second
	text := string(Config(d, "redis://h:1/0\x1b"))
	c, err := config.Parse("x.yaml", []byte(text), config.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	refs, err := c.Refs(c.Vars, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]datasource.Ref{}
	for _, r := range refs {
		got[r.Key] = r
	}
	for _, want := range []string{"acct:ACC-1", "account:ACC-1", "equity:ACC-1", "px:EURUSD", "quote:EURUSD", "quote:GBPUSD", "curve", "log", "a{b}:${HOME}", "news"} {
		if _, ok := got[want]; !ok {
			t.Errorf("%s is not read\n%s", want, text)
		}
	}
	if r := got["quote:GBPUSD"]; r.Live != "ticks:GBPUSD" {
		t.Errorf("live %q", r.Live)
	}
	if r := got["equity:ACC-1"]; r.Member != datasource.MemberTSValue {
		t.Errorf("member %q", r.Member)
	}
	if r := got["curve"]; r.Member != "json:value" {
		t.Errorf("member %q", r.Member)
	}
	const left = "# Left out, for their type or their name: 4 of the keys (\"bad\ufffd\", \"bad\u240a\", \"bad*\", …)\n"
	if !strings.Contains(text, left) {
		t.Errorf("it is not said what was left out\n%s", text)
	}
	if text = strings.Replace(text, left, "", 1); strings.Contains(text, "\x1b") || strings.Contains(text, "bad") {
		t.Errorf("unsafe names\n%s", text)
	}
}

func TestNothingFound(t *testing.T) {
	text := Config(&redisdb.Discovery{}, "redis://h:1/0")
	if _, err := config.Parse("x.yaml", text, config.Options{}); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// FuzzConfig: whatever the keys are called, what is printed is a valid
// configuration.
func FuzzConfig(f *testing.F) {
	f.Add("quote:EURUSD", "ticks:EURUSD", uint8(1), "1763860000:1")
	f.Add("${HOME}:{x}", "a:b:c", uint8(3), `{"p":1}`)
	f.Add(":", "::", uint8(2), "")
	f.Add("a\": x #", "- ? &a *b", uint8(5), "\"")
	f.Add("account:..", "symbols:.", uint8(2), "")
	f.Fuzz(func(t *testing.T, a, b string, kind uint8, member string) {
		k := datasource.Kind(kind%5 + 1)
		d := &redisdb.Discovery{Keys: []redisdb.Key{key(a, k, member), key(b, k), key(a+":"+b, datasource.KindString)}, Channels: []redisdb.Channel{{Name: b}, {Name: a}}}
		text := Config(d, a)
		if i := bytes.IndexFunc(text, func(r rune) bool {
			return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp)
		}); i >= 0 {
			t.Fatalf("printed %+q of\n%s", text[i:min(len(text), i+8)], text)
		}
		if _, err := config.Parse("x.yaml", text, config.Options{}); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}
