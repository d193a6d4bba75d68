package django

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
)

// fakeAPI answers in memory, so that time is synctest's.
type fakeAPI struct {
	mu      sync.Mutex
	asked   []string // path and query, in order
	auth    []string
	active  int
	peak    int
	took    time.Duration
	respond func(req *http.Request, n int) (int, http.Header, string) // n counts from 0
}

func (f *fakeAPI) RoundTrip(req *http.Request) (*http.Response, error) {
	f.mu.Lock()
	n := len(f.asked)
	f.asked = append(f.asked, req.URL.RequestURI())
	f.auth = append(f.auth, req.Header.Get("Authorization"))
	f.active++
	f.peak = max(f.peak, f.active)
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		f.active--
		f.mu.Unlock()
	}()
	if f.took > 0 {
		select {
		case <-time.After(f.took):
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	status, header, body := f.respond(req, n)
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: req, ProtoMajor: 1, ProtoMinor: 1}, nil
}

func (f *fakeAPI) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.asked)
}

// always answers every request alike.
func always(status int, body string) func(*http.Request, int) (int, http.Header, string) {
	return func(*http.Request, int) (int, http.Header, string) { return status, nil, body }
}

// newTest returns a client over a fake API, with a jitter that is always in the
// middle.
func newTest(t testing.TB, api *fakeAPI, edit func(*Options)) *Client {
	t.Helper()
	o := Options{BaseURL: "https://api.example/", Token: "secret", Transport: api, Random: func() float64 { return 0.5 }}
	if edit != nil {
		edit(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ref(path string) datasource.Ref {
	return datasource.Ref{Name: "x", Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: path}}
}

func read(c *Client, path string) datasource.Raw {
	raws, _ := c.Read(context.Background(), []datasource.Request{{Ref: new(ref(path)), Since: math.Inf(-1)}})
	return raws[0]
}

func faultOf(t testing.TB, raw datasource.Raw) *datasource.Fault {
	t.Helper()
	var f *datasource.Fault
	if !errors.As(raw.Err, &f) {
		t.Fatalf("no fault: %+v", raw)
	}
	return f
}
