package redisdb

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	one := func(u string) string {
		t.Helper()
		p, err := parse(u)
		if err != nil {
			return "error: " + err.Error()
		}
		switch {
		case p.cluster != nil:
			o := p.cluster
			slices.Sort(o.Addrs)
			return fmt.Sprintf("cluster %v %s:%s tls=%v", o.Addrs, o.Username, o.Password, p.tls)
		case p.sentinel != nil:
			o, s := p.single, p.sentinel
			return fmt.Sprintf("sentinel %v %s %s:%s db=%d tls=%v %s:%s", s.addrs, s.master, o.Username, o.Password, o.DB, p.tls, s.user, s.password)
		}
		o := p.single
		return fmt.Sprintf("%s %s %s:%s db=%d tls=%v", o.Network, o.Addr, o.Username, o.Password, o.DB, p.tls)
	}
	for u, want := range map[string]string{
		"":                                "tcp localhost:6379 : db=0 tls=false",
		"redis://h":                       "tcp h:6379 : db=0 tls=false",
		"redis://u:p%40ss@h:1/3":          "tcp h:1 u:p@ss db=3 tls=false",
		"rediss://:pw@h:1":                "tcp h:1 :pw db=0 tls=true",
		"redis://[::1]:7/2":               "tcp [::1]:7 : db=2 tls=false",
		"unix://u:p@/run/redis.sock?db=4": "unix /run/redis.sock u:p db=4 tls=false",
		"REDIS://h":                       "tcp h:6379 : db=0 tls=false",
		"redis-sentinel://a:1,b,c:3/m/2":  "sentinel [a:1 b:26379 c:3] m : db=2 tls=false :",
		"redis-sentinel://u:p@a:1/m?sentinel_username=s&sentinel_password=q": "sentinel [a:1] m u:p db=0 tls=false s:q",
		"redis-sentinel://a?master_name=m&addr=b:2&db=3":                     "sentinel [a:26379 b:2] m : db=3 tls=false :",
		"rediss-sentinel://a/m":                                              "sentinel [a:26379] m : db=0 tls=true :",
		"redis-cluster://u:p@a:1,b:2,[::1]:3":                                "cluster [[::1]:3 a:1 b:2] u:p tls=false",
		"redis-cluster://a,b/0":                                              "cluster [a:6379 b:6379] : tls=false",
		"localhost:6379":                                                     "error: redis url \"localhost:6379\" has no scheme: write " + schemes,
		"http://h":                                                           "error: redis url \"http://h\": unknown scheme: write " + schemes,
		"redis-sentinel://a":                                                 "error: redis url \"redis-sentinel://a\": the master's name is missing: write redis-sentinel://host:port,host:port/master/db",
		"redis-cluster://a/1":                                                "error: redis url \"redis-cluster://a/1\": a cluster has database 0 only",
		"redis-cluster://a,,b":                                               "error: redis url \"redis-cluster://a,,b\": an address is empty",
		"redis://h/x":                                                        "error: redis url \"redis://h/x\": invalid database number: \"x\"",
		"redis://h?nonsense=1":                                               "error: redis url \"redis://h?nonsense=1\": unexpected option: nonsense",
		"redis://u:s3cret%@h":                                                "error: redis url \"redis://u:***@h\": user, password or port cannot be read: write special characters as %XX",
	} {
		if got := one(u); got != want {
			t.Errorf("%s\n got %s\nwant %s", u, got, want)
		}
	}
}

func TestQueryOptionsWin(t *testing.T) {
	p, err := parse("redis://h?read_timeout=7s&pool_size=3&max_retries=-1&protocol=2")
	if err != nil {
		t.Fatal(err)
	}
	applyDefaults(p.single)
	o := p.single
	if o.ReadTimeout != 7*time.Second || o.PoolSize != 3 || o.MaxRetries != -1 || o.Protocol != 2 {
		t.Errorf("the URL's options are lost: %+v", o)
	}
	if o.WriteTimeout != ioTimeout || o.DialTimeout != dialTimeout || !o.ContextTimeoutEnabled || o.MaxActiveConns != maxActive {
		t.Errorf("the settings are lost: %+v", o)
	}
}

// FuzzParse: no panic, and no error or shown form holds the password.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"redis://", "unix://", "redis-sentinel://", "redis-cluster://", "rediss-cluster://", "x", ""} {
		f.Add(s, "h:1/0?a=b")
		f.Add(s, "a,b/m/1")
		f.Add(s, "%zz")
	}
	const password = "hunter2hunter2"
	f.Fuzz(func(t *testing.T, scheme, rest string) {
		if strings.Contains(scheme+rest, "hunter2") {
			return
		}
		raw := scheme + "u:" + password + "@" + rest
		p, err := parse(raw)
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("error holds the password: %v", err)
		}
		if err == nil && strings.Contains(p.shown, password) {
			t.Errorf("shown holds the password: %s", p.shown)
		}
	})
}
