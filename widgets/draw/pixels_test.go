package draw

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"strings"
	"testing"

	"ticktop/datasource"
	"ticktop/widgets/theme"
)

func pixelPanel(pal *theme.Palette) string {
	p := NewPanel(pal, 24, 6, Head{Title: datasource.Clean("Chart", 0)})
	plot := NewPlot(pal, 20, 4)
	for x := range 20 {
		plot.Put(x, 1, '┈', theme.Axis)
	}
	spans := make([]Span, 40)
	for i := range spans {
		v := float64(i % 7)
		spans[i] = Span{Lo: v, Hi: v, In: v, Out: v, Set: true}
	}
	plot.Area(0, 0, 20, 4, spans, 0, 0, 7, theme.UpDim)
	plot.Line(0, 0, 20, 4, spans, 0, 7, theme.Up)
	plot.Candle(3, 0, 4, 2, 0.1, 0.3, 0.6, 0.9, theme.Down)
	plot.Text(0, 0, "label", theme.Text)
	for y := range 4 {
		p.Plot(plot, y)
		p.EndLine()
	}
	return p.String()
}

// TestPixels: what is lines becomes a picture of the size of its cells, what is
// text stays, and a terminal without pixels gets none.
func TestPixels(t *testing.T) {
	plain := theme.Compile(nil, theme.ProfileTrue, theme.Braille)
	if got := pixelPanel(plain); strings.Contains(got, "\x1b_") {
		t.Error("a picture for a terminal that shows none")
	}
	got := pixelPanel(plain.With(theme.Graphics{Protocol: theme.Kitty, CellW: 9, CellH: 18}))
	_, rest, _ := strings.Cut(got, PictureBegin)
	data, rest, ok := strings.Cut(rest, PictureEnd)
	if !ok || strings.Contains(rest, PictureBegin) {
		t.Fatalf("not one picture: %.80q", got)
	}
	parts := strings.SplitN(data, ";", 4)
	if len(parts) != 4 || parts[0] != "1" || parts[1] != "20" || parts[2] != "4" {
		t.Fatalf("its head is %q", parts[:min(len(parts), 3)])
	}
	raw, err := base64.StdEncoding.DecodeString(parts[3])
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil || img.Bounds().Dx() != 180 || img.Bounds().Dy() != 72 {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	if _, _, _, a := img.At(90, 70).RGBA(); a == 0 {
		t.Error("the area is not drawn")
	}
	if strings.ContainsAny(rest, "┈⠁⣀") || !strings.Contains(rest, "label") {
		t.Errorf("beside the picture: %q", rest)
	}
	sixels := pixelPanel(plain.With(theme.Graphics{Protocol: theme.Sixel, CellW: 6, CellH: 13}))
	if !strings.Contains(sixels, PictureBegin+"2;20;4;") {
		t.Errorf("no sixels: %.80q", sixels)
	}
}

// TestPixels_WhereTheyHelp: without colours, and with symbols of 7 bits, there
// aren't.
func TestPixels_WhereTheyHelp(t *testing.T) {
	g := theme.Graphics{Protocol: theme.Kitty}
	for _, p := range []*theme.Palette{theme.Compile(nil, theme.ProfileMono, theme.Braille), theme.Compile(nil, theme.ProfileTrue, theme.ASCII),
		theme.Compile(nil, theme.Profile16, theme.Braille), theme.Compile(nil, theme.ProfileNone, theme.Braille)} {
		if p.With(g) != p {
			t.Errorf("%v, %v: pixels", p.Profile, p.Symbols)
		}
	}
	p := theme.Compile(nil, theme.ProfileTrue, theme.Braille)
	if first, again := p.With(g), p.With(g); first != again || first == p {
		t.Error("the palette for pixels is not one")
	}
}

func BenchmarkPixels(b *testing.B) {
	pal := theme.Compile(nil, theme.ProfileTrue, theme.Braille).With(theme.Graphics{Protocol: theme.Kitty, CellW: 10, CellH: 20})
	b.ReportAllocs()
	for b.Loop() {
		pixelPanel(pal)
	}
}
