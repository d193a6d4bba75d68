package broadcast

import (
	"strings"
	"testing"
)

// pictured is a frame of 20×4 with a picture over the first cells of its second
// line.
func pictured(protocol, data, text string) string {
	return "top\n" + "ab" + imageBegin + protocol + ";6;2;" + data + imageEnd + text + "\n\nend"
}

func TestImages_Kitty(t *testing.T) {
	st := NewStyles()
	long := strings.Repeat("QUJD", 2000)
	first := Parse(nil, pictured("1", long, "x"), 20, 4, st)
	got := string(first.Diff(nil, st))
	for _, want := range []string{"abx", "\x1b[2;3H\x1b_Ga=T,f=100,q=2,C=1,z=-1,i=", ",p=1,c=6,r=2,m=1;", "\x1b_Gm=0;"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %.300q", want, got)
		}
	}
	if strings.Contains(got, "ticktop") {
		t.Error("our own sequence reaches the terminal")
	}
	if sent := strings.Count(got, "QUJD"); sent != 2000 {
		t.Errorf("%d of 2000 parts are sent", sent)
	}
	// The same picture is sent once; text beside it changes alone.
	second := Parse(first, pictured("1", long, "y"), 20, 4, st)
	if got := string(second.Diff(first, st)); strings.Contains(got, "\x1b_G") || !strings.Contains(got, "y") {
		t.Errorf("after a change of text %.200q", got)
	}
	// Another one goes in its place, and the first is taken away.
	third := Parse(second, pictured("1", "WFla", "y"), 20, 4, st)
	if got := string(third.Diff(second, st)); strings.Count(got, "a=T") != 1 || strings.Count(got, "a=d,d=I") != 1 {
		t.Errorf("another picture: %.200q", got)
	}
	// A page without it.
	last := Parse(third, "top\naby\n\nend", 20, 4, st)
	if got := string(last.Diff(third, st)); !strings.Contains(got, "a=d,d=I") || strings.Contains(got, "a=T") {
		t.Errorf("no picture any more: %.200q", got)
	}
	if got := last.Diff(last, st); got != nil {
		t.Errorf("nothing has changed: %q", got)
	}
}

func TestImages_Sixel(t *testing.T) {
	st := NewStyles()
	first := Parse(nil, pictured("2", "#0;2;0;0;0#0!6~-", "x"), 20, 4, st)
	got := string(first.Diff(nil, st))
	if !strings.Contains(got, "\x1b[2;3H\x1bP0;1q#0;2;0;0;0#0!6~-\x1b\\") || strings.LastIndex(got, "x") < strings.Index(got, "\x1bP") {
		t.Errorf("not the picture and then its text: %q", got)
	}
	second := Parse(first, pictured("2", "#0;2;0;0;0#0!6~-", "y"), 20, 4, st)
	if got := string(second.Diff(first, st)); !strings.Contains(got, "\x1bP") {
		t.Errorf("text was written over it: %q", got)
	}
	last := Parse(second, "top\naby\n\nend", 20, 4, st)
	if got := string(last.Diff(second, st)); !strings.Contains(got, "\x1b[2H\x1b[2K") || strings.Contains(got, "\x1bP") {
		t.Errorf("its cells are not erased: %q", got)
	}
}

// TestImages_Hostile: nothing but a picture's own bytes reaches a terminal, and
// what isn't one is dropped.
func TestImages_Hostile(t *testing.T) {
	st := NewStyles()
	for _, frame := range []string{
		pictured("1", "QUJD;a=d\x07", "x"), pictured("1", "\x1b]52;c;AAAA\x07", "x"), pictured("2", "~\x9c~", "x"), pictured("3", "QUJD", "x"),
		pictured("1", "", "x"), "ab" + imageBegin + "1;99999999;2;QUJD" + imageEnd, "ab" + imageBegin + "1;-1;2;QUJD" + imageEnd,
		"ab" + imageBegin + "1;6;2;QUJD", "ab" + imageBegin + imageEnd, "ab" + imageBegin + "1;6;60;QUJD" + imageEnd, "ab" + imageBegin + "1;19;1;QUJD" + imageEnd,
	} {
		got := string(Parse(nil, frame, 20, 4, st).Diff(nil, st))
		for _, bad := range []string{"\x1b_", "\x1bP", "\x1b]", "\x07", "\x9c"} {
			if strings.Contains(got, bad) {
				t.Errorf("%q sends %q", frame, got)
			}
		}
	}
}

func FuzzImages(f *testing.F) {
	f.Add(pictured("1", "QUJD", "x"))
	f.Add(pictured("2", "~-", "x"))
	f.Fuzz(func(t *testing.T, frame string) {
		st := NewStyles()
		s := Parse(nil, frame, 20, 4, st)
		for _, img := range s.images() {
			if img.x+img.w > 20 || img.y+img.h > 4 || !validImage(img.protocol, img.data) {
				t.Errorf("%q has the picture %+v", frame, img)
			}
		}
		if got := string(s.Diff(nil, st)); strings.Contains(got, "\x1b]") || strings.Contains(got, "_ticktop") && strings.Contains(got, imageBegin) {
			t.Errorf("%q sends %q", frame, got)
		}
	})
}
