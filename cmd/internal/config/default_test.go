package config

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"
)

// TestDefaultIsTheBuiltIn: what `config default` prints gives the same
// dashboard when it is used as a file.
func TestDefaultIsTheBuiltIn(t *testing.T) {
	builtin, err := Parse(BuiltIn, nil, Options{Env: envOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	written := mustParse(t, string(Default()), Options{})
	if !reflect.DeepEqual(builtin.PageNames(), written.PageNames()) || !reflect.DeepEqual(builtin.Vars, written.Vars) ||
		builtin.Redis != written.Redis || !reflect.DeepEqual(builtin.API, written.API) || builtin.CacheTTL != written.CacheTTL {
		t.Error("the two differ")
	}
	a, _ := builtin.Refs(builtin.Vars, time.Now())
	b, _ := written.Refs(written.Vars, time.Now())
	if !slices.Equal(a, b) {
		t.Error("their data differ")
	}
	pa, err := builtin.Pages(builtin.Vars, nil)
	if err != nil {
		t.Fatal(err)
	}
	pb, err := written.Pages(written.Vars, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range pa {
		for j := range pa[i].Rows {
			for k, cell := range pa[i].Rows[j].Cells {
				other := pb[i].Rows[j].Cells[k]
				if cell.Width != other.Width || cell.Weight != other.Weight || cell.Widget.Kind() != other.Widget.Kind() || !slices.Equal(cell.Widget.Data(), other.Widget.Data()) {
					t.Errorf("page %s row %d panel %d differs", pa[i].Name, j, k)
				}
			}
		}
	}
}

// TestContractExample is the example of the contract, word for word.
func TestContractExample(t *testing.T) {
	c := mustParse(t, `
redis: {url: "${REDIS_URL}", poll: 1s}
api:   {url: "${DJANGO_API_URL}", token: "${DJANGO_API_TOKEN}", scheme: Token, timeout: 2s}   # scheme: Token | Bearer
cache_ttl: 60s
vars:  {account: ACC-1001, symbols: [EURUSD, GBPUSD, XAUUSD]}
data:                          # where each datum comes from; a name is used by widgets
  account:   {hash: "account:{account}", fallback: {path: "/api/accounts/{account}/"}}
  quote:     {string: "quote:{symbol}", for: {symbol: symbols}, live: "ticks:{symbol}", fallback: {path: "/api/quotes/{symbol}/"}}
  positions: {string: "positions:{account}", fallback: {path: "/api/positions/?account={account}", pick: results}}
  equity:    {zset: "equity:{account}", member: "{ts}:{value}", window: 4h,
              fallback: {path: "/api/accounts/{account}/equity/", pick: points, time: ts, value: equity}}
  alerts:    {channel: "notifications:{account}", keep: 200}
  ticks:     {stream: "tick_stream:{symbol}", for: {symbol: symbols}, keep: 500}
  log:       {list: "whisper-log", keep: 200}
pages:
  - name: Desk
    rows:
      - {height: 40%, widgets: [{type: account, data: account, width: 1/3}, {type: chart, data: equity}]}
      - {widgets: [{type: quotes, data: quote}, {type: feed, data: alerts, width: 40}]}
alerts:
  - {when: "account.equity < 45000", level: critical}
  - {when: "age(quote.EURUSD) > 5s", level: warning}
users:                         # serve: who may see what
  - {name: ana, key: "ssh-ed25519 AAAA…", vars: {account: ACC-1001}, pages: [Desk]}
`, Options{})
	refs, err := c.Refs(c.Vars, time.Now())
	if err != nil || len(refs) != 11 {
		t.Errorf("%d data, %v", len(refs), err)
	}
	if len(c.Alerts) != 2 || len(c.Users) != 1 || c.Users[0].Vars["account"][0] != "ACC-1001" {
		t.Errorf("alerts %d, users %+v", len(c.Alerts), c.Users)
	}
}

// TestDataAlone: a file with data and no pages shows each datum.
func TestDataAlone(t *testing.T) {
	c := mustParse(t, `
vars: {s: [A, B]}
data: {a: {string: a}, b: {hash: b}, c: {zset: c}, d: {list: d}, e: {stream: e}, f: {channel: f}, g: {string: "g:{x}", for: {x: s}}}
`, Options{})
	pages, err := c.Pages(c.Vars, nil)
	if err != nil || len(pages) != 1 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	shown := map[string]bool{}
	for _, r := range pages[0].Rows {
		for _, cell := range r.Cells {
			for _, name := range cell.Widget.Data() {
				shown[name] = true
			}
		}
	}
	for _, name := range c.DataNames() {
		if !shown[name] {
			t.Errorf("%s is not shown", name)
		}
	}
}

// TestSchema: the schema knows every key of the default configuration and
// nothing of what isn't one.
func TestSchema(t *testing.T) {
	var s map[string]any
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	props := s["properties"].(map[string]any)
	for _, f := range structFields(reflect.TypeFor[file]()) {
		p, ok := props[f.name].(map[string]any)
		if !ok || p["description"] == nil {
			t.Errorf("%s is not in the schema, or without a description", f.name)
		}
	}
	for _, k := range Kinds() {
		if !bytes.Contains(Schema(), []byte(`"const": "`+k+`"`)) {
			t.Errorf("widget %s is not in the schema", k)
		}
	}
	if s["additionalProperties"] != false {
		t.Error("unknown keys are allowed")
	}
}

func TestSecretsNeverShow(t *testing.T) {
	c := mustParse(t, "redis: {url: 'redis://ana:hunter2@h:1/0', password: hunter2}\napi: {url: 'http://h/?token=hunter2', token: hunter2}", Options{})
	text, err := json.Marshal(struct {
		R Redis
		A API
	}{c.Redis, c.API})
	if err != nil || bytes.Contains(text, []byte("hunter2")) {
		t.Errorf("%s, %v", text, err)
	}
	for _, s := range []string{c.Redis.URL.String(), c.API.URL.String(), c.API.Token.String(), RedactURL("dial http://a:hunter2@h: refused")} {
		if bytes.Contains([]byte(s), []byte("hunter2")) {
			t.Error(s)
		}
	}
}

// TestNotify: alerts ring unless the configuration says otherwise.
func TestNotify(t *testing.T) {
	for text, want := range map[string]string{"": "bell", "notify: off\n": "off", "notify: osc777\n": "osc777"} {
		if got := mustParse(t, text, Options{}).Look.Notify; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if _, err := Parse("test.yaml", []byte("notify: horn\n"), Options{Env: envOf(t)}); err == nil {
		t.Error("any word will do")
	}
}

// TestSchema_DescribesEveryKey: no key is without a description.
func TestSchema_DescribesEveryKey(t *testing.T) {
	var root any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			props, _ := v["properties"].(map[string]any)
			for name, p := range props {
				if text, _ := p.(map[string]any)["description"].(string); text == "" {
					t.Errorf("%s.%s has no description", path, name)
				}
			}
			for key, inner := range v {
				walk(path+"/"+key, inner)
			}
		case []any:
			for _, inner := range v {
				walk(path, inner)
			}
		}
	}
	walk("", root)
}
