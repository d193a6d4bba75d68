package django

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/sync/singleflight"

	"ticktop/datasource"
)

// Client is the API. It implements datasource.Reader; all methods are safe for
// concurrent use.
type Client struct {
	base      *url.URL
	token     *token
	timeout   time.Duration
	log       *slog.Logger
	random    func() float64
	http      *http.Client
	closeIdle func()
	breaker   atomic.Pointer[gobreaker.CircuitBreaker[*answer]]
	group     singleflight.Group
	slots     chan struct{}
	awake     atomic.Pointer[spell] // ends when the machine has slept
	large     chan []byte           // holds one buffer: the one that has it reads a large body

	requests atomic.Uint64
	rtt      atomic.Int64

	mu        sync.Mutex
	resources map[string]*resource
	slashed   map[string]bool // paths that the API wants with a slash
	kept      int             // bytes of the answers in resources
	throttled time.Time       // 429: nothing is asked before
	throttles int             // 429s in a row
	openUntil time.Time       // the breaker is open until
	known     *string         // the token that everything here was learnt with
	refused   *string         // the token that a 401 refused
}

// spell is the time between two sleeps of the machine.
type spell struct {
	context.Context
	end func()
}

func newSpell() *spell {
	ctx, end := context.WithCancel(context.Background())
	return &spell{ctx, end}
}

// answer is what a resource said: a body, or that there is no such thing.
type answer struct {
	body    []byte
	note    datasource.Safe // what is not as the API says it is
	etag    string
	at      time.Time
	missing bool
	until   time.Time // missing: believed until
	single  bool      // one page: the ETag covers all of it
}

// resource is what is remembered of one path.
type resource struct {
	last     *answer           // the last good one; nil when it was not kept
	claimed  bool              // last was handed to somebody
	missing  *answer           // the last 404
	fault    *datasource.Fault // the last failure
	until    time.Time         // not asked before
	failures int               // in a row
}

// Read asks for the fallback of every request. Errors are reported per Raw; the
// returned error is always nil, for one resource says nothing of the others.
// A Raw has the time at which its answer was received, a 404 also how long it
// is believed from then on.
func (c *Client) Read(ctx context.Context, reqs []datasource.Request) ([]datasource.Raw, error) {
	out := make([]datasource.Raw, len(reqs))
	if len(reqs) == 1 {
		out[0] = c.readOne(ctx, &reqs[0], rowsWanted(reqs[0].Ref))
		return out, nil
	}
	rows := widest(reqs)
	var wg sync.WaitGroup
	for i := range reqs {
		wg.Go(func() { out[i] = c.readOne(ctx, &reqs[i], rows[reqs[i].Ref.Fallback.Path]) })
	}
	wg.Wait()
	return out, nil
}

// widest returns how many rows of each path are wanted at most:
// data of one resource share one question.
func widest(reqs []datasource.Request) map[string]int {
	rows := make(map[string]int, len(reqs))
	for i := range reqs {
		path, n := reqs[i].Ref.Fallback.Path, rowsWanted(reqs[i].Ref)
		if most, seen := rows[path]; seen && n > 0 { // 0 is all of them
			n = max(n, most)
			if most == 0 {
				n = 0
			}
		}
		rows[path] = n
	}
	return rows
}

func (c *Client) readOne(ctx context.Context, req *datasource.Request, rows int) datasource.Raw {
	ref := req.Ref
	raw := datasource.Raw{Ref: ref, At: time.Now(), TTL: datasource.NoTTL, JSON: true}
	if !ref.Fallback.Defined() {
		raw.Err = newFault(datasource.ClassConfig, "no fallback configured", "", nil)
		return raw
	}
	a, fault := c.get(ctx, key{path: ref.Fallback.Path, rows: rows}, req.Newer)
	switch {
	case fault != nil:
		raw.Err = fault
	case a.missing:
		raw.Missing, raw.At, raw.TTL = true, a.at, a.until.Sub(a.at)
	default:
		raw.Bytes, raw.At, raw.Note = a.body, a.at, a.note
	}
	return raw
}

// key identifies a resource and how many of its rows are wanted, 0 for all.
type key struct {
	path string
	rows int
}

func (k key) String() string { return strconv.Itoa(k.rows) + " " + k.path }

// get answers from what is remembered, joins a request under way, or makes one
// that goes on when ctx ends: others may be waiting for it. An answer from
// before newer is not what is wanted.
func (c *Client) get(ctx context.Context, k key, newer time.Time) (*answer, *datasource.Fault) {
	if a, fault := c.remembered(k, newer); a != nil || fault != nil {
		return a, fault
	}
	flight := c.group.DoChan(k.String(), func() (_ any, err error) {
		// The group would throw a panic again where nobody can catch it.
		defer func() {
			if p := recover(); p != nil {
				c.log.Error("api: panic", "path", datasource.Clean(k.path, 240), "panic", datasource.Clean(fmt.Sprint(p), 240), "stack", string(debug.Stack()))
				err = newFault(datasource.ClassDecode, "unreadable: internal error", "", nil)
			}
		}()
		a, fault := c.ask(context.WithoutCancel(ctx), k, newer)
		if fault != nil {
			return nil, fault
		}
		return a, nil
	})
	select {
	case r := <-flight:
		if r.Err != nil {
			return nil, datasource.AsFault(r.Err, datasource.SourceAPI)
		}
		c.claim(k)
		return r.Val.(*answer), nil
	case <-ctx.Done():
		return nil, newFault(datasource.ClassTimeout, "no answer yet", "", ctx.Err())
	}
}

// ask waits for a free slot and sends the request through the breaker.
func (c *Client) ask(ctx context.Context, k key, newer time.Time) (*answer, *datasource.Fault) {
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	if a, fault := c.remembered(k, newer); a != nil || fault != nil {
		return a, fault // things changed while we stood in the queue
	}
	sent, _ := c.token.current() // should its file change now, the new one is tried next
	a, err := c.send(ctx, k)
	if err == nil {
		c.recordAnswer(k, a)
		return a, nil
	}
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return nil, c.breakerFault()
	}
	return nil, c.recordFailure(k, transportFault(err, c.timeout), sent)
}

// send sends the request, and again when the machine has slept over it: whoever
// waits for it has been woken too, and wants an answer of after.
func (c *Client) send(ctx context.Context, k key) (*answer, error) {
	for {
		awake := c.awake.Load()
		try, cancel := context.WithTimeout(ctx, c.timeout)
		stop := context.AfterFunc(awake, cancel)
		a, err := c.breaker.Load().Execute(func() (*answer, error) { return c.fetch(try, k, c.validator(k)) })
		stop()
		cancel()
		if awake.Err() == nil {
			return a, err
		}
	}
}

// Identity names the answer that a request would get: the API, the path, how
// much of it, and whose eyes it is for. Two dashboards with the same identity may
// use each other's answers. It holds nothing that leads back to the token.
func (c *Client) Identity(req *datasource.Request) string {
	k := key{path: req.Ref.Fallback.Path, rows: rowsWanted(req.Ref)}
	return strings.TrimRight(redact(c.base), "/") + " " + c.token.digest() + " " + k.String()
}

// Probe asks for a path at once, whatever is remembered, and returns a Fault
// when it does not answer as it should; a 404 is one of ClassMissing. It is for
// check.
func (c *Client) Probe(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	a, err := c.fetch(ctx, key{path: path, rows: 1}, nil)
	switch {
	case err != nil:
		return transportFault(err, c.timeout)
	case a.missing:
		return newFault(datasource.ClassMissing, "404: no such path", "check api.url and the path", nil)
	}
	return nil
}

// Stats counts what the client did.
type Stats struct {
	Requests uint64        // sent, pages and redirects included
	RTT      time.Duration // of the last answer
	Throttle time.Time     // 429: nothing is asked before; zero when there isn't one
	Rest     time.Time     // the breaker is open until; zero when it is not
}

// Stats returns the client's counters.
func (c *Client) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Stats{Requests: c.requests.Load(), RTT: time.Duration(c.rtt.Load())}
	now := time.Now()
	if c.throttled.After(now) {
		s.Throttle = c.throttled
	}
	if c.openUntil.After(now) {
		s.Rest = c.openUntil
	}
	return s
}

// String returns the base URL without credentials.
func (c *Client) String() string { return redact(c.base) }

// Close drops idle connections. Requests under way end by themselves.
func (c *Client) Close() error {
	if c.closeIdle != nil {
		c.closeIdle()
	}
	return nil
}
