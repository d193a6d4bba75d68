package config

import (
	"strings"
	"testing"
)

// TestPresets: every preset is a configuration, says what it is, and can be
// told from the others.
func TestPresets(t *testing.T) {
	for _, p := range Presets() {
		t.Run(p.Name, func(t *testing.T) {
			if p.Title == "" || len(p.Keys) == 0 {
				t.Errorf("x-preset needs a title and keys: %+v", p)
			}
			c, err := Load(Options{Preset: p.Name, Env: envOf(t)})
			if err != nil {
				t.Fatal(err)
			}
			if want := "preset:" + p.Name; c.Name != want || c.Path != "" {
				t.Errorf("name %q, path %q", c.Name, c.Path)
			}
			if refs, err := c.Refs(c.sampleVars(), validationTime); err != nil || len(refs) == 0 {
				t.Errorf("%d data, %v", len(refs), err)
			}
			mustParse(t, string(p.YAML()), Options{})
		})
	}
}

func TestPreset_Unknown(t *testing.T) {
	for name, want := range map[string]string{"tics": `did you mean "ticks"?`, "zzzz": "one of builtin"} {
		if _, err := Load(Options{Preset: name, Env: envOf(t)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Load(Options{Preset: "ticks", File: "x.yaml", Env: envOf(t)}); err == nil {
		t.Error("--preset and --config together are accepted")
	}
}
