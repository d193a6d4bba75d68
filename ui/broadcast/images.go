package broadcast

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// Images: a chart of a terminal that shows pixels is in its panel's first
// line, behind imageBegin, as widgets/draw writes it. This is the only place
// that sends one to a terminal, and nothing of it is sent but what an image is
// made of.
const (
	imageBegin = "\x1b_ticktop;"
	imageEnd   = "\x1b\\"
)

// The protocols, as widgets/theme numbers them.
const (
	protocolKitty = '1'
	protocolSixel = '2'
)

// maxImage bounds one image.
const maxImage = 256 << 10

// image is a bitmap over cells of the screen.
type image struct {
	x, y, w, h int
	protocol   byte
	data       string
	id         uint32 // by its data and place: equal ones are the same
}

// imageAt reads the image that s begins with and how many bytes it takes; ok
// is false when there isn't one. What is malformed is taken, and dropped.
func imageAt(s string) (img image, size int, ok bool) {
	if !strings.HasPrefix(s, imageBegin) {
		return img, 0, false
	}
	end := strings.Index(s, imageEnd)
	if end < 0 || end > maxImage+64 {
		return img, 0, false
	}
	size = end + len(imageEnd)
	parts := strings.SplitN(s[len(imageBegin):end], ";", 4)
	if len(parts) != 4 || len(parts[0]) != 1 {
		return img, size, false
	}
	img.protocol, img.data = parts[0][0], strings.Clone(parts[3]) // not the frame that it is a part of
	var err [2]error
	img.w, err[0] = strconv.Atoi(parts[1])
	img.h, err[1] = strconv.Atoi(parts[2])
	ok = err[0] == nil && err[1] == nil && img.w > 0 && img.h > 0 && img.w <= 1000 && img.h <= 1000 && img.data != "" && validImage(img.protocol, img.data)
	return img, size, ok
}

// validImage reports whether data is nothing but base64, or nothing but what
// sixels are made of.
func validImage(protocol byte, data string) bool {
	for i := range len(data) {
		c := data[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		switch protocol {
		case protocolKitty:
			if !letter && c != '+' && c != '/' && c != '=' {
				return false
			}
		case protocolSixel:
			if c < '!' || c > '~' {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// images returns the images of a screen.
func (s *Screen) images() []image {
	if s == nil {
		return nil
	}
	var out []image
	for y := range s.lines {
		for _, img := range s.lines[y].images {
			if img.y = y; img.x+img.w <= s.W && img.y+img.h <= s.H {
				img.id = img.hash()
				out = append(out, img)
			}
		}
	}
	return out
}

func (img *image) hash() uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(img.data))
	for _, n := range [...]int{img.x, img.y, img.w, img.h} {
		_, _ = h.Write([]byte{byte(n), byte(n >> 8)})
	}
	return h.Sum32()&0x7fffffff | 1
}

// drawImages sends the images of s that a terminal showing from has not, and takes
// away those that s has not. The text of both is right already.
func (w *writer) drawImages(s, from *Screen, full bool) {
	now, before := s.images(), from.images()
	if len(now) == 0 && len(before) == 0 {
		return
	}
	has := func(list []image, id uint32) bool {
		for i := range list {
			if list[i].id == id {
				return true
			}
		}
		return false
	}
	for i := range now {
		img := &now[i]
		switch {
		case img.protocol == protocolSixel:
			if full || !has(before, img.id) || w.touched(s, from, img) {
				w.writeSixel(s, img)
			}
		case full || !has(before, img.id):
			w.writeKitty(img)
		}
	}
	for i := range before {
		if img := &before[i]; img.protocol == protocolKitty && !has(now, img.id) {
			w.beginSync()
			w.raw("\x1b_Ga=d,d=I,q=2,i=" + strconv.FormatUint(uint64(img.id), 10) + "\x1b\\")
		}
	}
}

// beginSync starts a frame that has no text to change.
func (w *writer) beginSync() {
	if len(w.buf) == 0 {
		w.raw(syncBegin + "\x1b[m")
	}
}

// maxChunk is how much of an image one sequence of the Kitty protocol carries.
const maxChunk = 4096

// writeKitty sends an image below the text at its cells, in chunks; the terminal
// answers nothing and the cursor stays.
func (w *writer) writeKitty(img *image) {
	w.beginSync()
	w.moveTo(img.y, img.x)
	data := img.data
	for first := true; first || data != ""; first = false {
		n := min(len(data), maxChunk)
		more := "0"
		if n < len(data) {
			more = "1"
		}
		w.raw("\x1b_G")
		if first {
			w.raw("a=T,f=100,q=2,C=1,z=-1,i=" + strconv.FormatUint(uint64(img.id), 10) +
				",p=1,c=" + strconv.Itoa(img.w) + ",r=" + strconv.Itoa(img.h) + ",")
		}
		w.raw("m=" + more + ";" + data[:n] + "\x1b\\")
		data = data[n:]
	}
}

// touched reports whether text was written where an image is.
func (w *writer) touched(s, from *Screen, img *image) bool {
	for y := img.y; y < img.y+img.h; y++ {
		l, old := &s.lines[y], &from.lines[y]
		if l.sum == old.sum {
			continue
		}
		for x := max(img.x-maxGap-1, 0); x < min(img.x+img.w+1, s.W); x++ {
			if !sameCell(l, old, x) {
				return true
			}
		}
	}
	return false
}

// writeSixel sends an image over its cells, and then the text that is on it.
func (w *writer) writeSixel(s *Screen, img *image) {
	w.beginSync()
	w.setStyle(0)
	for y := img.y; y < img.y+img.h; y++ { // what was there before would show through
		w.moveTo(y, img.x)
		w.raw("\x1b[" + strconv.Itoa(img.w) + "X")
	}
	w.moveTo(img.y, img.x)
	w.raw("\x1bP0;1q" + img.data + "\x1b\\")
	for y := img.y; y < img.y+img.h; y++ {
		l := &s.lines[y]
		for x := img.x; x < img.x+img.w; x++ {
			if w.blank(l.cells[x]) || l.cells[x].r == 0 {
				continue
			}
			end := x + 1
			for end < img.x+img.w && !w.blank(l.cells[end]) {
				end++
			}
			w.moveTo(y, x)
			w.writeCells(y, l, x, end)
			x = end
		}
	}
}

// blank reports whether nothing of a cell is seen: a space without a ground.
func (w *writer) blank(c cell) bool {
	return c.r == ' ' && (c.style == 0 || !strings.Contains(w.styles[c.style], ";48;"))
}

// clearSixels erases the rows of images that s has not: text that is written
// over them covers no more than its own cells.
func (s *Screen) clearSixels(from *Screen) map[int]bool {
	before := from.images()
	if len(before) == 0 {
		return nil
	}
	rows := map[int]bool{}
	now := s.images()
	for i := range before {
		img := &before[i]
		if img.protocol != protocolSixel {
			continue
		}
		kept := false
		for j := range now {
			kept = kept || now[j].x == img.x && now[j].y == img.y && now[j].w == img.w && now[j].h == img.h
		}
		for y := img.y; y < img.y+img.h && !kept; y++ {
			rows[y] = true
		}
	}
	return rows
}
