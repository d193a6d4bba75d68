package broadcast

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
)

// BenchmarkFrameUltraviolet is the baseline of BenchmarkFrame: the renderer
// that every stock Bubble Tea session runs for itself.
func BenchmarkFrameUltraviolet(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	pics := make([]string, 16)
	for i := range pics {
		pics[i] = benchFrame(r)
	}
	var buf bytes.Buffer
	scr := uv.NewTerminalRenderer(&buf, []string{"TERM=xterm-256color", "COLORTERM=truecolor"})
	scr.SetColorProfile(colorprofile.TrueColor)
	scr.SetFullscreen(true)
	scr.SetRelativeCursor(false)
	cells := uv.NewScreenBuffer(160, 45)
	scr.Resize(160, 45)
	scr.Erase()
	b.ReportAllocs()
	n := 0
	for i := 0; b.Loop(); i++ {
		cells.Clear()
		uv.NewStyledString(pics[i%len(pics)]).Draw(cells, cells.Bounds())
		scr.Render(cells.RenderBuffer)
		if err := scr.Flush(); err != nil {
			b.Fatal(err)
		}
		n += buf.Len()
		buf.Reset()
	}
	b.ReportMetric(float64(n)/float64(b.N), "bytes/frame")
}
