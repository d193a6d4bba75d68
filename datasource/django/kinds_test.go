package django

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
)

// TestPages_OtherStyles: case 24, links.next and Link headers beside DRF's own.
func TestPages_OtherStyles(t *testing.T) {
	page := func(n int) string { return fmt.Sprintf(`"https://api.example/p/?page=%d"`, n) }
	for _, c := range []struct {
		name  string
		first string
		link  string
		last  string
		want  string
		note  string
	}{
		{"case 24, links.next", `{"count":3,"links":{"next":` + page(2) + `},"results":[1,2]}`, "", `{"count":3,"links":{"next":null},"results":[3]}`,
			`{"count":3,"next":null,"previous":null,"results":[1,2,3]}`, ""},
		{"case 24, link header", `{"count":3,"results":[1,2]}`, `<https://api.example/p/?page=1>; rel="prev", <https://api.example/p/?page=2>; rel="next"`, `{"count":3,"results":[3]}`,
			`{"count":3,"next":null,"previous":null,"results":[1,2,3]}`, ""},
		{"case 24, fewer than count", `{"count":6,"results":[1,2,3]}`, "", "", `{"count":6,"results":[1,2,3]}`, "api gave 3 of 6 rows"},
		{"fewer than count after all pages", `{"count":6,"next":` + page(2) + `,"results":[1,2]}`, "", `{"count":6,"next":null,"results":[3]}`,
			`{"count":3,"next":null,"previous":null,"results":[1,2,3]}`, "api gave 3 of 6 rows"},
		{"array with a link header", `[1,2]`, `</p/?page=2>; title="a, b"; rel=next`, `[3]`, `[1,2,3]`, ""},
		{"json:api", `{"data":[1,2],"links":{"next":{"href":` + page(2) + `}},"meta":{"pagination":{}}}`, "", `{"data":[3]}`,
			`{"count":3,"next":null,"previous":null,"data":[1,2,3]}`, ""},
		{"meta.next", `{"results":[1,2],"meta":{"next":` + page(2) + `,"total":3}}`, "", `{"results":[3],"meta":{}}`,
			`{"count":3,"next":null,"previous":null,"results":[1,2,3]}`, ""},
		{"links of another shape", `{"results":[1,2],"links":["next"]}`, "", "", `{"results":[1,2],"links":["next"]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			api := &fakeAPI{respond: func(req *http.Request, _ int) (int, http.Header, string) {
				if req.URL.Query().Get("page") == "2" {
					return 200, nil, c.last
				}
				h := http.Header{}
				if c.link != "" {
					h.Set("Link", c.link)
				}
				return 200, h, c.first
			}}
			raw := read(newTest(t, api, nil), "/p/")
			if raw.Err != nil || string(raw.Bytes) != c.want || raw.Note.String() != c.note {
				t.Errorf("got %s, %v, %q; want %s, %q", raw.Bytes, raw.Err, raw.Note, c.want, c.note)
			}
		})
	}
}

// TestRedirect_SlashOnly: case 25. Path and query are followed on the configured
// address, and a host named instead is never asked.
func TestRedirect_SlashOnly(t *testing.T) {
	for _, c := range []struct {
		name, base, path, to string
		asked                string // the second request, "" for none
		hint                 string
	}{
		{"case 25, another spelling of the host", "http://127.0.0.1:8000", "/a?x=1", "http://localhost:8000/a/?x=1", "http://127.0.0.1:8000/a/?x=1", ""},
		{"case 25, host behind the proxy", "http://api.example", "/a", "http://django-internal/a/", "http://api.example/a/", ""},
		{"case 25, http to https", "http://api.example", "/a", "https://api.example/a/", "http://api.example/a/", ""},
		{"slash dropped", "http://api.example", "/a/", "http://api.example/a", "http://api.example/a", ""},
		{"upper case host", "https://api.example", "/a", "https://API.example:443/a/", "https://api.example/a/", ""},
		{"https only, no slash", "http://api.example", "/a/", "https://api.example/a/", "", "set api.url to https://api.example"},
		{"another port", "http://api.example:8000", "/a", "http://api.example:9000/a/", "", "put a slash at the end of the path, or set api.url to http://api.example:9000"},
		{"another query", "http://api.example", "/a?x=1", "http://api.example/a/?x=2", "", "set api.url to where it really is"},
		{"down to http", "https://api.example", "/a", "http://api.example/a/", "", "put a slash at the end of the path, or set api.url to http://api.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var urls []string
			api := &fakeAPI{respond: func(req *http.Request, n int) (int, http.Header, string) {
				urls = append(urls, req.URL.String())
				if req.Header.Get("X-Api-Key") != "k3y" || req.Header.Get("Authorization") != "Token secret" {
					t.Error("a header is missing")
				}
				if n == 0 {
					return 301, http.Header{"Location": {c.to}}, ""
				}
				return 200, nil, "{}"
			}}
			client := newTest(t, api, func(o *Options) { o.BaseURL, o.Headers = c.base, map[string]string{"x-api-key": "k3y"} })
			raw := read(client, c.path)
			if c.asked != "" {
				if raw.Err != nil || len(urls) != 2 || urls[1] != c.asked {
					t.Errorf("asked %q, %v", urls, raw.Err)
				}
				return
			}
			if f := faultOf(t, raw); f.Class != datasource.ClassRedirect || f.Hint.String() != c.hint || len(urls) != 1 {
				t.Errorf("%v, hint %q, asked %q", f, f.Hint, urls)
			}
		})
	}
}

// TestHeaders_Refused: a header that could be taken for another thing is a
// mistake of the configuration, and its value is not quoted.
func TestHeaders_Refused(t *testing.T) {
	for name, value := range map[string]string{"": "s3cret", "a b": "s3cret", "Authorization": "s3cret", "host": "s3cret", "X-Key": "s3cret\r\nHost: evil", "X:Y": "s3cret", "X-Ä": "s3cret"} {
		_, err := New(Options{BaseURL: "http://h", Headers: map[string]string{name: value}})
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// TestEveryStatus_NextTryComes: whatever the status, also one that switches
// protocols on a connection that stays open, the wait ends, and the next try
// comes with its back-off.
func TestEveryStatus_NextTryComes(t *testing.T) {
	if testing.Short() {
		t.Skip("500 connections")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	defer close(done)
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				r, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				upgrade := ""
				if strings.HasSuffix(r.URL.Path, "/101/") {
					upgrade = "Connection: Upgrade\r\nUpgrade: x\r\n"
				}
				fmt.Fprintf(conn, "HTTP/1.1 %s X\r\nContent-Type: application/json\r\n%s\r\n", strings.Trim(r.URL.Path, "/"), upgrade)
				if strings.Contains(r.URL.RawQuery, "chunk") {
					fmt.Fprint(conn, "5\r\n{")
				}
				<-done // half open: neither body nor end
			}()
		}
	}()
	for status := 100; status <= 599; status++ {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			c := dial(t, "http://"+l.Addr().String(), func(o *Options) { o.Timeout = 300 * time.Millisecond })
			path := "/" + strconv.Itoa(status) + "/"
			result := make(chan datasource.Raw, 1)
			go func() { result <- read(c, path) }()
			select {
			case raw := <-result:
				switch f := datasource.AsFault(raw.Err, datasource.SourceAPI); {
				case f == nil && !raw.Missing:
					t.Error("an answer without a body is no value")
				case f == nil && raw.TTL <= 0:
					t.Error("a 404 that is believed for ever")
				case f != nil && f.Class != datasource.ClassAuth && f.RetryAt.IsZero():
					t.Errorf("%v: no next try", f)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("the wait has no end")
			}
		})
	}
}

// TestSwitchedProtocol_SlotsAreFree: after more 101s than requests may be in
// flight the next request is answered.
func TestSwitchedProtocol_SlotsAreFree(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/up") {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				t.Cleanup(func() { _ = conn.Close() })
				fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			}
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(srv.Close)
	c := dial(t, srv.URL, func(o *Options) { o.Timeout = time.Second })
	for i := range inFlight + 1 {
		if raw := read(c, fmt.Sprintf("/up%d/", i)); raw.Err == nil {
			t.Fatal("a switched protocol is no answer")
		}
	}
	if raw := read(c, "/a/"); raw.Err != nil {
		t.Error(raw.Err)
	}
}
