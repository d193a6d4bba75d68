package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
			if _, err := c.Refs(c.Vars, time.Now()); err != nil {
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
		got, err := scope{vars: map[string][]string{"v": {v}}}.fillPath("/api/{v}/x/?a={v}&b=1")
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

// FuzzDuration: a span is refused in words that are safe to print, or means
// the same when it is written as Go writes it; never less than nothing.
func FuzzDuration(f *testing.F) {
	for _, s := range []string{"60", "90s", "1h 30m", "-5s", "1e9", "9999999999999999999", "4h\x1b[2J", "", "０", "1µs", "-0", "+60", "0x10", "1_0", ".5s", "9223372036s"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := parseDuration(s)
		if err != nil {
			if strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Errorf("a control character in %q", err)
			}
			return
		}
		if again, err := parseDuration(d.String()); d < 0 || err != nil || again != d {
			t.Errorf("%q is %v, which is %v, %v", s, d, again, err)
		}
		var z Size
		if z.decodeText(s) == nil && (z.Den == 0 && z.Cells < 1 || z.Den != 0 && (z.Num < 1 || z.Num > z.Den)) {
			t.Errorf("%q is a size of %+v", s, z)
		}
	})
}

// FuzzDotenv: a .env is read or refused without a word of it being told, and
// what it sets is filled in once: a value that looks like a variable stays text.
func FuzzDotenv(f *testing.F) {
	for _, s := range []string{
		"A=1\nexport B='two words'\n# c\n", "A=${B}\nB=${A}", "A=\"x\\ny\"", "=", "A", "A=\x1b]52;c;AA\x07", "\xff\xfe=1", "A='", strings.Repeat("A=$A", 50),
		"REDIS_URL=redis://:hunter2hunter2@h\nx y z\n", "A='hunter2hunter2\nB=1", "A=${hunter2hunter2:?x}", "A=${B:-${C}}$B", "\ufeffA=1", "A=1\r\nB=2\r\n", "A: yaml", "A=$", "A=${", "A=\\",
	} {
		f.Add(s)
	}
	dir := f.TempDir()
	path := filepath.Join(dir, ".env")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := NewEnv(nil, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range e.Warnings {
			if strings.Contains(w, "hunter2") {
				t.Errorf("a warning quotes the file: %s", w)
			}
		}
		for name, err := range e.broken {
			if strings.Contains(err.Error(), "hunter2") && !strings.Contains(err.Error(), "is not set") {
				t.Errorf("%s: the mistake quotes the file: %v", name, err)
			}
		}
		for name, want := range e.dotenv {
			if !envName(name) || want == "" || e.broken[name] != nil {
				continue
			}
			if got, err := e.expandText("<${" + name + "}>"); err != nil || got != "<"+want+">" {
				t.Errorf("%s is %q, filled in as %q, %v", name, want, got, err)
			}
		}
	})
}
