package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"time"

	"github.com/klauspost/compress/zstd"
)

// file is an opened recording: its frames, read one at a time.
type file struct {
	r       io.ReaderAt
	size    int64
	plain   bool // not compressed: one frame
	spans   []span
	starts  []int64 // time of each frame's first line; -1 until looked at
	Header  Header
	end     int64 // time of the last line
	damaged bool
}

// maxTime is the latest time of a line, ten years: far enough from overflow for
// every sum made with it.
const maxTime = int64(10 * 365 * 24 * time.Hour)

// openFile reads the index, the header and the last frame.
func openFile(r io.ReaderAt, size int64) (*file, error) {
	f := &file{r: r, size: size}
	var b [1]byte
	if _, err := r.ReadAt(b[:], 0); err == nil && b[0] == '{' {
		f.plain, f.spans = true, []span{{0, size, true}}
	} else {
		f.spans, f.damaged = index(r, size)
	}
	if len(f.spans) == 0 {
		return nil, errors.New("not a ticktop recording")
	}
	f.starts = make([]int64, len(f.spans))
	for i := range f.starts {
		f.starts[i] = -1
	}
	first, err := f.frame(0)
	if err != nil {
		return nil, err
	}
	f.Header = first.header
	last := f.lastFrame(first)
	if len(last.lines) == 0 {
		return nil, errors.New("recording is empty")
	}
	f.end = last.lines[len(last.lines)-1].T
	f.damaged = f.damaged || last.damaged
	return f, nil
}

// lastFrame returns the last frame with lines in it, and forgets those behind
// it: a frame that was cut off at once holds nothing.
func (f *file) lastFrame(first *chunk) *chunk {
	for n := len(f.spans) - 1; n > 0; n-- {
		if c, err := f.frame(n); err == nil && len(c.lines) > 0 {
			return c
		}
		f.spans, f.damaged = f.spans[:n], true
	}
	return first
}

// chunk is one decompressed frame.
type chunk struct {
	header  Header
	lines   []line
	damaged bool // it ends early, or lines of it could not be read
}

// frame reads frame i. An error means that it has no header; what cannot be
// read behind one is damage.
func (f *file) frame(i int) (*chunk, error) {
	c, err := f.read(i, maxFrame)
	if err == nil && len(c.lines) > 0 {
		f.starts[i] = c.lines[0].T
	}
	return c, err
}

// read reads up to most lines of frame i.
func (f *file) read(i, most int) (*chunk, error) {
	s := f.spans[i]
	var src io.Reader = io.NewSectionReader(f.r, s.off, s.end-s.off)
	if !f.plain {
		z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderMaxMemory(maxFrame))
		if err != nil {
			return nil, fmt.Errorf("read recording: %w", err)
		}
		defer z.Close()
		src = z
	}
	c, err := readChunk(io.LimitReader(src, maxFrame+1), most)
	if err != nil {
		return nil, err
	}
	c.damaged = c.damaged || !s.whole
	return c, nil
}

// readChunk reads a header and up to most lines, or to where it breaks off.
func readChunk(r io.Reader, most int) (*chunk, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	c := &chunk{}
	b, err := readLine(br)
	if err != nil && len(b) == 0 {
		return nil, errors.New("not a ticktop recording")
	}
	if c.header, err = parseHeader(b); err != nil {
		return nil, err
	}
	last, total := int64(0), len(b)
	for len(c.lines) < most {
		b, err := readLine(br)
		if total += len(b); total > maxFrame || len(c.lines) == maxLines {
			c.damaged = true
			return c, nil
		}
		switch {
		case bytes.HasPrefix(b, []byte(`{"ticktop"`)): // frames that were joined by decompressing them
		case len(b) > 0 || err == nil:
			last = c.add(b, last)
		}
		if err != nil {
			c.damaged = c.damaged || !errors.Is(err, io.EOF)
			return c, nil
		}
	}
	return c, nil
}

// add parses one line, which is not before the last one, and returns its time.
func (c *chunk) add(b []byte, last int64) int64 {
	var l line
	if err := json.Unmarshal(b, &l); err != nil || l.N < 0 {
		c.damaged = true
		return last
	}
	l.T = min(max(l.T, last), maxTime)
	c.lines = append(c.lines, l)
	return l.T
}

// readLine returns one line without its end; bytes with an error are of a line
// that breaks off.
func readLine(br *bufio.Reader) ([]byte, error) {
	var b []byte
	for {
		part, err := br.ReadSlice('\n')
		b = append(b, part...)
		switch {
		case len(b) > maxLine:
			return b, errors.New("line too long")
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return b, err
		}
		return b[:len(b)-1], nil
	}
}

// start is the time at which frame i begins.
func (f *file) start(i int) int64 {
	if i == 0 {
		return 0
	}
	if f.starts[i] < 0 {
		c, err := f.read(i, 1)
		if err != nil || len(c.lines) == 0 {
			f.starts[i], f.damaged = f.end, true
			return f.end
		}
		f.starts[i] = c.lines[0].T
	}
	return f.starts[i]
}

// find returns the last frame that begins at t or before.
func (f *file) find(t int64) int {
	n := sort.Search(len(f.spans)-1, func(i int) bool { return f.start(i+1) > t })
	return n
}

// openPath opens a recording for reading.
func openPath(path string) (*file, *os.File, error) {
	fd, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := fd.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		_ = fd.Close()
		return nil, nil, err
	}
	f, err := openFile(fd, info.Size())
	if err != nil {
		_ = fd.Close()
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, fd, nil
}
