package decode

import (
	"strings"
	"testing"
)

// TestPickle_OldProtocols (case 10): pickles of protocols 0 and 1, as Python
// writes them, are read as those of today are.
func TestPickle_OldProtocols(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"case 10: an object, protocol 0", "(dp0\x0aVsymbol\x0ap1\x0aVEURUSD\x0ap2\x0asVbid\x0ap3\x0aF1.27\x0asVn\x0ap4\x0aI5\x0as.", `{"bid":1.27,"n":5,"symbol":"EURUSD"}`},
		{"case 10: an object, protocol 1", "}q\x00(X\x06\x00\x00\x00symbolq\x01X\x06\x00\x00\x00EURUSDq\x02X\x03\x00\x00\x00bidq\x03G?\xf4Q\xeb\x85\x1e\xb8RX\x01\x00\x00\x00nq\x04K\x05u.", `{"bid":1.27,"n":5,"symbol":"EURUSD"}`},
		{"case 10: a Decimal, protocol 0", "cdecimal\x0aDecimal\x0ap0\x0a(V231.050\x0ap1\x0atp2\x0aRp3\x0a.", `231.050`},
		{"case 10: a Decimal, protocol 1", "cdecimal\x0aDecimal\x0aq\x00(X\x07\x00\x00\x00231.050q\x01tq\x02Rq\x03.", `231.050`},
		{"case 10: a float, protocol 0", "F1.5\x0a.", `1.5`},
		{"case 10: a float, protocol 1", "G?\xf8\x00\x00\x00\x00\x00\x00.", `1.5`},
		{"case 10: a text, protocol 0", "Vhello\x0ap0\x0a.", `"hello"`},
		{"case 10: a text, protocol 1", "X\x05\x00\x00\x00helloq\x00.", `"hello"`},
		{"case 10: a list, protocol 0", "(lp0\x0aI1\x0aaVa\x0ap1\x0aaNaI01\x0aa.", `[1,"a",null,true]`},
		{"case 10: a list, protocol 1", "]q\x00(K\x01X\x01\x00\x00\x00aq\x01NI01\x0ae.", `[1,"a",null,true]`},
		{"case 10: a time, protocol 0", "cdatetime\x0adatetime\x0ap0\x0a(c_codecs\x0aencode\x0ap1\x0a(V\x07\xea\x01\x01\x09\x1e\x5cu0000\x5cu0000\x5cu0000\x5cu0000\x0ap2\x0aVlatin1\x0ap3\x0atp4\x0aRp5\x0atp6\x0aRp7\x0a.", `"2026-01-01T09:30:00"`},
		{"case 10: a time, protocol 1", "cdatetime\x0adatetime\x0aq\x00(c_codecs\x0aencode\x0aq\x01(X\x0b\x00\x00\x00\x07\xc3\xaa\x01\x01\x09\x1e\x00\x00\x00\x00q\x02X\x06\x00\x00\x00latin1q\x03tq\x04Rq\x05tq\x06Rq\x07.", `"2026-01-01T09:30:00"`},
		{"case 10: a class, protocol 0", "ccopy_reg\x0a_reconstructor\x0ap0\x0a(cshop\x0aFoo\x0ap1\x0ac__builtin__\x0aobject\x0ap2\x0aNtp3\x0aRp4\x0a.", `!Python pickle with a class`},
		{"case 10: a class, protocol 1", "ccopy_reg\x0a_reconstructor\x0aq\x00(cshop\x0aFoo\x0aq\x01c__builtin__\x0aobject\x0aq\x02Ntq\x03Rq\x04.", `!Python pickle with a class`},
		{"case 10: nested, protocol 0", "(dp0\x0aVa\x0ap1\x0a(lp2\x0a(dp3\x0aVb\x0ap4\x0a(I1\x0aI2\x0atp5\x0asas.", `{"a":[{"b":[1,2]}]}`},
		{"case 10: nested, protocol 1", "}q\x00X\x01\x00\x00\x00aq\x01]q\x02}q\x03X\x01\x00\x00\x00bq\x04(K\x01K\x02tq\x05sas.", `{"a":[{"b":[1,2]}]}`},
		{"case 10: an integer, protocol 0", "I7\n.", "7"},
		{"nothing, protocol 0", "N.", "null"},
		{"text hello.", "hello.", ""},
		{"text See you.", "See you.", ""},
		{"text Invoice paid hello.", "Invoice paid\nhello.", ""},
		{"text G12345678.", "G12345678.", ""},
		{"text KA.", "KA.", ""},
		{"text (a) .", "(a)\n.", ""},
		{"text Nice .", "Nice\n.", ""},
		{"text line 1 line 2.", "line 1\nline 2.", ""},
		{"text c x y z .", "c x y\nz\n.", ""},
		{"text ", "", ""},
	} {
		if c.want == "" {
			if isOldPickle([]byte(c.in)) {
				t.Errorf("%s is taken for a pickle", c.name)
			}
			continue
		}
		v, _, err := Value(stringRaw(c.in))
		if want, bad := strings.CutPrefix(c.want, "!"); bad {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %s %v, want an error with %q", c.name, JSON(v), err, want)
			}
			continue
		}
		if got := string(JSON(v)); err != nil || got != c.want {
			t.Errorf("%s: %s %v, want %s", c.name, got, err, c.want)
		}
	}
}

func FuzzOldPickle(f *testing.F) {
	f.Add([]byte("(dp0\nVa\np1\nI1\ns."))
	f.Add([]byte("}q\x00X\x01\x00\x00\x00aq\x01K\x01s."))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if isOldPickle(b) {
			_, _ = fromPickle(b)
		}
	})
}
