package engine

import (
	"testing"
	"time"

	"ticktop/datasource"
)

// The table of states, line by line: what each witness last said, and what
// follows.
func TestResolve(t *testing.T) {
	now := time.Now()
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	in := func(d time.Duration) time.Time { return now.Add(d) }
	wrong := fault(datasource.ClassWrongType, "wrong type")
	const (
		live, fallback, stale  = datasource.StateLive, datasource.StateFallback, datasource.StateStale
		missing, failed, loads = datasource.StateMissing, datasource.StateError, datasource.StateLoading
		redis, pubsub, api     = datasource.SourceRedis, datasource.SourcePubSub, datasource.SourceAPI
	)
	all := sourceState{subscribed: true, hasRedis: true, hasAPI: true, cacheTTL: time.Minute}
	down := all
	down.redis, down.subscribed = refused, false
	lasting := down
	lasting.redisFailedTwice = true
	alone := all
	alone.hasAPI = false
	read := keySide{answered: true, have: true, at: ago(time.Second), started: ago(time.Second)}
	ttl := func(k keySide, d time.Duration) keySide { k.deadline = in(d); return k }
	gone := func(k keySide) keySide { k.answered, k.missing = true, true; return k }
	unread := func(k keySide) keySide { k.answered, k.fault = true, wrong; return k }
	answered := func(age time.Duration) apiSide {
		return apiSide{asked: ago(age), at: ago(age), next: in(time.Minute - age)}
	}
	pushed := func(age time.Duration) pushSide { return pushSide{at: ago(age), overlaid: true} }

	for _, c := range []struct {
		name   string
		key    keySide
		push   pushSide
		api    apiSide
		out    sourceState
		age    time.Duration // since it was opened
		state  datasource.State
		origin datasource.SourceID
		ask    bool
	}{
		{"read, no ttl", read, pushSide{}, apiSide{}, all, 9 * time.Second, live, redis, false},
		{"read, within ttl", ttl(read, time.Millisecond), pushSide{}, apiSide{}, all, 9 * time.Second, live, redis, false},
		{"at its deadline", ttl(read, 0), pushSide{}, apiSide{}, all, 9 * time.Second, stale, redis, false},
		{"expired, not confirmed in time", ttl(read, -confirmLimit), pushSide{}, apiSide{}, all, 9 * time.Second, stale, redis, true},
		{"expired, confirmed", gone(read), pushSide{}, apiSide{}, all, 9 * time.Second, stale, redis, true},
		{"expired, api answered", gone(read), pushSide{}, answered(0), all, 9 * time.Second, fallback, api, true},
		{"expired, api answered before redis did", gone(read), pushSide{}, answered(2 * time.Second), all, 9 * time.Second, stale, redis, true},
		{"expired, no api", gone(read), pushSide{}, apiSide{}, alone, 9 * time.Second, stale, redis, false},
		{"api's value is cache_ttl old", gone(keySide{}), pushSide{}, answered(time.Minute), all, 99 * time.Second, stale, api, true},
		{"api's value is almost cache_ttl old", gone(keySide{}), pushSide{}, answered(time.Minute - 1), all, 99 * time.Second, fallback, api, true},
		{"pushed, key gone", gone(read), pushed(time.Second), apiSide{}, all, 9 * time.Second, live, pubsub, false},
		{"pushed too long ago, key gone", gone(read), pushed(time.Minute), apiSide{}, all, 99 * time.Second, stale, pubsub, true},
		{"pushed, key never read", keySide{}, pushed(0), apiSide{}, all, 0, loads, redis, false},
		{"pushed and read", read, pushed(0), apiSide{}, all, 9 * time.Second, live, pubsub, false},
		{"redis down", read, pushSide{}, apiSide{}, down, 9 * time.Second, stale, redis, false},
		{"redis down for a second try", read, pushSide{}, apiSide{}, lasting, 9 * time.Second, stale, redis, true},
		{"redis down, api answered", read, pushSide{}, answered(0), lasting, 9 * time.Second, fallback, api, true},
		{"redis down from the start", keySide{}, pushSide{}, apiSide{}, down, 0, loads, redis, true},
		{"redis down from the start, no api", keySide{}, pushSide{}, apiSide{}, sourceState{redis: refused, hasRedis: true}, 0, failed, redis, false},
		{"redis down, api failed", keySide{}, pushSide{}, apiSide{fault: refused}, down, 0, failed, redis, true},
		{"redis down, api says missing", keySide{}, pushSide{}, apiSide{missing: true}, down, 0, failed, redis, true},
		{"nothing yet", keySide{}, pushSide{}, apiSide{}, all, 0, loads, redis, false},
		{"nothing for too long", keySide{}, pushSide{}, apiSide{}, all, loadingLimit, failed, redis, false},
		{"missing, api not asked yet", gone(keySide{}), pushSide{}, apiSide{}, all, 0, loads, redis, true},
		{"missing, api silent for too long", gone(keySide{}), pushSide{}, apiSide{}, all, loadingLimit, failed, redis, true},
		{"missing, api failed", gone(keySide{}), pushSide{}, apiSide{fault: refused}, all, 0, failed, redis, true},
		{"missing at both", gone(keySide{}), pushSide{}, apiSide{missing: true}, all, 0, missing, redis, true},
		{"missing, no api", gone(keySide{}), pushSide{}, apiSide{}, alone, 0, missing, redis, false},
		{"missing at both, once known", gone(read), pushSide{}, apiSide{missing: true}, all, 9 * time.Second, stale, redis, true},
		{"wrong type, never known", unread(keySide{}), pushSide{}, apiSide{}, alone, 0, failed, redis, false},
		{"wrong type, once known", unread(read), pushSide{}, apiSide{}, alone, 0, stale, redis, false},
		{"wrong type, api answered", unread(read), pushSide{}, answered(0), all, 0, fallback, api, true},
		{"unreadable message", read, pushSide{at: ago(time.Second), fault: wrong}, apiSide{}, alone, 0, stale, redis, false},
		{"no redis at all, pushed", keySide{}, pushed(0), apiSide{}, sourceState{subscribed: true, cacheTTL: time.Minute}, 0, live, pubsub, false},
		{"no redis at all", keySide{}, pushSide{}, apiSide{}, sourceState{hasAPI: true, cacheTTL: time.Minute}, 0, loads, redis, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &datum{ref: new(quote("EURUSD")), opened: ago(c.age), key: c.key, push: c.push, api: c.api, channel: channelState{phase: channelConfirmed}}
			v := resolve(d, c.out, now)
			if v.state != c.state || v.askAPI != c.ask {
				t.Errorf("state %v, ask %v; want %v, %v", v.state, v.askAPI, c.state, c.ask)
			}
			if v.state != missing && v.state != failed && v.state != loads && v.origin != c.origin {
				t.Errorf("origin %v, want %v", v.origin, c.origin)
			}
			if v.state == failed && v.fault == nil {
				t.Error("an error without a reason")
			}
			if !v.nextChange.IsZero() && !v.nextChange.After(now) {
				t.Errorf("due %v ago", now.Sub(v.nextChange))
			}
		})
	}
}

func TestResolveChannel(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name   string
		out    sourceState
		joined bool
		age    time.Duration
		state  datasource.State
	}{
		{"joined", sourceState{subscribed: true}, true, 0, datasource.StateLive},
		{"joining", sourceState{}, false, 0, datasource.StateLoading},
		{"joining for too long", sourceState{}, false, loadingLimit, datasource.StateError},
		{"refused", sourceState{pubsub: refused}, false, 0, datasource.StateError},
		{"lost", sourceState{pubsub: refused}, true, 0, datasource.StateStale},
		{"redis unreadable, channel joined", sourceState{subscribed: true, redis: refused}, true, 0, datasource.StateLive},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &datum{ref: &notices, opened: now.Add(-c.age)}
			if c.joined {
				d.channel.confirm(true, false)
			}
			d.key.have = c.joined
			if v := resolve(d, c.out, now); v.state != c.state {
				t.Errorf("state %v, want %v", v.state, c.state)
			}
		})
	}
}
