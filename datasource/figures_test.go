package datasource

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHideFigures(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"5 positions, -72.56 USD open", "• positions, • USD open"},
		{"US500 SELL 0.30 @ 5,994.0 closed -18.30", "US500 SELL • @ 5,994.0 closed •"},
		{"margin at 81.20 % of its limit", "margin at 81.20 % of its limit"},
		{"session: London", "session: London"},
		{"ACC-1001 at 09:31:07: 1'000.50€", "ACC-1001 at 09:31:07: •€"},
		{"equity 48000", "equity •"},
		{"+1", "•"},
		{"since 2026-11-23T09:00:00.123Z", "since 2026-11-23T09:00:00.123Z"},
		{"", ""},
		{"balance=48911.20,margin=12", "balance=•,margin=•"},
	} {
		if got := HideFigures(c.in, "•"); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzHideFigures(f *testing.F) {
	f.Add("5 positions, -72.56 USD open")
	f.Add("é1٣-2.,3:")
	f.Fuzz(func(t *testing.T, s string) {
		got := HideFigures(s, "•")
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Fatalf("%q becomes %q", s, got)
		}
		if again := HideFigures(got, "•"); strings.Count(again, "•") < strings.Count(got, "•") {
			t.Fatalf("%q becomes %q, then %q", s, got, again)
		}
	})
}
