package demo

import (
	"compress/gzip"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// apiMode is a way in which the API can misbehave.
type apiMode uint8

const (
	mode401 apiMode = iota
	mode429
	mode500
	modeGarbage
	modeSlow
	numModes
)

const (
	retryAfter = 12              // seconds, in a 429
	slowness   = 8 * time.Second // longer than any sensible time-out
	gzipOver   = 200             // bytes from which Django's GZipMiddleware compresses
)

// api replaces the platform's Django REST framework: the same paths,
// shapes, headers and errors, with values from the market.
type api struct {
	market  *Market
	token   string
	addr    string
	handler http.Handler

	mu    sync.Mutex
	srv   *http.Server
	modes [numModes]bool
	done  bool
}

func newAPI(m *Market, token string) (*api, error) {
	a := &api{market: m, token: token, addr: anyPort}
	a.handler = a.applyFaults(a.authenticate(a.conditional(http.HandlerFunc(a.routeRequest))))
	return a, a.start()
}

// start listens, on the same port as before.
func (a *api) start() error {
	l, err := listen(a.addr)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.srv != nil || a.done {
		return l.Close()
	}
	if a.addr == anyPort { // never written again: it is read without the lock
		a.addr = l.Addr().String()
	}
	a.srv = &http.Server{Handler: a.handler, ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return context.Background() }}
	srv := a.srv
	go func() { _ = srv.Serve(l) }() // it ends when stop closes it
	return nil
}

// stop closes the port and cuts what is being answered.
func (a *api) stop() {
	a.mu.Lock()
	srv := a.srv
	a.srv = nil
	a.mu.Unlock()
	if srv != nil {
		_ = srv.Close()
	}
}

// close is stop, for good.
func (a *api) close() {
	a.mu.Lock()
	a.done = true
	a.mu.Unlock()
	a.stop()
}

func (a *api) setMode(m apiMode, on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.modes[m] = on
}

func (a *api) inMode(m apiMode) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.modes[m]
}

// applyFaults is where the fault menu breaks the API.
func (a *api) applyFaults(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.inMode(modeSlow) {
			select {
			case <-time.After(slowness):
			case <-r.Context().Done():
				return
			}
		}
		switch {
		case a.inMode(mode500): // an unhandled exception is HTML, also under DRF
			writePage(w, http.StatusInternalServerError, "Server Error (500)")
		case a.inMode(mode429):
			w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
			writeDetail(w, http.StatusTooManyRequests, fmt.Sprintf("Request was throttled. Expected available in %d seconds.", retryAfter))
		case a.inMode(modeGarbage): // what a captive portal or a proxy does
			writePage(w, http.StatusOK, "Please log in")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// authenticate is DRF's TokenAuthentication.
func (a *api) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		message := ""
		switch {
		case !strings.EqualFold(scheme, "Token"): // another scheme is as good as none
			message = "Authentication credentials were not provided."
		case token != a.token || a.inMode(mode401):
			message = "Invalid token."
		}
		if message != "" {
			w.Header().Set("WWW-Authenticate", "Token")
			writeDetail(w, http.StatusUnauthorized, message)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD, OPTIONS")
			writeDetail(w, http.StatusMethodNotAllowed, fmt.Sprintf("Method %q not allowed.", r.Method))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// conditional does what Django's ConditionalGetMiddleware and GZipMiddleware
// do: a strong ETag of the body, weak once it is compressed, and 304.
func (a *api) conditional(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{header: w.Header(), status: http.StatusOK}
		next.ServeHTTP(rec, r)
		if rec.status != http.StatusOK {
			w.WriteHeader(rec.status)
			writeBody(w, rec.body)
			return
		}
		sum := md5.Sum(rec.body) // Django's choice
		tag := `"` + hex.EncodeToString(sum[:]) + `"`
		zip := len(rec.body) >= gzipOver && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
		shown := tag
		if zip {
			shown = "W/" + tag
		}
		w.Header().Set("ETag", shown)
		if matchesTag(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if !zip {
			writeBody(w, rec.body)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		writeBody(z, rec.body)
		_ = z.Close()
	})
}

// matchesTag compares as If-None-Match does: weakly.
func matchesTag(header, tag string) bool {
	for t := range strings.SplitSeq(header, ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag || t == "*" {
			return true
		}
	}
	return false
}

// recorder holds an answer back until the middleware has seen it.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

func (r *recorder) Header() http.Header    { return r.header }
func (r *recorder) WriteHeader(status int) { r.status = status }
func (r *recorder) Write(p []byte) (int, error) {
	r.body = append(r.body, p...)
	return len(p), nil
}

// writeJSON writes a DRF response.
func writeJSON(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Vary", "Accept, Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Allow") == "" {
		h.Set("Allow", "GET, HEAD, OPTIONS")
	}
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"detail":"A server error occurred."}`)
	}
	w.WriteHeader(status)
	writeBody(w, body)
}

// writeBody writes to a client that may have gone; nobody is left to be told.
func writeBody(w io.Writer, body []byte) { _, _ = w.Write(body) }

func writeDetail(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, map[string]string{"detail": message})
}

// writePage is what Django answers where DRF has no say.
func writePage(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<!doctype html>\n<html lang=\"en\">\n<head><title>%s</title></head>\n<body><h1>%s</h1><p></p></body>\n</html>\n", title, title)
}
