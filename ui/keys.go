package ui

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
)

// Keys is a checked assignment of keys to actions. It is immutable and may be
// shared by sessions.
type Keys struct {
	table  []Binding      // Keys as assigned
	byKey  map[string]int // index into table
	byName map[string]int
	id     string // equal for equal assignments, "" for the defaults
}

// KeyError is a mistake in an assignment of keys.
type KeyError struct {
	Action string // whose keys they are, as the assignment names it
	Msg    string
	Hint   string // what may have been meant, "" for nothing
}

// Error returns one line.
func (e *KeyError) Error() string {
	text := "keys: " + e.Msg
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Mistake says where in the assignment it is, for whoever knows the file.
func (e *KeyError) Mistake() (action, msg, hint string) { return e.Action, e.Msg, e.Hint }

// keyAliases are other names that people give to keys.
var keyAliases = map[string]string{
	"escape": "esc", "return": "enter", "pgdn": "pgdown", "pagedown": "pgdown", "pageup": "pgup", " ": "space",
	"del": "delete", "ins": "insert", "spacebar": "space",
}

var namedKeys = []string{
	"up", "down", "left", "right", "home", "end", "pgup", "pgdown", "tab", "enter", "esc", "space", "backspace",
	"delete", "insert", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
}

// NewKeys returns the default assignment with some actions' keys replaced: an
// action's name → all of its keys, none to leave it to the palette. Keys are
// spelled as they are typed ("K", "!"), by name ("space", "pgdown", "f5") or
// with ctrl+, alt+ and shift+ before. An error is a *KeyError: an unknown action,
// a key that is none, or two actions that want the same key. ctrl+c always quits and
// esc always goes back.
func NewKeys(remap map[string][]string) (*Keys, error) {
	if len(remap) == 0 {
		return defaultKeys(), nil
	}
	return newKeys(remap)
}

// defaultKeys is made once: a thousand sessions share it. The defaults do not
// conflict; a test holds them to that.
var defaultKeys = sync.OnceValue(func() *Keys {
	k, _ := newKeys(nil)
	return k
})

func newKeys(remap map[string][]string) (*Keys, error) {
	k := &Keys{table: Bindings(), byKey: map[string]int{}, byName: map[string]int{}}
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
		if err := k.assign(name, remap[name]); err != nil {
			return nil, err
		}
		fmt.Fprintf(&id, "%s=%q ", name, k.table[k.byName[name]].Keys)
	}
	k.id = id.String()
	if err := k.index(remap); err != nil {
		return nil, err
	}
	return k, nil
}

func (k *Keys) assign(name string, keys []string) error {
	i, ok := k.byName[name]
	if !ok {
		return &KeyError{name, fmt.Sprintf("unknown action %q", name), fmt.Sprintf("did you mean %q?", k.nearest(name))}
	}
	if name == "sort-column" {
		return &KeyError{name, fmt.Sprintf("%q is bound to every free capital letter and can't be moved", name), ""}
	}
	k.table[i].Keys = nil
	for _, key := range keys {
		norm, err := normalKey(key)
		if err != nil {
			return &KeyError{name, name + ": " + err.Error(), ""}
		}
		k.table[i].Keys = append(k.table[i].Keys, norm)
	}
	for _, always := range [...][2]string{{"quit", "ctrl+c"}, {"back", "esc"}} {
		if name == always[0] && !slices.Contains(k.table[i].Keys, always[1]) {
			k.table[i].Keys = append(k.table[i].Keys, always[1])
		}
	}
	return nil
}

// index builds byKey and finds keys that two actions want: of the two, one that
// was remapped is to blame.
func (k *Keys) index(remap map[string][]string) error {
	for i := range k.table {
		for _, key := range k.table[i].Keys {
			if j, taken := k.byKey[key]; taken && j != i {
				blame, other := k.table[i].Action, k.table[j].Action
				if _, moved := remap[blame]; !moved {
					blame, other = other, blame
				}
				return &KeyError{blame, fmt.Sprintf("%q is wanted by both %s and %s", key, other, blame), "give the other a key of its own, or none: []"}
			}
			k.byKey[key] = i
		}
	}
	return nil
}

// Lookup returns the action of a key, and whether there is one.
func (k *Keys) Lookup(key string) (Binding, bool) {
	if i, ok := k.byKey[key]; ok {
		return k.table[i], true
	}
	if len(key) == 1 && key[0] >= 'A' && key[0] <= 'Z' {
		return k.table[k.byName["sort-column"]], true
	}
	return Binding{}, false
}

// Key returns the first key of an action as the screen shows it, "" when it
// has none.
func (k *Keys) Key(action string) string {
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

// normalKey returns the spelling that Bubble Tea gives the key.
func normalKey(key string) (string, error) {
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
			return "", fmt.Errorf("%q is no key (a character, or one of %s)", key, strings.Join(namedKeys, " "))
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
		return "", fmt.Errorf("%q is no key", key)
	}
	return mods + base, nil
}

// nearest returns the action whose name shares most with name.
func (k *Keys) nearest(name string) string {
	best, score := "", -1
	for i := range k.table {
		if s := likeness(name, k.table[i].Action); s > score {
			best, score = k.table[i].Action, s
		}
	}
	return best
}

// likeness counts the pairs of neighbouring letters that a and b share.
func likeness(a, b string) int {
	n := 0
	for i := 0; i+2 <= len(a); i++ {
		if strings.Contains(b, a[i:i+2]) {
			n += 2
		}
	}
	return 2*n - max(len(b)-len(a), len(a)-len(b))
}
