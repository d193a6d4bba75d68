package resp

import (
	"errors"
	"strings"
	"testing"
)

// TestScanner_Cut: however the bytes are cut, a reply is followed to its end.
func TestScanner_Cut(t *testing.T) {
	for _, whole := range []string{
		"+OK\r\n", "-ERR " + strings.Repeat("long ", 20) + "\r\n", ":12\r\n", "$5\r\nhello\r\n", "$0\r\n\r\n", "$-1\r\n", "*-1\r\n", "_\r\n", ",1.5\r\n", "#t\r\n",
		"$9\r\na\r\n>1\r\n*9\r\n", "*2\r\n$1\r\n0\r\n*4\r\n$1\r\na\r\n$0\r\n\r\n+b\r\n:1\r\n", "%2\r\n+a\r\n*0\r\n+b\r\n~1\r\n:1\r\n", "=6\r\ntxt:hi\r\n", "*0\r\n",
		"*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\nb\r\n,inf\r\n", "!5\r\nERR x\r\n",
	} {
		twice := whole + whole
		for cut := range len(twice) {
			f := &Scanner{}
			for _, chunk := range []string{twice[:cut], twice[cut:]} {
				if err := f.Scan([]byte(chunk), -1, false); err != nil {
					t.Errorf("%q cut at %d: %v", whole, cut, err)
				}
			}
			if f.depth != 0 || f.skip != 0 || f.n != 0 {
				t.Errorf("%q cut at %d is not over: %+v", whole, cut, f)
			}
		}
	}
}

// TestScanner_Refused: what would make go-redis allocate without bound is refused,
// however it is cut.
func TestScanner_Refused(t *testing.T) {
	const limit = 1000
	for name, c := range map[string]struct {
		bytes  string
		limit  int
		pushes bool
		fine   bool
	}{
		"wide array":              {"*1001\r\n", limit, true, false},
		"array that fits":         {"*1000\r\n", limit, true, true},
		"wide map":                {"%99999999999\r\n", limit, true, false},
		"long text":               {"$1001\r\n", limit, true, false},
		"long text of a poll":     {"$900000000\r\n", -1, false, true},
		"push":                    {">2\r\n+x\r\n", limit, true, true},
		"push not asked for":      {">2\r\n+x\r\n", -1, false, false},
		"push inside":             {"*1\r\n>2\r\n", -1, false, false},
		"attribute":               {"|1\r\n+a\r\n+b\r\n+c\r\n", limit, true, false},
		"deep":                    {strings.Repeat("*1\r\n", MaxDepth+1), -1, true, false},
		"as deep as it may be":    {strings.Repeat("*1\r\n", MaxDepth), -1, true, true},
		"no protocol":             {"HTTP/1.1 200 OK\r\n", limit, true, false},
		"no protocol, no newline": {"SSH-2.0", limit, true, false},
		"no size":                 {"*\r\n", limit, true, false},
		"an invalid size":         {"*1x\r\n", limit, true, false},
		"endless size":            {"*" + strings.Repeat("1", 100) + "\r\n", limit, true, false},
		"a bare newline":          {"+OK\r\n\n", limit, true, false},
	} {
		for cut := range len(c.bytes) {
			f := &Scanner{}
			err := f.Scan([]byte(c.bytes[:cut]), c.limit, c.pushes)
			if err == nil {
				err = f.Scan([]byte(c.bytes[cut:]), c.limit, c.pushes)
			}
			if (err == nil) != c.fine || err != nil && !errors.Is(err, ErrBad) {
				t.Errorf("%s, cut at %d: %v", name, cut, err)
			}
		}
	}
}

// FuzzScanner: where one reply ends is where the parser ends it, and cuts make
// no difference.
func FuzzScanner(f *testing.F) {
	f.Add("*2\r\n$1\r\n0\r\n*1\r\n:1\r\n", 3)
	f.Add("%1\r\n+a\r\n,1\r\n", 5)
	f.Add("$3\r\n>1\r\r\n", 2)
	f.Fuzz(func(t *testing.T, text string, cut int) {
		b := []byte(text)
		whole := &Scanner{}
		err := whole.Scan(b, -1, false)
		cut = max(0, min(cut, len(b)))
		parts := &Scanner{}
		cutErr := parts.Scan(b[:cut], -1, false)
		if cutErr == nil {
			cutErr = parts.Scan(b[cut:], -1, false)
		}
		if (err == nil) != (cutErr == nil) {
			t.Fatalf("whole: %v, cut at %d: %v", err, cut, cutErr)
		}
		r := NewReader(b)
		if parsed := skipValue(r, 0); parsed == nil && r.i == len(b) && !strings.ContainsAny(text, ">|") {
			if err != nil || whole.depth != 0 || whole.skip != 0 || whole.n != 0 {
				t.Fatalf("%q is one reply, but %v, %+v", text, err, whole)
			}
		}
	})
}

// skipValue reads over one value.
func skipValue(r *Reader, depth int) error {
	if depth > MaxDepth {
		return ErrBad
	}
	e, err := r.Next()
	if err != nil || e.Kind != KindArray {
		return err
	}
	for range e.N {
		if err := skipValue(r, depth+1); err != nil {
			return err
		}
	}
	return nil
}
