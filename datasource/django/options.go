package django

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sony/gobreaker/v2"
)

// The limits of RELIABILITY, section 4.
const (
	defaultTimeout = 3 * time.Second  // one resource, all its pages
	maxTimeout     = 10 * time.Second //
	dialTimeout    = time.Second
	maxBody        = 2 << 20   // after decompression, all pages together
	largeBody      = 128 << 10 // from here on one is read at a time
	maxETag        = 256       // bytes of one that is offered again
	maxPages       = 20
	maxRows        = 5000
	inFlight       = 4
	missingFor     = 60 * time.Second // how long a 404 is believed
	forbiddenFor   = 5 * time.Minute  // how long a 403 is, for its resource
	backoffFirst   = time.Second
	backoffMost    = 30 * time.Second
	breakerTrips   = 5
	breakerOpenFor = 10 * time.Second
	shareFor       = time.Second      // an answer this young is handed out again
	unclaimedFor   = 30 * time.Second // an answer nobody waited for any more
	maxKept        = 8 << 20          // bytes of answers kept
	maxKeptEach    = 256 << 10        // of one: a larger one is asked for anew each time
	maxResources   = 10_000
)

// Options says where the API is and how it is asked.
type Options struct {
	BaseURL   string // http or https; a path in it is put before every endpoint's
	Token     string
	TokenFile string        // instead of Token; read again when it changes
	Scheme    string        // Token (default) or Bearer
	Timeout   time.Duration // for one resource with all its pages; 0 is 3 s, at most 10 s
	Logger    *slog.Logger  // nil logs nothing

	Headers  map[string]string // further headers, sent to BaseURL's scheme, host and port only
	CAFile   string            // certificates to trust instead of the system's
	CertFile string            // client certificate
	KeyFile  string            // its key
	Insecure bool              // do not verify the server

	// Transport replaces the network in tests; the token's guard stays around it.
	Transport http.RoundTripper
	// Random returns numbers in [0,1) for the jitter; nil is math/rand.
	Random func() float64
}

// New checks the options and returns a client. It does not connect; an error is
// about the configuration and never quotes a secret.
func New(o Options) (*Client, error) {
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	t := &token{scheme: o.Scheme, file: o.TokenFile, value: strings.TrimSpace(o.Token), basic: base.User}
	if t.scheme == "" {
		t.scheme = "Token"
	}
	switch {
	case t.scheme != "Token" && t.scheme != "Bearer":
		return nil, fmt.Errorf("api scheme %q is not known (Token or Bearer)", o.Scheme)
	case o.Token != "" && o.TokenFile != "":
		return nil, errors.New("api token and token file are both set")
	}
	if err := checkToken(t.value); err != nil {
		return nil, err
	}
	headers, err := privateHeaders(o.Headers)
	if err != nil {
		return nil, err
	}
	tlsConfig, err := o.tlsConfig()
	if err != nil {
		return nil, err
	}
	t.private = headersText(headers)
	c := &Client{
		base: base, token: t, timeout: o.Timeout, log: o.Logger, random: o.Random,
		slots: make(chan struct{}, inFlight), large: make(chan []byte, 1), resources: map[string]*resource{}, slashed: map[string]bool{},
	}
	c.large <- nil // made when it is needed
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	c.timeout = min(c.timeout, maxTimeout)
	if c.log == nil {
		c.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if c.random == nil {
		c.random = rand.Float64
	}
	next := o.Transport
	if next == nil {
		own := newTransport(tlsConfig)
		next, c.closeIdle = own, own.CloseIdleConnections
	}
	c.http = &http.Client{Transport: &guard{base: base, next: next, token: t, headers: headers}, CheckRedirect: c.checkRedirect}
	c.awake.Store(newSpell())
	c.breaker.Store(gobreaker.NewCircuitBreaker[*answer](c.breakerSettings()))
	return c, nil
}

// parseBase accepts http and https URLs with a host.
func parseBase(s string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	switch {
	case err != nil:
		return nil, errors.New("api url cannot be read (is it https://host/…?)") // err would quote a password
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("api url needs http:// or https://, has %q", u.Scheme)
	case u.Hostname() == "":
		return nil, errors.New("api url has no host")
	}
	u.RawQuery, u.Fragment, u.RawFragment = "", "", ""
	return u, nil
}
