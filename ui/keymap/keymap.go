// Package keymap is the one table that says which key does what: the switch,
// the help, the palette, the manual page and docs/keys.md are made from it.
package keymap

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"ticktop/datasource/suggest"
)

// Map is a checked assignment of keys to actions. It is immutable and may be
// shared by sessions.
type Map struct {
	table  []Binding      // with the keys as assigned
	byKey  map[string]int // index into table
	replay map[string]int // the same for the keys of recordings, which go first there
	byName map[Action]int
	id     string // equal for equal assignments, "" for the defaults
}

// Error is a mistake in an assignment of keys.
type Error struct {
	Action string // whose keys they are, as the assignment names it
	Msg    string
	Hint   string // what may have been meant, "" for nothing
}

// Error returns one line.
func (e *Error) Error() string {
	text := "keys: " + e.Msg
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Mistake says which action the mistake belongs to, for a caller that knows the
// file it was read from.
func (e *Error) Mistake() (action, msg, hint string) { return e.Action, e.Msg, e.Hint }

// keyAliases are other names that people give to keys.
var keyAliases = map[string]string{
	"escape": "esc", "return": "enter", "pgdn": "pgdown", "pagedown": "pgdown", "pageup": "pgup", " ": "space",
	"del": "delete", "ins": "insert", "spacebar": "space",
}

var namedKeys = []string{
	"up", "down", "left", "right", "home", "end", "pgup", "pgdown", "tab", "enter", "esc", "space", "backspace",
	"delete", "insert", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
}

// New returns the default assignment with some actions' keys replaced: an
// action's name → all of its keys, none to leave it to the palette. Keys are
// spelled as they are typed ("K", "!"), by name ("space", "pgdown", "f5") or
// with ctrl+, alt+ and shift+ before. An error is a *Error: an unknown action,
// a name that no key has, or two actions that want the same key. ctrl+c always quits and
// esc always goes back.
func New(remap map[string][]string) (*Map, error) {
	if len(remap) == 0 {
		return defaults(), nil
	}
	return buildMap(remap)
}

// defaults is made once: a thousand sessions share it. The defaults do not
// conflict; a test holds them to that.
var defaults = sync.OnceValue(func() *Map {
	k, _ := buildMap(nil)
	return k
})

func buildMap(remap map[string][]string) (*Map, error) {
	k := &Map{table: Bindings(), byKey: map[string]int{}, replay: map[string]int{}, byName: map[Action]int{}}
	for i := range k.table {
		k.byName[k.table[i].Action] = i
	}
	names := make([]string, 0, len(remap))
	for name := range remap {
		names = append(names, name)
	}
	sort.Strings(names)
	var id strings.Builder
	for _, name := range names {
		if err := k.assignKeys(name, remap[name]); err != nil {
			return nil, err
		}
		fmt.Fprintf(&id, "%s=%q ", name, k.table[k.byName[Action(name)]].Keys)
	}
	k.id = id.String()
	if err := k.indexKeys(remap); err != nil {
		return nil, err
	}
	return k, nil
}

func (k *Map) assignKeys(name string, keys []string) error {
	i, ok := k.byName[Action(name)]
	if !ok {
		return &Error{name, fmt.Sprintf("unknown action %q", name), suggest.Hint(name, k.actionNames())}
	}
	if Action(name) == SortColumn {
		return &Error{name, fmt.Sprintf("%q is bound to every free capital letter and can't be moved", name), ""}
	}
	k.table[i].Keys = nil
	for _, key := range keys {
		norm, err := parseKey(key)
		if err != nil {
			return &Error{name, name + ": " + err.Error(), ""}
		}
		k.table[i].Keys = append(k.table[i].Keys, norm)
	}
	for _, always := range [...][2]string{{string(Quit), "ctrl+c"}, {string(Back), "esc"}} {
		if name == always[0] && !slices.Contains(k.table[i].Keys, always[1]) {
			k.table[i].Keys = append(k.table[i].Keys, always[1])
		}
	}
	return nil
}

// indexKeys builds byKey and finds keys that two actions want: of the two, one that
// was remapped is to blame.
func (k *Map) indexKeys(remap map[string][]string) error {
	for i := range k.table {
		for _, key := range k.table[i].Keys {
			if k.table[i].Group == GroupReplay {
				k.replay[key] = i
			}
			j, taken := k.byKey[key]
			if taken && k.table[i].Action == Faster && k.table[j].Action == AddAlert {
				continue // one key, by default: alerts are not made in a recording
			}
			if taken && j != i {
				blame, other := k.table[i].Action, k.table[j].Action
				if _, moved := remap[string(blame)]; !moved {
					blame, other = other, blame
				}
				return &Error{string(blame), fmt.Sprintf("%q is wanted by both %s and %s", key, other, blame), "give the other another key, or no key: []"}
			}
			k.byKey[key] = i
		}
	}
	return nil
}

// ID is equal for equal assignments, "" for the defaults.
func (k *Map) ID() string { return k.id }

// Bindings returns the table as assigned. The slice is shared.
func (k *Map) Bindings() []Binding { return k.table }

// Lookup returns the action of a key, and whether there is one.
func (k *Map) Lookup(key string, replay bool) (Binding, bool) {
	if i, ok := k.replay[key]; ok && replay {
		return k.table[i], true
	}
	if i, ok := k.byKey[key]; ok {
		return k.table[i], true
	}
	if len(key) == 1 && key[0] >= 'A' && key[0] <= 'Z' {
		return k.table[k.byName[SortColumn]], true
	}
	return Binding{}, false
}

// Key returns the first key of an action as the screen shows it, "" when it
// has none.
func (k *Map) Key(action Action) string {
	i, ok := k.byName[action]
	if !ok || len(k.table[i].Keys) == 0 {
		return ""
	}
	return ShowKey(k.table[i].Keys[0])
}

// ShowKey returns how a key is shown: arrows as arrows, names as names.
func ShowKey(key string) string {
	mod, base := "", key
	if i := strings.LastIndexByte(key, '+'); i > 0 && i < len(key)-1 {
		mod, base = key[:i+1], key[i+1:]
	}
	switch base {
	case "up":
		base = "↑"
	case "down":
		base = "↓"
	case "left":
		base = "←"
	case "right":
		base = "→"
	}
	return mod + base
}

// parseKey returns the spelling that Bubble Tea gives the key.
func parseKey(key string) (string, error) {
	if key != " " {
		key = strings.TrimSpace(key)
	}
	mods, base := "", key
	for {
		mod, rest, ok := strings.Cut(base, "+")
		low := strings.ToLower(mod)
		if !ok || rest == "" || low != "ctrl" && low != "alt" && low != "shift" {
			break
		}
		mods, base = mods+low+"+", rest
	}
	if alias, ok := keyAliases[strings.ToLower(base)]; ok {
		base = alias
	}
	if len([]rune(base)) != 1 {
		if base = strings.ToLower(base); !slices.Contains(namedKeys, base) {
			return "", fmt.Errorf("%q is not a key (a character, or one of %s)", key, strings.Join(namedKeys, " "))
		}
		return mods + base, nil
	}
	switch {
	case mods == "shift+": // what arrives is the capital
		return strings.ToUpper(base), nil
	case mods != "":
		base = strings.ToLower(base)
	}
	if base < " " {
		return "", fmt.Errorf("%q is not a key", key)
	}
	return mods + base, nil
}

// actionNames returns the names of all actions.
func (k *Map) actionNames() []string {
	out := make([]string, len(k.table))
	for i := range k.table {
		out[i] = string(k.table[i].Action)
	}
	return out
}
