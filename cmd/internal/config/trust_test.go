package config

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestTrust: what a found file may send. The first eight are the ways in which
// a secret could leave by a file that merely lay in the working directory.
func TestTrust(t *testing.T) {
	set := []string{"DJANGO_API_TOKEN=TOK", "AWS_SECRET_ACCESS_KEY=AWS", "REDIS_PASSWORD="}
	for _, c := range []struct {
		name, yaml, dotenv string
		env                []string
		want               string // what would be sent, of which file; "" is allowed
	}{
		{"1 password_file", "redis: {url: 'redis://elsewhere', password_file: ../id_ed25519}", "", nil, "ticktop.yaml: was only found here and would send the content of ../id_ed25519 to redis redis://elsewhere"},
		{"2 token_file", "api: {url: 'http://elsewhere', token_file: ../id_ed25519}", "", nil, "ticktop.yaml: was only found here and would send the content of ../id_ed25519 to api http://elsewhere"},
		{"3 token of the environment", "api: {url: 'http://elsewhere'}", "", set, "send DJANGO_API_TOKEN of the environment to api http://elsewhere"},
		{"4 variable in a path", "api: {url: 'http://elsewhere'}\ndata: {a: {string: a, fallback: {path: '/x/${AWS_SECRET_ACCESS_KEY}'}}}", "", set[1:], "send AWS_SECRET_ACCESS_KEY of the environment (in data.a.fallback.path) to api http://elsewhere"},
		{"5 .env names a file", "", "REDIS_URL=redis://elsewhere\nREDIS_PASSWORD_FILE=secret", nil, ".env: was only found here and would send"},
		{"6 .env and token of the environment", "", "DJANGO_API_URL=http://elsewhere", set, ".env: was only found here and would send DJANGO_API_TOKEN of the environment to api http://elsewhere"},
		{"7 .env names a token file", "", "DJANGO_API_URL=http://elsewhere\nDJANGO_API_TOKEN_FILE=secret", nil, ".env: was only found here and would send"},
		{"8 variable in an address of .env", "", "REDIS_URL=redis://:${AWS_SECRET_ACCESS_KEY}@elsewhere", set[1:], ".env: was only found here and would send AWS_SECRET_ACCESS_KEY"},

		{"variable in an address", "redis: {url: 'redis://:${AWS_SECRET_ACCESS_KEY}@elsewhere'}", "", set, "send AWS_SECRET_ACCESS_KEY of the environment"},
		{"variable in a key", "redis: {url: 'redis://elsewhere'}\ndata: {a: {string: 'a:${AWS_SECRET_ACCESS_KEY}'}}", "", set, "send AWS_SECRET_ACCESS_KEY"},
		{"variable in a header", "api: {url: 'http://elsewhere', headers: {X: '${AWS_SECRET_ACCESS_KEY}'}}", "", set[1:], "send AWS_SECRET_ACCESS_KEY of the environment (in api.headers.X)"},
		{"variable in the token", "api: {url: 'http://elsewhere', token: '${AWS_SECRET_ACCESS_KEY}'}", "", set[1:], "send AWS_SECRET_ACCESS_KEY"},
		{"variable in the host", "api: {url: 'http://${AWS_SECRET_ACCESS_KEY}.elsewhere'}", "", set[1:], "send AWS_SECRET_ACCESS_KEY"},
		{"default for the address", "api: {url: '${DJANGO_API_URL:-http://elsewhere}'}", "", set, "send DJANGO_API_TOKEN"},
		{"variable by .env in a key", "redis: {url: 'redis://elsewhere'}\ndata: {a: {string: 'a:${B}'}}", "B=${AWS_SECRET_ACCESS_KEY}", set, "send B of the environment (in data.a.string)"},
		{"token of .env", "api: {url: 'http://elsewhere'}", "DJANGO_API_TOKEN=T", nil, "send DJANGO_API_TOKEN"},
		{"found in Redis, sent elsewhere", "api: {url: 'http://elsewhere'}\nvars: {s: {set: secrets}}\ndata: {a: {string: 'a:{x}', for: {x: s}, fallback: {path: '/{x}'}}}", "", nil, "send what it looks up in Redis"},
		{"a file to the user's own server", "redis: {password_file: ../id_ed25519}", "", []string{"REDIS_URL=redis://mine"}, "send the content of ../id_ed25519"},
		{"hook", "hooks: {exec: [/bin/true]}", "", nil, "run /bin/true when an alert fires"},
		{"webhook", "hooks: {webhook: 'http://elsewhere'}", "", nil, "send alerts to http://elsewhere"},

		{"all in .env", "", "REDIS_URL=redis://:pw@h\nCACHE_TTL=5\nDJANGO_API_URL=http://h\nDJANGO_API_TOKEN=T", nil, ""},
		{"all in .env, with its own variables", "", "PW=x\nREDIS_URL=redis://:${PW}@h", nil, ""},
		{"both from the environment", "redis: {url: '${REDIS_URL}'}\napi: {url: '${DJANGO_API_URL}', token: '${DJANGO_API_TOKEN}'}", "", append([]string{"REDIS_URL=redis://h", "DJANGO_API_URL=http://h"}, set...), ""},
		{"both from the environment, own names", "redis: {url: 'redis://:${PW}@${HOST}:${PORT}/0'}", "", []string{"HOST=h", "PW=x", "PORT=1"}, ""},
		{"both from .env", "redis: {url: '${REDIS_URL}', password: '${REDIS_PASSWORD}'}", "REDIS_URL=redis://h\nREDIS_PASSWORD=x", nil, ""},
		{"host of .env from the environment", "", "REDIS_URL=redis://${HOST}:6379/0", []string{"HOST=h", "REDIS_PASSWORD=x"}, ""},
		{"all in the file", "redis: {url: 'redis://:pw@h', password: x}\napi: {url: 'http://h', token: T, headers: {X: y}}", "", nil, ""},
		{"default address", "data: {a: {string: a}}", "", set, ""},
		{"a text on screen", "data: {a: {string: a}}\npages: [{name: '${AWS_SECRET_ACCESS_KEY}', rows: [{widgets: [{type: text, data: a}]}]}]\nredis: {url: 'redis://h'}", "", set, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write := func(name, text string) {
				if text == "" {
					return
				}
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("ticktop.yaml", c.yaml)
			write(".env", c.dotenv)
			write("secret", "s3cret")
			vars := map[string]string{"XDG_CONFIG_HOME": t.TempDir()}
			for _, p := range c.env {
				k, v, _ := strings.Cut(p, "=")
				vars[k] = v
			}
			env, err := NewEnv(func(k string) (string, bool) { v, ok := vars[k]; return v, ok }, ".")
			if err != nil {
				t.Fatal(err)
			}
			_, err = Load(Options{Env: env})
			switch {
			case c.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "ticktop config trust")):
				t.Errorf("got %v\nwant %s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "AWS\n") {
				t.Errorf("the secret is shown: %v", err)
			}
			if c.want == "" {
				return
			}
			asked := false
			if _, err := Load(Options{Env: env, Trust: func(path string, content []byte, what []string) error {
				asked = len(what) > 0 && len(content) > 0 && (strings.HasSuffix(path, "ticktop.yaml") || strings.HasSuffix(path, ".env"))
				return nil
			}}); err != nil || !asked {
				t.Errorf("trusted: %v, asked %v", err, asked)
			}
			no := errors.New("no")
			if _, err := Load(Options{Env: env, Trust: func(string, []byte, []string) error { return no }}); !errors.Is(err, no) {
				t.Errorf("distrusted: %v", err)
			}
			if c.yaml != "" && c.dotenv == "" {
				if _, err := Load(Options{Env: env, File: "ticktop.yaml"}); err != nil {
					t.Errorf("a named file is asked about: %v", err)
				}
			}
		})
	}
}
