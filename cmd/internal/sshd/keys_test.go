package sshd

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

func newKey(tb testing.TB) gossh.Signer {
	tb.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := gossh.NewSignerFromKey(k)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func line(s gossh.Signer) string {
	return strings.TrimSpace(string(gossh.MarshalAuthorizedKey(s.PublicKey())))
}

func TestParseKeys(t *testing.T) {
	k := line(newKey(t))
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skip("this Go refuses to make weak keys:", err)
	}
	weakSigner, err := gossh.NewSignerFromKey(weak)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, text string
		grants     int
		bad        string // part of the first complaint; "" for none
	}{
		{"plain", k, 1, ""},
		{"comment and blank lines", "# desk\n\n  \n" + k + " ana@desk\n", 1, ""},
		{"from and expiry", `from="10.0.0.0/8,192.168.1.*",expiry-time="20991231" ` + k, 1, ""},
		{"restrict", "restrict,pty " + k, 1, ""},
		{"authority", `cert-authority,principals="ana,bob" ` + k, 1, ""},
		{"a bad line is skipped, the next counts", "ssh-ed25519 AAAAnonsense\n" + k, 1, "not a public key"},
		{"command= is a restriction we cannot keep", `command="/bin/true" ` + k, 0, "not supported"},
		{"environment=", `environment="A=b" ` + k, 0, "not supported"},
		{"principals alone", `principals="ana" ` + k, 0, "without cert-authority"},
		{"expiry that is no time", `expiry-time="soon" ` + k, 0, "expiry-time"},
		{"from that only forbids", `from="!10.0.0.1" ` + k, 0, "nobody"},
		{"short rsa", line(weakSigner), 0, "2048"},
		{"a line of 100 KB", strings.Repeat("x", 100<<10) + "\n" + k, 0, "too long"},
		{"nul bytes", "\x00\x00\n" + k, 1, "not a public key"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			grants, bad := ParseKeys("f", []byte(tc.text))
			if len(grants) != tc.grants {
				t.Errorf("%d grants, want %d (%v)", len(grants), tc.grants, bad)
			}
			switch {
			case tc.bad == "" && len(bad) > 0:
				t.Errorf("complains: %v", bad)
			case tc.bad != "" && (len(bad) == 0 || !strings.Contains(bad[0].Error(), tc.bad)):
				t.Errorf("complaint %v, want one with %q", bad, tc.bad)
			}
		})
	}
}

func TestGrantAllows(t *testing.T) {
	k := line(newKey(t))
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		options, addr string
		ok            bool
	}{
		{`from="10.0.0.0/8"`, "10.2.3.4", true},
		{`from="10.0.0.0/8"`, "::ffff:10.2.3.4", true},
		{`from="10.0.0.0/8"`, "11.2.3.4", false},
		{`from="192.168.1.*"`, "192.168.1.77", true},
		{`from="192.168.1.*"`, "192.168.10.77", false},
		{`from="*,!10.0.0.9"`, "10.0.0.9", false},
		{`from="*,!10.0.0.9"`, "10.0.0.8", true},
		{`from="!10.0.0.0/8,*"`, "10.0.0.9", false},
		{`from="2001:db8::/32"`, "2001:db8::1", true},
		{`from="desk.example.com"`, "10.0.0.1", false},
		{`expiry-time="20261123115959Z"`, "10.0.0.1", false},
		{`expiry-time="202611231201Z"`, "10.0.0.1", true},
		{`expiry-time="20261123Z"`, "10.0.0.1", false},
	} {
		grants, bad := ParseKeys("f", []byte(tc.options+" "+k))
		if len(bad) > 0 {
			t.Fatalf("%s: %v", tc.options, bad)
		}
		if err := grants[0].Allows(now, netip.MustParseAddr(tc.addr)); (err == nil) != tc.ok {
			t.Errorf("%s from %s: %v, want allowed %v", tc.options, tc.addr, err, tc.ok)
		}
	}
}

func certificate(t *testing.T, ca, key gossh.Signer, edit func(*gossh.Certificate)) *gossh.Certificate {
	t.Helper()
	c := &gossh.Certificate{
		Key: key.PublicKey(), CertType: gossh.UserCert, ValidPrincipals: []string{"ana"},
		ValidAfter: 0, ValidBefore: gossh.CertTimeInfinity,
	}
	if edit != nil {
		edit(c)
	}
	if err := c.SignCert(rand.Reader, ca); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCertificates(t *testing.T) {
	ca, other, key := newKey(t), newKey(t), newKey(t)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name, options, login string
		ca                   gossh.Signer
		edit                 func(*gossh.Certificate)
		want                 string // the principal's name; "" refused
	}{
		{"login is the principal", "cert-authority", "ana", ca, nil, "ana"},
		{"login is another", "cert-authority", "bob", ca, nil, ""},
		{"the authority's list decides", `cert-authority,principals="ana"`, "whoever", ca, nil, "ana"},
		{"not in the authority's list", `cert-authority,principals="bob"`, "ana", ca, nil, ""},
		{"another authority", "cert-authority", "ana", other, nil, ""},
		{"no principals is nobody", "cert-authority", "ana", ca, func(c *gossh.Certificate) { c.ValidPrincipals = nil }, ""},
		{"host certificate", "cert-authority", "ana", ca, func(c *gossh.Certificate) { c.CertType = gossh.HostCert }, ""},
		{"expired", "cert-authority", "ana", ca, func(c *gossh.Certificate) { c.ValidBefore = uint64(now.Unix()) - 1 }, ""},
		{"not yet", "cert-authority", "ana", ca, func(c *gossh.Certificate) { c.ValidAfter = uint64(now.Unix()) + 60 }, ""},
		{"force-command cannot be kept", "cert-authority", "ana", ca, func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"force-command": "x"}
		}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "keys")
			if err := os.WriteFile(file, []byte(tc.options+" "+line(ca)+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			k, err := NewKeyring([]string{file}, nil, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			addr := netip.MustParseAddr("10.0.0.1")
			p, err := k.Authorise(tc.login, addr, certificate(t, tc.ca, key, tc.edit), now)
			if tc.want == "" {
				if err == nil {
					t.Errorf("let in as %q", p.Name)
				}
				return
			}
			if err != nil || p.Name != tc.want {
				t.Errorf("got %+v, %v; want %q", p, err, tc.want)
			}
			if _, err := k.Authorise(tc.login, addr, ca.PublicKey(), now); err == nil {
				t.Error("an authority's own key logs in")
			}
		})
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

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(line(newKey(f))))
	f.Add([]byte(`from="10.0.0.0/8,!*",expiry-time="20260101",cert-authority ssh-ed25519 AAAA x`))
	f.Add([]byte("\x00\n#\n" + strings.Repeat(`option="`, 50)))
	f.Fuzz(func(t *testing.T, b []byte) {
		grants, _ := ParseKeys("f", b)
		for _, g := range grants {
			if g.Key == nil || g.Place == "" {
				t.Fatalf("a grant without a key or place: %+v", g)
			}
			_ = g.Allows(time.Unix(0, 0), netip.IPv4Unspecified())
		}
	})
}

func TestHostKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state", "host_key")
	a, err := HostKey(file)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	b, err := HostKey(file)
	if err != nil || string(a.PublicKey().Marshal()) != string(b.PublicKey().Marshal()) {
		t.Errorf("the second start has another key (%v)", err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := HostKey(file); err == nil || !strings.Contains(err.Error(), "chmod") {
		t.Errorf("a key that others can read: %v", err)
	}
}
