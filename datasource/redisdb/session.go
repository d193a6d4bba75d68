package redisdb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
)

// session is one connection of the subscription, from dialing to its end. Only
// its own goroutine touches it. go-redis dials, logs in and writes the
// commands; replies and messages are read here.
type session struct {
	c       *Client
	want    *wanted
	sharded bool // SSUBSCRIBE, at the node that holds the channels
	sink    datasource.Sink
	ps      *redis.PubSub
	in      *stream

	seen    uint64            // version of the wanted set that was asked for
	names   map[string]status // every name asked for
	plain   map[string]string // the same names, to look up without a copy
	queue   []*asked          // commands without their reply, in order
	owed    bool              // Joined is due once the queue is empty
	denied  string            // the refused names that were reported
	refusal string            // what the server said to the last of them
	retry   time.Time         // next try of refused names
	heard   time.Time         // last byte received
	matched map[string]string // interned names of channels that a pattern matched
}

// status is where a name stands.
type status uint8

const (
	statusAsked status = iota + 1
	statusJoined
	statusDenied
)

// asked is a command whose reply is awaited.
type asked struct {
	command string // subscribe, …, or ping
	names   []string
	left    int // confirmations still to come
	at      time.Time
}

// errSilent says that nothing came for too long.
var errSilent = fmt.Errorf("no answer for %d s: %w", giveUpAfter/time.Second, os.ErrDeadlineExceeded)

// session joins the wanted channels and hands on what is published until the
// connection ends (an error) or nothing is wanted any more (nil).
func (c *Client) session(ctx context.Context, want *wanted, sharded bool, sink datasource.Sink) error {
	s := &session{
		c: c, want: want, sharded: sharded, sink: sink, ps: c.rdb.Subscribe(ctx),
		names: map[string]status{}, plain: map[string]string{}, matched: map[string]string{},
	}
	defer func() { _ = s.ps.Close() }()
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	wake := func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) }
	want.onChange(wake)
	defer want.onChange(nil)
	defer context.AfterFunc(ctx, wake)()
	return s.run(ctx)
}

// dial has go-redis connect and log in; a first command is what makes it do
// so, and its answer is the first one read here. PING goes to any node;
// SSUBSCRIBE to the one that holds the channel.
func (s *session) dial(ctx context.Context) (net.Conn, error) {
	var got capture
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, captureKey{}, &got), giveUpAfter)
	defer cancel()
	first := &asked{command: "ping", left: 1, at: time.Now()}
	err := s.c.guard(func() error {
		if !s.sharded {
			return s.ps.Ping(ctx)
		}
		channels, _ := s.want.get()
		first.command, first.names = "ssubscribe", channels[:1]
		s.names[channels[0]], s.plain[channels[0]] = statusAsked, channels[0]
		return s.ps.SSubscribe(ctx, channels[0])
	})
	switch {
	case err != nil:
		return nil, err
	case got.conn == nil:
		return nil, errors.New("redis: no connection was dialed")
	}
	s.heard = time.Now()
	s.in = newStream(got.conn)
	s.queue = append(s.queue, first)
	return got.conn, nil
}

func (s *session) run(ctx context.Context) error {
	for {
		p, err := s.in.next()
		switch {
		case err == nil:
			if err := s.handle(ctx, &p); err != nil {
				return err
			}
			if p.kind != pushMessage { // Joined comes before the messages behind it
				s.settle()
			}
			continue
		case !errors.Is(err, errShort):
			return err
		}
		if done, err := s.fill(ctx); done || err != nil {
			return err
		}
	}
}

// fill waits for bytes, and meanwhile does what time and SetChannels ask for.
// done says that nothing is wanted any more.
func (s *session) fill(ctx context.Context) (done bool, err error) {
	// The deadline is set before the version is looked at: SetChannels raises
	// the version first and moves the deadline then, so no change is missed.
	_ = s.in.conn.SetReadDeadline(time.Now().Add(probeAfter))
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if done, err := s.follow(ctx); done || err != nil {
		return done, err
	}
	s.c.masters.watch()
	n, err := s.in.fill()
	now := time.Now()
	if n > 0 {
		s.heard = now
	}
	switch {
	case err == nil || n > 0:
	case !isTimeout(err):
		return false, err
	default:
		err = s.silence(ctx, now)
	}
	if len(s.queue) > 0 && now.Sub(s.queue[0].at) > giveUpAfter {
		return false, errSilent
	}
	return false, isReal(err, n)
}

// isReal drops an error that came with bytes: it will come again.
func isReal(err error, n int) error {
	if n > 0 {
		return nil
	}
	return err
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// silence asks a quiet server for a sign of life, or gives it up.
func (s *session) silence(ctx context.Context, now time.Time) error {
	quiet := now.Sub(s.heard)
	switch {
	case quiet > giveUpAfter:
		return errSilent
	case quiet < probeAfter/2: // woken by SetChannels
		return nil
	}
	return s.write(ctx, "ping", nil)
}

// handle deals with one event.
func (s *session) handle(ctx context.Context, p *push) error {
	switch p.kind {
	case pushMessage:
		s.deliver(p)
	case pushJoined:
		if name := string(p.channel); s.names[name] == statusAsked {
			s.names[name] = statusJoined
			s.owed = true
		}
		s.confirmed(p.command)
	case pushLeft:
		if _, still := s.known(p.channel); still && p.command == "sunsubscribe" {
			return replyError("MOVED " + string(p.channel)) // its slot went to another node
		}
		s.confirmed(p.command)
	case pushPong:
		s.confirmed("ping")
	case pushError:
		return s.refused(ctx, string(p.payload))
	}
	return nil
}

// deliver hands on a message of a channel that is wanted.
func (s *session) deliver(p *push) {
	if p.pattern == nil {
		if name, ok := s.known(p.channel); ok {
			s.sink.Message(name, "", p.payload)
		}
		return
	}
	pattern, ok := s.known(p.pattern)
	if !ok {
		return
	}
	channel, ok := s.matched[string(p.channel)]
	if !ok {
		if len(s.matched) > maxInterned {
			clear(s.matched)
		}
		channel = string(p.channel)
		s.matched[channel] = channel
	}
	s.sink.Message(channel, pattern, p.payload)
}

// known returns a wanted name without making a string of it each time.
func (s *session) known(b []byte) (string, bool) {
	name, ok := s.plain[string(b)]
	return name, ok
}
