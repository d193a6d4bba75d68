package redisdb

import (
	"crypto/tls"
	"os"
	"testing"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// with are the options for a client of these certificates.
func with(url string, c *servertest.Certs) Options {
	return Options{URL: url, CAFile: c.CA, CertFile: c.ClientCert, KeyFile: c.ClientKey}
}

// TestCertificatesChange: authority, server and client are all replaced, in the
// same files; the next connections use them, without a restart.
func TestCertificatesChange(t *testing.T) {
	t.Parallel()
	certs := servertest.NewCerts(t)
	s := servertest.Redis(t, servertest.SharedTLS(certs))
	c := open(t, with(s.URL(), certs))
	k := ref(datasource.KindString, "k")
	if f := failed(t, c, k); f != nil {
		t.Fatal(f)
	}
	e := listen(t, c, 1, "a")
	old, err := os.ReadFile(certs.CA)
	if err != nil {
		t.Fatal(err)
	}
	certs.Renew(t)
	renewed, err := os.ReadFile(certs.CA)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(certs.CA, old, 0o600); err != nil { // ours is not there yet
		t.Fatal(err)
	}
	n := e.rejoins()
	s.Kill()
	restart(t, s, certs, renewed)
	if err := os.WriteFile(certs.CA, old, 0o600); err != nil {
		t.Fatal(err)
	}
	servertest.Until(t, patience, "an unknown authority", func() bool {
		f := failed(t, c, k)
		return f != nil && f.Class == datasource.ClassTLS
	})
	if err := os.WriteFile(certs.CA, renewed, 0o600); err != nil {
		t.Fatal(err)
	}
	servertest.Until(t, patience, "reads again", func() bool { return failed(t, c, k) == nil })
	e.waitJoined(t, n+1, 1)
}

// restart starts a server while the authority's file is the new one: it reads
// it once.
func restart(t *testing.T, s *servertest.Server, certs *servertest.Certs, ca []byte) {
	t.Helper()
	if err := os.WriteFile(certs.CA, ca, 0o600); err != nil {
		t.Fatal(err)
	}
	s.Restart()
}

// TestClusterTLS: every node speaks nothing but TLS.
func TestClusterTLS(t *testing.T) {
	t.Parallel()
	certs := servertest.NewCerts(t)
	set := servertest.Cluster(t, 3, servertest.SharedTLS(certs))
	for _, sharded := range []bool{false, true} {
		o := with(set.URL(), certs)
		o.Sharded = sharded
		c := open(t, o)
		for _, key := range []string{"a", "b", "c", "d"} { // of every node
			set.Do("SET", key, key)
			if f := failed(t, c, ref(datasource.KindString, key)); f != nil {
				t.Errorf("%s: %v", key, f)
			}
		}
		listen(t, c, 4, "a", "b", "c", "d")
	}
}

// TestSentinelTLS: the sentinels speak TLS, too, and ask for a password of
// their own; the master for that of its users.
func TestSentinelTLS(t *testing.T) {
	t.Parallel()
	certs := servertest.NewCerts(t)
	s := servertest.Redis(t, servertest.SharedTLS(certs), servertest.User("ana", "on", ">pw", "~*", "&*", "+@all"))
	pair, err := tls.LoadX509KeyPair(certs.ServerCert, certs.ServerKey)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	f := startFakeSentinel(t, l, at(s.Addr()), "*0\r\n")
	c := open(t, with("rediss-sentinel://ana:pw@"+l.Addr().String()+"/m?sentinel_username=watch&sentinel_password=dog", certs))
	s.Do("SET", "k", "v")
	if f := failed(t, c, ref(datasource.KindString, "k")); f != nil {
		t.Error(f)
	}
	if said := *f.hello.Load(); said != "hello 3 auth watch dog" {
		t.Errorf("the sentinel heard %q", said)
	}
	e := listen(t, c, 1, "a")
	s.Do("PUBLISH", "a", "1")
	e.waitHeard(t, "a||1")
}
