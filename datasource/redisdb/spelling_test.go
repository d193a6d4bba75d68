package redisdb

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestParse_OtherSpellings (case 27): redis-py, Celery, kombu, Valkey.
func TestParse_OtherSpellings(t *testing.T) {
	for raw, want := range map[string]string{
		`"redis://h:1/2"`:                    "tcp h:1 : db=2 tls=false",
		` 'redis://:pw@h:1' `:                "tcp h:1 :pw db=0 tls=false",
		"valkey://u:p@h":                     "tcp h:6379 u:p db=0 tls=false",
		"valkeys://h":                        "tcp h:6379 : db=0 tls=true",
		"rediss://h:1/0?ssl_cert_reqs=none":  "tcp h:1 : db=0 tls=true insecure",
		"rediss://h?ssl_cert_reqs=CERT_NONE": "tcp h:6379 : db=0 tls=true insecure",
		"rediss://h?ssl_cert_reqs=required&ssl_ca_certs=/ca&ssl_check_hostname=true": "tcp h:6379 : db=0 tls=true ca=/ca",
		"rediss://h?ssl_certfile=/c&ssl_keyfile=/k":                                  "tcp h:6379 : db=0 tls=true cert=/c key=/k",
		"redis://h?decode_responses=True&health_check_interval=30":                   "tcp h:6379 : db=0 tls=false",
		"redis://h/3?socket_timeout=1.5&socket_connect_timeout=2&max_connections=3":  "tcp h:6379 : db=3 tls=false read=1.5s dial=2s pool=3",
		"redis://h?socket_timeout=None&max_connections=2147483647":                   "tcp h:6379 : db=0 tls=false pool=8",
		"redis+socket:///run/redis.sock?virtual_host=4":                              "unix /run/redis.sock : db=4 tls=false",
		"redis+socket://:pw@/run/redis.sock":                                         "unix /run/redis.sock :pw db=0 tls=false",
		"unix:///run/r.sock?password=pw&username=u":                                  "unix /run/r.sock u:pw db=0 tls=false",
		"redis://h?password=pw&db=2":                                                 "tcp h:6379 :pw db=2 tls=false",
		"sentinel://a:1;sentinel://b:2?master_name=m":                                "sentinel [a:1 b:2] m : db=0",
		"sentinel://:pw@a:1/3;sentinel://:pw@b:2/3?master_name=m":                    "sentinel [a:1 b:2] m :pw db=3",
		"sentinel://a:1;b:2/m/1":                                                     "sentinel [a:1 b:2] m : db=1",
		"redis+sentinel://a,b/m":                                                     "sentinel [a:26379 b:26379] m : db=0",
		"sentinel://a:1;sentinel://b:2":                                              "error: the master's name is missing",
		"rediss://h?ssl_cert_reqs=maybe":                                             "error: ssl_cert_reqs=maybe",
		"redis://h?max_connections=0":                                                "error: max_connections=0",
		"redis://h?socket_timeout=soon":                                              "error: socket_timeout=soon",
		// case 23: a password where none can be.
		"redis://S3CRET+9r/A=@h/0": "error: write a password behind a colon",
		"redis://x?S3CRET@h/0":     "error: write a password behind a colon",
		"redis://S3CR?ET=@h":       "error: write a password behind a colon",
		"redis://:S3CRET#x@h":      "error: write a password behind a colon",
	} {
		p, err := parse(raw)
		if err != nil {
			if bad, ok := strings.CutPrefix(want, "error: "); !ok || !strings.Contains(err.Error(), bad) || strings.Contains(err.Error(), "S3CR") {
				t.Errorf("%s\n got %v\nwant %s", raw, err, want)
			}
			continue
		}
		o := p.single
		got := fmt.Sprintf("%s %s %s:%s db=%d tls=%v", o.Network, o.Addr, p.user, p.password, o.DB, p.tls)
		if p.sentinel != nil {
			got = fmt.Sprintf("sentinel %v %s %s:%s db=%d", p.sentinel.addrs, p.sentinel.master, p.user, p.password, o.DB)
		}
		for _, f := range []struct {
			name string
			set  bool
			text string
		}{
			{"", p.files.insecure, "insecure"}, {"ca=", p.files.ca != "", p.files.ca}, {"cert=", p.files.cert != "", p.files.cert}, {"key=", p.files.key != "", p.files.key},
			{"read=", o.ReadTimeout == 1500*time.Millisecond, "1.5s"}, {"dial=", o.DialTimeout == 2*time.Second, "2s"}, {"pool=", o.PoolSize != 0, fmt.Sprint(o.PoolSize)},
		} {
			if f.set {
				got += " " + f.name + f.text
			}
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", raw, got, want)
		}
	}
}

// TestFault_Socket (case 30): a path with "sentinel" in it is a path.
func TestFault_Socket(t *testing.T) {
	for path, want := range map[string]string{"/nowhere/sentinel-x/redis.sock": "no such socket", "/nowhere/tls: x/redis.sock": "no such socket", "/nowhere/redis.sock": "no such socket"} {
		c, err := Open(Options{URL: "unix://" + path})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = c.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
		_ = c.Close()
	}
}
