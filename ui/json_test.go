package ui

import (
	"math"
	"strings"
	"testing"
	"unicode"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

// TestValueJSON: the inspector shows what there is, a copy is JSON.
func TestValueJSON(t *testing.T) {
	v := datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{
		{Name: safe("a<b"), Value: datasource.Value{Type: datasource.TypeText, Text: safe(`<html>&"`)}},
		{Name: safe("n"), Value: datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(math.NaN())}},
		{Name: safe("i"), Value: datasource.Value{Type: datasource.TypeNumber, Num: datasource.NumberFromFloat(math.Inf(-1))}},
		{Name: safe("z"), Value: datasource.Value{Type: datasource.TypeNull}},
	}}
	if got, want := string(valueJSON(nil, &v, -1)), `{"a<b":"<html>&\"","n":null,"i":null,"z":null}`; got != want {
		t.Errorf("one line: %s, want %s", got, want)
	}
	if got, want := string(valueJSON(nil, &v, 0)), "{\n  \"a<b\": \"<html>&\\\"\",\n  \"n\": NaN,\n  \"i\": -Inf,\n  \"z\": null\n}"; got != want {
		t.Errorf("inspector: %s, want %s", got, want)
	}
}

// FuzzInput: whatever is typed and pasted into a line, it stays a line of its
// length, without a control character, the cursor within it.
func FuzzInput(f *testing.F) {
	for _, c := range hostile.Texts() {
		if len(c.In) < 1<<12 {
			f.Add(c.In, "account B", []byte{0, 5, 2, 9, 1})
		}
	}
	keys := []string{"backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k", "left", "right", "home", "end", "alt+backspace", "f1"}
	f.Fuzz(func(t *testing.T, pasted, typed string, edits []byte) {
		var l input
		for i, e := range append([]byte{255}, edits...) {
			switch n := int(e); {
			case n < len(keys):
				l.key(keys[n], "")
			case i%2 == 0:
				l.insert(pasted)
			default:
				l.key("", typed)
			}
			if l.at < 0 || l.at > len(l.runes) || len(l.runes) > maxInput || strings.ContainsFunc(l.String(), unicode.IsControl) {
				t.Fatalf("%+v after %v", l, edits[:i])
			}
		}
	})
}
