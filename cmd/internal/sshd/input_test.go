package sshd

import (
	"bytes"
	"strings"
	"testing"
)

func TestLimiter(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, c := range []struct{ name, in, want string }{
		{"keys", "q?jk\r\x03\x1b", "q?jk\r\x03\x1b"},
		{"arrows and alt", "\x1b[A\x1bOB\x1bx\x1b\x1b[C", "\x1b[A\x1bOB\x1bx\x1b\x1b[C"},
		{"mouse", "\x1b[<0;12;7M\x1b[<0;12;7m", "\x1b[<0;12;7M\x1b[<0;12;7m"},
		{"text", "Größe 日経 €👪", "Größe 日経 €👪"},
		{"paste", "\x1b[200~EURUSD\x1b[201~q", "\x1b[200~EURUSD\x1b[201~q"},
		{"paste with sequences", "\x1b[200~a\x1b[2Jb\x1b[201~q", "\x1b[200~a\x1b[2Jb\x1b[201~q"},
		{"long paste", "\x1b[200~" + long + "\x1b[201~q", "\x1b[200~" + long[:maxPaste] + "\x1b[201~q"},
		{"answer of a terminal", "\x1b]11;rgb:0000/0000/0000\x1b\\q", "\x1b]11;rgb:0000/0000/0000\x1b\\q"},
		{"long osc", "\x1b]" + long + "\x07q", "\x1b]" + long[:maxString] + "\x07q"},
		{"long dcs", "\x1bP" + long + "\x1b\\q", "\x1bP" + long[:maxString] + "\x1b\\q"},
		{"long csi", "\x1b[" + strings.Repeat("1", 1000) + "mq", "\x1b[" + strings.Repeat("1", maxSequence) + "mq"},
		{"raw c1", "\x9d52;c;" + "\x9b\x90q", "52;c;q"},
		{"cut character", "\xe2\x82q\x80", "\xe2\x82q"},
		{"alt with a character", "\x1bé", "\x1bé"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var whole inputLimiter
			b := []byte(c.in)
			if got := string(b[:whole.filter(b)]); got != c.want {
				t.Errorf("%.80q, want %.80q", got, c.want)
			}
			var got []byte
			var l inputLimiter
			for i := range len(c.in) { // however it is cut
				b := []byte{c.in[i]}
				got = append(got, b[:l.filter(b)]...)
			}
			if string(got) != c.want {
				t.Errorf("byte by byte: %.80q, want %.80q", got, c.want)
			}
		})
	}
}

// FuzzLimiter: nothing is invented or reordered, and no sequence is longer than
// its bound.
func FuzzLimiter(f *testing.F) {
	for _, s := range []string{"q", "\x1b[200~a\x1b[201~", "\x1b]0;x\x07", "\x1bPx\x1b\\", "\x1b[200~\x1b[20\x1b[201~", "\x9b\xc3\xa9\xff"} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, at int) {
		in = bytes.Repeat(in, 1+20_000/(1+len(in)))
		var a, b inputLimiter
		whole := append([]byte(nil), in...)
		whole = whole[:a.filter(whole)]
		at = max(0, min(at, len(in)))
		first, rest := append([]byte(nil), in[:at]...), append([]byte(nil), in[at:]...)
		parts := append(first[:b.filter(first)], rest[:b.filter(rest)]...)
		if !bytes.Equal(whole, parts) {
			t.Fatalf("depends on how it is cut: %q", in[:min(len(in), 64)])
		}
		for i, j := 0, 0; i < len(whole); i, j = i+1, j+1 {
			for j < len(in) && in[j] != whole[i] {
				j++
			}
			if j == len(in) {
				t.Fatal("more than was typed")
			}
		}
		for _, osc := range bytes.Split(whole, []byte("\x1b]"))[1:] {
			if end := bytes.IndexAny(osc, "\x07\x18\x1a\x1b"); end < 0 && len(osc) > 4*maxString {
				t.Fatalf("%d bytes of OSC", len(osc))
			}
		}
	})
}
