package ui

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"ticktop/ui/layout"
	"ticktop/ui/scene"
)

func arranged(p *layout.Page, a Arrangement, w, h int) layout.Plan {
	return layout.Arrange(a.apply(p), layout.Rect{Y: 1, W: w, H: h - 2}, layout.ClassOf(w, h), -1)
}

// TestArrangement_HidesMovesResizes: what the user changes is what is seen, and
// every other panel keeps its place.
func TestArrangement_HidesMovesResizes(t *testing.T) {
	desk, _ := market()
	page := &desk.dash.Pages[0]
	names := panelNames(page)
	if len(names) < 3 {
		t.Fatal("a page of the tests has too few panels")
	}
	plain := arranged(page, Arrangement{}, 160, 45)
	hidden := arranged(page, Arrangement{Hidden: names[1:2]}, 160, 45)
	if hidden.Find(1) >= 0 || hidden.Find(0) < 0 {
		t.Error("the hidden panel is there, or another one is not")
	}
	a := Arrangement{}
	if !a.move(names, 0, 1) || a.move(names, 0, -1) || a.move(names, len(names)-1, 1) {
		t.Error("moves beyond the ends")
	}
	moved := arranged(page, a, 160, 45)
	if moved.Slots[moved.Find(0)].Rect != plain.Slots[plain.Find(1)].Rect {
		t.Errorf("the panel did not take the place of its neighbour: %v, %v", moved.Slots, plain.Slots)
	}
	for range 50 {
		a.grow(names[0], 1)
	}
	if a.Size[names[0]] != maxSize {
		t.Errorf("grown by %d", a.Size[names[0]])
	}
}

// TestArrangement_AnyFitsAnyPage: an arrangement of another configuration, or a
// broken one, leaves a page that tiles the screen.
func TestArrangement_AnyFitsAnyPage(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	desk, _ := market()
	dash := desk.dash
	for range 500 {
		page := &dash.Pages[rng.IntN(len(dash.Pages))]
		names := append(panelNames(page), "gone/Gone", "")
		a := Arrangement{Size: map[string]int{}}
		for range rng.IntN(4) {
			a.Hidden = append(a.Hidden, names[rng.IntN(len(names))])
		}
		for range rng.IntN(2) * (len(names) - 2) {
			a.Order = append(a.Order, names[rng.IntN(len(names))])
		}
		a.Size[names[rng.IntN(len(names))]] = rng.IntN(1000) - 500
		text, err := json.Marshal(a)
		var back Arrangement
		if err != nil || json.Unmarshal(text, &back) != nil {
			t.Fatalf("%s, %v", text, err)
		}
		w, h := 60+rng.IntN(240), 16+rng.IntN(70)
		plan, cells := arranged(page, back, w, h), 0
		for _, s := range plan.Slots {
			cells += s.Rect.W * s.Rect.H
		}
		if len(plan.Slots) > 0 && cells != w*(h-2) {
			t.Fatalf("%s at %d×%d covers %d of %d cells", text, w, h, cells, w*(h-2))
		}
		if n := len(scene.PageWidgets(page)); len(plan.Slots) == 0 && len(slices.Compact(slices.Sorted(slices.Values(back.Hidden)))) < n {
			t.Fatalf("%s at %d×%d shows nothing", text, w, h)
		}
	}
}
