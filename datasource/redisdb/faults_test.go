package redisdb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// failed reads one datum and returns the fault, of the whole or of the datum.
func failed(t testing.TB, c *Client, r datasource.Ref) *datasource.Fault {
	t.Helper()
	raws, err := c.Read(context.Background(), []datasource.Request{all(r)})
	if err == nil && len(raws) == 1 {
		err = raws[0].Err
	}
	var f *datasource.Fault
	if err != nil && !errors.As(err, &f) {
		t.Fatalf("%T is no fault: %v", err, err)
	}
	return f
}

func wantFault(t testing.TB, f *datasource.Fault, class datasource.Class, text string) {
	t.Helper()
	if f == nil || f.Class != class || !strings.Contains(f.Error(), text) {
		t.Errorf("fault %v (%v), want %v with %q", f, datasource.ClassOf(f), class, text)
	}
}

func deadPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestConnectionFaults(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t, servertest.Password("s3cret"))
	open0 := servertest.Redis(t)
	for _, tc := range []struct {
		name, url string
		class     datasource.Class
		text      string
	}{
		{"refused", "redis://" + deadPort(t), datasource.ClassRefused, "refused"},
		{"no socket", "unix:///no/such/redis.sock", datasource.ClassRefused, "no such socket"},
		{"no password", "redis://" + s.Addr(), datasource.ClassAuth, "password needed"},
		{"wrong password", "redis://:wrong@" + s.Addr(), datasource.ClassAuth, "wrong password"},
		{"wrong user", "redis://ana:wrong@" + s.Addr(), datasource.ClassAuth, "wrong password"},
		{"no such host", "redis://no-such-host.invalid:1", datasource.ClassResolve, "no-such-host.invalid"},
		{"no such database", "redis://" + open0.Addr() + "/99", datasource.ClassConfig, "no such database"},
		{"tls to a plain server", "rediss://" + open0.Addr(), datasource.ClassTimeout, "no answer"},
		{"cluster url, no cluster", "redis-cluster://" + open0.Addr(), datasource.ClassConfig, "this is no cluster"},
		{"sentinel url, no sentinel", "redis-sentinel://" + open0.Addr() + "/m", datasource.ClassConfig, "this is no sentinel"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := failed(t, open(t, Options{URL: tc.url}), ref(datasource.KindString, "k"))
			wantFault(t, f, tc.class, tc.text)
		})
	}
}

func TestPermissionIsTheDatumsOwn(t *testing.T) {
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "~open:*", "&*", "+@all"))
	s.Do("SET", "open:a", "1")
	s.Do("SET", "closed:a", "1")
	s.Do("HSET", "open:h", "f", "1")
	c := open(t, Options{URL: "redis://ana:pw@" + s.Addr()})
	raws := read(t, c, all(ref(datasource.KindString, "open:a")), all(ref(datasource.KindString, "closed:a")))
	if got := text(&raws[0]); got != `"1"` {
		t.Errorf("open:a = %s", got)
	}
	wantFault(t, datasource.AsFault(raws[1].Err, 0), datasource.ClassPermission, "no permission (closed:a)")

	s.Do("ACL", "SETUSER", "ana", "-getrange", "-hscan")
	raws = read(t, c, all(ref(datasource.KindString, "open:a")), all(ref(datasource.KindHash, "open:h")))
	if text(&raws[0]) != `"1"` || text(&raws[1]) != "f=1" {
		t.Errorf("without GETRANGE and HSCAN: %s, %s", text(&raws[0]), text(&raws[1]))
	}
	s.Do("ACL", "SETUSER", "ana", "-get", "-hgetall", "-pttl")
	raws = read(t, c, all(ref(datasource.KindString, "open:a")), all(ref(datasource.KindHash, "open:h")))
	wantFault(t, datasource.AsFault(raws[0].Err, 0), datasource.ClassPermission, "no permission (get)")
	wantFault(t, datasource.AsFault(raws[1].Err, 0), datasource.ClassPermission, "no permission (hgetall)")
	if f := datasource.AsFault(raws[0].Err, 0); !strings.Contains(f.Hint.String(), "ACL SETUSER ana +get") {
		t.Errorf("hint %q", f.Hint)
	}
	s.Do("ACL", "SETUSER", "ana", "+@all", "-pttl")
	if raw := read(t, c, all(ref(datasource.KindString, "open:a")))[0]; text(&raw) != `"1"` || raw.TTL != datasource.NoTTL {
		t.Errorf("without PTTL: %s", text(&raw))
	}
	if raw := read(t, c, all(ref(datasource.KindString, "open:gone")))[0]; !raw.Missing {
		t.Errorf("a missing key without PTTL: %s", text(&raw))
	}
}

func TestPasswordFileIsReadAgain(t *testing.T) {
	s := servertest.Redis(t, servertest.User("ana", "on", ">one", "~*", "&*", "+@all"))
	s.Do("SET", "k", "v")
	file := filepath.Join(t.TempDir(), "secret")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ana:one\n")
	c := open(t, Options{URL: "redis://" + s.Addr(), PasswordFile: file})
	if f := failed(t, c, ref(datasource.KindString, "k")); f != nil {
		t.Fatal(f)
	}
	s.Do("ACL", "SETUSER", "ana", "resetpass", ">two")
	s.Do("CLIENT", "KILL", "USER", "ana")
	wantFault(t, failed(t, c, ref(datasource.KindString, "k")), datasource.ClassAuth, "wrong password")
	write("ana:two\n")
	if f := failed(t, c, ref(datasource.KindString, "k")); f != nil {
		t.Errorf("with the new password: %v", f)
	}
	_ = os.Remove(file)
	s.Do("CLIENT", "KILL", "USER", "ana")
	wantFault(t, failed(t, c, ref(datasource.KindString, "k")), datasource.ClassAuth, "password file")
}

func TestKillRestartFreeze(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	k := ref(datasource.KindString, "k")
	heals := func(name string) {
		t.Helper()
		servertest.Until(t, patience, name+" heals", func() bool { return failed(t, c, k) == nil })
	}
	heals("first")
	s.Kill()
	wantFault(t, failed(t, c, k), datasource.ClassRefused, "refused")
	s.Restart()
	heals("restart")
	s.Stop()
	begun := time.Now()
	wantFault(t, failed(t, c, k), datasource.ClassTimeout, "no answer")
	if took := time.Since(begun); took > 3*readBudget {
		t.Errorf("a frozen server held the poll for %v", took)
	}
	s.Cont()
	heals("thaw")
}

func TestStalledAndCutLinks(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	p := servertest.Proxy(t, s.Addr())
	c := open(t, Options{URL: "redis://" + p.Addr()})
	k := ref(datasource.KindString, "k")
	for _, tc := range []struct {
		mode  servertest.Mode
		class datasource.Class
	}{
		{servertest.Stall, datasource.ClassTimeout},
		{servertest.BlackHole, datasource.ClassTimeout},
		{servertest.Reset, datasource.ClassClosed},
		{servertest.Refuse, datasource.ClassClosed},
	} {
		p.Set(servertest.Pass)
		servertest.Until(t, patience, "link works", func() bool { return failed(t, c, k) == nil })
		p.Cut()
		p.Set(tc.mode)
		// The first answer may still be about the link that was cut.
		servertest.Until(t, patience, fmt.Sprintf("mode %v is %v", tc.mode, tc.class), func() bool {
			f := failed(t, c, k)
			return f != nil && f.Class == tc.class
		})
	}
}

// heap returns the bytes that this process holds in live or dead objects, at
// their highest since the last collection.
func heap() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func TestTooBig(t *testing.T) {
	s := servertest.Redis(t)
	admin := s.Dial()
	do := func(args ...any) {
		t.Helper()
		if _, err := admin.Do(args...); err != nil {
			t.Fatal(err)
		}
	}
	const big = 100 << 20
	do("SETRANGE", "string", big-1, "x")
	do("EVAL", "for i = 1, 1000000 do redis.call('ZADD', 'zset', i, i) redis.call('HSET', 'hash', i, i) end", 0)
	do("EVAL", "redis.call('HSET', 'fat', 'ok', '1', 'f', string.rep('x', 50000000)) redis.call('RPUSH', 'list', string.rep('x', 50000000)) redis.call('HSET', 'plump', 'f', string.rep('x', 300000))", 0)
	c := open(t, Options{URL: s.URL()})
	newest := ref(datasource.KindZSet, "zset")
	newest.Keep = 3
	window := ref(datasource.KindZSet, "zset")
	window.Window = time.Hour
	reqs := []datasource.Request{
		all(ref(datasource.KindString, "string")), all(ref(datasource.KindHash, "hash")), all(ref(datasource.KindZSet, "zset")),
		all(newest), all(window), all(ref(datasource.KindHash, "fat")), all(ref(datasource.KindList, "list")), all(ref(datasource.KindHash, "plump")),
	}
	want := []string{
		"error: too big (100 MB)", "error: too big (1,000,000 fields)", "error: too big (1,000,000 members)",
		"999998:999998 999999:999999 1e+06:1000000", "", "error: too big (48 MB)", "error: too big (48 MB)", "error: too big (f has 293 KB)",
	}
	runtime.GC()
	before := heap()
	for range 3 {
		raws := readPatiently(t, c, reqs...)
		for i, w := range want {
			if got := text(&raws[i]); w != "" && got != w {
				t.Errorf("%s %s = %.100s, want %s", reqs[i].Ref.Kind, reqs[i].Ref.Key, got, w)
			}
		}
		if n := len(raws[4].Members); n != 3601 {
			t.Errorf("window of an hour holds %d members, want 3601", n)
		}
	}
	runtime.GC()
	if after := heap(); after > before+10<<20 {
		t.Errorf("the heap grew by %d MB", (after-before)>>20)
	}
	do("SET", "string", "small")
	do("DEL", "hash", "zset")
	do("HSET", "hash", "f", "1")
	do("ZADD", "zset", 1, "one")
	raws := read(t, c, reqs[:3]...)
	if a, b, z := text(&raws[0]), text(&raws[1]), text(&raws[2]); a != `"small"` || b != "f=1" || z != "1:one" {
		t.Errorf("after they shrank: %s, %s, %s", a, b, z)
	}
}

// TestSparseHash is a hash with few fields in a table of high capacity, where
// one HSCAN does not reach the end.
func TestSparseHash(t *testing.T) {
	s := servertest.Redis(t)
	s.Do("EVAL", "for i = 1, 200000 do redis.call('HSET', 'h', i, i) end for i = 4, 200000 do redis.call('HDEL', 'h', i) end", 0)
	raw := read(t, open(t, Options{URL: s.URL()}), all(ref(datasource.KindHash, "h")))[0]
	if raw.Err != nil || len(raw.Fields) != 3 {
		t.Errorf("%s", text(&raw))
	}
}

func TestServerStates(t *testing.T) {
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	k := ref(datasource.KindString, "k")
	s.Do("CONFIG", "SET", "replica-serve-stale-data", "no")
	s.Do("REPLICAOF", "127.0.0.1", "1")
	wantFault(t, failed(t, c, k), datasource.ClassLoading, "masterdown")
	s.Do("CONFIG", "SET", "replica-serve-stale-data", "yes")
	err := c.Share(context.Background(), SharePrefix+"x", []byte("1"), time.Minute)
	wantFault(t, datasource.AsFault(err, 0), datasource.ClassPermission, "read-only replica")
	s.Do("REPLICAOF", "NO", "ONE")
	servertest.Until(t, patience, "master again", func() bool { return failed(t, c, k) == nil })
}

func TestTLS(t *testing.T) {
	s := servertest.Redis(t, servertest.TLS(true))
	s.Do("SET", "k", "v")
	ca, cert, key := s.Certs.CA, s.Certs.ClientCert, s.Certs.ClientKey
	k := ref(datasource.KindString, "k")
	if f := failed(t, open(t, Options{URL: s.URL(), CAFile: ca, CertFile: cert, KeyFile: key}), k); f != nil {
		t.Errorf("with certificates: %v", f)
	}
	wantFault(t, failed(t, open(t, Options{URL: s.URL(), CertFile: cert, KeyFile: key}), k), datasource.ClassTLS, "unknown authority")
	// TLS 1.3 refuses a client without a certificate after the handshake: its
	// alert races with the cut, and either may be seen first.
	if f := failed(t, open(t, Options{URL: s.URL(), CAFile: ca}), k); f == nil || f.Class != datasource.ClassTLS && f.Class != datasource.ClassClosed {
		t.Errorf("without a client certificate: %v", f)
	}
	for name, o := range map[string]Options{
		"insecure":    {URL: s.URL(), Insecure: true, CertFile: cert, KeyFile: key},
		"skip_verify": {URL: s.URL() + "?skip_verify=true", CertFile: cert, KeyFile: key},
	} {
		if f := failed(t, open(t, o), k); f != nil {
			t.Errorf("%s: %v", name, f)
		}
	}
	c := open(t, Options{URL: s.URL(), CAFile: ca, CertFile: cert, KeyFile: key})
	e := listen(t, c, 1, "a")
	s.Do("PUBLISH", "a", "1")
	e.waitHeard(t, "a||1")
	for name, o := range map[string]Options{
		"certificate without TLS": {URL: "redis://localhost", CAFile: ca},
		"no key":                  {URL: s.URL(), CertFile: cert},
		"no such file":            {URL: s.URL(), CAFile: "/no/such/file"},
		"no certificate in it":    {URL: s.URL(), CAFile: key},
	} {
		if c, err := Open(o); err == nil {
			_ = c.Close()
			t.Errorf("%s: no error", name)
		}
	}
}

func TestUnixSocket(t *testing.T) {
	s := servertest.Redis(t, servertest.UnixSocket(), servertest.Password("p@ss"))
	s.Do("SET", "k", "v")
	c := open(t, Options{URL: "unix://" + s.Socket + "?db=0", Password: "p@ss"})
	if f := failed(t, c, ref(datasource.KindString, "k")); f != nil {
		t.Fatal(f)
	}
	e := listen(t, c, 1, "a")
	s.Do("PUBLISH", "a", "1")
	e.waitHeard(t, "a||1")
}
