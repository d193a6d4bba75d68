package redisdb

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// TestSettingsInForce: what each connection of each kind of client is opened
// with, as go-redis understood it.
func TestSettingsInForce(t *testing.T) {
	t.Parallel()
	single := open(t, Options{URL: "redis://127.0.0.1:1"})
	behind := open(t, Options{URL: "redis-sentinel://127.0.0.1:1/m/2"})
	set := servertest.Cluster(t, 3)
	cluster := open(t, Options{URL: set.URL()})
	node, err := cluster.cluster.MasterForKey(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]*redis.Options{
		"single": single.rdb.(*redis.Client).Options(), "master": behind.rdb.(*redis.Client).Options(),
		"sentinel": behind.masters.clients["127.0.0.1:1"].Options(), "node": node.Options(),
	} {
		for what, fine := range map[string]bool{
			"Protocol 3":                  o.Protocol == 3,
			"DisableIdentity":             o.DisableIdentity,
			"DialTimeout 2s":              o.DialTimeout == 2*time.Second,
			"DialerRetries 1":             o.DialerRetries == 1,
			"ReadTimeout 2s":              o.ReadTimeout == 2*time.Second,
			"WriteTimeout 2s":             o.WriteTimeout == 2*time.Second,
			"ContextTimeoutEnabled":       o.ContextTimeoutEnabled,
			"MaxRetries 1":                o.MaxRetries == 1 || name == "node" && o.MaxRetries == 0, // the cluster client retries itself
			"backoff 50–250 ms":           o.MinRetryBackoff == 50*time.Millisecond && o.MaxRetryBackoff == 250*time.Millisecond,
			"PoolSize 8":                  o.PoolSize == 8 || name == "sentinel" && o.PoolSize == sentinelPool,
			"MaxActiveConns 16":           o.MaxActiveConns == 16,
			"PoolTimeout 1s":              o.PoolTimeout == time.Second,
			"ConnMaxIdleTime 5m":          o.ConnMaxIdleTime == 5*time.Minute,
			"MaintNotifications disabled": o.MaintNotificationsConfig != nil && o.MaintNotificationsConfig.Mode == maintnotifications.ModeDisabled,
			"a dialer of ours":            o.Dialer != nil && o.TLSConfig == nil,
			"credentials when used":       o.CredentialsProviderContext != nil || name == "sentinel",
		} {
			if !fine {
				t.Errorf("%s: not %s: %+v", name, what, o)
			}
		}
	}
	if o := cluster.cluster.Options(); o.MaxRedirects != 3 {
		t.Errorf("cluster: MaxRedirects %d", o.MaxRedirects)
	}
	if db := behind.rdb.(*redis.Client).Options().DB; db != 2 {
		t.Errorf("behind sentinels: database %d", db)
	}
	if f := failed(t, cluster, ref(datasource.KindString, "k")); f != nil {
		t.Error(f)
	}
}

// TestDialTimeoutOfTheURL: query options win, also over the dialer's own time.
func TestDialTimeoutOfTheURL(t *testing.T) {
	for url, want := range map[string]time.Duration{
		"redis://h": 2 * time.Second, "redis://h?dial_timeout=7s": 7 * time.Second,
		"redis-sentinel://h/m?dial_timeout=7s": 7 * time.Second, "redis-cluster://h?dial_timeout=7s": 7 * time.Second,
	} {
		p, err := parse(url)
		if err != nil || p.dialTimeout() != want {
			t.Errorf("%s: %v, %v", url, p.dialTimeout(), err)
		}
	}
}
