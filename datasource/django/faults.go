package django

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/format"
)

// newFault returns a Fault of the API; text and hint pass the gate.
func newFault(class datasource.Class, text, hint string, err error) *datasource.Fault {
	return &datasource.Fault{Class: class, Source: datasource.SourceAPI,
		Text: datasource.Clean(text, 240), Hint: datasource.Clean(hint, 240), Err: err}
}

// redirectError is a redirect that is not followed.
type redirectError struct {
	to     *url.URL
	slash  bool // only the slash at the end differs, and the server
	secure bool // it is the same host by https
}

// hint says what to change.
func (e *redirectError) hint() string {
	switch {
	case e.secure:
		return "set api.url to https://" + e.to.Host
	case e.slash && strings.HasSuffix(e.to.Path, "/"):
		return "put a slash at the end of the path, or set api.url to " + e.to.Scheme + "://" + e.to.Host
	case e.slash:
		return "leave the slash at the end of the path out, or set api.url to " + e.to.Scheme + "://" + e.to.Host
	}
	return "set api.url to where it really is"
}

func (e *redirectError) Error() string { return "redirects elsewhere (" + redact(e.to) + ")" }

// redact shows where a URL points without user, password and query.
func redact(u *url.URL) string {
	r := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return r.String()
}

// transportFault explains an error of the HTTP client.
func transportFault(err error, timeout time.Duration) *datasource.Fault {
	var (
		f        *datasource.Fault
		redirect *redirectError
		dns      *net.DNSError
		netErr   net.Error
		op       *net.OpError
		unknown  x509.UnknownAuthorityError
	)
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &redirect):
		return newFault(datasource.ClassRedirect, redirect.Error(), redirect.hint(), err)
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return newFault(datasource.ClassTimeout, "no connection in "+format.Interval(min(dialTimeout, timeout)), "is the api reachable from here?", err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return newFault(datasource.ClassTimeout, "no answer in "+format.Interval(timeout), "", err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return newFault(datasource.ClassRefused, "refused", "is the api running, and on that port?", err)
	case errors.As(err, &dns):
		return newFault(datasource.ClassResolve, "no such host "+dns.Name, "check api.url", err)
	case errors.As(err, &unknown):
		return newFault(datasource.ClassTLS, "tls failed: "+lastError(err), "a private authority? name its certificate: api: {tls: {ca: FILE}}", err)
	case isTLS(err):
		return newFault(datasource.ClassTLS, "tls failed: "+lastError(err), "check the scheme and the certificate", err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return newFault(datasource.ClassClosed, "answer cut short", "", err)
	// Three of those that follow have no types in net/http.
	case strings.Contains(err.Error(), "response headers exceeded"):
		return newFault(datasource.ClassTooBig, "too big (over 64 kB of headers)", "is that the api?", err)
	case strings.Contains(err.Error(), "too many 1xx"):
		return newFault(datasource.ClassBadReply, "bad reply (only 1xx)", "is that the api?", err)
	case strings.Contains(err.Error(), "malformed HTTP"), errors.Is(err, http.ErrSchemeMismatch):
		return newFault(datasource.ClassBadReply, "bad reply (no http; wrong port?)", "check api.url", err)
	}
	return newFault(datasource.ClassUnknown, lastError(err), "", err)
}

func isTLS(err error) bool {
	var (
		verify  *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		record  tls.RecordHeaderError
		alert   tls.AlertError
	)
	return errors.As(err, &verify) || errors.As(err, &unknown) || errors.As(err, &host) ||
		errors.As(err, &record) || errors.As(err, &alert)
}

// lastError returns the innermost text of err: the wrappers repeat the URL.
func lastError(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return strings.TrimSuffix(err.Error(), ".")
		}
		err = inner
	}
}

// statusFault explains a status other than 200 and 304; nil for 404, which is
// an answer.
func (c *Client) statusFault(res *http.Response, now time.Time) *datasource.Fault {
	code := strconv.Itoa(res.StatusCode)
	switch s := res.StatusCode; {
	case s == http.StatusNotFound || s == http.StatusGone:
		return nil
	case s == http.StatusUnauthorized:
		return c.tokenFault()
	case s == http.StatusForbidden:
		return newFault(datasource.ClassPermission, "not allowed (403)", "may this token read it?", nil)
	case s == http.StatusTooManyRequests:
		return throttled(now.Add(c.throttleWait(res.Header.Get("Retry-After"), now)))
	case s == http.StatusBadRequest && !isJSON(res.Header.Get("Content-Type")):
		return newFault(datasource.ClassBadReply, "400: bad request", "is the host in ALLOWED_HOSTS?", nil)
	case s == http.StatusNotModified: // nothing was offered, so nothing can be unchanged
		return newFault(datasource.ClassBadReply, "not modified (304), unasked", "is there a cache in between?", nil)
	case s < 200:
		return newFault(datasource.ClassBadReply, code+": switches protocols", "is that the api?", nil)
	case s == http.StatusNoContent:
		return newFault(datasource.ClassBadReply, "no content (204)", "check the path", nil)
	case s >= 500:
		return newFault(datasource.ClassServer, code, strings.ToLower(http.StatusText(s)), nil)
	case s >= 300 && s < 400:
		return newFault(datasource.ClassRedirect, "redirects nowhere ("+code+")", "check api.url", nil)
	}
	text := code
	if word := strings.ToLower(http.StatusText(res.StatusCode)); word != "" {
		text += ": " + word
	}
	return newFault(datasource.ClassBadReply, text, "check the path", nil)
}

// tokenFault says that the token was refused, and how it was sent: Bearer sent
// to TokenAuthentication reads as if there had been none.
func (c *Client) tokenFault() *datasource.Fault {
	if c.token.header() == "" {
		return newFault(datasource.ClassAuth, "token needed", "set DJANGO_API_TOKEN", nil)
	}
	other := "Bearer"
	if c.token.scheme == other {
		other = "Token"
	}
	return newFault(datasource.ClassAuth, "token refused", "not asked again until it changes; sent as "+c.token.scheme+", is it "+other+"?", nil)
}

// throttled says that the API wants to be left alone. For how long is counted
// down by whoever shows it: a number in the text would stand still.
func throttled(until time.Time) *datasource.Fault {
	f := newFault(datasource.ClassRateLimited, "429: waiting", "", nil)
	f.RetryAt = until
	return f
}

// throttleWait is how long the API is left alone after a 429: as long as it says, else
// longer each time.
func (c *Client) throttleWait(header string, now time.Time) time.Duration {
	if told, ok := retryAfter(header, now); ok {
		return c.jitterTold(told)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.jitterUp(backoff(c.throttles))
}

// The bounds of Retry-After.
const (
	minRetryAfter = time.Second
	maxRetryAfter = 5 * time.Minute
)

// retryAfter reads a Retry-After header, seconds or a date. Without one, or with
// nonsense, ok is false: the wait is ours to choose.
func retryAfter(header string, now time.Time) (wait time.Duration, ok bool) {
	header = strings.TrimSpace(header)
	n, err := strconv.ParseInt(header, 10, 64)
	if (err == nil || errors.Is(err, strconv.ErrRange)) && n >= 0 { // out of range: n is the nearest
		wait = time.Duration(min(n, int64(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(now)
	} else {
		return 0, false
	}
	return min(max(wait, minRetryAfter), maxRetryAfter), true
}
