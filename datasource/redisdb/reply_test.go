package redisdb

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"ticktop/datasource"
	"ticktop/datasource/redisdb/resp"
)

var _ redis.Error = resp.Error("")

func TestReplyShapes(t *testing.T) {
	for in, want := range map[string]string{
		"*0\r\n":                          "",
		"*2\r\n$1\r\na\r\n$3\r\n1.5\r\n":  "1.5:a",
		"*1\r\n*2\r\n$1\r\na\r\n,inf\r\n": "+Inf:a",
		"*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$0\r\n\r\n,2e3\r\n": "1:a 2000:",
		"|1\r\n+k\r\n+v\r\n*0\r\n":                              "bad",
		"_\r\n":                                                 "",
		"*-1\r\n":                                               "",
		"*2\r\n$1\r\na\r\n$1\r\nx\r\n":                          "bad",
		"*1\r\n*3\r\n$1\r\na\r\n,1\r\n,2\r\n":                   "bad",
		"*3\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n":               "bad",
		"*9\r\n":          "bad",
		"$5\r\nab\r\n":    "bad",
		"":                "bad",
		"-ERR x\r\n":      "ERR x",
		"!5\r\nERR y\r\n": "ERR y",
	} {
		members, err := readMembers(resp.NewReader([]byte(in)))
		got := text(&datasource.Raw{Members: members})
		var e resp.Error
		switch {
		case errors.As(err, &e):
			got = string(e)
		case err != nil:
			got = "bad"
		}
		if got != want {
			t.Errorf("%q = %s, want %s", in, got, want)
		}
	}
}

// FuzzReply: every decoder ends, without a panic, whatever the bytes, and
// bounds what it makes of them.
func FuzzReply(f *testing.F) {
	for _, s := range malformed {
		f.Add([]byte(s))
	}
	f.Add([]byte("*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"))
	f.Add([]byte("*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n"))
	f.Add([]byte("%1\r\n$1\r\na\r\n$1\r\nb\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := &Client{}
		for _, kind := range datasource.Kinds() {
			if kind == datasource.KindChannel {
				continue
			}
			for _, m := range []mode{modeRead, modePlain, modeNewer, modeMeasure, modeTail, modeLearn, modeStep} {
				it := &item{mode: m, end: &seriesTail{}}
				it.req.Ref = new(ref(kind, "k"))
				a := &buffer{bytes: bytes.Clone(b)}
				it.value = slot{buf: a, begun: true, end: len(a.bytes)}
				it.ttl = slot{buf: &buffer{bytes: []byte(":1\r\n")}, begun: true, end: 4}
				raw := datasource.Raw{Ref: it.req.Ref}
				d := decoder{c: c, name: func(b []byte) string { return string(b) }}
				if err := d.decodeValue(it, &raw); err == nil && len(raw.Members)+len(raw.Items)+len(raw.Entries)+len(raw.Fields) > len(b) {
					t.Errorf("more elements than bytes")
				}
			}
		}
	})
}

func TestPushShapes(t *testing.T) {
	big := strings.Repeat("x", maxPayload+10)
	for _, tc := range []struct {
		in   string
		kind pushKind
		want string // channel|pattern|length of the payload
		skip int
	}{
		{"*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n", pushMessage, "a||2", 0},
		{">4\r\n$8\r\npmessage\r\n$2\r\na*\r\n$2\r\nab\r\n$0\r\n\r\n", pushMessage, "ab|a*|0", 0},
		{">3\r\n$8\r\nsmessage\r\n$1\r\na\r\n$1\r\nx\r\n", pushMessage, "a||1", 0},
		{">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n", pushSubscribed, "a||0", 0},
		{"*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n", pushUnsubscribed, "||0", 0},
		{"*2\r\n$4\r\npong\r\n$0\r\n\r\n", pushPong, "||0", 0},
		{"+PONG\r\n", pushPong, "||0", 0},
		{"-NOPERM no\r\n", pushError, "||9", 0},
		{">2\r\n$10\r\ninvalidate\r\n_\r\n", pushNone, "||0", 0},
		{"*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$262155\r\n" + big, pushMessage, "a||262145", 12},
	} {
		p, n, skip, err := parsePush([]byte(tc.in))
		got := string(p.channel) + "|" + string(p.pattern) + "|" + itoa(len(p.payload))
		if err != nil || p.kind != tc.kind || got != tc.want || skip != tc.skip || skip == 0 && n != len(tc.in) {
			t.Errorf("%.60q: kind %v %s skip %d read %d, %v", tc.in, p.kind, got, skip, n, err)
		}
		for cut := range min(len(tc.in), 200) {
			if _, _, _, err := parsePush([]byte(tc.in[:cut])); !errors.Is(err, resp.ErrShort) {
				t.Errorf("%.60q cut at %d: %v, want short", tc.in, cut, err)
			}
		}
	}
}

func itoa(n int) string { return string(appendInt(nil, n)) }

func appendInt(b []byte, n int) []byte {
	if n >= 10 {
		b = appendInt(b, n/10)
	}
	return append(b, byte('0'+n%10))
}

// FuzzPush: the stream's parser never panics, never reads past its input, and
// a longer input never changes what was already understood.
func FuzzPush(f *testing.F) {
	for _, s := range malformed {
		f.Add([]byte(s), []byte("+PONG\r\n"))
	}
	f.Add([]byte("*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n"), []byte("x"))
	f.Add([]byte(">4\r\n$8\r\npmessage\r\n$2\r\na*\r\n$2\r\nab\r\n$0\r\n\r\n"), []byte(""))
	f.Fuzz(func(t *testing.T, b, more []byte) {
		p, n, _, err := parsePush(b)
		if err != nil {
			return
		}
		if n <= 0 || n > len(b) {
			t.Fatalf("read %d of %d", n, len(b))
		}
		q, m, _, err := parsePush(append(bytes.Clone(b), more...))
		if err != nil || n != m || p.kind != q.kind || !bytes.Equal(p.payload, q.payload) || !bytes.Equal(p.channel, q.channel) {
			t.Errorf("%q understood otherwise with more behind it: %v", b, err)
		}
	})
}
