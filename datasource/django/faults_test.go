package django

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/datasource"
)

// server starts a fault server that keeps what was sent to it.
func server(t testing.TB, h http.HandlerFunc) (*httptest.Server, *sent) {
	t.Helper()
	var s sent
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.add(r)
		h(w, r)
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.Start()
	t.Cleanup(srv.Close)
	return srv, &s
}

// sent is what a server received.
type sent struct {
	mu    sync.Mutex
	paths []string
	auth  []string
	bad   []string // requests that ticktop must never send
}

func (s *sent) add(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paths = append(s.paths, r.URL.RequestURI())
	s.auth = append(s.auth, r.Header.Get("Authorization"))
	if r.Method != http.MethodGet || r.Header.Get("Accept") != "application/json" || r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
		s.bad = append(s.bad, r.Method+" "+fmt.Sprint(r.Header))
	}
}

func (s *sent) check(t testing.TB) []string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.bad {
		t.Errorf("sent %s", b)
	}
	return s.paths
}

// dial returns a client with the longest time-out: few rows are about time.
func dial(t testing.TB, url string, edit func(*Options)) *Client {
	t.Helper()
	o := Options{BaseURL: url, Token: "s3cret", Timeout: maxTimeout, Random: func() float64 { return 0.5 }}
	if edit != nil {
		edit(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func sendJSON(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

// bomb is 16 MB of zeros in a few kB of gzip.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	for range 16 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
	return b.Bytes()
})

func twice(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// TestFaultServers: one row per way in which a server can be wrong.
func TestFaultServers(t *testing.T) {
	bomb() // takes its time under the race detector
	other, atOther := server(t, func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, `{"stolen":1}`) })
	for _, c := range []struct {
		name  string
		serve http.HandlerFunc
		class datasource.Class
		text  string
	}{
		{"html with 200", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, "<!doctype html><title>login\x1b]0;owned\x07</title>")
		}, datasource.ClassBadReply, "html instead of json (wrong url?)"},
		{"no content type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			_, _ = io.WriteString(w, "{}")
		}, datasource.ClassBadReply, "something unnamed instead of json (wrong url?)"},
		{"escape in the content type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/\u009b2J")
		}, datasource.ClassBadReply, "something unnamed instead of json (wrong url?)"},
		{"wrong charset", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=utf-16")
			_, _ = io.WriteString(w, "{}")
		}, datasource.ClassBadReply, "charset utf-16 instead of utf-8"},
		{"redirect to another port", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+"/a/?token=s3cret", http.StatusFound)
		}, datasource.ClassRedirect, "redirects elsewhere (" + other.URL + "/a/)"},
		{"redirect to another path", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/accounts/login/?next="+r.URL.Path, http.StatusFound)
		}, datasource.ClassRedirect, "/accounts/login/)"},
		{"redirect loop", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusMovedPermanently)
		}, datasource.ClassRedirect, "/a/)"},
		{"slash that was escaped", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "%2Fa/")
			w.WriteHeader(http.StatusMovedPermanently)
		}, datasource.ClassRedirect, "redirects elsewhere"},
		{"endless slashes", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.Path+"/")
			w.WriteHeader(http.StatusMovedPermanently)
		}, datasource.ClassRedirect, "/a///)"},
		{"redirect with escapes", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://user:pass@evil.example/%1b]0;x%07?k=s3cret")
			w.WriteHeader(http.StatusFound)
		}, datasource.ClassRedirect, "redirects elsewhere (http://evil.example/%1B%5D0;x%07)"},
		{"redirect nowhere", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) },
			datasource.ClassRedirect, "redirects nowhere (302)"},
		{"no content", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
			datasource.ClassBadReply, "no content (204)"},
		{"empty", func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, " ") }, datasource.ClassBadReply, "empty answer"},
		{"announces 1 GB", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(1<<30))
			sendJSON(w, "{")
		}, datasource.ClassTooBig, "too big (over 2 MB)"},
		{"never ends", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for {
				if _, err := io.WriteString(w, strings.Repeat("a", 64<<10)); err != nil {
					return
				}
			}
		}, datasource.ClassTooBig, "too big (over 2 MB)"},
		{"gzip bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb())
		}, datasource.ClassTooBig, "too big (over 2 MB)"},
		{"broken gzip", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			sendJSON(w, "this is not gzip at all")
		}, datasource.ClassBadReply, "bad reply (broken compression)"},
		{"cut short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"a":`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, datasource.ClassClosed, "answer cut short"},
		{"500", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<h1>Server Error (500)</h1>", 500) },
			datasource.ClassServer, "500"},
		{"503", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, datasource.ClassServer, "503"},
		{"bad host", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<h1>Bad Request (400)</h1>", 400) },
			datasource.ClassBadReply, "400: bad request"},
		{"teapot", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }, datasource.ClassBadReply, "418: i'm a teapot"},
		{"not modified out of the blue", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) },
			datasource.ClassBadReply, "not modified (304), unasked"},
		{"encoding not asked for", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			sendJSON(w, "\x0b\x02\x80{}\x03")
		}, datasource.ClassBadReply, "bad reply (encoded as br)"},
		{"bomb in a bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip, gzip")
			_, _ = w.Write(twice(bomb()))
		}, datasource.ClassBadReply, "bad reply (encoded as gzip, gzip)"},
		{"gzip bomb that says it is small", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Length", strconv.Itoa(len(bomb())))
			_, _ = w.Write(bomb())
		}, datasource.ClassTooBig, "too big (over 2 MB)"},
		{"longer than it says", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n ")
			_, _ = conn.Write(make([]byte, 64<<10))
			_ = conn.Close()
		}, datasource.ClassBadReply, "empty answer"},
		{"a page in no json", func(w http.ResponseWriter, _ *http.Request) {
			sendJSON(w, `{"next":"http://x/a/?page=2","results":[NaN]}`)
		}, datasource.ClassBadReply, "bad json in a page: invalid character 'N'"},
		{"401", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, datasource.ClassAuth, "token refused"},
		{"huge header", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Big", strings.Repeat("a", 1<<20))
			sendJSON(w, "{}")
		}, datasource.ClassTooBig, "too big (over 64 kB of headers)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv, got := server(t, c.serve)
			client := dial(t, srv.URL, nil)
			f := faultOf(t, read(client, "/a/"))
			if f.Class != c.class || !strings.Contains(f.Error(), c.text) || f.Source != datasource.SourceAPI {
				t.Errorf("got %v %q, want %v %q", f.Class, f, c.class, c.text)
			}
			for _, text := range []datasource.Safe{f.Text, f.Hint} {
				if datasource.Clean(text.String(), 0) != text || strings.Contains(text.String(), "s3cret") || strings.Contains(text.String(), "pass") {
					t.Errorf("unsafe or secret: %q", text)
				}
			}
			if n := len(got.check(t)); n > 2 {
				t.Errorf("%d requests for one read", n)
			}
		})
	}
	if n := len(atOther.check(t)); n != 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
}

// TestBodiesDoNotGrowMemory: an endless body costs one buffer, however often it
// is met and however many at a time. What is allocated is counted, not what is
// left, so that a lazy collector is no excuse.
func TestBodiesDoNotGrowMemory(t *testing.T) {
	chunk := bytes.Repeat([]byte("["), 64<<10)
	srv, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	c := dial(t, srv.URL, nil)
	const each = 16
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 2 {
		var wg sync.WaitGroup
		for j := range each {
			wg.Go(func() {
				if raw := read(c, fmt.Sprintf("/%d/%d/", i, j)); datasource.ClassOf(raw.Err) != datasource.ClassTooBig {
					t.Error(raw.Err)
				}
			})
		}
		wg.Wait()
	}
	runtime.ReadMemStats(&after)
	if spent := after.TotalAlloc - before.TotalAlloc; spent > maxBody+2*each*(1<<20) {
		t.Errorf("%d bytes were allocated", spent)
	}
}

// TestBodyLimit: exactly as much as may be is read, of small and large limits.
func TestBodyLimit(t *testing.T) {
	c := newTest(t, &fakeAPI{}, nil)
	for _, limit := range []int{0, 1, 1000, largeBody - 1, largeBody, largeBody + 1, maxBody} {
		for _, over := range []int{-1, 0, 1} {
			n := limit + over
			if n < 0 {
				continue
			}
			body, err := c.readAll(t.Context(), strings.NewReader(strings.Repeat("a", n)), limit)
			if (err != nil) != (over > 0) || err == nil && len(body) != n {
				t.Errorf("%d bytes where %d may be: got %d, %v", n, limit, len(body), err)
			}
		}
	}
}

// TestSlashRedirect: Django's missing slash costs one more request the first
// time, and none after.
func TestSlashRedirect(t *testing.T) {
	srv, got := server(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/") {
			w.Header().Set("Location", strings.ReplaceAll(r.URL.EscapedPath(), "%3A", ":")+"/?"+r.URL.RawQuery) // as Django spells it
			w.WriteHeader(http.StatusMovedPermanently)
			return
		}
		sendJSON(w, "{}")
	})
	c := dial(t, srv.URL, nil)
	for _, path := range []string{"/a?x=1", "/a?x=2", "/b%2Fc", "/d%3Ae", "/d%3Ae?x=2"} {
		if raw := read(c, path); raw.Err != nil {
			t.Fatal(raw.Err)
		}
	}
	want := "[/a?x=1 /a/?x=1 /a/?x=2 /b%2Fc /b%2Fc/? /d%3Ae /d:e/? /d%3Ae/?x=2]"
	if paths := fmt.Sprint(got.check(t)); paths != want {
		t.Errorf("asked %s, want %s", paths, want)
	}
	for _, auth := range got.auth {
		if auth != "Token s3cret" {
			t.Errorf("sent %q", auth)
		}
	}
}

// TestGuard: the token goes to its own scheme, host and port only.
func TestGuard(t *testing.T) {
	api := &fakeAPI{respond: always(200, "{}")}
	c := newTest(t, api, nil)
	for _, u := range []string{"http://api.example/", "https://api.example:8443/", "https://api.example.evil/", "https://evil/"} {
		req, _ := http.NewRequest(http.MethodGet, u, nil)
		req.Header.Set("Authorization", "Token secret")
		if res, err := c.http.Transport.RoundTrip(req); err == nil {
			_ = res.Body.Close()
			t.Errorf("%s was asked", u)
		}
	}
	req, _ := http.NewRequest(http.MethodGet, "https://API.example:443/", nil)
	req.Header.Set("Cookie", "a=b")
	res, err := c.http.Transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if api.auth[0] != "Token secret" || res.Request.Header.Get("Cookie") != "" {
		t.Errorf("sent %q", api.auth)
	}
	if req.Header.Get("Authorization") != "" {
		t.Error("the caller's request was changed")
	}
}

func TestBasicAuthOfTheURL(t *testing.T) {
	srv, got := server(t, func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, "{}") })
	c := dial(t, strings.Replace(srv.URL, "http://", "http://bob:pw@", 1), func(o *Options) { o.Token = "" })
	if raw := read(c, "/a/"); raw.Err != nil || got.auth[0] != "Basic Ym9iOnB3" {
		t.Errorf("%v, sent %q", raw.Err, got.auth)
	}
}

// TestUnreachable: what happens below HTTP.
func TestUnreachable(t *testing.T) {
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	deadURL := "http://" + dead.Addr().String()
	_ = dead.Close()
	plain, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, "{}") })
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, "{}") }))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	for _, c := range []struct {
		name, url string
		class     datasource.Class
		text      string
	}{
		{"nothing listens", deadURL, datasource.ClassRefused, "refused"},
		{"not http", raw(t, "-ERR unknown command\r\n"), datasource.ClassBadReply, "bad reply (no http; wrong port?)"},
		{"hangs up", raw(t, ""), datasource.ClassClosed, "answer cut short"},
		{"https to an http port", strings.Replace(plain.URL, "http://", "https://", 1), datasource.ClassBadReply, "bad reply (no http; wrong port?)"},
		{"unknown certificate", secure.URL, datasource.ClassTLS, "tls failed: x509: "},
		{"no such host", "http://no-such-host.invalid", datasource.ClassResolve, "no such host no-such-host.invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := faultOf(t, read(dial(t, c.url, nil), "/a/"))
			if f.Class != c.class || !strings.HasPrefix(f.Error(), c.text) {
				t.Errorf("got %v %q, want %v %q", f.Class, f, c.class, c.text)
			}
		})
	}
}

// raw starts a server that answers every request with the same bytes and closes.
func raw(t testing.TB, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = conn.Read(make([]byte, 4096))
				_, _ = io.WriteString(conn, answer)
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// TestDrip: a server that sends a byte now and then is left after the time-out.
func TestDrip(t *testing.T) {
	stop := make(chan struct{})
	srv, _ := server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for {
			select {
			case <-time.After(20 * time.Millisecond):
			case <-stop:
				return
			case <-r.Context().Done():
				return
			}
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
		}
	})
	defer close(stop)
	c := dial(t, srv.URL, func(o *Options) { o.Timeout = 200 * time.Millisecond })
	if f := faultOf(t, read(c, "/a/")); f.Class != datasource.ClassTimeout {
		t.Errorf("got %v %q", f.Class, f)
	}
}

func TestProbe(t *testing.T) {
	var status atomic.Int32
	status.Store(200)
	srv, _ := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(int(status.Load()))
		_, _ = io.WriteString(w, "{}")
	})
	c := dial(t, srv.URL, nil)
	if err := c.Probe(context.Background(), "/a/"); err != nil {
		t.Error(err)
	}
	for code, class := range map[int32]datasource.Class{404: datasource.ClassMissing, 401: datasource.ClassAuth, 500: datasource.ClassServer} {
		status.Store(code)
		if err := c.Probe(context.Background(), "/a/"); datasource.ClassOf(err) != class {
			t.Errorf("%d: got %v", code, err)
		}
	}
}
