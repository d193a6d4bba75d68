package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"time"

	"ticktop/cmd/internal/config"
	"ticktop/datasource"
	"ticktop/datasource/django"
	"ticktop/datasource/engine"
	"ticktop/datasource/redisdb"
)

// UsageError is a mistake of the user's: exit status 2.
type UsageError struct{ Err error }

// Error returns the cause's text.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// OpenRedis makes the client that a configuration describes. It does not dial.
func OpenRedis(r config.Redis, log *slog.Logger) (*redisdb.Client, error) {
	c, err := redisdb.Open(redisdb.Options{
		URL: r.URL.Reveal(), Username: r.Username, Password: r.Password.Reveal(), PasswordFile: r.PasswordFile,
		CAFile: r.CA, CertFile: r.Cert, KeyFile: r.Key, Insecure: r.Insecure, Sharded: r.Sharded, Logger: log,
	})
	if err != nil {
		return nil, &UsageError{fmt.Errorf("redis: %w", err)}
	}
	return c, nil
}

// OpenAPI makes the client of the API, or nil where there isn't one. It does not
// connect.
func OpenAPI(a config.API, log *slog.Logger) (*django.Client, error) {
	if a.URL == "" {
		return nil, nil
	}
	headers := make(map[string]string, len(a.Headers))
	for name, value := range a.Headers {
		headers[name] = value.Reveal()
	}
	c, err := django.New(django.Options{
		BaseURL: a.URL.Reveal(), Token: a.Token.Reveal(), TokenFile: a.TokenFile, Scheme: a.Scheme, Timeout: a.Timeout, Logger: log,
		Headers: headers, CAFile: a.CA, CertFile: a.Cert, KeyFile: a.Key, Insecure: a.Insecure,
	})
	if err != nil {
		return nil, &UsageError{fmt.Errorf("api: %w", err)}
	}
	return c, nil
}

// links are the clients of one configuration, and how to close them.
type links struct {
	redis    datasource.Reader
	listener datasource.Listener
	api      datasource.Reader                            // nil without one
	ping     func(context.Context) (time.Duration, error) // nil: not asked
	close    func() error
}

// connectSources makes the clients. Nothing is dialled.
func connectSources(c *config.Config, log *slog.Logger) (*links, error) {
	redis, err := OpenRedis(c.Redis, log)
	if err != nil {
		return nil, err
	}
	l := &links{redis: redis, listener: redis, ping: redis.Ping, close: redis.Close}
	api, err := OpenAPI(c.API, log)
	if err != nil {
		return nil, errors.Join(err, redis.Close())
	}
	if api == nil {
		return l, nil
	}
	l.api = api
	if c.API.Share {
		l.api = &sharedAPI{api: api, redis: redis, ttl: c.CacheTTL, log: log}
	}
	return l, nil
}

// backend is an engine and the clients it reads with.
type backend struct {
	engine *engine.Engine
	ping   func(context.Context) (time.Duration, error)
	redis  datasource.Reader
	stack  stack
}

// newBackend starts an engine on l.
func newBackend(c *config.Config, l *links, log *slog.Logger) *backend {
	b := &backend{ping: l.ping, redis: l.redis, stack: stack{log: log}}
	if l.close != nil {
		b.stack.push("connections", l.close)
	}
	scanner, _ := l.redis.(engine.Scanner)
	b.engine = engine.New(engine.Options{
		Redis: l.redis, Scanner: scanner, Listener: l.listener, API: l.api, Poll: c.Redis.Poll, CacheTTL: c.CacheTTL, Logger: log,
	})
	return b
}

// keyReader is the Redis whose keys can be browsed; nil while there isn't one.
func (b *backend) keyReader() keyReader {
	if later, ok := b.redis.(deferredRedis); ok {
		redis, _ := later.readyReader().(keyReader)
		return redis
	}
	redis, _ := b.redis.(keyReader)
	return redis
}

func (b *backend) start() {
	b.stack.run("engine", func(ctx context.Context) error { return b.engine.Run(ctx) })
}

// Watch implements opener.
func (b *backend) Watch(refs []datasource.Ref) datasource.Feed { return b.engine.Watch(refs) }

// Follow implements variableFollower.
func (b *backend) Follow(vars []engine.Variable) *engine.Variables { return b.engine.Follow(vars) }

// pingLimit bounds the wait for the round trip of a snapshot.
const pingLimit = 200 * time.Millisecond

// withRoundTrip adds Redis' round trip to a snapshot that was too short-lived to have
// measured one.
func (b *backend) withRoundTrip(ctx context.Context, snap *datasource.Snapshot) *datasource.Snapshot {
	status := snap.Sources[datasource.SourceRedis]
	if b.ping == nil || status.Light != datasource.LightUp || status.RTT > 0 {
		return snap
	}
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	rtt, err := b.ping(ctx)
	if err != nil {
		return snap
	}
	out := *snap
	out.Sources[datasource.SourceRedis].RTT = rtt
	return &out
}

// sameLinks reports whether two configurations read the same way, so that a
// reload can keep the connections and everything known.
func sameLinks(a, b *config.Config) bool {
	return a.Redis == b.Redis && reflect.DeepEqual(a.API, b.API) && a.CacheTTL == b.CacheTTL
}
