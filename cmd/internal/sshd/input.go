package sshd

import (
	"context"
	"io"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What a trader's keyboard may send. The library behind collects a paste, and
// any sequence that does not end, for as long as it lasts: without a bound, one
// client is all of the memory.
const (
	maxPaste    = 4 << 10 // of one bracketed paste; a filter is all that takes one
	maxString   = 4 << 10 // of one OSC, DCS, APC, PM or SOS: a terminal's answer
	maxSequence = 64      // of one CSI
	typedRate   = 2 << 10 // bytes a second; what is dropped does not count
	typedBurst  = 16 << 10
)

// pasteEnd is what ends a bracketed paste.
const pasteEnd = "\x1b[201~"

// keyboard is what a trader types, bounded, and when that was last.
type keyboard struct {
	ctx  context.Context
	r    io.Reader
	pace *rate.Limiter
	cut  inputLimiter

	mu   sync.Mutex
	last time.Time // with its monotonic reading: the wall clock may be set
}

func newKeyboard(ctx context.Context, r io.Reader) *keyboard {
	return &keyboard{ctx: ctx, r: r, pace: rate.NewLimiter(typedRate, typedBurst), last: time.Now()}
}

// idleFor returns for how long nothing has been typed.
func (k *keyboard) idleFor(now time.Time) time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	return now.Sub(k.last)
}

// Read implements io.Reader. It is called on a goroutine of the library's, so a
// panic is an error.
func (k *keyboard) Read(b []byte) (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			n, err = 0, asCrash(r)
		}
	}()
	b = b[:min(len(b), typedBurst)]
	for {
		n, err := k.r.Read(b)
		if n > 0 {
			k.mu.Lock()
			k.last = time.Now()
			k.mu.Unlock()
		}
		kept := k.cut.filter(b[:n])
		if kept > 0 && err == nil {
			err = k.pace.WaitN(k.ctx, kept)
		}
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}

// inputLimiter shortens what is longer than any terminal's own input: the rest of an
// overlong paste or sequence is dropped, its end is kept. What is shorter
// passes unchanged, but for bytes that belong to no character.
type inputLimiter struct {
	state  func(*inputLimiter, byte) bool // reports whether the byte is kept; nil: ground
	n      int                            // bytes of this sequence
	more   int                            // continuation bytes still to come of a character
	match  int                            // bytes of pasteEnd seen in a row
	params [4]byte                        // the beginning of a CSI
}

// filter works in place and returns how much is left.
func (l *inputLimiter) filter(b []byte) int {
	out := 0
	for _, c := range b {
		if l.state == nil {
			l.state = (*inputLimiter).ground
		}
		if l.state(l, c) {
			b[out] = c
			out++
		}
	}
	return out
}

func (l *inputLimiter) enter(state func(*inputLimiter, byte) bool) {
	l.state, l.n, l.match, l.more = state, 0, 0, 0
}

func (l *inputLimiter) ground(c byte) bool {
	switch {
	case c == 0x1b:
		l.enter((*inputLimiter).escape)
	case c < 0x80:
		l.more = 0
	case c >= 0xc2 && c < 0xe0:
		l.more = 1
	case c >= 0xe0 && c < 0xf0:
		l.more = 2
	case c >= 0xf0 && c < 0xf5:
		l.more = 3
	case c < 0xc0 && l.more > 0:
		l.more--
	default: // a lone byte: some would begin a sequence, as C1
		return false
	}
	return true
}

func (l *inputLimiter) escape(c byte) bool {
	switch c {
	case '[':
		l.enter((*inputLimiter).csi)
	case ']', 'P', '_', '^', 'X':
		l.enter((*inputLimiter).text)
	case 0x1b:
	default:
		l.enter((*inputLimiter).ground)
		return c < 0x80 || l.ground(c)
	}
	return true
}

func (l *inputLimiter) csi(c byte) bool {
	if l.n < len(l.params) {
		l.params[l.n] = c
	}
	l.n++
	switch {
	case c == 0x1b:
		l.enter((*inputLimiter).escape)
	case c == '~' && l.n == 4 && string(l.params[:3]) == "200":
		l.enter((*inputLimiter).paste)
	case c >= 0x40 && c <= 0x7e, c >= 0x80:
		l.enter((*inputLimiter).ground)
		return c < 0x80
	default:
		return l.n <= maxSequence
	}
	return true
}

// text is inside of OSC and its kin, which end with BEL or ESC \.
func (l *inputLimiter) text(c byte) bool {
	l.n++
	switch c {
	case 0x07, 0x18, 0x1a:
		l.enter((*inputLimiter).ground)
		return true
	case 0x1b: // ends it, whatever follows
		l.enter((*inputLimiter).escape)
		return true
	}
	return l.n <= maxString
}

// paste is between ESC [200~ and ESC [201~. Only its end is kept once it is too
// long; an ESC that begins no end is dropped then, too.
func (l *inputLimiter) paste(c byte) bool {
	l.n++
	if c == pasteEnd[l.match] {
		l.match++
	} else {
		l.match = 0
		if c == pasteEnd[0] {
			l.match = 1
		}
	}
	if l.match == len(pasteEnd) {
		l.enter((*inputLimiter).ground)
		return true
	}
	return l.match > 0 || l.n <= maxPaste
}
