package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// InternalError is a panic that ended a session. Its ID is in the log beside
// the stack.
type InternalError struct{ ID string }

// Error returns the one line that the user sees.
func (e *InternalError) Error() string {
	return "internal error " + e.ID + ": the log has the details"
}

// Guard is a tea.Model around another one: a panic in it ends the session in
// good order instead of writing a stack over the terminal. Err says afterwards
// whether that happened.
type Guard struct {
	inner tea.Model
	log   *slog.Logger

	mu   sync.Mutex
	err  error
	last tea.View
}

// NewGuard guards a model.
func NewGuard(inner tea.Model, log *slog.Logger) *Guard { return &Guard{inner: inner, log: log} }

// Err returns the *InternalError that ended the session, or nil.
func (g *Guard) Err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err
}

// Init implements tea.Model.
func (g *Guard) Init() (cmd tea.Cmd) {
	defer g.recoverPanic("init", &cmd)
	return g.guardCmd(g.inner.Init())
}

// Update implements tea.Model.
func (g *Guard) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	defer g.recoverPanic("update", &cmd)
	m = g
	if p, ok := msg.(panicked); ok {
		return g, g.failWith("command", p.value)
	}
	inner, c := g.inner.Update(msg)
	g.inner = inner
	return g, g.guardCmd(c)
}

// View implements tea.Model. A panic leaves the last good picture, and ends
// the session with the next message.
func (g *Guard) View() (v tea.View) {
	defer func() {
		if p := recover(); p != nil {
			g.failWith("view", p)
			v = g.last
		}
	}()
	g.last = g.inner.View()
	return g.last
}

// panicked is what a command that panicked returns.
type panicked struct{ value any }

// guardCmd guards a command, and those of a batch.
func (g *Guard) guardCmd(c tea.Cmd) tea.Cmd {
	if g.Err() != nil {
		return tea.Quit
	}
	if c == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if p := recover(); p != nil {
				logPanic(g.log, "command", p)
				msg = panicked{p}
			}
		}()
		msg = c()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = g.guardCmd(batch[i])
			}
		}
		return msg
	}
}

func (g *Guard) recoverPanic(where string, cmd *tea.Cmd) {
	if p := recover(); p != nil {
		*cmd = g.failWith(where, p)
	}
}

func (g *Guard) failWith(where string, p any) tea.Cmd {
	var id [4]byte
	_, _ = rand.Read(id[:])
	g.mu.Lock()
	if g.err == nil {
		g.err = &InternalError{ID: hex.EncodeToString(id[:])}
		g.mu.Unlock()
		logPanic(g.log.With("id", hex.EncodeToString(id[:])), where, p)
	} else {
		g.mu.Unlock()
	}
	return tea.Quit
}

// programError turns what tea.Program.Run returned into what is said.
func programError(g *Guard, err error) error {
	switch {
	case g.Err() != nil:
		return g.Err()
	case err == nil, errors.Is(err, tea.ErrInterrupted), errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrProgramPanic):
		return nil
	default:
		return fmt.Errorf("terminal: %w", err)
	}
}
