package models

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// pulseAPI answers as the API of zq's platform does: bare objects and arrays, no
// token, lists by pages.
func pulseAPI(t *testing.T) *httptest.Server {
	t.Helper()
	utcAt := func(minutes int) string {
		return time.Now().UTC().Add(-time.Duration(minutes) * time.Minute).Format(time.RFC3339Nano)
	}
	page := func(r *http.Request, row func(i int) object) any {
		var rows []object
		for i := range 20 {
			rows = append(rows, row(i))
		}
		return object{{"count", len(rows)}, {"next", nil}, {"previous", nil}, {"results", rows}}
	}
	answers := map[string]func(*http.Request) any{
		"account/info": func(*http.Request) any {
			return object{{"login", 70423}, {"balance", 48250.75}, {"equity", 48600.5}, {"margin", 1210.0}, {"free_margin", 47390.0}, {"profit", 349.75}, {"currency", "USD"}, {"leverage", 100}}
		},
		"account/positions": func(*http.Request) any {
			return []object{{{"ticket", 9001}, {"symbol", "EURUSD"}, {"type", 0}, {"volume", .5}, {"price_open", 1.0811}, {"price_current", 1.0834}, {"profit", 116.5}, {"sl", 1.079}, {"tp", 1.09}, {"time", time.Now().Unix() - 3600}}}
		},
		"account/risk": func(*http.Request) any { return object{{"sod_equity", 48250.75}, {"used_pct", 12.5}} },
		"equity/today": func(*http.Request) any {
			return []object{{{"ts", utcAt(10)}, {"equity", 48500.5}}, {{"ts", utcAt(0)}, {"equity", 48600.5}}}
		},
		"feed/equity": func(*http.Request) any {
			return object{{"session_pnl", 349.3}, {"markers", object{{"daily_target", 482.5}, {"hard", nil}}}}
		},
		"trades/recent": func(*http.Request) any {
			return []object{{{"id", 1}, {"symbol", "EURUSD"}, {"side", "buy"}, {"pnl", 42.0}}}
		},
		"trades/history": func(*http.Request) any {
			return []object{{{"id", 1}, {"symbol", "EURUSD"}, {"direction", "BUY"}, {"pnl", 42.0}}}
		},
		"feed/equity/series": func(*http.Request) any {
			return object{{"points", []object{{{"ts", utcAt(10)}, {"pnl", 249.75}}, {{"ts", utcAt(0)}, {"pnl", 349.75}}}}}
		},
		"ticks/": func(r *http.Request) any {
			return page(r, func(i int) object {
				return object{{"id", i}, {"symbol", r.URL.Query().Get("symbol")}, {"time", utcAt(i)}, {"bid", "1.08340"}, {"ask", "1.08349"}, {"last", nil}}
			})
		},
		"bars/": func(r *http.Request) any {
			return page(r, func(i int) object {
				return object{{"symbol", r.URL.Query().Get("symbol")}, {"time", utcAt(15 * i)}, {"open", "1.0834"}, {"high", "1.0840"}, {"low", "1.0830"}, {"close", "1.0836"}, {"volume", 120 + i}}
			})
		},
		"market/mini": func(*http.Request) any {
			return object{{"vix", object{{"series", []float64{14.1, 13.9}}}}, {"dxy", object{{"series", []float64{103.2, 103.3}}}}, {"news", object{{"label", "US CPI"}, {"countdown", 5400}}}}
		},
		"market/symbols": func(*http.Request) any { return object{{"symbols", []string{"EURUSD", "XAUUSD"}}} },
		"pulse/risk/summary": func(*http.Request) any {
			return object{{"risk_left", 87.5}, {"trades_left", 3}, {"daily_risk_used", 12.5}, {"status", "Stable"}}
		},
	}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := answers[strings.TrimPrefix(r.URL.Path, "/api/v1/")]
		if answer == nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(dumps(answer(r))))
	}))
	t.Cleanup(api.Close)
	return api
}

// withFallback are the data that the API has too, by what of it is expected.
var withFallback = map[string]any{
	"account": map[string]any{"equity": 48600.5}, "risk": map[string]any{"risk_left": 87.5}, "limits": map[string]any{"sod_equity": 48250.75}, "session": map[string]any{"session_pnl": 349.3},
	"quote.EURUSD": map[string]any{"bid": 1.0834}, "quote.XAUUSD": map[string]any{"symbol": "XAUUSD"}, "news": map[string]any{"label": "US CPI"},
	"positions": nil, "equity": nil, "day": nil, "cached_bars.EURUSD": nil, "vix": nil, "dxy": nil, "session_pnl": nil, "trades": nil, "history": nil,
}

// TestPulse_FallsBackToTheAPI: with an empty Redis the API says which preset it
// is and has the data; the same once the keys are gone.
func TestPulse_FallsBackToTheAPI(t *testing.T) {
	t.Parallel()
	s, api := servertest.Redis(t), pulseAPI(t)
	conn := s.Dial()
	empty := func() { _, _ = conn.Do("FLUSHALL") }
	for _, c := range []struct {
		name  string
		begin func()
		state string
	}{
		{"at a start with an empty Redis", empty, "fallback"},
		{"while the keys are there", func() { produce(t, &zq, s) }, "live"},
		{"when the keys are gone", empty, "fallback"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.begin()
			data := pulseSnapshot(t, s, api)
			for name, fields := range withFallback {
				got := data[name]
				state := c.state
				if state == "live" && !strings.Contains("account risk positions equity quote.EURUSD quote.XAUUSD day cached_bars.EURUSD", name) {
					state = "fallback" // only the API has it
				}
				if got.State != state {
					t.Errorf("%s is %q, want %s: %s", name, got.State, state, got.Error)
				}
				want, _ := fields.(map[string]any)
				value, _ := got.Value.(map[string]any)
				for f, v := range want {
					if state == "fallback" && !same(v, value[f]) {
						t.Errorf("%s.%s is %v, want %v", name, f, value[f], v)
					}
				}
			}
		})
	}
}

// pulseSnapshot is what ticktop snapshot prints with nothing but the addresses.
func pulseSnapshot(t *testing.T, s *servertest.Server, api *httptest.Server) map[string]printed {
	t.Helper()
	out, _ := command(t, "snapshot", "--redis", s.URL(), "--api", api.URL, "--format", "json")
	var all struct {
		Config string
		Data   map[string]printed
	}
	d := json.NewDecoder(strings.NewReader(out))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	if all.Config != "preset:pulse" {
		t.Errorf("the configuration is %q", all.Config)
	}
	return all.Data
}

// TestPulse_ScreenFollowsTheKeys: a dashboard that began with an empty Redis
// shows the API's values, takes the keys when they come, and the API's again,
// marked, when they go.
func TestPulse_ScreenFollowsTheKeys(t *testing.T) {
	t.Parallel()
	s, api := servertest.Redis(t), pulseAPI(t)
	p := openTerminal(t, 120, 40, program(t), "--redis", s.URL(), "--api", api.URL)
	for _, want := range []string{`48,600\.50`, `EURUSD +1\.083`, `Positions · 1 open`, `◐`} {
		p.waitFor(t, want)
	}
	stop := zq.produceOn(t, s)
	defer stop()
	for _, want := range []string{`48,9\d\d\.\d\d`, `USDJPY +156`, `Positions · 2 open`} {
		p.waitFor(t, want)
	}
	stop()
	conn := s.Dial()
	if _, err := conn.Do("FLUSHALL"); err != nil {
		t.Fatal(err)
	}
	p.waitFor(t, `48,600\.50`)
	p.waitFor(t, fmt.Sprintf(`Positions · %d open`, 1))
}
