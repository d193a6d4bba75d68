package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/snapshot"
	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

// models are all that the tests know.
var models = []Model{zq, z1, gemini, viabtc, orders, cfeed, dj, tboost, qts, tsd}

// Model is the data model of one platform.
type Model struct {
	Name   string            // of its configuration in testdata, too
	Rounds int               // how often the producer writes; 3 when 0
	Write  func(w *Writer)   // one round of its producer
	Data   map[string]Want   // by datum or group: the value that is expected of it
	States map[string]string // by datum or group: its state, where that is not live
	Noise  []string          // patterns of keys that nothing is to be shown of
	Secret []string          // texts that must not be printed
	Server func(testing.TB) []servertest.Option
}

// Want works out the value that a datum must have from what its key holds.
type Want func(r *Reader, key string) any

// printed is one datum as the snapshot has it.
type printed struct {
	Kind, Key, State, Error string
	Value                   any
}

// TestSnapshot_EqualsRedis: no value of the snapshot differs from what the
// producer wrote last, nothing that it wrote is left out, no secret is printed.
func TestSnapshot_EqualsRedis(t *testing.T) {
	for i := range models {
		m := &models[i]
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			s := m.server(t)
			produce(t, m, s)
			out := takeSnapshot(t, m.Name, s.URL())
			r := &Reader{t: t, conn: s.Dial()}
			for _, secret := range m.Secret {
				if bytes.Contains(out, []byte(secret)) {
					t.Errorf("the secret %q is printed", secret)
				}
			}
			m.compare(t, r, parseSnapshot(t, out))
		})
	}
}

// server starts a Redis for the model.
func (m *Model) server(t *testing.T) *servertest.Server {
	t.Helper()
	if m.Server == nil {
		return servertest.Redis(t)
	}
	return servertest.Redis(t, m.Server(t)...)
}

// produce lets the model's producer write, and stops it.
func produce(t *testing.T, m *Model, s *servertest.Server) {
	t.Helper()
	afterTurn()
	w := &Writer{t: t, conn: s.Dial(), now: time.Now()}
	rounds := m.Rounds
	if rounds == 0 {
		rounds = 3
	}
	w.now = w.now.Add(-time.Duration(rounds) * 500 * time.Millisecond)
	for range rounds {
		w.Round++
		m.Write(w)
		w.now = w.now.Add(500 * time.Millisecond)
	}
}

// afterTurn waits where a minute is about to end: keys carry it, and producer
// and dashboard must mean the same one.
func afterTurn() {
	now := time.Now()
	const margin = 10 * time.Second
	if left := now.Truncate(time.Minute).Add(time.Minute).Sub(now); left < margin {
		time.Sleep(left + 2*time.Second)
	}
}

// takeSnapshot is what ticktop snapshot --format json prints.
func takeSnapshot(t *testing.T, model, url string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", model+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ticktop.yaml")
	if err := os.WriteFile(file, append(fmt.Appendf(nil, "redis: {url: %q}\n", url), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	load := config.Options{File: file}
	c, err := config.Load(load)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(app.Options{Load: load, Config: c})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	snap, refs, err := a.Once(t.Context(), app.Principal{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := snapshot.Write(&out, "json", snap, snapshot.Options{Config: c.Name, Refs: refs, Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func parseSnapshot(t *testing.T, out []byte) map[string]printed {
	t.Helper()
	var all struct{ Data map[string]printed }
	d := json.NewDecoder(bytes.NewReader(out))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	return all.Data
}

// compare holds every datum against Redis, and every key against the data.
func (m *Model) compare(t *testing.T, r *Reader, data map[string]printed) {
	t.Helper()
	read := map[string]bool{}
	for name, got := range data {
		group := datasource.Group(name)
		for _, key := range strings.Split(got.Key, " ") {
			read[key] = true
		}
		want, ok := m.Data[name]
		if !ok {
			want, ok = m.Data[group]
		}
		state := "live"
		for _, n := range []string{group, name} {
			if s := m.States[n]; s != "" {
				state = s
			}
		}
		switch {
		case got.State != state:
			t.Errorf("%s (%s) is %s, want %s: %s", name, got.Key, got.State, state, got.Error)
		case state == "missing" || state == "error":
		case !ok:
			t.Errorf("%s: the model does not say what is expected of it", name)
		default:
			for _, d := range differences(name, r.opened(want(r, got.Key)), r.opened(got.Value)) {
				t.Error(d)
			}
		}
	}
	for name := range m.Data {
		if !has(data, name) {
			t.Errorf("%s is expected, and no datum of the configuration", name)
		}
	}
	for _, key := range r.Keys() {
		if !read[key] && !r.used[key] && !slices.ContainsFunc(m.Noise, func(p string) bool { ok, _ := path.Match(p, key); return ok }) {
			t.Errorf("no datum reads the key %s", key)
		}
	}
}

func has(data map[string]printed, name string) bool {
	for n := range data {
		if n == name || datasource.Group(n) == name {
			return true
		}
	}
	return false
}
