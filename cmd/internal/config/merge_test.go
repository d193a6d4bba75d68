package config

import (
	"strings"
	"testing"
)

var pinned = Addition{
	Vars: []Line{{"pin_symbols", `{keys: "tick:{pin_symbol}"}`}}, Page: "Pinned",
	Data:   []Line{{"pin_tick", `{hash: "tick:{pin_symbol}", for: {pin_symbol: pin_symbols}}`}, {"pin_risk", `{string: "risk:1"}`}},
	Panels: []string{`{type: table, data: pin_tick}`, `{type: text, data: pin_risk}`, `{type: table, data: pin_tick}`},
}

func TestAdded_KeepsWhatTheAuthorWrote(t *testing.T) {
	for _, tc := range []struct{ name, text string }{
		{"block", "vars:\n  account: A  # mine\n\n# data\ndata:\n  q: {string: \"q\"}\n  # last\n\npages:\n  - name: One\n    rows:\n      - widgets:\n          - {type: text, data: q}\n\n# end\n"},
		{"list at the margin", "data:\n    q: {string: \"q\"}\npages:\n- name: One\n  rows:\n  - widgets: [{type: text, data: q}]\ntheme: auto\n"},
		{"flow", "vars: {account: A}\ndata: {q: {string: \"q\"}}\npages: [{name: One, rows: [{widgets: [{type: text, data: q}]}]}]\n"},
		{"flow over lines", "data: {\n  q: {string: \"q\"},\n}\npages: [\n  {name: One, rows: [{widgets: [{type: text, data: q}]}]}\n]\n"},
		{"without pages", "data:\n  q: {string: \"q\"}\n"},
		{"without data", "redis: {url: \"redis://localhost:6379\"}\nvars:\n  account: B\n"},
		{"only its own page", "pages:\n  - name: One\n    rows:\n      - widgets: [{type: account, data: account}]\n"},
		{"empty", ""},
		{"without a line's end", "data:\n  q: {string: \"q\"}"},
		{"a page of that name", "data:\n  q: {string: \"q\"}\npages:\n  - name: Pinned\n    rows: [{widgets: [{type: text, data: q}]}]\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Parse("t.yaml", []byte(tc.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			text, err := c.Added(pinned)
			if err != nil {
				t.Fatal(err)
			}
			with, err := c.With(pinned, Options{})
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			for line := range strings.Lines(tc.text) {
				if s := strings.TrimSpace(line); len(s) > 3 && !strings.HasPrefix(s, "data: {") && !strings.HasPrefix(s, "vars: {") && !strings.HasPrefix(s, "pages: [") && !strings.Contains(string(text), s) {
					t.Errorf("lost %q", s)
				}
			}
			pages, before := with.PageNames(), c.PageNames()
			if len(pages) != len(before)+1 || !strings.HasPrefix(pages[len(before)], "Pinned") {
				t.Errorf("pages %v, before %v", pages, before)
			}
			if got, want := len(with.DataNames()), len(c.DataNames())+2; got != want {
				t.Errorf("%d data, want %d", got, want)
			}
			if !with.Lookups["pin_symbols"] {
				t.Error("the variable is not looked up")
			}
			for name := range c.Vars {
				if len(with.Vars[name]) != len(c.Vars[name]) {
					t.Errorf("variable %s: %v, was %v", name, with.Vars[name], c.Vars[name])
				}
			}
		})
	}
}

func TestAdded_ToPresets(t *testing.T) {
	for _, name := range PresetNames() {
		c, err := Load(Options{Preset: name})
		if err != nil {
			t.Fatal(err)
		}
		with, err := c.With(pinned, Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if with.Name != c.Name || len(with.PageNames()) != len(c.PageNames())+1 {
			t.Errorf("%s: %s %v", name, with.Name, with.PageNames())
		}
	}
}

func TestAdded_ALayoutThatCannotBe(t *testing.T) {
	for _, text := range []string{"{data: {q: {string: \"q\"}}}", "data: &d\n  q: {string: \"q\"}\n"} {
		c, err := Parse("t.yaml", []byte(text), Options{})
		if err != nil {
			continue
		}
		if _, err := c.With(pinned, Options{}); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

func FuzzAdded(f *testing.F) {
	f.Add("data:\n  q: {string: \"q\"}\npages:\n- name: A\n  rows: []\n")
	f.Add("vars: {a: b}\ndata: {q: {string: q}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse("t.yaml", []byte(text), Options{})
		if err != nil {
			return
		}
		with, err := c.With(pinned, Options{})
		if err != nil {
			return
		}
		for _, name := range c.DataNames() {
			if !strings.Contains(strings.Join(with.DataNames(), "\n"), name) {
				t.Errorf("lost %q of\n%s", name, text)
			}
		}
	})
}
