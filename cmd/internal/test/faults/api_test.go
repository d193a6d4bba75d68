package faults

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ticktop/datasource/testkit/servertest"
)

// TestKeyGone: the API's value is shown, without a blank frame.
func TestKeyGone(t *testing.T) {
	t.Parallel()
	s, api := servertest.Redis(t), servertest.Django(t)
	r := newRig(t, s, setup{redis: redisURL(s.URL()), api: apiURL(api)})
	r.try(row{
		name: "key missing (DEL)", noticed: 1500 * time.Millisecond, healed: nextPoll,
		inject: func() { s.Do("DEL", "account:ACC-1001") },
		words:  shows(`account +fallback ◐ +api .*key missing`, `48,911\.20`, `api · .*left`),
		during: func() { r.others("account") },
		repair: func() { fill(s, 11) }, calm: calm(11),
	})
	const life = 2500 * time.Millisecond
	s.Do("PEXPIRE", "counter:orders_today", life.Milliseconds())
	deadline := time.Now().Add(life)
	r.until(patience, "the time left is known", r.when(shows(`counter +live +redis +now +2 s`)))
	r.try(row{
		name: "key expires between two polls", noticed: 300 * time.Millisecond, healed: nextPoll,
		inject: func() {}, since: deadline,
		words:  shows(`counter +fallback ◐ +api .*key expired`, `api · .*left`),
		repair: func() { fill(s, 12) }, calm: calm(12),
	})
}

// TestLadder: live, polling, API, last known, and nothing at all, each rung in
// words on the panel.
func TestLadder(t *testing.T) {
	t.Parallel()
	s, api := servertest.Redis(t), servertest.Django(t)
	p := servertest.Proxy(t, s.Addr())
	r := newRig(t, s, setup{redis: redisURL("redis://" + p.Addr()), api: apiURL(api), cacheTTL: 3 * time.Second})
	step := func(what string, exprs ...string) {
		t.Helper()
		r.until(patience, what, r.when(shows(exprs...)))
	}
	fill(s, 10) // onto the channels too
	step("live", `quote.EURUSD +live +pubsub`)
	p.Set(servertest.Refuse)
	s.Do("CLIENT", "KILL", "TYPE", "pubsub")
	step("polling", `quote.EURUSD +live +redis .*polling · pubsub: connection lost`)
	p.Cut()
	step("API", `quote.EURUSD +fallback ◐ +api .*redis: connection lost`, `api · (now|\d+ s) · \d+ s left`, `1\.08340`)
	api.Kill()
	step("last known", `quote.EURUSD +stale +○ +api .*redis: connection lost.*api: (refused|failing)`, `stale \d+ s · api: (refused|failing)`, `48,9\d\d\.\d\d`, `api ✕ (refused|breaker open)`)
	cold := start(t, setup{redis: redisURL("redis://" + p.Addr()), api: apiURL(api)}, desk, nil)
	cold.until(patience, "nothing at all", cold.when(shows(`account +error +✕ .*redis: connection lost.*api: (refused|failing)`, `retry in`, `redis ✕ connection lost`)))
	api.Restart()
	p.Set(servertest.Pass)
	fill(s, 11)
	r.until(patience, "all is plain again", r.when(calm(11)))
	cold.until(patience, "there too", cold.when(shows(`48,911\.10`, `redis ●`, `pubsub ●`)))
}

// empty starts a rig whose Redis has lost what the API can replace: the
// screen is the API's.
func empty(t *testing.T, api *servertest.API, section string) (*servertest.Server, *rig) {
	t.Helper()
	s := servertest.Redis(t)
	r := newRig(t, s, setup{redis: redisURL(s.URL()), api: section, cacheTTL: 2 * time.Second})
	for _, key := range []string{"account:ACC-1001", "quote:EURUSD", "quote:GBPUSD", "positions:ACC-1001", "equity:ACC-1001", "counter:orders_today"} {
		s.Do("DEL", key)
	}
	r.until(patience, "the api takes over", r.when(shows(onAPI...)))
	return s, r
}

// onAPI are the words of a screen that the API has filled.
var onAPI = []string{`account +fallback`, `quote.EURUSD +fallback`, `positions +fallback`, `equity +fallback`, `counter +fallback`, `api ●`, `48,911\.20`, `1\.08340`}

// TestAPIFails: the values stay and age, and the screen says why.
func TestAPIFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name            string
		fault           servertest.APIFault
		words           []string
		noticed, healed time.Duration
	}{
		{"API 500", servertest.APIFault{Kind: "500"}, []string{`account +stale .*api: (500|failing)`, `stale (now|\d+ s) · key missing · api: (500|failing)`, `api ✕ (server error|breaker open)`}, 3 * time.Second, 12 * time.Second},
		{"API time-out", servertest.APIFault{Kind: "delay", Seconds: 6}, []string{`account +stale .*api: (no answer in 2 s|failing)`, `api ✕ (no answer|breaker open)`}, 5 * time.Second, 12 * time.Second},
		{"API drips", servertest.APIFault{Kind: "drip", Seconds: 0.2}, []string{`account +stale .*api: (no answer in 2 s|failing)`, `api ✕ (no answer|breaker open)`}, 5 * time.Second, 12 * time.Second},
		{"API 429", servertest.APIFault{Kind: "429", RetryAfter: "7"}, []string{`account +stale .*api: 429: waiting`, `api ◐ throttled · [5-8] s`, `api: 429: waiting · retry in [5-8] s`}, 3 * time.Second, 9 * time.Second},
		{"API answers with HTML", servertest.APIFault{Kind: "html"}, []string{`account +stale .*api: html instead of json`, `api ✕ bad reply`}, 3 * time.Second, 12 * time.Second},
		{"API cut short", servertest.APIFault{Kind: "truncate"}, []string{`account +stale .*api: (answer cut short|failing)`, `api ✕ (connection lost|breaker open)`}, 3 * time.Second, 12 * time.Second},
		{"API redirects in a circle", servertest.APIFault{Kind: "loop"}, []string{`account +stale .*api: redirects`, `api ◐ redirected`}, 3 * time.Second, 12 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			api := servertest.Django(t)
			_, r := empty(t, api, apiURL(api))
			r.try(row{
				name: c.name, noticed: c.noticed, healed: c.healed,
				inject: func() { api.Fault(c.fault) },
				words:  shows(c.words...),
				during: func() {
					if c.fault.Kind == "429" { // it counts down
						r.until(patience, "the countdown", r.when(shows(`api ◐ throttled · [23] s`, `429: waiting · retry in [23] s`)))
					}
				},
				repair: api.Heal, calm: shows(onAPI...),
			})
		})
	}
}

// TestAPIToken: refused, not asked again, and accepted as soon as its file
// holds the new one.
func TestAPIToken(t *testing.T) {
	t.Parallel()
	api := servertest.Django(t)
	file := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(servertest.DjangoToken)
	_, r := empty(t, api, fmt.Sprintf("url: %q, token_file: %q", api.URL(), file))
	another := strings.Repeat("ab", 20)
	r.try(row{
		name: "API 401, then a new token in its file", noticed: 3 * time.Second, healed: 12 * time.Second,
		inject: func() { api.SetToken(another) },
		words:  shows(`account +stale .*api: token refused`, `api ✕ token refused`),
		during: func() {
			api.Reset()
			r.until(patience, "three seconds of it", r.when(shows(`account +stale +○ +api +[5-9] s`)))
			if n := api.Asked().Total(); n > 0 {
				t.Errorf("asked %d times with a token that was refused", n)
			}
		},
		repair: func() { write(another) }, calm: shows(onAPI...),
	})
}

// TestAPIRedirectsElsewhere: the screen says so, and the token stays here.
func TestAPIRedirectsElsewhere(t *testing.T) {
	t.Parallel()
	var asked, leaked atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Authorization") != "" || strings.Contains(fmt.Sprint(r.Header, r.URL), servertest.DjangoToken) {
			leaked.Add(1)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"equity":"1.00"}`)
	}))
	t.Cleanup(elsewhere.Close)
	api := servertest.Django(t)
	_, r := empty(t, api, apiURL(api))
	r.try(row{
		name: "API redirects elsewhere", noticed: 3 * time.Second, healed: 12 * time.Second,
		inject: func() { api.Fault(servertest.APIFault{Kind: "redirect", Target: elsewhere.URL + "/api/"}) },
		words:  shows(`account +stale .*api: redirects elsewhere`, `api ◐ redirected`),
		repair: api.Heal, calm: shows(onAPI...),
	})
	if asked.Load() > 0 || leaked.Load() > 0 {
		t.Errorf("followed %d times, %d times with the token", asked.Load(), leaked.Load())
	}
}
