package decode

import (
	"strconv"
	"strings"
)

// The pickles of protocols 0 and 1 have no head: the first is nearly text, the
// second is distinguished from text by its control bytes alone. They are recognized by
// following every opcode to the stop at their end.

// isOldPickle reports whether b is a pickle of protocol 0 or 1.
func isOldPickle(b []byte) bool {
	if len(b) < 2 || b[len(b)-1] != '.' || strings.IndexByte("(])}cVSUTXIFLKMJGN", b[0]) < 0 {
		return false
	}
	if string(b) == "N." { // None
		return true
	}
	if !hasControl(b) {
		return false
	}
	var s pickleStack
	for i := 0; i < len(b); {
		op := b[i]
		if op == '.' {
			return i == len(b)-1 && len(s) == 1 && !s[0]
		}
		_, size, ok := pickleArgument(op, b[i+1:])
		if !ok || !saysArgument(op, b[i+1:i+1+size]) || !s.step(op) {
			return false
		}
		i += 1 + size
	}
	return false
}

func hasControl(b []byte) bool {
	for _, c := range b {
		if c < ' ' {
			return true
		}
	}
	return false
}

// saysArgument reports whether the argument of an opcode that is written as text
// is one.
func saysArgument(op byte, arg []byte) bool {
	text := strings.TrimSuffix(string(arg), "\n")
	switch op {
	case 'I', 'L', 'g', 'p':
		_, err := strconv.ParseInt(strings.TrimSuffix(text, "L"), 10, 64)
		return err == nil || op == 'L' && len(text) > 18
	case 'F':
		_, err := strconv.ParseFloat(text, 64)
		return err == nil
	case 'S':
		return len(text) >= 2 && (text[0] == '\'' || text[0] == '"') && text[len(text)-1] == text[0]
	case 'c', 'i':
		return !strings.ContainsAny(text, " \t")
	}
	return true
}

// pickleStack is the stack of a pickle's machine: of each entry whether it is a
// mark.
type pickleStack []bool

// maxPickleStack bounds the stack; a value is never so deep.
const maxPickleStack = 1 << 20

// step does what an opcode does to the stack; false for an unknown opcode or one that cannot
// be done.
func (s *pickleStack) step(op byte) bool {
	switch op {
	case '(':
		return s.push(true)
	case ']', ')', '}', 'c', 'V', 'S', 'U', 'T', 'X', 'I', 'F', 'L', 'K', 'M', 'J', 'G', 'N', 'h', 'j', 'g':
		return s.push(false)
	case 't', 'l', 'd', 'o', 'i':
		return s.popMark() && s.push(false)
	case 'e', 'u':
		return s.popMark() && s.top()
	case 'a', 'b':
		return s.pop(1) && s.top()
	case 's':
		return s.pop(2) && s.top()
	case 'R':
		return s.pop(2) && s.push(false)
	case 'p', 'q', 'r':
		return s.top()
	case '0':
		return s.pop(1)
	}
	return false
}

func (s *pickleStack) push(mark bool) bool {
	*s = append(*s, mark)
	return len(*s) < maxPickleStack
}

// top reports whether the uppermost entry is a value.
func (s *pickleStack) top() bool { return len(*s) > 0 && !(*s)[len(*s)-1] }

func (s *pickleStack) pop(n int) bool {
	for range n {
		if !s.top() {
			return false
		}
		*s = (*s)[:len(*s)-1]
	}
	return true
}

// popMark takes everything down to the last mark away, and that too.
func (s *pickleStack) popMark() bool {
	for i := len(*s) - 1; i >= 0; i-- {
		if (*s)[i] {
			*s = (*s)[:i]
			return true
		}
	}
	return false
}
