package broadcast

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"

	"ticktop/datasource"
)

// PanicError is what a member is cut with when what it shows could not be drawn or
// written. The stack is in the log, beside the ID.
type PanicError struct{ ID string }

// Error returns the line for the trader's screen.
func (p *PanicError) Error() string { return "internal error " + p.ID }

// NewPanic logs a panic that was just recovered, and names it.
func NewPanic(log *slog.Logger, what string, value any, stack []byte) *PanicError {
	var id [4]byte
	_, _ = rand.Read(id[:])
	p := &PanicError{ID: hex.EncodeToString(id[:])}
	log.Error(what, "id", p.ID, "panic", datasource.Clean(fmt.Sprint(value), 1000), "stack", string(stack))
	return p
}
