package draw

import (
	"testing"

	"ticktop/datasource"
)

func number(t testing.TB, s string) datasource.Number {
	t.Helper()
	n, ok := datasource.ParseNumber(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return n
}
