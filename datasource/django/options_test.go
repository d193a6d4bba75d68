package django

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

func tokenFile(t testing.TB, token string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "token")
	writeToken(t, name, token)
	return name
}

// writeToken writes the file with its own time, for two writes may fall
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

// TestIdentity: answers are shared by everything that an answer depends
// on, and holds nothing of the token.
func TestIdentity(t *testing.T) {
	req := func(path string, kind datasource.Kind) *datasource.Request {
		return &datasource.Request{Ref: &datasource.Ref{Kind: kind, Fallback: datasource.Endpoint{Path: path}}}
	}
	of := func(o Options, r *datasource.Request) string {
		c, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		return c.Identity(r)
	}
	text := req("/a/", datasource.KindString)
	base := of(Options{BaseURL: "http://h", Token: "hunter22"}, text)
	if again := of(Options{BaseURL: "http://h/", Token: "hunter22"}, text); again != base {
		t.Errorf("the same has two identities: %s, %s", base, again)
	}
	seen := map[string]bool{base: true}
	for name, id := range map[string]string{
		"another api":    of(Options{BaseURL: "http://other", Token: "hunter22"}, text),
		"another token":  of(Options{BaseURL: "http://h", Token: "hunter23"}, text),
		"another scheme": of(Options{BaseURL: "http://h", Token: "hunter22", Scheme: "Bearer"}, text),
		"a password":     of(Options{BaseURL: "http://ana:hunter22@h"}, text),
		"no token":       of(Options{BaseURL: "http://h"}, text),
		"another path":   of(Options{BaseURL: "http://h", Token: "hunter22"}, req("/b/", datasource.KindString)),
		"fewer rows":     of(Options{BaseURL: "http://h", Token: "hunter22"}, req("/a/", datasource.KindList)),
	} {
		if seen[id] {
			t.Errorf("%s is not told apart: %s", name, id)
		}
		seen[id] = true
		if strings.Contains(id, "hunter") || strings.Contains(id, "ana") {
			t.Errorf("%s: tells a secret: %s", name, id)
		}
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

// checkResolved: whatever the path, it stays below the base or is refused.
func checkResolved(t *testing.T, c *Client, path string) {
	t.Helper()
	u, err := c.resolve(path)
	if err != nil {
		return
	}
	if u.Scheme != "https" || u.Host != "api.example" || u.User != nil || u.Fragment != "" || !strings.HasPrefix(u.EscapedPath(), "/base/") {
		t.Errorf("%.60q became %.200s", path, u)
	}
	for _, step := range strings.Split(u.Path, "/") {
		if step == "." || step == ".." {
			t.Errorf("%.60q became %.200s, which climbs", path, u)
		}
	}
}

func newBased(t testing.TB) *Client {
	c, err := New(Options{BaseURL: "https://api.example/base/"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestHostileKeysKeepThePath: an escaped key is one segment, or is refused.
func TestHostileKeysKeepThePath(t *testing.T) {
	c := newBased(t)
	for _, k := range append(hostile.Keys(), hostile.Texts()...) {
		t.Run(k.Name, func(t *testing.T) {
			path := "/api/accounts/" + url.PathEscape(k.In) + "/equity/"
			checkResolved(t, c, path)
			u, err := c.resolve(path)
			if err != nil {
				return
			}
			steps := strings.Split(u.EscapedPath(), "/")
			if len(steps) != 7 || steps[3] != "accounts" || steps[5] != "equity" || u.RawQuery != "" {
				t.Errorf("%.60q became %.200s", k.In, u)
			}
		})
	}
}

func FuzzResolve(f *testing.F) {
	for _, k := range hostile.Keys() {
		f.Add("/api/accounts/" + k.In + "/")
		f.Add("/api/accounts/?account=" + url.QueryEscape(k.In))
	}
	c := newBased(f)
	f.Fuzz(func(t *testing.T, path string) { checkResolved(t, c, path) })
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

// TestTLS_PrivateCA: case 26, an API with a certificate of a private authority,
// and one that wants a client's.
func TestTLS_PrivateCA(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, "{}") }))
	t.Cleanup(srv.Close)
	dir := t.TempDir()
	ca, empty := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "empty.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
	for name, b := range map[string][]byte{ca: block, empty: []byte("none")} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name  string
		edit  func(*Options)
		class datasource.Class // ClassUnknown: it is read
	}{
		{"without", nil, datasource.ClassTLS},
		{"ca", func(o *Options) { o.CAFile = ca }, datasource.ClassUnknown},
		{"insecure", func(o *Options) { o.Insecure = true }, datasource.ClassUnknown},
	} {
		raw := read(dial(t, srv.URL, c.edit), "/a/")
		if c.class == datasource.ClassUnknown && raw.Err != nil || c.class != datasource.ClassUnknown && datasource.ClassOf(raw.Err) != c.class {
			t.Errorf("%s: %v", c.name, raw.Err)
		}
	}
	for want, o := range map[string]Options{
		"api tls.ca: " + empty + " holds no certificate": {CAFile: empty},
		"no such file":                   {CAFile: filepath.Join(dir, "nowhere.pem")},
		"not a small file":               {CAFile: "/dev/zero"},
		"tls.cert and tls.key belong to": {CertFile: ca},
		"api tls.cert":                   {CertFile: ca, KeyFile: empty},
	} {
		o.BaseURL = srv.URL
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
