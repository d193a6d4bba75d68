package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLoadUsers_BrokenElsewhere: whatever else is wrong, the list of users is
// read as far as that is certain.
func TestLoadUsers_BrokenElsewhere(t *testing.T) {
	const ana = "users:\n  - {name: ana, key: k1, vars: {account: [A, B]}, pages: [Desk], private: true}\n"
	for _, tc := range []struct{ name, yaml, want, err string }{
		{"nothing wrong", ana, "ana", ""},
		{"an unknown key", "nonsense: 1\n" + ana, "ana", ""},
		{"a page of another shape", "pages: 7\n" + ana, "ana", ""},
		{"a list of nobody", "redis: {url: [}\nusers: []\n", "", "not valid YAML"},
		{"everybody taken away", "poll: x\nusers: []\n", "", ""},
		{"no users at all", "poll: x\n", "", "no users"},
		{"twice", ana + ana, "", "twice"},
		{"an unknown key of a user", "users:\n  - {name: ana, keyy: k1}\n", "", "keyy"},
		{"cut short", ana + "pages: [{name: \"De", "", "YAML"},
		{"an anchor", "x: &k [k1]\nusers:\n  - {name: ana, key: *k}\n", "ana", ""},
		{"empty", "", "", "one YAML document"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "c.yaml")
			if err := os.WriteFile(file, []byte(tc.yaml), 0o600); err != nil {
				t.Fatal(err)
			}
			users, err := LoadUsers(Options{File: file})
			if (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Fatalf("%v, want %q", err, tc.err)
			}
			var names []string
			for _, u := range users {
				names = append(names, u.Name)
				if len(u.Keys) != 1 || u.Keys[0] != "k1" {
					t.Errorf("keys %v", u.Keys)
				}
			}
			if got := strings.Join(names, ","); got != tc.want {
				t.Errorf("users %q, want %q", got, tc.want)
			}
		})
	}
	if _, err := LoadUsers(Options{File: filepath.Join(t.TempDir(), "none.yaml")}); err == nil {
		t.Error("a file that is gone is not said")
	}
}
