package main

import (
	"encoding/json"
	"log/slog"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/state"
	"ticktop/ui"
)

// screenSection is the section of the state file that holds what sessions in
// this terminal remember, by the configuration they show.
const screenSection = "screen"

// remember fills in what was remembered of an earlier session with this
// configuration, and keeps what this one changes, written by a goroutine of its
// own so that no key waits for the disk. The function it returns writes what is
// left and ends it. A file that cannot be written is logged once: the session
// goes on without.
func remember(s *app.Screen, store *state.Store, c *config.Config, log *slog.Logger) (stop func()) {
	if store == nil {
		return func() {}
	}
	key := c.Name
	if text, ok := store.Value(screenSection, key); ok {
		var kept ui.State
		if err := json.Unmarshal([]byte(text), &kept); err == nil { // another version's is a clean start
			s.State = kept
		}
	}
	newest, done := make(chan ui.State, 1), make(chan struct{})
	go func() {
		defer close(done)
		failed := false
		for now := range newest {
			text, err := json.Marshal(now)
			if err == nil {
				err = store.Set(screenSection, key, string(text))
			}
			if err != nil && !failed {
				failed = true
				log.Warn("what you change on screen will not be remembered", "error", err)
			}
		}
	}()
	s.Remember = func(now ui.State) { // one session, one goroutine: what is not written yet is replaced
		select {
		case <-newest:
		default:
		}
		newest <- now
	}
	return func() { close(newest); <-done }
}
