package django

import (
	"context"
	"strings"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
	"ticktop/datasource/testkit/servertest"
)

// decoded asks the real Django for one datum and decodes the answer.
func decoded(t *testing.T, c *Client, ref datasource.Ref) (datasource.Value, time.Time) {
	t.Helper()
	raws, err := c.Read(context.Background(), []datasource.Request{{Ref: &ref}})
	if err != nil {
		t.Fatal(err)
	}
	v, stamp, err := decode.Value(&raws[0])
	if err != nil {
		t.Fatalf("%s: %v in %.200s", ref.Fallback.Path, err, raws[0].Bytes)
	}
	return v, stamp
}

// TestRealDjango reads the shapes of REST framework's own making.
func TestRealDjango(t *testing.T) {
	api := servertest.Django(t)
	c := dial(t, api.URL(), func(o *Options) { o.Token = servertest.DjangoToken })
	start := time.Date(2026, 11, 23, 9, 0, 0, 123456000, time.UTC)

	account, stamp := decoded(t, c, datasource.Ref{Kind: datasource.KindHash, Fallback: datasource.Endpoint{Path: "/api/accounts/ACC-1001/"}})
	for name, want := range map[string]string{"equity": "48911.20", "balance": "50000.00", "pnl": "-1088.80", "open_orders": "3", "leverage": "0.30000000000000004"} {
		f, ok := account.Field(name)
		if !ok || f.Type != datasource.TypeNumber || f.Num.String() != want {
			t.Errorf("%s is %+v, want the digits %s", name, f, want)
		}
	}
	if !stamp.Equal(start) {
		t.Errorf("stamp %v, want %v", stamp, start)
	}

	positions, _ := decoded(t, c, datasource.Ref{Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: "/api/positions/?account=ACC-1001", Pick: "results"}})
	if positions.Type != datasource.TypeArray || len(positions.Items) != 5 {
		t.Errorf("positions are %s", decode.JSON(positions))
	}
	if n := api.Asked().Requests["/api/positions/?account=ACC-1001"]; n != 1 {
		t.Errorf("first page asked %d times", n)
	}

	equity, _ := decoded(t, c, datasource.Ref{Kind: datasource.KindZSet, Window: time.Hour,
		Fallback: datasource.Endpoint{Path: "/api/accounts/ACC-1001/equity/", Pick: "points", Time: "ts", Value: "equity"}})
	if n := len(equity.Points); n != 61 || equity.Points[n-1].V != 48239 {
		t.Errorf("%d points: %s", n, decode.JSON(equity))
	}

	flag, _ := decoded(t, c, datasource.Ref{Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: "/api/flags/trading_enabled/", Pick: "enabled"}})
	if flag.Type != datasource.TypeBool || !flag.Bool {
		t.Errorf("flag is %+v", flag)
	}
	symbols, _ := decoded(t, c, datasource.Ref{Kind: datasource.KindString, Fallback: datasource.Endpoint{Path: "/api/symbols/"}})
	if symbols.Type != datasource.TypeArray || len(symbols.Items) != 5 {
		t.Errorf("symbols are %s", decode.JSON(symbols))
	}
}

// TestRealDjangoFaults: Django's own way of saying no.
func TestRealDjangoFaults(t *testing.T) {
	api := servertest.Django(t)
	client := func(edit func(*Options)) *Client {
		return dial(t, api.URL(), func(o *Options) {
			o.Token = servertest.DjangoToken
			if edit != nil {
				edit(o)
			}
		})
	}
	for _, path := range []string{"/api/accounts/XXX/", "/nothing/here/"} { // DRF's JSON, Django's HTML
		if raw := read(client(nil), path); !raw.Missing || raw.Err != nil {
			t.Errorf("%s: %+v", path, raw)
		}
	}
	for _, c := range []struct {
		name, path string
		edit       func(*Options)
		class      datasource.Class
		text       string
	}{
		{"wrong token", "/api/symbols/", func(o *Options) { o.Token = "wrong" }, datasource.ClassAuth, "token refused"},
		{"Bearer to TokenAuthentication", "/api/symbols/", func(o *Options) { o.Scheme = "Bearer" }, datasource.ClassAuth, "token refused"},
		{"no token", "/api/symbols/", func(o *Options) { o.Token = "" }, datasource.ClassAuth, "token needed"},
		{"an exception", "/api/boom/", nil, datasource.ClassServer, "500"},
		{"not a number", "/api/nan/", nil, datasource.ClassServer, "500"},
	} {
		f := faultOf(t, read(client(c.edit), c.path))
		if f.Class != c.class || f.Error() != c.text {
			t.Errorf("%s: got %v %q, want %q", c.name, f.Class, f, c.text)
		}
	}

	for _, path := range []string{"/api/symbols", "/api/accounts/ACC-A%3AB", "/api/accounts/ACC-%C3%A4%20b", "/api/positions?account=ACC-%3A%2F1"} {
		if raw := read(client(nil), path); raw.Err != nil || raw.Missing {
			t.Errorf("%s without the slash: %+v", path, raw)
		}
	}
}

// TestRealDjangoETag: weak ETags under gzip revalidate.
func TestRealDjangoETag(t *testing.T) {
	api := servertest.Django(t)
	c := dial(t, api.URL(), func(o *Options) { o.Token = servertest.DjangoToken })
	k := key{path: "/api/accounts/ACC-1001/equity/"}
	first := read(c, k.path)
	known := c.validator(k)
	if first.Err != nil || known == nil || !strings.HasPrefix(known.etag, `W/"`) {
		t.Fatalf("no weak etag: %v %+v", first.Err, known)
	}
	got, err := c.fetch(t.Context(), k, known)
	if err != nil || &got.body[0] != &known.body[0] || !got.at.After(known.at) {
		t.Errorf("not revalidated: %v", err)
	}
}

// TestRealDjangoHerd: four in flight, no more and no fewer, each resource once.
func TestRealDjangoHerd(t *testing.T) {
	api := servertest.Django(t)
	api.Fault(servertest.APIFault{Kind: "delay", Seconds: 0.1}) // so that they meet
	c := dial(t, api.URL(), func(o *Options) { o.Token = servertest.DjangoToken })
	var reqs []datasource.Request
	for range 10 {
		for _, path := range []string{"/api/symbols/", "/api/limits/", "/api/flags/", "/api/counters/rejects/", "/api/accounts/ACC-1/",
			"/api/accounts/ACC-2/", "/api/accounts/ACC-3/", "/api/quotes/EURUSD/", "/api/quotes/GBPUSD/"} {
			reqs = append(reqs, datasource.Request{Ref: new(ref(path))})
		}
	}
	raws, _ := c.Read(context.Background(), reqs)
	for _, raw := range raws {
		if raw.Err != nil {
			t.Errorf("%s: %v", raw.Ref.Fallback.Path, raw.Err)
		}
	}
	asked := api.Asked()
	if asked.Peak != inFlight || asked.Total() != 9 {
		t.Errorf("%d requests, %d at once", asked.Total(), asked.Peak)
	}
}

// TestRealMisbehaviour drives the application through the faults of section 5.
func TestRealMisbehaviour(t *testing.T) {
	api := servertest.Django(t)
	elsewhere, atElsewhere := server(t, nil)
	for _, c := range []struct {
		fault servertest.APIFault
		class datasource.Class
		text  string
		wait  time.Duration // 0: any
	}{
		{servertest.APIFault{Kind: "500"}, datasource.ClassServer, "500", 0},
		{servertest.APIFault{Kind: "503"}, datasource.ClassServer, "503", 0},
		{servertest.APIFault{Kind: "204"}, datasource.ClassBadReply, "no content (204)", 0},
		{servertest.APIFault{Kind: "401"}, datasource.ClassAuth, "token refused", 0},
		{servertest.APIFault{Kind: "429", RetryAfter: "47"}, datasource.ClassRateLimited, "429: waiting", 47 * time.Second},
		{servertest.APIFault{Kind: "429", RetryAfter: "-1"}, datasource.ClassRateLimited, "429: waiting", time.Second},
		{servertest.APIFault{Kind: "429", RetryAfter: "1000000000"}, datasource.ClassRateLimited, "429: waiting", 5 * time.Minute},
		{servertest.APIFault{Kind: "html"}, datasource.ClassBadReply, "html instead of json (wrong url?)", 0},
		{servertest.APIFault{Kind: "redirect", Target: elsewhere.URL + "/x/"}, datasource.ClassRedirect, "redirects elsewhere (" + elsewhere.URL + "/x/)", 0},
		{servertest.APIFault{Kind: "loop"}, datasource.ClassRedirect, "redirects elsewhere (" + api.URL() + "/api/limits/)", 0},
		{servertest.APIFault{Kind: "truncate"}, datasource.ClassClosed, "answer cut short", 0},
		{servertest.APIFault{Kind: "huge"}, datasource.ClassTooBig, "too big (over 2 MB)", 0},
		{servertest.APIFault{Kind: "bomb"}, datasource.ClassTooBig, "too big (over 2 MB)", 0},
	} {
		api.Fault(c.fault)
		client := dial(t, api.URL(), func(o *Options) {
			o.Token, o.Random, o.Timeout = servertest.DjangoToken, func() float64 { return 0 }, time.Minute
		})
		f := faultOf(t, read(client, "/api/limits/"))
		if f.Class != c.class || f.Error() != c.text {
			t.Errorf("%+v: got %v %q, want %v %q", c.fault, f.Class, f, c.class, c.text)
		}
		if wait := time.Until(f.RetryAt).Round(time.Second); c.wait != 0 && wait != c.wait {
			t.Errorf("%+v: next try in %v, want %v", c.fault, wait, c.wait)
		}
	}
	api.Fault(servertest.APIFault{Kind: "drip", Seconds: 0.05})
	hurried := dial(t, api.URL(), func(o *Options) { o.Token, o.Timeout = servertest.DjangoToken, 300*time.Millisecond })
	if f := faultOf(t, read(hurried, "/api/limits/")); f.Class != datasource.ClassTimeout {
		t.Errorf("drip: got %v %q", f.Class, f)
	}
	api.Heal()
	if raw := read(dial(t, api.URL(), func(o *Options) { o.Token = servertest.DjangoToken }), "/api/limits/"); raw.Err != nil {
		t.Errorf("healed: %v", raw.Err)
	}
	if n := len(atElsewhere.check(t)); n != 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
}
