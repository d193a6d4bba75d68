package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// blockSpan is where one zstd frame of the recording lies in the file.
type blockSpan struct {
	off, end int64
	whole    bool // its last block is there
}

const (
	maxBlocks     = 1 << 20
	blockHeadSize = 18 // most that a block's header takes
	zstdMagic     = 0xfd2fb528
)

var errNotZstd = errors.New("not a zstd frame")

// findBlocks finds the blocks of a file, zstd frames, without decompressing them, by
// walking from zstd block to zstd block (RFC 8878, section 3.1). What is behind the last block that
// can be read is left out; damaged says that there is such a thing.
func findBlocks(r io.ReaderAt, size int64) (spans []blockSpan, damaged bool) {
	for off := int64(0); off < size; {
		s, data, err := measureBlock(r, off, size)
		if err != nil {
			return spans, true
		}
		if data {
			spans = append(spans, s)
		}
		if !s.whole || len(spans) == maxBlocks {
			return spans, s.end < size || !s.whole
		}
		off = s.end
	}
	return spans, false
}

// measureBlock measures the block at off. data is false for one to be skipped.
func measureBlock(r io.ReaderAt, off, size int64) (s blockSpan, data bool, err error) {
	var buf [blockHeadSize]byte
	n, err := r.ReadAt(buf[:], off)
	if n < 5 || err != nil && !errors.Is(err, io.EOF) {
		return s, false, errNotZstd
	}
	var head zstd.Header
	if err := head.Decode(buf[:n]); err != nil {
		return s, false, errNotZstd
	}
	s = blockSpan{off: off, end: off + int64(head.HeaderSize)}
	if head.Skippable {
		s.end += int64(head.SkippableSize)
		s.whole = s.end <= size
		s.end = min(s.end, size)
		return s, false, nil
	}
	for {
		var block [4]byte
		if s.end+3 > size {
			s.end = size
			return s, true, nil
		}
		if _, err := r.ReadAt(block[:3], s.end); err != nil {
			return s, false, fmt.Errorf("read block: %w", err)
		}
		b := binary.LittleEndian.Uint32(block[:])
		length := int64(b >> 3)
		if b>>1&3 == 1 { // run length: one byte, however long it gets
			length = 1
		}
		s.end += 3 + length
		if b&1 == 1 {
			break
		}
	}
	if head.HasCheckSum {
		s.end += 4
	}
	s.whole = s.end <= size
	s.end = min(s.end, size)
	return s, true, nil
}
