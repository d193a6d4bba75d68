package snapshot

import (
	"bytes"
	"encoding/csv"
	"testing"
	"time"

	"ticktop/datasource"
)

// TestNoCellIsAFormula: nothing that a producer chooses is run by a spreadsheet:
// names of fields, keys, errors and values.
func TestNoCellIsAFormula(t *testing.T) {
	hostile := []string{"=cmd|' /C calc'!A0", "+1+1|x", "-1+1|x", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1", "\n@x"}
	var names []string
	var entries []*datasource.Entry
	var refs []datasource.Ref
	index := map[string]int{}
	for i, h := range hostile {
		text := datasource.Value{Type: datasource.TypeText, Text: datasource.Clean(h, 0)}
		name := "d" + string(rune('a'+i))
		ref := datasource.Ref{Name: name, Kind: datasource.KindHash, Key: h}
		names, refs, index[name] = append(names, name), append(refs, ref), i
		entries = append(entries, &datasource.Entry{
			Ref: &ref, State: datasource.StateStale, At: time.Unix(1, 0),
			Value: datasource.Value{Type: datasource.TypeObject, Fields: []datasource.Field{{Name: datasource.Clean(h, 0), Value: text}}},
			Fault: &datasource.Fault{Text: datasource.Clean(h, 0)},
		})
	}
	snap := datasource.NewSnapshot(time.Unix(2, 0), 1, names, index, entries)
	var b bytes.Buffer
	if err := Write(&b, "csv", snap, Options{Refs: refs, Now: time.Unix(2, 0)}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if cell != defuseFormula(cell) {
				t.Errorf("a spreadsheet runs %q", cell)
			}
		}
	}
	for in, want := range map[string]string{"-1.5": "-1.5", "+2": "+2", "=1": "'=1", "-1+1": "'-1+1", "": "", "EURUSD": "EURUSD", "1=2": "1=2"} {
		if got := defuseFormula(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
