//go:build !windows

package sshd

import (
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKeyFile_ThatOthersMayWrite is refused like a host key that others may
// read, at the start and later.
func TestKeyFile_ThatOthersMayWrite(t *testing.T) {
	ana := newKey(t)
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(line(ana)), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, ok := range map[os.FileMode]bool{
		0o600: true, 0o644: true, 0o444: true, 0o640: true, 0o666: false, 0o664: false, 0o602: false, 0o646: false, 0o777: false,
	} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		_, err := NewKeyring([]string{file}, nil, slog.New(slog.DiscardHandler))
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "chmod go-w") {
			t.Errorf("%v: %v", mode, err)
		}
	}
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := NewKeyring([]string{file}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	eve := newKey(t)
	if err := errors.Join(os.WriteFile(file, []byte(line(eve)), 0o600), os.Chmod(file, 0o666)); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Reload(); err == nil || !strings.Contains(err.Error(), "written by others") {
		t.Errorf("after the start: %v", err)
	}
	addr := netip.MustParseAddr("127.0.0.1")
	if _, err := k.Authorise("x", addr, eve.PublicKey(), time.Now()); err == nil {
		t.Error("a key that anybody may have added comes in")
	}
	if _, err := k.Authorise("x", addr, ana.PublicKey(), time.Now()); err != nil {
		t.Errorf("locked out by it: %v", err)
	}
}

// TestKeyFile_ReplacedByFIFO: nothing waits for its other end, and what is wrong
// is seen.
func TestKeyFile_ReplacedByFIFO(t *testing.T) {
	ana := newKey(t)
	dir := t.TempDir()
	file, other := filepath.Join(dir, "keys"), filepath.Join(dir, "others")
	bob := newKey(t)
	if err := errors.Join(os.WriteFile(file, []byte(line(ana)), 0o600), os.WriteFile(other, []byte(line(bob)), 0o600)); err != nil {
		t.Fatal(err)
	}
	k, err := NewKeyring([]string{file, other}, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(file), syscall.Mkfifo(file, 0o600), os.WriteFile(other, []byte("# nobody\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	reloaded := make(chan error, 1)
	go func() { _, err := k.Reload(); reloaded <- err }()
	select {
	case err := <-reloaded:
		if err == nil || !strings.Contains(err.Error(), "regular file") {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("blocks on the FIFO")
	}
	if _, err := k.Age(time.Now()); err == nil {
		t.Error("the rights are not said to be old")
	}
	addr := netip.MustParseAddr("127.0.0.1")
	if _, err := k.Authorise("x", addr, ana.PublicKey(), time.Now()); err != nil {
		t.Errorf("the keys of a file that cannot be read do not stay: %v", err)
	}
	if _, err := k.Authorise("x", addr, bob.PublicKey(), time.Now()); err == nil {
		t.Error("a key removed from another file still comes in")
	}
	if err := errors.Join(os.Remove(file), os.WriteFile(file, []byte(line(bob)), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Reload(); err != nil {
		t.Errorf("fixed: %v", err)
	}
	if age, err := k.Age(time.Now()); err != nil || age > time.Minute {
		t.Errorf("fixed, but %v old: %v", age, err)
	}
	if _, err := NewKeyring([]string{"/dev/tty", file}, nil, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a terminal is no file of keys")
	}
}

// TestHostKey_ThatIsAFIFO: the start does not wait for ever.
func TestHostKey_ThatIsAFIFO(t *testing.T) {
	file := filepath.Join(t.TempDir(), "host_key")
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() { _, err := HostKey(file); failed <- err }()
	select {
	case err := <-failed:
		if err == nil || !strings.Contains(err.Error(), "regular file") {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("blocks on the FIFO")
	}
}
