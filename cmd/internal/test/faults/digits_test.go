package faults

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/snapshot"
	"ticktop/datasource/testkit/servertest"
)

// What a real API may answer: decimals as DRF writes them, and numbers that a
// float64 would change, as strings and bare.
const digits = `{"text":"1.10","bare":1.10,"large":9007199254740993,"exact":"9007199254740993.10","small":0.1000000000000000055,` +
	`"endless":1e400,"minus":-0.00,"when":"2026-11-23T10:00:00.123456+01:00"}`

const digitsDesk = `
redis: {%s, poll: 1s}
%s
cache_ttl: %s
data:
  figures: {hash: "figures", fallback: {path: "/api/limits/"}}
pages:
  - name: Desk
    rows:
      - widgets: [{type: text, data: figures}]
`

// TestDigits: a number has the digits that the API wrote, from the socket to the
// screen and into every format of a snapshot.
func TestDigits(t *testing.T) {
	t.Parallel()
	s, api := servertest.Redis(t), servertest.Django(t)
	api.Fault(servertest.APIFault{Kind: "body", Body: digits})
	r := start(t, setup{redis: redisURL(s.URL()), api: apiURL(api)}, digitsDesk, nil)
	r.until(patience, "the digits on the screen", r.when(shows(`text +1\.10\b`, `bare +1\.10\b`, `large +9,?007,?199,?254,?740,?993\b`,
		`exact +9,?007,?199,?254,?740,?993\.10\b`, `small +0\.1000000000000000055\b`, `endless +1e400\b`, `api · `)))

	snap, refs, err := r.app.Once(t.Context(), app.Principal{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for format, wants := range map[string][]string{
		"json": {`"text":1.10,`, `"bare":1.10,`, `"large":9007199254740993,`, `"exact":9007199254740993.10,`, `"small":0.1000000000000000055,`, `"endless":1e400,`},
		"csv":  {",1.10,", ",9007199254740993,", ",9007199254740993.10,", ",0.1000000000000000055,", ",1e400,"},
		"text": {"1.10", "9,007,199,254,740,993.10", "1e400"}, // for people: eight decimals at most
	} {
		var b bytes.Buffer
		if err := snapshot.Write(&b, format, snap, snapshot.Options{Refs: refs, Now: time.Now()}); err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: no %s in\n%s", format, want, b.String())
			}
		}
	}
}
