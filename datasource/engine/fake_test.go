package engine

import (
	"context"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ticktop/datasource"
)

// fakeRedis is a Redis in memory with the clock of the test.
type fakeRedis struct {
	mu    sync.Mutex
	keys  map[string]*fakeKey
	fault error         // every Read fails with it
	delay time.Duration // a Read takes so long; over ctx's deadline it fails
	reads int
	asked []datasource.Request // of the last read
	tails map[string]string    // last member served
}

type fakeKey struct {
	bytes   string
	fields  []datasource.RawField
	members []datasource.RawMember
	items   []string
	end     time.Time // expiry, zero for none
	err     error
}

func newRedis() *fakeRedis {
	return &fakeRedis{keys: map[string]*fakeKey{}, tails: map[string]string{}}
}

func (r *fakeRedis) set(key, value string, ttl time.Duration) {
	k := &fakeKey{bytes: value}
	if ttl > 0 {
		k.end = time.Now().Add(ttl)
	}
	r.put(key, k)
}

func (r *fakeRedis) put(key string, k *fakeKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys[key] = k
}

func (r *fakeRedis) del(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.keys, key)
}

func (r *fakeRedis) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = err
}

func (r *fakeRedis) slow(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delay = d
}

func (r *fakeRedis) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

func (r *fakeRedis) Read(ctx context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	r.mu.Lock()
	r.reads++
	r.asked = reqs
	delay := r.delay
	r.mu.Unlock()
	if delay > 0 {
		select {
		case <-ctx.Done():
			return nil, &datasource.Fault{Class: datasource.ClassTimeout, Err: ctx.Err()}
		case <-time.After(delay):
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fault != nil {
		return nil, r.fault
	}
	out := make([]datasource.Raw, len(reqs))
	for i, q := range reqs {
		out[i] = r.raw(q, time.Now())
	}
	return out, nil
}

func (r *fakeRedis) raw(q datasource.Request, now time.Time) datasource.Raw {
	raw := datasource.Raw{Ref: q.Ref, At: now, TTL: datasource.NoTTL, Since: q.Since}
	k := r.keys[q.Ref.Key]
	if k == nil || !k.end.IsZero() && !now.Before(k.end) {
		raw.Missing = true
		return raw
	}
	if k.err != nil {
		raw.Err = k.err
		return raw
	}
	if !k.end.IsZero() {
		raw.TTL = k.end.Sub(now)
	}
	switch q.Ref.Kind {
	case datasource.KindString:
		raw.Bytes = []byte(k.bytes)
	case datasource.KindHash:
		raw.Fields = k.fields
	case datasource.KindZSet:
		if !r.sameTail(k, q) {
			raw.Since = math.Inf(-1)
		}
		for _, m := range k.members {
			if m.Score > raw.Since {
				raw.Members = append(raw.Members, m)
			}
		}
		if n := len(k.members); n > 0 {
			r.tails[q.Ref.Key] = string(k.members[n-1].Member)
		}
	case datasource.KindList:
		items := k.items
		if n := q.Ref.KeepItems(); len(items) > n {
			if raw.Count = len(items); q.Newest == datasource.EndLast {
				items = items[len(items)-n:]
			} else {
				items = items[:n]
			}
		}
		raw.Newest = q.Newest
		for _, s := range items {
			raw.Items = append(raw.Items, []byte(s))
		}
	}
	return raw
}

// sameTail reports whether the member that was the last is still there.
func (r *fakeRedis) sameTail(k *fakeKey, q datasource.Request) bool {
	for _, m := range k.members {
		if m.Score == q.Since && string(m.Member) == r.tails[q.Ref.Key] {
			return true
		}
	}
	return false
}

// fakeListener is joined by the test.
type fakeListener struct {
	mu       sync.Mutex
	sink     datasource.Sink
	channels []string
	sets     int
	auto     bool // joins by itself, at once
}

func (l *fakeListener) SetChannels(c []string) {
	l.mu.Lock()
	l.channels = c
	l.sets++
	sink, auto := l.sink, l.auto
	l.mu.Unlock()
	if sink != nil && auto {
		go sink.Joined(len(c))
	}
}

func (l *fakeListener) Listen(ctx context.Context, s datasource.Sink) error {
	l.mu.Lock()
	l.sink = s
	n, auto := len(l.channels), l.auto
	l.mu.Unlock()
	if auto {
		s.Joined(n)
	}
	<-ctx.Done()
	return nil
}

func (l *fakeListener) join()             { l.sink.Joined(len(l.channels)) }
func (l *fakeListener) lose()             { l.sink.Lost(fault(datasource.ClassClosed, "connection lost")) }
func (l *fakeListener) push(ch, p string) { l.sink.Message(ch, "", []byte(p)) }
func (l *fakeListener) has(ch string) bool {
	return strings.Contains(" "+strings.Join(l.channels, " ")+" ", " "+ch+" ")
}

// fakeAPI answers by path.
type fakeAPI struct {
	mu     sync.Mutex
	body   map[string]string
	fault  error
	delay  time.Duration
	age    time.Duration // of every answer: it was got for somebody else
	ttl    time.Duration // how long a "no such thing" is believed, 0 if it does not say
	newer  time.Time     // what the last question wanted
	asked  map[string]int
	flight int
	most   int // in flight at once
}

func newAPI() *fakeAPI { return &fakeAPI{body: map[string]string{}, asked: map[string]int{}} }

func (a *fakeAPI) put(path, body string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.body[path] = body
}

func (a *fakeAPI) fail(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fault = err
}

// aged has every answer from now on be of a time before.
func (a *fakeAPI) aged(by time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.age = by
}

// wanted is from when on an answer was of use to the last question.
func (a *fakeAPI) wanted() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.newer
}

func (a *fakeAPI) total() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.asked {
		n += c
	}
	return n
}

func (a *fakeAPI) Read(ctx context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	a.mu.Lock()
	a.flight++
	a.most = max(a.most, a.flight)
	seen := map[string]bool{}
	for _, q := range reqs {
		a.newer = q.Newer
		if p := q.Ref.Fallback.Path; !seen[p] {
			seen[p] = true
			a.asked[p]++
		}
	}
	delay := a.delay
	a.mu.Unlock()
	var late error
	if delay > 0 {
		select {
		case <-ctx.Done():
			late = ctx.Err()
		case <-time.After(delay):
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.flight--
	if late != nil {
		return nil, late
	}
	out := make([]datasource.Raw, len(reqs))
	for i, q := range reqs {
		body, ok := a.body[q.Ref.Fallback.Path]
		out[i] = datasource.Raw{Ref: q.Ref, At: time.Now().Add(-a.age), JSON: true, TTL: datasource.NoTTL}
		switch {
		case a.fault != nil:
			out[i].Err = a.fault
		case !ok:
			out[i].Missing = true
			if a.ttl > 0 {
				out[i].TTL = a.ttl
			}
		default:
			out[i].Bytes = []byte(body)
		}
	}
	return out, nil
}

func fault(c datasource.Class, text string) *datasource.Fault {
	return &datasource.Fault{Class: c, Text: datasource.Clean(text, 0)}
}

var refused = fault(datasource.ClassRefused, "refused")

// Refs of the tests.
func quote(symbol string) datasource.Ref {
	return datasource.Ref{Name: "quote." + symbol, Kind: datasource.KindString, Key: "quote:" + symbol, Live: "ticks:" + symbol,
		Fallback: datasource.Endpoint{Path: "/api/quotes/" + symbol + "/"}}
}

var (
	flag    = datasource.Ref{Name: "flag", Kind: datasource.KindString, Key: "flag:x", Fallback: datasource.Endpoint{Path: "/api/flags/x/"}}
	noAPI   = datasource.Ref{Name: "counter", Kind: datasource.KindString, Key: "counter:x"}
	notices = datasource.Ref{Name: "alerts", Kind: datasource.KindChannel, Key: "notifications:A", Keep: 3}
	equity  = datasource.Ref{Name: "equity", Kind: datasource.KindZSet, Key: "equity:A", Member: datasource.MemberTSValue}
)

// world is an engine among fakes, inside a synctest bubble.
type world struct {
	t     *testing.T
	redis *fakeRedis
	sub   *fakeListener
	api   *fakeAPI
	e     *Engine
	start time.Time
}

// run calls f with a running engine, then stops it. Goroutines left behind
// fail the test: synctest waits for them.
func run(t *testing.T, f func(w *world), change ...func(*Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(26 * 365 * 24 * time.Hour) // times near 2000 are no stamps
		w := &world{t: t, redis: newRedis(), sub: &fakeListener{auto: true}, api: newAPI(), start: time.Now()}
		o := Options{Redis: w.redis, Listener: w.sub, API: w.api}
		for _, c := range change {
			c(&o)
		}
		w.e = New(o)
		stop := w.begin()
		synctest.Wait()
		f(w)
		stop()
	})
}

// begin runs the engine; stop ends it and checks that it ends soon.
func (w *world) begin() (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error)
	go func() { done <- w.e.Run(ctx) }()
	return func() {
		at := time.Now()
		cancel()
		if err := <-done; err != nil || time.Since(at) > 5*time.Second {
			w.t.Errorf("Run: %v after %v", err, time.Since(at))
		}
	}
}

// after lets d pass and everything settle.
func (w *world) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// is checks a datum's state and value.
func (w *world) is(f datasource.Feed, name string, state datasource.State, value string) *datasource.Entry {
	w.t.Helper()
	e := f.Snapshot().Get(name)
	if got := show(&e.Value); e.State != state || got != value {
		w.t.Errorf("after %v: %s is %v %s, want %v %s (fault %v, api %v, why %q)", time.Since(w.start), name, e.State, got, state, value, e.Fault, e.APIFault, e.Why)
	}
	return e
}

// show writes a value in one line.
func show(v *datasource.Value) string {
	switch v.Type {
	case datasource.TypeNone:
		return "-"
	case datasource.TypeNumber:
		return v.Num.String()
	case datasource.TypeText:
		return v.Text.String()
	case datasource.TypeObject:
		var parts []string
		for i := range v.Fields {
			parts = append(parts, v.Fields[i].Name.String()+"="+show(&v.Fields[i].Value))
		}
		return "{" + strings.Join(parts, " ") + "}"
	case datasource.TypeSeries:
		var parts []string
		for _, p := range v.Points {
			n := datasource.NumberFromFloat(p.V)
			parts = append(parts, n.String())
		}
		return "(" + strings.Join(parts, " ") + ")"
	case datasource.TypeMessages:
		var parts []string
		for i := range v.Messages {
			parts = append(parts, show(&v.Messages[i].Value))
		}
		return "<" + strings.Join(parts, " ") + ">"
	}
	return "?"
}

// want opens a lane for data that merge or show so many messages each.
func (b *inbox) want(name string, merge bool, each int) {
	var data []*datum
	if merge {
		data = append(data, &datum{effect: datasource.PushMerges, ref: &datasource.Ref{Kind: datasource.KindString, Key: "k", Live: name}})
	}
	if each > 0 {
		data = append(data, &datum{effect: datasource.PushMessage, ref: &datasource.Ref{Kind: datasource.KindChannel, Key: name, Keep: each}})
	}
	b.setData(name, data)
}
