package browse

import (
	"fmt"
	"strings"
	"testing"
)

// shownRows is a tree as it is drawn.
func shownRows(rows []Row) string {
	var b strings.Builder
	for i := range rows {
		r := &rows[i]
		b.WriteString(strings.Repeat(" ", r.Depth) + r.Name)
		if r.Folder() {
			fmt.Fprintf(&b, "(%d)", r.Keys())
		}
		if r.More > 0 {
			fmt.Fprintf(&b, "+%d", r.More)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestTree_GroupsByParts(t *testing.T) {
	for _, tc := range []struct {
		name string
		keys []string
		open []string
		want string
	}{
		{"families", []string{"quote:EURUSD", "quote:GBPUSD", "flag"}, nil, "quote:(2)\nflag\n"},
		{"open", []string{"quote:EURUSD", "quote:GBPUSD"}, []string{"quote:"}, "quote:(2)\n EURUSD\n GBPUSD\n"},
		{"one key is no folder", []string{"account:ACC-1", "x"}, nil, "account:ACC-1\nx\n"},
		{"chains are one row", []string{"a:b:c:1", "a:b:c:2"}, []string{"a:b:c:"}, "a:b:c:(2)\n 1\n 2\n"},
		{"twice named", []string{"a:1", "a:1", "a:2"}, nil, "a:(2)\n"},
		{"a key that is a folder too", []string{"a:", "a:1", "a:2", "a"}, []string{"a:"}, "a:(2)\n 1\n 2\na\na:\n"},
		{"people's order", []string{"k:10", "k:9", "k:2"}, []string{"k:"}, "k:(3)\n 2\n 9\n 10\n"},
		{"dots without colons", []string{"m.cash", "m.total", "a.b:c", "a.b:d"}, []string{"m."}, "a.b:(2)\nm.(2)\n cash\n total\n"},
		{"empty parts", []string{"::", ":", "a::b", ""}, nil, "::\na::b\n\n:\n"},
		{"hash tags", []string{"{acc}:1", "{acc}:2"}, nil, "{acc}:(2)\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var tree Tree
			for _, k := range tc.keys {
				tree.Add(k)
			}
			for _, prefix := range tc.open {
				for _, r := range tree.Rows() {
					if r.Full == prefix && r.Folder() {
						r.node.open = true
					}
				}
			}
			if got := shownRows(tree.Rows()); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
		})
	}
}

func TestTree_HoldsABoundedNumber(t *testing.T) {
	var tree Tree
	for i := range 3 * maxKids {
		tree.Add(fmt.Sprintf("trade_%d", i))
	}
	for i := range 100 {
		tree.Add(fmt.Sprintf("user:%d:profile", i))
	}
	if tree.Keys() != 3*maxKids+100 {
		t.Errorf("%d keys counted", tree.Keys())
	}
	rows := tree.Rows()
	if last := rows[len(rows)-1]; last.More == 0 || len(rows) > maxKids+2 {
		t.Errorf("%d rows, %d more", len(rows), last.More)
	}
}

func TestTree_Find(t *testing.T) {
	var tree Tree
	for _, k := range []string{"quote:EURUSD", "quote:GBPUSD", "Position:eurusd:1", "x"} {
		tree.Add(k)
	}
	if got := shownRows(tree.Find("eur usd")); got != "Position:eurusd:1\nquote:EURUSD\n" && got != "quote:EURUSD\nPosition:eurusd:1\n" {
		t.Errorf("found\n%s", got)
	}
}

func FuzzTree(f *testing.F) {
	f.Add("a:b:c\na:b\n::\n\x00x\n.")
	f.Fuzz(func(t *testing.T, text string) {
		var tree Tree
		distinct := map[string]bool{}
		for _, k := range strings.Split(text, "\n") {
			tree.Add(k)
			distinct[k] = true
		}
		if tree.Keys() != len(distinct) {
			t.Errorf("%d of %d keys", tree.Keys(), len(distinct))
		}
		tree.opened = true
		all := Tree{opened: true}
		for k := range distinct {
			all.Add(k)
		}
		keys := 0
		for _, r := range all.Rows() {
			if !r.Folder() {
				keys++
				if !distinct[r.Full] {
					t.Errorf("a key that isn't one: %q", r.Full)
				}
			}
		}
		if keys != len(distinct) {
			t.Errorf("%d of %d keys are shown", keys, len(distinct))
		}
	})
}
