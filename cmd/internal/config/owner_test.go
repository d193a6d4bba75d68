//go:build !windows

package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFoundFiles: what merely lies in the working directory must be ours, and
// runs no program; what is named may be anybody's.
func TestFoundFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	named, err := filepath.Abs("ticktop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	load := func(env map[string]string, file string) error {
		e, err := NewEnv(func(k string) (string, bool) { v, ok := env[k]; return v, ok }, ".")
		if err == nil {
			_, err = Load(Options{File: file, Env: e})
		}
		return err
	}
	const hook = "hooks: {exec: [/bin/true]}\n"
	for _, c := range []struct {
		name, yaml string
		mode       os.FileMode
		uid        int
		dotenv     string
		env        map[string]string
		file, want string
	}{
		{name: "ours", yaml: "cache_ttl: 5s\n", mode: 0o644},
		{name: "everybody's", yaml: "cache_ttl: 5s\n", mode: 0o666, want: "can be written by everybody"},
		{name: "everybody's, named", yaml: "cache_ttl: 5s\n", mode: 0o666, file: "ticktop.yaml"},
		{name: "a stranger's", yaml: "cache_ttl: 5s\n", mode: 0o644, uid: 4711, want: "belongs to another user"},
		{name: "a stranger's, named by the environment", yaml: "cache_ttl: 5s\n", mode: 0o644, uid: 4711, env: map[string]string{"TICKTOP_CONFIG": named}},
		{name: "a program", yaml: hook, mode: 0o600, want: "would run /bin/true"},
		{name: "a program, named", yaml: hook, mode: 0o600, file: "ticktop.yaml"},
		{name: "a program, named by .env", yaml: hook, mode: 0o600, dotenv: "TICKTOP_CONFIG=" + named, want: "would run /bin/true"},
		{name: "a program, named by the environment", yaml: hook, mode: 0o600, env: map[string]string{"TICKTOP_CONFIG": named}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.uid != 0 && os.Geteuid() != 0 {
				t.Skip("only root can give a file away")
			}
			write("ticktop.yaml", c.yaml, c.mode)
			if err := os.Chown("ticktop.yaml", os.Geteuid()+c.uid, -1); err != nil {
				t.Fatal(err)
			}
			write(".env", c.dotenv, 0o600)
			err := load(c.env, c.file)
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	write(".env", "DJANGO_API_URL=http://evil.example\n", 0o666)
	if err := load(nil, ""); err == nil || !strings.Contains(err.Error(), "can be written by everybody") {
		t.Errorf("a .env of everybody's: %v", err)
	}
}
