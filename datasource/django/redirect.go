package django

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// checkRedirect follows one redirect that only adds or drops the slash at the
// end (Django's APPEND_SLASH, FastAPI's redirect_slashes), always on the
// configured address: behind a proxy the server may spell its host in another
// way, or think that it is asked by https.
func (c *Client) checkRedirect(req *http.Request, via []*http.Request) error {
	from := via[len(via)-1].URL
	slash := onlySlashDiffers(from, req.URL)
	if len(via) > 1 || !slash || !sameServer(c.base, req.URL) {
		return &redirectError{to: req.URL, slash: slash, secure: upgraded(c.base, req.URL)}
	}
	req.URL.Scheme, req.URL.Host, req.URL.User = c.base.Scheme, c.base.Host, nil
	req.Host = ""
	return nil
}

// onlySlashDiffers compares path and query.
func onlySlashDiffers(a, b *url.URL) bool {
	from, to := a.EscapedPath(), b.EscapedPath()
	return canonical(a.RawQuery) == canonical(b.RawQuery) && (samePath(to, from+"/") || samePath(to+"/", from))
}

// sameServer reports whether a redirect means the configured address: the same
// port, however the host is spelled, or the same host by https.
func sameServer(base, to *url.URL) bool {
	switch {
	case to.Scheme == base.Scheme:
		return port(to) == port(base)
	case upgraded(base, to):
		return true
	}
	return false
}

// upgraded reports whether a redirect leads from http to https of one host.
func upgraded(base, to *url.URL) bool {
	return base.Scheme == "http" && to.Scheme == "https" && strings.EqualFold(base.Hostname(), to.Hostname())
}

// samePath compares escaped paths step by step: Django spells what needs no
// escape without one (A%3AB is A:B), but an escaped slash isn't one.
func samePath(a, b string) bool {
	return slices.EqualFunc(strings.Split(a, "/"), strings.Split(b, "/"), func(a, b string) bool {
		x, err := url.PathUnescape(a)
		y, err2 := url.PathUnescape(b)
		return err == nil && err2 == nil && x == y
	})
}

// rememberSlash keeps that a path wants its slash, or none, which spares a
// request each time from then on.
func (c *Client) rememberSlash(asked, got *url.URL) {
	if asked.EscapedPath() == got.EscapedPath() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.slashed) < maxResources {
		c.slashed[asked.EscapedPath()] = !strings.HasSuffix(asked.EscapedPath(), "/")
	}
}

// fixSlash spells a path as the API wants it.
func (c *Client) fixSlash(u *url.URL) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add, known := c.slashed[u.EscapedPath()]
	switch {
	case !known:
	case add:
		u.Path += "/"
		if u.RawPath != "" {
			u.RawPath += "/"
		}
	default:
		u.Path, u.RawPath = strings.TrimSuffix(u.Path, "/"), strings.TrimSuffix(u.RawPath, "/")
	}
}
