package django

import (
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"

	"ticktop/datasource"
)

// remembered returns what need not be asked: a reason to be silent, a 404 still
// believed, an answer that has only just come and not before newer. Both are nil
// when k is to be asked.
func (c *Client) remembered(k key, newer time.Time) (*answer, *datasource.Fault) {
	current, err := c.token.current()
	if err != nil {
		return nil, newFault(datasource.ClassConfig, err.Error(), "check the file's path and mode", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if c.known == nil || *c.known != current {
		c.known, c.refused = &current, nil
		c.forgetToken()
	}
	if c.refused != nil && *c.refused == current {
		return nil, c.tokenFault()
	}
	if c.throttled.After(now) {
		return nil, throttled(c.throttled)
	}
	r := c.resources[k.String()]
	switch {
	case r == nil:
		return nil, nil
	case r.missing != nil && r.missing.until.After(now):
		return r.missing, nil
	case r.until.After(now):
		return nil, r.fault
	case r.last != nil && r.fault == nil && !r.last.at.Before(newer):
		age := now.Sub(r.last.at)
		if age < shareFor || !r.claimed && age < unclaimedFor {
			r.claimed = true
			return r.last, nil
		}
	}
	return nil, nil
}

// Woke implements datasource.Waker. After a sleep nothing that was said before is
// handed out again, nor a 404 believed, and what rests is tried at once; only the
// wait that a 429 asked for goes on, if it is not over. ETags stay good.
func (c *Client) Woke(s datasource.Sleep) {
	defer func() {
		_ = c.Close() // the connections that rest are as old as the night
		c.awake.Swap(newSpell()).end()
	}()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.throttled, c.openUntil = s.Shift(c.throttled), time.Time{}
	c.breaker.Store(gobreaker.NewCircuitBreaker[*answer](c.breakerSettings()))
	for _, r := range c.resources {
		r.missing, r.fault, r.until, r.failures = nil, nil, time.Time{}, 0
		if r.last != nil {
			a := *r.last
			a.at = time.Time{} // good for its ETag only
			r.last = &a
		}
	}
}

// forgetToken drops what was due to the old token: its answers, which may have been
// for its eyes only, the 404s, which may have meant "not for you", and the waits.
func (c *Client) forgetToken() {
	for _, r := range c.resources {
		c.drop(r)
		r.missing = nil
		if r.fault != nil && (r.fault.Class == datasource.ClassPermission || r.fault.Class == datasource.ClassAuth) {
			r.fault, r.until = nil, time.Time{}
		}
	}
}

// validator returns the last answer where it can be revalidated by its ETag.
func (c *Client) validator(k key) *answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.resources[k.String()]; r != nil && r.last != nil && r.last.single && r.last.etag != "" {
		return r.last
	}
	return nil
}

func (c *Client) claim(k key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.resources[k.String()]; r != nil {
		r.claimed = true
	}
}

// recordAnswer remembers a good answer.
func (c *Client) recordAnswer(k key, a *answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.resource(k)
	r.fault, r.until, r.failures, r.missing, c.throttles = nil, time.Time{}, 0, nil, 0
	c.drop(r)
	if a.missing {
		a.until = a.at.Add(c.jitter(missingFor))
		r.missing = a
		return
	}
	if len(a.body) > maxKeptEach {
		return // the waiting caller has it; it is not worth a second place in memory
	}
	r.last, r.claimed = a, false
	c.kept += len(a.body)
	c.evict(r)
}

// recordFailure remembers a failure of a request that went out with the token sent, and
// returns it with the time of the next try.
func (c *Client) recordFailure(k key, f *datasource.Fault, sent string) *datasource.Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	r := c.resource(k)
	switch f.Class {
	case datasource.ClassAuth:
		c.refused = &sent
		return f // nothing to count down: until the token changes
	case datasource.ClassRateLimited:
		if !c.throttled.After(now) { // not another answer to the same volley
			c.throttles++
		}
		if c.throttled.After(f.RetryAt) {
			return throttled(c.throttled) // of several in flight the longest wait counts
		}
		c.throttled = f.RetryAt
		return f
	case datasource.ClassPermission:
		r.until = now.Add(c.jitter(forbiddenFor))
	default:
		r.until = now.Add(c.jitter(backoff(r.failures)))
	}
	r.failures++
	timed := *f
	timed.RetryAt = r.until
	r.fault = &timed
	c.log.Debug("api failed", "path", k.path, "class", f.Class.String(), "text", f.Text.String(), "retry_in", r.until.Sub(now))
	return r.fault
}

// backoff doubles from 1 s to 30 s.
func backoff(failures int) time.Duration {
	if failures >= 5 {
		return backoffMost
	}
	return backoffFirst << failures
}

// jitter spreads d by ±20 %, so that a hundred dashboards do not come back in
// the same moment.
func (c *Client) jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*c.random()))
}

// jitterUp spreads our own wait after a 429: never shorter, up to 20 % longer.
func (c *Client) jitterUp(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (1 + 0.2*c.random()))
}

// jitterTold spreads a wait that the server asked for: never shorter, less than
// a second longer, so that what is counted down is what the server said, and
// never past the longest.
func (c *Client) jitterTold(d time.Duration) time.Duration {
	return min(d+time.Duration(float64(time.Second)*c.random()), maxRetryAfter)
}

// resource returns the memory of k. Paths come from the configuration, but
// variables may be many: those without a reason to be kept go first.
func (c *Client) resource(k key) *resource {
	name := k.String()
	if r := c.resources[name]; r != nil {
		return r
	}
	if len(c.resources) >= maxResources {
		now := time.Now()
		for n, r := range c.resources {
			if !r.until.After(now) && (r.missing == nil || !r.missing.until.After(now)) {
				c.drop(r)
				delete(c.resources, n)
			}
		}
	}
	r := &resource{}
	c.resources[name] = r
	return r
}

// drop forgets a resource's answer.
func (c *Client) drop(r *resource) {
	if r.last != nil {
		c.kept -= len(r.last.body)
		r.last = nil
	}
}

// evict drops the oldest answers, but that of keep, until the rest fits.
func (c *Client) evict(keep *resource) {
	for c.kept > maxKept {
		var oldest *resource
		for _, r := range c.resources {
			if r != keep && r.last != nil && (oldest == nil || r.last.at.Before(oldest.last.at)) {
				oldest = r
			}
		}
		if oldest == nil {
			return
		}
		c.drop(oldest)
	}
}

// breakerSettings opens the breaker after 5 failures in a row for 10 s. Only
// what says that the server is in trouble counts: a 404, a 401, a 429 or a page
// of HTML is an answer.
func (c *Client) breakerSettings() gobreaker.Settings {
	return gobreaker.Settings{
		Name:         "api",
		MaxRequests:  1,
		Timeout:      breakerOpenFor,
		ReadyToTrip:  func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= breakerTrips },
		IsSuccessful: alive,
		OnStateChange: func(_ string, _, to gobreaker.State) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.openUntil = time.Time{}
			if to == gobreaker.StateOpen {
				c.openUntil = time.Now().Add(breakerOpenFor)
			}
		},
	}
}

// alive reports whether err is an answer of a server that works.
func alive(err error) bool {
	var (
		f        *datasource.Fault
		redirect *redirectError
	)
	return err == nil || errors.As(err, &redirect) || errors.As(err, &f) && f.Class != datasource.ClassServer
}

// breakerFault says that the breaker is open.
func (c *Client) breakerFault() *datasource.Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	until := c.openUntil
	if !until.After(now) { // half open: another request is trying
		until = now.Add(time.Second)
	}
	f := newFault(datasource.ClassBreaker, "failing, breaker open", "", nil)
	f.RetryAt = until
	return f
}
