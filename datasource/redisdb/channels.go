package redisdb

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
)

// follow asks for what SetChannels changed and, from time to time, for what
// was refused.
func (s *session) follow(ctx context.Context) (done bool, err error) {
	channels, version := s.want.get()
	if len(channels) == 0 {
		return true, nil
	}
	if version != s.seen {
		s.seen = version
		return false, s.change(ctx, channels)
	}
	if s.denied != "" && time.Now().After(s.retry) {
		s.retry = time.Now().Add(retryDenied)
		for name, st := range s.names {
			if st == statusDenied {
				if err := s.join(ctx, []string{name}); err != nil {
					return false, err
				}
			}
		}
	}
	return false, nil
}

// change subscribes to what is new and unsubscribes from what is not wanted.
func (s *session) change(ctx context.Context, channels []string) error {
	var add, drop []string
	for _, name := range channels {
		if s.names[name] == 0 {
			add = append(add, name)
		}
	}
	for name, st := range s.names {
		if _, still := slices.BinarySearch(channels, name); !still {
			if st != statusDenied {
				drop = append(drop, name)
			}
			delete(s.names, name)
			delete(s.plain, name)
		}
	}
	s.owed = true
	if err := s.each(ctx, drop, "unsubscribe", "punsubscribe"); err != nil {
		return err
	}
	return s.join(ctx, add)
}

func (s *session) join(ctx context.Context, names []string) error {
	for _, name := range names {
		s.names[name], s.plain[name] = statusAsked, name
	}
	return s.each(ctx, names, "subscribe", "psubscribe")
}

// each writes one command for the plain names and one for the patterns. Of
// sharded channels each has its own: they may not share one across slots.
func (s *session) each(ctx context.Context, names []string, plain, pattern string) error {
	if s.sharded {
		for _, name := range names {
			if err := s.write(ctx, "s"+plain, []string{name}); err != nil {
				return err
			}
		}
		return nil
	}
	var channels, patterns []string
	for _, name := range names {
		if isPattern(name) {
			patterns = append(patterns, name)
		} else {
			channels = append(channels, name)
		}
	}
	if err := s.write(ctx, plain, channels); err != nil {
		return err
	}
	return s.write(ctx, pattern, patterns)
}

// write sends a command through go-redis and queues what awaits its reply.
func (s *session) write(ctx context.Context, command string, names []string) error {
	if len(names) == 0 && command != "ping" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, giveUpAfter)
	defer cancel()
	s.queue = append(s.queue, &asked{command: command, names: names, left: max(1, len(names)), at: time.Now()})
	return s.c.guard(func() error {
		switch command {
		case "subscribe":
			return s.ps.Subscribe(ctx, names...)
		case "psubscribe":
			return s.ps.PSubscribe(ctx, names...)
		case "unsubscribe":
			return s.ps.Unsubscribe(ctx, names...)
		case "punsubscribe":
			return s.ps.PUnsubscribe(ctx, names...)
		case "ssubscribe":
			return s.ps.SSubscribe(ctx, names...)
		case "sunsubscribe":
			return s.ps.SUnsubscribe(ctx, names...)
		}
		return s.ps.Ping(ctx)
	})
}

// confirmed takes one confirmation off the queue.
func (s *session) confirmed(command string) {
	if len(s.queue) == 0 || s.queue[0].command != command {
		return
	}
	if s.queue[0].left--; s.queue[0].left <= 0 {
		s.queue = s.queue[1:]
	}
}

// refused deals with an error. A command for several names is refused as a
// whole when one of them is: then each is asked for alone.
func (s *session) refused(ctx context.Context, line string) error {
	if len(s.queue) == 0 {
		return replyError(line)
	}
	first := s.queue[0]
	s.queue = s.queue[1:]
	switch {
	case !strings.HasPrefix(line, "NOPERM"):
		return replyError(line)
	case first.command == "ping": // an answer all the same
		return nil
	case !strings.HasSuffix(first.command, "subscribe") || strings.Contains(first.command, "unsub"):
		return nil
	case len(first.names) == 1:
		if s.names[first.names[0]] == statusAsked {
			s.names[first.names[0]] = statusDenied
		}
		s.retry, s.refusal = time.Now().Add(retryDenied), line
		return nil
	}
	for _, name := range first.names {
		if err := s.write(ctx, first.command, []string{name}); err != nil {
			return err
		}
	}
	return nil
}

// settle reports, once every command has its reply, what is joined and what is
// refused.
func (s *session) settle() {
	if len(s.queue) > 1 || len(s.queue) == 1 && s.queue[0].command != "ping" {
		return
	}
	joined := 0
	var denied []string
	for name, st := range s.names {
		switch st {
		case statusJoined:
			joined++
		case statusDenied:
			denied = append(denied, name)
		}
	}
	if s.owed && joined > 0 {
		arm(s.in.conn)
		s.sink.Joined(joined)
	}
	slices.Sort(denied)
	if all := strings.Join(denied, ", "); all != "" && (s.owed || all != s.denied) {
		s.denied = all
		f := permission(s.refusal, errDenied, datasource.SourcePubSub, "subscribe", all, s.c.user)
		f.Channels = denied
		s.sink.Lost(f)
	} else {
		s.denied = all
	}
	s.owed = false
}

var errDenied = errors.New("channel refused")
