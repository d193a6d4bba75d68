package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// envOf is an environment of exactly these variables.
func envOf(t *testing.T, pairs ...string) *Env {
	t.Helper()
	m := map[string]string{}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		m[k] = v
	}
	e, err := NewEnv(func(k string) (string, bool) { v, ok := m[k]; return v, ok }, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func mustParse(t *testing.T, yaml string, o Options) *Config {
	t.Helper()
	if o.Env == nil {
		o.Env = envOf(t)
	}
	c, err := Parse("test.yaml", []byte(yaml), o)
	if err != nil {
		var all Errors
		if errors.As(err, &all) {
			for _, e := range all {
				t.Log(e, "\n", e.Excerpt())
			}
		}
		t.Fatal(err)
	}
	return c
}

func TestBuiltIn(t *testing.T) {
	c, err := Parse(BuiltIn, nil, Options{Env: envOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != BuiltIn || c.Redis.URL != "redis://localhost:6379/0" || c.CacheTTL != time.Minute || c.API.URL != "" {
		t.Errorf("built-in defaults: %+v", c)
	}
	refs, err := c.Refs(c.Vars, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]string{}
	for _, r := range refs {
		byName[r.Name] = r.Key + " " + r.Live + " " + r.Fallback.Path
	}
	if got, want := byName["quote.EURUSD"], "quote:EURUSD ticks:EURUSD /api/quotes/EURUSD/"; got != want {
		t.Errorf("quote.EURUSD = %q, want %q", got, want)
	}
	if _, err := c.Pages(c.Vars, nil); err != nil {
		t.Error(err)
	}
}

func TestPrecedence(t *testing.T) {
	file := "redis: {url: 'redis://file:1'}\ncache_ttl: 30s\n"
	for _, c := range []struct {
		name, flag string
		env        []string
		yaml, want string
		ttl        time.Duration
	}{
		{"default", "", nil, "{}", "redis://localhost:6379/0", time.Minute},
		{"file", "", nil, file, "redis://file:1", 30 * time.Second},
		{"environment", "", []string{"REDIS_URL=redis://env:1", "CACHE_TTL=90"}, file, "redis://env:1", 90 * time.Second},
		{"blanks around", "", []string{"REDIS_URL= redis://env:1\n", "CACHE_TTL= 90 "}, file, "redis://env:1", 90 * time.Second},
		{"over a zero", "", []string{"CACHE_TTL=90"}, "redis: {url: redis://file:1}\ncache_ttl: 0\n", "redis://file:1", 90 * time.Second},
		{"flag", "redis://flag:1", []string{"REDIS_URL=redis://env:1", "CACHE_TTL=1m30s"}, file, "redis://flag:1", 90 * time.Second},
		{"expanded", "", []string{"HOST=h9"}, "redis: {url: 'redis://${HOST}:${PORT:-7}'}", "redis://h9:7", time.Minute},
		{"expanded to nothing", "", nil, "redis: {url: '${REDIS_URL}${NOTHING:-}'}", "redis://localhost:6379/0", time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := mustParse(t, c.yaml, Options{Env: envOf(t, c.env...), Overrides: Overrides{Redis: c.flag}})
			if got.Redis.URL.Reveal() != c.want || got.CacheTTL != c.ttl {
				t.Errorf("url %q ttl %s, want %q %s", got.Redis.URL, got.CacheTTL, c.want, c.ttl)
			}
		})
	}
}

func TestDotEnv(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("REDIS_URL=redis://dotenv:1\nCACHE_TTL=5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env, err := NewEnv(func(k string) (string, bool) {
		return map[string]string{"CACHE_TTL": "7"}[k], k == "CACHE_TTL"
	}, dir)
	if err != nil {
		t.Fatal(err)
	}
	c := mustParse(t, "{}", Options{Env: env})
	if c.Redis.URL != "redis://dotenv:1" || c.CacheTTL != 7*time.Second {
		t.Errorf("url %s, ttl %s: the real environment must win over .env, .env over the default", c.Redis.URL, c.CacheTTL)
	}
}

// TestDotEnvWithMark: some editors begin a file with a byte order mark.
func TestDotEnvWithMark(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte("\ufeffREDIS_URL=redis://dotenv:1\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env, err := NewEnv(func(string) (string, bool) { return "", false }, dir)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := env.Get("REDIS_URL"); v != "redis://dotenv:1" || err != nil {
		t.Errorf("%q, %v", v, err)
	}
}

// TestPathsWithoutHome: nothing is looked for or written below the working
// directory.
func TestPathsWithoutHome(t *testing.T) {
	t.Setenv("HOME", "")
	p := FindPaths(nil, "")
	for _, path := range []string{p.State, p.Cache, p.Search[1]} {
		if !filepath.IsAbs(path) {
			t.Errorf("%q is relative", path)
		}
	}
}

func TestSecretsFromFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "s")
	if err := os.WriteFile(file, []byte("redis://:pw@h:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := mustParse(t, "api: {url: 'http://h', token: '${DJANGO_API_TOKEN}'}", Options{Env: envOf(t, "REDIS_URL_FILE="+file, "DJANGO_API_TOKEN_FILE="+file)})
	if c.Redis.URL.Reveal() != "redis://:pw@h:1" {
		t.Errorf("REDIS_URL_FILE gave %q", c.Redis.URL.Reveal())
	}
	if c.API.TokenFile != file || c.API.Token != "" {
		t.Errorf("DJANGO_API_TOKEN_FILE must be left to be read again: %q %q", c.API.TokenFile, c.API.Token.Reveal())
	}
	if _, err := Parse("x.yaml", nil, Options{Env: envOf(t, "REDIS_URL_FILE="+dir+"/none")}); err == nil || !strings.Contains(err.Error(), "REDIS_URL_FILE") {
		t.Errorf("a missing secret file gave %v", err)
	}
}

func TestVarsFromFlags(t *testing.T) {
	c := mustParse(t, "{}", Options{Overrides: Overrides{Vars: map[string]string{"account": "ACC-7", "symbols": "A, B,A,"}}})
	refs, err := c.Refs(c.Vars, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range refs {
		if strings.HasPrefix(r.Name, "quote.") || r.Name == "account" {
			names = append(names, r.Name+"="+r.Key)
		}
	}
	if got, want := strings.Join(names, " "), "account=account:ACC-7 quote.A=quote:A quote.B=quote:B"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestHostileVariables(t *testing.T) {
	yaml := `
vars: {account: x}
data:
  one: {hash: "account:{account}", live: "ticks:{account}", fallback: {path: "/api/accounts/{account}/?q={account}"}}
  two: {channel: "n:*:{account}"}
`
	for _, c := range []struct{ value, key, live, path, channel string }{
		{"../../x", "account:../../x", "ticks:../../x", "/api/accounts/%2E%2E%2F%2E%2E%2Fx/?q=..%2F..%2Fx", "n:*:../../x"},
		{"A:B", "account:A:B", "ticks:A:B", "/api/accounts/A:B/?q=A%3AB", "n:*:A:B"},
		{"*", "account:*", `ticks:\*`, "/api/accounts/%2A/?q=%2A", `n:*:\*`},
		{"a?b#c&d", "account:a?b#c&d", `ticks:a\?b#c&d`, "/api/accounts/a%3Fb%23c&d/?q=a%3Fb%23c%26d", `n:*:a\?b#c&d`},
		{"{account}", "account:{account}", "ticks:{account}", "/api/accounts/%7Baccount%7D/?q=%7Baccount%7D", "n:*:{account}"},
		{"${HOME}", "account:${HOME}", "ticks:${HOME}", "/api/accounts/$%7BHOME%7D/?q=%24%7BHOME%7D", "n:*:${HOME}"},
		{"BRK.B", "account:BRK.B", "ticks:BRK.B", "/api/accounts/BRK.B/?q=BRK.B", "n:*:BRK.B"},
	} {
		cfg := mustParse(t, yaml, Options{Overrides: Overrides{Vars: map[string]string{"account": c.value}}})
		refs, err := cfg.Refs(cfg.Vars, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		r := refs[0]
		if r.Key != c.key || r.Live != c.live || r.Fallback.Path != c.path || refs[1].Key != c.channel {
			t.Errorf("%q:\n got %s | %s | %s | %s\nwant %s | %s | %s | %s", c.value, r.Key, r.Live, r.Fallback.Path, refs[1].Key, c.key, c.live, c.path, c.channel)
		}
	}
	for _, bad := range []string{"", ".", "..", strings.Repeat("A", 600)} {
		if _, err := Parse("x", []byte(yaml), Options{Env: envOf(t), Overrides: Overrides{Vars: map[string]string{"account": bad}}}); err == nil {
			t.Errorf("account %.10q was accepted", bad)
		}
	}
}
