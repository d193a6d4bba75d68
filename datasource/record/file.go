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

// file is an opened recording: its blocks, read one at a time.
type file struct {
	r           io.ReaderAt
	size        int64
	plain       bool // not compressed: one block
	blocks      []blockSpan
	blockStarts []int64 // time of each block's first line; -1 until looked at
	Header      Header
	end         int64 // time of the last line
	damaged     bool
}

// maxTime is the latest time of a line, ten years: far enough from overflow for
// every sum made with it.
const maxTime = int64(10 * 365 * 24 * time.Hour)

// openFile reads the index, the header and the last block.
func openFile(r io.ReaderAt, size int64) (*file, error) {
	f := &file{r: r, size: size}
	var b [1]byte
	if _, err := r.ReadAt(b[:], 0); err == nil && b[0] == '{' {
		f.plain, f.blocks = true, []blockSpan{{0, size, true}}
	} else {
		f.blocks, f.damaged = findBlocks(r, size)
	}
	if len(f.blocks) == 0 {
		return nil, errors.New("not a ticktop recording")
	}
	f.blockStarts = make([]int64, len(f.blocks))
	for i := range f.blockStarts {
		f.blockStarts[i] = -1
	}
	first, err := f.readBlock(0)
	if err != nil {
		return nil, err
	}
	f.Header = first.header
	last := f.lastBlock(first)
	if len(last.lines) == 0 {
		return nil, errors.New("recording is empty")
	}
	f.end = last.lines[len(last.lines)-1].T
	f.damaged = f.damaged || last.damaged
	return f, nil
}

// lastBlock returns the last block with lines in it, and forgets those behind
// it: a block that was cut off at once holds nothing.
func (f *file) lastBlock(first *blockContent) *blockContent {
	for n := len(f.blocks) - 1; n > 0; n-- {
		if c, err := f.readBlock(n); err == nil && len(c.lines) > 0 {
			return c
		}
		f.blocks, f.damaged = f.blocks[:n], true
	}
	return first
}

// blockContent is one decompressed block.
type blockContent struct {
	header  Header
	lines   []line
	damaged bool // it ends early, or lines of it could not be read
}

// readBlock reads block i. An error means that it has no header; what cannot be
// read behind one is damage.
func (f *file) readBlock(i int) (*blockContent, error) {
	c, err := f.readLines(i, maxBlock)
	if err == nil && len(c.lines) > 0 {
		f.blockStarts[i] = c.lines[0].T
	}
	return c, err
}

// readLines reads up to most lines of block i.
func (f *file) readLines(i, most int) (*blockContent, error) {
	s := f.blocks[i]
	var src io.Reader = io.NewSectionReader(f.r, s.off, s.end-s.off)
	if !f.plain {
		z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderMaxMemory(maxBlock))
		if err != nil {
			return nil, fmt.Errorf("read recording: %w", err)
		}
		defer z.Close()
		src = z
	}
	c, err := readContent(io.LimitReader(src, maxBlock+1), most)
	if err != nil {
		return nil, err
	}
	c.damaged = c.damaged || !s.whole
	return c, nil
}

// readContent reads a header and up to most lines, or to where it breaks off.
func readContent(r io.Reader, most int) (*blockContent, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	c := &blockContent{}
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
		if total += len(b); total > maxBlock || len(c.lines) == maxLines {
			c.damaged = true
			return c, nil
		}
		switch {
		case bytes.HasPrefix(b, []byte(`{"ticktop"`)): // blocks that were joined by decompressing them
		case len(b) > 0 || err == nil:
			last = c.addLine(b, last)
		}
		if err != nil {
			c.damaged = c.damaged || !errors.Is(err, io.EOF)
			return c, nil
		}
	}
	return c, nil
}

// addLine parses one line, which is not before the last one, and returns its time.
func (c *blockContent) addLine(b []byte, last int64) int64 {
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

// blockStart is the time at which block i begins.
func (f *file) blockStart(i int) int64 {
	if i == 0 {
		return 0
	}
	if f.blockStarts[i] < 0 {
		c, err := f.readLines(i, 1)
		if err != nil || len(c.lines) == 0 {
			f.blockStarts[i], f.damaged = f.end, true
			return f.end
		}
		f.blockStarts[i] = c.lines[0].T
	}
	return f.blockStarts[i]
}

// findBlock returns the last block that begins at t or before.
func (f *file) findBlock(t int64) int {
	n := sort.Search(len(f.blocks)-1, func(i int) bool { return f.blockStart(i+1) > t })
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
