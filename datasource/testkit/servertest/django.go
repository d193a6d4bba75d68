package servertest

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

//go:embed django/app.py
var djangoApp []byte

// python is Debian's interpreter: the one that sees python3-djangorestframework.
const python = "/usr/bin/python3"

// DjangoToken is the token that the application accepts at first.
const DjangoToken = "0123456789abcdef0123456789abcdef01234567"

// API is a running Django REST application with the endpoints of the built-in
// dashboard: /api/accounts/ID/, …/equity/, /api/quotes/SYMBOL/,
// /api/positions/?account=ID (pages of 2), /api/orders/, /api/flags/,
// /api/counters/NAME/, /api/symbols/ (bare array), /api/limits/ (bare object).
// ACC-… accounts exist, others are 404.
type API struct {
	tb   testing.TB
	port int
	proc *process
}

// APIFault is one way for the application to misbehave. The zero value is no fault.
type APIFault struct {
	// Kind is a status ("500", "429", "204"), or delay, html, redirect, loop,
	// body, truncate, drip, bomb (gzip), huge (1 GB) or large (2 MB in 33,000
	// values: within every limit).
	Kind       string  `json:"kind"`
	Path       string  `json:"path,omitempty"`        // prefix of the paths it holds for; "" is all
	RetryAfter string  `json:"retry_after,omitempty"` // header, with a status
	Target     string  `json:"target,omitempty"`      // redirect: where to
	Body       string  `json:"body,omitempty"`        // body: the answer, as Latin-1 bytes
	Seconds    float64 `json:"seconds,omitempty"`     // delay: in all; drip: between bytes
}

// Asked is what the application was asked since the last Reset.
type Asked struct {
	Requests map[string]int    `json:"requests"` // by path with query
	Peak     int               `json:"peak"`     // most requests in flight at once, each until its answer begins to be sent
	Headers  map[string]string `json:"headers"`  // of the last request, as WSGI names them: HTTP_ACCEPT
}

// Total is the number of requests.
func (a Asked) Total() (n int) {
	for _, k := range a.Requests {
		n += k
	}
	return n
}

// Django starts the application and waits until it answers.
func Django(tb testing.TB) *API {
	tb.Helper()
	if err := exec.CommandContext(tb.Context(), python, "-c", "import django, rest_framework").Run(); err != nil {
		Skip(tb, "python3-djangorestframework is not installed")
	}
	dir := tb.TempDir()
	app := filepath.Join(dir, "app.py")
	if err := os.WriteFile(app, djangoApp, 0o600); err != nil {
		tb.Fatal(err)
	}
	a := &API{tb: tb, port: freePort(tb)}
	a.proc = newProcess(tb, python, dir, app, dir, strconv.Itoa(a.port))
	a.proc.start()
	a.waitReady()
	return a
}

func (a *API) waitReady() {
	a.tb.Helper()
	Until(a.tb, 2*startTimeout, "django listens", func() bool {
		if a.proc.ended() {
			a.tb.Fatalf("django ended:\n%s", a.proc.log.String())
		}
		c, err := (&net.Dialer{Timeout: time.Second}).DialContext(context.Background(), "tcp", a.Addr())
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}

// Addr returns "127.0.0.1:port".
func (a *API) Addr() string { return fmt.Sprintf("127.0.0.1:%d", a.port) }

// URL returns the base URL, without a slash at its end.
func (a *API) URL() string { return "http://" + a.Addr() }

// Fault has the application misbehave from now on.
func (a *API) Fault(f APIFault) { a.tb.Helper(); a.sendControl(map[string]any{"fault": f}) }

// Heal ends the fault and forgets what Put did.
func (a *API) Heal() { a.tb.Helper(); a.sendControl(map[string]any{"fault": nil, "restore": true}) }

// Put has a path (without query, token still required) answer with v as JSON,
// and with 404 when v is nil.
func (a *API) Put(path string, v any) {
	a.tb.Helper()
	a.sendControl(map[string]any{"put": map[string]any{path: v}})
}

// SetToken changes the only token that is accepted.
func (a *API) SetToken(token string) { a.tb.Helper(); a.sendControl(map[string]any{"token": token}) }

// Asked returns what was asked since the last Reset.
func (a *API) Asked() Asked { a.tb.Helper(); return a.sendControl(map[string]any{}) }

// Reset forgets what was asked, and returns it.
func (a *API) Reset() Asked { a.tb.Helper(); return a.sendControl(map[string]any{"reset": true}) }

// Kill ends the application.
func (a *API) Kill() { a.proc.kill() }

// Stop freezes the application; Cont thaws it.
func (a *API) Stop() { a.proc.setFrozen(true) }

// Cont thaws a stopped application.
func (a *API) Cont() { a.proc.setFrozen(false) }

// Restart ends the application and starts it again on the same port.
func (a *API) Restart() {
	a.tb.Helper()
	a.Kill()
	a.proc.start()
	a.waitReady()
}

func (a *API) sendControl(ask map[string]any) (got Asked) {
	a.tb.Helper()
	body, err := json.Marshal(ask)
	if err != nil {
		a.tb.Fatal(err)
	}
	client := http.Client{Timeout: startTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, a.URL()+"/__control/", bytes.NewReader(body))
	if err != nil {
		a.tb.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		a.tb.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		a.tb.Fatalf("django: %v\n%s", err, a.proc.log.String())
	}
	return got
}
