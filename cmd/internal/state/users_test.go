package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUsers_EachHasAFileOfTheirOwn(t *testing.T) {
	dir := t.TempDir()
	u := OpenUsers(dir, func(err error) { t.Error(err) })
	u.Save("user ana", "built-in", "ana's")
	u.Save("key SHA256:bob", "built-in", "bob's")
	u.Save("user ana", "other.yaml", "ana's other")
	u.Save("", "built-in", "nobody's")
	if got := u.Load("user ana", "built-in"); got != "ana's" {
		t.Errorf("%q before it is written", got)
	}
	u.Close()
	u.Save("user ana", "built-in", "too late")
	again := OpenUsers(dir, nil)
	defer again.Close()
	for _, c := range []struct{ user, config, want string }{
		{"user ana", "built-in", "ana's"}, {"user ana", "other.yaml", "ana's other"}, {"key SHA256:bob", "built-in", "bob's"},
		{"user bob", "built-in", ""}, {"user ana\x00built-in", "", ""}, {"../ana", "built-in", ""}, {"", "built-in", ""},
	} {
		if got := again.Load(c.user, c.config); got != c.want {
			t.Errorf("%q with %q: %q, want %q", c.user, c.config, got, c.want)
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, usersDir, "*", fileName))
	if len(files) != 2 {
		t.Fatalf("files: %v", files)
	}
	for _, f := range files {
		text, _ := os.ReadFile(f)
		if strings.Contains(string(text), "ana's") == strings.Contains(string(text), "bob's") {
			t.Errorf("%s holds %s", f, text)
		}
		if info, _ := os.Stat(f); info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read %s", f)
		}
		if strings.Contains(f, "ana") || strings.Contains(f, "bob") {
			t.Errorf("%s names its user", f)
		}
	}
}

// TestUsers_SurvivesWhatItFinds: a file half written, of another version, or a
// directory that cannot be written cost the memory and nothing else.
func TestUsers_SurvivesWhatItFinds(t *testing.T) {
	dir := t.TempDir()
	u := OpenUsers(dir, nil)
	u.Save("user ana", "c", "one")
	u.Close()
	file := u.store("user ana").path
	for _, text := range []string{"", "{half", `[{"section":"screen","key":"c","value":17}]`, `{"version":9}`, strings.Repeat("x", maxFile+5)} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		v := OpenUsers(dir, func(err error) { t.Error(err) })
		if got := v.Load("user ana", "c"); got != "" {
			t.Errorf("%.20q: %q", text, got)
		}
		v.Save("user ana", "c", "two")
		v.Close()
		if got := v.Load("user ana", "c"); got != "two" {
			t.Errorf("%.20q: then %q", text, got)
		}
	}
	blocked := filepath.Join(dir, "blocked")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil { // a file where the directory should be
		t.Fatal(err)
	}
	failed := 0
	v := OpenUsers(blocked, func(error) { failed++ })
	v.Save("user ana", "c", "x")
	v.Save("user bob", "c", "x")
	v.Close()
	if failed != 1 {
		t.Errorf("said %d times that nothing is remembered", failed)
	}
}
