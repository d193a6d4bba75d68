package sshd

import (
	"bufio"
	"crypto/dsa" //nolint:staticcheck // a key that must be refused
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"encoding/pem"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// kexInit is what a server offers, as ssh-audit reads it.
type kexInit struct {
	Kex, HostKeys, CipherIn, CipherOut, MACIn, MACOut, CompIn, CompOut []string
}

// readKexInit connects and reads the first packet, which is not encrypted.
func readKexInit(t *testing.T, addr string) kexInit {
	t.Helper()
	c, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(c, "SSH-2.0-audit\r\n"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	if _, err := r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 5) // packet length, padding length
	if _, err := io.ReadFull(r, head); err != nil {
		t.Fatal(err)
	}
	packet := make([]byte, binary.BigEndian.Uint32(head)-1)
	if _, err := io.ReadFull(r, packet); err != nil {
		t.Fatal(err)
	}
	packet = packet[1+16:] // message number, cookie
	next := func() []string {
		n := binary.BigEndian.Uint32(packet)
		names := strings.Split(string(packet[4:4+n]), ",")
		packet = packet[4+n:]
		return names
	}
	return kexInit{next(), next(), next(), next(), next(), next(), next(), next()}
}

// TestAlgorithms_NothingBrokenIsOffered reads what the server offers before
// anybody has logged in, for each kind of host key.
func TestAlgorithms_NothingBrokenIsOffered(t *testing.T) {
	broken := regexp.MustCompile(`sha1($|-|@)|^ssh-rsa|^ssh-dss|md5|cbc|arcfour|3des|group1-|group14-|umac-64|^none$`)
	for name, tc := range map[string]struct {
		key  gossh.Signer
		want []string
	}{
		"ed25519": {newKey(t), []string{"ssh-ed25519"}},
		"ecdsa":   {signerOf(t, ecdsaKey(t)), []string{"ecdsa-sha2-nistp256"}},
		"rsa":     {signerOf(t, rsaKey(t, 2048)), []string{"rsa-sha2-256", "rsa-sha2-512"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(newKey(t))}}), func(o *Options) { o.HostKey = tc.key })
			k := readKexInit(t, d.addr)
			for list, names := range map[string][]string{
				"key exchange": k.Kex, "host key": k.HostKeys, "cipher": slices.Concat(k.CipherIn, k.CipherOut), "mac": slices.Concat(k.MACIn, k.MACOut),
			} {
				if len(names) == 0 {
					t.Errorf("no %s at all", list)
				}
				for _, n := range names {
					if broken.MatchString(n) {
						t.Errorf("%s %s is offered", list, n)
					}
				}
			}
			if !slices.Equal(k.HostKeys, tc.want) {
				t.Errorf("host keys %v, want %v", k.HostKeys, tc.want)
			}
			if !slices.Contains(k.Kex, "mlkem768x25519-sha256") || !slices.Contains(k.Kex, "kex-strict-s-v00@openssh.com") {
				t.Errorf("key exchanges %v", k.Kex)
			}
		})
	}
}

// TestAlgorithms_HostKeys: a host key that cannot sign well is refused at the
// start, not at the first login.
func TestAlgorithms_HostKeys(t *testing.T) {
	var old dsa.PrivateKey
	if err := dsa.GenerateParameters(&old.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&old, rand.Reader); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		key  any
		want string
	}{
		"dsa":        {&old, "ssh-dss"},
		"short rsa":  {rsaKey(t, 1024), "2048"},
		"rsa":        {rsaKey(t, 2048), ""},
		"ecdsa p256": {ecdsaKey(t), ""},
	} {
		_, err := hostSigner(signerOf(t, tc.key))
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

// TestAlgorithms_SHA1IsRefused: a client that insists on it gets no further,
// with the key of somebody who may come in.
func TestAlgorithms_SHA1IsRefused(t *testing.T) {
	key := signerOf(t, rsaKey(t, 2048))
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{line(key)}}), nil)
	dial := func(algorithm string, edit func(*gossh.ClientConfig)) error {
		s, err := gossh.NewSignerWithAlgorithms(key.(gossh.AlgorithmSigner), []string{algorithm})
		if err != nil {
			t.Fatal(err)
		}
		cfg := &gossh.ClientConfig{
			User: "ana", Auth: []gossh.AuthMethod{gossh.PublicKeys(s)}, Timeout: 5 * time.Second,
			HostKeyCallback: gossh.InsecureIgnoreHostKey(), //nolint:gosec // a test's own server
		}
		edit(cfg)
		c, err := gossh.Dial("tcp", d.addr, cfg)
		if err == nil {
			c.Close()
		}
		return err
	}
	for _, tc := range []struct {
		name, signature string
		edit            func(*gossh.ClientConfig)
		ok              bool
	}{
		{"rsa-sha2-256", gossh.KeyAlgoRSASHA256, func(*gossh.ClientConfig) {}, true},
		{"rsa-sha2-512", gossh.KeyAlgoRSASHA512, func(*gossh.ClientConfig) {}, true},
		{"ssh-rsa", gossh.KeyAlgoRSA, func(*gossh.ClientConfig) {}, false},
		{"group14-sha1", gossh.KeyAlgoRSASHA256, func(c *gossh.ClientConfig) { c.KeyExchanges = []string{gossh.InsecureKeyExchangeDH14SHA1} }, false},
		{"group14-sha256", gossh.KeyAlgoRSASHA256, func(c *gossh.ClientConfig) { c.KeyExchanges = []string{gossh.KeyExchangeDH14SHA256} }, false},
		{"hmac-sha1", gossh.KeyAlgoRSASHA256, func(c *gossh.ClientConfig) {
			c.Ciphers, c.MACs = []string{gossh.CipherAES128CTR}, []string{gossh.HMACSHA1}
		}, false},
		{"hmac-sha1-96", gossh.KeyAlgoRSASHA256, func(c *gossh.ClientConfig) {
			c.Ciphers, c.MACs = []string{gossh.CipherAES128CTR}, []string{gossh.InsecureHMACSHA196}
		}, false},
		{"hmac-sha2-512", gossh.KeyAlgoRSASHA256, func(c *gossh.ClientConfig) {
			c.Ciphers, c.MACs = []string{gossh.CipherAES128CTR}, []string{gossh.HMACSHA512}
		}, true},
		{"aes128-cbc", gossh.KeyAlgoRSASHA256, func(c *gossh.ClientConfig) { c.Ciphers = []string{gossh.InsecureCipherAES128CBC} }, false},
	} {
		if err := dial(tc.signature, tc.edit); (err == nil) != tc.ok {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// TestAlgorithms_OpenSSHLogsIn with every kind of key that it makes, and is told
// of no signature with SHA-1.
func TestAlgorithms_OpenSSHLogsIn(t *testing.T) {
	o := newOpenSSH(t, "")
	write := func(name string, key any) string {
		block, err := gossh.MarshalPrivateKey(key, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(o.dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		return line(signerOf(t, key))
	}
	d := serve(t, keysOf(t, User{Name: "ana", Keys: []string{o.key("ed25519"), write("ecdsa", ecdsaKey(t)), write("rsa", rsaKey(t, 3072))}}), nil)
	o.addr = d.addr
	for _, key := range []string{"ed25519", "ecdsa", "rsa"} {
		args := append([]string{"-o", "LogLevel=DEBUG1"}, o.args(key, "snapshot")...) // the first of two counts
		b, _ := exec.Command("ssh", args...).CombinedOutput()
		out := string(b)
		if !strings.Contains(out, `{"user":"ana"}`) {
			t.Errorf("%s: %s", key, out)
			continue
		}
		algs := regexp.MustCompile(`server-sig-algs=<([^>]*)>`).FindStringSubmatch(out)
		if algs == nil || slices.Contains(strings.Split(algs[1], ","), "ssh-rsa") || strings.Contains(algs[1], "ssh-dss") {
			t.Errorf("%s: signatures %v", key, algs)
		}
	}
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func ecdsaKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func signerOf(t *testing.T, key any) gossh.Signer {
	t.Helper()
	s, err := gossh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
