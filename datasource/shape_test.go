package datasource

import (
	"reflect"
	"testing"
)

func TestPairs_RoundTrip(t *testing.T) {
	for _, in := range [][]Pair{
		nil,
		{{Name: "event", Values: []string{"positions"}}},
		{{Name: "last", Values: []string{"Price", "p"}}, {Name: `a"b`, Values: []string{"\x00é"}}},
	} {
		if got := PairsOf(in).List(); !reflect.DeepEqual(got, in) {
			t.Errorf("%v becomes %v", in, got)
		}
	}
}
