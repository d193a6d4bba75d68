package state

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestStore_Remembers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "ticktop")
	s := Open(dir)
	if _, ok := s.Preset("redis://h"); ok {
		t.Error("a new store remembers something")
	}
	for _, name := range []string{"pulse", "django", "django"} {
		if err := s.SetPreset("redis://h", name); err != nil {
			t.Fatal(err)
		}
	}
	if name, _ := Open(dir).Preset("redis://h"); name != "django" {
		t.Errorf("the preset is %q", name)
	}
	if err := s.Trust("/a/ticktop.yaml", []byte("one")); err != nil {
		t.Fatal(err)
	}
	if !s.Trusted("/a/ticktop.yaml", []byte("one")) || s.Trusted("/a/ticktop.yaml", []byte("two")) || s.Trusted("/b/ticktop.yaml", []byte("one")) {
		t.Error("trust is not by path and content")
	}
	info, err := os.Stat(s.path)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the file: %v, %v", info.Mode(), err)
	}
}

func TestStore_BrokenFileIsEmpty(t *testing.T) {
	dir := t.TempDir()
	s := Open(dir)
	if err := os.WriteFile(s.path, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Preset("a"); ok {
		t.Error("half a file remembers something")
	}
	if err := s.SetPreset("a", "b"); err != nil {
		t.Fatal(err)
	}
	if name, _ := s.Preset("a"); name != "b" {
		t.Error("a broken file is not replaced")
	}
}

func TestStore_IsBounded(t *testing.T) {
	s := Open(t.TempDir())
	for i := range maxEntries + 10 {
		if err := s.SetPreset(fmt.Sprint(i), "x"); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := s.Preset("0"); ok {
		t.Error("the oldest choice is still there")
	}
	if _, ok := s.Preset(fmt.Sprint(maxEntries + 9)); !ok {
		t.Error("the newest choice is gone")
	}
}

func TestStore_NilRemembersNothing(t *testing.T) {
	var s *Store
	if _, ok := s.Preset("a"); ok || s.Trusted("a", nil) || s.SetPreset("a", "b") == nil {
		t.Error("no store remembers something")
	}
}
