package django

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// TestTokenRefused: after a 401 nothing is sent until the token changes; a 403
// stops its own resource only.
func TestTokenRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := tokenFile(t, "old")
		api := &fakeAPI{}
		api.respond = func(req *http.Request, _ int) (int, http.Header, string) {
			switch {
			case req.Header.Get("Authorization") != "Bearer new":
				return 401, nil, `{"detail":"Invalid token."}`
			case req.URL.Path == "/forbidden/":
				return 403, nil, `{"detail":"no"}`
			}
			return 200, nil, "{}"
		}
		c := newTest(t, api, func(o *Options) { o.Token, o.TokenFile, o.Scheme = "", file, "Bearer" })
		for range 3 {
			f := faultOf(t, read(c, "/a/"))
			if f.Class != datasource.ClassAuth || f.Error() != "token refused" || !strings.Contains(f.Hint.String(), "Bearer") {
				t.Fatalf("got %v %q %q", f.Class, f, f.Hint)
			}
			time.Sleep(time.Hour)
		}
		if api.count() != 1 {
			t.Errorf("%d requests with a refused token", api.count())
		}
		writeToken(t, file, "new\n")
		if raw := read(c, "/a/"); raw.Err != nil {
			t.Fatal(raw.Err)
		}
		for range 2 {
			if f := faultOf(t, read(c, "/forbidden/")); f.Class != datasource.ClassPermission || f.Error() != "not allowed (403)" {
				t.Errorf("got %v %q", f.Class, f)
			}
			time.Sleep(time.Minute)
		}
		if raw := read(c, "/b/"); raw.Err != nil || api.count() != 4 {
			t.Errorf("%v after %d requests", raw.Err, api.count())
		}
	})
}

// TestTokenChanges: an answer to the old token does not outlive it, be it a
// 401 that is still on its way, a 403, a 404, or an answer of a moment ago.
func TestTokenChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := tokenFile(t, "old")
		api := &fakeAPI{}
		api.respond = func(req *http.Request, _ int) (int, http.Header, string) {
			if req.Header.Get("Authorization") == "Token newer" {
				return 200, nil, `"for the new one"`
			}
			switch req.URL.Path {
			case "/slow/":
				writeToken(t, file, "newer")
				return 401, nil, ""
			case "/403/":
				return 403, nil, ""
			case "/404/":
				return 404, nil, ""
			}
			return 200, nil, `"for the old one"`
		}
		c := newTest(t, api, func(o *Options) { o.Token, o.TokenFile = "", file })
		for range 2 {
			for _, path := range []string{"/403/", "/404/", "/200/"} {
				read(c, path)
			}
		}
		if n := api.count(); n != 3 {
			t.Fatalf("%d requests", n)
		}
		if f := faultOf(t, read(c, "/slow/")); f.Class != datasource.ClassAuth {
			t.Fatalf("got %v", f)
		}
		for _, path := range []string{"/slow/", "/403/", "/404/", "/200/"} {
			if raw := read(c, path); raw.Err != nil || string(raw.Bytes) != `"for the new one"` {
				t.Errorf("%s with the new token: %s %v", path, raw.Bytes, raw.Err)
			}
		}
	})
}

// TestNewer: an answer of before the time that was asked for is not handed out
// again, however young it is.
func TestNewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{respond: always(200, "{}")}
		c := newTest(t, api, nil)
		first := read(c, "/a/")
		time.Sleep(shareFor / 2)
		for _, q := range []struct {
			newer time.Time
			asked int
		}{{first.At, 1}, {first.At.Add(1), 2}} {
			raws, _ := c.Read(t.Context(), []datasource.Request{{Ref: new(ref("/a/")), Newer: q.newer}})
			if raws[0].Err != nil || raws[0].At.Before(q.newer) || api.count() != q.asked {
				t.Errorf("%v: an answer of %v, asked %d times", q.newer, raws[0].At, api.count())
			}
		}
	})
}

// TestETagOffered: what is no entity tag is not sent back, and what is no JSON is
// not confirmed for ever by an ETag that it was given before it was cut.
func TestETagOffered(t *testing.T) {
	for _, c := range []struct {
		name, etag, body string
		offered          bool
	}{
		{"strong", `"v1"`, "{}", true},
		{"weak", `W/"v1"`, "[1.10]", true},
		{"cut short", `"v1"`, `{"a":`, false},
		{"no quotes", `v1`, "{}", false},
		{"lone quote", `"`, "{}", false},
		{"a control character", "\"v\x01\"", "{}", false},
		{"huge", `"` + strings.Repeat("v", 60<<10) + `"`, "{}", false},
		{"none", "", "{}", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			offered := ""
			api := &fakeAPI{respond: func(req *http.Request, _ int) (int, http.Header, string) {
				offered = req.Header.Get("If-None-Match")
				return 200, http.Header{"Etag": {c.etag}}, c.body
			}}
			client := newTest(t, api, nil)
			read(client, "/a/")
			time.Sleep(time.Minute)
			if read(client, "/a/"); (offered != "") != c.offered {
				t.Errorf("%s: offered %.50q", c.name, offered)
			}
		})
	}
}

// TestETag: an answer is revalidated; 304 makes it fresh again.
func TestETag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &fakeAPI{}
		api.respond = func(req *http.Request, n int) (int, http.Header, string) {
			if req.Header.Get("If-None-Match") == `W/"v1"` {
				return 304, nil, ""
			}
			return 200, http.Header{"Etag": {`W/"v1"`}}, `{"a":` + strconv.Itoa(n) + `}`
		}
		c := newTest(t, api, nil)
		read(c, "/a/")
		for range 3 {
			time.Sleep(time.Minute)
			if raw := read(c, "/a/"); raw.Err != nil || string(raw.Bytes) != `{"a":0}` || !raw.At.Equal(time.Now()) {
				t.Errorf("got %+v", raw)
			}
		}
		if api.count() != 4 || c.kept != len(`{"a":0}`) {
			t.Errorf("%d requests, %d bytes kept", api.count(), c.kept)
		}
	})
}

// TestKeptBounded: what is kept of answers stays within its limit.
func TestKeptBounded(t *testing.T) {
	body := `"` + strings.Repeat("a", maxKeptEach-2) + `"`
	api := &fakeAPI{respond: always(200, body)}
	c := newTest(t, api, nil)
	for i := range 80 {
		if raw := read(c, "/"+strconv.Itoa(i)+"/"); raw.Err != nil {
			t.Fatal(raw.Err)
		}
	}
	if c.kept > maxKept || c.kept < maxKept/2 {
		t.Errorf("%d bytes kept", c.kept)
	}
	kept := c.kept
	api.respond = always(200, body+" ")
	if raw := read(c, "/large/"); raw.Err != nil || c.kept != kept {
		t.Errorf("a large one: %v, %d bytes kept, were %d", raw.Err, c.kept, kept)
	}
}

func TestJitter(t *testing.T) {
	c := &Client{random: func() float64 { return 0 }}
	if d := c.jitter(10 * time.Second); d != 8*time.Second {
		t.Errorf("least %v", d)
	}
	if d := c.jitterUp(10 * time.Second); d != 10*time.Second {
		t.Errorf("our wait was shortened to %v", d)
	}
	if d := c.jitterTold(47 * time.Second); d != 47*time.Second {
		t.Errorf("a server's wait was shortened to %v", d)
	}
	c.random = func() float64 { return 1 }
	if d := c.jitter(10 * time.Second); d != 12*time.Second {
		t.Errorf("most %v", d)
	}
	if d := c.jitterUp(10 * time.Second); d != 12*time.Second {
		t.Errorf("our wait was spread to %v", d)
	}
	if d := c.jitterTold(5 * time.Minute); d != 5*time.Minute {
		t.Errorf("longest %v", d)
	}
}
