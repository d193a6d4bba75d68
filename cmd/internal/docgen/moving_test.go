package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"ticktop/widgets/theme"
)

// TestMoving_ShowsOneLookOfEachRow: at every moment each row of the screen is
// shown in exactly one way, and without animation the first frame is.
func TestMoving_ShowsOneLookOfEachRow(t *testing.T) {
	frames := []string{"same\nA\nx", "same\nB\nx", "same\nA\n", "same\nC\nx"}
	holds := []time.Duration{time.Second, 2 * time.Second, time.Second, time.Second}
	got := moving("a <title>", frames, holds, paperOf(theme.Default().Name, theme.ProfileTrue))
	if n := strings.Count(string(got), ">same</text>"); n != 1 {
		t.Errorf("a row that stays is drawn %d times", n)
	}
	for i, at := range []float64{0.5, 2, 3.5, 4.5} {
		want := []string{"A", "B", "A", "C"}[i]
		if shown := shownAt(t, got, at/5); shown != want {
			t.Errorf("at %.1f s %q is shown, want %q", at, shown, want)
		}
	}
	if first := shownAt(t, got, -1); first != "A" {
		t.Errorf("without animation %q is shown", first)
	}
}

// shownAt is the letters of A, B and C that are visible at a part of the loop;
// below zero: as the file has them.
func shownAt(t *testing.T, svg []byte, part float64) (shown string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	visible := []bool{true}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return shown
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			now := visible[len(visible)-1]
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
			}
			if attr["visibility"] == "hidden" {
				now = false
			}
			if e.Name.Local == "animate" && part >= 0 {
				values, times := strings.Split(attr["values"], ";"), strings.Split(attr["keyTimes"], ";")
				for i := range values {
					if from, _ := strconv.ParseFloat(times[i], 64); from <= part {
						visible[len(visible)-1] = values[i] == "visible"
					}
				}
				now = visible[len(visible)-1]
			}
			visible = append(visible, now)
		case xml.EndElement:
			visible = visible[:len(visible)-1]
		case xml.CharData:
			if text := strings.TrimSpace(string(e)); visible[len(visible)-1] && strings.Contains("ABC", text) {
				shown += text
			}
		}
	}
}

// TestMoving_OfTheTape: the picture is small, well formed, and the same each
// time it is drawn.
func TestMoving_OfTheTape(t *testing.T) {
	if testing.Short() {
		t.Skip("draws many frames")
	}
	s := openStudio(t)
	got, err := s.drawMoving()
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.drawMoving()
	if err != nil || !bytes.Equal(got, again) {
		t.Errorf("not the same each time, %v", err)
	}
	if len(got) > maxMoving {
		t.Errorf("%d bytes", len(got))
	}
	for d := xml.NewDecoder(bytes.NewReader(got)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if dir := os.Getenv("TICKTOP_LOOK"); dir != "" {
		if err := os.WriteFile(dir+"/ticktop.svg", got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
