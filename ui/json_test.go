package ui

import (
	"math"
	"testing"

	"ticktop/datasource"
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
