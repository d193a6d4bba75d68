package decode

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// sharesList reports whether a pickle uses one list in several places: the
// library forgets what is in it then. It follows the opcodes without doing
// anything; what it can't follow is left to the library.
func sharesList(b []byte) bool {
	lists, previous := map[uint64]bool{}, byte(0)
	memoized := uint64(0)
	for i := 0; i < len(b); {
		op := b[i]
		arg, size, ok := pickleArgument(op, b[i+1:])
		if !ok {
			return false
		}
		isList := previous == ']' || previous == 'l'
		switch op {
		case 0x94: // MEMOIZE
			lists[memoized] = isList
			memoized++
		case 'q', 'r', 'p': // BINPUT, LONG_BINPUT, PUT
			lists[arg] = isList
			memoized++
		case 'h', 'j', 'g': // BINGET, LONG_BINGET, GET
			if lists[arg] {
				return true
			}
		}
		previous = op
		i += 1 + size
	}
	return false
}

// pickleArgument returns the argument of an opcode, where it is a number, and
// its size.
func pickleArgument(op byte, rest []byte) (arg uint64, size int, ok bool) {
	fixed := func(n int) (uint64, int, bool) {
		if len(rest) < n {
			return 0, 0, false
		}
		var buf [8]byte
		copy(buf[:], rest[:n])
		return binary.LittleEndian.Uint64(buf[:]), n, true
	}
	counted := func(n int) (uint64, int, bool) {
		length, _, ok := fixed(n)
		if !ok || length > uint64(len(rest)-n) {
			return 0, 0, false
		}
		return 0, n + int(length), true
	}
	lines := func(n int) (uint64, int, bool) {
		size, first := 0, rest
		for k := range n {
			end := bytes.IndexByte(rest[size:], '\n')
			if end < 0 {
				return 0, 0, false
			}
			if k == 0 {
				first = rest[:end]
			}
			size += end + 1
		}
		arg, _ := strconv.ParseUint(string(first), 10, 64)
		return arg, size, true
	}
	switch op {
	case 'K', 'h', 'q', 0x80, 0x82:
		return fixed(1)
	case 'M', 0x83:
		return fixed(2)
	case 'J', 'j', 'r', 0x84:
		return fixed(4)
	case 'G', 0x95:
		return fixed(8)
	case 'U', 'C', 0x8a, 0x8c:
		return counted(1)
	case 'T', 'X', 'B', 0x8b:
		return counted(4)
	case 0x8d, 0x8e, 0x96:
		return counted(8)
	case 'F', 'I', 'L', 'S', 'V', 'P', 'g', 'p':
		return lines(1)
	case 'c', 'i':
		return lines(2)
	}
	return 0, 0, true
}
