package sshd

import (
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
		{"a name with a blank is another", `cert-authority,principals="bob, ana"`, "ana", ca, nil, ""},
		{"the list is no pattern", `cert-authority,principals="*"`, "ana", ca, nil, ""},
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

// TestAUsersAuthority: an authority among a user's keys speaks for that user,
// whatever its certificates and the login say.
func TestAUsersAuthority(t *testing.T) {
	anas, boss, key := newKey(t), newKey(t), newKey(t)
	k := keysOf(t,
		User{Name: "ana", Keys: []string{"cert-authority " + line(anas)}, Pages: []string{"One"}},
		User{Name: "bob", Keys: []string{`cert-authority,principals="desk" ` + line(newKey(t))}, Pages: []string{"Two"}},
		User{Name: "boss", Keys: []string{line(boss)}})
	for _, tc := range []struct {
		principals []string
		login      string
		want       string // "" refused
	}{
		{[]string{"ana"}, "ana", "ana"},
		{[]string{"ana"}, "boss", "ana"},
		{[]string{"boss"}, "boss", ""},
		{[]string{"boss", "ana"}, "boss", "ana"},
		{[]string{"desk"}, "desk", ""},
	} {
		cert := certificate(t, anas, key, func(c *gossh.Certificate) { c.ValidPrincipals = tc.principals })
		p, err := k.Authorise(tc.login, netip.MustParseAddr("127.0.0.1"), cert, time.Now())
		switch {
		case tc.want == "" && err == nil:
			t.Errorf("%v as %s came in as %q", tc.principals, tc.login, p.Name)
		case tc.want != "" && (err != nil || p.Name != tc.want || !p.Known || len(p.Pages) != 1):
			t.Errorf("%v as %s: %+v, %v; want %q", tc.principals, tc.login, p, err, tc.want)
		}
	}
}

// TestWeakCertificates: an authority's signature does not make a weak key
// strong, and what it signs with must not be weak either.
func TestWeakCertificates(t *testing.T) {
	ca := newKey(t)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weakKey, err := gossh.NewSignerFromKey(weak)
	if err != nil {
		t.Fatal(err)
	}
	strong, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsaCA, err := gossh.NewSignerFromKey(strong)
	if err != nil {
		t.Fatal(err)
	}
	sha1CA, err := gossh.NewSignerWithAlgorithms(rsaCA.(gossh.AlgorithmSigner), []string{gossh.KeyAlgoRSA})
	if err != nil {
		t.Fatal(err)
	}
	k := keysOf(t, User{Name: "ana", Keys: []string{"cert-authority " + line(ca), "cert-authority " + line(rsaCA)}})
	for _, tc := range []struct {
		name string
		cert *gossh.Certificate
		want string // in the refusal; "" let in
	}{
		{"as it should be", certificate(t, ca, newKey(t), nil), ""},
		{"signed by rsa", certificate(t, rsaCA, newKey(t), nil), ""},
		{"a short key", certificate(t, ca, weakKey, nil), "2048"},
		{"signed with sha-1", certificate(t, sha1CA, newKey(t), nil), "SHA-1"},
		{"not signed", &gossh.Certificate{
			Key: newKey(t).PublicKey(), CertType: gossh.UserCert, ValidPrincipals: []string{"ana"}, ValidBefore: gossh.CertTimeInfinity, SignatureKey: ca.PublicKey(),
		}, "SHA-1"},
	} {
		_, err := k.Authorise("ana", netip.MustParseAddr("127.0.0.1"), tc.cert, time.Now())
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
	}
}

// TestSourceAddress: where a certificate may be used from is kept by the
// handshake, which sees the address.
func TestSourceAddress(t *testing.T) {
	ca, key := newKey(t), newKey(t)
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{"cert-authority " + line(ca)}}), nil)
	for from, ok := range map[string]bool{"127.0.0.0/8": true, "192.0.2.0/24": false, "nonsense": false, "": false} {
		cert := certificate(t, ca, key, func(c *gossh.Certificate) {
			c.CriticalOptions = map[string]string{"source-address": from}
		})
		s, err := gossh.NewCertSigner(cert, key)
		if err != nil {
			t.Fatal(err)
		}
		c, err := d.dial("ana", s)
		if (err == nil) != ok {
			t.Errorf("source-address=%q: %v", from, err)
		}
		if err == nil {
			c.Close()
		}
	}
}
