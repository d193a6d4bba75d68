package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ticktop/widgets/theme"
)

// moment is one frame of the moving picture: what is on the screen, for how long.
type moment struct {
	picture
	tick int // how many seconds of the tape after the live scene
	hold time.Duration
}

// The moving picture's size: what a README shows without being scaled down much.
const (
	movingW = 120
	movingH = 36
)

// movingName is the picture at the top of the README.
const movingName = "ticktop"

// maxMoving bounds the file: it is loaded with the page.
const maxMoving = 1 << 20

// story is what the moving picture shows: ticks on the desk, another symbol, the
// crosshair, the symbol's page, the market, and Redis that goes away.
func story() []moment {
	var out []moment
	tick := 0
	add := func(hold time.Duration, scene, page string, keys ...string) {
		out = append(out, moment{picture{scene: scene, page: page, keys: keys, w: movingW, h: movingH, theme: theme.Default().Name, profile: theme.ProfileTrue}, tick, hold})
	}
	next := func(hold time.Duration, page string, keys ...string) { add(hold, "live", page, keys...); tick++ }
	for range 4 {
		next(900*time.Millisecond, "Desk")
	}
	var keys []string
	for range 5 {
		keys = append(keys, "j")
		add(350*time.Millisecond, "live", "Desk", keys...)
	}
	next(900*time.Millisecond, "Desk", keys...)
	keys = append(keys, "L")
	for range 6 {
		keys = append(keys, "left")
		add(300*time.Millisecond, "live", "Desk", keys...)
	}
	next(1500*time.Millisecond, "Desk", keys...)
	for range 2 {
		next(1300*time.Millisecond, "Desk", "j", "j", "j", "j", "j", "enter")
	}
	for range 2 {
		next(1300*time.Millisecond, "Market")
	}
	add(3*time.Second, "redis-stopped", "Desk")
	add(1500*time.Millisecond, "healed", "Desk")
	return out
}

// drawMoving draws the moving picture.
func (s *studio) drawMoving() ([]byte, error) {
	var frames []string
	var holds []time.Duration
	for i, sh := range story() {
		screen, err := s.drawMoment(sh)
		if err != nil {
			return nil, fmt.Errorf("moment %d: %w", i, err)
		}
		if n := len(frames); n > 0 && frames[n-1] == screen {
			holds[n-1] += sh.hold
			continue
		}
		frames, holds = append(frames, screen), append(holds, sh.hold)
	}
	out := moving("ticktop on simulated data: quotes tick, a symbol is selected and read off the chart, its page opens, Redis is stopped and comes back",
		frames, holds, paperOf(theme.Default().Name, theme.ProfileTrue))
	if len(out) > maxMoving {
		return nil, fmt.Errorf("the moving picture has %d bytes, more than %d", len(out), maxMoving)
	}
	return out, nil
}

// drawMoment draws one frame, of the second of the tape that it is about.
func (s *studio) drawMoment(sh moment) (string, error) {
	for tick := sh.tick; sh.scene == "live" && tick > 0; tick-- {
		if s.scenes[liveAt(tick)] != nil { // the tape may end before
			sh.scene = liveAt(tick)
		}
	}
	return s.draw(sh.picture)
}

// liveAt is the name of the scene so many seconds after the live one.
func liveAt(seconds int) string { return "live+" + strconv.Itoa(seconds) }

// span is a time in which a row looks the same, in frames.
type span struct{ from, to int }

// moving draws frames as one SVG. Each row of the screen is drawn once for each
// way that it looks, and shown when it looks so: what does not change is there
// once. Where nothing moves, in a reader without animation, the first frame is
// what is seen.
func moving(title string, frames []string, holds []time.Duration, p paper) []byte {
	var total time.Duration
	starts := make([]float64, len(frames)+1)
	for i, h := range holds {
		total += h
		starts[i+1] = total.Seconds()
	}
	rows := make([][][]cell, len(frames)) // by frame
	height, width := 0, 0
	for i, frame := range frames {
		rows[i] = cutCells(frame)
		height = max(height, len(rows[i]))
		for _, row := range rows[i] {
			width = max(width, len(row))
		}
	}
	w, h := width*cellW+2*margin, height*cellH+2*margin
	var b bytes.Buffer
	openSVG(&b, title, w, h, p)
	for y := range height {
		var looks [][]cell
		spans := map[int][]span{}
		for i := range frames {
			var row []cell
			if y < len(rows[i]) {
				row = rows[i][y]
			}
			at := slices.IndexFunc(looks, func(l []cell) bool { return slices.Equal(l, row) })
			if at < 0 {
				at = len(looks)
				looks = append(looks, row)
			}
			if n := len(spans[at]); n > 0 && spans[at][n-1].to == i {
				spans[at][n-1].to = i + 1
			} else {
				spans[at] = append(spans[at], span{i, i + 1})
			}
		}
		for at, row := range looks {
			s := sheet{paper: p, inks: map[inkKey]*ink{}}
			s.drawRow(row, margin+y*cellH)
			if len(looks) == 1 {
				s.write(&b)
				continue
			}
			var body bytes.Buffer
			s.write(&body)
			if body.Len() == 0 {
				continue
			}
			hidden := ""
			if at > 0 {
				hidden = ` visibility="hidden"`
			}
			fmt.Fprintf(&b, "<g%s>%s\n", hidden, animation(spans[at], starts))
			b.Write(body.Bytes())
			b.WriteString("</g>\n")
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// animation shows its element during spans, again and again.
func animation(spans []span, starts []float64) string {
	total := starts[len(starts)-1]
	var values, times []string
	add := func(value string, frame int) {
		values = append(values, value)
		times = append(times, strconv.FormatFloat(starts[frame]/total, 'f', 4, 64))
	}
	if spans[0].from > 0 {
		add("hidden", 0)
	}
	for _, s := range spans {
		add("visible", s.from)
		if s.to < len(starts)-1 {
			add("hidden", s.to)
		}
	}
	return fmt.Sprintf(`<animate attributeName="visibility" calcMode="discrete" dur="%ss" repeatCount="indefinite" values="%s" keyTimes="%s"/>`,
		strconv.FormatFloat(total, 'f', 2, 64), strings.Join(values, ";"), strings.Join(times, ";"))
}

// openSVG writes what a picture begins with.
func openSVG(b *bytes.Buffer, title string, w, h int, p paper) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" xml:space="preserve">`+"\n", w/2, h/2, w, h)
	b.WriteString("<title>")
	_ = xml.EscapeText(b, []byte(title)) // a Buffer does not fail
	b.WriteString("</title>\n")
	b.WriteString(`<style>text{font:30px ui-monospace,"DejaVu Sans Mono",SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}.b{font-weight:700}.u{text-decoration:underline}</style>` + "\n")
	fmt.Fprintf(b, `<rect width="%d" height="%d" rx="12" fill="%s"/>`+"\n", w, h, hexColour(p.background))
}
