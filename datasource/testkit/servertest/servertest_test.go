package servertest

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestRedisLifecycle(t *testing.T) {
	s := Redis(t, Password("s3cret"), UnixSocket(), User("ana", "on", ">pw", "~quote:*", "+get"))
	if got := s.Do("SET", "k", "v"); got != "OK" {
		t.Fatalf("SET = %v", got)
	}
	if _, err := os.Stat(s.Socket); err != nil {
		t.Fatal(err)
	}
	c := s.Dial()
	if _, err := c.Do("AUTH", "ana", "pw"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do("GET", "k"); err == nil || !strings.HasPrefix(err.Error(), "NOPERM") {
		t.Fatalf("GET as ana: %v, want NOPERM", err)
	}
	c = s.Dial()
	s.Stop()
	if err := c.Send("PING"); err != nil {
		t.Fatal(err)
	}
	s.Cont()
	if got, err := c.Receive(); got != "PONG" || err != nil {
		t.Fatalf("PING after Cont = %v, %v", got, err)
	}
	s.Kill()
	if _, err := net.DialTimeout("tcp", s.Addr(), time.Second); err == nil {
		t.Fatal("a killed server accepts")
	}
	s.Restart()
	if got := s.Do("EXISTS", "k"); got != int64(0) {
		t.Fatalf("EXISTS after restart = %v", got)
	}
}

func TestRedisTLS(t *testing.T) {
	s := Redis(t, TLS(true))
	if !strings.HasPrefix(s.URL(), "rediss://") || s.Do("PING") != "PONG" {
		t.Fatalf("no TLS at %s", s.URL())
	}
}

func TestSentinel(t *testing.T) {
	if m := Sentinel(t); m.Master() != m.Nodes[0] || !strings.HasSuffix(m.URL(), "/"+MasterName+"/0") {
		t.Fatalf("master %v at %s", m.Master(), m.URL())
	}
}

func TestCluster(t *testing.T) {
	c := Cluster(t, 3)
	for _, k := range []string{"a", "b", "c", "d"} {
		if got := c.Do("SET", k, k); got != "OK" {
			t.Fatalf("SET %s = %v", k, got)
		}
	}
}

func TestDjango(t *testing.T) {
	a := Django(t)
	get := func(path, token string) (int, http.Header, string) {
		t.Helper()
		req, _ := http.NewRequest(http.MethodGet, a.URL()+path, nil)
		req.Header.Set("Authorization", "Token "+token)
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, resp.Header, string(b)
	}
	for _, c := range []struct {
		path   string
		status int
		want   string
	}{
		{"/api/accounts/ACC-1001/", 200, `"equity":"48911.20"`},
		{"/api/accounts/nobody/", 404, `detail`},
		{"/api/accounts/ACC-1001/equity/", 200, `"points":[{"ts":"`},
		{"/api/quotes/EURUSD/", 200, `"bid":"1.08340"`},
		{"/api/positions/?account=ACC-1001", 200, `"next":"http://127.0.0.1`},
		{"/api/symbols/", 200, `["BTCUSD"`},
		{"/api/limits/", 200, `"500.00"`},
		{"/api/flags/maintenance/", 200, `"enabled":false`},
		{"/api/counters/orders_today/", 200, `"value":42`},
		{"/api/boom/", 500, `Server Error`},
		{"/api/nan/", 500, `Server Error`},
		{"/api/accounts/ACC-1001", 301, ``},
	} {
		if status, _, body := get(c.path, DjangoToken); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("GET %s = %d %.200s, want %d with %s", c.path, status, body, c.status, c.want)
		}
	}
	if status, _, _ := get("/api/limits/", "wrong"); status != 401 {
		t.Errorf("wrong token: %d", status)
	}
	if n := a.Reset().Total(); n != 13 {
		t.Errorf("asked %d times, want 13", n)
	}
	a.Fault(APIFault{Kind: "429", RetryAfter: "47"})
	if status, h, _ := get("/api/limits/", DjangoToken); status != 429 || h.Get("Retry-After") != "47" {
		t.Errorf("429: %d %v", status, h)
	}
	a.Heal()
	a.SetToken("another")
	a.Put("/api/limits/", map[string]any{"x": 1})
	if _, _, body := get("/api/limits/", "another"); !json.Valid([]byte(body)) || body != `{"x":1}` {
		t.Errorf("after Put: %s", body)
	}
}

func TestProxyModes(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() { // an echo server
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	p := Proxy(t, l.Addr().String())
	dial := func() net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", p.Addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	echo := func(c net.Conn, wait time.Duration) error {
		_ = c.SetDeadline(time.Now().Add(wait))
		if _, err := io.WriteString(c, "hello\n"); err != nil {
			return err
		}
		_, err := bufio.NewReader(c).ReadString('\n')
		return err
	}
	c := dial()
	if err := echo(c, startTimeout); err != nil {
		t.Fatalf("pass: %v", err)
	}
	p.Set(Slow)
	if err := echo(c, startTimeout); err != nil {
		t.Fatalf("slow: %v", err)
	}
	p.Set(Stall)
	if err := echo(c, 50*time.Millisecond); !os.IsTimeout(err) {
		t.Fatalf("stall: %v, want a time-out", err)
	}
	p.Set(Reset)
	if err := echo(c, startTimeout); err == nil || os.IsTimeout(err) {
		t.Fatalf("reset: %v, want a cut", err)
	}
	p.Set(Refuse)
	if err := echo(dial(), startTimeout); err == nil || os.IsTimeout(err) {
		t.Fatalf("refuse: %v, want a cut", err)
	}
	p.Set(Pass)
	if err := echo(dial(), startTimeout); err != nil {
		t.Fatalf("pass again: %v", err)
	}
}
