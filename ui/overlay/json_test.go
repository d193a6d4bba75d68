package overlay

import (
	"math"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

// TestValueJSON: the inspector shows what there is, a copy is JSON.
func TestValueJSON(t *testing.T) {
	v := datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{
		{Name: clean("a<b"), Value: datasource.Value{Type: datasource.TypeText, Text: clean(`<html>&"`)}},
		{Name: clean("n"), Value: datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(math.NaN())}},
		{Name: clean("i"), Value: datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(math.Inf(-1))}},
		{Name: clean("z"), Value: datasource.Value{Type: datasource.TypeNull}},
	}}
	if got, want := string(AppendJSON(nil, &v, -1)), `{"a<b":"<html>&\"","n":null,"i":null,"z":null}`; got != want {
		t.Errorf("one line: %s, want %s", got, want)
	}
	if got, want := string(AppendJSON(nil, &v, 0)), "{\n  \"a<b\": \"<html>&\\\"\",\n  \"n\": NaN,\n  \"i\": -Inf,\n  \"z\": null\n}"; got != want {
		t.Errorf("inspector: %s, want %s", got, want)
	}
}

// FuzzInput: whatever is typed and pasted into a line, it stays a line of its
// length, and what is shown of it has no control character.
func FuzzInput(f *testing.F) {
	for _, c := range hostile.Texts() {
		if len(c.In) < 1<<12 {
			f.Add(c.In, "account B", []byte{0, 5, 2, 9, 1})
		}
	}
	keys := []tea.KeyPressMsg{{Code: tea.KeyBackspace}, {Code: tea.KeyDelete}, {Code: 'w', Mod: tea.ModCtrl}, {Code: 'u', Mod: tea.ModCtrl},
		{Code: 'k', Mod: tea.ModCtrl}, {Code: tea.KeyLeft}, {Code: tea.KeyRight}, {Code: tea.KeyHome}, {Code: tea.KeyEnd}, {Code: 'v', Mod: tea.ModCtrl}}
	f.Fuzz(func(t *testing.T, pasted, typed string, edits []byte) {
		var l Input
		for i, e := range append([]byte{255}, edits...) {
			switch n := int(e); {
			case n < len(keys):
				l.Key(keys[n])
			case i%2 == 0:
				l.Insert(pasted)
			default:
				l.Key(tea.KeyPressMsg{Text: typed})
			}
			if utf8.RuneCountInString(l.Text()) > maxRunes || strings.ContainsFunc(l.Shown().String()+l.BeforeCursor(), unicode.IsControl) {
				t.Fatalf("%q after %v", l.Text(), edits[:i])
			}
		}
	})
}

func clean(s string) datasource.Safe { return datasource.Clean(s, datasource.MaxCell) }
