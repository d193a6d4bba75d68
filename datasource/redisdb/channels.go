package redisdb

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

// syncChannels asks for what SetChannels changed and, from time to time, for what
// was refused.
func (s *session) syncChannels(ctx context.Context) (done bool, err error) {
	channels, version := s.wanted.get()
	if len(channels) == 0 {
		return true, nil
	}
	if version != s.seenVersion {
		s.seenVersion = version
		return false, s.changeChannels(ctx, channels)
	}
	if s.denied != "" && time.Now().After(s.retry) {
		s.retry = time.Now().Add(retryDenied)
		for name, st := range s.states {
			if st == statusDenied {
				if err := s.subscribe(ctx, []string{name}); err != nil {
					return false, err
				}
			}
		}
	}
	return false, nil
}

// changeChannels subscribes to what is new and unsubscribes from what is not wanted.
func (s *session) changeChannels(ctx context.Context, channels []string) error {
	var add, drop []string
	for _, name := range channels {
		if s.states[name] == 0 {
			add = append(add, name)
		}
	}
	for name, st := range s.states {
		if _, still := slices.BinarySearch(channels, name); !still {
			if st != statusDenied {
				drop = append(drop, name)
			}
			delete(s.states, name)
			delete(s.interned, name)
		}
	}
	s.reportDue = true
	if err := s.sendForNames(ctx, drop, "unsubscribe", "punsubscribe"); err != nil {
		return err
	}
	return s.subscribe(ctx, add)
}

func (s *session) subscribe(ctx context.Context, names []string) error {
	for _, name := range names {
		s.states[name], s.interned[name] = statusAsked, name
	}
	return s.sendForNames(ctx, names, "subscribe", "psubscribe")
}

// sendForNames writes one command for the plain names and one for the patterns. Of
// sharded channels each has its own: they may not share one across slots.
func (s *session) sendForNames(ctx context.Context, names []string, plain, pattern string) error {
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
	s.pending = append(s.pending, &pendingCommand{command: command, names: names, awaited: max(1, len(names)), sentAt: time.Now()})
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

// confirmCommand takes one confirmation off the queue.
func (s *session) confirmCommand(command string) {
	if len(s.pending) == 0 || s.pending[0].command != command {
		return
	}
	if s.pending[0].awaited--; s.pending[0].awaited <= 0 {
		s.pending = s.pending[1:]
	}
}

// handleRefusal deals with an error. A command for several names is refused as a
// whole when one of them is: then each is asked for alone.
func (s *session) handleRefusal(ctx context.Context, line string) error {
	if len(s.pending) == 0 {
		return resp.Error(line)
	}
	first := s.pending[0]
	s.pending = s.pending[1:]
	switch {
	case !strings.HasPrefix(line, "NOPERM"):
		return resp.Error(line)
	case first.command == "ping": // an answer all the same
		return nil
	case !strings.HasSuffix(first.command, "subscribe") || strings.Contains(first.command, "unsub"):
		return nil
	case len(first.names) == 1:
		if s.states[first.names[0]] == statusAsked {
			s.states[first.names[0]] = statusDenied
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

// reportState reports, once every command has its reply, what is subscribed and what is
// refused.
func (s *session) reportState() {
	if len(s.pending) > 1 || len(s.pending) == 1 && s.pending[0].command != "ping" {
		return
	}
	joined := 0
	var denied []string
	for name, st := range s.states {
		switch st {
		case statusSubscribed:
			joined++
		case statusDenied:
			denied = append(denied, name)
		case statusAsked:
		}
	}
	if s.reportDue && joined > 0 {
		startBatching(s.in.conn)
		s.sink.Joined(joined)
	}
	slices.Sort(denied)
	if all := strings.Join(denied, ", "); all != "" && (s.reportDue || all != s.denied) {
		s.denied = all
		f := permissionFault(s.refusal, errDenied, datasource.SourcePubSub, "subscribe", all, s.c.user)
		f.Channels = denied
		s.sink.Lost(f)
	} else {
		s.denied = all
	}
	s.reportDue = false
}

var errDenied = errors.New("channel refused")
