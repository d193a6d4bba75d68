//go:build !windows

package config

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestFound_PipesAreRefused(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := syscall.Mkfifo(".env", 0o600); err != nil {
		t.Skip(err)
	}
	if _, err := NewEnv(nil, "."); err == nil || !strings.Contains(err.Error(), ".env: is not a regular file") {
		t.Errorf("a FIFO as .env: %v", err)
	}
	if err := syscall.Mkfifo("ticktop.yaml", 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(Options{Env: envOf(t)}); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
		t.Errorf("a FIFO as ./ticktop.yaml: %v", err)
	}
	// One that is named is read, also again on a reload.
	go func() { _ = os.WriteFile("ticktop.yaml", []byte("cache_ttl: 7\n"), 0o600) }()
	env := envOf(t)
	for range 2 {
		c, err := Load(Options{File: "ticktop.yaml", Env: env})
		if err != nil || c.CacheTTL.Seconds() != 7 || c.Path != "" {
			t.Errorf("a named FIFO: %+v, %v", c, err)
		}
	}
}
