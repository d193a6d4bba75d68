// Package hostile is the list of bad inputs that every place where a value, a
// key, a channel, a user name or a body can go is tried with. It is for tests
// only: no production code imports it.
package hostile

import (
	"math"
	"strconv"
	"strings"
	"sync"
)

// Case is one bad input.
type Case struct {
	Name string // what it is, for t.Run
	In   string // the raw bytes, not valid UTF-8 where that is the point
}

// Texts are values, names and messages that try to reach the terminal, to
// break a border, or to look like something they are not. None of them is JSON.
func Texts() []Case {
	return []Case{
		{"osc 52 sets the clipboard", "\x1b]52;c;cm0gLXJmIH4=\x07"},
		{"osc 52 with st", "\x1b]52;c;cm0gLXJmIH4=\x1b\\"},
		{"osc 0 sets the title", "\x1b]0;owned\x07"},
		{"osc 8 link", "\x1b]8;;http://evil.example/\x1b\\EURUSD\x1b]8;;\x1b\\"},
		{"csi clears the screen", "\x1b[2J\x1b[H"},
		{"csi leaves the alternate screen", "\x1b[?1049l"},
		{"csi asks for the cursor", "\x1b[6n"},
		{"csi inserts lines", "\x1b[999L\x1b[999A"},
		{"dcs", "\x1bP$q\"p\x1b\\"},
		{"tmux dcs", "\x1bPtmux;\x1b\x1b]52;c;AAAA\x07\x1b\\"},
		{"sos", "\x1bXtext\x1b\\"},
		{"pm", "\x1b^text\x1b\\"},
		{"apc", "\x1b_Ga=T,f=100;AAAA\x1b\\"},
		{"unterminated osc", "\x1b]0;never ends"},
		{"unterminated dcs", "\x1bPnever ends"},
		{"lone esc at the end", "price\x1b"},
		{"charset shift", "\x1b(0lqqk\x0e"},
		{"ris resets the terminal", "\x1bc"},
		{"sgr conceal", "\x1b[8mhidden\x1b[0m"},
		{"c1 csi as utf-8", "\u009b2J"},
		{"c1 osc as utf-8", "\u009d0;owned\u009c"},
		{"c1 csi as a raw byte", "\x9b2J"},
		{"cr overwrites", "AAAA\rB"},
		{"newline", "line one\nline two"},
		{"crlf", "line one\r\nline two"},
		{"vertical tab and form feed", "a\vb\fc"},
		{"tab", "a\tb"},
		{"bel bs nul so del", "\x07\b\x00\x0e\x7f"},
		{"backspaces over a price", "1.0834\b\b\b\b\b\b9.9999"},
		{"rlo around a price", "\u202e4380.1\u202c"},
		{"isolate around a price", "\u20661.0834\u2069"},
		{"zero width space in a symbol", "EUR\u200bUSD"},
		{"zero width joiner alone", "a\u200db\u200d"},
		{"word joiner and bom inside", "EUR\u2060USD\ufeff"},
		{"soft hyphen", "EUR\u00adUSD"},
		{"fifty combining marks", "Z" + strings.Repeat("\u0301", 50)},
		{"leading combining mark", "\u0301EURUSD"},
		{"enclosing mark", "1\u20dd2\u20e3"},
		{"family emoji", "👨\u200d👩\u200d👧\u200d👦"},
		{"a thousand joined", "👨" + strings.Repeat("\u200d👨", 1000)},
		{"a thousand skin tones", "👍" + strings.Repeat("🏻", 1000)},
		{"a thousand leading consonants", strings.Repeat("\u1100", 1000)},
		{"a conjunct without end", strings.Repeat("\u0915\u094d", 1000)},
		{"letters that lead", "\u0d4e\u0d4e\U000111c2"},
		{"vowel and voice mark alone", "\u0e33\u0eb3\uff9e\uff9f"},
		{"skin tone alone", "🏻🏽"},
		{"blank and mark", "a \u0e33 \u0301 🏻b"},
		{"keycap", "1\ufe0f\u20e3"},
		{"emoji that old terminals draw narrow", "⚡❌☁\ufe0f🫠"},
		{"flags", "🇪🇺🇺🇸🇯"},
		{"vs16 and vs15", "❤\ufe0f❤\ufe0e"},
		{"skin tone", "👍🏽"},
		{"cjk", "日経平均株価指数先物"},
		{"hangul jamo", "\u1112\u1161\u11ab"},
		{"thai and devanagari", "กำ क्षि"},
		{"arabic and hebrew", "السعر מחיר 1.0834"},
		{"bytes ff fe", "\xff\xfe"},
		{"overlong slash", "\xc0\xaf"},
		{"utf-8 surrogate", "\xed\xa0\x80"},
		{"truncated utf-8", "EUR\xe2\x82"},
		{"line separator", "a\u2028b\u2029c"},
		{"tag characters", "EURUSD\U000e0041\U000e0042\U000e007f"},
		{"variation selectors supplement", "A\U000e0100\U000e01ef"},
		{"private use and noncharacter", "\ue000\U000f0000\uffff\U0010ffff"},
		{"hangul filler as a name", "\u3164"},
		{"braille blank", "\u2800\u2800"},
		{"halfwidth filler", "\uffa0"},
		{"no-break and ideographic space", "a\u00a0b\u3000c"},
		{"interlinear annotation", "\ufff9a\ufffab\ufffb"},
		{"empty", ""},
		{"blanks", "   "},
		{"only our cut mark", "…"},
		{"yaml and template", "{{.}} ${x} %s %n"},
		{"html", "<!doctype html><html><body>502 Bad Gateway</body></html>"},
		{"64 kB of one letter", strings.Repeat("A", 64<<10)},
		{"64 kB of two columns each", strings.Repeat("株", 21<<10)},
	}
}

// Huge is 10 MB of A: over every limit. It is apart because few tests can
// afford it at every place.
func Huge() Case { return Case{"10 MB of A", strings.Repeat("A", 10<<20)} }

// Number is a number that a producer may write, and what must become of it.
type Number struct {
	In   string
	Text bool // it is text, not a number
}

// Numbers are values that look like numbers.
func Numbers() []Number {
	return []Number{
		{In: "NaN"}, {In: "nan"}, {In: "inf"}, {In: "-inf"}, {In: "+Inf"}, {In: "Infinity"}, {In: "-Infinity"},
		{In: "-0"}, {In: "0"}, {In: "-0.0"}, {In: "1e400"}, {In: "-1e400"}, {In: "1e-400"}, {In: "5e-324"},
		{In: "1.7976931348623157e308"}, {In: "9007199254740993"}, {In: "-9223372036854775809"},
		{In: "18446744073709551616"}, {In: "1.10"}, {In: "0.1000"}, {In: "+1.5"}, {In: "1E5"}, {In: "1e+05"},
		{In: "0." + strings.Repeat("0", 60) + "1"}, {In: strings.Repeat("9", 100)},
		{In: "1,234.5", Text: true}, {In: "1 234.5", Text: true}, {In: "1_000", Text: true}, {In: "0x10", Text: true},
		{In: "0x1p-2", Text: true}, {In: "0b1", Text: true}, {In: "0o7", Text: true}, {In: "007", Text: true},
		{In: "1.", Text: true}, {In: ".5", Text: true}, {In: "--1", Text: true}, {In: "+-1", Text: true}, {In: "1e", Text: true},
		{In: "１２３", Text: true}, {In: "١٢٣", Text: true}, {In: "−5", Text: true}, {In: "$5", Text: true}, {In: "5%", Text: true},
		{In: "½", Text: true}, {In: "NAN", Text: true}, {In: "INF", Text: true}, {In: "1.2.3", Text: true},
		{In: "0.0001\x1b[2J", Text: true}, {In: strings.Repeat("9", 100_000), Text: true},
	}
}

// Document is a payload that is, or pretends to be, JSON.
type Document struct {
	Case
	Bad bool // it is no JSON document within the limits: an error of ClassDecode or ClassTooBig
}

// JSON are payloads for strings, messages and API bodies. The slice is shared.
func JSON() []Document { return documents() }

var documents = sync.OnceValue(func() []Document {
	doc := func(name, in string) Document { return Document{Case: Case{name, in}} }
	bad := func(name, in string) Document { return Document{Case: Case{name, in}, Bad: true} }
	return []Document{
		bad("20,000 arrays deep", strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000)),
		bad("20,000 objects deep", strings.Repeat(`{"a":`, 20_000)+"1"+strings.Repeat("}", 20_000)),
		bad("65 deep", strings.Repeat("[", 65)+strings.Repeat("]", 65)),
		doc("64 deep", strings.Repeat("[", 64)+strings.Repeat("]", 64)),
		bad("120,000 opening brackets", strings.Repeat("[", 120_000)),
		bad("trailing braces", `{"bid":1}{"bid":2}`),
		bad("trailing text", `{"bid":1} ok`),
		bad("trailing comma", `{"bid":1,}`),
		bad("truncated object", `{"bid":1.08`),
		bad("truncated string", `{"bid":"1.08`),
		bad("truncated escape", `{"bid":"\u00`),
		bad("truncated array", `[1,2`),
		doc("single quotes", `{'bid':1}`),
		bad("no quotes", `{bid:1}`),
		doc("python repr", `{"a":None,"b":True}`),
		bad("comment", `{"bid":1/*x*/}`),
		bad("leading zero", `{"bid":01}`),
		bad("hexadecimal", `{"bid":0x10}`),
		bad("control character in a string", "{\"a\":\"\x01\"}"),
		bad("number as a name", `{1:2}`),
		bad("a million fields", manyFields(1_000_000)),
		bad("513 fields", manyFields(513)),
		doc("512 fields", manyFields(512)),
		bad("over 5,000 items", "["+strings.Repeat("0,", 5000)+"0]"),
		bad("100,000 empty arrays", "["+strings.TrimSuffix(strings.Repeat("[],", 40_000), ",")+"]"),
		bad("10 MB in a string", `{"a":"`+strings.Repeat("A", 10<<20)+`"}`),
		doc("duplicate keys", `{"bid":1,"bid":2}`),
		doc("case-twin keys", `{"bid":1,"Bid":2,"BID":3}`),
		doc("empty key", `{"":1}`),
		doc("escape sequence in a key", `{"\u001b[2Jbid":1}`),
		doc("escape sequence in a value", `{"bid":"\u001b]52;c;AAAA\u0007"}`),
		doc("lone surrogate", `{"a":"\ud800x\udc00"}`),
		doc("raw bad utf-8", "{\"a\":\"\xff\xfe\x9b2J\"}"),
		doc("bom", "\xef\xbb\xbf{\"bid\":1}"),
		doc("nan as python writes it", `{"bid":NaN,"ask":Infinity,"last":-Infinity}`),
		doc("null", "null"),
		doc("null everywhere", `{"bid":null,"ask":[null,null]}`),
		doc("wide numbers", `{"a":9007199254740993,"b":1e400,"c":-0,"d":1.10}`),
		doc("invalid times", `{"ts":0,"time":-1,"timestamp":292277026596,"at":9e30,"updated_at":"yesterday"}`),
		doc("dollar names", `{"$series":[[1,2]]}`),
		doc("empty object", `{}`),
		doc("empty array", `[]`),
		doc("white space around", " \r\n\t{\"bid\" : 1 } \n"),
	}
})

// manyFields returns an object of n numbered fields.
func manyFields(n int) string {
	var b strings.Builder
	b.Grow(n * 12)
	b.WriteByte('{')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"f`)
		b.WriteString(strconv.Itoa(i))
		b.WriteString(`":1`)
	}
	b.WriteByte('}')
	return b.String()
}

// Keys are names for keys, channels, accounts, symbols and users: patterns,
// separators, traversal and what a terminal would act on.
func Keys() []Case {
	return []Case{
		{"glob", "*"}, {"question mark", "?"}, {"class", "[a-z]"}, {"glob inside", "ticks:*?[]"}, {"escaped glob", `ticks:\*`},
		{"parent folders", "../../x"}, {"encoded parents", "%2e%2e%2fx"}, {"absolute", "/etc/passwd"}, {"dots", ".."},
		{"separator", "A:B"}, {"query", "A?b=c&d=e"}, {"fragment", "A#b"}, {"semicolon", "A;b"}, {"at", "user@host"},
		{"newline", "ACC\nSET x 1"}, {"crlf", "ACC\r\nX-Evil: 1"}, {"nul", "ACC\x00"}, {"blank", " "}, {"empty", ""},
		{"escape", "\x1b[2J"}, {"osc", "\x1b]0;owned\x07"}, {"c1", "\u009b2J"}, {"bad utf-8", "\xff\xfe"},
		{"rlo", "\u202e4380"}, {"zero width", "EUR\u200bUSD"}, {"filler", "\u3164"}, {"cjk", "日経"},
		{"braces", "{account}"}, {"dollar", "${HOME}"}, {"template", "{{.}}"}, {"quote", `a"b'c`}, {"backslash", `a\b`},
		{"dot", "a.b.c"}, {"leading dash", "-rf"}, {"percent", "100%"}, {"64 kB", strings.Repeat("k", 64<<10)},
	}
}

// Scores are scores of sorted sets, and times, that are no time or a strange
// one.
func Scores() []float64 {
	inf := math.Inf(1)
	return []float64{0, -1, inf, -inf, 292277026596, 1e300, -1e300, 1763860000, 1763860000123, 1763860000123456,
		1763860000123456789, 4102444800, 253402300800, 0.5}
}
