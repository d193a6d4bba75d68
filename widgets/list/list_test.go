package list

import (
	"math"
	"slices"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets"
)

func TestFit(t *testing.T) {
	for _, tt := range []struct {
		name         string
		view         widgets.View
		total, lines int
		want         Window
	}{
		{"all", widgets.View{}, 3, 5, Window{0, 3, 3, 0}},
		{"top", widgets.View{}, 9, 5, Window{0, 5, 9, 0}},
		{"the cursor pulls", widgets.View{Cursor: 7}, 9, 5, Window{3, 5, 9, 7}},
		{"the offset is kept", widgets.View{Cursor: 4, Offset: 2}, 9, 5, Window{2, 5, 9, 4}},
		{"up to the cursor", widgets.View{Cursor: 1, Offset: 4}, 9, 5, Window{1, 5, 9, 1}},
		{"no gap at the end", widgets.View{Cursor: 8, Offset: 99}, 9, 5, Window{4, 5, 9, 8}},
		{"no cursor scrolls freely", widgets.View{Cursor: -1, Offset: 3}, 9, 5, Window{3, 5, 9, -1}},
		{"out of range", widgets.View{Cursor: 1 << 40, Offset: -1 << 40}, 9, 5, Window{4, 5, 9, 8}},
		{"nothing", widgets.View{Cursor: 3, Offset: 3}, 0, 5, Window{0, 0, 0, -1}},
		{"no space", widgets.View{Cursor: 3}, 9, -2, Window{0, 0, 9, 3}},
	} {
		if got := Fit(tt.view, tt.total, tt.lines); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// TestFitAlways: whatever the view, the window lies inside the list and has
// the cursor in it.
func TestFitAlways(t *testing.T) {
	odd := []int{math.MinInt, -5, -1, 0, 1, 4, 7, 99, math.MaxInt}
	for _, cursor := range odd {
		for _, offset := range odd {
			for total := range 9 {
				for lines := -1; lines < 11; lines++ {
					w := Fit(widgets.View{Cursor: cursor, Offset: offset}, total, lines)
					if w.First < 0 || w.End() > total || w.Lines > max(lines, 0) {
						t.Fatalf("cursor %d offset %d: %+v is outside of %d rows on %d lines", cursor, offset, w, total, lines)
					}
					if w.Cursor >= 0 && w.Lines > 0 && (w.Cursor < w.First || w.Cursor >= w.End()) {
						t.Fatalf("cursor %d offset %d: %+v does not show the cursor", cursor, offset, w)
					}
				}
			}
		}
	}
}

func TestMove(t *testing.T) {
	v := widgets.View{}
	for _, tt := range []struct {
		action                 widgets.Action
		wantCursor, wantOffset int
	}{
		{widgets.ActUp, 0, 0}, {widgets.ActDown, 1, 0}, {widgets.ActPageDown, 3, 0}, {widgets.ActPageDown, 5, 2}, {widgets.ActUp, 4, 2},
		{widgets.ActPageUp, 2, 2}, {widgets.ActBottom, 9, 6}, {widgets.ActDown, 9, 6}, {widgets.ActTop, 0, 0},
	} {
		v = Move(v, tt.action, 10, 4)
		if v.Cursor != tt.wantCursor || v.Offset != tt.wantOffset {
			t.Errorf("action %d: cursor %d offset %d, want %d %d", tt.action, v.Cursor, v.Offset, tt.wantCursor, tt.wantOffset)
		}
	}
	if got := Move(v, widgets.ActSort, 10, 4); got != v {
		t.Errorf("ActSort is no motion: %+v", got)
	}
	if got := Move(widgets.View{Cursor: -1}, widgets.ActDown, 10, 4); got.Cursor != 1 {
		t.Errorf("down from nowhere: %+v", got)
	}
}

func TestExtra(t *testing.T) {
	all := NewFilter("")
	for _, tt := range []struct {
		win    Window
		all    int
		filter Filter
		want   string
	}{
		{Window{0, 3, 3, 0}, 3, all, " · 3"},
		{Window{2, 5, 9, 4}, 9, all, " · 3–7 of 9"},
		{Window{0, 3, 3, 0}, 12, NewFilter("usd"), " · /usd · 3 of 12"},
		{Window{2, 5, 9, 4}, 12, NewFilter("!\x1b"), " · /!␛ · 3–7 of 9"},
	} {
		if got := tt.win.Extra(tt.all, tt.filter); got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.win, got, tt.want)
		}
	}
	if got := (Window{0, 3, 3, 0}).Extra(3, all, "", "+2 cols"); got != " · 3 · +2 cols" {
		t.Errorf("with marks: %q", got)
	}
}

func TestFilter(t *testing.T) {
	for _, tt := range []struct {
		expr, text string
		want       bool
	}{
		{"", "anything", true}, {"!", "anything", true}, {"usd", "EURUSD", true}, {"USD", "eurusd", true}, {"gbp", "EURUSD", false},
		{"!gbp", "EURUSD", true}, {"!usd", "EURUSD", false}, {"^eur", "EURUSD", true}, {"^usd", "EURUSD", false}, {"eur|xau", "XAUUSD", true},
		{"(", "a(b", true}, {"(", "ab", false}, {"größe", "GRÖSSE GRÖßE", true}, {"usdusdusd", "usd", false}, {"!.", "x", false},
	} {
		if got := NewFilter(tt.expr).KeepString(tt.text); got != tt.want {
			t.Errorf("%q on %q: %v", tt.expr, tt.text, got)
		}
	}
}

// FuzzFilter: nothing that is typed breaks anything, and '!' is the opposite.
func FuzzFilter(f *testing.F) {
	f.Add("usd", "EURUSD")
	f.Add("(a{9999}){9999}", "a")
	f.Fuzz(func(t *testing.T, expr, text string) {
		if len(expr) > maxFilter-1 || expr == "" || expr[0] == '!' {
			NewFilter(expr).KeepString(text)
			return
		}
		if NewFilter(expr).KeepString(text) == NewFilter("!"+expr).KeepString(text) {
			t.Errorf("%q and its opposite agree on %q", expr, text)
		}
	})
}

func columns() []Column {
	return []Column{{Key: "symbol", Width: 6}, {Key: "bid", Width: 8}, {Key: "ask", Width: 8, Weight: 7}, {Key: "spread", Width: 6, Weight: 3}, {Key: "spark", Width: 12, Weight: 3}}
}

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		width           int
		hidden          string
		want            []int
		dropped, hiding int
		mark            string
	}{
		{48, "", []int{0, 1, 2, 3, 4}, 0, 0, ""},
		{47, "", []int{0, 1, 2, 3}, 1, 0, "+1 col"},
		{30, "", []int{0, 1, 2}, 2, 0, "+2 cols"},
		{10, "", []int{0, 1}, 3, 0, "+3 cols"}, // those without a weight stay
		{48, "ask,nothing", []int{0, 1, 3, 4}, 0, 1, "+1 col"},
		{48, "symbol", []int{0, 1, 2, 3, 4}, 0, 0, ""}, // the first says what the row is
	} {
		got := Choose(columns(), tt.width, tt.hidden, nil)
		if !slices.Equal(got.Shown, tt.want) || got.Dropped != tt.dropped || got.Hidden != tt.hiding || got.Mark() != tt.mark {
			t.Errorf("width %d hidden %q: %+v %q", tt.width, tt.hidden, got, got.Mark())
		}
	}
}

func TestLetters(t *testing.T) {
	if got := string(Letters([]Column{{Key: "symbol"}, {Key: "side"}, {Key: "size"}, {Key: "s"}, {Key: "PnL"}, {Key: "spark", Letter: 'K'}})); got != "siz\x00pk" {
		t.Errorf("letters %q", got)
	}
}

func TestSort(t *testing.T) {
	v := widgets.View{Hidden: "ask"}
	var seen []string
	for range 5 {
		v = Sort(v, widgets.ActSort, 0, columns())
		seen = append(seen, v.Sort)
	}
	if !slices.Equal(seen, []string{"symbol", "bid", "spread", "spark", ""}) {
		t.Errorf("the columns in turn: %q", seen)
	}
	if got := Sort(v, widgets.ActSortFlip, 0, columns()); got.Desc {
		t.Error("nothing is sorted, so nothing turns round")
	}
	v = Sort(v, widgets.ActSortColumn, 'A', columns())
	if v.Sort != "ask" || v.Desc || v.Hidden != "" {
		t.Errorf("a hidden column that is sorted by is shown: %+v", v)
	}
	if v = Sort(v, widgets.ActSortColumn, 'a', columns()); !v.Desc {
		t.Error("the same letter again turns round")
	}
	if got := Sort(v, widgets.ActSortColumn, 'z', columns()); got != v {
		t.Errorf("no column has that letter: %+v", got)
	}
	v = Sort(v, widgets.ActHideColumn, 0, columns())
	v = Sort(Sort(v, widgets.ActSortColumn, 'b', columns()), widgets.ActHideColumn, 0, columns())
	if v.Hidden != "ask,bid" || v.Sort != "" || v.Desc {
		t.Errorf("two are hidden: %+v", v)
	}
	if v = Sort(v, widgets.ActHideColumn, 0, columns()); v.Hidden != "" {
		t.Errorf("all are shown again: %+v", v)
	}
}

func TestCompare(t *testing.T) {
	num := func(s string) *datasource.Value {
		n, _ := datasource.ParseNumber(s)
		return &datasource.Value{Type: datasource.TypeNumber, Num: n}
	}
	values := []*datasource.Value{
		num("-5"), num("2"), num("10"), {Type: datasource.TypeBool}, {Type: datasource.TypeBool, Bool: true},
		{Type: datasource.TypeText, Text: datasource.Clean("a", 0)}, {Type: datasource.TypeText, Text: datasource.Clean("b", 0)}, {Type: datasource.TypeArray},
	}
	for i := range values {
		for j := range values {
			want := 0
			if i != j {
				want = 1 - 2*b2i(i < j)
			}
			a, b := ValueKey(values[i]), ValueKey(values[j])
			if got := Compare(a, b, false); got != want {
				t.Errorf("%d and %d: %d, want %d", i, j, got, want)
			}
			if got := Compare(a, b, true); got != -want {
				t.Errorf("%d and %d downwards: %d, want %d", i, j, got, -want)
			}
		}
		for _, nothing := range []*datasource.Value{nil, {}, {Type: datasource.TypeNull}, num("nan")} {
			for _, desc := range []bool{false, true} {
				if Compare(ValueKey(values[i]), ValueKey(nothing), desc) != -1 || Compare(ValueKey(nothing), ValueKey(values[i]), desc) != 1 {
					t.Errorf("nothing must stand after %d, desc %v", i, desc)
				}
			}
		}
	}
	if Compare(Key{}, Key{}, true) != 0 {
		t.Error("nothing equals nothing")
	}
}

func TestStates(t *testing.T) {
	known := &datasource.Entry{Ref: &datasource.Ref{}, State: datasource.StateStale, Value: datasource.Value{Type: datasource.TypeBool}}
	failed := &datasource.Entry{Ref: &datasource.Ref{}, State: datasource.StateError}
	if AnyKnown(nil) || AnyKnown([]*datasource.Entry{nil, failed}) || !AnyKnown([]*datasource.Entry{failed, known}) {
		t.Error("AnyKnown")
	}
	if Worst(nil) != nil || Worst([]*datasource.Entry{nil}) != nil || Worst([]*datasource.Entry{nil, known, failed}) != failed {
		t.Error("Worst")
	}
}
