package demo

import (
	"context"
	"strconv"
)

// Writer carries commands to a Redis. redisdb.Client and the embedded server
// implement it.
//
// Each command is its name and arguments as strings and byte slices. The
// commands go out in order and in one round trip; they are valid only during
// the call. An error says that at least one of them failed.
type Writer interface {
	Pipeline(ctx context.Context, cmds [][]any) error
}

// batch collects the commands of one step in memory that is used again.
type batch struct {
	cmds [][]any
	args []any
	buf  []byte
}

func (b *batch) reset() { b.cmds, b.args, b.buf = b.cmds[:0], b.args[:0], b.buf[:0] }

// addCommand appends a command.
func (b *batch) addCommand(args ...any) {
	n := len(b.args)
	b.args = append(b.args, args...)
	b.cmds = append(b.cmds, b.args[n:len(b.args):len(b.args)])
}

// buildArgument builds one argument in the shared buffer.
func (b *batch) buildArgument(build func([]byte) []byte) []byte {
	n := len(b.buf)
	b.buf = build(b.buf)
	return b.buf[n:len(b.buf):len(b.buf)]
}

func appendInt(b []byte, i int64) []byte { return strconv.AppendInt(b, i, 10) }

// appendFixed writes v·10^-digits with exactly that many decimals.
func appendFixed(b []byte, v int64, digits int) []byte {
	if digits == 0 {
		return appendInt(b, v)
	}
	if v < 0 {
		b, v = append(b, '-'), -v
	}
	start := len(b)
	b = appendInt(b, v)
	for len(b)-start <= digits { // 0.05 needs its zeros
		b = append(b, 0)
		copy(b[start+1:], b[start:])
		b[start] = '0'
	}
	dot := len(b) - digits
	b = append(b, 0)
	copy(b[dot+1:], b[dot:])
	b[dot] = '.'
	return b
}

// formatFixed is appendFixed as a string.
func formatFixed(v int64, digits int) string { return string(appendFixed(nil, v, digits)) }

// formatGrouped is fixed with thousands separators, for text that people read.
func formatGrouped(v int64, digits int) string {
	s := formatFixed(v, digits)
	from := 0
	if s[0] == '-' {
		from = 1
	}
	end := len(s)
	if digits > 0 {
		end -= digits + 1
	}
	for i := end - 3; i > from; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
