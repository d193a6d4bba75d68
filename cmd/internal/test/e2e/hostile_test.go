//go:build linux || darwin

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/hostile"
	"ticktop/datasource/testkit/servertest"
)

// hostileDesk shows every bad text in every place that a producer, the API or a
// configuration can put one.
func hostileDesk(t *testing.T, texts []hostile.Case) string {
	t.Helper()
	quoted := func(s string) string {
		b, err := json.Marshal(strings.ToValidUTF8(s, "?"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	var names []string
	for i := range texts {
		names = append(names, fmt.Sprintf("n%d", i))
	}
	var docs, nums []string
	for i := range hostile.JSON() {
		docs = append(docs, fmt.Sprintf("d%d", i))
	}
	for i := range hostile.Numbers() {
		nums = append(nums, fmt.Sprintf("m%d", i))
	}
	yaml := `redis: {url: "${REDIS_URL}", poll: 500ms}
api: {url: "${DJANGO_API_URL}", timeout: 2s}
vars: {account: ACC-1001, names: [` + strings.Join(names, ", ") + `], docs: [` + strings.Join(docs, ", ") + `], nums: [` + strings.Join(nums, ", ") + `]}
data:
  value:  {string: "value:{name}", for: {name: names}, live: "push:{name}", fallback: {path: "/api/value/{name}/"}}
  gone:   {string: "gone:{name}", for: {name: names}, fallback: {path: "/api/gone/{name}/"}}
  hash:   {hash: "hash:{account}"}
  rows:   {string: "rows:{account}"}
  odd:    {hash: ` + quoted("odd:"+texts[0].In+"{account}") + `}
  list:   {list: "list:{account}", keep: 200}
  stream: {stream: "stream:{account}", keep: 200}
  zset:   {zset: "zset:{account}", window: 4h}
  feed:   {channel: "feed:*", keep: 200}
  doc:    {string: "doc:{doc}", for: {doc: docs}}
  num:    {string: "num:{num}", for: {num: nums}}
  quote:  {string: "quote:{num}", for: {num: nums}}
  series: {zset: "series:{num}", for: {num: nums}, window: 4h}
  scores: {zset: "scores:{account}", member: "{ts}:{value}"}
  book:   {string: "book:{account}"}
pages:
  - name: ` + quoted("One "+texts[1].In) + `
    rows:
      - {widgets: [{type: account, data: hash, title: ` + quoted(texts[2].In) + `}, {type: table, data: rows}]}
      - {widgets: [{type: feed, data: feed, title: ` + quoted(texts[24].In) + `}, {type: feed, data: list}, {type: feed, data: stream}]}
  - name: Values
    rows: [{widgets: [{type: quotes, data: value}, {type: flags, data: value}]}, {widgets: [{type: counter, data: value}, {type: heatmap, data: value}]}]
  - name: Gone
    rows: [{widgets: [{type: quotes, data: gone}, {type: flags, data: gone}]}, {widgets: [{type: chart, data: zset}, {type: account, data: odd}]}]
  - name: Documents
    rows: [{widgets: [{type: quotes, data: doc}, {type: table, data: doc}, {type: text, data: doc}]}, {widgets: [{type: account, data: doc}, {type: heatmap, data: doc}, {type: bars, data: doc}]}]
  - name: Numbers
    rows:
      - {widgets: [{type: quotes, data: quote, spark: series}, {type: counter, data: num}, {type: heatmap, data: num}, {type: bars, data: num}]}
      - {widgets: [{type: sparkline, data: series}, {type: chart, data: scores}, {type: candles, data: scores}, {type: depth, data: book}, {type: gauge, data: book, rows: [{field: bid, limit: ask}, {field: "` + "❤\ufe0f" + `"}]}]}
  - name: Causes
    rows: [{widgets: [{type: health}]}]
`
	path := filepath.Join(t.TempDir(), "hostile.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// poison fills a Redis with every text in every kind of value.
func poison(t *testing.T, c *servertest.Conn, texts []hostile.Case) {
	t.Helper()
	do := func(args ...any) {
		t.Helper()
		if _, err := c.Do(args...); err != nil {
			t.Fatal(err)
		}
	}
	var rows []map[string]string
	for i, h := range texts {
		do("SET", fmt.Sprintf("value:n%d", i), h.In)
		do("HSET", "hash:ACC-1001", h.In, h.In)
		do("HSET", "odd:"+strings.ToValidUTF8(texts[0].In, "?")+"ACC-1001", "field", h.In)
		do("LPUSH", "list:ACC-1001", h.In)
		do("XADD", "stream:ACC-1001", "*", "level", h.In, "text"+h.In, h.In)
		do("ZADD", "zset:ACC-1001", 1763860000000+i, h.In)
		if len(h.In) < 1000 {
			rows = append(rows, map[string]string{"symbol": strings.ToValidUTF8(h.In, "?"), "side": strings.ToValidUTF8(h.In, "?"), "h" + strings.ToValidUTF8(h.In, "?"): "1"})
		}
	}
	for i, d := range hostile.JSON() {
		do("SET", fmt.Sprintf("doc:d%d", i), d.In)
	}
	var levels [][]string
	for i, n := range hostile.Numbers() {
		do("SET", fmt.Sprintf("num:m%d", i), n.In)
		do("SET", fmt.Sprintf("quote:m%d", i), fmt.Sprintf(`{"bid":%[1]q,"ask":%[1]q,"change_pct":%[1]q,"ts":%[1]q}`, n.In[:min(len(n.In), 99)]))
		do("ZADD", fmt.Sprintf("series:m%d", i), time.Now().UnixMilli(), n.In)
		if len(n.In) < 1000 {
			levels = append(levels, []string{n.In, n.In})
		}
	}
	for i, s := range hostile.Scores() {
		do("ZADD", "scores:ACC-1001", s, fmt.Sprintf("%v:%d", s, i))
	}
	book, err := json.Marshal(map[string]any{"bids": levels, "asks": levels, "bid": "NaN", "ask": "-0", "❤\ufe0f": 1})
	if err != nil {
		t.Fatal(err)
	}
	do("SET", "book:ACC-1001", string(book))
	b, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	do("SET", "rows:ACC-1001", string(b))
}

// shout publishes every text on every channel until the test ends.
func shout(t *testing.T, c *servertest.Conn, texts []hostile.Case) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ; i++ {
			h := texts[i%len(texts)]
			_, err := c.Do("PUBLISH", fmt.Sprintf("push:n%d", i%len(texts)), h.In)
			if err == nil {
				_, err = c.Do("PUBLISH", "feed:"+h.In[:min(len(h.In), 200)], h.In)
			}
			select {
			case <-stop:
				return
			default:
				if err != nil {
					return
				}
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-done })
}

// hostileAPI answers every text, as JSON and as it is.
func hostileAPI(texts []hostile.Case) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var n int
		_, _ = fmt.Sscanf(r.URL.Path[strings.LastIndex(strings.TrimRight(r.URL.Path, "/"), "/")+1:], "n%d", &n)
		h := texts[n%len(texts)]
		w.Header().Set("Content-Type", "application/json")
		switch n % 3 {
		case 0:
			_ = json.NewEncoder(w).Encode(map[string]string{"bid": h.In, h.In[:min(len(h.In), 100)]: h.In})
		case 1:
			_ = json.NewEncoder(w).Encode(h.In)
		default:
			w.WriteHeader(500)
			_, _ = w.Write([]byte(h.In))
		}
	}
}

// TestHostile is the second line: whatever is in Redis, in the API's
// answers and in the configuration, the bytes that reach the terminal are text
// and the few sequences that the emulator knows, and no border moves.
func TestHostile(t *testing.T) {
	t.Parallel()
	texts := hostile.Texts()
	redis := servertest.Redis(t)
	poison(t, redis.Dial(), texts)
	api := httptest.NewServer(hostileAPI(texts))
	defer api.Close()
	shout(t, redis.Dial(), texts)
	path := hostileDesk(t, texts)
	for _, sz := range []struct {
		w, h int
		old  bool
	}{{80, 24, false}, {160, 45, false}, {120, 40, true}} {
		t.Run(fmt.Sprintf("%d×%d old %v", sz.w, sz.h, sz.old), func(t *testing.T) {
			c := start(t, terminal{args: []string{"--redis", redis.URL(), "--api", api.URL, "--config", path}, w: sz.w, h: sz.h, old: sz.old})
			c.see("redis ●", "pubsub ●")
			for _, page := range []string{"1", "2", "3", "4", "5", "6", "7"} {
				c.press(page)
				c.alive()
				c.bordered(1)
				for _, box := range []struct{ key, see string }{
					{"i", "q close"}, {"E", "Sources"}, {"?", "Getting about"}, {"!", "no alert is firing"}, {"T", "enter keep"},
				} {
					c.press(box.key)
					c.see(box.see)
					c.press("q")
					c.gone(box.see)
				}
				for _, box := range []struct{ key, see string }{{":", "enter run"}, {"a", "enter switch"}} {
					c.press(box.key)
					c.see(box.see)
					c.press("esc")
					c.gone(box.see)
				}
				c.press("j", "j", "s", "z")
				c.until("one panel", func(s *screen) bool { p, broken := s.panels(); return len(p) == 1 && len(broken) == 0 })
				c.press("z", "L", "p")
				c.see("PAUSED")
				c.bordered(1)
				c.press("p")
				c.gone("PAUSED")
			}
			c.look(func(s *screen) {
				if len(s.clipboard) > 0 || len(s.notes) > 0 || s.bells > 0 {
					t.Errorf("clipboard %q, notifications %q, bells %d", s.clipboard, s.notes, s.bells)
				}
			})
			c.press("q")
			if got := c.status(); got != 0 {
				t.Errorf("exit status %d", got)
			}
			c.restored()
		})
	}
}

// TestHostileArguments: what is said of a bad argument is safe to read.
func TestHostileArguments(t *testing.T) {
	t.Parallel()
	for _, k := range hostile.Keys() {
		if strings.Contains(k.In, "\x00") {
			continue // no argument can hold it
		}
		cmd := exec.Command(binary, "snapshot", "--format", "json", "--redis", "redis://127.0.0.1:1/0", "--config", desk(t), "--account", k.In)
		cmd.Dir = t.TempDir()
		cmd.Env = environ(cmd.Dir)
		out, err := cmd.CombinedOutput()
		if got := exitStatus(t, err); got != 2 && got != 4 {
			t.Errorf("%s: exit status %d", k.Name, got)
		}
		for _, v := range printed(out) {
			t.Errorf("%s: %s", k.Name, v)
		}
	}
}
