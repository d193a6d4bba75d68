package redisdb

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/testkit/servertest"
)

func TestDiscover(t *testing.T) {
	t.Parallel()
	s := servertest.Redis(t)
	for i := range 5 {
		s.Do("PSETEX", fmt.Sprintf("quote:%d", i), 60000, `{"bid":1}`)
	}
	s.Do("HSET", "account:A", "equity", "1")
	s.Do("ZADD", "equity:A", 1, "x")
	s.Do("SADD", "members", "a")
	s.Do("XADD", "tick_stream:A", "*", "p", "1")
	sub := s.Dial()
	if _, err := sub.Do("SUBSCRIBE", "quiet"); err != nil {
		t.Fatal(err)
	}
	c := open(t, Options{URL: s.URL()})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(stop)
	wg.Go(func() {
		admin := s.Dial()
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				_, _ = admin.Do("PUBLISH", "ticks:A", "tick")
			}
		}
	})
	d, err := c.Discover(context.Background(), DiscoverOptions{Listen: 1500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := c.Samples(context.Background(), d.Keys)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, k := range d.Keys {
		line := k.Name + " " + k.Type
		if samples[i].TTL > 0 {
			line += " ttl"
		}
		got = append(got, line+" "+sampleText(samples[i]))
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{"account:A hash equity=1", "equity:A zset 1:x", "members set a", `quote:0 string ttl {"bid":1}`, "quote:4 string ttl", "tick_stream:A stream p=1"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if len(d.Keys) != 9 || d.Version == "" || d.Truncated || len(d.Notes) != 0 {
		t.Errorf("%d keys, version %q, truncated %v, notes %q", len(d.Keys), d.Version, d.Truncated, d.Notes)
	}
	var channels []string
	for _, ch := range d.Channels {
		channels = append(channels, fmt.Sprintf("%s subs=%d heard=%v %s", ch.Name, ch.Subscribers, ch.Messages > 0, bytes.Join(ch.Heard[:min(1, len(ch.Heard))], nil)))
	}
	if got := strings.Join(channels, "; "); got != "quiet subs=1 heard=false ; ticks:A subs=0 heard=true tick" {
		t.Errorf("channels: %s", got)
	}
	few, err := c.Discover(context.Background(), DiscoverOptions{MaxKeys: 3})
	if err != nil || len(few.Keys) != 3 || !few.Truncated {
		t.Errorf("bounded: %d keys, truncated %v, %v", len(few.Keys), few.Truncated, err)
	}
	s.Do("ACL", "SETUSER", "ana", "on", ">pw", "~*", "resetchannels", "+@all", "-scan", "-pubsub", "-info")
	poor, err := open(t, Options{URL: "redis://ana:pw@" + s.Addr()}).Discover(context.Background(), DiscoverOptions{Listen: 5 * time.Second})
	if err != nil || len(poor.Notes) != 3 {
		t.Errorf("without rights: notes %q, %v", poor.Notes, err)
	}
	if notes := strings.Join(poor.Notes, "; "); !strings.Contains(notes, "channels cannot be listed: no permission (pubsub)") || !strings.Contains(notes, "keys cannot be listed: no permission (scan); allow it") {
		t.Errorf("without rights: notes %q", poor.Notes)
	}
	if _, err := open(t, Options{URL: "redis://" + deadPort(t)}).Discover(context.Background(), DiscoverOptions{}); datasource.ClassOf(err) != datasource.ClassRefused {
		t.Errorf("no server: %v", err)
	}
}

// sampleText is what a sample holds, in one line.
func sampleText(s Sample) string {
	var out []string
	fields := func(fs []datasource.RawField) {
		for _, f := range fs {
			out = append(out, f.Name+"="+string(f.Value))
		}
	}
	if len(s.Bytes) > 0 {
		out = append(out, string(s.Bytes))
	}
	fields(s.Fields)
	for _, m := range s.First {
		if m.Score != 0 {
			out = append(out, fmt.Sprintf("%g:%s", m.Score, m.Member))
		} else {
			out = append(out, string(m.Member))
		}
	}
	for _, e := range s.Recent {
		fields(e.Fields)
	}
	return strings.Join(out, " ")
}

func TestCheck(t *testing.T) {
	s := servertest.Redis(t, servertest.User("ana", "on", ">pw", "%R~quote:*", "resetchannels", "&ticks:*", "-@all", "+@read", "+subscribe", "+psubscribe", "+ping", "+hello"))
	s.Do("SET", "quote:A", "1")
	s.Do("SET", "secret", "1")
	refs := []datasource.Ref{
		{Name: "quote", Kind: datasource.KindString, Key: "quote:A", Live: "ticks:A"},
		{Name: "gone", Kind: datasource.KindHash, Key: "quote:gone", Fallback: datasource.Endpoint{Path: "/x/"}},
		{Name: "secret", Kind: datasource.KindString, Key: "secret"},
		{Name: "news", Kind: datasource.KindChannel, Key: "news"},
		{Name: "wrong", Kind: datasource.KindZSet, Key: "quote:A"},
	}
	lines := func(c *Client) string {
		var out []string
		for _, r := range c.Check(context.Background(), refs) {
			out = append(out, fmt.Sprintf("%d %s: %s [%s]", r.Grade, r.Name, r.Text, r.Remedy))
		}
		return strings.Join(out, "\n")
	}
	got := lines(open(t, Options{URL: "redis://ana:pw@" + s.Addr()}))
	for _, want := range []string{
		"0 redis: redis://ana:***@", "1 version: unknown", "0 quote: string quote:A []", "1 gone: hash quote:gone is not there now; the API is asked",
		"2 secret: no permission (secret) [allow it: ACL SETUSER ana %R~secret]", "0 pubsub: 1 of 2 channels subscribed",
		"2 pubsub: no permission (news) [allow it: ACL SETUSER ana &news]", "2 wrong: wrong type: expected zset, is string",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if strings.Contains(got, "expiry:") {
		t.Errorf("PTTL is allowed:\n%s", got)
	}
	s.Do("ACL", "SETUSER", "bob", "on", ">pw", "~*", "&*", "-@all", "+get", "+strlen", "+getrange", "+ping", "+hello")
	if got := lines(open(t, Options{URL: "redis://bob:pw@" + s.Addr()})); !strings.Contains(got, "1 expiry: no permission (pttl): no countdown, and what expires is noticed at the next poll [allow it: ACL SETUSER bob +pttl]") {
		t.Errorf("without PTTL:\n%s", got)
	}
	if got := lines(open(t, Options{URL: "redis://bob:pw@" + s.Addr() + "/1"})); !strings.Contains(got, "no permission (select) [allow it: ACL SETUSER bob +select]") {
		t.Errorf("without SELECT:\n%s", got)
	}
	if got := lines(open(t, Options{URL: s.URL()})); !strings.Contains(got, "1 rights: user default may write; ticktop never does [a user for reading: ACL SETUSER") || !strings.Contains(got, "0 pubsub: 2 of 2 channels subscribed") {
		t.Errorf("as administrator:\n%s", got)
	}
	if got := lines(open(t, Options{URL: "redis://" + deadPort(t)})); got != "2 redis: refused [is the server running, on this port?]" {
		t.Errorf("no server:\n%s", got)
	}
}

func TestShare(t *testing.T) {
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	ctx := context.Background()
	for name, err := range map[string]error{
		"foreign key": c.Share(ctx, "account:A", []byte("1"), time.Minute),
		"no ttl":      c.Share(ctx, SharePrefix+"a", []byte("1"), 0),
		"too big":     c.Share(ctx, SharePrefix+"a", make([]byte, maxShared+1), time.Minute),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := s.Do("DBSIZE"); n != int64(0) {
		t.Fatalf("%v keys were written", n)
	}
	if err := c.Share(ctx, SharePrefix+"a", []byte("answer"), time.Minute); err != nil {
		t.Fatal(err)
	}
	s.Do("ACL", "SETUSER", "sharer", "on", ">pw", "resetkeys", "~"+SharePrefix+"*", "+setex", "+getrange", "+pttl") // as docs/security.md says
	sharer := open(t, Options{URL: s.URL(), Username: "sharer", Password: "pw"})
	if err := sharer.Share(ctx, SharePrefix+"d", []byte("its own"), 90*time.Second+time.Millisecond); err != nil {
		t.Error(err)
	}
	if got, left, err := sharer.Shared(ctx, []string{SharePrefix + "d"}); err != nil || string(got[0]) != "its own" || left[0] > 90*time.Second || left[0] < 60*time.Second {
		t.Errorf("%q, %v, %v", got, left, err)
	}
	s.Do("HSET", SharePrefix+"b", "f", "1") // not an answer
	values, ttls, err := c.Shared(ctx, []string{SharePrefix + "a", SharePrefix + "b", SharePrefix + "c"})
	if err != nil || string(values[0]) != "answer" || values[1] != nil || values[2] != nil || ttls[0] <= 0 || ttls[0] > time.Minute {
		t.Errorf("%q %v %v", values, ttls, err)
	}
}

func TestPipeline(t *testing.T) {
	s := servertest.Redis(t)
	c := open(t, Options{URL: s.URL()})
	ctx := context.Background()
	if err := c.Pipeline(ctx, [][]any{{"SET", "a", 1}, {"GET", "gone"}, {"HSET", "h", "f", 1.5}, {"PUBLISH", "x", "y"}}); err != nil {
		t.Fatal(err)
	}
	if s.Do("GET", "a") != "1" || s.Do("HGET", "h", "f") != "1.5" {
		t.Error("not written")
	}
	// A leading nil must not hide the error behind it.
	if err := c.Pipeline(ctx, [][]any{{"GET", "gone"}, {"INCR", "h"}}); datasource.ClassOf(err) != datasource.ClassWrongType {
		t.Errorf("%v, want wrong type", err)
	}
	if err := c.Pipeline(ctx, nil); err != nil {
		t.Error(err)
	}
}

func TestClientSays(t *testing.T) {
	s := servertest.Redis(t, servertest.Password("s3cret"))
	c := open(t, Options{URL: s.URL()})
	if strings.Contains(c.String(), "s3cret") || !strings.Contains(c.String(), s.Addr()) {
		t.Errorf("%s", c)
	}
	if rtt, err := c.Ping(context.Background()); err != nil || rtt <= 0 {
		t.Errorf("ping %v, %v", rtt, err)
	}
}
