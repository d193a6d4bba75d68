package app

import (
	"testing"

	"github.com/alicebob/miniredis/v2"

	"ticktop/cmd/internal/config"
)

// TestChoose: without a configuration the remembered preset is taken, unless
// the keys of another are there.
func TestChoose(t *testing.T) {
	for _, c := range []struct{ name, key, remembered, want string }{
		{"nothing", "", "", config.BuiltIn},
		{"empty, remembered", "", "ticks", "preset:ticks"},
		{"keys", "tick:EURUSD", "", "preset:ticks"},
		{"keys, remembered", "tick:EURUSD", "ticks", "preset:ticks"},
		{"keys of another", "tick:EURUSD", "pulse", "preset:ticks"},
		{"unknown keys", "x:1", "", config.BuiltIn},
		{"forgotten preset", "", "gone", config.BuiltIn},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := miniredis.RunT(t)
			if c.key != "" {
				if err := r.Set(c.key, `{"bid":1,"ask":2}`); err != nil {
					t.Fatal(err)
				}
			}
			o := config.Options{Overrides: config.Overrides{Redis: "redis://" + r.Addr()}}
			cfg, err := config.Load(o)
			if err != nil {
				t.Fatal(err)
			}
			got := Choose(t.Context(), cfg, o, c.remembered, nil, nil)
			if got.Config.Name != c.want {
				t.Errorf("%s, want %s", got.Config.Name, c.want)
			}
		})
	}
}
