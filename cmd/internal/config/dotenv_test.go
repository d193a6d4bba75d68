package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dotenvOf reads a .env file beside the real environment of pairs.
func dotenvOf(t *testing.T, text string, pairs ...string) (*Env, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		set[k] = v
	}
	return NewEnv(func(k string) (string, bool) { v, ok := set[k]; return v, ok }, dir)
}

func TestDotenv_ReadsComposeSyntax(t *testing.T) {
	for _, c := range []struct {
		name, text, variable, want string
		env                        []string
	}{
		{"case 20: real environment", "REDIS_URL=redis://${HOST}:6379/0", "REDIS_URL", "redis://h9:6379/0", []string{"HOST=h9"}},
		{"case 20: real environment wins inside", "HOST=file\nREDIS_URL=redis://${HOST}:6379/0", "REDIS_URL", "redis://real:6379/0", []string{"HOST=real"}},
		{"case 20: earlier line", "HOST=file\nREDIS_URL=redis://$HOST:6379/0", "REDIS_URL", "redis://file:6379/0", nil},
		{"case 21: default", "REDIS_URL=${X:-redis://d:1}", "REDIS_URL", "redis://d:1", nil},
		{"case 21: default without colon", "REDIS_URL=${X-redis://d:1}", "REDIS_URL", "redis://d:1", nil},
		{"case 21: nested default", "REDIS_URL=${X:-${Y:-z}}", "REDIS_URL", "z", nil},
		{"case 21: alternative", "REDIS_URL=${X:+set}", "REDIS_URL", "set", []string{"X=1"}},
		{"case 21: single quotes", "REDIS_PASSWORD='Pa$WO7x'", "REDIS_PASSWORD", "Pa$WO7x", nil},
		{"case 21: escaped dollar", `REDIS_PASSWORD="Pa\$WO7x"`, "REDIS_PASSWORD", "Pa$WO7x", nil},
		{"case 21: doubled dollar", `REDIS_PASSWORD=Pa$$WO7x`, "REDIS_PASSWORD", "Pa$WO7x", nil},
		{"comment and export", "# c\nexport A=1 # one\n", "A", "1", nil},
		{"hash in quotes", `A="1 # one"`, "A", "1 # one", nil},
		{"lines in quotes", "A=\"1\n2\"\nB=3", "B", "3", nil},
		{"lines in quotes, value", "A=\"1\n2\"\nB=3", "A", "1\n2", nil},
		{"windows", "\ufeffA=1\r\nB=2\r\n", "B", "2", nil},
		{"may be unset", "A=x${REDIS_PASSWORD}", "A", "x", nil},
		{"overwritten", "A=1\nA=2", "A", "2", nil},
		{"after a bad line", "this is nothing\nA=1", "A", "1", nil},
		{"after an open quote", "B='x\nA=1", "A", "1", nil},
		{"yaml style", "A: yaml", "A", "yaml", nil},
		{"others are broken", "SECRET_KEY=django-$x3\nA=1", "A", "1", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := dotenvOf(t, c.text, c.env...)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := e.Get(c.variable); got != c.want || err != nil {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestDotenv_NamesWhatIsNotSet(t *testing.T) {
	for _, c := range []struct{ name, text, variable, want string }{
		{"case 20: nowhere", "REDIS_URL=redis://${HOST}:6379/0", "REDIS_URL", ".env:1: REDIS_URL: variable HOST is not set"},
		{"case 21: unquoted", "A=1\nREDIS_PASSWORD=Pa$WO7x", "REDIS_PASSWORD", ".env:2: REDIS_PASSWORD: variable WO7x is not set (set WO7x, write ${WO7x:-default}, or put a value with $ in single quotes"},
		{"case 21: double quotes", `REDIS_PASSWORD="Pa$WO7x"`, "REDIS_PASSWORD", "single quotes: REDIS_PASSWORD='…'"},
		{"by another", "A=${HOST}\nREDIS_URL=$A", "REDIS_URL", "variable HOST is not set"},
		{"both forms", "A=${X:-1}$X", "A", "variable X is not set"},
		{"open quote", "A=\"x", "A", ".env:1: A: the quote is not closed"},
		{"required", "A=${X:?say so}", "A", ".env:1: A: cannot be read"},
		{"in the name of a file", "A_FILE=${X}/f", "A", "variable X is not set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := dotenvOf(t, c.text)
			if err != nil {
				t.Fatal(err)
			}
			_, err = e.Get(c.variable)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want %s", err, c.want)
			}
		})
	}
	e, err := dotenvOf(t, "REDIS_URL=redis://${HOST}:6379/0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse("x.yaml", nil, Options{Env: e}); err == nil || !strings.Contains(err.Error(), "HOST is not set") {
		t.Errorf("the configuration is made with a broken REDIS_URL: %v", err)
	}
	if c, err := Parse("x.yaml", nil, Options{Env: e, Overrides: Overrides{Redis: "redis://flag:1"}}); err != nil || c.Redis.URL != "redis://flag:1" {
		t.Errorf("a broken REDIS_URL is in the way of --redis: %v", err)
	}
}

// TestDotenv_PassesOver (case 22): folders and lines that are no assignment.
func TestDotenv_PassesOver(t *testing.T) {
	e, err := dotenvOf(t, "A=1\nthis is no assignment\n\nhello\n=x\nB=2\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(e.Warnings, "; "), ".env:2: is not an assignment (NAME=value); .env:4: is not an assignment (NAME=value); .env:5: is not an assignment (NAME=value)"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".env"), 0o700); err != nil {
		t.Fatal(err)
	}
	if e, err := NewEnv(nil, dir); err != nil || len(e.Warnings) != 0 {
		t.Errorf("a folder named .env: %v, %v", e, err)
	}
}

// TestEnvironment_UnsetInFile: an unset variable is named, not taken for an
// empty one.
func TestEnvironment_UnsetInFile(t *testing.T) {
	for text, want := range map[string]string{
		"redis: {url: 'redis://${HOST}'}":             "1:14: environment variable HOST is not set; set it, or write ${HOST:-default}",
		"redis: {url: '${REDIS_URL}'}":                "",
		"api: {url: 'http://h', token: '${TOKEN:-}'}": "",
		"api: {headers: {X-Key: '${KEY}'}}":           "environment variable KEY is not set",
	} {
		_, err := Parse("x.yaml", []byte(text), Options{Env: envOf(t)})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
}
