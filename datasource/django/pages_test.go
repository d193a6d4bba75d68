package django

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"ticktop/datasource"
)

// paged serves n rows, size to a page, with next links as next makes them.
func paged(n, size int, next func(r *http.Request, page int) string) func(*http.Request, int) (int, http.Header, string) {
	return func(r *http.Request, _ int) (int, http.Header, string) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		page = max(page, 1)
		var rows []int
		for i := (page - 1) * size; i < min(page*size, n); i++ {
			rows = append(rows, i)
		}
		answer := map[string]any{"count": n, "next": nil, "previous": nil, "results": rows}
		if page*size < n {
			answer["next"] = next(r, page+1)
		}
		b, _ := json.Marshal(answer)
		return 200, nil, string(b)
	}
}

// byHost is what DRF does: an absolute URL built from the Host header.
func byHost(host string) func(*http.Request, int) string {
	return func(r *http.Request, page int) string {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(page))
		return "http://" + host + r.URL.Path + "?" + q.Encode()
	}
}

func rows(t testing.TB, raw datasource.Raw) []int {
	t.Helper()
	var got struct {
		Count   int
		Next    *string
		Results []int
	}
	if raw.Err != nil {
		t.Fatal(raw.Err)
	}
	if err := json.Unmarshal(raw.Bytes, &got); err != nil || got.Next != nil {
		t.Fatalf("%v in %.200s", err, raw.Bytes)
	}
	for i, r := range got.Results {
		if r != i {
			t.Fatalf("row %d is %d", i, r)
		}
	}
	return got.Results
}

func TestPages(t *testing.T) {
	for _, c := range []struct{ n, size, pages int }{{0, 10, 1}, {10, 10, 1}, {11, 10, 2}, {95, 10, 10}, {200, 10, 20}, {5000, 250, 20}} {
		api := &fakeAPI{respond: paged(c.n, c.size, byHost("internal:8000"))}
		got := rows(t, read(newTest(t, api, nil), "/api/p/?account=A%261"))
		if len(got) != c.n || api.count() != c.pages {
			t.Errorf("%d rows by %d: got %d in %d requests", c.n, c.size, len(got), api.count())
		}
		for _, path := range api.asked { // host and path are ours, the query is kept
			u, err := url.Parse(path)
			if err != nil || u.Path != "/api/p/" || u.Query().Get("account") != "A&1" {
				t.Errorf("asked %s", path)
			}
		}
	}
}

func TestPagesRefused(t *testing.T) {
	fixed := func(next string) func(*http.Request, int) string {
		return func(*http.Request, int) string { return next }
	}
	for _, c := range []struct {
		name    string
		respond func(*http.Request, int) (int, http.Header, string)
		class   datasource.Class
		text    string
		most    int
	}{
		{"too many pages", paged(201, 10, byHost("x")), datasource.ClassTooBig, "too big (over 20 pages or 5,000 rows)", 20},
		{"too many rows", paged(6000, 1000, byHost("x")), datasource.ClassTooBig, "too big (over 20 pages or 5,000 rows)", 6},
		{"next is itself", paged(100, 10, fixed("http://x/api/p/")), datasource.ClassBadReply, "pages repeat (next leads back)", 2},
		{"next is itself, spelt otherwise", paged(100, 10, fixed("?b=2&a=1")), datasource.ClassBadReply, "pages repeat (next leads back)", 2},
		{"next goes in a circle", paged(100, 10, func(r *http.Request, page int) string { return "?page=" + strconv.Itoa(1+page%3) }),
			datasource.ClassBadReply, "pages repeat (next leads back)", 4},
		{"next is no url", paged(100, 10, fixed("http://%zz")), datasource.ClassBadReply, "pages repeat (next leads back)", 1},
		{"next is huge", paged(100, 10, fixed("?a="+strings.Repeat("x", 1<<16))), datasource.ClassBadReply, "pages repeat (next leads back)", 1},
		{"a page is gone", func(r *http.Request, n int) (int, http.Header, string) {
			if n > 0 {
				return 404, nil, "{}"
			}
			return paged(100, 10, byHost("x"))(r, n)
		}, datasource.ClassBadReply, "a page is missing (404)", 2},
		{"a page isn't one", func(r *http.Request, n int) (int, http.Header, string) {
			if n > 0 {
				return 200, nil, "[]"
			}
			return paged(100, 10, byHost("x"))(r, n)
		}, datasource.ClassBadReply, "a page has no results", 2},
		{"a page fails", func(r *http.Request, n int) (int, http.Header, string) {
			if n > 0 {
				return 500, nil, ""
			}
			return paged(100, 10, byHost("x"))(r, n)
		}, datasource.ClassServer, "500", 2},
		{"pages too big together", func(_ *http.Request, n int) (int, http.Header, string) {
			return 200, nil, fmt.Sprintf(`{"count":9,"next":"?page=%d","results":["%s"]}`, n+2, strings.Repeat("a", 900<<10))
		}, datasource.ClassTooBig, "too big (over 2 MB)", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			api := &fakeAPI{respond: c.respond}
			f := faultOf(t, read(newTest(t, api, nil), "/api/p/?a=1&b=2"))
			if f.Class != c.class || f.Error() != c.text || api.count() > c.most {
				t.Errorf("got %v %q after %d requests, want %v %q in %d", f.Class, f, api.count(), c.class, c.text, c.most)
			}
		})
	}
}

// TestPagesElsewhere: a next link to another host asks that host nothing.
func TestPagesElsewhere(t *testing.T) {
	evil, atEvil := server(t, func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, `{"results":[666]}`) })
	respond := paged(12, 10, byHost(strings.TrimPrefix(evil.URL, "http://")))
	srv, got := server(t, func(w http.ResponseWriter, r *http.Request) {
		_, _, body := respond(r, 0)
		sendJSON(w, body)
	})
	if n := len(rows(t, read(dial(t, srv.URL, nil), "/api/p/"))); n != 12 {
		t.Errorf("%d rows", n)
	}
	if len(got.check(t)) != 2 || len(atEvil.check(t)) != 0 {
		t.Errorf("asked here %q, elsewhere %q", got.paths, atEvil.paths)
	}
}

// TestRowsWanted: what one row or a short list needs is not read to the end.
func TestRowsWanted(t *testing.T) {
	for _, c := range []struct {
		ref   datasource.Ref
		pages int
	}{
		{datasource.Ref{Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: "/p/", Pick: "results"}}, 10},
		{datasource.Ref{Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: "/p/", Pick: "results.0.bid"}}, 1},
		{datasource.Ref{Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: "/p/", Pick: "results.15"}}, 2},
		{datasource.Ref{Kind: datasource.KindList, Keep: 25, Fallback: datasource.Endpoint{Path: "/p/"}}, 3},
	} {
		api := &fakeAPI{respond: paged(100, 10, byHost("x"))}
		raws, _ := newTest(t, api, nil).Read(t.Context(), []datasource.Request{{Ref: &c.ref}})
		if raws[0].Err != nil || api.count() != c.pages {
			t.Errorf("%+v: %v after %d requests, want %d", c.ref.Fallback, raws[0].Err, api.count(), c.pages)
		}
	}
}

// TestPagesMarked: a byte order mark does not make the first page all there is.
func TestPagesMarked(t *testing.T) {
	respond := paged(12, 10, byHost("x"))
	api := &fakeAPI{respond: func(r *http.Request, n int) (int, http.Header, string) {
		status, header, body := respond(r, n)
		return status, header, "\ufeff" + body
	}}
	if n := len(rows(t, read(newTest(t, api, nil), "/p/"))); n != 12 {
		t.Errorf("%d rows", n)
	}
}

// TestCount: a picked count is the API's own, out of the first page.
func TestCount(t *testing.T) {
	api := &fakeAPI{respond: paged(12_345, 10, byHost("x"))}
	count := datasource.Ref{Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: "/p/", Pick: "count"}}
	raws, _ := newTest(t, api, nil).Read(t.Context(), []datasource.Request{{Ref: &count}})
	if raws[0].Err != nil || !strings.Contains(string(raws[0].Bytes), `"count":12345`) || api.count() != 1 {
		t.Errorf("%.80s, %v after %d requests", raws[0].Bytes, raws[0].Err, api.count())
	}
}

// TestOneQuestionForAll: data of one path that want different numbers of rows
// share the largest question.
func TestOneQuestionForAll(t *testing.T) {
	ref := func(kind datasource.Kind, pick string, keep int) datasource.Request {
		return datasource.Request{Ref: &datasource.Ref{Kind: kind, Keep: keep, Fallback: datasource.Endpoint{Path: "/p/", Pick: pick}}}
	}
	for _, c := range []struct {
		reqs  []datasource.Request
		pages int
	}{
		{[]datasource.Request{ref(datasource.KindString, "results.0", 0), ref(datasource.KindList, "", 25)}, 3},
		{[]datasource.Request{ref(datasource.KindList, "", 25), ref(datasource.KindString, "results", 0), ref(datasource.KindList, "", 5)}, 10},
	} {
		api := &fakeAPI{respond: paged(100, 10, byHost("x"))}
		raws, _ := newTest(t, api, nil).Read(t.Context(), c.reqs)
		for _, raw := range raws {
			if raw.Err != nil {
				t.Error(raw.Err)
			}
		}
		if api.count() != c.pages {
			t.Errorf("%d requests, want %d", api.count(), c.pages)
		}
	}
}

// FuzzPages: no answer makes the client ask another host, ask for ever, or
// return more than it may.
func FuzzPages(f *testing.F) {
	f.Add(`{"count":3,"next":"http://evil/?page=2","results":[1,2]}`, `{"next":null,"results":[3]}`)
	f.Add(`{"next":"?","results":[]}`, `{"next":"?page=3","results":[]}`)
	f.Add(`{"next":7,"results":{}}`, `[]`)
	f.Add(`{"next":"//evil/x?y#z","results":[{"a":"\u001b"}]}`, ``)
	f.Fuzz(func(t *testing.T, first, second string) {
		api := &fakeAPI{respond: func(r *http.Request, n int) (int, http.Header, string) {
			if r.URL.Host != "api.example" || r.URL.Path != "/p/" {
				t.Errorf("asked %s", r.URL)
			}
			if n == 0 {
				return 200, nil, first
			}
			return 200, nil, second
		}}
		raw := read(newTest(t, api, nil), "/p/")
		if api.count() > maxPages || len(raw.Bytes) > maxBody+100 || (raw.Err == nil) == (raw.Bytes == nil) {
			t.Errorf("%d requests, %d bytes, %v", api.count(), len(raw.Bytes), raw.Err)
		}
	})
}
