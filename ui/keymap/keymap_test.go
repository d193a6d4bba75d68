package keymap

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"ticktop/widgets"
)

// TestTable holds the table to what it promises: every action has a name, a
// help line and a group; no two want one key; every key is spelled
// as Bubble Tea spells it.
func TestTable(t *testing.T) {
	seen := map[Action]bool{}
	keys, err := buildMap(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range Bindings() {
		if b.Action == "" || b.Help == "" || b.Group == "" || len(b.Keys) == 0 {
			t.Errorf("incomplete: %+v", b)
		}
		if seen[b.Action] {
			t.Errorf("%s stands twice", b.Action)
		}
		seen[b.Action] = true
		if strings.HasSuffix(b.Help, ".") || strings.ToLower(b.Help[:1]) != b.Help[:1] {
			t.Errorf("%s: help %q: lower case, no full stop", b.Action, b.Help)
		}
		for _, key := range b.Keys {
			if b.Action == SortColumn {
				continue
			}
			if norm, err := parseKey(key); err != nil || norm != key {
				t.Errorf("%s: key %q is spelled %q (%v)", b.Action, key, norm, err)
			}
			if got, ok := keys.Lookup(key, b.Group == GroupReplay); !ok || got.Action != b.Action {
				t.Errorf("key %q leads to %q, want %s", key, got.Action, b.Action)
			}
		}
	}
	for _, reserved := range []string{"ctrl+r"} { // it resets elsewhere
		if b, ok := keys.Lookup(reserved, false); ok {
			t.Errorf("%s is bound to %s", reserved, b.Action)
		}
	}
}

// TestEveryWidgetActionHasAKey: what a widget can be asked for can be typed.
func TestEveryWidgetActionHasAKey(t *testing.T) {
	for a := widgets.ActUp; a <= widgets.ActHideColumn; a++ {
		if !slices.ContainsFunc(Bindings(), func(b Binding) bool { return b.Asks == a }) {
			t.Errorf("no key asks for action %d", a)
		}
	}
}

func TestRemap(t *testing.T) {
	k, err := New(map[string][]string{
		"pause":   {"P", "Space"},
		"redraw":  {"Ctrl+R", "F5"},
		"stamps":  {}, // only by the palette
		"quit":    {"ctrl+q"},
		"inspect": {"alt+r", "alt+i", "shift+c"},
		"page":    {"f1", "f2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]Action{"P": "pause", "space": "pause", "ctrl+r": "redraw", "f5": "redraw", "ctrl+q": "quit",
		"ctrl+c": "quit", "alt+r": "inspect", "alt+i": "inspect", "C": "inspect", "f2": "page", "z": "zoom", "D": "sort-column"} {
		if b, ok := k.Lookup(key, false); !ok || b.Action != want {
			t.Errorf("%q leads to %q, want %s", key, b.Action, want)
		}
	}
	for _, key := range []string{"p", "t", "q", "i", "1", "ctrl+l"} {
		if b, ok := k.Lookup(key, false); ok {
			t.Errorf("%q still leads to %s", key, b.Action)
		}
	}
	if got := k.Key("stamps"); got != "" {
		t.Errorf("stamps has key %q", got)
	}
}

func TestRemapErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		remap map[string][]string
		want  string
	}{
		{"unknown action", map[string][]string{"next-pag": {"x"}}, `did you mean "next-page"`},
		{"conflict with a default", map[string][]string{"pause": {"z"}}, `"z" is wanted by both zoom and pause`},
		{"conflict of two", map[string][]string{"pause": {"f9"}, "zoom": {"f9"}}, `"f9" is wanted by both`},
		{"no key", map[string][]string{"pause": {"hyper+p"}}, `"hyper+p" is not a key`},
		{"empty", map[string][]string{"pause": {""}}, "is not a key"},
		{"control", map[string][]string{"pause": {"\x1b"}}, "is not a key"},
		{"letters", map[string][]string{"sort-column": {"S"}}, "can't be moved"},
	} {
		if _, err := New(c.remap); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestShowKeys(t *testing.T) {
	for key, want := range map[string]string{"ctrl+left": "ctrl+←", "up": "↑", "+": "+", "ctrl++": "ctrl++", "G": "G", "space": "space"} {
		if got := ShowKey(key); got != want {
			t.Errorf("%q is shown as %q, want %q", key, got, want)
		}
	}
	for _, b := range Bindings() {
		if b.Action == "page" && b.ShowKeys() != "1–9" {
			t.Errorf("pages are shown as %q", b.ShowKeys())
		}
	}
}

func FuzzNew(f *testing.F) {
	f.Add("pause", "ctrl+p")
	f.Add("quit", "shift+Ä")
	f.Add("page", "+")
	f.Fuzz(func(t *testing.T, action, key string) {
		k, err := New(map[string][]string{action: {key}})
		if err != nil {
			if strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Errorf("a control character in %q", err)
			}
			return
		}
		if b, ok := k.Lookup("ctrl+c", false); !ok || b.Action != "quit" {
			t.Errorf("ctrl+c no longer quits")
		}
	})
}

var update = flag.Bool("update", false, "write docs/keys.md")

// TestKeysDoc keeps docs/keys.md what the table says: go test ./ui/keymap -update
// writes it.
func TestKeysDoc(t *testing.T) {
	keys, _ := New(nil)
	path, want := filepath.Join("..", "..", "docs", "keys.md"), keys.Markdown()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what the key table says (%v): go test ./ui/keymap -update", path, err)
	}
}
