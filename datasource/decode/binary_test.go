package decode

import (
	"strings"
	"testing"

	"ticktop/datasource"
)

// TestBinary_Cases10And11 reads what Python writes.
func TestBinary_Cases10And11(t *testing.T) {
	for _, c := range binaryCases {
		t.Run(c.name, func(t *testing.T) {
			v, _, err := Value(stringRaw(c.in))
			if want, bad := strings.CutPrefix(c.want, "!"); bad {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("got %s, %v, want an error with %q", JSON(v), err, want)
				}
				if class := datasource.ClassOf(err); class != datasource.ClassDecode && class != datasource.ClassTooBig {
					t.Errorf("class %s", class)
				}
				return
			}
			if err != nil || string(JSON(v)) != c.want {
				t.Errorf("got %s, %v\nwant %s", JSON(v), err, c.want)
			}
			checkSafe(t, &v)
		})
	}
}

func TestBinary_EverywhereThatValuesAre(t *testing.T) {
	pickle := []byte("\x80\x04}\x94\x8c\x01a\x94K\x01s.")
	junk := []byte("\x00\x01\x02\xff\xfe\x00\x01\x02")
	for name, raw := range map[string]*datasource.Raw{
		`{"f":{"a":1}}`: {Ref: &datasource.Ref{Kind: datasource.KindHash}, Fields: []datasource.RawField{{Name: "f", Value: pickle}}},
		`[{"a":1}]`:     {Ref: &datasource.Ref{Kind: datasource.KindList}, Items: [][]byte{pickle}},
		`[{"a":1},2]`:   {Ref: &datasource.Ref{Kind: datasource.KindSet}, Items: [][]byte{pickle, []byte("2")}},
	} {
		v, _, err := Value(raw)
		if got := string(JSON(v)); err != nil || got != name && got != `[2,{"a":1}]` {
			t.Errorf("%s: %s %v", raw.Ref.Kind, got, err)
		}
	}
	for _, raw := range []*datasource.Raw{
		{Ref: &datasource.Ref{Kind: datasource.KindHash}, Fields: []datasource.RawField{{Name: "f", Value: junk}}},
		{Ref: &datasource.Ref{Kind: datasource.KindList}, Items: [][]byte{junk}},
		{Ref: &datasource.Ref{Kind: datasource.KindSet}, Items: [][]byte{junk}},
	} {
		if _, _, err := Value(raw); datasource.ClassOf(err) != datasource.ClassDecode {
			t.Errorf("%s of unreadable bytes: %v", raw.Ref.Kind, err)
		}
	}
}

func FuzzBinary(f *testing.F) {
	for _, c := range binaryCases {
		if len(c.in) < 4<<10 {
			f.Add([]byte(c.in))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, _, err := Value(&datasource.Raw{Ref: &datasource.Ref{Kind: datasource.KindString}, Bytes: b})
		if err == nil {
			checkSafe(t, &v)
		}
		for _, form := range Decoders() {
			if out, err := unpackAs([]string{form}, b); err == nil && out.done {
				checkSafe(t, &out.value)
			}
		}
	})
}

func FuzzPython(f *testing.F) {
	for _, s := range []string{"{'a': 1}", `[{'a': "x'y", 'b': None}]`, "(1, 2)", "{'a': Decimal('1.2')}", `{'\x41': '\u00e9'}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v, ok := fromPython(s); ok {
			checkSafe(t, &v)
		}
	})
}
