package decode

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"

	"ticktop/datasource"
)

// The decoders of the configuration's decode:, which force what is otherwise
// told by the first bytes.
const (
	formGzip    = "gzip"
	formZlib    = "zlib"
	formZstd    = "zstd"
	formMsgpack = "msgpack"
	formPickle  = "pickle"
	formBase64  = "base64"
	formUTF16   = "utf-16"
	formText    = "text"
)

// Decoders returns the names that decode: takes.
func Decoders() []string {
	return []string{formGzip, formZlib, formZstd, formMsgpack, formPickle, formBase64, formUTF16, formText}
}

// maxLayers is how many layers are unpacked: base64 of zlib of a pickle is three.
const maxLayers = 4

// maxUnpacked bounds what a compressed payload may grow to.
const maxUnpacked = 4 * datasource.MaxValueBytes

// binaryError is an error about bytes that are no text: it says what they seem
// to be.
type binaryError struct {
	guess string // "Python pickle with a class? decimal.Foo"
	hint  string
}

func (e *binaryError) Error() string { return "binary (" + e.guess + ")" }

// The remedies for what can't be read.
const (
	hintPickle = "let the producer write JSON (django-redis: SERIALIZER JSONSerializer), or leave the key out"
	hintBytes  = "set decode: if the format is known, let the producer write JSON, or leave the key out"
)

// unpacked is what came out of a payload that is no plain text: either a value
// or text that is to be read as any other.
type unpacked struct {
	value datasource.Value
	text  []byte
	done  bool // value holds it
}

// seemsPlain is the cheap look that nearly every payload passes: it begins like
// JSON, a number or a word, not like any of the binary forms.
func seemsPlain(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	switch c := b[0]; {
	case c == '{' || c == '[' || c == '"' || c >= '0' && c <= '9' || c == '-':
		// UTF-16 without a mark has a zero as its second byte or in front.
		return len(b) < 2 || b[1] != 0
	case c == '(' || c == 'x' || c == 'H' || c == 'e' || c == 'g' || c == 'K' || c == 'c' || c < ' ' || c >= 0x7f:
		return false
	}
	return (len(b) < 2 || b[1] != 0) && b[len(b)-1] != '.' // an old pickle ends so
}

// unpack reads a payload that may be binary, by its first bytes. ok is false
// when it is text, as it is. An error says that it is binary and can't be read.
func unpack(b []byte) (out unpacked, ok bool, err error) {
	if seemsPlain(b) && !isBinary(b) {
		return unpacked{}, false, nil
	}
	for layer := 0; ; layer++ {
		form := formOf(b, layer)
		if form == "" {
			if isBinary(b) {
				return unpacked{}, false, &binaryError{guess: guessOf(b), hint: hintBytes}
			}
			return unpacked{text: b}, layer > 0, nil
		}
		if layer == maxLayers {
			return unpacked{}, false, fmt.Errorf("packed more than %d times", maxLayers)
		}
		next, err := unpackOne(form, b)
		var limit *limitError
		switch {
		case errors.As(err, &limit):
			return unpacked{}, false, err
		case err != nil && !isBinary(b) && form != formPickle:
			return unpacked{text: b}, layer > 0, nil // it only looked like it
		case err != nil:
			return unpacked{}, false, err
		case next.done:
			return next, true, nil
		}
		b = next.text
	}
}

// unpackAs reads a payload by the decoders of the configuration, in their order.
func unpackAs(forms []string, b []byte) (unpacked, error) {
	for _, form := range forms {
		if form == formText {
			return unpacked{value: datasource.Value{Type: datasource.TypeText, Text: datasource.CleanBytes(b, datasource.MaxCell)}, done: true}, nil
		}
		next, err := unpackOne(form, b)
		if err != nil || next.done {
			return next, err
		}
		b = next.text
	}
	return unpacked{text: b}, nil
}

func unpackOne(form string, b []byte) (unpacked, error) {
	switch form {
	case formGzip, formZlib, formZstd:
		text, err := decompress(form, b)
		return unpacked{text: text}, err
	case formBase64:
		text, ok := fromBase64(b)
		if !ok {
			return unpacked{}, &binaryError{guess: "not base64", hint: hintBytes}
		}
		return unpacked{text: text}, nil
	case formUTF16:
		text, ok := fromUTF16(b)
		if !ok {
			return unpacked{}, &binaryError{guess: "not UTF-16", hint: hintBytes}
		}
		return unpacked{text: text}, nil
	case formMsgpack:
		v, err := fromMsgpack(b)
		return unpacked{value: v, done: true}, err
	case formPickle:
		v, err := fromPickle(b)
		return unpacked{value: v, done: true}, err
	}
	return unpacked{}, fmt.Errorf("unknown decoder %q (one of %s)", form, strings.Join(Decoders(), ", "))
}

// formOf tells by the first bytes what a payload is packed in, "" for nothing
// known. Base64 only counts where what is inside has such bytes itself, and
// msgpack only as a whole map or array.
func formOf(b []byte, layer int) string {
	switch {
	case len(b) < 2:
	case b[0] == 0x1f && b[1] == 0x8b:
		return formGzip
	case bytes.HasPrefix(b, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return formZstd
	case b[0] == 0x78 && (b[1] == 0x01 || b[1] == 0x5e || b[1] == 0x9c || b[1] == 0xda):
		return formZlib
	case isPickle(b), isOldPickle(b):
		return formPickle
	case isUTF16(b):
		return formUTF16
	case isMsgpack(b):
		return formMsgpack
	case mayBeBase64(b):
		if inside, ok := fromBase64(b); ok && layer < maxLayers {
			if form := formOf(inside, layer+1); form != "" && form != formBase64 && form != formMsgpack {
				return formBase64
			}
		}
	}
	return ""
}

// isBinary reports whether bytes are no text in UTF-8 nor nearly so: text with
// a few wrong bytes (Latin-1) is shown as text.
func isBinary(b []byte) bool {
	if bytes.IndexByte(b, 0) >= 0 {
		return true
	}
	if utf8.Valid(b) {
		return false
	}
	bad := 0
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 || r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			bad++
		}
		rest = rest[n:]
	}
	return bad >= 2 && bad*8 > len(b) && !isContainer(trim(b))
}

// guessOf says what unreadable bytes may be.
func guessOf(b []byte) string {
	switch {
	case len(b) > 0 && b[0] >= 0x80 && b[0] <= 0x9f, len(b) > 0 && (b[0] == 0xdc || b[0] == 0xde):
		return "msgpack that is not whole, or protobuf?"
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")), bytes.HasPrefix(b, []byte("\x89PNG")):
		return "a picture?"
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return "a zip archive?"
	case bytes.HasPrefix(b, []byte("\xac\xed")):
		return "a serialized Java object?"
	case bytes.HasPrefix(b, []byte("PAR1")), bytes.HasPrefix(b, []byte("ARROW1")):
		return "Arrow or Parquet?"
	case len(b) == 8:
		return "a float or an integer of 8 bytes?"
	case len(b) > 1 && b[0]&7 <= 5 && b[0]>>3 >= 1 && b[0]>>3 < 16:
		return "protobuf?"
	}
	return "no known format"
}

// decompress unpacks within maxUnpacked.
func decompress(form string, b []byte) ([]byte, error) {
	var r io.Reader
	var err error
	switch form {
	case formGzip:
		r, err = gzip.NewReader(bytes.NewReader(b))
	case formZlib:
		r, err = zlib.NewReader(bytes.NewReader(b))
	case formZstd:
		var d *zstd.Decoder
		d, err = zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(8<<20), zstd.WithDecoderMaxWindow(8<<20))
		if err == nil {
			defer d.Close()
			r = d
		}
	}
	if err != nil {
		return nil, &binaryError{guess: form + " that is damaged", hint: hintBytes}
	}
	out, err := io.ReadAll(io.LimitReader(r, maxUnpacked+1))
	switch {
	case len(out) > maxUnpacked:
		return nil, tooBig("unpacks to over %s", size(maxUnpacked))
	case err != nil:
		return nil, &binaryError{guess: form + " that is damaged", hint: hintBytes}
	}
	return out, nil
}

// base64Starts are how the forms with magic bytes begin in base64: gzip, zlib,
// zstd, pickles, UTF-16.
var base64Starts = [...]string{"H4sI", "eJ", "eN", "eA", "eF", "KLUv", "gAI", "gAJ", "gAK", "gAL", "gAM", "gAN", "gAQ", "gAR", "gAS", "gAT", "gAU", "gAV", "gAW", "//4", "/v8", "//57", "/v8A"}

func mayBeBase64(b []byte) bool {
	return len(b) >= 12 && slices.ContainsFunc(base64Starts[:], func(s string) bool { return bytes.HasPrefix(b, []byte(s)) })
}

func fromBase64(b []byte) ([]byte, bool) {
	b = bytes.TrimRight(trim(b), "=")
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(b, "-_") {
		encoding = base64.RawURLEncoding
	}
	out := make([]byte, encoding.DecodedLen(len(b)))
	n, err := encoding.Decode(out, b)
	return out[:n], err == nil && n > 0
}

// isUTF16 reports whether b is UTF-16: by its mark, or where every second byte
// of what begins like JSON or a number is zero.
func isUTF16(b []byte) bool {
	if len(b) < 4 || len(b)%2 != 0 {
		return false
	}
	if b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff {
		return true
	}
	starts := func(c byte) bool { return strings.IndexByte(`{["0123456789-`, c) >= 0 }
	little, big := starts(b[0]) && b[1] == 0, b[0] == 0 && starts(b[1])
	if !little && !big {
		return false
	}
	zeros := bytes.Count(b, []byte{0})
	return zeros*3 >= len(b)
}

func fromUTF16(b []byte) ([]byte, bool) {
	if len(b) < 2 || len(b)%2 != 0 {
		return nil, false
	}
	big := b[0] == 0xfe && b[1] == 0xff || b[0] == 0 && b[1] != 0
	units := make([]uint16, len(b)/2)
	for i := range units {
		lo, hi := b[2*i], b[2*i+1]
		if big {
			lo, hi = hi, lo
		}
		units[i] = uint16(hi)<<8 | uint16(lo)
	}
	if units[0] == 0xfeff {
		units = units[1:]
	}
	return []byte(string(utf16.Decode(units))), true
}
