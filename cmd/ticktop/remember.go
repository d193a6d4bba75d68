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

// rememberSession fills in what was remembered of an earlier session with this
// configuration, and keeps what this one changes, written by a goroutine of its
// own so that no key waits for the disk. The function it returns writes what is
// left and ends it. A file that cannot be written is logged once: the session
// goes on without.
func rememberSession(s *app.Screen, store *state.Store, c *config.Config, log *slog.Logger) (stop func()) {
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

// pinsSection holds what is pinned, by the Redis and the configuration that
// shows it.
const pinsSection = "pins"

// rememberPins fills in what was pinned in an earlier session, and keeps what
// this one pins. A file that W changes stays trusted if it was.
func rememberPins(s *app.Screen, store *state.Store, load config.Options, c *config.Config, log *slog.Logger) {
	if store == nil {
		s.Pins = app.NewPins(load, "", nil, log)
		return
	}
	key := c.Redis.URL.String() + " " + c.Name
	text, _ := store.Value(pinsSection, key)
	s.Pins = app.NewPins(load, text, func(text string) { // called from commands
		if err := store.Set(pinsSection, key, text); err != nil {
			log.Warn("what is pinned will not be remembered", "error", err)
		}
	}, log)
	s.Wrote = func(path string, before, after []byte) {
		if !store.Trusted(path, before) {
			return
		}
		if err := store.Trust(path, after); err != nil {
			log.Warn("the changed configuration is not trusted", "error", err)
		}
	}
}
