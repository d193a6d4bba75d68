package sshd

import (
	"fmt"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"
)

// crash is a panic on its way to where its session is ended. It keeps the stack
// of where it happened, and travels as a message, an error or a panic.
type crash struct {
	value any
	stack []byte
}

// Error implements error. The value may quote what a client sent.
func (c *crash) Error() string { return safeLog(fmt.Sprint(c.value)) }

// asCrash wraps what recover returned, on the goroutine that panicked.
func asCrash(r any) *crash {
	if c, ok := r.(*crash); ok {
		return c
	}
	return &crash{r, debug.Stack()}
}

// guardCommand is a command whose panic becomes a message: the library behind would
// print it, raw, on the server's standard error.
func guardCommand(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = asCrash(r)
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = guardCommand(batch[i])
			}
		}
		return msg
	}
}
