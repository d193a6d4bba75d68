package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"ticktop/datasource"
)

// FuzzParse: whatever a file holds, it gives a configuration that can be used
// or mistakes that are safe to print.
func FuzzParse(f *testing.F) {
	f.Add(Default())
	files, _ := filepath.Glob("testdata/errors/*.yaml")
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(strings.Repeat("[", 5000)))
	f.Add([]byte(strings.Repeat("- ", 5000)))
	f.Add([]byte(strings.Repeat("? ", 5000)))
	f.Add([]byte("a: &a {<<: *a}\n"))
	f.Add([]byte("vars: &v\n  a: *v\n"))
	f.Add([]byte("? [a]\n: b\n"))
	env := &Env{}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("fuzz.yaml", data, Options{Env: env})
		if err == nil {
			if _, err := c.Refs(c.Vars); err != nil {
				t.Fatalf("a checked configuration has no data: %v", err)
			}
			if _, err := c.Pages(c.Vars, nil); err != nil {
				t.Fatalf("a checked configuration has no pages: %v", err)
			}
			return
		}
		var all Errors
		if !errors.As(err, &all) || len(all) == 0 || len(all) > maxErrs+1 {
			t.Fatalf("error of type %T", err)
		}
		for _, e := range all {
			for _, text := range append(strings.Split(e.Excerpt(), "\n"), e.Error()) {
				if strings.ContainsFunc(text, unicode.IsControl) {
					t.Fatalf("a control character in %q", text)
				}
			}
		}
	})
}

// FuzzPath: a variable never leaves its segment of an API path.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"../../x", "A:B", "*", "a/b", "?q=1", "#f", "%2e%2e", "..", "a\\b", "ü", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, v string) {
		if CheckVar("v", v) != nil {
			return
		}
		got, err := scope{vars: map[string][]string{"v": {v}}}.path("/api/{v}/x/?a={v}&b=1")
		if err != nil {
			t.Fatal(err)
		}
		path, query, _ := strings.Cut(got, "?")
		if strings.Count(path, "/") != 4 || strings.Contains(path, "..") || strings.Count(query, "&") != 1 || strings.Contains(got, "#") {
			t.Errorf("%q became %q", v, got)
		}
	})
}

// FuzzRedact: what is redacted holds nothing of the password.
func FuzzRedact(f *testing.F) {
	f.Add("hunter2hunter2")
	f.Add("p@ss/word:x#y?z=1")
	f.Fuzz(func(t *testing.T, pw string) {
		if len(pw) < 6 || strings.ContainsFunc(pw, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"'<>`, r) }) || strings.Trim(pw, "*@:redis/nal") == "" {
			return
		}
		got := RedactURL("redis://ana:" + pw + "@host:6379/0")
		if strings.Contains(got, pw) {
			t.Errorf("%q shows in %q", pw, got)
		}
		if Secret(pw).String() != masked {
			t.Error("a secret shows")
		}
		_ = datasource.Clean(got, datasource.MaxCell)
	})
}
