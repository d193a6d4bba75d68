package ui

import (
	"testing"
	"time"

	"ticktop/ui/keymap"
	"ticktop/ui/scene"
)

// pair makes two sessions of one desk.
func pair(t *testing.T) (a, b *Model) {
	desk, _ := market()
	o := Options{Desk: desk, Width: 120, Height: 40, Theme: "dark", Clock: func() time.Time { return at }}
	a, b = New(o), New(o)
	t.Cleanup(a.Close)
	t.Cleanup(b.Close)
	return a, b
}

// TestPicturesAreShared: sessions that show the same thing have equal keys, and
// the picture of one is the screen of the other.
func TestPicturesAreShared(t *testing.T) {
	a, b := pair(t)
	for _, keys := range [][]string{{}, {"2"}, {"1", "J", "j"}, {"t"}, {"x"}, {"z"}, {"z", "s"}, {"T", "j", "enter"}, {"m", "m"}} {
		press(a, keys...)
		if len(keys) > 0 && keys[0] != "m" && a.Frame().Key == b.Frame().Key {
			t.Errorf("%v makes no difference", keys)
		}
		press(b, keys...)
		p, q := a.Frame(), b.Frame()
		if !p.Shared || !q.Shared || p.Key != q.Key || p.Key.Hash() != q.Key.Hash() {
			t.Fatalf("%v: %+v\n%+v", keys, p.Key, q.Key)
		}
		pic := p.Render(a.snap, at)
		exact(t, pic, 120, 40)
		if pic != screen(b) {
			t.Errorf("%v: the picture is not the screen", keys)
		}
	}
}

// TestPictureDoesNotChange: a Render handed out draws the same scene whatever
// its session does next.
func TestPictureDoesNotChange(t *testing.T) {
	a, _ := pair(t)
	p := a.Frame()
	before := p.Render(a.snap, at)
	press(a, "2", "x", "T", "j", "enter")
	a.Update(resized(200, 60))
	if p.Render(a.snap, at) != before {
		t.Error("it changed with its session")
	}
	if later := p.Render(a.snap, at.Add(3*time.Second)); later == before {
		t.Error("it does not follow the time")
	}
}

// TestOwnPictures: what is open makes a group of one, and closing it goes back.
func TestOwnPictures(t *testing.T) {
	a, b := pair(t)
	shared := a.Frame().Key
	for _, keys := range [][]string{{"?"}, {":"}, {"/"}, {"p"}, {"i"}, {"!"}} {
		press(a, keys...)
		press(b, keys...)
		p, q := a.Frame(), b.Frame()
		if p.Shared || q.Shared || p.Key == q.Key {
			t.Errorf("%v is shared", keys)
		}
		if got := p.Render(a.snap, at); got != screen(a) {
			t.Errorf("%v: the picture is not the screen", keys)
		}
		back := "esc"
		if keys[0] == "p" {
			back = "p"
		}
		press(a, back)
		press(b, back)
	}
	if p := a.Frame(); !p.Shared || p.Key != shared {
		t.Errorf("not back in the group: %+v", p.Key)
	}
	a.Update(resized(10, 5))
	if a.Frame().Shared {
		t.Error("a card is shared")
	}
}

// TestThousandSessionsOneRender: a panel is drawn once for all who see it.
func TestThousandSessionsOneRender(t *testing.T) {
	desk, _ := market()
	cache := NewCache(0)
	for range 1000 {
		m := New(Options{Desk: desk, Width: 120, Height: 40, Theme: "dark", Cache: cache, Clock: func() time.Time { return at }})
		screen(m)
		m.Close()
	}
	if _, misses, _ := cache.Stats(); misses != 5 {
		t.Errorf("%d panels drawn, want the 5 of the page", misses)
	}
}

// TestOtherKeysAreAnotherPicture: hints show keys, so sessions with other keys
// do not share, whoever made their Keys.
func TestOtherKeysAreAnotherPicture(t *testing.T) {
	desk, _ := market()
	with := func(remap map[string][]string) scene.Key {
		keys, err := keymap.New(remap)
		if err != nil {
			t.Fatal(err)
		}
		m := New(Options{Desk: desk, Keys: keys, Theme: "dark"})
		defer m.Close()
		return m.Frame().Key
	}
	same := map[string][]string{"pause": {"f9"}, "zoom": {"f8"}}
	if with(same) != with(map[string][]string{"zoom": {"F8"}, "pause": {"f9"}}) {
		t.Error("equal keys, other pictures")
	}
	if with(same) == with(nil) {
		t.Error("other keys, equal pictures")
	}
}
