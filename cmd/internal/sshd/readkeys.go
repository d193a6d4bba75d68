package sshd

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// readKeys reads what the trader types and hands it to the program until ctx
// ends. The library's own loop would do the same, on a goroutine of its own:
// a panic there ends the process, and a key that is under way when the session
// ends keeps the goroutine for ever.
func readKeys(ctx context.Context, in *keyboard, term string, send func(tea.Msg)) {
	keys := make(chan uv.Event)
	go func() {
		defer close(keys)
		defer func() {
			if r := recover(); r != nil {
				keys <- asCrash(r)
			}
		}()
		err := uv.NewTerminalReader(in, term).StreamEvents(ctx, keys)
		if c := (*crash)(nil); errors.As(err, &c) { // any other is the connection's end, which is noticed elsewhere
			keys <- c
		}
	}()
	for key := range keys {
		if ctx.Err() == nil {
			send(key)
		}
	}
}
