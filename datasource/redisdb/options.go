package redisdb

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Options says which Redis, and as which user. Fields left empty follow the URL.
type Options struct {
	// URL is redis://, rediss://, unix://, redis-sentinel://host:port,…/master/db
	// or redis-cluster://host:port,…, each with user, password, db and query
	// options as go-redis' ParseURL has them; rediss-sentinel:// and
	// rediss-cluster:// speak TLS. Empty means redis://localhost:6379/0.
	URL string

	Username, Password string // override the URL's
	// PasswordFile holds the password, or user:password. It is read again for
	// every new connection, so a changed secret needs no restart.
	PasswordFile string

	CAFile            string // PEM; empty means the system's authorities
	CertFile, KeyFile string // PEM; a client certificate, read again for every connection
	Insecure          bool   // do not verify the server's certificate

	Sharded bool // in a cluster, subscribe with SSUBSCRIBE

	Logger *slog.Logger // nil discards
}

// The settings were measured against stopped, hung and stalled servers: with
// go-redis' defaults a context of 1 s took 5 s to end, and a dead pooled
// connection 10 s.
const (
	dialTimeout  = 2 * time.Second
	ioTimeout    = 2 * time.Second
	readBudget   = 1500 * time.Millisecond // one poll, all retries included
	minBackoff   = 50 * time.Millisecond
	maxBackoff   = 250 * time.Millisecond
	poolSize     = 8
	maxActive    = 16
	poolTimeout  = time.Second
	maxIdleTime  = 5 * time.Minute
	readBuffer   = 32 << 10
	pipelineRead = 64 << 10
)

// applyDefaults fills what the URL left open. The query options of the URL win.
func applyDefaults(o *redis.Options) {
	o.Protocol = or(o.Protocol, 3)
	o.DisableIdentity = true
	o.ContextTimeoutEnabled = true
	o.DialTimeout = or(o.DialTimeout, dialTimeout)
	o.DialerRetries = or(o.DialerRetries, 1)
	o.ReadTimeout = or(o.ReadTimeout, ioTimeout)
	o.WriteTimeout = or(o.WriteTimeout, ioTimeout)
	o.MaxRetries = or(o.MaxRetries, 1)
	o.MinRetryBackoff = or(o.MinRetryBackoff, minBackoff)
	o.MaxRetryBackoff = or(o.MaxRetryBackoff, maxBackoff)
	o.PoolSize = or(o.PoolSize, poolSize)
	o.MaxActiveConns = or(o.MaxActiveConns, max(maxActive, o.PoolSize))
	o.PoolTimeout = or(o.PoolTimeout, poolTimeout)
	o.ConnMaxIdleTime = or(o.ConnMaxIdleTime, maxIdleTime)
	o.ReadBufferSize = or(o.ReadBufferSize, readBuffer)
	o.PipelineReadBufferSize = or(o.PipelineReadBufferSize, pipelineRead)
	o.PipelineWriteBufferSize = or(o.PipelineWriteBufferSize, readBuffer)
	o.PipelinePoolSize = or(o.PipelinePoolSize, poolSize)
	o.MaintNotificationsConfig = quietMaintenance()
}

// quietMaintenance turns off announcements that only managed servers send.
func quietMaintenance() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// clusterSettings is settings for the shape that go-redis gives a cluster's
// options.
func clusterSettings(o *redis.ClusterOptions) {
	s := redis.Options{
		Protocol: o.Protocol, DialTimeout: o.DialTimeout, ReadTimeout: o.ReadTimeout, WriteTimeout: o.WriteTimeout,
		MaxRetries: o.MaxRetries, MinRetryBackoff: o.MinRetryBackoff, MaxRetryBackoff: o.MaxRetryBackoff,
		PoolSize: o.PoolSize, MaxActiveConns: o.MaxActiveConns, PoolTimeout: o.PoolTimeout, ConnMaxIdleTime: o.ConnMaxIdleTime,
	}
	applyDefaults(&s)
	o.Protocol, o.DisableIdentity, o.ContextTimeoutEnabled = s.Protocol, true, true
	o.DialTimeout, o.DialerRetries, o.ReadTimeout, o.WriteTimeout = s.DialTimeout, s.DialerRetries, s.ReadTimeout, s.WriteTimeout
	o.MaxRetries, o.MinRetryBackoff, o.MaxRetryBackoff = s.MaxRetries, s.MinRetryBackoff, s.MaxRetryBackoff
	o.PoolSize, o.MaxActiveConns, o.PoolTimeout, o.ConnMaxIdleTime = s.PoolSize, s.MaxActiveConns, s.PoolTimeout, s.ConnMaxIdleTime
	o.ReadBufferSize, o.PipelineReadBufferSize = s.ReadBufferSize, s.PipelineReadBufferSize
	o.PipelineWriteBufferSize, o.PipelinePoolSize = s.PipelineWriteBufferSize, s.PipelinePoolSize
	o.MaintNotificationsConfig, o.MaxRedirects = quietMaintenance(), or(o.MaxRedirects, 3)
}

// or returns v, or def when v is zero.
func or[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// open makes the go-redis client that t describes, and the sentinels that know its master if
// there are sentinels. It does not dial.
func (t *target) open(o *Options) (redis.UniversalClient, *sentinels, error) {
	secret := newSecret(o, t)
	d := &dialer{timeout: t.dialTimeout()}
	if t.tls {
		d.tls = &tlsFiles{
			ca: or(o.CAFile, t.files.ca), cert: or(o.CertFile, t.files.cert), key: or(o.KeyFile, t.files.key),
			insecure: o.Insecure || t.files.insecure || t.skipVerify(),
		}
		if _, err := d.tls.tlsConfig(); err != nil {
			return nil, nil, err
		}
	} else if o.CAFile != "" || o.CertFile != "" || t.files.ca != "" || t.files.cert != "" {
		return nil, nil, fmt.Errorf("certificates need TLS: write %s://", tlsScheme(t.scheme))
	}
	if t.cluster != nil {
		t.cluster.Dialer, t.cluster.TLSConfig, t.cluster.CredentialsProviderContext = d.dial, nil, secret.credentials
		clusterSettings(t.cluster)
		c := redis.NewClusterClient(t.cluster)
		c.OnNewNode(func(node *redis.Client) { node.AddHook(nameHook{}) })
		return c, nil, nil
	}
	t.single.Dialer, t.single.TLSConfig, t.single.CredentialsProviderContext = d.dial, nil, secret.credentials
	applyDefaults(t.single)
	var s *sentinels
	if t.sentinel != nil {
		s = newSentinels(t, d)
		t.single.Dialer = s.dialMaster
	}
	c := redis.NewClient(t.single)
	c.AddHook(nameHook{})
	return c, s, nil
}

// dialTimeout is the URL's, or ours.
func (t *target) dialTimeout() time.Duration {
	if t.cluster != nil {
		return or(t.cluster.DialTimeout, dialTimeout)
	}
	return or(t.single.DialTimeout, dialTimeout)
}

// skipVerify reports whether the URL asked for skip_verify=true.
func (t *target) skipVerify() bool {
	var c *tls.Config
	if t.cluster != nil {
		c = t.cluster.TLSConfig
	} else {
		c = t.single.TLSConfig
	}
	return c != nil && c.InsecureSkipVerify
}
