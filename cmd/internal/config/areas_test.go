package config

import (
	"fmt"
	"strings"
	"testing"

	"ticktop/ui/layout"
)

// TestAreas_Mistakes: what is wrong with an area is said at its place.
func TestAreas_Mistakes(t *testing.T) {
	const page = `
data: {a: {string: a}, b: {string: b}}
pages:
  - name: One
    rows: [{widgets: [{type: text, data: a, name: left}, {type: text, data: b, name: right}]}]
    areas:
`
	for _, c := range []struct{ areas, want string }{
		{"      - {min: 100x30, rows: [{columns: [left, right]}]}", ""},
		{"      - {min: 100×30, rows: [{columns: [[left, right]]}]}", ""},
		{"      - {min: 100x30, rows: [{columns: [{width: 30%, panels: [left]}, {panels: [right], parts: [2]}]}]}", ""},
		{"      - {rows: [{columns: [left]}]}", "an area needs min"},
		{"      - {min: large, rows: [{columns: [left]}]}", "is not the size of a screen"},
		{"      - {min: 100x30, rows: [{columns: [lft]}]}", `no panel with name: "lft"`},
		{"      - {min: 100x30, rows: [{columns: [left, left]}]}", "is there twice"},
		{"      - {min: 100x30}", "an area needs rows"},
		{"      - {min: 100x30, rows: [{columns: [left, {width: 30}]}]}", "a column needs panels"},
		{"      - {min: 100x30, rows: [{columns: [{panel: left}]}]}", `unknown key "panel"`},
	} {
		_, err := Parse("test.yaml", []byte(page+c.areas+"\n"), Options{Env: envOf(t)})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.areas, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", c.areas, err, c.want)
		}
	}
}

// TestAreas_BuiltInAtEverySize: whatever the screen, the built-in pages tile it,
// the panels that matter most are on it, and no panel is lower or narrower than
// it can be read.
func TestAreas_BuiltInAtEverySize(t *testing.T) {
	c, err := Parse(BuiltIn, nil, Options{Env: envOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := c.Pages(c.Vars, nil)
	if err != nil {
		t.Fatal(err)
	}
	for p := range pages[:1] {
		for h := layout.MinHeight; h <= 90; h++ {
			for w := layout.MinWidth; w <= 300; w += 4 {
				if problem := problemOf(&pages[p], w, h); problem != "" {
					t.Fatalf("%s at %d×%d: %s", pages[p].Name, w, h, problem)
				}
			}
		}
	}
}

func problemOf(page *layout.Page, w, h int) string {
	plan := layout.Arrange(page, layout.Rect{Y: 1, W: w, H: h - 2}, layout.ClassOf(w, h), -1)
	cells := 0
	kinds := map[string]bool{}
	for _, s := range plan.Slots {
		kind := s.Widget.Kind()
		kinds[kind] = true
		cells += s.Rect.W * s.Rect.H
		low, narrow := 5, 24
		if kind == "figures" {
			low, narrow = 2, 60
		}
		if s.Rect.H < low || s.Rect.W < narrow {
			return fmt.Sprintf("%s has %d×%d", kind, s.Rect.W, s.Rect.H)
		}
	}
	switch {
	case cells != w*(h-2):
		return fmt.Sprintf("%d of %d cells are covered", cells, w*(h-2))
	case !kinds["quotes"] || !kinds["figures"]:
		return fmt.Sprint("shows only ", kinds)
	case w >= 80 && h >= 24 && (!kinds["candles"] || !kinds["positions"]):
		return fmt.Sprint("shows only ", kinds)
	case w >= 120 && h >= 40 && (!kinds["area"] || !kinds["feed"]):
		return fmt.Sprint("shows only ", kinds)
	}
	return ""
}
