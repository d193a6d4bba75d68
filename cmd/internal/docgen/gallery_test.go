package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ticktop/widgets/theme"
	"ticktop/widgets/widgettest"
)

// docs is the documentation, seen from here.
const docs = "../../../docs"

func TestMain(m *testing.M) {
	flag.Parse()
	time.Local = time.UTC
	os.Exit(m.Run())
}

// TestDocs draws the pictures anew and compares them with those in docs/img:
// they cannot show what the program does not.
func TestDocs(t *testing.T) {
	all, err := openStudio(t).drawAll()
	if err != nil {
		t.Fatal(err)
	}
	var stale []string
	for name, svg := range all {
		old, err := os.ReadFile(filepath.Join(docs, "img", name+".svg"))
		if err != nil || !bytes.Equal(old, svg) {
			stale = append(stale, name)
		}
	}
	slices.Sort(stale)
	if len(stale) > 0 {
		t.Errorf("docs/img is not what is on the screen; run make pictures and look at %s", strings.Join(stale, ", "))
	}
	files, _ := filepath.Glob(filepath.Join(docs, "img", "*.svg"))
	if len(files) != len(all) {
		t.Errorf("docs/img holds %d pictures, want %d; run make pictures", len(files), len(all))
	}
}

// TestFrames holds every page and every degraded state at three sizes, in
// colour and without, to its golden frame: go test ./cmd/internal/docgen -update
func TestFrames(t *testing.T) {
	s := openStudio(t)
	for _, p := range slices.Concat(pagePictures(), degradedPictures()) {
		for _, size := range sizes {
			for _, profile := range []theme.Profile{theme.ProfileTrue, theme.ProfileMono} {
				p.w, p.h, p.profile, p.theme = size[0], size[1], profile, theme.Default().Name
				name := fmt.Sprintf("%s-%dx%d-%s", p.name, p.w, p.h, profile)
				t.Run(name, func(t *testing.T) {
					got, err := s.draw(p)
					if err != nil {
						t.Fatal(err)
					}
					widgettest.Golden(t, filepath.Join("frames", name), got, p.w, p.h)
				})
			}
		}
	}
}

// shared is one studio for all tests: reading the tape takes longer than drawing.
var shared = sync.OnceValues(func() (*studio, error) { return newStudio("testdata") })

func openStudio(t *testing.T) *studio {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestScenesShow says of each scene what must be read on its picture: a tape on
// which a fault did not show yet is no good.
func TestScenesShow(t *testing.T) {
	s := openStudio(t)
	want := map[string][]string{
		"overview": {"EQUITY", "EURUSD", "Activity", "Watchlist"}, "health": {"redis", "pubsub", "api"},
		"state-starting": {"waiting"}, "state-unavailable": {"refused"}, "state-fallback": {"api ·", "◐"},
		"state-redis-stopped": {"refused", "api ·", "stale"}, "state-redis-hung": {"no answer"}, "state-pubsub-cut": {"pubsub"},
		"state-silent": {"quiet", "!"}, "state-wrong-type": {"wrong type"}, "state-hostile": {"␛"}, "state-storm": {"EURUSD"},
		"state-api-500": {"breaker open", "stale"}, "state-api-429": {"throttled"}, "state-api-401": {"stale", "key expired"}, "state-last-known": {"refused", "stale", "○"},
		"alerts": {"Alerts", "margin_level"}, "replay": {"REPLAY"}, "paused": {"PAUSED"}, "help": {"Getting about"}, "palette": {"acc"},
		"inspector": {"Value"}, "events": {"redis"}, "themes": {"high-contrast"}, "faults": {"stop Redis"}, "private": {"hidden"},
	}
	for _, p := range allPictures() {
		got, err := s.draw(p)
		if err != nil {
			t.Fatal(err)
		}
		widgettest.Picture(t, got, p.w, p.h)
		text := ansi.Strip(got)
		for _, word := range want[p.name] {
			if !strings.Contains(text, word) {
				t.Errorf("%s does not show %q:\n%s", p.name, word, text)
			}
		}
		delete(want, p.name)
	}
	if len(want) > 0 {
		t.Errorf("no such pictures: %v", want)
	}
}

// TestSVG: what a screen holds comes out as text and shapes at its place, and
// hostile text as text.
func TestSVG(t *testing.T) {
	screen := "\x1b[0;1;38;2;1;2;3mA<b>&\x1b[m ─╮\n\x1b[0;7mx\x1b[m \x1b[0;4;48;2;9;9;9m⣿█\x1b[m 界"
	got := string(drawSVG("a & b", screen, paper{text: 0xffffff, background: 0}))
	for _, want := range []string{
		`<title>a &amp; b</title>`, `fill="#010203"`, `class="b">A&lt;b&gt;&amp;</text>`, `fill="#090909"`,
		"h0m9 0h0", `textLength="36" lengthAdjust="spacingAndGlyphs">界</text>`, `>x</text>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.ContainsRune(got, '─') || strings.ContainsRune(got, '⣿') {
		t.Error("a shape was written as text")
	}
	d := xml.NewDecoder(strings.NewReader(got))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
