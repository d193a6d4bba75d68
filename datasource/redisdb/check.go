package redisdb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// Grade is how a check ended.
type Grade uint8

// The grades.
const (
	GradeOK   Grade = iota
	GradeNote       // works, but there is something to know
	GradeFail
)

// CheckResult is one line of `ticktop check`.
type CheckResult struct {
	Name   datasource.Safe // what was checked: "redis", "account", "ticks:EURUSD"
	Grade  Grade
	Text   datasource.Safe // what was found
	Remedy datasource.Safe // what to do about it; empty when nothing
	Absent bool            // there is no such key
}

type checks []CheckResult

// addAbsent notes that there is no such key.
func (c *checks) addAbsent(name, text, remedy string) {
	c.add(name, GradeNote, text, remedy)
	(*c)[len(*c)-1].Absent = true
}

func (c *checks) add(name string, g Grade, text, remedy string) {
	*c = append(*c, CheckResult{
		Name: datasource.Clean(name, maxFaultText), Grade: g,
		Text: datasource.Clean(text, maxFaultText), Remedy: datasource.Clean(remedy, maxFaultText),
	})
}

func (c *checks) addFault(name string, f *datasource.Fault) {
	*c = append(*c, CheckResult{Name: datasource.Clean(name, maxFaultText), Grade: GradeFail, Text: datasource.Clean(f.Error(), maxFaultText), Remedy: f.Hint})
}

// Check looks at everything that the refs need of this Redis: the connection,
// the version, the right to read each key and to hear each channel. It takes at
// most a few seconds, writes nothing, and stops early when Redis does not answer.
func (c *Client) Check(ctx context.Context, refs []datasource.Ref) []CheckResult {
	k := checker{c: c}
	out := &k.out
	rtt, err := c.Ping(ctx)
	var f *datasource.Fault
	switch {
	case errors.As(err, &f) && (f.Class != datasource.ClassPermission || f.Command != "ping"):
		out.addFault("redis", f)
		return k.out
	case err != nil: // it answers, but not to PING
		out.add("redis", GradeOK, c.shown+" answers", "")
	default:
		out.add("redis", GradeOK, fmt.Sprintf("%s answers in %.1f ms", c.shown, float64(rtt.Microseconds())/1e3), "")
	}
	k.checkServer(ctx)
	k.checkReads(ctx, refs)
	k.checkChannels(ctx, refs)
	return k.out
}

// checker is one Check at work.
type checker struct {
	c   *Client
	out checks
}

// checkServer looks at the version, the role and whether the user may write.
func (k *checker) checkServer(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	switch v := k.c.serverVersion(ctx); {
	case v == "":
		k.out.add("version", GradeNote, "unknown: INFO is not allowed", "")
	case !atLeast(v, 6, 2):
		k.out.add("version", GradeFail, "redis "+v, "ticktop needs Redis 6.2 or newer")
	default:
		k.out.add("version", GradeOK, "redis "+v, "")
	}
	if info, err := k.c.rdb.Info(ctx, "replication").Result(); err == nil && infoField(info, "role") == "slave" {
		link := infoField(info, "master_link_status")
		k.out.add("role", GradeNote, "a replica, its link to the master is "+link, "")
	}
	user := k.c.user
	if name, err := k.wordReply(ctx, "acl", "whoami"); err == nil {
		user = name
	}
	nodes := ""
	if k.c.cluster != nil {
		nodes = " +cluster|slots"
	}
	if verdict, err := k.wordReply(ctx, "acl", "dryrun", user, "SET", "ticktop:check", "1"); err == nil && verdict == "OK" {
		k.out.add("rights", GradeNote, "user "+or(user, "default")+" may write; ticktop never does",
			"a user for reading: ACL SETUSER ticktop on >PASSWORD ~* &* -@all +@read +@connection +subscribe +psubscribe +unsubscribe +punsubscribe +info"+nodes)
	}
}

// wordReply asks for a reply of one word.
func (k *checker) wordReply(ctx context.Context, args ...any) (string, error) {
	cmd := redis.NewStringCmd(ctx, args...)
	err := k.c.rdb.Process(ctx, cmd)
	return cmd.Val(), err
}

// atLeast compares "7.0.15" with a version.
func atLeast(v string, major, minor int) bool {
	parts := strings.SplitN(v, ".", 3)
	m, err := strconv.Atoi(parts[0])
	if err != nil || len(parts) < 2 {
		return true // something newer that counts in another way
	}
	n, _ := strconv.Atoi(parts[1])
	return m > major || m == major && n >= minor
}

// checkReads reads every key once.
func (k *checker) checkReads(ctx context.Context, refs []datasource.Ref) {
	var reqs []datasource.Request
	for _, r := range refs {
		if r.Kind != datasource.KindChannel {
			reqs = append(reqs, datasource.Request{Ref: &r, Since: math.Inf(-1)})
		}
	}
	raws, err := k.c.Read(ctx, reqs)
	var f *datasource.Fault
	if errors.As(err, &f) {
		k.out.addFault("reads", f)
		return
	}
	if len(reqs) > 0 {
		k.checkExpiry(ctx, reqs[0].Ref.Key)
	}
	for i := range raws {
		r := raws[i].Ref
		name := or(r.Name, r.Key)
		what := r.Kind.String() + " " + r.Key
		switch {
		case errors.As(raws[i].Err, &f):
			k.out.addFault(name, f)
		case raws[i].Missing && r.Fallback.Defined():
			k.out.addAbsent(name, what+" is not there now; the API is asked", "")
		case raws[i].Missing:
			k.out.addAbsent(name, what+" is not there now, and has no fallback", "is the producer running, and is the key spelt so?")
		default:
			k.out.add(name, GradeOK, what, "")
		}
	}
}

// checkExpiry notes that PTTL is not allowed: values are then read without the
// time that they have left.
func (k *checker) checkExpiry(ctx context.Context, key string) {
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	err := k.c.rdb.PTTL(ctx, key).Err()
	if err == nil {
		return
	}
	f := k.c.fault(err, "pttl", key)
	if f.Class != datasource.ClassPermission || f.Command != "pttl" {
		return
	}
	k.out.add("expiry", GradeNote, f.Error()+": no countdown, and what expires is noticed at the next poll", f.Hint.String())
}

// checkChannels joins every channel once.
func (k *checker) checkChannels(ctx context.Context, refs []datasource.Ref) {
	var channels []string
	for _, r := range refs {
		if r.Kind == datasource.KindChannel {
			channels = append(channels, r.Key)
		}
		if r.Live != "" {
			channels = append(channels, r.Live)
		}
	}
	if len(channels) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, giveUpAfter+time.Second)
	defer cancel()
	check := &channelCheck{done: cancel}
	listener := k.c.withOwnSubscription()
	listener.SetChannels(channels)
	wanted, _ := listener.wanted.get()
	check.want = len(wanted)
	_ = listener.Listen(ctx, check) // ends with its context
	if check.subscribed > 0 {
		k.out.add("pubsub", GradeOK, fmt.Sprintf("%d of %d channels subscribed", check.subscribed, check.want), "")
	}
	switch {
	case check.fault != nil:
		k.out.addFault("pubsub", check.fault)
	case check.subscribed == 0:
		k.out.add("pubsub", GradeFail, "no answer", "the server hangs, or the network does")
	}
}

// channelCheck is the Sink of checkChannels: it ends at the first full answer.
type channelCheck struct {
	want, subscribed int
	fault            *datasource.Fault
	done             func()
}

func (v *channelCheck) Joined(n int) {
	if v.subscribed, v.fault = n, nil; n >= v.want {
		v.done()
	}
}

func (v *channelCheck) Message(string, string, []byte) {}

func (v *channelCheck) Lost(f *datasource.Fault) {
	v.fault = f
	v.done()
}
