package decode

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
)

func stringRaw(b string) *datasource.Raw {
	return &datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindString}, Bytes: []byte(b), At: noon}
}

// checkSafe fails when any text in v could do something to a terminal, or when
// v is larger than the limits allow.
func checkSafe(t *testing.T, v *datasource.Value) {
	t.Helper()
	nodes := 0
	var walk func(v *datasource.Value)
	text := func(s datasource.Safe) {
		if again := datasource.Clean(s.String(), 0); again != s || !utf8.ValidString(s.String()) {
			t.Errorf("%.60q is not safe", s.String())
		}
		if len(s.String()) > 3*datasource.MaxCell+3 {
			t.Errorf("a text of %d bytes got through", len(s.String()))
		}
	}
	walk = func(v *datasource.Value) {
		nodes++
		text(v.Text)
		for i := range v.Fields {
			text(v.Fields[i].Name)
			walk(&v.Fields[i].Value)
		}
		for i := range v.Items {
			walk(&v.Items[i])
		}
		for i := range v.Messages {
			text(v.Messages[i].ID)
			walk(&v.Messages[i].Value)
		}
		if strings.Trim(v.Num.String(), "0123456789+-.eENaInf") != "" {
			t.Errorf("number with digits %q", v.Num.String())
		}
	}
	walk(v)
	if nodes > maxNodes+1 {
		t.Errorf("%d values", nodes)
	}
	if b := JSON(*v); !json.Valid(b) {
		t.Errorf("AppendJSON wrote no json: %.200s", b)
	}
}

// checkFault fails when err is no Fault that a screen can show.
func checkFault(t *testing.T, err error) {
	t.Helper()
	switch datasource.ClassOf(err) {
	case datasource.ClassDecode, datasource.ClassTooBig, datasource.ClassMissing:
	default:
		t.Errorf("err %T %.200v has class %v", err, err, datasource.ClassOf(err))
	}
	if len(err.Error()) > 3*maxFault+3 || strings.HasSuffix(err.Error(), ".") {
		t.Errorf("no line for a screen: %.300q", err)
	}
}

func TestHostileTexts(t *testing.T) {
	for _, c := range append(hostile.Texts(), hostile.Keys()...) {
		t.Run(c.Name, func(t *testing.T) {
			for _, raw := range []*datasource.Raw{
				stringRaw(c.In),
				{Ref: &datasource.Ref{Kind: datasource.KindHash}, Fields: []datasource.RawField{{Name: c.In, Value: []byte(c.In)}}},
				{Ref: &datasource.Ref{Kind: datasource.KindList}, Items: [][]byte{[]byte(c.In)}},
				{Ref: &datasource.Ref{Kind: datasource.KindStream}, Entries: []datasource.RawEntry{{ID: c.In, Fields: []datasource.RawField{{Name: c.In, Value: []byte(c.In)}}}}},
				{Ref: &datasource.Ref{Kind: datasource.KindZSet}, Members: []datasource.RawMember{{Score: 1, Member: []byte(c.In)}}},
				{Ref: &datasource.Ref{Kind: datasource.KindString, Fallback: datasource.Endpoint{Pick: c.In}}, JSON: true, Bytes: []byte(`{"a":1}`)},
			} {
				v, _, err := Value(raw)
				if err != nil {
					checkFault(t, err)
					if c := datasource.Clean(err.Error(), 0).String(); c != err.Error() {
						t.Errorf("error text is not safe: %q", err)
					}
				}
				checkSafe(t, &v)
			}
			m := Message([]byte(c.In), noon)
			checkSafe(t, &m.Value)
			if c.In != "" && strings.TrimSpace(c.In) != "" && m.Value.Type == datasource.TypeNull {
				t.Error("text vanished")
			}
		})
	}
}

func TestHostileNumbers(t *testing.T) {
	for _, n := range hostile.Numbers() {
		t.Run(n.In[:min(len(n.In), 24)], func(t *testing.T) {
			quoted, _ := json.Marshal(n.In)
			for _, in := range []string{n.In, string(quoted), `{"v":` + string(quoted) + `}`} {
				v, _, err := Value(stringRaw(in))
				if err != nil {
					t.Fatalf("%.60q: %v", in, err)
				}
				if v.Type == datasource.TypeObject {
					v = v.Fields[0].Value
				}
				if isText := v.Type == datasource.TypeText; isText != n.Text {
					t.Errorf("%.60q: is text %v, want %v", in, isText, n.Text)
				}
				checkSafe(t, &v)
			}
		})
	}
}

func TestHostileJSON(t *testing.T) {
	for _, d := range hostile.JSON() {
		t.Run(d.Name, func(t *testing.T) {
			v, stamp, err := Value(stringRaw(d.In))
			if d.Bad != (err != nil) {
				t.Fatalf("err %v, bad is %v", err, d.Bad)
			}
			if err != nil {
				checkFault(t, err)
			}
			if !stamp.IsZero() {
				t.Errorf("stamp %v out of nothing", stamp)
			}
			checkSafe(t, &v)
			roundTrip(t, &v)

			api := &datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindString}, JSON: true, Bytes: []byte(d.In)}
			if v, _, err = Value(api); err != nil {
				checkFault(t, err)
			}
			checkSafe(t, &v)
			if m := Message([]byte(d.In), noon); m.Value.Type == datasource.TypeNone {
				t.Error("a message vanished")
			}
		})
	}
}

func TestHostileScores(t *testing.T) {
	var members []datasource.RawMember
	for _, s := range hostile.Scores() {
		members = append(members, datasource.RawMember{Score: s, Member: []byte("1.5")})
	}
	v, _, err := Value(&datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindZSet}, Members: members, At: noon})
	if err != nil {
		t.Fatal(err)
	}
	for i := range v.Points {
		if i > 0 && v.Points[i].MS < v.Points[i-1].MS {
			t.Errorf("points out of order: %v", v.Points)
		}
	}
}

func roundTrip(t *testing.T, v *datasource.Value) {
	t.Helper()
	b := Encode(nil, v)
	if !json.Valid(b) {
		t.Fatalf("Encode wrote no json: %.200s", b)
	}
	back, err := FromJSON(b)
	if err != nil || !back.Equal(v) {
		t.Errorf("%.200s does not come back: %v", b, err)
	}
}
