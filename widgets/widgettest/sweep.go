package widgettest

import (
	"fmt"
	"strconv"
	"testing"

	"ticktop/datasource"
	"ticktop/datasource/testkit/hostile"
	"ticktop/widgets"
	"ticktop/widgets/theme"
)

// Context is a frame at Now with the default palette of a profile.
func Context(w, h int, data *datasource.Snapshot, profile theme.Profile) widgets.Context {
	return widgets.Context{W: w, H: h, Data: data, Theme: theme.Compile(nil, profile, theme.Braille), Now: Now}
}

// Sweep renders a widget at every size from 1×1 to 11×5, at a sample of those
// up to 44×12 and at those of whole screens, over each of the snapshots, focused, private, with stamps, with odd
// views, on terminals of every kind; every picture must be what widgets.Widget
// promises, none that has space for a word may be blank, and with ASCII symbols
// all of it is 7 bit.
func Sweep(t *testing.T, w widgets.Widget, data ...*datasource.Snapshot) {
	t.Helper()
	frames := 0
	for i, d := range data {
		for _, size := range sweepSizes() {
			for j, f := range Frames(size[0], size[1], d) {
				frames++
				if err := checkFrame(w, f); err != nil {
					t.Fatalf("snapshot %d, frame %d, view %+v: %v\n%s", i, j, f.View, err, quoteUnsafe(w.Render(f)))
				}
			}
		}
	}
	if frames == 0 {
		t.Fatal("nothing was drawn")
	}
}

func checkFrame(w widgets.Widget, f widgets.Context) error {
	got := w.Render(f)
	if f.Theme.Symbols == theme.ASCII {
		for i := range len(got) {
			if got[i] >= 0x80 {
				return fmt.Errorf("%q with 7 bit symbols", got[max(0, i-8):min(len(got), i+8)])
			}
		}
	}
	return examineAny(got, f)
}

// examineAny is examine where the data may hold any characters.
func examineAny(got string, f widgets.Context) error {
	if err := Examine(got, f.W, f.H); err != nil {
		return fmt.Errorf("%w in a picture of %d×%d", err, f.W, f.H)
	}
	if f.W >= 16 && f.H >= 3 && f.View == (widgets.View{}) && Blank(withoutBorder(got)) {
		return fmt.Errorf("a blank panel of %d×%d", f.W, f.H)
	}
	return nil
}

// withoutBorder cuts the border's first and last line off: a title alone says nothing.
func withoutBorder(got string) string {
	first, last := 0, len(got)
	for first < len(got) && got[first] != '\n' {
		first++
	}
	for last > 0 && got[last-1] != '\n' {
		last--
	}
	if first+1 >= last {
		return ""
	}
	return got[first+1 : last-1]
}

func sweepSizes() (all [][2]int) {
	if testing.Short() {
		return [][2]int{{1, 1}, {4, 3}, {12, 5}, {24, 6}, {40, 12}, {80, 24}, {200, 3}}
	}
	for w := 1; w <= 44; w++ {
		for h := 1; h <= 12; h++ {
			if w < 12 && h < 6 || w%9 == h%4 {
				all = append(all, [2]int{w, h})
			}
		}
	}
	return append(all, [2]int{80, 24}, [2]int{120, 40}, [2]int{200, 3}, [2]int{300, 90})
}

// Frames are the frames of one size that differ in everything but data.
func Frames(w, h int, data *datasource.Snapshot) []widgets.Context {
	base := Context(w, h, data, theme.ProfileTrue)
	frames := []widgets.Context{base, base, base, base}
	frames[1].Focused, frames[1].Stamps = true, true
	frames[1].View = widgets.View{Cursor: 3, Offset: 2, Cross: 5, Zoom: 2, Range: -1, Sort: "symbol", Filter: "u"}
	frames[2].Private, frames[2].Theme = true, theme.Compile(nil, theme.ProfileNone, theme.ASCII)
	frames[2].View = widgets.View{Cursor: -1, Offset: -9, Cross: -3, Zoom: -99, Range: 99, Sort: "no such", Desc: true, Filter: "(", Hidden: "a,b,symbol"}
	frames[3].Theme = theme.Compile(nil, theme.ProfileMono, theme.Block)
	frames[3].View = widgets.View{Cursor: 1 << 40, Offset: 1 << 40, Cross: 1 << 40, Zoom: 1 << 40, Range: -1 << 40, Filter: "!."}
	frames[3].Focused = true
	return frames
}

// Hostile renders a widget whose data has a bad input wherever text can be:
// values, names, keys, causes. small bounds the frames to a few sizes.
func Hostile(t *testing.T, w widgets.Widget, good *datasource.Snapshot) {
	t.Helper()
	for _, c := range hostile.Texts() {
		text := datasource.Clean(c.In, datasource.MaxCell)
		for _, data := range []*datasource.Snapshot{poisonTexts(good, text), renameItems(good, c.In)} {
			for _, size := range [...][2]int{{1, 1}, {7, 3}, {24, 6}, {60, 14}} {
				for _, f := range Frames(size[0], size[1], data) {
					got := w.Render(f)
					if err := examineAny(got, f); err != nil {
						t.Errorf("%s: %v:\n%s", c.Name, err, quoteUnsafe(got))
					}
				}
			}
		}
	}
	for _, n := range hostile.Numbers() {
		num, ok := datasource.ParseNumber(n.In)
		if !ok {
			continue
		}
		data := poisonNumbers(good, num)
		for _, f := range Frames(40, 8, data) {
			if err := Examine(w.Render(f), f.W, f.H); err != nil {
				t.Errorf("%.40s: %v", n.In, err)
			}
		}
	}
}

func poisonTexts(s *datasource.Snapshot, text datasource.Safe) *datasource.Snapshot {
	return rewriteEntries(s, func(e *datasource.Entry) {
		e.Value = mapText(e.Value, text)
		ref := *e.Ref
		e.Ref, e.Why, ref.Key, ref.Live, ref.Fallback.Path = &ref, text, text.String(), text.String(), text.String()
		if e.Fault != nil {
			f := *e.Fault
			f.Text, f.Hint = text, text
			e.Fault = &f
		}
	})
}

// renameItems gives the items of repeated data a bad name, as a variable may hold
// one: it has passed no gate yet.
func renameItems(s *datasource.Snapshot, text string) *datasource.Snapshot {
	data := make([]Datum, s.Len())
	for i := range data {
		name, e := s.Nth(i)
		if datasource.Item(name) != "" {
			name = datasource.Group(name) + "." + text + strconv.Itoa(i)
		}
		data[i] = Datum{name, e}
	}
	return Snapshot(data...)
}

func poisonNumbers(s *datasource.Snapshot, n datasource.Number) *datasource.Snapshot {
	return rewriteEntries(s, func(e *datasource.Entry) { e.Value = mapNumbers(e.Value, n) })
}

func rewriteEntries(s *datasource.Snapshot, change func(*datasource.Entry)) *datasource.Snapshot {
	data := make([]Datum, s.Len())
	for i := range data {
		name, e := s.Nth(i)
		if e != nil {
			c := *e
			change(&c)
			e = &c
		}
		data[i] = Datum{name, e}
	}
	return Snapshot(data...)
}

// mapText replaces all text, and the names of every second field.
func mapText(v datasource.Value, text datasource.Safe) datasource.Value {
	return mapValue(v, func(v *datasource.Value) {
		if v.Type == datasource.TypeText {
			v.Text = text
		}
		for i := range v.Fields {
			if i%2 == 1 && len(v.Fields) > 8 {
				v.Fields[i].Name = text
			}
		}
	})
}

func mapNumbers(v datasource.Value, n datasource.Number) datasource.Value {
	return mapValue(v, func(v *datasource.Value) {
		if v.Type == datasource.TypeNumber {
			v.Num = n
		}
		for i := range v.Points {
			if i%3 == 0 {
				v.Points[i].V = n.Float()
			}
		}
	})
}

// mapValue copies a value and applies change to every part of the copy.
func mapValue(v datasource.Value, change func(*datasource.Value)) datasource.Value {
	v.Fields = append([]datasource.Field(nil), v.Fields...)
	for i := range v.Fields {
		v.Fields[i].Value = mapValue(v.Fields[i].Value, change)
	}
	v.Items = append([]datasource.Value(nil), v.Items...)
	for i := range v.Items {
		v.Items[i] = mapValue(v.Items[i], change)
	}
	v.Messages = append([]datasource.Message(nil), v.Messages...)
	for i := range v.Messages {
		v.Messages[i].Value = mapValue(v.Messages[i].Value, change)
	}
	v.Points = append([]datasource.Point(nil), v.Points...)
	change(&v)
	return v
}
