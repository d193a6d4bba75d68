package django

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ticktop/datasource/hostile"
)

func tokenFile(t testing.TB, token string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "token")
	writeToken(t, name, token)
	return name
}

// writeToken writes the file with a time of its own, for two writes may fall
// into one tick of the file system's clock.
func writeToken(t testing.TB, name, token string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1_700_000_000+int64(len(token))*1000, 0)
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, "http:// or https://"},
		{Options{BaseURL: "api.example"}, "http:// or https://"},
		{Options{BaseURL: "ftp://api.example"}, "http:// or https://"},
		{Options{BaseURL: "https://"}, "no host"},
		{Options{BaseURL: "https://user:hunter2@ho st/"}, "cannot be read"},
		{Options{BaseURL: "https://api.example", Scheme: "Basic"}, "Token or Bearer"},
		{Options{BaseURL: "https://api.example", Token: "a", TokenFile: "b"}, "both"},
		{Options{BaseURL: "https://api.example", Token: "hunter2\r\nX-Evil: 1"}, "control character"},
	} {
		_, err := New(c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v, want %q", c.o, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a secret is quoted: %v", err)
		}
	}
}

func TestStringRedacts(t *testing.T) {
	c, err := New(Options{BaseURL: "https://bob:hunter2@api.example/base/?key=hunter2"})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.String(); got != "https://api.example/base/" {
		t.Error(got)
	}
}

func TestTokenFileFaults(t *testing.T) {
	api := &fakeAPI{respond: always(200, "{}")}
	missing := newTest(t, api, func(o *Options) { o.Token, o.TokenFile = "", "/nonexistent/token" })
	if f := faultOf(t, read(missing, "/a/")); !strings.Contains(f.Error(), "token file cannot be read") {
		t.Errorf("got %q", f)
	}
	if api.count() != 0 {
		t.Error("asked without the token")
	}
	// A token once read stays in use when its file goes.
	name := tokenFile(t, "abc")
	c := newTest(t, api, func(o *Options) { o.Token, o.TokenFile = "", name })
	if raw := read(c, "/a/"); raw.Err != nil {
		t.Fatal(raw.Err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if raw := read(c, "/b/"); raw.Err != nil || api.auth[1] != "Token abc" {
		t.Errorf("%v, sent %q", raw.Err, api.auth)
	}
}

func TestExpandPath(t *testing.T) {
	for _, c := range []struct{ template, value, want string }{
		{"/api/accounts/{v}/", "ACC-1001", "/api/accounts/ACC-1001/"},
		{"/api/accounts/{v}/", "A:B", "/api/accounts/A:B/"},
		{"/api/accounts/{v}/", "*", "/api/accounts/%2A/"},
		{"/api/accounts/{v}/", "a b?c=d&e#f", "/api/accounts/a%20b%3Fc=d&e%23f/"},
		{"/api/accounts/{v}/", "a/b", "/api/accounts/a%2Fb/"},
		{"/api/accounts/{v}/", "日経", "/api/accounts/%E6%97%A5%E7%B5%8C/"},
		{"/api/accounts/{v}/", "../../x", ""},
		{"/api/accounts/{v}/", "..", ""},
		{"/api/accounts/{v}/", ".", ""},
		{"/api/accounts/{v}/", "", ""},
		{"/api/accounts/{v}/", "%2e%2e", ""},
		{"/api/accounts/{v}/", `..\..\x`, ""},
		{"/api/positions/?account={v}", "../../x", "/api/positions/?account=..%2F..%2Fx"},
		{"/api/positions/?account={v}&x=1", "A&x=2", "/api/positions/?account=A%26x%3D2&x=1"},
		{"/api/positions/?account={v}", "", "/api/positions/?account="},
		{"/api/{v}/?a={v}", "a b", "/api/a%20b/?a=a+b"},
		{"/api/{w}/", "x", ""},
		{"/api/{v/", "x", ""},
		{"/plain/", "x", "/plain/"},
	} {
		got, err := ExpandPath(c.template, map[string]string{"v": c.value})
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s with %q: got %q %v, want %q", c.template, c.value, got, err, c.want)
		}
	}
}

// checkExpanded: whatever the value, the path keeps its shape on the way to the
// server.
func checkExpanded(t *testing.T, c *Client, value string) {
	t.Helper()
	path, err := ExpandPath("/api/accounts/{v}/equity/", map[string]string{"v": value})
	if err != nil {
		return
	}
	u, err := c.resolve(path)
	if err != nil {
		t.Errorf("%.60q: %v", value, err)
		return
	}
	segments := strings.Split(u.EscapedPath(), "/")
	if u.Host != "api.example" || len(segments) != 7 || segments[1] != "base" || segments[3] != "accounts" || segments[5] != "equity" || u.RawQuery != "" || u.Fragment != "" {
		t.Errorf("%.60q became %.200s", value, u)
	}
	path, err = ExpandPath("/api/x/?a={v}&b=2", map[string]string{"v": value})
	if err != nil {
		t.Errorf("%.60q in a query: %v", value, err)
		return
	}
	if u, err = c.resolve(path); err != nil || len(u.Query()) != 2 || u.Query().Get("a") != value || u.Query().Get("b") != "2" {
		t.Errorf("%.60q in a query became %.200s: %v", value, u, err)
	}
}

func newBased(t testing.TB) *Client {
	c, err := New(Options{BaseURL: "https://api.example/base/"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestHostileKeysKeepThePath(t *testing.T) {
	c := newBased(t)
	for _, k := range append(hostile.Keys(), hostile.Texts()...) {
		t.Run(k.Name, func(t *testing.T) { checkExpanded(t, c, k.In) })
	}
}

func FuzzExpandPath(f *testing.F) {
	for _, k := range hostile.Keys() {
		f.Add(k.In)
	}
	c := newBased(f)
	f.Fuzz(func(t *testing.T, value string) { checkExpanded(t, c, value) })
}

func TestResolveRefuses(t *testing.T) {
	c := newBased(t)
	for _, path := range []string{"/a/../../b", "/%2e%2e/b", "/a/%2E./b", "/a\x00b\n", "/a/%zz"} {
		if u, err := c.resolve(path); err == nil {
			t.Errorf("%q became %s", path, u)
		}
	}
	for path, want := range map[string]string{
		"//evil.example/x":     "https://api.example/base//evil.example/x",
		"http://evil.example/": "https://api.example/base/http://evil.example/",
		"@evil.example/":       "https://api.example/base/@evil.example/",
		"a/b":                  "https://api.example/base/a/b",
		"/a/#frag":             "https://api.example/base/a/%23frag",
	} {
		if u, err := c.resolve(path); err != nil || u.String() != want {
			t.Errorf("%q became %v %v, want %s", path, u, err, want)
		}
	}
}
