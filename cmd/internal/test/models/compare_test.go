package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
)

// differences says where got is not want, field by field.
func differences(where string, want, got any) []string {
	if same(want, got) {
		return nil
	}
	var out []string
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			break
		}
		names := map[string]bool{}
		for n := range w {
			names[n] = true
		}
		for n := range g {
			names[n] = true
		}
		for n := range names {
			a, inWant := w[n]
			b, inGot := g[n]
			switch {
			case !inGot:
				out = append(out, fmt.Sprintf("%s.%s is not there, want %v", where, n, a))
			case !inWant:
				out = append(out, fmt.Sprintf("%s.%s is %v, and Redis has no such thing", where, n, b))
			default:
				out = append(out, differences(where+"."+n, a, b)...)
			}
		}
		slices.Sort(out)
		return out
	case []any:
		g, ok := got.([]any)
		if !ok {
			break
		}
		if len(g) != len(w) {
			return []string{fmt.Sprintf("%s has %d elements, Redis %d: %s, want %s", where, len(g), len(w), short(g), short(w))}
		}
		for i := range w {
			out = append(out, differences(fmt.Sprintf("%s[%d]", where, i), w[i], g[i])...)
		}
		return out
	}
	return []string{fmt.Sprintf("%s is %s, want %s", where, short(got), short(want))}
}

func short(v any) string {
	s := fmt.Sprint(v)
	return s[:min(len(s), 300)]
}

// moment is a time in ms that a float or a text with more digits was read to.
type moment int64

// same compares two values that are no containers. A number is the same when
// its first 15 significant digits are: more is the noise of binary fractions.
func same(want, got any) bool {
	if at, ok := want.(moment); ok {
		ms, ok := number(got)
		return ok && ms-float64(at) >= -1 && ms-float64(at) <= 1
	}
	if a, ok := number(want); ok {
		b, ok := number(got)
		return ok && (a == b || strconv.FormatFloat(a, 'e', 14, 64) == strconv.FormatFloat(b, 'e', 14, 64))
	}
	switch w := want.(type) {
	case nil:
		return got == nil
	case bool:
		return got == w
	case string:
		return got == w
	}
	return false
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case float64:
		return n, true
	case int64:
		return float64(n), true
	case int:
		return float64(n), true
	}
	return 0, false
}

// TestDifferences_AreSeen: the comparison itself lets nothing through.
func TestDifferences_AreSeen(t *testing.T) {
	for _, c := range []struct {
		want, got string
		same      bool
	}{
		{`{"a":1.5,"b":["x",null,true]}`, `{"b":["x",null,true],"a":1.50}`, true},
		{`231.05000000000001`, `231.05`, true},
		{`0.1`, `0.10000001`, false},
		{`1`, `"1x"`, false},
		{`{"a":1}`, `{"a":1,"b":2}`, false},
		{`{"a":1,"b":2}`, `{"a":1}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`[1]`, `[1,1]`, false},
		{`[]`, `{}`, false},
		{`null`, `0`, false},
		{`false`, `null`, false},
		{`""`, `null`, false},
		{`1e-18`, `0`, false},
	} {
		if d := differences("x", parse(c.want), parse(c.got)); (len(d) == 0) != c.same {
			t.Errorf("%s and %s: %v", c.want, c.got, d)
		}
	}
}
