package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"ticktop/cmd/internal/app"
	"ticktop/cmd/internal/config"
	"ticktop/cmd/internal/state"
	"ticktop/ui"
)

func TestRemember(t *testing.T) {
	dir := t.TempDir()
	c := &config.Config{Name: "built-in"}
	log := slog.New(slog.DiscardHandler)
	var first, second, other, none app.Screen
	stop := rememberSession(&first, state.Open(dir), c, log)
	if first.State.Theme != "" {
		t.Errorf("state from nowhere: %+v", first.State)
	}
	first.Remember(ui.State{Theme: "light", Alerts: []string{"quote.EURUSD.bid > 1.09"}, Watchlists: []ui.Watchlist{{Name: "FX", Symbols: []string{"EURUSD"}}}})
	stop()
	defer rememberSession(&second, state.Open(dir), c, log)()
	if s := second.State; s.Theme != "light" || len(s.Alerts) != 1 || len(s.Watchlists) != 1 || s.Watchlists[0].Symbols[0] != "EURUSD" {
		t.Errorf("remembered %+v", s)
	}
	defer rememberSession(&other, state.Open(dir), &config.Config{Name: "other.yaml"}, log)()
	if other.State.Theme != "" {
		t.Error("another configuration's state was taken")
	}
	rememberSession(&none, nil, c, log)()
	if none.Remember != nil {
		t.Error("--no-state remembers")
	}
	if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	var broken app.Screen
	defer rememberSession(&broken, state.Open(dir), c, log)()
	if broken.State.Theme != "" {
		t.Error("a broken file was read")
	}
}
