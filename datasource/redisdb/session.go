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
	"ticktop/datasource/redisdb/resp"
)

// session is one connection of the subscription, from dialing to its end. Only
// its own goroutine touches it. go-redis dials, logs in and writes the
// commands; replies and messages are read here.
type session struct {
	c       *Client
	wanted  *wantedChannels
	sharded bool // SSUBSCRIBE, at the node that holds the channels
	sink    datasource.Sink
	ps      *redis.PubSub
	in      *pushReader

	seenVersion  uint64                   // version of the wanted set that was asked for
	states       map[string]channelStatus // every name asked for
	interned     map[string]string        // the same names, to look up without a copy
	pending      []*pendingCommand        // commands without their reply, in order
	reportDue    bool                     // Joined is due once the queue is empty
	denied       string                   // the refused names that were reported
	refusal      string                   // what the server said to the last of them
	retry        time.Time                // next try of refused names
	lastHeard    time.Time                // last byte received
	matchedNames map[string]string        // interned names of channels that a pattern matched
}

// channelStatus is where a name stands.
type channelStatus uint8

const (
	statusAsked channelStatus = iota + 1
	statusSubscribed
	statusDenied
)

// pendingCommand is a command whose reply is awaited.
type pendingCommand struct {
	command string // subscribe, …, or ping
	names   []string
	awaited int // confirmations still to come
	sentAt  time.Time
}

// errSilent says that nothing came for too long.
var errSilent = fmt.Errorf("no answer for %d s: %w", giveUpAfter/time.Second, os.ErrDeadlineExceeded)

// runSession subscribes to the wanted channels and hands on what is published until the
// connection ends (an error) or nothing is wanted any more (nil).
func (c *Client) runSession(ctx context.Context, want *wantedChannels, sharded bool, sink datasource.Sink) error {
	s := &session{
		c: c, wanted: want, sharded: sharded, sink: sink, ps: c.rdb.Subscribe(ctx),
		states: map[string]channelStatus{}, interned: map[string]string{}, matchedNames: map[string]string{},
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
	first := &pendingCommand{command: "ping", awaited: 1, sentAt: time.Now()}
	err := s.c.guard(func() error {
		if !s.sharded {
			return s.ps.Ping(ctx)
		}
		channels, _ := s.wanted.get()
		first.command, first.names = "ssubscribe", channels[:1]
		s.states[channels[0]], s.interned[channels[0]] = statusAsked, channels[0]
		return s.ps.SSubscribe(ctx, channels[0])
	})
	switch {
	case err != nil:
		return nil, err
	case got.conn == nil:
		return nil, errors.New("redis: no connection was dialed")
	}
	s.lastHeard = time.Now()
	s.in = newPushReader(got.conn)
	s.pending = append(s.pending, first)
	return got.conn, nil
}

func (s *session) run(ctx context.Context) error {
	for {
		p, err := s.in.next()
		switch {
		case err == nil:
			if err := s.handlePush(ctx, &p); err != nil {
				return err
			}
			if p.kind != pushMessage { // Joined comes before the messages behind it
				s.reportState()
			}
			continue
		case !errors.Is(err, resp.ErrShort):
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
	if done, err := s.syncChannels(ctx); done || err != nil {
		return done, err
	}
	s.c.masters.watch()
	n, err := s.in.fill()
	now := time.Now()
	if n > 0 {
		s.lastHeard = now
	}
	switch {
	case err == nil || n > 0:
	case !isTimeout(err):
		return false, err
	default:
		err = s.handleSilence(ctx, now)
	}
	if len(s.pending) > 0 && now.Sub(s.pending[0].sentAt) > giveUpAfter {
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

// handleSilence asks a quiet server for a sign of life, or gives it up.
func (s *session) handleSilence(ctx context.Context, now time.Time) error {
	quiet := now.Sub(s.lastHeard)
	switch {
	case quiet > giveUpAfter:
		return errSilent
	case quiet < probeAfter/2: // woken by SetChannels
		return nil
	}
	return s.write(ctx, "ping", nil)
}

// handlePush deals with one event.
func (s *session) handlePush(ctx context.Context, p *push) error {
	switch p.kind {
	case pushMessage:
		s.deliver(p)
	case pushSubscribed:
		if name := string(p.channel); s.states[name] == statusAsked {
			s.states[name] = statusSubscribed
			s.reportDue = true
		}
		s.confirmCommand(p.command)
	case pushUnsubscribed:
		if _, still := s.wantedName(p.channel); still && p.command == "sunsubscribe" {
			return resp.Error("MOVED " + string(p.channel)) // its slot went to another node
		}
		s.confirmCommand(p.command)
	case pushPong:
		s.confirmCommand("ping")
	case pushError:
		return s.handleRefusal(ctx, string(p.payload))
	case pushNone:
	}
	return nil
}

// deliver hands on a message of a channel that is wanted.
func (s *session) deliver(p *push) {
	if p.pattern == nil {
		if name, ok := s.wantedName(p.channel); ok {
			s.sink.Message(name, "", p.payload)
		}
		return
	}
	pattern, ok := s.wantedName(p.pattern)
	if !ok {
		return
	}
	channel, ok := s.matchedNames[string(p.channel)]
	if !ok {
		if len(s.matchedNames) > maxInterned {
			clear(s.matchedNames)
		}
		channel = string(p.channel)
		s.matchedNames[channel] = channel
	}
	s.sink.Message(channel, pattern, p.payload)
}

// wantedName returns a wanted name without making a string of it each time.
func (s *session) wantedName(b []byte) (string, bool) {
	name, ok := s.interned[string(b)]
	return name, ok
}
