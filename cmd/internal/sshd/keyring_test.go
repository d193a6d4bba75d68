package sshd

import (
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestUsersLimitsWin: a key that is a user's has that user's rights, also when it
// is in a file that gives all.
func TestUsersLimitsWin(t *testing.T) {
	ana := newKey(t)
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(line(ana)), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := NewKeyring([]string{file}, []User{{Name: "ana", Keys: []string{line(ana)}, Pages: []string{"One"}}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p, err := k.Authorise("x", netip.MustParseAddr("127.0.0.1"), ana.PublicKey(), time.Now())
	if err != nil || p.Name != "ana" || !p.Known || len(p.Pages) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestKeyringReload(t *testing.T) {
	a, b := newKey(t), newKey(t)
	file := filepath.Join(t.TempDir(), "keys")
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(line(a))
	k, err := NewKeyring([]string{file}, []User{{Name: "ana", Keys: []string{line(b)}, Vars: map[string][]string{"account": {"A"}}, Pages: []string{"Overview"}}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	addr, now := netip.MustParseAddr("127.0.0.1"), time.Now()
	if p, err := k.Authorise("x", addr, b.PublicKey(), now); err != nil || p.Name != "ana" || p.Pages[0] != "Overview" {
		t.Errorf("ana's key gives %+v, %v", p, err)
	}
	if p, err := k.Authorise("ana", addr, a.PublicKey(), now); err != nil || p.Name != "" {
		t.Errorf("a key from the file is nobody's name, got %+v, %v", p, err)
	}
	if changed, err := k.Reload(); changed || err != nil {
		t.Errorf("nothing changed, got %v, %v", changed, err)
	}
	write("# nobody\n")
	if changed, err := k.Reload(); !changed || err != nil {
		t.Errorf("got %v, %v", changed, err)
	}
	if _, err := k.Authorise("x", addr, a.PublicKey(), now); err == nil {
		t.Error("a removed key still comes in")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Reload(); err == nil {
		t.Error("a missing file is not reported")
	}
	if _, err := k.Authorise("x", addr, b.PublicKey(), now); err != nil {
		t.Errorf("a file that cannot be read locked everybody out: %v", err)
	}
}

func TestNobodyCouldLogIn(t *testing.T) {
	if _, err := NewKeyring(nil, nil, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "authorized-keys") {
		t.Errorf("got %v", err)
	}
}

// TestWhatCannotBeReadTwice: a pipe is empty at the second look, and everybody
// with a key from it would be thrown out.
func TestWhatCannotBeReadTwice(t *testing.T) {
	for _, file := range []string{"/dev/null", "/dev/zero", t.TempDir()} {
		if _, err := os.Stat(file); err != nil {
			continue
		}
		_, err := NewKeyring([]string{file}, nil, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), "regular file") {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestAHugeFile: one that grows beyond the bound is reported and the keys in use
// stay; one full of nonsense is not a line in the log for each of its own.
func TestAHugeFile(t *testing.T) {
	ana, logs := newKey(t), &safeBuffer{}
	file := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		t.Helper()
		next := file + ".new" // swapped in, as an editor does
		if err := errors.Join(os.WriteFile(next, []byte(text), 0o600), os.Rename(next, file)); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Repeat("nonsense\n", 10_000) + line(ana))
	k, err := NewKeyring([]string{file}, nil, slog.New(slog.NewTextHandler(logs, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(logs.String(), "\n"); n > maxWarnings+2 || !strings.Contains(logs.String(), "lines=9980") {
		t.Errorf("%d lines in the log, the last %q", n, logs.String()[max(0, logs.b.Len()-200):])
	}
	write(strings.Repeat("# nothing\n", 1<<20))
	if _, err := k.Reload(); err == nil || !strings.Contains(err.Error(), "too big") {
		t.Errorf("10 MB of keys: %v", err)
	}
	if _, err := k.Authorise("x", netip.MustParseAddr("127.0.0.1"), ana.PublicKey(), time.Now()); err != nil {
		t.Errorf("locked out by it: %v", err)
	}
}
