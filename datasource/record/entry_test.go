package record

import (
	"encoding/json"
	"testing"
	"time"

	"ticktop/datasource"
	"ticktop/datasource/decode"
)

// FuzzEntry records two values one after the other and reads them back: a
// reader must have what was published, whatever the values are, be they given
// whole or as a difference.
func FuzzEntry(f *testing.F) {
	for _, pair := range [][2]string{
		{`{"bid":1.0834}`, `{"bid":1.0835}`},
		{`{"$series":[[1,1],[2,2],[3,3]]}`, `{"$series":[[2,2],[3,3],[4,null]]}`},
		{`{"$series":[[1,1],[2,2]]}`, `{"$series":[[1,1]]}`},
		{`{"$series":[[1,1],[1,1]]}`, `{"$series":[[1,1],[1,1],[1,2]]}`},
		{`{"$series":[]}`, `{"$series":[[1,1]]}`},
		{`{"$messages":[[1,"","a"],[2,"","b"]]}`, `{"$messages":[[3,"x","c"],[1,"","a"]]}`},
		{`{"$messages":[[1,"","a"],[1,"","a"]]}`, `{"$messages":[[1,"","a"],[1,"","a"],[1,"","a"]]}`},
		{`null`, `{"$none":true}`},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		at := time.Unix(1_763_860_000, 0).UTC()
		var prev, read *datasource.Entry
		for i, s := range []string{a, b} {
			v, err := decode.FromJSON([]byte(s))
			if err != nil || len(v.Points) > datasource.MaxMembers || len(v.Messages) > datasource.MaxMembers {
				return
			}
			e := &datasource.Entry{Ref: &datasource.Ref{}, Rev: uint64(i + 1), State: datasource.StateLive, Value: v, At: at}
			j, kept := packEntry(e, prev, at)
			line, err := json.Marshal(j)
			if err != nil {
				t.Fatal(err)
			}
			var back entryJSON
			if err := json.Unmarshal(line, &back); err != nil {
				t.Fatal(err)
			}
			got, err := back.unpack(read, at)
			if err != nil {
				t.Fatalf("%q after %q: %v in %s", b, a, err, line)
			}
			if !got.Value.Equal(&kept.Value) || got.Rev != e.Rev {
				t.Fatalf("%q after %q came back as %+v from %s", b, a, got.Value, line)
			}
			prev, read = kept, got
		}
	})
}

// TestDifferencesAreShort looks at what is written when a series moves on.
func TestDifferencesAreShort(t *testing.T) {
	entry := func(from int) *datasource.Entry {
		return &datasource.Entry{Ref: &datasource.Ref{}, State: datasource.StateLive, Value: series(from, 500)}
	}
	for _, tc := range []struct {
		from  int
		whole bool
	}{{0, false}, {1, false}, {499, false}, {500, true}} {
		j, _ := packEntry(entry(tc.from), entry(0), time.Time{})
		if whole := j.Diff == nil; whole != tc.whole {
			t.Errorf("moved by %d: whole %v, want %v", tc.from, whole, tc.whole)
		}
		if j.Diff != nil && j.Diff.Off != tc.from {
			t.Errorf("moved by %d: %d off", tc.from, j.Diff.Off)
		}
	}
}

// TestTooBigToRecord leaves out a value that no line can hold, says so, and
// goes on.
func TestTooBigToRecord(t *testing.T) {
	huge := datasource.Value{Type: datasource.TypeArray}
	for range 40 {
		huge.Items = append(huge.Items, datasource.Value{Type: datasource.TypeText, Text: text(string(make([]byte, 32<<10)))})
	}
	path := t.TempDir() + "/x"
	snap := func(sec int64, v datasource.Value) *datasource.Snapshot {
		return datasource.NewSnapshot(time.Unix(sec, 0), uint64(sec), []string{"a"}, nil,
			[]*datasource.Entry{{Ref: &datasource.Ref{}, Rev: uint64(sec), State: datasource.StateLive, Value: v}})
	}
	if err := WriteFixture(path, Options{}, snap(1, number("1")), snap(2, huge), snap(3, number("3"))); err != nil {
		t.Fatal(err)
	}
	for d, want := range map[time.Duration]string{0: "1", time.Second: tooBig.String(), 2 * time.Second: "3"} {
		got, err := At(path, d)
		if err != nil {
			t.Fatal(err)
		}
		if v := got.Get("a").Value; v.Num.String()+v.Text.String() != want {
			t.Errorf("after %v: %+v, want %s", d, v, want)
		}
	}
}
