//go:build linux || darwin

package e2e

import (
	"maps"
	"testing"

	"ticktop/ui/keymap"
)

// keyTest types one key of an action and looks at what it does. It begins and
// ends with the overview of the demo, nothing open, the focus on Account.
type keyTest func(c *console, key string)

// keyTests holds one test for each action of the key table. The actions of
// recordings, and those that end or stop the program, have their own below.
func keyTests() map[keymap.Action]keyTest {
	all := map[keymap.Action]keyTest{}
	for _, part := range []map[keymap.Action]keyTest{gettingAbout, insidePanels, lookingCloser, theView, theData, theProgram} {
		maps.Copy(all, part)
	}
	return all
}

// elsewhere are the actions tested by functions of their own.
var elsewhere = map[keymap.Action]string{
	"quit": "TestQuit", "suspend": "TestSuspend",
	"step": "TestReplay", "step-back": "TestReplay", "seek": "TestReplay", "seek-back": "TestReplay", "faster": "TestReplay", "slower": "TestReplay",
}

// TestKeys types every key of every action of the key table: an action without
// a test fails.
func TestKeys(t *testing.T) {
	t.Parallel()
	tests := keyTests()
	for _, b := range keymap.Bindings() {
		test, ok := tests[b.Action]
		if !ok && elsewhere[b.Action] == "" {
			t.Errorf("action %s has no end-to-end test", b.Action)
		}
		if !ok {
			continue
		}
		keys := b.Keys
		if b.Action == keymap.SortColumn {
			keys = []string{"S"}
		}
		t.Run(string(b.Action), func(t *testing.T) {
			t.Parallel()
			c := startDemo(t)
			for _, key := range keys {
				test(c, key)
			}
		})
	}
}

// TestKeysOutsideOfRecordings: the keys of recordings say so elsewhere.
func TestKeysOutsideOfRecordings(t *testing.T) {
	t.Parallel()
	c := startDemo(t)
	for _, b := range keymap.Bindings() {
		if elsewhere[b.Action] != "TestReplay" || b.Action == keymap.Faster { // elsewhere its key makes an alert
			continue
		}
		for _, key := range b.Keys {
			if key == "+" { // live it makes an alert
				continue
			}
			c.press("t") // another note in between
			c.gone("only in a recording")
			c.press(key)
			c.see("only in a recording")
		}
	}
}
