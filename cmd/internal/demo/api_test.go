package demo

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// still is a demo whose market stands still, so that two looks at it see the
// same.
func still(t *testing.T) *Demo {
	t.Helper()
	m := NewMarket(MarketOptions{Seed: 1, Start: noon})
	r, err := newMemory()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Fill(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	a, err := newAPI(m, "secret")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.stop(); r.close() })
	return &Demo{market: m, redis: r, api: a}
}

func TestAPIPaths(t *testing.T) {
	d := still(t)
	for _, tc := range []struct {
		path   string
		status int
		want   string
	}{
		{"/api/accounts/ACC-1001/", 200, `"currency":"USD","equity":"`},
		{"/api/accounts/ACC-9/", 404, `{"detail":"Not found."}`},
		{"/api/accounts/ACC-1001/x/", 404, `{"detail":`},
		{"/api/accounts/ACC-1001/equity/", 200, `{"account":"ACC-1001","points":[{"ts":`},
		{"/api/accounts/ACC-1001/orders/", 200, `"type":"`},
		{"/api/accounts/", 200, `"count":3,"next":null,"previous":null,"results":[{`},
		{"/api/quotes/EURUSD/", 200, `{"symbol":"EURUSD","bid":"1.0`},
		{"/api/quotes/", 200, `"count":12,`},
		{"/api/quotes/NOPE/", 404, `{"detail":`},
		{"/api/prices/XAUUSD/", 200, `{"symbol":"XAUUSD","points":[{"ts":`},
		{"/api/positions/?account=ACC-1001", 200, `"results":[{"ticket":`},
		{"/api/positions/?account=nobody", 200, `{"count":0,"next":null,"previous":null,"results":[]}`},
		{"/api/orders/?account=ACC-1002", 200, `"status":"working"`},
		{"/api/notifications/?account=ACC-1003", 200, `"account":"ACC-1003"`},
		{"/api/flags/", 200, `{"kill_switch":false,"trading_enabled":true,`},
		{"/api/flags/hedging/", 200, `{"name":"hedging","enabled":true}`},
		{"/api/flags/nope/", 404, `{"detail":`},
		{"/api/counters/", 200, `{"open_orders":`},
		{"/api/counters/rejects/", 200, `{"name":"rejects","value":`},
		{"/api/accounts/../../x/", 404, `{"detail":`},
		{"/elsewhere/", 404, `{"detail":`},
		{"/", 404, `{"detail":`},
		{"/api/quotes/?page=99", 404, `{"detail":"Invalid page."}`},
		{"/api/quotes/?page=x", 404, `{"detail":"Invalid page."}`},
		{"/api/accounts/ACC-1001", 301, ""},
	} {
		resp, body := get(t, d, tc.path)
		if resp.StatusCode != tc.status || !strings.Contains(body, tc.want) {
			t.Errorf("%s: %d %.200s, want %d %s", tc.path, resp.StatusCode, body, tc.status, tc.want)
		}
		if tc.status != 301 && (resp.Header.Get("Content-Type") != "application/json" || !json.Valid([]byte(body))) {
			t.Errorf("%s: %s: %.80s", tc.path, resp.Header.Get("Content-Type"), body)
		}
	}
	if resp, _ := get(t, d, "/api/positions?account=A"); resp.Header.Get("Location") != "/api/positions/?account=A" {
		t.Errorf("sent to %q", resp.Header.Get("Location"))
	}
}

func TestAPIPages(t *testing.T) {
	d := still(t)
	var symbols []string
	next := d.APIURL() + "/api/quotes/?page_size=5"
	for pages := 0; next != "" && pages < 10; pages++ {
		u, err := url.Parse(next)
		if err != nil || u.Host != d.api.addr {
			t.Fatalf("next is %q", next)
		}
		_, body := get(t, d, u.RequestURI())
		var page struct {
			Count   int
			Next    string
			Results []struct{ Symbol string }
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil || page.Count != 12 {
			t.Fatalf("%v: %s", err, body)
		}
		for _, r := range page.Results {
			symbols = append(symbols, r.Symbol)
		}
		next = page.Next
	}
	if !slices.Equal(symbols, SymbolNames(0)) {
		t.Errorf("pages have %q", symbols)
	}
}

func TestAPITokens(t *testing.T) {
	d := still(t)
	for header, want := range map[string]string{
		"":                       "Authentication credentials were not provided.",
		"Bearer " + d.Token():    "Authentication credentials were not provided.",
		"Token wrong":            "Invalid token.",
		"Token":                  "Invalid token.",
		"Token " + d.Token()[1:]: "Invalid token.",
	} {
		resp, body := get(t, d, "/api/flags/", "Authorization", header)
		if resp.StatusCode != http.StatusUnauthorized || !strings.Contains(body, want) || resp.Header.Get("WWW-Authenticate") != "Token" {
			t.Errorf("%q: %s %s", header, resp.Status, body)
		}
	}
}

// TestAPIAgreesWithRedis compares every value that both have.
func TestAPIAgreesWithRedis(t *testing.T) {
	d := still(t)
	fields := func(body string) map[string]string {
		var m map[string]any
		dec := json.NewDecoder(strings.NewReader(body))
		dec.UseNumber()
		if err := dec.Decode(&m); err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for k, v := range m {
			switch v := v.(type) {
			case string:
				out[k] = v
			case json.Number:
				out[k] = v.String()
			}
		}
		return out
	}
	for _, id := range AccountIDs() {
		_, body := get(t, d, "/api/accounts/"+id+"/")
		api := fields(body)
		keys, err := d.redis.m.HKeys("account:" + id)
		if err != nil || len(keys) != len(api) {
			t.Errorf("%s: %d fields in redis, %d in the api, %v", id, len(keys), len(api), err)
		}
		for _, k := range keys {
			if v := d.redis.m.HGet("account:"+id, k); v != api[k] {
				t.Errorf("%s.%s: redis %s, api %s", id, k, v, api[k])
			}
		}
	}
	for _, s := range SymbolNames(0) {
		redis, err := d.redis.m.Get("quote:" + s)
		if err != nil {
			t.Fatal(err)
		}
		_, body := get(t, d, "/api/quotes/"+s+"/")
		a, b := fields(redis), fields(body)
		delete(a, "ts") // epoch milliseconds there, ISO 8601 here
		delete(b, "ts")
		for k := range a {
			if a[k] != b[k] {
				t.Errorf("%s.%s: redis %s, api %s", s, k, a[k], b[k])
			}
		}
		_, body = get(t, d, "/api/prices/"+s+"/")
		var series struct {
			Points []struct {
				TS    json.Number
				Price string
			}
		}
		if err := json.Unmarshal([]byte(body), &series); err != nil {
			t.Fatal(err)
		}
		members, err := d.redis.m.ZMembers("price:" + s)
		if err != nil || len(members) != len(series.Points) {
			t.Fatalf("%s: %d members, %d points, %v", s, len(members), len(series.Points), err)
		}
		for i, p := range series.Points {
			if members[i] != p.TS.String()+":"+p.Price {
				t.Errorf("%s: redis %s, api %v", s, members[i], p)
			}
		}
	}
}

func TestAPIConditional(t *testing.T) {
	d := still(t)
	const path = "/api/accounts/ACC-1001/"
	plain, body := get(t, d, path)
	strong := plain.Header.Get("ETag")
	if !strings.HasPrefix(strong, `"`) || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("plain answer has ETag %s", strong)
	}
	zipped, raw := get(t, d, path, "Accept-Encoding", "gzip")
	weak := zipped.Header.Get("ETag")
	if weak != "W/"+strong || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("compressed answer has ETag %s", weak)
	}
	z, err := gzip.NewReader(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || string(got) != body {
		t.Errorf("compressed answer is another one: %v", err)
	}
	for _, tag := range []string{strong, weak, `"x", ` + weak, "*"} {
		if resp, body := get(t, d, path, "If-None-Match", tag); resp.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("If-None-Match %s: %s", tag, resp.Status)
		}
	}
	if err := d.market.Step(t.Context(), d.redis); err != nil {
		t.Fatal(err)
	}
	run(t, d.market, d.redis, 2*time.Second)
	if resp, _ := get(t, d, path, "If-None-Match", strong); resp.StatusCode != http.StatusOK {
		t.Errorf("after a change: %s", resp.Status)
	}
	if resp, _ := get(t, d, "/api/flags/hedging/", "Accept-Encoding", "gzip"); resp.Header.Get("Content-Encoding") != "" {
		t.Error("a short answer is compressed")
	}
}

func TestAPIFaults(t *testing.T) {
	d := start(t, Options{})
	for _, tc := range []struct {
		id     string
		status int
		want   string
		header [2]string
	}{
		{FaultAPI500, 500, "Server Error (500)", [2]string{"Content-Type", "text/html; charset=utf-8"}},
		{FaultAPI429, 429, "Expected available in 12 seconds.", [2]string{"Retry-After", "12"}},
		{FaultAPIGarbage, 200, "<!doctype html>", [2]string{"Content-Type", "text/html; charset=utf-8"}},
		{FaultAPI401, 401, "Invalid token.", [2]string{"WWW-Authenticate", "Token"}},
	} {
		set(t, d, tc.id, true)
		resp, body := get(t, d, "/api/flags/")
		if resp.StatusCode != tc.status || !strings.Contains(body, tc.want) || resp.Header.Get(tc.header[0]) != tc.header[1] {
			t.Errorf("%s: %s %s %v", tc.id, resp.Status, body, resp.Header)
		}
		set(t, d, tc.id, false)
		if resp, _ := get(t, d, "/api/flags/"); resp.StatusCode != http.StatusOK {
			t.Errorf("%s did not heal: %s", tc.id, resp.Status)
		}
	}
	set(t, d, FaultAPISlow, true)
	impatient := http.Client{Timeout: 100 * time.Millisecond}
	if resp, err := impatient.Get(d.APIURL() + "/api/flags/"); err == nil {
		resp.Body.Close()
		t.Error("the slow api answered in time")
	}
	set(t, d, FaultAPISlow, false)
	set(t, d, FaultAPIDown, true)
	if resp, err := impatient.Get(d.APIURL() + "/api/flags/"); err == nil {
		resp.Body.Close()
		t.Error("the dead api answered")
	}
	set(t, d, FaultAPIDown, false)
	if resp, _ := get(t, d, "/api/flags/"); resp.StatusCode != http.StatusOK {
		t.Errorf("did not heal: %s", resp.Status)
	}
}
