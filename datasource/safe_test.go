package datasource_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "EURUSD 1.0834", "EURUSD 1.0834"},
		{"empty", "", ""},
		{"accents and cjk", "Größe 日経 ½ €", "Größe 日経 ½ €"},
		{"osc 52", "\x1b]52;c;AAAA\x07", "␛]52;c;AAAA␇"},
		{"csi", "\x1b[2J\x1b[H", "␛[2J␛[H"},
		{"dcs and st", "\x1bPq\x1b\\", "␛Pq␛\\"},
		{"lone esc at the end", "price\x1b", "price␛"},
		{"c1 as utf-8", "\u009b2J", "\ufffd2J"},
		{"nel", "a\u0085b", "a\ufffdb"},
		{"raw c1 byte", "\x9b2J", "\ufffd2J"},
		{"cr", "AAAA\rB", "AAAA␍B"},
		{"newline", "a\nb", "a␊b"},
		{"tab", "a\tb", "a b"},
		{"nul bel bs so del", "\x00\x07\b\x0e\x7f", "␀␇␈␎␡"},
		{"bidi", "\u202e4380.1\u202c \u2066x\u2069", "\ufffd4380.1\ufffd \ufffdx\ufffd"},
		{"zero width space", "EUR\u200bUSD", "EUR\ufffdUSD"},
		{"marks of direction", "\u200e\u200f\u061c", "\ufffd\ufffd\ufffd"},
		{"soft hyphen and bom", "a\u00adb\ufeff", "a\ufffdb\ufffd"},
		{"zwj between letters", "a\u200db", "a\ufffdb"},
		{"zwj at the ends", "\u200da\u200d", "\ufffda\ufffd"},
		{"family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"heart with vs16, joined", "👩\u200d❤\ufe0f\u200d👨", "👩\u200d❤\ufe0f\u200d👨"},
		{"skin tone, joined", "👩🏽\u200d💻", "👩🏽\u200d💻"},
		{"zwj twice", "👨\u200d\u200d👩", "👨\ufffd\ufffd👩"},
		{"zwj before a blank symbol", "👨\u200d\u2800", "👨\ufffd\ufffd"},
		{"zwj before a bad byte", "👨\u200d\xff", "👨\ufffd\ufffd"},
		{"flags", "🇪🇺", "🇪🇺"},
		{"vs16 stays", "❤\ufe0f", "❤\ufe0f"},
		{"vs15 and vs1 go", "❤\ufe0e\ufe00", "❤\ufffd\ufffd"},
		{"more selectors", "A\U000e0100", "A\ufffd"},
		{"tags", "A\U000e0041\U000e007f", "A\ufffd\ufffd"},
		{"line separators", "a\u2028b\u2029", "a\ufffdb\ufffd"},
		{"private use", "\ue000\U000f0000", "\ufffd\ufffd"},
		{"noncharacter and unassigned", "\uffff\U0010ffff\u0378", "\ufffd\ufffd\ufffd"},
		{"surrogate", "\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
		{"bad bytes", "\xff\xfe", "\ufffd\ufffd"},
		{"truncated rune", "a\xe2\x82", "a\ufffd\ufffd"},
		{"overlong", "\xc0\xaf", "\ufffd\ufffd"},
		{"fillers", "\u3164\u115f\u1160\uffa0\u2800\u034f\u17b4\u17b5", strings.Repeat("\ufffd", 8)},
		{"four marks", "Z\u0301\u0302\u0303\u0304", "Z\u0301\u0302\u0303\u0304"},
		{"fifth mark", "Z\u0301\u0302\u0303\u0304\u0305\u0306", "Z\u0301\u0302\u0303\u0304\ufffd\u0306"},
		{"leading mark", "\u0301Z", "\ufffdZ"},
		{"skin tones beyond four", "👍🏻🏼🏽🏾🏿🏻", "👍🏻🏼🏽🏾\ufffd🏻"},
		{"skin tone alone", "🏻a", "\ufffda"},
		{"voice marks of narrow kana", "ｶﾞﾞﾞﾞﾞ", "ｶﾞﾞﾞﾞ\ufffd"},
		{"vowel that follows", "\u0e33ก\u0e33", "\ufffdก\u0e33"},
		{"mark on a blank", "a \u0301b\t\u0e33", "a \ufffdb \ufffd"},
		{"letters that lead", "\u0d4eക \u0d4e1 \u0d4e\u0d4eക\u0d4e", "\u0d4eക \ufffd1 \ufffd\u0d4eക\ufffd"},
		{"keycap", "1\ufe0f\u20e3", "1\ufe0f\u20e3"},
		{"spacing marks", "कि" + strings.Repeat("\u093f", 5), "कि\u093f\u093f\u093f\ufffd\u093f"},
		{"hangul syllable of jamo", "\u1112\u1161\u11ab", "\u1112\u1161\u11ab"},
		{"spaces of other widths", "a\u00a0b\u3000c\u2009d", "a\u00a0b\u3000c\u2009d"},
		{"annotation", "\ufff9a\ufffa", "\ufffda\ufffd"},
		{"mongolian selectors", "a\u180b\u180e", "a\ufffd\ufffd"},
		{"replacement itself", "\ufffd", "\ufffd"},
	} {
		if got := datasource.Clean(c.in, datasource.MaxCell).String(); got != c.want {
			t.Errorf("%s: got %+q, want %+q", c.name, got, c.want)
		}
	}
}

func TestCleanCuts(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int
		want string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdef", 5, "ab…"},
		{"日経平均", 12, "日経平均"},
		{"日経平均", 11, "日経…"},
		{"日経平均", 9, "日経…"},
		{"日経平均", 8, "日…"},
		{"a\xff\xff\xff\xff\xff", 9, "a\ufffd…"},
		{"abcdef", 0, "abcdef"},
		{"日本", 1, "…"},
		{"\x1b[2J....", 8, "␛[2…"},
		{"👨\u200d👩\u200d👧", 14, "👨\u200d👩…"},
		{"👨\u200d👩\u200d👧", 10, "👨…"},
		{"ab…", 5, "ab…"},
	} {
		got := datasource.Clean(c.in, c.max)
		if got.String() != c.want {
			t.Errorf("%q at %d: got %q, want %q", c.in, c.max, got, c.want)
		}
		if again := datasource.Clean(got.String(), c.max); again != got {
			t.Errorf("%q at %d: again %q, was %q", c.in, c.max, again, got)
		}
		if b := datasource.CleanBytes([]byte(c.in), c.max); b != got {
			t.Errorf("%q at %d: bytes %q, text %q", c.in, c.max, b, got)
		}
	}
}

// checkClean holds what RELIABILITY promises of the gate.
func checkClean(t *testing.T, in string, max int) {
	t.Helper()
	safe := datasource.Clean(in, max)
	out := safe.String()
	if !utf8.ValidString(out) {
		t.Errorf("%.40q: not utf-8: %.60q", in, out)
	}
	if len(out) > 3*len(in) {
		t.Errorf("%.40q: %d bytes from %d", in, len(out), len(in))
	}
	if max > 2 && len(out) > max {
		t.Errorf("%.40q: %d bytes at %d", in, len(out), max)
	}
	if again := datasource.Clean(out, max); again != safe {
		t.Errorf("%.40q at %d: not idempotent: %.60q, then %.60q", in, max, out, again)
	}
	if b := datasource.CleanBytes([]byte(in), max); b != safe {
		t.Errorf("%.40q at %d: bytes %.60q, text %.60q", in, max, b, out)
	}
	if (in == "") != (out == "") {
		t.Errorf("%.40q became %.40q", in, out)
	}
	if n := utf8.RuneCountInString(out); max == 0 && n != utf8.RuneCountInString(in) {
		t.Errorf("%.40q: %d characters from %d: something vanished", in, n, utf8.RuneCountInString(in))
	}
	marks, prev := 0, rune(0)
	runes := []rune(out)
	for i, r := range runes {
		switch {
		case unicode.Is(unicode.Cc, r):
			t.Errorf("%.40q: control %U", in, r)
		case r == 0x200d:
			if i == 0 || i+1 == len(runes) || !unicode.Is(unicode.So, runes[i+1]) {
				t.Errorf("%.40q: joiner not between symbols", in)
			}
		case !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs):
			t.Errorf("%.40q: unassigned %U", in, r)
		case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs):
			t.Errorf("%.40q: %U", in, r)
		}
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		if marks > 4 {
			t.Errorf("%.40q: %d marks in a row", in, marks)
		}
		if (prev == 0 || unicode.Is(unicode.Zs, prev)) && unicode.Is(unicode.M, r) {
			t.Errorf("%.40q: a mark on nothing", in)
		}
		prev = r
	}
}

func TestCleanHostile(t *testing.T) {
	for _, c := range append(append(hostile.Texts(), hostile.Keys()...), hostile.Huge()) {
		t.Run(c.Name, func(t *testing.T) {
			for _, max := range []int{0, 1, 2, 3, 5, 64, datasource.MaxCell, datasource.MaxDetail} {
				if max == 0 && len(c.In) > 1<<20 {
					continue
				}
				checkClean(t, c.In, max)
			}
		})
	}
}

// TestCleanEveryRune: alone and between letters, no rune of Unicode gets past.
func TestCleanEveryRune(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r <= 0xdfff {
			continue // no string holds one; see the table for its bytes
		}
		s := "a" + string(r) + "b"
		out := datasource.Clean(s, 0).String()
		n := utf8.RuneCountInString(out)
		if n != 3 {
			t.Fatalf("%U: %q has %d runes", r, out, n)
		}
		if datasource.Clean(out, 0).String() != out {
			t.Fatalf("%U: not idempotent", r)
		}
		switch {
		case unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.Zs) && n == 3 && !strings.ContainsRune("\u3164\u115f\u1160\uffa0", r):
			if out != s {
				t.Fatalf("%U was refused", r)
			}
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs),
			!unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs):
			if out == s {
				t.Fatalf("%U passed", r)
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, c := range append(hostile.Texts(), hostile.Keys()...) {
		if len(c.In) < 1<<12 {
			f.Add(c.In, 16)
		}
	}
	f.Add("日経…", 6)
	f.Add("…………", 3)
	f.Add("a\x1b…", 2)
	f.Fuzz(func(t *testing.T, s string, max int) {
		if max < 0 || max > 1<<16 {
			max = datasource.MaxCell
		}
		checkClean(t, s, max)
	})
}

func BenchmarkClean(b *testing.B) {
	for _, c := range []struct{ name, in string }{
		{"ascii", "account.equity 44,910.20"}, {"cjk", "日経平均株価指数先物"}, {"escape", "\x1b]52;c;AAAA\x07"}, {"4 kB", strings.Repeat("A", 4<<10)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				datasource.Clean(c.in, datasource.MaxCell)
			}
		})
	}
}
