package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// stopLimit is how long everything together may take to stop.
const stopLimit = 4 * time.Second

// stack holds what was started, by name, and stops it last in first out. All
// methods are safe for concurrent use.
type stack struct {
	log *slog.Logger

	mu    sync.Mutex
	items []stackItem
}

type stackItem struct {
	name string
	stop func() error
}

// push records how to stop something that has just been started.
func (s *stack) push(name string, stop func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = append(s.items, stackItem{name, stop})
}

// run starts f in a goroutine whose context ends when its turn to stop comes,
// and waits for it then.
func (s *stack) run(name string, f func(ctx context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				err := s.reportPanic(name, p)
				done <- err
			}
		}()
		done <- f(ctx)
	}()
	s.push(name, func() error {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	})
}

func (s *stack) reportPanic(name string, p any) error {
	logPanic(s.log, name, p)
	return fmt.Errorf("%s: internal error", name)
}

// close stops everything, the last started first, and gives up on what takes
// longer than stopLimit in all. A second call does nothing.
func (s *stack) close() error {
	deadline := time.NewTimer(stopLimit)
	defer deadline.Stop()
	var errs []error
	for {
		it, ok := s.pop()
		if !ok {
			return errors.Join(errs...)
		}
		done := make(chan error, 1)
		go func() { done <- it.stop() }()
		select {
		case err := <-done:
			if err != nil {
				errs = append(errs, fmt.Errorf("stop %s: %w", it.name, err))
				s.log.Warn("stop failed", "what", it.name, "err", err)
			}
		case <-deadline.C:
			s.log.Warn("stop takes too long", "what", it.name)
			return errors.Join(append(errs, fmt.Errorf("stop %s: takes too long", it.name))...)
		}
	}
}

func (s *stack) pop() (stackItem, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.items) == 0 {
		return stackItem{}, false
	}
	it := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return it, true
}
