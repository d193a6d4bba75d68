package demo

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func start(t *testing.T, o Options) *Demo {
	t.Helper()
	d, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// get asks the API and returns status and body.
func get(t *testing.T, d *Demo, path string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.APIURL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Token "+d.Token())
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	tr := &http.Transport{DisableCompression: true}
	defer tr.CloseIdleConnections()
	resp, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestStartHasEverything(t *testing.T) {
	d := start(t, Options{Seed: 1})
	want := []string{"account:", "equity:", "orders:", "positions:"}
	for _, id := range AccountIDs() {
		for _, family := range want {
			if !d.redis.m.Exists(family + id) {
				t.Errorf("no %s%s", family, id)
			}
		}
	}
	for _, s := range SymbolNames(0) {
		if v, err := d.redis.m.Get("quote:" + s); err != nil || !strings.Contains(v, `"bid":`) {
			t.Errorf("quote:%s = %q, %v", s, v, err)
		}
		if members, err := d.redis.m.ZMembers("price:" + s); err != nil || len(members) < 500 {
			t.Errorf("price:%s has %d members, %v", s, len(members), err)
		}
	}
	if resp, body := get(t, d, "/api/accounts/ACC-1001/"); resp.StatusCode != http.StatusOK || !strings.Contains(body, `"equity":"`) {
		t.Errorf("api: %s %s", resp.Status, body)
	}
}
