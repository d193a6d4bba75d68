package redisdb

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// dialer makes every connection of a client.
type dialer struct {
	timeout time.Duration
	tls     *tlsFiles // nil: plain
}

// keepAlive finds a dead peer within 25 s on an idle connection; what is
// written and never acknowledged is given up after userTimeout (on Linux).
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}

// userTimeout is TCP_USER_TIMEOUT.
const userTimeout = 6 * time.Second

// captureKey marks, in a context, a dial for the subscription.
type captureKey struct{}

// capture receives the connection that was dialed for the subscription, so
// that its bytes are read here and not by go-redis. Where several are dialed
// under one context (a sentinel first), the last one is the subscription's.
type capture struct{ conn net.Conn }

// dial connects. A connection for the subscription is read in batches where
// that is possible.
func (d *dialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	nd := net.Dialer{Timeout: d.timeout, KeepAliveConfig: keepAlive, Control: setUserTimeout}
	conn, err := nd.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	c, _ := ctx.Value(captureKey{}).(*capture)
	if c != nil {
		conn = batchReads(conn, d.tls != nil)
	}
	if d.tls != nil {
		if conn, err = d.wrapTLS(ctx, conn, addr); err != nil {
			return nil, err
		}
	}
	if c != nil {
		c.conn = conn
	}
	return &boundedConn{Conn: conn, budget: maxHello}, nil
}

func (d *dialer) wrapTLS(ctx context.Context, conn net.Conn, addr string) (net.Conn, error) {
	config, err := d.tls.tlsConfig()
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	if config.ServerName, _, err = net.SplitHostPort(addr); err != nil {
		config.ServerName = addr
	}
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		var timeout net.Error
		if isClosed(err) || errors.Is(err, context.Canceled) || errors.As(err, &timeout) && timeout.Timeout() {
			return nil, err // the network's fault, not that of TLS
		}
		return nil, &handshakeError{err}
	}
	return secured, nil
}

// handshakeError is why two sides could not agree on TLS. Most of crypto/tls'
// own errors have no type.
type handshakeError struct{ err error }

func (e *handshakeError) Error() string { return e.err.Error() }
func (e *handshakeError) Unwrap() error { return e.err }
