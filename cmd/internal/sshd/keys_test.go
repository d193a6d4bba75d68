package sshd

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode"

	gossh "golang.org/x/crypto/ssh"
)

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
		{"a line of 100 KB", strings.Repeat("x", 100<<10) + "\n" + k, 1, "too long"},
		{"a key with 100 KB behind it", k + " " + strings.Repeat("x", 100<<10) + "\n" + k, 1, "too long"},
		{"a comment of 100 KB", "#" + strings.Repeat("x", 100<<10) + "\n" + k, 1, ""},
		{"windows lines", k + "\r\n\r\n" + `from="10.0.0.1" ` + k + "\r\n", 2, ""},
		{"byte order mark", "\ufeff" + k + "\n", 1, ""},
		{"utf-16", "\xff\xfes\x00s\x00h\x00-\x00\n\x00", 0, "not a public key"},
		{"two keys", k + " " + k, 1, ""}, // the second is a comment
		{"a host name forbidden", `from="*,!evil.example.com" ` + k, 0, "host names"},
		{"a host name allowed, beside an address", `from="desk.example.com,10.0.0.1" ` + k, 1, ""},
		{"addresses forbidden", `from="*,!10.0.0.0/8,!fe80::*,!192.168.?.1" ` + k, 1, ""},
		{"unknown option", `Verify-Required ` + k, 0, "not supported"},
		{"principals of nobody", `cert-authority,principals="" ` + k, 0, "nobody"},
		{"principals of commas", `cert-authority,principals=",,",expiry-time="20991231" ` + k, 0, "nobody"},
		{"from twice", `from="10.0.0.0/8",from="*" ` + k, 0, "twice"},
		{"from twice, the wide one first", `from="*",restrict,From="10.0.0.0/8" ` + k, 0, "twice"},
		{"principals twice", `cert-authority,principals="ana",principals="bob" ` + k, 0, "twice"},
		{"principals twice, the first empty", `cert-authority,principals="",principals="bob" ` + k, 0, "nobody"},
		{"from without quotes", `from=10.0.0.1 ` + k, 0, "quotes"},
		{"a quote that does not end", `from="10.0.0.1 ` + k, 0, ""},
		{"a flag with a value", `cert-authority=no ` + k, 0, "no value"},
		{"nul bytes", "\x00\x00\n" + k, 1, "not a public key"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			grants, bad := ParseKeys("f", []byte(tc.text))
			if len(grants) != tc.grants {
				t.Errorf("%d grants, want %d (%v)", len(grants), tc.grants, bad)
			}
			switch {
			case tc.bad == "" && tc.grants > 0 && len(bad) > 0:
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
		{`from="fe80::/10"`, "fe80::1%eth0", true},
		{`from="*,!fe80::/10"`, "fe80::1%eth0", false},
		{`expiry-time="20261123115959Z"`, "10.0.0.1", false},
		{`expiry-time="202611231201Z"`, "10.0.0.1", true},
		{`expiry-time="20261123Z"`, "10.0.0.1", false},
		{`expiry-time="20261123115959Z",expiry-time="20991231"`, "10.0.0.1", false}, // as OpenSSH: the earliest
		{`expiry-time="20991231",expiry-time="20261123115959Z"`, "10.0.0.1", false},
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

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(line(newKey(f))))
	f.Add([]byte(`from="10.0.0.0/8,!*",expiry-time="20260101",cert-authority ssh-ed25519 AAAA x`))
	f.Add([]byte("\x00\n#\n" + strings.Repeat(`option="`, 50)))
	f.Fuzz(func(t *testing.T, b []byte) {
		grants, bad := ParseKeys("f", b)
		for _, err := range bad {
			if strings.ContainsFunc(safeLog(err.Error()), unicode.IsControl) {
				t.Errorf("a control character in %q", err)
			}
		}
		// A line is judged by itself: what stands around it neither adds to it
		// nor takes from it, and a restriction nobody knows refuses it.
		alone := 0
		for _, l := range bytes.Split(b, []byte("\n")) {
			if len(l) > 60<<10 {
				return
			}
			one, _ := ParseKeys("f", l)
			alone += len(one)
			if strange, _ := ParseKeys("f", append([]byte("only-on-sundays="), l...)); len(strange) > 0 && len(one) == 0 {
				t.Errorf("%q is refused, and let in with an option that nobody knows", l)
			}
		}
		if alone != len(grants) {
			t.Errorf("%d keys in the lines, %d in the file", alone, len(grants))
		}
		for _, g := range grants {
			if g.Key == nil || g.Place == "" {
				t.Fatalf("a grant without a key or place: %+v", g)
			}
			_ = g.Allows(time.Unix(0, 0), netip.IPv4Unspecified())
		}
	})
}
